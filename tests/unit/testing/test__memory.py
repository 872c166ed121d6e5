from __future__ import annotations

import asyncio
from typing import Any

from telethon.testing._memory import connect_pair


class End(asyncio.Protocol):
    def __init__(self, keep_open: bool = False) -> None:
        self.events: list[Any] = []
        self.keep_open = keep_open
        self.transport: Any = None

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.events.append(data)

    def eof_received(self) -> bool:
        self.events.append("eof")
        return self.keep_open

    def connection_lost(self, exc: Exception | None) -> None:
        self.events.append(type(exc).__name__)


async def turn() -> None:
    for _ in range(4):
        await asyncio.sleep(0)


def pair(**kwargs: Any) -> tuple[End, End]:
    server, client = End(**kwargs), End()
    assert connect_pair(server, client, ("memory", 2)) is client.transport
    assert client.transport.get_protocol() is client
    assert client.transport.get_extra_info("peername") == ("memory", 2)
    return server, client


async def test_bytes_arrive_together_in_the_next_turn() -> None:
    server, client = pair()
    client.transport.write(b"one")
    client.transport.writelines([b"two", bytearray(b"three")])
    client.transport.write(b"")
    assert server.events == []
    await turn()
    assert server.events == [b"onetwothree"]
    server.transport.write(b"back")
    await turn()
    assert client.events == [b"back"]
    assert client.transport.get_write_buffer_size() == 0
    client.transport.set_write_buffer_limits(1)


async def test_close_lets_everything_arrive() -> None:
    server, client = pair()
    client.transport.write(b"last")
    client.transport.close()
    client.transport.write(b"too late")
    client.transport.close()
    assert client.transport.is_closing()
    await turn()
    assert server.events == [b"last", "eof", "NoneType"]
    assert client.events == ["NoneType"]
    assert server.transport.is_closing()


async def test_abort_loses_what_is_on_its_way() -> None:
    server, client = pair()
    client.transport.write(b"lost")
    client.transport.abort()
    await turn()
    assert server.events == ["ConnectionResetError"]
    assert client.events == ["NoneType"]


async def test_half_closed_connections_go_on() -> None:
    server, client = pair(keep_open=True)
    assert client.transport.can_write_eof()
    client.transport.write_eof()
    await turn()
    server.transport.write(b"still here")
    await turn()
    assert server.events == ["eof"]
    assert client.events == [b"still here"]


async def test_reading_can_pause() -> None:
    server, client = pair()
    client.transport.write(b"one")
    server.transport.pause_reading()
    assert not server.transport.is_reading()
    client.transport.write(b"two")
    client.transport.close()
    await turn()
    assert server.events == []
    server.transport.resume_reading()
    assert server.transport.is_reading()
    await turn()
    assert server.events == [b"onetwo", "eof", "NoneType"]


async def test_protocols_can_be_replaced() -> None:
    server, client = pair()
    other = End()
    server.transport.set_protocol(other)
    client.transport.write(b"x")
    await turn()
    assert (server.events, other.events) == ([], [b"x"])
