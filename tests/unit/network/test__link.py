"""One open connection in use: when nothing may be written, and how it closes."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from telethon.network import ConnectionTcpFull
from telethon.network._link import Link, close_connection


class Told:
    def __init__(self) -> None:
        self.packets: list[bytes] = []
        self.lost: list[BaseException] = []
        self.room = 0

    def link(self, connection: Any) -> Link:
        return Link(
            connection,
            on_packets=self.packets.extend,
            on_lost=self.lost.append,
            on_progress=lambda: None,
            on_room=self.on_room,
        )

    def on_room(self) -> None:
        self.room += 1


async def opened(server: Any, loggers: Any, cls: Any = ConnectionTcpFull) -> Any:
    connection = cls(server.host, server.port, 2, loggers=loggers)
    await connection.connect()
    return connection


def pause(peer: Any) -> None:
    # Python 3.10 begins to read after this, whatever is said now.
    asyncio.get_running_loop().call_soon(peer.transport.pause_reading)


async def test_full_socket_stops_writing_until_there_is_room(server, loggers):
    server.on_accept = pause
    told = Told()
    link = told.link(await opened(server, loggers))
    link.start()
    while not server.peers or server.peers[0].transport.is_reading():
        await asyncio.sleep(0.001)
    written = 0
    while not link.is_full:
        link.write([bytes(100_000)])
        written += 100_000
        await asyncio.sleep(0)
        assert written < 100_000_000
    assert told.room == 0
    server.deaf = True
    server.peers[0].transport.resume_reading()
    while link.is_full:
        await asyncio.sleep(0.001)
    assert told.room == 1
    await link.close()


async def test_losing_the_connection_while_the_socket_is_full(server, loggers):
    server.on_accept = pause
    told = Told()
    link = told.link(await opened(server, loggers))
    link.start()
    while not server.peers or server.peers[0].transport.is_reading():
        await asyncio.sleep(0.001)
    while not link.is_full:
        link.write([bytes(100_000)])
        await asyncio.sleep(0)
    server.drop_all()
    while not told.lost:
        await asyncio.sleep(0.001)
    assert isinstance(told.lost[0], ConnectionError)
    await link.close()
    assert len(told.lost) == 1
    assert not link._tasks


async def test_what_cannot_be_written_ends_it(server, loggers):
    told = Told()
    link = told.link(await opened(server, loggers))
    link.start()
    link.write([b"x"])
    assert len(told.lost) == 1
    link.write([b"x"])
    assert len(told.lost) == 1
    await link.close()


async def test_closed_link_says_nothing(server, loggers):
    told = Told()
    link = told.link(await opened(server, loggers))
    link.start()
    await link.close()
    assert told.lost == []


class Own(ConnectionTcpFull):
    """One that wants to see every packet."""

    fails = False

    def send(self, data: bytes) -> Any:
        if self.fails:
            raise ValueError("no")
        return super().send(data)

    async def recv(self) -> bytes:
        return await super().recv()


async def test_connection_of_somebody_else_is_served_by_tasks(server, loggers):
    told = Told()
    link = told.link(await opened(server, loggers, Own))
    link.start()
    server.peers[0].server.on_packet = lambda peer, packet: peer.send_packet(packet)
    link.write([b"abcd", b"efgh"])
    assert link.is_full
    link.write([b"ijkl"])
    while len(told.packets) < 3:
        await asyncio.sleep(0.001)
    assert told.packets == [b"abcd", b"efgh", b"ijkl"]
    assert told.room == 1
    Own.fails = True
    try:
        link.write([b"mnop"])
        while not told.lost:
            await asyncio.sleep(0.001)
    finally:
        Own.fails = False
    assert isinstance(told.lost[0], ValueError)
    await link.close()
    assert not link._tasks


async def test_I4_closing_never_takes_long(server, loggers, monkeypatch):
    connection = await opened(server, loggers)

    async def forever() -> None:
        await asyncio.sleep(1000)

    monkeypatch.setattr(connection, "disconnect", forever)
    monkeypatch.setattr("telethon.network._link._CLOSE_PATIENCE", 0.01)
    await asyncio.wait_for(close_connection(connection), 1)
    assert connection._writer.transport.is_closing()


async def test_closing_that_fails_is_enough(server, loggers, monkeypatch):
    connection = await opened(server, loggers)

    async def wrong() -> None:
        raise ValueError("no")

    monkeypatch.setattr(connection, "disconnect", wrong)
    await close_connection(connection)
    assert connection._writer.transport.is_closing()


async def test_closing_can_be_cancelled(server, loggers, monkeypatch):
    connection = await opened(server, loggers)

    async def forever() -> None:
        await asyncio.sleep(1000)

    monkeypatch.setattr(connection, "disconnect", forever)
    with pytest.raises(asyncio.TimeoutError):
        await asyncio.wait_for(close_connection(connection), 0.01)
    await asyncio.sleep(0)
    assert asyncio.all_tasks() == {asyncio.current_task()}
    connection._writer.transport.abort()
    await asyncio.sleep(0)
