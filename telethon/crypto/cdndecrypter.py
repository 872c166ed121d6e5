"""Reads a file from a CDN, window by window, and checks that it is the file it should be.

The client's download methods do this by themselves, with retries and from any offset. This class is for programs that
make the requests on their own.

Source: https://core.telegram.org/cdn
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from hashlib import sha256
from hmac import compare_digest
from inspect import isawaitable
from typing import Any

from telethon.crypto.aesctr import AESModeCTR
from telethon.errors.common import CdnFileTamperedError
from telethon.tl.functions.upload import GetCdnFileRequest, ReuploadCdnFileRequest
from telethon.tl.types import FileHash
from telethon.tl.types.upload import CdnFile, CdnFileReuploadNeeded, FileCdnRedirect

__all__ = ["CdnDecrypter"]


class CdnDecrypter:
    """One file on a CDN, read from its beginning to its end.

    A CDN is only trusted with encrypted bytes. Each window of the file has a SHA-256, known from Telegram itself, which
    its decrypted bytes must have.

    Args:
        cdn_client: makes requests in the CDN, as a client does.
        file_token: names the file there.
        cdn_aes: decrypts it from its first byte on.
        cdn_file_hashes: the windows of the file in order, each with its hash.

    Attributes:
        client: as *cdn_client*.
        file_token: as the argument.
        cdn_aes: as the argument.
        cdn_file_hashes: the windows that are not read yet.

    Example:
        >>> decrypter, part = await CdnDecrypter.prepare_decrypter(client, cdn_client, redirect)
        >>> while part.bytes:
        ...     out.write(part.bytes)
        ...     part = await decrypter.get_file()
    """

    def __init__(
        self,
        cdn_client: Callable[[Any], Any],
        file_token: bytes,
        cdn_aes: AESModeCTR,
        cdn_file_hashes: Sequence[FileHash],
    ) -> None:
        self.client = cdn_client
        self.file_token = file_token
        self.cdn_aes = cdn_aes
        self.cdn_file_hashes = list(cdn_file_hashes)
        self._is_async = False

    @staticmethod
    async def prepare_decrypter(
        client: Callable[[Any], Awaitable[Any]],
        cdn_client: Callable[[Any], Awaitable[Any]],
        cdn_redirect: FileCdnRedirect,
    ) -> tuple[CdnDecrypter, CdnFile]:
        """Begin with a file.

        Args:
            client: makes requests in the data centre of the file.
            cdn_client: makes requests in the CDN.
            cdn_redirect: what the data centre of the file answered instead of its bytes.

        Returns:
            The object that reads on, and the first window.

        Raises:
            CdnFileTamperedError: the bytes are not those of the file.

        Network: one request in the CDN; when it does not have the file, one to bring it there and another one.
        """
        # The last four bytes of the vector count the blocks.
        cdn_aes = AESModeCTR(cdn_redirect.encryption_key, cdn_redirect.encryption_iv[:12] + bytes(4))
        decrypter = CdnDecrypter(cdn_client, cdn_redirect.file_token, cdn_aes, cdn_redirect.file_hashes)
        decrypter._is_async = True
        if not decrypter.cdn_file_hashes:
            return decrypter, CdnFile(b"")
        result = await cdn_client(decrypter._request())
        if isinstance(result, CdnFileReuploadNeeded):
            await client(ReuploadCdnFileRequest(cdn_redirect.file_token, result.request_token))
            result = await cdn_client(decrypter._request())
        return decrypter, decrypter._take(result)

    def get_file(self) -> Any:
        """The next window of the file.

        Returns:
            A `CdnFile` with decrypted bytes, without any at the end of the file. When the client gives awaitables this
            has to be awaited too.

        Raises:
            CdnFileTamperedError: the bytes are not those of the file.

        Network: one request in the CDN.
        """
        result: Any = None
        if self.cdn_file_hashes:
            result = self.client(self._request())
            self._is_async = isawaitable(result)
        return self._later(result) if self._is_async else self._take(result)

    @staticmethod
    def check(data: bytes, cdn_hash: FileHash) -> None:
        """Refuse bytes that do not have the hash of their window.

        Args:
            data: the decrypted bytes of a window.
            cdn_hash: the window.

        Raises:
            CdnFileTamperedError: the hash differs.
        """
        if not compare_digest(sha256(data).digest(), cdn_hash.hash):
            raise CdnFileTamperedError

    def _request(self) -> GetCdnFileRequest:
        window = self.cdn_file_hashes[0]
        return GetCdnFileRequest(self.file_token, window.offset, window.limit)

    async def _later(self, result: Awaitable[CdnFile] | None) -> CdnFile:
        return self._take(await result if result is not None else None)

    def _take(self, result: CdnFile | None) -> CdnFile:
        if result is None:
            return CdnFile(b"")
        result.bytes = self.cdn_aes.decrypt(result.bytes)
        self.check(result.bytes, self.cdn_file_hashes.pop(0))
        return result
