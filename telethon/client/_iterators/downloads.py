"""Walking through the bytes of a file on the servers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from telethon import helpers
from telethon.client._filereader import TIMED_OUT_SLEEP as TIMED_OUT_SLEEP
from telethon.client._filereader import FileReader
from telethon.client._transfer import WINDOW, InOrder
from telethon.requestiter import RequestIter
from telethon.tl import functions

if TYPE_CHECKING:
    from types import TracebackType

    from telethon.client.downloads import DownloadMethods
    from telethon.tl import types


class DownloadIter(RequestIter[bytes]):
    """What both ways of walking share: the reader, and parts read ahead.

    Reading ahead begins with one part and doubles, so that a caller who only looks at the start of a file costs
    little. It needs the size of the file, since there is nothing to read after the end.
    """

    client: DownloadMethods

    async def _init(  # type: ignore[override]
        self,
        file: types.TypeInputFileLocation,
        dc_id: int | None,
        offset: int,
        stride: int,
        chunk_size: int,
        request_size: int,
        file_size: int | None,
        msg_data: Any,
        cdn_redirect: types.upload.FileCdnRedirect | None = None,
    ) -> bool | None:
        self.total = file_size
        self._offset: int = offset
        self._stride = stride
        self._chunk_size = chunk_size
        self._request_size = request_size
        self._reader = FileReader(self.client, file, dc_id, self.client._reference_refresher(msg_data), cdn_redirect)
        self._parts = InOrder[bytes](WINDOW)
        self._ahead = 1
        self._next_part = self._first_part()
        self._request_shown: functions.upload.GetFileRequest | None = None
        return None

    def _first_part(self) -> int:
        """Where the first part starts."""
        raise NotImplementedError

    def _part_after(self, offset: int) -> int:
        """Where the part after the one at *offset* starts."""
        raise NotImplementedError

    def _parts_wanted(self) -> float:
        """How many parts may be on the way at once at most."""
        raise NotImplementedError

    @property
    def request(self) -> functions.upload.GetFileRequest:
        """What is asked for next, as far as programs want to know it."""
        if self._request_shown is None:
            self._request_shown = functions.upload.GetFileRequest(
                self._reader.location, offset=self._next_part, limit=self._request_size
            )
        return self._request_shown

    async def _request(self) -> bytes:
        """The part that `request` asks for. Programs put functions of their own around it."""
        return await self._reader.read(self.request.offset, self.request.limit)

    async def _take_part(self) -> bytes:
        """The next part in order."""
        if type(self)._request is not _OWN_REQUEST or "_request" in vars(self):
            self.request.offset = self._next_part
            self._next_part = self._part_after(self._next_part)
            return await self._request()
        wanted = min(float(self._ahead), self._parts_wanted()) if self.total is not None else 1
        while not len(self._parts) or len(self._parts) < wanted:
            past_end = self.total is not None and self._next_part >= self.total
            if len(self._parts) and past_end:
                break
            self._parts.start(self._reader.read(self._next_part, self._request_size))
            self._next_part = self._part_after(self._next_part)
        self._ahead = min(self._ahead * 2, WINDOW)
        return await self._parts.take()

    __enter__ = helpers._sync_enter
    __exit__ = helpers._sync_exit

    async def __aenter__(self) -> DownloadIter:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Stop reading ahead and give back the connection; needed when the walk is left before its end."""
        if hasattr(self, "_reader"):
            try:
                await self._parts.close()
            finally:
                # Also for whoever is cancelled here: what is borrowed has to be given back.
                await self._reader.close()


_OWN_REQUEST: Any = DownloadIter.__dict__["_request"]


class DirectDownloadIter(DownloadIter):
    """Each part is one chunk."""

    def _first_part(self) -> int:
        self._position = self._offset
        return self._offset

    def _part_after(self, offset: int) -> int:
        return offset + self._stride

    def _parts_wanted(self) -> float:
        return self.left

    async def _load_next_chunk(self) -> bool | None:
        try:
            chunk = await self._take_part()
        except BaseException:
            await self.close()
            raise
        self._position += self._stride
        is_last = len(chunk) < self._request_size or self._position == self.total
        if chunk:
            self.buffer.append(chunk)
        if is_last or self.left <= 1:
            await self.close()
            return True
        return None


class GenericDownloadIter(DownloadIter):
    """Chunks are cut from parts, which servers only give where and as large as they like."""

    def _first_part(self) -> int:
        self._part = b""
        self._part_at = -1
        self._at_end = False
        return self._aligned(self._offset)

    def _part_after(self, offset: int) -> int:
        return offset + self._request_size

    def _parts_wanted(self) -> float:
        if self._stride != self._chunk_size:
            # Parts between two chunks may not be needed at all.
            return 1
        if self.left == float("inf"):
            return self.left
        # From the first part that is on the way to the end of the last chunk.
        first = self._next_part - len(self._parts) * self._request_size
        return max(1, -((first - self._offset - self.left * self._chunk_size) // self._request_size))

    def _aligned(self, offset: int) -> int:
        return offset - offset % self._request_size

    async def _load_next_chunk(self) -> bool | None:
        try:
            chunk = await self._read_chunk(self._offset)
        except BaseException:
            await self.close()
            raise
        self._offset += self._stride
        if chunk:
            self.buffer.append(chunk)
        if self._at_end and (len(chunk) < self._chunk_size or self._offset >= self._part_at + len(self._part)):
            await self.close()
            return True
        if self.left <= 1:
            await self.close()
            return True
        return None

    async def _read_chunk(self, start: int) -> bytes:
        end = start + self._chunk_size
        pieces: list[bytes] = []
        position = start
        while position < end:
            await self._move_to(self._aligned(position))
            piece = self._part[position - self._part_at : end - self._part_at]
            pieces.append(piece)
            position += len(piece)
            if self._at_end and position >= self._part_at + len(self._part):
                break
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    async def _move_to(self, part_at: int) -> None:
        """Have the part that starts at *part_at* at hand."""
        if self._part_at == part_at or (self._at_end and part_at > self._part_at):
            return
        if self._stride != self._chunk_size:
            self._next_part = part_at
        self._part = await self._take_part()
        self._part_at = part_at
        self._at_end = len(self._part) < self._request_size or part_at + len(self._part) == self.total
