from __future__ import annotations

import asyncio
import gc
import inspect
import io
import itertools
import logging
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telethon import helpers
from telethon.helpers import TotalList, _EntityType, _FileStream
from telethon.tl import types


@pytest.fixture
def no_loop() -> Iterator[None]:
    """The thread has no event loop, neither running nor set; and no loop of the test is left behind."""
    asyncio.set_event_loop(None)
    yield
    try:
        loop = asyncio.get_event_loop_policy().get_event_loop()
    except RuntimeError:
        loop = None
    if loop is not None:
        loop.close()
    asyncio.set_event_loop(None)


# -- text


def _bold(*spans: tuple[int, int]) -> list[Any]:
    return [types.MessageEntityBold(*span) for span in spans]


@pytest.mark.parametrize(
    ("text", "before", "stripped", "after"),
    [
        ("  hi  ", [(0, 6)], "hi", [(0, 2)]),
        ("  hi", [(0, 2)], "hi", []),
        ("  hi", [(0, 1), (1, 3)], "hi", [(0, 2)]),
        ("hi  ", [(2, 2), (0, 2)], "hi", [(0, 2)]),
        ("hi  ", [(1, 2)], "hi", [(1, 1)]),
        ("   ", [(0, 3)], "", []),
        ("", [(0, 3)], "", []),
        ("\n a b \n", [(0, 2), (2, 1), (3, 4), (5, 2)], "a b", [(0, 1), (1, 2)]),
        (" \ud83d\ude00 ", [(0, 4)], "\ud83d\ude00", [(0, 2)]),
    ],
)
def test_strip_text(text: str, before: Any, stripped: str, after: Any) -> None:
    entities = _bold(*before)
    assert helpers.strip_text(text, entities) == stripped
    assert [(entity.offset, entity.length) for entity in entities] == after


def test_strip_text_without_entities() -> None:
    assert helpers.strip_text(" hi ", []) == "hi"
    assert helpers.strip_text(" hi ", None) == "hi"  # type: ignore[arg-type]


@given(st.text(" ab\n", max_size=12), st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=4))
def test_strip_text_keeps_what_is_formatted(text: str, spans: list[tuple[int, int]]) -> None:
    def covered(value: str, entities: list[Any]) -> list[str]:
        return [value[entity.offset : entity.offset + entity.length] for entity in entities]

    entities = _bold(*spans)
    start = len(text) - len(text.lstrip())
    end = len(text.rstrip())
    expected = [text[max(a, start) : min(a + b, end)] for a, b in spans]
    stripped = helpers.strip_text(text, entities)
    assert stripped == text.strip()
    assert covered(stripped, entities) == [part for part in expected if part]


# -- numbers


@pytest.mark.parametrize(
    ("args", "numbers"),
    [
        ((0,), [1]),
        ((3,), [1, 2, 3, 4]),
        ((True,), [1, 2]),
        ((3, False), [1, 2, 3]),
        ((0, False), []),
        ((None,), list(range(1, 11))),
        ((-1,), list(range(1, 11))),
        ((-2, False), list(range(1, 11))),
    ],
)
def test_retry_range(args: Any, numbers: list[int]) -> None:
    assert list(itertools.islice(helpers.retry_range(*args), 10)) == numbers


def test_generate_random_long() -> None:
    signed = [helpers.generate_random_long() for _ in range(200)]
    assert all(-(2**63) <= number < 2**63 for number in signed)
    assert min(signed) < 0 < max(signed)
    unsigned = [helpers.generate_random_long(signed=False) for _ in range(200)]
    assert all(0 <= number < 2**64 for number in unsigned)
    assert max(unsigned) >= 2**63
    assert len({*signed}) == 200


def test_generate_key_data_from_nonce() -> None:
    # The same example as in the description of the key exchange.
    new_nonce = bytes.fromhex("311c85db234aa2640afc4a76a735cf5b1f0fd68bd17fa181e1229ad867cc024d")
    server_nonce = bytes.fromhex("a5cf4d33f4a11ea877ba4aa573907330")
    key, iv = helpers.generate_key_data_from_nonce(
        int.from_bytes(server_nonce, "little", signed=True), int.from_bytes(new_nonce, "little", signed=True)
    )
    assert key.hex() == "f011280887c7bb01df0fc4e17830e0b91fbb8be4b2267cb985ae25f33b527253"
    assert iv.hex() == "3212d579ee35452ed23e0d0c92841aa7d31b2e9bdef2151e80d15860311c85db"


# -- entities


def _made(cls: Any) -> Any:
    return cls.__new__(cls)


@pytest.mark.parametrize(
    ("kind", "classes"),
    [
        (
            _EntityType.USER,
            [types.User, types.UserEmpty, types.PeerUser, types.InputPeerUser, types.InputPeerSelf, types.InputUser,
             types.InputUserSelf, types.InputUserEmpty, types.InputPeerUserFromMessage, types.InputUserFromMessage,
             types.UserFull],
        ),
        (
            _EntityType.CHAT,
            [types.Chat, types.ChatEmpty, types.ChatForbidden, types.PeerChat, types.InputPeerChat, types.ChatFull],
        ),
        (
            _EntityType.CHANNEL,
            [types.Channel, types.ChannelForbidden, types.PeerChannel, types.InputPeerChannel, types.InputChannel,
             types.InputChannelEmpty, types.InputPeerChannelFromMessage, types.InputChannelFromMessage,
             types.ChannelFull],
        ),
    ],
)  # fmt: skip
def test_entity_type(kind: _EntityType, classes: list[Any]) -> None:
    for cls in classes:
        assert helpers._entity_type(_made(cls)) is kind

        class Mine(cls):  # type: ignore[misc]
            pass

        assert helpers._entity_type(_made(Mine)) is kind


@pytest.mark.parametrize("value", [types.InputPeerEmpty(), types.InputNotifyPeer(types.InputPeerSelf()), types.User,
                                   _made(types.Community), _made(types.messages.ChatFull)])  # fmt: skip
def test_entity_type_of_what_has_none(value: Any) -> None:
    with pytest.raises(TypeError, match="does not have any entity type"):
        helpers._entity_type(value)


@pytest.mark.parametrize("value", [5, "secret", None])
def test_entity_type_of_other_things(value: Any) -> None:
    with pytest.raises(TypeError, match="is not a TLObject, cannot determine entity type") as caught:
        helpers._entity_type(value)
    assert "secret" not in str(caught.value)


# -- tasks and loops


async def test_maybe_await() -> None:
    async def five() -> int:
        return 5

    assert await helpers._maybe_await(3) == 3
    assert await helpers._maybe_await(five()) == 5
    done: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    done.set_result(7)
    assert await helpers._maybe_await(done) == 7


async def test_cancel_ends_tasks_and_logs_what_they_raise(caplog: pytest.LogCaptureFixture) -> None:
    async def patient() -> None:
        await asyncio.sleep(1000)

    async def stubborn() -> None:
        try:
            await asyncio.sleep(1000)
        except asyncio.CancelledError:
            raise KeyError("stubborn") from None

    async def failed() -> None:
        raise ValueError("failed")

    tasks = {function.__name__: asyncio.ensure_future(function()) for function in (patient, stubborn, failed)}
    await asyncio.sleep(0)
    await helpers._cancel(logging.getLogger("test"), nothing=None, **tasks)
    assert all(task.done() for task in tasks.values())
    assert tasks["patient"].cancelled()
    assert [record.args for record in caplog.records] == [("stubborn",), ("failed",)]
    assert all(record.exc_info for record in caplog.records)


async def test_cancel_can_itself_be_cancelled() -> None:
    holding = asyncio.Event()
    release = asyncio.Event()

    async def slow() -> None:
        try:
            await asyncio.sleep(1000)
        except asyncio.CancelledError:
            holding.set()
            await release.wait()

    task = asyncio.ensure_future(slow())
    await asyncio.sleep(0)
    cancelling = asyncio.ensure_future(helpers._cancel(logging.getLogger("test"), slow=task))
    await holding.wait()
    cancelling.cancel()
    with pytest.raises(asyncio.CancelledError):
        await cancelling
    assert not task.done()
    release.set()
    await task


async def test_cancel_of_the_task_that_calls_it() -> None:
    async def ends_itself() -> None:
        await helpers._cancel(logging.getLogger("test"), me=asyncio.current_task())
        await asyncio.sleep(0)

    task = asyncio.ensure_future(ends_itself())
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_get_running_loop_inside_of_one() -> None:
    assert helpers.get_running_loop() is asyncio.get_running_loop()


@pytest.mark.filterwarnings("error")
@pytest.mark.usefixtures("no_loop")
def test_get_running_loop_makes_one_where_there_is_none() -> None:
    loop = helpers.get_running_loop()
    assert not loop.is_running()
    assert helpers.get_running_loop() is loop
    assert loop.run_until_complete(_gives(5)) == 5


async def _gives(value: Any) -> Any:
    return value


@pytest.mark.filterwarnings("error")
@pytest.mark.usefixtures("no_loop")
def test_get_running_loop_after_asyncio_run() -> None:
    asyncio.run(_gives(1))
    loop = helpers.get_running_loop()
    assert loop.run_until_complete(_gives(2)) == 2


@pytest.mark.filterwarnings("error")
@pytest.mark.usefixtures("no_loop")
def test_get_running_loop_when_that_of_the_thread_is_closed() -> None:
    closed = asyncio.new_event_loop()
    asyncio.set_event_loop(closed)
    closed.close()
    loop = helpers.get_running_loop()
    assert loop is not closed
    assert loop.run_until_complete(_gives(2)) == 2
    assert helpers.get_running_loop() is loop


@pytest.mark.filterwarnings("error")
def test_get_running_loop_in_another_thread() -> None:
    found: list[Any] = []

    def look() -> None:
        loop = helpers.get_running_loop()
        found.extend((loop, helpers.get_running_loop(), loop.run_until_complete(_gives(2))))
        loop.close()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert found[0] is found[1]
    assert found[2] == 2


class _Resource:
    def __init__(self, loop: asyncio.AbstractEventLoop | None = None) -> None:
        if loop is not None:
            self.loop = loop
        self.exits: list[Any] = []

    __enter__ = helpers._sync_enter
    __exit__ = helpers._sync_exit

    async def __aenter__(self) -> str:
        return "entered"

    async def __aexit__(self, *args: Any) -> str:
        self.exits.append(args)
        return "left"


def test_sync_enter_and_exit() -> None:
    loop = asyncio.new_event_loop()
    resource = _Resource(loop)
    with resource as entered:
        assert entered == "entered"
    assert resource.exits == [(None, None, None)]
    # Helpers of a client, such as a conversation, have it as `_client`.
    held = _Resource()
    held._client = _Resource(loop)  # type: ignore[attr-defined]
    assert helpers._sync_enter(held) == "entered"
    assert helpers._sync_exit(held, 1, 2, 3) == "left"
    loop.close()


async def test_sync_enter_in_a_running_loop() -> None:
    with pytest.raises(RuntimeError, match='You must use "async with"'), _Resource(asyncio.get_running_loop()):
        pass


# -- lists and files


def test_total_list() -> None:
    plain: TotalList[Any] = TotalList([1, "a"])
    assert plain == [1, "a"]
    assert plain.total == 0
    plain.total = 9
    assert str(plain) == "[1, a, total=9]"
    assert repr(plain) == "[1, 'a', total=9]"
    assert str(TotalList()) == "[, total=0]"
    assert isinstance(plain, list)


def test_ensure_parent_dir_exists(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    helpers.ensure_parent_dir_exists(str(tmp_path / "a" / "b" / "file"))
    helpers.ensure_parent_dir_exists(tmp_path / "c" / "file")
    helpers.ensure_parent_dir_exists(tmp_path / "c" / "file")
    helpers.ensure_parent_dir_exists("file")
    helpers.ensure_parent_dir_exists("")
    assert {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*")} == {"a", "a/b", "c"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "file.bin"
    path.write_bytes(b"0123456789")
    return path


async def test_file_stream_of_a_path(file: Path) -> None:
    for what in (file, str(file)):
        stream = _FileStream(what)
        async with stream as entered:
            assert entered is stream
            assert (stream.file_size, stream.name) == (10, "file.bin")
            assert stream.read(3) == b"012"
            assert stream.tell() == 3
            assert stream.seek(0) == 0
            inner = stream._stream
        assert inner.closed
    gc.collect()
    with pytest.raises(FileNotFoundError):
        await _FileStream(str(file) + "x").__aenter__()


async def test_file_stream_of_bytes() -> None:
    async with _FileStream(b"abc", file_size=77) as stream:
        assert (stream.file_size, stream.name) == (3, None)
        assert stream.read() == b"abc"
        assert stream.seekable()


async def test_file_stream_of_streams(file: Path) -> None:
    buffer = io.BytesIO(b"hello world")
    buffer.seek(2)
    buffer.name = "x.txt"
    async with _FileStream(buffer) as stream:
        assert (stream.file_size, stream.name) == (11, "x.txt")
        assert stream.read(3) == b"llo"
    assert not buffer.closed
    with file.open("rb") as opened:
        async with _FileStream(opened, file_size=3) as stream:
            assert (stream.file_size, stream.name) == (3, str(file))


async def test_file_stream_of_asynchronous_streams(caplog: pytest.LogCaptureFixture) -> None:
    class Asynchronous:
        name = "remote"

        async def read(self, size: int = -1) -> bytes:
            return b"12345"

    async with _FileStream(Asynchronous(), file_size=5) as stream:
        assert (stream.file_size, stream.name) == (5, "remote")
        assert await stream.read(5) == b"12345"
    assert not caplog.records
    # Its size is not known, so it has to be read.
    async with _FileStream(Asynchronous()) as stream:
        assert stream.file_size == 5
        assert stream.read(2) == b"12"
    assert [record.levelname for record in caplog.records] == ["WARNING"]


async def test_file_stream_of_other_things() -> None:
    for what in (5, None, object()):
        with pytest.raises(TypeError, match="should have a `read` method"):
            await _FileStream(what).__aenter__()


def test_file_stream_is_a_stream() -> None:
    stream = _FileStream(b"abc")
    assert isinstance(stream, io.IOBase)
    assert stream.file_size is stream.name is None
    stream.close()
    for name in ("read", "readinto", "write", "fileno", "flush", "isatty", "readable", "readline", "readlines", "seek",
                 "seekable", "tell", "truncate", "writable", "writelines"):  # fmt: skip
        assert inspect.getdoc(getattr(_FileStream, name))
        assert getattr(_FileStream, name).__name__ == name
