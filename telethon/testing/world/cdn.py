"""Files that are on a CDN: encrypted there, and not to be trusted.

    server = TelegramTestServer(cdn_dcs=(203,))
    file = server.cdn.put(message)             # from now on whoever asks for it is sent to the CDN
    file.flip(5000)                            # one bit of what the CDN has is wrong
    file.forget()                              # the CDN has it no more until it is brought there again
    server.cdn.expire_tokens()                 # the tokens that clients have are worth nothing any more

What a CDN stores is `HostedFile.stored`; everything else is known to the data centre of the file only.

Source: https://core.telegram.org/cdn
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from telethon.crypto.aesctr import AESModeCTR
from telethon.testing._rpc import RpcFault
from telethon.tl import types

if TYPE_CHECKING:
    from telethon._core.rand import RandomBytes

__all__ = ["CDN_WINDOW", "CdnStore", "HostedFile"]

CDN_WINDOW = 128 * 1024
"""Bytes that one hash is about."""

_ANSWERED = 10


@dataclass(eq=False)
class HostedFile:
    """One file on a CDN.

    Attributes:
        id: of the photo or document.
        size: the size of the picture meant, empty for the file itself.
        dc_id: the CDN.
        content: the true bytes.
        key: what it is encrypted with.
        iv: the initialisation vector of it.
        window: bytes that one hash is about.
        redirects: how many more requests are sent to the CDN; None for all.
        stored: what the CDN has; change it to let the CDN lie.
        present: whether the CDN has it.
        reuploads: how often it was brought to the CDN again.
    """

    id: int
    size: str
    dc_id: int
    content: bytes = field(repr=False)
    key: bytes = field(repr=False)
    iv: bytes = field(repr=False)
    window: int = CDN_WINDOW
    redirects: int | None = None
    stored: bytearray = field(init=False, repr=False)
    present: bool = True
    reuploads: int = 0

    def __post_init__(self) -> None:
        self.stored = bytearray(self._encrypted())

    def _encrypted(self) -> bytes:
        # The last four bytes of the vector count blocks of 16 bytes from the start of the file.
        return AESModeCTR(self.key, self.iv[:12] + bytes(4)).encrypt(self.content)

    def flip(self, position: int, bit: int = 0) -> None:
        """Change one bit of what the CDN has."""
        self.stored[position] ^= 1 << bit

    def swap(self, first: int, second: int) -> None:
        """Exchange two whole windows of what the CDN has, by their numbers."""
        size = self.window
        one = self.stored[first * size : (first + 1) * size]
        other = self.stored[second * size : (second + 1) * size]
        if len(one) != len(other):
            raise ValueError("only windows of the same length can be exchanged")
        self.stored[first * size : (first + 1) * size] = other
        self.stored[second * size : (second + 1) * size] = one

    def truncate(self, size: int) -> None:
        """Let the CDN have only the first *size* bytes."""
        del self.stored[size:]

    def forget(self) -> None:
        """Let the CDN drop the file, as it does when it needs the memory."""
        self.present = False

    def upload(self) -> None:
        """Bring the file to the CDN again, as it is."""
        self.stored = bytearray(self._encrypted())
        self.present = True
        self.reuploads += 1

    def hashes(self, offset: int, count: int = _ANSWERED) -> list[types.FileHash]:
        """The SHA-256 of the windows from the one at *offset* on. They are of the file, not of what is encrypted."""
        start = offset // self.window * self.window
        found: list[types.FileHash] = []
        for at in range(start, min(len(self.content), start + count * self.window), self.window):
            piece = self.content[at : at + self.window]
            found.append(types.FileHash(at, len(piece), hashlib.sha256(piece).digest()))
        return found


class CdnStore:
    """The files on all CDNs of a world.

    Args:
        rand: gives random bytes.
        dc_ids: the data centres that are CDNs.

    Attributes:
        dc_ids: as given.
        public_keys: the RSA key of each CDN, as text.
        files: by id of the photo or document and size.
        told_hashes: how many hashes a redirect names; the others have to be asked for.
    """

    def __init__(self, rand: RandomBytes, dc_ids: tuple[int, ...] = ()) -> None:
        self._rand = rand
        self.dc_ids = dc_ids
        self.public_keys: dict[int, str] = {}
        self.files: dict[tuple[int, str], HostedFile] = {}
        self.told_hashes = 2
        self._tokens: dict[bytes, HostedFile] = {}
        self._requests: dict[bytes, HostedFile] = {}

    def put(
        self,
        file_id: int,
        content: bytes,
        size: str = "",
        *,
        dc_id: int | None = None,
        window: int = CDN_WINDOW,
        redirects: int | None = None,
    ) -> HostedFile:
        """Bring a file to a CDN.

        Args:
            file_id: of the photo or document.
            content: its bytes.
            size: of a picture, the size meant.
            dc_id: the CDN, by default the first one.
            window: bytes that one hash is about, a multiple of 4096.
            redirects: how many requests for the file are sent to the CDN; None for all.

        Raises:
            ValueError: there is no such CDN, or the window is not possible.
        """
        if dc_id is None and self.dc_ids:
            dc_id = self.dc_ids[0]
        if dc_id not in self.dc_ids:
            raise ValueError(f"there is no CDN {dc_id}; make the server with cdn_dcs, it has {self.dc_ids}")
        if window <= 0 or window % 4096:
            raise ValueError(f"a window is a multiple of 4096 bytes, not {window}")
        file = HostedFile(file_id, size, dc_id, content, self._rand(32), self._rand(16), window, redirects)
        self.files[file_id, size] = file
        return file

    def expire_tokens(self) -> None:
        """Let all tokens that clients have be worth nothing any more."""
        self._tokens.clear()
        self._requests.clear()

    # -- the data centre of the file ---------------------------------------------------------------------------------

    def redirect(self, file_id: int, size: str, offset: int) -> types.upload.FileCdnRedirect | None:
        """Where a request for a file is sent, or None when it is answered here."""
        file = self.files.get((file_id, size))
        if file is None or file.redirects == 0:
            return None
        if file.redirects is not None:
            file.redirects -= 1
        token = self._rand(16)
        self._tokens[token] = file
        hashes = file.hashes(offset, self.told_hashes)
        return types.upload.FileCdnRedirect(file.dc_id, token, file.key, file.iv, hashes)

    def by_token(self, token: bytes) -> HostedFile:
        """The file of a token.

        Raises:
            RpcFault: FILE_TOKEN_INVALID.
        """
        file = self._tokens.get(token)
        if file is None:
            raise RpcFault(400, "FILE_TOKEN_INVALID")
        return file

    def reupload(self, token: bytes, request_token: bytes) -> list[types.FileHash]:
        """Bring a file to its CDN again.

        Raises:
            RpcFault: FILE_TOKEN_INVALID or REQUEST_TOKEN_INVALID.
        """
        file = self.by_token(token)
        if self._requests.pop(request_token, None) is not file:
            raise RpcFault(400, "REQUEST_TOKEN_INVALID")
        file.upload()
        return file.hashes(0, self.told_hashes)

    # -- the CDN -----------------------------------------------------------------------------------------------------

    def read(self, dc_id: int, token: bytes, offset: int, limit: int) -> types.upload._TypeCdnFile:
        """What a CDN answers.

        Raises:
            RpcFault: FILE_TOKEN_INVALID.
        """
        file = self.by_token(token)
        if file.dc_id != dc_id:
            raise RpcFault(400, "FILE_TOKEN_INVALID")
        if not file.present:
            request_token = self._rand(16)
            self._requests[request_token] = file
            return types.upload.CdnFileReuploadNeeded(request_token)
        return types.upload.CdnFile(bytes(file.stored[offset : offset + limit]))
