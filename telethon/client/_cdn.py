"""Reading files from a CDN, which is trusted with encrypted bytes and nothing else.

The data centre of a file may say that its bytes are on a CDN. They are encrypted there with AES-256 in counter mode;
key and initialisation vector come from the data centre, and so do the SHA-256 hashes of consecutive windows of the
encrypted file. A window is given on only after its hash was checked.

Source: https://core.telegram.org/cdn
"""

from __future__ import annotations

import hmac
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
_TOKEN_ERRORS: Final = ("FILE_TOKEN_INVALID", "REQUEST_TOKEN_INVALID")


class CdnClient(Protocol):
    """The part of a client that reading from a CDN needs."""

    async def _borrow_cdn_sender(self, dc_id: int) -> Any: ...

    async def _return_exported_sender(self, sender: Any) -> None: ...

    async def _call(self, sender: Any, request: Any) -> Any: ...


class RedirectExpired(Exception):
    """The data centre of the file has to be asked for another redirect."""


class CdnFile:
    """One file on a CDN.

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
        self._learn(redirect.file_hashes)
        self._sender: Any = None

    async def read(self, offset: int, limit: int) -> bytes:
        """The decrypted bytes from *offset* on, no more than *limit*; fewer only at the end of the file.

        Raises:
            CdnFileTamperedError: when bytes do not have the hash the data centre of the file told.
            RedirectExpired: when the data centre of the file has to be asked for another redirect.
        """
        pieces: list[bytes] = []
        position, end = offset, offset + limit
        while position < end:
            window = await self._window_at(position)
            if window is None:
                break
            data = await self._verified(window)
            piece = data[position - window.offset : end - window.offset]
            if not piece:
                break
            pieces.append(piece)
            position += len(piece)
        return b"".join(pieces)

    def _learn(self, hashes: list[types.FileHash]) -> None:
        for window in hashes:
            if window.limit > 0:
                self._windows[window.offset] = window

    async def _window_at(self, position: int) -> types.FileHash | None:
        """The window that holds *position*; `None` after the end of the file."""
        for _ in range(2):
            for window in self._windows.values():
                if window.offset <= position < window.offset + window.limit:
                    return window
            self._learn(await self._ask_master(functions.upload.GetCdnFileHashesRequest(self._token, position)))
        return None

    async def _verified(self, window: types.FileHash) -> bytes:
        encrypted = (await self._fetch(window.offset, window.limit))[: window.limit]
        if len(encrypted) != window.limit:
            raise errors.CdnFileTamperedError
        plain = self._decrypt(encrypted, window.offset)
        # Hashes are those of the file itself. That of what the CDN stores would prove as much, and the page about
        # CDNs can be read that way too, so it counts as well: either comes from the data centre of the file.
        if not any(hmac.compare_digest(sha256(data).digest(), window.hash) for data in (plain, encrypted)):
            raise errors.CdnFileTamperedError
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
            result = await self._call_cdn(request)
            if isinstance(result, types.upload.CdnFile):
                return bytes(result.bytes)
            reupload = functions.upload.ReuploadCdnFileRequest(self._token, result.request_token)
            self._learn(await self._ask_master(reupload))
        raise RedirectExpired

    async def _ask_master(self, request: Any) -> Any:
        try:
            return await self._call_master(request)
        except errors.BadRequestError as error:
            raise _as_expired(error) from error

    async def _call_cdn(self, request: Any) -> Any:
        if self._sender is None:
            self._sender = await self._client._borrow_cdn_sender(self._dc_id)
        try:
            return await self._client._call(self._sender, request)
        except errors.BadRequestError as error:
            raise _as_expired(error) from error

    async def close(self) -> None:
        """Give back the connection to the CDN."""
        sender, self._sender = self._sender, None
        if sender is not None:
            await self._client._return_exported_sender(sender)


def _as_expired(error: errors.BadRequestError) -> Exception:
    """*error*, or `RedirectExpired` when it says that a token of the redirect has run out."""
    return RedirectExpired() if error.message in _TOKEN_ERRORS else error


def _limit_for(offset: int, count: int) -> int:
    """The smallest limit servers take that covers *count* bytes from *offset* on within one megabyte."""
    limit = _SMALLEST_LIMIT
    while limit < count and limit < _MEGABYTE:
        limit *= 2
    room = _MEGABYTE - offset % _MEGABYTE
    while limit > room and limit > _SMALLEST_LIMIT:
        limit //= 2
    return limit
