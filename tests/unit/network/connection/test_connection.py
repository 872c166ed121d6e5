"""Connections over loopback, and what subclasses may change about them."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import pytest

from telethon import errors
from telethon.mtproto.codecs.abridged import AbridgedCodec
from telethon.mtproto.codecs.full import FullCodec
from telethon.mtproto.side import Side
from telethon.network import Connection, ConnectionTcpAbridged, ConnectionTcpFull
from telethon.network.connection import connection as module
from telethon.network.connection.tcpfull import FullPacketCodec


class Loggers(dict[str, Any]):
    def __missing__(self, key: str) -> Any:
        import logging

        return logging.getLogger(key)


class Peer(asyncio.Protocol):
    def __init__(self, echo: Echo) -> None:
        self.echo = echo
        self.codec = FullCodec(Side.SERVER)
        self.raw = b""
        self.transport: Any = None

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        self.echo.peers.append(self)

    def data_received(self, data: bytes) -> None:
        self.raw += data
        for packet in self.codec.feed(data):
            if self.echo.answers:
                self.transport.write(self.codec.encode(packet))

    def connection_lost(self, exc: Exception | None) -> None:
        self.echo.peers.remove(self)


class Echo:
    """Sends back each packet of the full transport."""

    def __init__(self) -> None:
        self.peers: list[Peer] = []
        self.answers = True
        self.port = 0

    async def __aenter__(self) -> Echo:
        loop = asyncio.get_running_loop()
        self.server = await loop.create_server(lambda: Peer(self), "127.0.0.1", 0)
        self.port = self.server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *args: object) -> None:
        self.server.close()
        for _ in range(100):
            if not self.peers:
                return
            await asyncio.sleep(0.001)
        raise AssertionError("a socket was left open")

    def connection(self, cls: Any = ConnectionTcpFull, **options: Any) -> Any:
        return cls("127.0.0.1", self.port, 2, loggers=Loggers(), **options)


async def test_packets_there_and_back():
    async with Echo() as echo:
        connection = echo.connection()
        assert str(connection) == f"127.0.0.1:{echo.port}/TcpFull"
        await connection.connect(timeout=5)
        for size in (4, 100, 300_000):
            await connection.send(bytes(size))
            assert await connection.recv() == bytes(size)
        await connection.disconnect()
        assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_needs_no_task():
    async with Echo() as echo:
        connection = echo.connection()
        await connection.connect()
        assert asyncio.all_tasks() == {asyncio.current_task()}
        await connection.disconnect()


async def test_before_connecting_and_after_the_end():
    async with Echo() as echo:
        connection = echo.connection()
        with pytest.raises(ConnectionError, match="Not connected"):
            connection.send(b"abcd")
        with pytest.raises(ConnectionError, match="Not connected"):
            await connection.recv()
        await connection.disconnect()
        await connection.connect()
        await connection.disconnect()
        with pytest.raises(ConnectionError, match="Not connected"):
            connection.send(b"abcd")


async def test_disconnecting_wakes_who_waits():
    async with Echo() as echo:
        connection = echo.connection()
        await connection.connect()
        waiting = [asyncio.ensure_future(connection.recv()) for _ in range(3)]
        await asyncio.sleep(0)
        await connection.disconnect()
        for task in waiting:
            with pytest.raises(ConnectionError):
                await asyncio.wait_for(task, 1)


async def test_cancelled_reading_takes_nothing():
    async with Echo() as echo:
        connection = echo.connection()
        await connection.connect()
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(connection.recv(), 0.01)
        await connection.send(b"abcd")
        assert await asyncio.wait_for(connection.recv(), 5) == b"abcd"
        await connection.disconnect()


async def test_packets_before_the_end_are_not_lost():
    async with Echo() as echo:
        connection = echo.connection()
        await connection.connect()
        await connection.send(b"abcd")
        while not echo.peers or not echo.peers[0].raw:
            await asyncio.sleep(0.001)
        echo.peers[0].transport.close()
        assert await connection.recv() == b"abcd"
        with pytest.raises(ConnectionResetError, match="closed the connection"):
            await connection.recv()
        with pytest.raises(ConnectionError):
            await connection.recv()
        await connection.disconnect()


async def test_connects_again():
    async with Echo() as echo:
        connection = echo.connection()
        for _ in range(3):
            await connection.connect()
            await connection.send(b"abcd")
            assert await connection.recv() == b"abcd"
            await connection.disconnect()


async def test_T2_damaged_packet_is_an_error():
    async with Echo() as echo:
        connection = echo.connection()
        await connection.connect()
        await connection.send(b"abcd")
        await connection.recv()
        frame = bytearray(FullCodec(Side.SERVER).encode(b"abcd"))
        frame[9] ^= 1
        echo.peers[0].transport.write(bytes(frame))
        with pytest.raises(errors.InvalidChecksumError):
            await connection.recv()
        await connection.disconnect()


async def test_T2_damage_behind_good_packets_is_noticed_at_once():
    async with Echo() as echo:
        connection = echo.connection()
        await connection.connect()
        await connection.send(b"abcd")
        await connection.recv()
        sender = FullCodec(Side.SERVER)
        sender.encode(b"abcd")
        frames = bytearray(sender.encode(b"efgh") + sender.encode(b"ijkl"))
        frames[-1] ^= 1
        echo.peers[0].transport.write(bytes(frames))
        assert await connection.recv() == b"efgh"
        with pytest.raises(errors.InvalidChecksumError):
            await asyncio.wait_for(connection.recv(), 5)
        await connection.disconnect()


async def test_T1_huge_packet_is_refused_at_its_announcement():
    async with Echo() as echo:
        connection = echo.connection()
        await connection.connect()
        while not echo.peers:
            await asyncio.sleep(0.001)
        echo.peers[0].transport.write((1 << 30).to_bytes(4, "little"))
        with pytest.raises(errors.InvalidBufferError):
            await connection.recv()
        await connection.disconnect()


async def test_refused_connection_leaves_nothing():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    connection = ConnectionTcpFull("127.0.0.1", port, 2, loggers=Loggers())
    with pytest.raises(ConnectionRefusedError):
        await connection.connect(timeout=5)
    assert not connection._connected


async def test_I27_connecting_has_a_limit(monkeypatch):
    connection = ConnectionTcpFull("127.0.0.1", 1, 2, loggers=Loggers())

    async def never(*args: Any) -> None:
        await asyncio.sleep(1000)

    monkeypatch.setattr(connection, "_open", never)
    with pytest.raises(asyncio.TimeoutError, match=r"took longer than 0\.01 s"):
        await connection.connect(timeout=0.01)


async def test_socket_is_closed_when_the_first_bytes_cannot_be_written():
    class Wrong(ConnectionTcpFull):
        def _init_conn(self) -> None:
            raise ValueError("no")

    async with Echo() as echo:
        connection = echo.connection(Wrong)
        with pytest.raises(ValueError, match="no"):
            await connection.connect()
        await asyncio.sleep(0.01)
        assert echo.peers == []


@pytest.mark.parametrize("local", ["127.0.0.1", ("127.0.0.1", 0), ("127.0.0.1", None)])
async def test_local_address(local):
    async with Echo() as echo:
        connection = echo.connection(local_addr=local)
        await connection.connect()
        assert connection._writer.get_extra_info("sockname")[0] == "127.0.0.1"
        await connection.disconnect()


async def test_local_address_of_another_form():
    connection = ConnectionTcpFull("127.0.0.1", 1, 2, loggers=Loggers(), local_addr=5)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="Unknown local address format"):
        await connection.connect()


async def test_reading_pauses_when_nobody_takes_packets(monkeypatch):
    monkeypatch.setattr(module, "_MAX_WAITING", 1_000_000)
    async with Echo() as echo:
        connection = echo.connection()
        await connection.connect()
        sending = [asyncio.ensure_future(connection.send(bytes(100_000))) for _ in range(50)]
        while not connection._paused:
            await asyncio.sleep(0.001)
        assert connection._waiting < 2_000_000
        for _ in range(50):
            assert await connection.recv() == bytes(100_000)
        assert not connection._paused
        await asyncio.gather(*sending)
        await connection.disconnect()


async def test_packets_are_handed_over():
    async with Echo() as echo:
        connection = echo.connection()
        await connection.connect()
        await connection.send(b"abcd")
        while not connection._packets:
            await asyncio.sleep(0.001)
        taken: list[Any] = []
        progress: list[int] = []
        assert connection._hand_over(taken.extend, taken.append, lambda: progress.append(1))
        assert taken == [b"abcd"]
        await connection.send(b"efgh")
        while len(taken) < 2:
            await asyncio.sleep(0.001)
        frame = echo.peers[0].codec.encode(b"ijkl")
        echo.peers[0].transport.write(frame[:7])
        while not progress:
            await asyncio.sleep(0.001)
        echo.peers[0].transport.write(frame[7:])
        echo.peers[0].transport.close()
        while len(taken) < 4:
            await asyncio.sleep(0.001)
        assert taken[:3] == [b"abcd", b"efgh", b"ijkl"]
        assert isinstance(taken[3], ConnectionError)
        await connection.disconnect()


# -- subclasses --------------------------------------------------------------------------------------------------------


async def test_subclass_opens_its_own_stream():
    """As classes do that reach Telegram through something else than a socket of their own."""

    class Own(ConnectionTcpFull):
        async def _connect(self, timeout: Any = None, ssl: Any = None) -> None:
            self._reader, self._writer = await asyncio.open_connection(self._ip, self._port)
            self._codec = self.packet_codec(self)
            self._init_conn()
            await self._writer.drain()

    async with Echo() as echo:
        connection = echo.connection(Own)
        await connection.connect(timeout=5)
        for size in (4, 300_000):
            await connection.send(bytes(size))
            assert await connection.recv() == bytes(size)
        echo.peers[0].transport.close()
        with pytest.raises(ConnectionResetError, match="closed the connection"):
            await connection.recv()
        await connection.disconnect()


async def test_subclass_sees_each_packet():
    seen: list[Any] = []

    class Watching(ConnectionTcpFull):
        def _send(self, data: bytes) -> None:
            seen.append(data)
            super()._send(data)

        async def _recv(self) -> bytes:
            packet = await super()._recv()
            seen.append(packet)
            return packet

    async with Echo() as echo:
        connection = echo.connection(Watching)
        await connection.connect()
        await connection.send(b"abcd")
        assert await connection.recv() == b"abcd"
        assert seen == [b"abcd", b"abcd"]
        await connection.disconnect()


async def test_subclass_brings_its_own_loops():
    class Loops(Connection):
        packet_codec = FullPacketCodec

        async def _send_loop(self) -> None:
            while self._connected:
                self._send(await self._send_queue.get())

        async def _recv_loop(self) -> None:
            while self._connected:
                await self._recv_queue.put((await self._recv(), None))

    async with Echo() as echo:
        connection = echo.connection(Loops)
        await connection.connect()
        await connection.send(b"abcd")
        assert await connection.recv() == b"abcd"
        await connection.disconnect()
        assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_subclass_brings_a_codec_that_reads():
    class Codec(FullPacketCodec):
        async def read_packet(self, reader: Any) -> bytes:
            return b"xx" + await super().read_packet(reader)

    class Own(ConnectionTcpFull):
        packet_codec = Codec

    async with Echo() as echo:
        connection = echo.connection(Own)
        await connection.connect()
        await connection.send(b"abcd")
        assert await connection.recv() == b"xxabcd"
        await connection.disconnect()


async def test_damage_reaches_who_reads_through_a_task():
    class Own(ConnectionTcpFull):
        async def _recv(self) -> bytes:
            return await super()._recv()

    async with Echo() as echo:
        connection = echo.connection(Own)
        await connection.connect()
        while not echo.peers:
            await asyncio.sleep(0.001)
        echo.peers[0].transport.write((1 << 30).to_bytes(4, "little"))
        with pytest.raises(errors.InvalidBufferError):
            await connection.recv()
        with pytest.raises(ConnectionError):
            await asyncio.wait_for(connection.recv(), 5)
        await connection.disconnect()


async def test_tag_goes_first():
    async with Echo() as echo:
        connection = echo.connection(ConnectionTcpAbridged)
        await connection.connect()
        while not echo.peers or not echo.peers[0].raw:
            await asyncio.sleep(0.001)
        assert echo.peers[0].raw == AbridgedCodec.tag
        await connection.disconnect()
