"""A stream reader whose bytes can be taken as they arrive."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from telethon.network.connection import _reader
from telethon.network.connection._reader import BufferedReaderProtocol, DivertableReader


async def diverted(reader: DivertableReader) -> tuple[list[bytes], list[Any]]:
    taken: list[bytes] = []
    ended: list[Any] = []
    await reader.divert(taken.append, ended.append)
    return taken, ended


async def test_reads_as_any_reader_before():
    reader = DivertableReader()
    reader.feed_data(b"abcdef")
    assert await reader.readexactly(3) == b"abc"
    reader.feed_eof()
    assert await reader.read() == b"def"


async def test_early_bytes_come_first():
    reader = DivertableReader()
    reader.feed_data(b"ab")
    reader.feed_data(b"cd")
    taken, ended = await diverted(reader)
    reader.feed_data(bytearray(b"ef"))
    reader.feed_data(memoryview(b"gh"))
    assert taken == [b"abcd", b"ef", b"gh"]
    assert ended == []


async def test_the_end_is_told_once():
    reader = DivertableReader()
    taken, ended = await diverted(reader)
    error = ConnectionResetError()
    reader.set_exception(error)
    reader.feed_eof()
    assert (taken, ended) == ([], [error])


async def test_an_end_before_diverting_is_told_too():
    reader = DivertableReader()
    reader.feed_data(b"ab")
    reader.feed_eof()
    assert await diverted(reader) == ([b"ab"], [None])


async def test_released_reader_is_silent():
    reader = DivertableReader()
    taken, ended = await diverted(reader)
    reader.release()
    reader.feed_data(b"ab")
    reader.feed_eof()
    assert (taken, ended) == ([], [])


@pytest.fixture
def fresh_buffer(monkeypatch):
    monkeypatch.setattr(_reader, "_buffer", _reader._Buffer())


async def test_connections_of_a_thread_use_one_buffer(fresh_buffer):
    loop = asyncio.get_running_loop()
    readers = [DivertableReader(loop=loop) for _ in range(2)]
    one, other = (BufferedReaderProtocol(reader, loop) for reader in readers)
    buffer = one.get_buffer(-1)
    buffer[:2] = b"ab"
    one.buffer_updated(2)
    taken, _ = await diverted(readers[0])
    taken_by_other, _ = await diverted(readers[1])
    again = other.get_buffer(-1)
    assert again is buffer
    again[:1] = b"c"
    other.buffer_updated(1)
    again[:1] = b"d"
    one.buffer_updated(1)
    assert (taken, taken_by_other) == ([b"ab", b"d"], [b"c"]), "what was handed on does not change with the buffer"
    assert await asyncio.to_thread(one.get_buffer, -1) is not buffer, "threads do not wait for each other"


class Stripes:
    """A stream inside of another one: everything is doubled, and it begins behind an exclamation mark."""

    def __init__(self) -> None:
        self.ready = False

    def unwrap(self, data: bytes) -> bytes:
        if not self.ready:
            _, mark, data = data.partition(b"!")
            self.ready = bool(mark)
        if b"?" in data:
            raise ValueError("a question")
        return data[::2]


async def test_a_buffer_that_was_full_grows_up_to_a_mebibyte(fresh_buffer):
    loop = asyncio.get_running_loop()
    reader = DivertableReader(loop=loop)
    protocol = BufferedReaderProtocol(reader, loop)
    taken, _ = await diverted(reader)
    sizes: list[int] = []
    for number in range(6):
        buffer = protocol.get_buffer(-1)
        sizes.append(len(buffer))
        buffer[:] = bytes([number]) * len(buffer)
        protocol.buffer_updated(len(buffer) - 1 if number == 1 else len(buffer))
    assert [size // 1024 for size in sizes] == [128, 256, 256, 512, 1024, 1024]
    assert [len(data) for data in taken] == [sizes[0], sizes[1] - 1, *sizes[2:]]
    assert [set(data) for data in taken] == [{number} for number in range(6)]


async def test_T6_bytes_inside_of_another_stream():
    reader, stripes = DivertableReader(), Stripes()
    reader.feed_data(b"hel")
    going = asyncio.ensure_future(reader.go_through(stripes.unwrap, lambda: stripes.ready))
    await asyncio.sleep(0)
    reader.feed_data(b"lo!aabb")
    await going
    reader.feed_data(b"ccdd")
    assert await reader.readexactly(3) == b"abc"
    reader.feed_data(b"ee")
    taken, ended = await diverted(reader)
    reader.feed_data(b"ffgg")
    assert b"".join(taken) == b"defg"
    reader.feed_data(b"hh?")
    reader.feed_data(b"ii")
    assert b"".join(taken) == b"defg"
    assert [str(error) for error in ended] == ["a question"]


async def test_T6_nothing_inside_yet_leaves_nothing_to_wait_for():
    reader, stripes = DivertableReader(), Stripes()
    reader.feed_data(b"hello!")
    await reader.go_through(stripes.unwrap, lambda: stripes.ready)
    taken, _ = await asyncio.wait_for(diverted(reader), 5)
    reader.feed_data(b"aa")
    assert taken == [b"a"]


async def test_T6_what_is_wrong_inside_reaches_who_reads():
    reader, stripes = DivertableReader(), Stripes()
    reader.feed_data(b"!")
    await reader.go_through(stripes.unwrap, lambda: stripes.ready)
    reader.feed_data(b"aa?")
    with pytest.raises(ValueError, match="a question"):
        await reader.readexactly(1)


async def test_T6_an_end_during_the_greeting_is_an_error():
    reader, stripes = DivertableReader(), Stripes()
    reader.feed_data(b"hel")
    reader.feed_eof()
    with pytest.raises(ConnectionResetError, match="during its greeting"):
        await reader.go_through(stripes.unwrap, lambda: stripes.ready)
