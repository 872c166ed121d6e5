"""Files on a CDN: decrypted, and checked before a byte is given on."""

from __future__ import annotations

import asyncio
import hashlib
import random
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telethon import errors
from telethon.client._cdn import CdnFailure, CdnFile
from telethon.tl import functions, types

KEY, IV = bytes(range(32)), bytes(12) + b"\0\0\0\0"
WINDOW = 16 * 1024
DATA = random.Random(1).randbytes(3 * WINDOW + 5000)


@lru_cache
def encrypt(data: bytes) -> bytes:
    from telethon.crypto import AESModeCTR

    return bytes(AESModeCTR(KEY, IV).encrypt(data))


class Cdn:
    """A CDN and the data centre that trusts it."""

    def __init__(self, hashed: bytes = DATA) -> None:
        self.stored = bytearray(encrypt(DATA))
        self.hashes = [
            types.FileHash(at, len(DATA[at : at + WINDOW]), hashlib.sha256(hashed[at : at + WINDOW]).digest())
            for at in range(0, len(DATA), WINDOW)
        ]
        self.reuploads = 0
        self.needs_reupload = 0
        self.returned: list[Any] = []
        self.borrowed = 0
        self.asked = 0
        self.foreign: Any = None
        self.fault: Exception | None = None
        self._log = {"telethon.client._cdn": None}

    async def _borrow_cdn_sender(self, dc_id: int) -> Any:
        self.borrowed += 1
        await asyncio.sleep(0)
        return SimpleNamespace(dc_id=dc_id)

    async def _return_exported_sender(self, sender: Any) -> None:
        self.returned.append(sender)

    async def _call_cdn(self, sender: Any, request: Any) -> Any:
        assert sender.dc_id == 203
        self.asked += 1
        await asyncio.sleep(0)
        if self.fault:
            raise self.fault
        if self.foreign:
            return self.foreign
        assert isinstance(request, functions.upload.GetCdnFileRequest)
        assert request.limit % 4096 == 0
        assert (1 << 20) % request.limit == 0
        if self.needs_reupload:
            self.needs_reupload -= 1
            return types.upload.CdnFileReuploadNeeded(b"again")
        return types.upload.CdnFile(bytes(self.stored[request.offset : request.offset + request.limit]))

    async def master(self, request: Any) -> Any:
        if isinstance(request, functions.upload.ReuploadCdnFileRequest):
            assert request.request_token == b"again"
            self.reuploads += 1
            return []
        return [window for window in self.hashes if window.offset <= request.offset < window.offset + window.limit]

    def open(self, known: int = 0) -> CdnFile:
        redirect = types.upload.FileCdnRedirect(203, b"token", KEY, IV, self.hashes[:known])
        return CdnFile(self, redirect, self.master)  # type: ignore[arg-type]


@pytest.mark.parametrize("known", [0, 1, 4])
@pytest.mark.parametrize("part", [4096, 65536, 512 * 1024])
async def test_the_file_is_read_whole(known: int, part: int) -> None:
    cdn = Cdn()
    file = cdn.open(known)
    found = b""
    while piece := await file.read(len(found), part):
        found += piece
    assert found == DATA
    await file.close()
    assert len(cdn.returned) == 1


async def test_any_place_can_be_read() -> None:
    file = Cdn().open(1)
    assert await file.read(WINDOW + 4096, 4096) == DATA[WINDOW + 4096 : WINDOW + 8192]
    assert await file.read(len(DATA), 4096) == b""


@pytest.mark.parametrize("place", [0, WINDOW - 1, WINDOW, 2 * WINDOW + 77, len(DATA) - 1])
async def test_one_changed_bit_is_found(place: int) -> None:
    cdn = Cdn()
    cdn.stored[place] ^= 1
    file = cdn.open(4)
    with pytest.raises(errors.CdnFileTamperedError):
        await file.read(place - place % 4096, 4096)


async def test_windows_cannot_be_exchanged_or_cut() -> None:
    swapped = Cdn()
    first, second = swapped.stored[:WINDOW], swapped.stored[WINDOW : 2 * WINDOW]
    swapped.stored[: 2 * WINDOW] = second + first
    cut = Cdn()
    del cut.stored[WINDOW - 1 :]
    for cdn in (swapped, cut):
        with pytest.raises(errors.CdnFileTamperedError):
            await cdn.open().read(0, 4096)


async def test_a_file_the_cdn_has_dropped_is_put_there_again() -> None:
    cdn = Cdn()
    cdn.needs_reupload = 2
    assert await cdn.open().read(0, 4096) == DATA[:4096]
    assert cdn.reuploads == 2


async def test_a_cdn_that_never_has_the_file_needs_another_redirect() -> None:
    cdn = Cdn()
    cdn.needs_reupload = 99
    with pytest.raises(CdnFailure):
        await cdn.open().read(0, 4096)


@pytest.mark.parametrize("text", ["FILE_TOKEN_INVALID", "REQUEST_TOKEN_INVALID"])
async def test_tokens_run_out(text: str) -> None:
    cdn = Cdn()
    cdn.fault = errors.BadRequestError(None, text)
    with pytest.raises(CdnFailure):
        await cdn.open().read(0, 4096)


@pytest.mark.parametrize(
    "fault",
    [
        errors.FloodWaitError(None, 86_400),
        errors.UserMigrateError(None, 4),
        errors.AuthKeyUnregisteredError(None),
        ConnectionError("gone"),
        TimeoutError("silent"),
    ],
)
async def test_F4_nothing_a_cdn_says_but_the_file_reaches_the_client(fault: Exception) -> None:
    cdn = Cdn()
    cdn.fault = fault
    with pytest.raises(CdnFailure) as caught:
        await cdn.open().read(0, 4096)
    assert caught.value.reason is fault


async def test_F4_an_answer_of_another_type_is_no_answer() -> None:
    cdn = Cdn()
    cdn.foreign = types.contacts.ResolvedPeer(types.PeerUser(1), [], [])
    with pytest.raises(CdnFailure, match="ResolvedPeer"):
        await cdn.open().read(0, 4096)


async def test_F5_many_reads_at_once_borrow_one_connection_and_give_it_back() -> None:
    cdn = Cdn()
    file = cdn.open(4)
    found = await asyncio.gather(*(file.read(at, 4096) for at in range(0, 10 * 4096, 4096)))
    assert b"".join(found) == DATA[: 10 * 4096]
    await file.close()
    assert (cdn.borrowed, len(cdn.returned)) == (1, 1)
    with pytest.raises(CdnFailure):
        await file.read(3 * WINDOW, 4096)
    assert cdn.borrowed == 1


async def test_a_window_is_fetched_once_for_the_small_parts_in_it() -> None:
    cdn = Cdn()
    file = cdn.open()
    for at in range(0, WINDOW, 4096):
        assert await file.read(at, 4096) == DATA[at : at + 4096]
    assert cdn.asked == 1


async def test_F3_hashes_are_those_of_the_file_and_not_of_what_the_cdn_stores() -> None:
    cdn = Cdn(hashed=encrypt(DATA))
    with pytest.raises(errors.CdnFileTamperedError):
        await cdn.open().read(0, 4096)


@settings(max_examples=100, deadline=None)
@given(
    reads=st.lists(
        st.tuples(st.integers(0, 20), st.sampled_from([4096, 8192, 65536, 1 << 19])), min_size=1, max_size=8
    ),
    known=st.integers(0, 4),
    damaged=st.one_of(st.none(), st.integers(0, len(DATA) - 1)),
)
async def test_F3_any_reads_in_any_order_give_the_file_or_an_error(
    reads: list[tuple[int, int]], known: int, damaged: int | None
) -> None:
    cdn = Cdn()
    if damaged is not None:
        cdn.stored[damaged] ^= 0x10
    file = cdn.open(known)
    found = await asyncio.gather(*(file.read(at * 4096, size) for at, size in reads), return_exceptions=True)
    for (at, size), piece in zip(reads, found, strict=True):
        start, end = at * 4096, min(at * 4096 + size, len(DATA))
        window = damaged // WINDOW if damaged is not None else -1
        touched = start < end and start // WINDOW <= window <= (end - 1) // WINDOW
        if touched:
            assert isinstance(piece, errors.CdnFileTamperedError)
        else:
            assert piece == DATA[start:end]
