"""Reading files from a CDN, which is trusted with encrypted bytes and nothing else.

The data centre of a file may say that its bytes are on a CDN. They are encrypted there with AES-256 in counter mode;
key and initialisation vector come from the data centre, and so do the SHA-256 hashes of consecutive windows of the
file. A window is given on only after its hash was checked.

A hash is that of a part of the file, so it is taken of the decrypted bytes. The page speaks of "the SHA-256 hash of a
part of the file that starts with offset and takes limit bytes", in the same `fileHash` that stands for files which no
CDN has, where nothing is encrypted.

Whatever a CDN does, be it silence, an error, an answer of another type or a byte that is not the file's, ends in
`CdnFailure` or `CdnFileTamperedError`: then the data centre of the file is asked again. Nothing a CDN says reaches the
rest of the client, neither the flood waits and moves it may ask for, nor users and chats in what it answers.

Source: https://core.telegram.org/cdn#verifying-files
"""

from __future__ import annotations

import asyncio
import hmac
from bisect import bisect_right
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final, Protocol

from telethon import errors
from telethon.tl import functions, types

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

_AES_BLOCK: Final = 16
_SMALLEST_LIMIT: Final = 4096
_MEGABYTE: Final = 1024 * 1024
_MAX_REUPLOADS: Final = 3
_KEPT_WINDOWS: Final = 4
_TOKEN_ERRORS: Final = ("FILE_TOKEN_INVALID", "REQUEST_TOKEN_INVALID")


class CdnClient(Protocol):
    """The part of a client that reading from a CDN needs."""

    async def _borrow_cdn_sender(self, dc_id: int) -> Any: ...

    async def _return_exported_sender(self, sender: Any) -> None: ...

    async def _call_cdn(self, sender: Any, request: Any) -> Any: ...


class CdnFailure(Exception):
    """The CDN does not give the file; the data centre of the file has to be asked again.

    Args:
        reason: why.
    """

    def __init__(self, reason: Exception) -> None:
        super().__init__(str(reason))
        self.reason = reason


class CdnFile:
    """One file on a CDN.

    Several reads may run at once.

    Args:
        client: gives the connection to the CDN.
        redirect: what the data centre of the file said.
        call_master: makes a request in the data centre of the file.
    """

    def __init__(
        self,
        client: CdnClient,
        redirect: types.upload.FileCdnRedirect,
        call_master: Callable[[Any], Awaitable[Any]],
    ) -> None:
        self._client = client
        self._dc_id = redirect.dc_id
        self._token = redirect.file_token
        self._key = redirect.encryption_key
        self._iv = redirect.encryption_iv
        self._call_master = call_master
        self._windows: dict[int, types.FileHash] = {}
        self._starts: list[int] = []
        self._learn(redirect.file_hashes)
        self._verified: dict[int, bytes] = {}
        self._sender: Any = None
        self._lock = asyncio.Lock()
        self._closed = False

    async def read(self, offset: int, limit: int) -> bytes:
        """The decrypted bytes from *offset* on, no more than *limit*; fewer only at the end of the file.

        Raises:
            CdnFileTamperedError: when bytes do not have the hash the data centre of the file told.
            CdnFailure: when the data centre of the file has to be asked again.
        """
        pieces: list[bytes] = []
        position, end = offset, offset + limit
        while position < end:
            window = await self._window_at(position)
            if window is None:
                break
            data = await self._content(window)
            piece = data[position - window.offset : end - window.offset]
            if not piece:
                break
            pieces.append(piece)
            position += len(piece)
        return b"".join(pieces)

    # -- hashes ------------------------------------------------------------------------------------------------------

    def _learn(self, hashes: list[types.FileHash]) -> None:
        for window in hashes:
            if window.limit > 0:
                self._windows[window.offset] = window
        self._starts = sorted(self._windows)

    def _known_at(self, position: int) -> types.FileHash | None:
        index = bisect_right(self._starts, position)
        if not index:
            return None
        window = self._windows[self._starts[index - 1]]
        return window if position < window.offset + window.limit else None

    async def _window_at(self, position: int) -> types.FileHash | None:
        """The window that holds *position*; `None` after the end of the file."""
        window = self._known_at(position)
        if window is None:
            self._learn(await self._ask_master(functions.upload.GetCdnFileHashesRequest(self._token, position)))
            window = self._known_at(position)
        return window

    # -- bytes -------------------------------------------------------------------------------------------------------

    async def _content(self, window: types.FileHash) -> bytes:
        """The bytes of a window, which are those of the file."""
        kept = self._verified.get(window.offset)
        if kept is not None:
            return kept
        encrypted = (await self._fetch(window.offset, window.limit))[: window.limit]
        plain = self._decrypt(encrypted, window.offset)
        if not hmac.compare_digest(sha256(plain).digest(), window.hash):
            raise errors.CdnFileTamperedError
        # Parts may be smaller than windows, and then the next one needs the same window again.
        self._verified[window.offset] = plain
        if len(self._verified) > _KEPT_WINDOWS:
            del self._verified[next(iter(self._verified))]
        return plain

    def _decrypt(self, encrypted: bytes, offset: int) -> bytes:
        from telethon.crypto import AESModeCTR

        # The last four bytes of the vector count the blocks from the start of the file.
        first_block = offset // _AES_BLOCK
        counter = self._iv[:-4] + first_block.to_bytes(4, "big")
        skipped = offset % _AES_BLOCK
        cipher = AESModeCTR(self._key, counter)
        return bytes(cipher.decrypt(bytes(skipped) + encrypted)[skipped:])

    async def _fetch(self, offset: int, count: int) -> bytes:
        """*count* encrypted bytes; fewer when the file ends."""
        request = functions.upload.GetCdnFileRequest(self._token, offset, _limit_for(offset, count))
        for _ in range(_MAX_REUPLOADS):
            result: object = await self._ask_cdn(request)
            if isinstance(result, types.upload.CdnFile):
                return bytes(result.bytes)
            if not isinstance(result, types.upload.CdnFileReuploadNeeded):
                # It may be anything: the CDN chooses what it answers.
                raise CdnFailure(TypeError(f"the CDN answered with a {type(result).__name__}"))
            reupload = functions.upload.ReuploadCdnFileRequest(self._token, result.request_token)
            self._learn(await self._ask_master(reupload))
        raise CdnFailure(ConnectionError("the CDN says again and again that it does not have the file"))

    # -- whom to ask -------------------------------------------------------------------------------------------------

    async def _ask_master(self, request: Any) -> Any:
        try:
            return await self._call_master(request)
        except errors.BadRequestError as error:
            if error.message in _TOKEN_ERRORS:
                raise CdnFailure(error) from error
            raise

    async def _ask_cdn(self, request: Any) -> Any:
        try:
            return await self._client._call_cdn(await self._connected(), request)
        except CdnFailure:
            raise
        except Exception as error:
            # Whatever a CDN makes of a request, the file can be had elsewhere.
            raise CdnFailure(error) from error

    async def _connected(self) -> Any:
        async with self._lock:
            if self._closed:
                raise CdnFailure(ConnectionError("the CDN is not used any more"))
            if self._sender is None:
                self._sender = await self._client._borrow_cdn_sender(self._dc_id)
            return self._sender

    async def close(self) -> None:
        """Give back the connection to the CDN."""
        self._closed = True
        async with self._lock:
            sender, self._sender = self._sender, None
        if sender is not None:
            await self._client._return_exported_sender(sender)


def _limit_for(offset: int, count: int) -> int:
    """The smallest limit servers take that covers *count* bytes from *offset* on within one megabyte."""
    limit = _SMALLEST_LIMIT
    while limit < count and limit < _MEGABYTE:
        limit *= 2
    room = _MEGABYTE - offset % _MEGABYTE
    while limit > room and limit > _SMALLEST_LIMIT:
        limit //= 2
    return limit
