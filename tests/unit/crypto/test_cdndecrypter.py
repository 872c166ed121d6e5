"""Reading a file from a CDN window by window."""

from __future__ import annotations

import inspect
from hashlib import sha256
from typing import Any

import pytest

from telethon.crypto import AESModeCTR, CdnDecrypter
from telethon.errors import CdnFileTamperedError
from telethon.tl.functions.upload import GetCdnFileRequest, ReuploadCdnFileRequest
from telethon.tl.types import FileHash
from telethon.tl.types.upload import CdnFile, CdnFileReuploadNeeded, FileCdnRedirect

KEY, IV = bytes(range(32)), bytes(range(16))
PLAIN = b"".join(sha256(bytes((i & 255, i >> 8))).digest() for i in range(9_000))
WINDOW = 131072


class Cdn:
    """A CDN with one file, and the data centre that knows its hashes."""

    def __init__(self, plain: bytes = PLAIN, *, has_it: bool = True) -> None:
        self.encrypted = AESModeCTR(KEY, IV[:12] + bytes(4)).encrypt(plain)
        self.hashes = [
            FileHash(at, WINDOW, sha256(plain[at : at + WINDOW]).digest()) for at in range(0, len(plain), WINDOW)
        ]
        self.redirect = FileCdnRedirect(203, b"token", KEY, IV, self.hashes)
        self.has_it = has_it
        self.asked: list[Any] = []

    def answer(self, request: Any) -> Any:
        self.asked.append(request)
        assert isinstance(request, GetCdnFileRequest)
        assert request.file_token == b"token"
        if not self.has_it:
            return CdnFileReuploadNeeded(b"request token")
        return CdnFile(self.encrypted[request.offset : request.offset + request.limit])

    async def client(self, request: Any) -> Any:
        return self.answer(request)

    async def master(self, request: Any) -> Any:
        self.asked.append(request)
        assert isinstance(request, ReuploadCdnFileRequest)
        assert (request.file_token, request.request_token) == (b"token", b"request token")
        self.has_it = True
        return self.hashes

    async def prepare(self) -> tuple[CdnDecrypter, CdnFile]:
        return await CdnDecrypter.prepare_decrypter(self.master, self.client, self.redirect)


async def test_F3_the_file_is_read_to_its_end() -> None:
    cdn = Cdn()
    decrypter, part = await cdn.prepare()
    parts = [part.bytes]
    while part.bytes:
        part = await decrypter.get_file()
        parts.append(part.bytes)
    assert b"".join(parts) == PLAIN
    assert len(parts) == 4
    assert [(request.offset, request.limit) for request in cdn.asked] == [(at * WINDOW, WINDOW) for at in range(3)]
    assert (await decrypter.get_file()).bytes == b""
    assert cdn.redirect.file_hashes == cdn.hashes, "the list of the caller was changed"
    assert len(cdn.hashes) == 3


async def test_F3_a_file_that_the_cdn_lost_is_brought_there() -> None:
    cdn = Cdn(has_it=False)
    decrypter, part = await cdn.prepare()
    assert part.bytes == PLAIN[:WINDOW]
    assert [type(request).__name__ for request in cdn.asked] == [
        "GetCdnFileRequest",
        "ReuploadCdnFileRequest",
        "GetCdnFileRequest",
    ]
    assert (await decrypter.get_file()).bytes == PLAIN[WINDOW : 2 * WINDOW]


async def test_F3_an_empty_file() -> None:
    cdn = Cdn(b"")
    decrypter, part = await cdn.prepare()
    assert part.bytes == b""
    assert (await decrypter.get_file()).bytes == b""
    assert cdn.asked == []


@pytest.mark.parametrize("at", [0, 1, WINDOW - 1])
async def test_F3_changed_bytes_are_noticed_at_once(at: int) -> None:
    cdn = Cdn()
    cdn.encrypted = cdn.encrypted[:at] + bytes((cdn.encrypted[at] ^ 1,)) + cdn.encrypted[at + 1 :]
    with pytest.raises(CdnFileTamperedError):
        await cdn.prepare()


async def test_F3_changed_bytes_are_noticed_later() -> None:
    cdn = Cdn()
    decrypter, _ = await cdn.prepare()
    cdn.encrypted = cdn.encrypted[:-1] + bytes((cdn.encrypted[-1] ^ 1,))
    assert (await decrypter.get_file()).bytes == PLAIN[WINDOW : 2 * WINDOW]
    with pytest.raises(CdnFileTamperedError):
        await decrypter.get_file()


async def test_F3_a_part_that_is_too_short_is_noticed() -> None:
    cdn = Cdn()
    cdn.encrypted = cdn.encrypted[: WINDOW - 1]
    with pytest.raises(CdnFileTamperedError):
        await cdn.prepare()


def test_a_client_that_does_not_wait_needs_no_await() -> None:
    cdn = Cdn()
    decrypter = CdnDecrypter(cdn.answer, b"token", AESModeCTR(KEY, IV[:12] + bytes(4)), cdn.hashes)
    assert (decrypter.client, decrypter.file_token) == (cdn.answer, b"token")
    parts = [decrypter.get_file().bytes for _ in range(4)]
    assert parts[3] == b""
    assert b"".join(parts) == PLAIN


async def test_a_client_that_waits_makes_get_file_wait() -> None:
    cdn = Cdn(PLAIN[:100])
    decrypter = CdnDecrypter(cdn.client, b"token", AESModeCTR(KEY, IV[:12] + bytes(4)), cdn.hashes)
    first = decrypter.get_file()
    assert inspect.isawaitable(first)
    assert (await first).bytes == PLAIN[:100]
    assert (await decrypter.get_file()).bytes == b""


def test_check() -> None:
    CdnDecrypter.check(b"abc", FileHash(0, 3, sha256(b"abc").digest()))
    for digest in (bytes(32), b"", sha256(b"abd").digest()):
        with pytest.raises(CdnFileTamperedError):
            CdnDecrypter.check(b"abc", FileHash(0, 3, digest))
