"""Downloading files by their location, whatever they belong to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast, overload

from telethon import helpers, utils
from telethon.client import _photosizes
from telethon.client._sink import Sink
from telethon.client.messages import MessageMethods
from telethon.tl import types

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import TypeAlias

    from telethon import hints
    from telethon.client._iterators.downloads import DownloadIter

    Refresh: TypeAlias = Callable[[Any], Awaitable[bytes | None]]

__all__ = ["MAX_CHUNK_SIZE", "MIN_CHUNK_SIZE", "FileDownloadMethods"]

MIN_CHUNK_SIZE: Final = 4096
"""Parts start at a multiple of this, and have a multiple of it."""
MAX_CHUNK_SIZE: Final = 512 * 1024
"""The most one request may ask for."""
_MEGABYTE = 1024 * 1024
_UNKNOWN_SIZE_PART_KB = 64
_UNTIL_END = float("inf")
_CDN_PATIENCE = 60.0
"""Seconds a CDN has for an answer, before the data centre of the file is asked instead."""


class FileDownloadMethods(MessageMethods):
    """The methods that get the bytes of a file; `DownloadMethods` has them too, and knows what media is made of."""

    @overload
    async def download_file(
        self,
        input_location: Any,
        file: type[bytes] | None = None,
        *,
        part_size_kb: float | None = None,
        file_size: int | None = None,
        progress_callback: hints.ProgressCallback | None = None,
        dc_id: int | None = None,
        key: bytes | None = None,
        iv: bytes | None = None,
    ) -> bytes: ...

    @overload
    async def download_file(
        self,
        input_location: Any,
        file: hints.OutFileLike,
        *,
        part_size_kb: float | None = None,
        file_size: int | None = None,
        progress_callback: hints.ProgressCallback | None = None,
        dc_id: int | None = None,
        key: bytes | None = None,
        iv: bytes | None = None,
    ) -> bytes | None: ...

    async def download_file(
        self,
        input_location: Any,
        file: hints.OutFileLike | None = None,
        *,
        part_size_kb: float | None = None,
        file_size: int | None = None,
        progress_callback: hints.ProgressCallback | None = None,
        dc_id: int | None = None,
        key: bytes | None = None,
        iv: bytes | None = None,
    ) -> bytes | None:
        """Download a file by its location; `download_media` is the easier way for messages.

        Args:
            input_location: an input file location, or a photo or document.
            file: where to save it: a path or a stream open for writing bytes. Without it, or with ``bytes``, the
                bytes are given.
            part_size_kb: kibibytes in each part, a multiple of 4; chosen by size when left out.
            file_size: how many bytes the file has, if known.
            progress_callback: called with the bytes there and the bytes to come, after each part; may be a coroutine
                function.
            dc_id: the data centre the file is in, if known.
            key: decrypts the parts with this key, for secret chats.
            iv: the initialisation vector that goes with *key*.

        Returns:
            the bytes, or `None` when they went to *file*.

        Raises:
            ValueError: when the part size is not possible.

        Example:
            >>> data = await client.download_file(message.document, bytes)

        Network: ``upload.getFile`` for each part, a few at once.

        Source: https://core.telegram.org/method/upload.getFile
        """
        return await self._download_file(
            input_location,
            file,
            part_size_kb=part_size_kb,
            file_size=file_size,
            progress_callback=progress_callback,
            dc_id=dc_id,
            key=key,
            iv=iv,
        )

    async def _download_file(
        self,
        input_location: Any,
        file: Any = None,
        *,
        part_size_kb: float | None = None,
        file_size: int | None = None,
        progress_callback: hints.ProgressCallback | None = None,
        dc_id: int | None = None,
        key: bytes | None = None,
        iv: bytes | None = None,
        msg_data: tuple[Any, int] | Refresh | None = None,
        cdn_redirect: types.upload.FileCdnRedirect | None = None,
    ) -> bytes | None:
        if not part_size_kb:
            part_size_kb = utils.get_appropriated_part_size(file_size) if file_size else _UNKNOWN_SIZE_PART_KB
        part_size = int(part_size_kb * 1024)
        if part_size <= 0 or part_size % MIN_CHUNK_SIZE != 0:
            raise ValueError("The part size must be evenly divisible by 4096.")

        async with Sink(file) as sink:
            parts = self._iter_download(
                input_location,
                request_size=part_size,
                # The size may be wrong, so it only says how far to read ahead, and a short part where the end is.
                limit=_UNTIL_END,
                file_size=file_size,
                dc_id=dc_id,
                msg_data=msg_data,
                cdn_redirect=cdn_redirect,
            )
            async with parts:
                async for part in parts:
                    if key and iv:
                        part = _decrypt(part, key, iv)
                    await sink.write(part)
                    if progress_callback:
                        await helpers._maybe_await(progress_callback(sink.written, cast("int", file_size)))
        return sink.value

    def iter_download(
        self,
        file: hints.FileLike,
        *,
        offset: int = 0,
        stride: int | None = None,
        limit: int | None = None,
        chunk_size: int | None = None,
        request_size: int = MAX_CHUNK_SIZE,
        file_size: int | None = None,
        dc_id: int | None = None,
    ) -> DownloadIter:
        """The bytes of a file, chunk by chunk.

        Args:
            file: a message or media, a photo or document, or an input file location.
            offset: the first byte.
            stride: bytes from the start of one chunk to that of the next; as many as a chunk has when left out.
            limit: how many chunks at most; `None` for all.
            chunk_size: bytes in each chunk; as many as a request asks for when left out.
            request_size: bytes each request asks for, at most 524288.
            file_size: how many bytes the file has, if known.
            dc_id: the data centre the file is in, if known.

        Returns:
            an asynchronous iterator of bytes. When it is left before its end, call ``close()``, or use it as
            ``async with``.

        Raises:
            ValueError: when *stride* is less than *chunk_size*.

        Example:
            >>> async for chunk in client.iter_download(message.media):
            ...     await response.write(chunk)
            >>> stream = client.iter_download(message.media, request_size=32)
            >>> header = await stream.__anext__()
            >>> await stream.close()

        Network: ``upload.getFile`` for each request, a few at once when the size is known.

        Source: https://core.telegram.org/method/upload.getFile
        """
        origin: tuple[Any, int] | None = None
        if isinstance(file, types.Message):
            input_chat: Any = getattr(file, "input_chat", None)
            message: Any = file
            origin = (input_chat, message.id) if input_chat else None
        return self._iter_download(
            file,
            offset=offset,
            stride=stride,
            limit=limit,
            chunk_size=chunk_size,
            request_size=request_size,
            file_size=file_size,
            dc_id=dc_id,
            msg_data=origin,
        )

    def _iter_download(
        self,
        file: Any,
        *,
        offset: int = 0,
        stride: int | None = None,
        limit: float | None = None,
        chunk_size: int | None = None,
        request_size: int = MAX_CHUNK_SIZE,
        file_size: int | None = None,
        dc_id: int | None = None,
        msg_data: tuple[Any, int] | Refresh | None = None,
        cdn_redirect: types.upload.FileCdnRedirect | None = None,
    ) -> DownloadIter:
        from telethon.client._iterators.downloads import DirectDownloadIter, GenericDownloadIter

        info = utils._get_file_info(file)
        if info.dc_id is not None:
            dc_id = info.dc_id
        if file_size is None:
            file_size = info.size
        # What file ids of the Bot API stand for has no size.
        file_size = file_size or None
        if chunk_size is None:
            chunk_size = request_size
        if limit is None and file_size is not None:
            limit = -(-file_size // chunk_size)
        if stride is None:
            stride = chunk_size
        elif stride < chunk_size:
            raise ValueError("stride must be >= chunk_size")

        part = _valid_limit(request_size)
        is_direct = chunk_size == part and offset % part == 0 and stride % part == 0
        cls = DirectDownloadIter if is_direct else GenericDownloadIter
        return cls(
            self,
            limit,
            file=info.location,
            dc_id=dc_id,
            offset=offset,
            stride=stride,
            chunk_size=chunk_size,
            request_size=part,
            file_size=file_size,
            msg_data=msg_data,
            cdn_redirect=cdn_redirect,
        )

    def _reference_refresher(self, msg_data: tuple[Any, int] | Refresh | None) -> Refresh | None:
        """What finds a new file reference where the file came from; `None` when nobody knows where that was."""
        if msg_data is None or callable(msg_data):
            return msg_data
        chat, message_id = msg_data

        async def refresh(location: Any) -> bytes | None:
            message: Any = await self.get_messages(chat, ids=message_id)
            return _photosizes.file_reference_in(message, location.id)

        return refresh

    async def _borrow_cdn_sender(self, dc_id: int) -> Any:
        """A connection to a CDN, with a key of its own and nothing of the account; see `_return_exported_sender`."""
        pool: Any = self._pool
        return await pool.borrow_cdn(dc_id)

    async def _call_cdn(self, sender: Any, request: Any) -> Any:
        """What a CDN answers to a request. It cannot move the client, let it wait, or tell it about users.

        Raises:
            asyncio.TimeoutError: it did not answer in time.
        """
        import asyncio

        # A CDN may forget key and session at any moment, so each request says by itself what layer it speaks.
        return await asyncio.wait_for(sender.send(sender.introduce(request)), _CDN_PATIENCE)


def _valid_limit(request_size: int) -> int:
    """The biggest size up to *request_size* that servers take: one that divides a megabyte."""
    limit = MIN_CHUNK_SIZE
    while limit * 2 <= min(request_size, MAX_CHUNK_SIZE) and _MEGABYTE % (limit * 2) == 0:
        limit *= 2
    return limit


def _decrypt(part: bytes, key: bytes, iv: bytes) -> bytes:
    from telethon.crypto import AES

    return AES.decrypt_ige(part, key, iv)
