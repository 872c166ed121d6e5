"""The HTTP transport against a small server."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from fakeserver import auth_key

from telethon.network import ConnectionHttp, MTProtoSender
from telethon.network.connection import http
from telethon.tl import functions, types

NEAREST = types.NearestDc("xx", 1, 2)


async def test_requests_and_answers(server, loggers):
    server.answer = lambda body: bytes(NEAREST)
    sender = MTProtoSender(auth_key(), loggers=loggers)
    await sender.connect(ConnectionHttp(server.host, server.port, 2, loggers=loggers))
    assert await sender.send(functions.help.GetNearestDcRequest()) == NEAREST
    await sender.disconnect()


async def test_tls_depends_on_the_port(loggers, monkeypatch):
    asked = []

    async def connect(self, timeout=None, ssl=None):
        asked.append(ssl)

    monkeypatch.setattr(http.Connection, "connect", connect)
    for port, ssl in ((443, None), (80, None), (443, False), (80, True)):
        await ConnectionHttp("h", port, 2, loggers=loggers).connect(ssl=ssl)
    assert asked == [True, False, False, True]
    assert http.SSL_PORT == 443


class Sockets:
    """A server that answers when a test says so, and counts what came over which socket."""

    async def __aenter__(self) -> Sockets:
        self.open: list[Any] = []
        self.came: list[tuple[int, bytes]] = []
        self.server = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        self.port = self.server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *args: object) -> None:
        self.server.close()
        for writer in self.open:
            writer.close()

    async def serve(self, reader: Any, writer: Any) -> None:
        number = len(self.open)
        self.open.append(writer)
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                size = int(head.lower().split(b"content-length:")[1].split(b"\r")[0])
                self.came.append((number, await reader.readexactly(size)))
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    def answer(self, number: int, body: bytes, status: str = "200 OK") -> None:
        self.open[number].write(f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)

    async def until(self, condition: Any) -> None:
        for _ in range(2000):
            if condition():
                return
            await asyncio.sleep(0.001)
        raise AssertionError("it did not happen")


@pytest.fixture
async def sockets():
    async with Sockets() as made:
        yield made


@pytest.fixture
async def connection(sockets, loggers):
    made = ConnectionHttp("127.0.0.1", sockets.port, 2, loggers=loggers)
    await made.connect(timeout=5, ssl=False)
    yield made
    await made.disconnect()


async def test_each_socket_carries_one_request(sockets, connection):
    for number in range(3):
        await connection.send(bytes((number,)) * 4)
    await sockets.until(lambda: len(sockets.came) == 3)
    assert sockets.came == [(0, b"\0" * 4), (1, b"\1" * 4), (2, b"\2" * 4)]
    sockets.answer(1, b"abcd")
    assert await connection.recv() == b"abcd"
    await connection.send(b"next")
    await sockets.until(lambda: len(sockets.came) == 4)
    assert sockets.came[3] == (1, b"next")


async def test_when_to_poll(sockets, connection):
    assert connection._must_poll()
    await connection.send(b"poll")
    await connection.send(b"more")
    assert not connection._must_poll()
    await sockets.until(lambda: len(sockets.came) == 2)
    sockets.answer(0, b"abcd")
    await connection.recv()
    assert not connection._must_poll()
    sockets.answer(1, b"abcd")
    await connection.recv()
    assert connection._must_poll()
    await connection.disconnect()
    assert not connection._must_poll()


async def test_the_number_of_sockets_is_limited(sockets, connection):
    for number in range(30):
        await connection.send(bytes((number,)) * 4)
    limit = http._MAX_SOCKETS
    await sockets.until(lambda: len(sockets.came) == limit)
    await asyncio.sleep(0.01)
    assert (len(sockets.open), len(sockets.came)) == (limit, limit)
    done = 0
    while done < 30:
        sockets.answer(sockets.came[done][0], b"abcd")
        done += 1
        await connection.recv()
        await sockets.until(lambda done=done: len(sockets.came) == min(done + limit, 30))
    assert sorted(body for _, body in sockets.came) == [bytes((number,)) * 4 for number in range(30)]
    # In the order in which they were sent, too.
    assert [body for _, body in sockets.came] == sorted(body for _, body in sockets.came)


@pytest.mark.parametrize("number", [0, 1])
async def test_a_socket_lost_with_its_request_ends_the_connection(sockets, connection, number):
    await connection.send(b"one ")
    await connection.send(b"two ")
    await sockets.until(lambda: len(sockets.came) == 2)
    sockets.open[number].close()
    with pytest.raises(ConnectionError):
        await asyncio.wait_for(connection.recv(), 5)


async def test_an_idle_socket_may_go(sockets, connection):
    await connection.send(b"one ")
    await connection.send(b"two ")
    await sockets.until(lambda: len(sockets.came) == 2)
    sockets.answer(1, b"abcd")
    await connection.recv()
    sockets.open[1].close()
    await sockets.until(lambda: not connection._lines)
    await connection.send(b"more")
    await sockets.until(lambda: len(sockets.came) == 3)
    assert sockets.came[2] == (2, b"more")


async def test_T8_codes_of_every_socket(sockets, connection):
    await connection.send(b"one ")
    await connection.send(b"two ")
    await sockets.until(lambda: len(sockets.came) == 2)
    sockets.answer(1, b"", "429 Too Many Requests")
    assert await connection.recv() == (-429).to_bytes(4, "little", signed=True)
    sockets.answer(0, b"", "404 Not Found")
    assert await connection.recv() == (-404).to_bytes(4, "little", signed=True)


async def test_a_further_socket_that_cannot_be_opened_ends_the_connection(sockets, connection):
    sockets.server.close()
    await connection.send(b"one ")
    await connection.send(b"two ")
    with pytest.raises(ConnectionError):
        await asyncio.wait_for(connection.recv(), 5)


async def test_disconnecting_while_a_socket_opens_leaves_nothing(sockets, connection):
    await connection.send(b"one ")
    await connection.send(b"two ")
    assert connection._opening is not None
    await connection.disconnect()
    assert connection._opening is None
    assert not connection._lines
    assert len(asyncio.all_tasks()) <= 2 + len(sockets.open)


async def test_connects_again(sockets, connection):
    await connection.send(b"one ")
    await connection.send(b"two ")
    await sockets.until(lambda: len(sockets.came) == 2)
    await connection.disconnect()
    await connection.connect(timeout=5, ssl=False)
    assert connection._must_poll()
    await connection.send(b"more")
    await sockets.until(lambda: len(sockets.came) == 3)


@pytest.mark.parametrize("number", [0, 1])
def test_S13_a_socket_that_says_nothing_is_given_up(number, loggers, virtual):
    async def main():
        async with Sockets() as sockets:
            made = ConnectionHttp("127.0.0.1", sockets.port, 2, loggers=loggers)
            await made.connect(timeout=5, ssl=False)
            await made.send(b"one ")
            await made.send(b"two ")
            await sockets.until(lambda: len(sockets.came) == 2)
            sockets.answer(1 - number, b"abcd")
            await made.recv()
            loop = asyncio.get_running_loop()
            before = loop.time()
            with pytest.raises(ConnectionError, match="did not answer within 28 s"):
                await made.recv()
            assert 25 < loop.time() - before <= 30
            await made.disconnect()
            assert made._timer is None

    virtual(main)


def test_S13_a_socket_that_answers_within_its_time_stays(loggers, virtual):
    async def main():
        async with Sockets() as sockets:
            made = ConnectionHttp("127.0.0.1", sockets.port, 2, loggers=loggers)
            await made.connect(timeout=5, ssl=False)
            for number in range(20):
                await made.send(b"poll")
                await sockets.until(lambda number=number: len(sockets.came) == number + 1)
                await asyncio.sleep(25)
                sockets.answer(0, b"abcd")
                assert await made.recv() == b"abcd"
            assert len(sockets.open) == 1
            await made.disconnect()

    virtual(main)


async def test_who_reads_in_its_own_way_is_not_polled(sockets, loggers):
    class Own(ConnectionHttp):
        async def _recv(self) -> bytes:
            return await super()._recv()

    made = Own("127.0.0.1", sockets.port, 2, loggers=loggers)
    await made.connect(timeout=5, ssl=False)
    assert not made._must_poll()
    await made.send(b"one ")
    await made.send(b"two ")
    await sockets.until(lambda: len(sockets.came) == 2)
    assert len(sockets.open) == 1
    sockets.answer(0, b"abcd")
    assert await made.recv() == b"abcd"
    await made.disconnect()
