"""Getting the bytes of files by their location, against scripted answers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from downloadkit import DATA, HOME, LOCATION, Files, document, message, photo
from hypothesis import given, settings
from hypothesis import strategies as st

from telethon import errors
from telethon.client import _filereader
from telethon.tl import types


@pytest.fixture
def files() -> Files:
    return Files()


@pytest.fixture
def client(scripted: Callable[..., Any], files: Files) -> Any:
    made = scripted({"GetFile": files}, request_retries=1, raise_last_call_error=True)
    made._mb_entity_cache.set_self_user(1, False, 10)
    made.session.set_dc(HOME, "127.0.0.1", 443)
    return made


# ---- download_file


async def test_parts_by_size(client: Any, files: Files) -> None:
    assert await client.download_file(LOCATION) == DATA
    assert files.asked[0] == (0, 65536)
    assert await client.download_file(LOCATION, file_size=len(DATA)) == DATA
    assert files.asked[-1] == (393216, 131072)
    assert await client.download_file(LOCATION, part_size_kb=100) == DATA
    for wrong in (1, 1.5, -4):
        with pytest.raises(ValueError, match="divisible by 4096"):
            await client.download_file(LOCATION, part_size_kb=wrong)


async def test_progress(client: Any) -> None:
    progress: list[tuple[int, int]] = []

    async def report(done: int, total: int) -> None:
        progress.append((done, total))

    await client.download_media(document(), bytes, progress_callback=report)
    assert progress == [(131072, 512000), (262144, 512000), (393216, 512000), (512000, 512000)]


async def test_parts_may_be_decrypted(client: Any, files: Files) -> None:
    files.data = bytes.fromhex("31f5c6eddb3e219924855c4ef3d1160efe2c3d23fe659ab064d8b715de913e97")
    assert await client.download_file(LOCATION, key=b"k" * 32, iv=b"i" * 32) == b"x" * 32


# ---- iter_download


@pytest.mark.parametrize(
    ("options", "pieces"),
    [
        ({}, [(0, 512000)]),
        ({"offset": 5}, [(5, 511995)]),
        ({"offset": 4096}, [(4096, 507904)]),
        ({"offset": 600000}, []),
        ({"limit": 0}, []),
        ({"request_size": 131072}, [(0, 131072), (131072, 131072), (262144, 131072), (393216, 118784)]),
        ({"request_size": 131072, "limit": 2}, [(0, 131072), (131072, 131072)]),
        ({"chunk_size": 1000, "limit": 3}, [(0, 1000), (1000, 1000), (2000, 1000)]),
        ({"chunk_size": 100, "stride": 300000}, [(0, 100), (300000, 100)]),
        ({"request_size": 4096, "chunk_size": 4096, "stride": 8192, "limit": 2}, [(0, 4096), (8192, 4096)]),
        ({"request_size": 100_000, "limit": 2}, [(0, 100_000), (100_000, 100_000)]),
        ({"request_size": 10, "limit": 2}, [(0, 10), (10, 10)]),
        ({"offset": 511990, "request_size": 65536}, [(511990, 10)]),
    ],
)
@pytest.mark.parametrize("file", [LOCATION, document()])
async def test_chunks(client: Any, file: Any, options: dict[str, Any], pieces: list[tuple[int, int]]) -> None:
    found = [bytes(chunk) async for chunk in client.iter_download(file, **options)]
    assert found == [DATA[offset : offset + length] for offset, length in pieces]


async def test_a_stride_below_the_chunk_is_refused(client: Any) -> None:
    with pytest.raises(ValueError, match="stride must be >= chunk_size"):
        client.iter_download(LOCATION, stride=10)


async def test_reading_ahead_begins_slowly_and_ends_when_closed(client: Any, files: Files) -> None:
    async with client.iter_download(document(), request_size=4096) as chunks:
        assert await chunks.__anext__() == DATA[:4096]
        assert len(files.asked) == 1
        await chunks.__anext__()
        await chunks.__anext__()
        await asyncio.sleep(0)
        assert len(files.asked) <= 8
    assert len(asyncio.all_tasks()) == 1


@pytest.mark.parametrize("offset", [0, 1, 5000, 131_071, 262_144])
@pytest.mark.parametrize("limit", [1, 2, 3])
@pytest.mark.parametrize("chunk", [1, 1000, 65_536, 70_000, 131_072])
@pytest.mark.parametrize("request_size", [4096, 65_536, 131_072])
async def test_no_part_is_asked_for_that_a_limit_leaves_out(
    client: Any, files: Files, offset: int, limit: int, chunk: int, request_size: int
) -> None:
    chunks = client.iter_download(
        document(), offset=offset, limit=limit, chunk_size=chunk, stride=chunk, request_size=request_size
    )
    end = min(offset + limit * chunk, len(DATA))
    assert b"".join([bytes(one) async for one in chunks]) == DATA[offset:end]
    assert all(start < end and start + length > offset for start, length in files.asked)
    assert len(set(files.asked)) == len(files.asked)


# ---- faults


async def test_a_file_elsewhere_is_read_there(client: Any, monkeypatch: pytest.MonkeyPatch, files: Files) -> None:
    events: list[Any] = []

    async def borrow(dc_id: int) -> Any:
        events.append(dc_id)
        return client._sender

    async def give_back(sender: Any) -> None:
        events.append("back")

    monkeypatch.setattr(client, "_borrow_exported_sender", borrow)
    monkeypatch.setattr(client, "_return_exported_sender", give_back)
    files.faults = [errors.FileMigrateError(None, capture=2)]
    assert await client.download_file(LOCATION) == DATA
    assert events == [2, "back"]
    events.clear()
    assert await client.download_file(LOCATION, dc_id=5) == DATA
    assert events == [5, "back"]


@pytest.mark.parametrize("media", [document(reference=b"old"), photo()])
async def test_an_old_file_reference_is_renewed(client: Any, files: Files, media: Any) -> None:
    fresh: Any = (
        types.MessageMediaDocument(document=document(reference=b"new"))
        if isinstance(media, types.Document)
        else types.MessageMediaPhoto(photo=photo())
    )
    if isinstance(fresh, types.MessageMediaPhoto):
        fresh.photo.file_reference = b"new"  # type: ignore[union-attr]
    client._sender.answers["GetMessages"] = [
        types.messages.Messages(messages=[message(fresh)], topics=[], users=[], chats=[])
    ]
    files.faults = [None, errors.FileReferenceExpiredError(None)]
    holder = (
        types.MessageMediaDocument(document=media)
        if isinstance(media, types.Document)
        else types.MessageMediaPhoto(photo=media)
    )
    found = message(holder)
    found._finish_init(client, {}, types.InputPeerUser(2, 20))  # type: ignore[attr-defined]
    assert await client.download_media(found, bytes) == DATA
    assert files.references[-1] == b"new"


async def test_a_file_reference_that_stays_old_is_an_error(client: Any, files: Files) -> None:
    references = iter(range(100))

    def answer(request: Any) -> Any:
        again = document(reference=b"%d" % next(references))
        media = types.MessageMediaDocument(document=again)
        return types.messages.Messages(messages=[message(media)], topics=[], users=[], chats=[])

    client._sender.answers["GetMessages"] = [answer]
    files.faults = [errors.FileReferenceExpiredError(None) for _ in range(20)]
    found = message(types.MessageMediaDocument(document=document()))
    found._finish_init(client, {}, types.InputPeerUser(2, 20))  # type: ignore[attr-defined]
    with pytest.raises(errors.FileReferenceExpiredError):
        await client.download_media(found, bytes)
    assert client._sender.names.count("GetMessages") == 3


async def test_servers_that_take_too_long_are_asked_once_more(
    client: Any, files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_filereader, "TIMED_OUT_SLEEP", 0)
    files.faults = [errors.TimedOutError(None, "Timeout")]
    assert await client.download_file(LOCATION) == DATA
    files.faults = [errors.TimedOutError(None, "Timeout") for _ in range(20)]
    with pytest.raises(errors.TimedOutError):
        await client.download_file(LOCATION)


async def test_F5_what_is_borrowed_is_given_back_by_whoever_is_cancelled_while_closing(
    client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    given_back: list[Any] = []

    async def borrow(dc_id: int) -> Any:
        return client._sender

    async def give_back(sender: Any) -> None:
        given_back.append(sender)

    monkeypatch.setattr(client, "_borrow_exported_sender", borrow)
    monkeypatch.setattr(client, "_return_exported_sender", give_back)
    parts = client.iter_download(LOCATION, dc_id=HOME + 1, request_size=4096)
    assert await parts.__anext__()

    async def stubborn() -> bytes:
        """A part that is not done at once when it is cancelled."""
        try:
            await asyncio.sleep(3600)
        finally:
            await asyncio.sleep(0.05)
        return b""

    assert given_back == []
    parts._parts.start(stubborn())
    await asyncio.sleep(0)
    closing = asyncio.ensure_future(parts.close())
    await asyncio.sleep(0)
    closing.cancel()
    await asyncio.wait([closing])
    assert closing.cancelled()
    assert given_back == [client._sender]
    await asyncio.sleep(0.1)


async def test_F5_what_is_borrowed_is_given_back_when_closing_a_cdn_fails(
    client: Any, files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    given_back: list[Any] = []

    async def borrow(dc_id: int) -> Any:
        return client._sender

    async def give_back(sender: Any) -> None:
        given_back.append(sender)

    class Cdn:
        def __init__(self, *args: Any) -> None:
            pass

        async def read(self, offset: int, limit: int) -> bytes:
            return DATA[offset : offset + limit]

        async def close(self) -> None:
            raise asyncio.CancelledError

    monkeypatch.setattr(client, "_borrow_exported_sender", borrow)
    monkeypatch.setattr(client, "_return_exported_sender", give_back)
    monkeypatch.setattr(_filereader, "CdnFile", Cdn)
    files.faults = [types.upload.FileCdnRedirect(203, b"token", bytes(32), bytes(16), [])]
    parts = client.iter_download(LOCATION, dc_id=HOME + 1, request_size=4096)
    assert await parts.__anext__()
    assert given_back == []
    with pytest.raises(asyncio.CancelledError):
        await parts.close()
    assert given_back == [client._sender]


async def test_a_redirect_to_a_cdn_is_followed(client: Any, files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[Any] = []

    class Cdn:
        def __init__(self, _client: Any, redirect: Any, _call_master: Any) -> None:
            self.redirect = redirect
            opened.append(redirect)

        async def read(self, offset: int, limit: int) -> bytes:
            if len(opened) == 1 and offset:
                raise _filereader.CdnFailure(errors.BadRequestError(None, "FILE_TOKEN_INVALID"))
            return DATA[offset : offset + limit]

        async def close(self) -> None:
            pass

    monkeypatch.setattr(_filereader, "CdnFile", Cdn)
    redirect = types.upload.FileCdnRedirect(203, b"token", bytes(32), bytes(16), [])
    files.faults = [redirect, redirect]
    assert await client.download_file(LOCATION) == DATA
    assert opened == [redirect, redirect]


# ---- F2: the three rules of ranges, which `Files` checks in each request


@settings(max_examples=150, deadline=None)
@given(
    size=st.integers(1, len(DATA)),
    offset=st.integers(0, len(DATA) + 5000),
    chunk_size=st.integers(1, 200_000),
    gap=st.one_of(st.just(0), st.integers(0, 100_000)),
    limit=st.one_of(st.none(), st.integers(1, 12)),
    request_size=st.integers(1, 1_100_000),
    knows_size=st.booleans(),
)
async def test_F2_random_ranges_never_break_the_rules(
    size: int, offset: int, chunk_size: int, gap: int, limit: int | None, request_size: int, knows_size: bool
) -> None:
    from telethon import TelegramClient

    files = Files(DATA[:size])
    client: Any = TelegramClient(None, 1, "hash")
    client.session.set_dc(HOME, "127.0.0.1", 443)

    class Sender:
        needs_introduction = False

        async def send(self, request: Any, ordered: bool = False) -> Any:
            return files(request)

    client._sender = Sender()
    stride = chunk_size + gap
    count = limit if limit is not None or knows_size else 12
    found = [
        chunk
        async for chunk in client.iter_download(
            LOCATION,
            offset=offset,
            stride=stride,
            limit=count,
            chunk_size=chunk_size,
            request_size=request_size,
            file_size=size if knows_size else None,
            dc_id=HOME,
        )
    ]
    most = count if count is not None else -(-size // chunk_size)
    expected = [DATA[at : min(at + chunk_size, size)] for at in range(offset, size, stride)][:most]
    assert found == expected
