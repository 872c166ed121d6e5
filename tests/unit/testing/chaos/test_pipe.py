"""The pipe with sockets, between a client that writes what it is told and a server that keeps what it gets."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from telethon.errors.common import LocalProtocolError
from telethon.mtproto.codecs.intermediate import IntermediateCodec
from telethon.mtproto.side import Side
from telethon.testing import ChaosPipe, TelegramTestServer, run_virtual
from telethon.tl import functions


def packet(number: int) -> bytes:
    return bytes((number,)) * 40


class Peer(asyncio.Protocol):
    """An end of a connection."""

    def __init__(self, side: Side) -> None:
        self.codec = IntermediateCodec(side)
        self.side = side
        self.transport: Any = None
        self.packets: list[bytes] = []
        self.chunks: list[bytes] = []
        self.ended = False
        self.error: Exception | None = None

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        if self.side is Side.CLIENT:
            transport.write(self.codec.tag)

    def data_received(self, data: bytes) -> None:
        self.chunks.append(data)
        if self.side is Side.SERVER and len(self.chunks) == 1:
            data = data[4:]
        self.packets += self.codec.feed(data) if data else []

    def connection_lost(self, exc: Exception | None) -> None:
        self.ended = True
        self.error = exc

    def send(self, *numbers: int) -> None:
        for number in numbers:
            self.transport.write(self.codec.encode(packet(number)))

    def got(self) -> list[int]:
        return [one[0] for one in self.packets]


class World:
    """A server, a pipe, and as many connections as a test wants."""

    def __init__(self, **options: Any) -> None:
        self.servers: list[Peer] = []
        self.options = options

    async def start(self) -> None:
        loop = asyncio.get_running_loop()
        self.server = await loop.create_server(self.accept, "127.0.0.1", 0)
        self.pipe = ChaosPipe(self.server.sockets[0].getsockname()[:2], **{"seed": 1, **self.options})
        await self.pipe.start()

    def accept(self) -> Peer:
        peer = Peer(Side.SERVER)
        self.servers.append(peer)
        return peer

    async def connect(self) -> tuple[Peer, Peer]:
        self.servers.clear()
        _, client = await asyncio.get_running_loop().create_connection(lambda: Peer(Side.CLIENT), *self.pipe.address())
        client.send(0)
        await until(lambda: self.servers and self.servers[-1].got() == [0])
        server = self.servers[-1]
        server.send(0)
        await until(lambda: client.got() == [0])
        return client, server

    async def stop(self) -> None:
        await self.pipe.stop()
        for peer in self.servers:
            peer.transport.abort()
        self.server.close()
        await self.server.wait_closed()
        await asyncio.sleep(0)


async def until(condition: Callable[[], object]) -> None:
    deadline = asyncio.get_running_loop().time() + 5
    while not condition():
        assert asyncio.get_running_loop().time() < deadline, "it did not happen"
        await asyncio.sleep(0.002)


async def quiet() -> None:
    """Long enough for all that is on its way over loopback."""
    await asyncio.sleep(0.03)


@pytest.fixture
async def world() -> AsyncIterator[World]:
    one = World()
    await one.start()
    yield one
    await one.stop()


@pytest.fixture
async def pair(world: World) -> tuple[World, Peer, Peer]:
    client, server = await world.connect()
    return world, client, server


Pair = tuple[World, Peer, Peer]


async def test_it_carries_both_ways_and_ends_with_either_end(world: World) -> None:
    for closing in ("client", "server"):
        client, server = await world.connect()
        client.send(1, 2)
        server.send(3, 4)
        await until(lambda c=client, s=server: s.got() == [0, 1, 2] and c.got() == [0, 3, 4])
        assert [one.transport for one in world.pipe.connections] == ["intermediate"]
        (client if closing == "client" else server).transport.close()
        await until(lambda c=client, s=server: c.ended and s.ended)
        await until(lambda: not world.pipe.connections)
    assert world.pipe.counts["connections"] == 2
    assert world.pipe.counts["frames up"] == world.pipe.counts["frames down"] == 6


async def test_what_was_written_before_the_end_arrives(pair: Pair) -> None:
    world, client, server = pair
    world.pipe.set(latency=0.02, split=5)
    client.send(*range(1, 20))
    client.transport.close()
    await until(lambda: server.ended)
    assert server.got() == list(range(20))


@pytest.mark.parametrize("direction", ["up", "down"])
@pytest.mark.parametrize(
    ("what", "expected"),
    [
        ("duplicate", [1, 1, 2, 3]),
        ("reorder", [2, 1, 3]),
        ("lose", [2, 3]),
    ],
)
async def test_frames_of_one_direction(pair: Pair, direction: str, what: str, expected: list[int]) -> None:
    world, client, server = pair
    sender, receiver = (client, server) if direction == "up" else (server, client)
    fault = getattr(world.pipe, what)(direction)
    sender.send(1, 2, 3)
    receiver.send(7)
    await until(lambda: receiver.got()[1:] == expected and sender.got()[1:] == [7])
    assert fault.hits == 1
    assert not fault.is_active
    assert world.pipe.counts[what] == 1


def test_a_late_frame_goes_after_a_second() -> None:
    async def main() -> None:
        world = World()
        await world.start()
        client, server = await world.connect()
        world.pipe.reorder("up")
        client.send(1)
        await asyncio.sleep(0.9)
        assert server.got() == [0]
        await asyncio.sleep(0.2)
        assert server.got() == [0, 1]
        await world.stop()

    run_virtual(main())


async def test_one_bit_of_a_frame_changes(pair: Pair) -> None:
    world, client, server = pair
    world.pipe.corrupt("up")
    client.send(1)
    whole = client.codec.encode(packet(1))
    await until(lambda: len(server.chunks) == 2 and len(server.chunks[1]) == len(whole))
    difference = int.from_bytes(server.chunks[1], "big") ^ int.from_bytes(whole, "big")
    assert difference.bit_count() == 1


@pytest.mark.parametrize(("where", "expected"), [("before", [1]), ("inside", [1]), ("after", [1, 2])])
async def test_a_connection_ends_at_a_frame(pair: Pair, where: Any, expected: list[int]) -> None:
    world, client, server = pair
    fault = world.pipe.cut_after(2, "up", where=where)
    client.send(1, 2, 3)
    await until(lambda: server.ended and client.ended)
    await quiet()
    # A reset may take away what was not read yet, so less may have come, but never more.
    assert server.got()[1:] == expected[: len(server.got()) - 1]
    assert fault.hits == 1
    client, server = await world.connect()
    client.send(5)
    await until(lambda: server.got() == [0, 5])


async def test_all_connections_end_at_once(world: World) -> None:
    pairs = [await world.connect() for _ in range(3)]
    assert world.pipe.disconnect() == 3
    await until(lambda: all(client.ended and server.ended for client, server in pairs))
    assert not world.pipe.connections
    client, _ = await world.connect()
    assert world.pipe.disconnect(reset=True) == 1
    await until(lambda: client.ended)
    assert isinstance(client.error, ConnectionResetError)


async def test_new_connections_can_be_refused(world: World) -> None:
    fault = world.pipe.refuse(times=2)
    for _ in range(2):
        _, client = await asyncio.get_running_loop().create_connection(lambda: Peer(Side.CLIENT), *world.pipe.address())
        await until(lambda c=client: c.ended)
    assert not fault.is_active
    await world.connect()
    assert len(world.servers) == 1


@pytest.mark.parametrize("direction", ["up", "down", "both"])
async def test_a_black_hole_swallows_bytes_and_the_end(pair: Pair, direction: Any) -> None:
    world, client, server = pair
    world.pipe.black_hole(direction)
    client.send(1)
    server.send(2)
    await quiet()
    assert server.got() == ([0] if direction != "down" else [0, 1])
    assert client.got() == ([0] if direction != "up" else [0, 2])
    if direction != "down":
        client.transport.abort()
        await quiet()
        # Nobody has told the server.
        assert not server.ended
    world.pipe.heal()
    await until(lambda: server.ended)
    await until(lambda: not world.pipe.connections)


async def test_new_connections_can_be_black_holes(world: World) -> None:
    fault = world.pipe.black_hole(new=True)
    assert fault is not None
    _, client = await asyncio.get_running_loop().create_connection(lambda: Peer(Side.CLIENT), *world.pipe.address())
    client.send(1)
    await quiet()
    assert not client.ended
    assert world.servers == []
    fault.stop()
    client.transport.abort()
    await world.connect()


async def test_a_stalled_line_keeps_everything_with_the_sender(pair: Pair) -> None:
    world, client, server = pair
    world.pipe.stall("up")
    client.transport.write(bytes(8 * 1024 * 1024))
    await quiet()
    assert server.got() == [0]
    assert client.transport.get_write_buffer_size() > 0
    server.send(3)
    await until(lambda: client.got() == [0, 3])


async def test_healing_a_stalled_line_loses_nothing(pair: Pair) -> None:
    world, client, server = pair
    world.pipe.stall("up")
    client.send(1, 2)
    await quiet()
    assert server.got() == [0]
    world.pipe.heal()
    await until(lambda: server.got() == [0, 1, 2])
    assert not client.ended


async def test_a_slow_line_makes_the_sender_wait(pair: Pair) -> None:
    world, client, _ = pair
    world.pipe.set("up", bandwidth=1000)
    client.transport.write(bytes(32 * 1024 * 1024))
    await quiet()
    (passage,) = world.pipe.connections
    assert passage.line("up").waiting < 2 * 1024 * 1024
    assert client.transport.get_write_buffer_size() > 16 * 1024 * 1024
    client.transport.abort()


async def test_packets_can_be_added_between_others(pair: Pair) -> None:
    world, client, server = pair
    assert world.pipe.inject(packet(9)) == 1
    assert world.pipe.inject(packet(8), "both") == 2
    server.send(1)
    client.send(2)
    await until(lambda: client.got() == [0, 9, 8, 1] and server.got() == [0, 8, 2])
    with pytest.raises(LocalProtocolError, match="multiple of 4"):
        world.pipe.inject(bytes(25))


async def test_a_packet_waits_for_the_end_of_a_frame(pair: Pair) -> None:
    world, client, server = pair
    frame = client.codec.encode(packet(1))
    client.transport.write(frame[:9])
    await quiet()
    world.pipe.inject(packet(9), "up")
    await quiet()
    assert server.got() == [0]
    client.transport.write(frame[9:])
    await until(lambda: server.got() == [0, 1, 9])


async def test_bytes_can_be_added_anywhere(pair: Pair) -> None:
    world, client, _ = pair
    assert world.pipe.inject_bytes(b"\x19\x00\x00\x00" + bytes(25)) == 1
    await until(lambda: client.got() == [0, 0])
    assert len(client.packets[1]) == 25


async def test_a_server_that_is_gone_hangs_up(world: World) -> None:
    world.server.close()
    await world.server.wait_closed()
    _, client = await asyncio.get_running_loop().create_connection(lambda: Peer(Side.CLIENT), *world.pipe.address())
    await until(lambda: client.ended)
    await until(lambda: not world.pipe.connections)


async def chaos(seed: int) -> tuple[list[bytes], dict[str, int]]:
    world = World(seed=seed, duplicate=0.2, reorder=0.2, corrupt=0.2, lose=0.2, latency=0.01, jitter=0.01)
    await world.start()
    _, client = await asyncio.get_running_loop().create_connection(lambda: Peer(Side.CLIENT), *world.pipe.address())
    for number in range(60):
        client.send(number)
        await asyncio.sleep(0.01)
    await asyncio.sleep(3)
    data = b"".join(world.servers[0].chunks)
    counts = dict(world.pipe.counts)
    await world.stop()
    return [data], counts


def test_a_seed_replays() -> None:
    # What arrives need not be cut into packets for that: damaged lengths are part of it.
    first, second, other = (run_virtual(quietly(chaos(seed))) for seed in (7, 7, 8))
    assert first == second
    assert first != other
    assert {"duplicate", "reorder", "corrupt", "lose"} <= set(first[1])


async def quietly(work: Awaitable[Any]) -> Any:
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: None)
    return await work


async def test_the_seed_is_shown_and_another_one_each_time() -> None:
    one, two = ChaosPipe(("127.0.0.1", 1)), ChaosPipe(("127.0.0.1", 1))
    assert one.seed != two.seed
    assert re.fullmatch(r"ChaosPipe\(seed=\d+, 0 connections\)", repr(one))
    assert repr(ChaosPipe(("127.0.0.1", 1), seed=5)) == "ChaosPipe(seed=5, 0 connections)"


async def test_mistakes_are_told() -> None:
    with pytest.raises(ValueError, match="a seed is a whole number, not 'x'"):
        ChaosPipe(("127.0.0.1", 1), seed="x")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="no condition 'lag'; there are latency"):
        ChaosPipe(("127.0.0.1", 1), lag=1)
    with pytest.raises(ValueError, match="corrupt is a chance"):
        ChaosPipe(("127.0.0.1", 1), corrupt=3)
    pipe = ChaosPipe(("127.0.0.1", 1))
    with pytest.raises(RuntimeError, match="the pipe was not started; use it with `async with`"):
        pipe.address()
    with pytest.raises(RuntimeError, match="not started"):
        pipe.clock  # noqa: B018
    with pytest.raises(ValueError, match="not 'sideways'"):
        pipe.black_hole("sideways")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="no number 0"):
        pipe.cut_after(0)
    with pytest.raises(ValueError, match="'before', 'inside' or 'after'"):
        pipe.cut_after(where="behind")  # type: ignore[arg-type]
    with pytest.raises(RuntimeError, match="start the server before"):
        await ChaosPipe(TelegramTestServer()).start()
    for nonsense in ("127.0.0.1:80", 5, None, ("127.0.0.1",), {2: "127.0.0.1"}):
        with pytest.raises(TypeError, match="a pipe leads to a TelegramTestServer, to"):
            ChaosPipe(nonsense)  # type: ignore[arg-type]
    async with pipe:
        with pytest.raises(KeyError, match="does not lead to data centre 3, only to"):
            pipe.address(3)
        with pytest.raises(RuntimeError, match="started before"):
            await pipe.start()


async def test_clients_of_a_test_server_go_through_it_by_themselves() -> None:
    async with TelegramTestServer() as server:
        ann = server.create_user("Ann")
        async with ChaosPipe(server, seed=1) as pipe:
            assert set(pipe.addresses) == set(server.addresses)
            assert server.connection_info().addresses[2] == pipe.address(2) != server.address(2)
            client = server.client(ann)
            assert (client.session.server_address, client.session.port) == pipe.address(2)
            async with client:
                config = await client(functions.help.GetConfigRequest())
                assert {(one.ip_address, one.port) for one in config.dc_options} <= set(pipe.addresses.values())
                assert len(pipe.connections) == 1
        assert server.public_addresses == server.addresses
        server.violations.check()


@pytest.mark.parametrize("what", ["duplicate", "reorder", "corrupt", "lose"])
def test_a_client_is_not_blamed_for_what_the_pipe_does(what: str) -> None:
    async def main() -> None:
        async with TelegramTestServer() as server, ChaosPipe(server, seed=1) as pipe:
            async with server.client(server.create_user("Ann")) as client:
                for _ in range(3):
                    getattr(pipe, what)("up")
                    await asyncio.gather(*(client(functions.help.GetNearestDcRequest()) for _ in range(3)))
                    await asyncio.gather(*(client(functions.help.GetNearestDcRequest()) for _ in range(3)))
            assert pipe.counts[what] == 3
            server.violations.check()

    run_virtual(main())


def test_a_client_is_still_blamed_for_what_it_does() -> None:
    async def main() -> None:
        async with TelegramTestServer() as server, ChaosPipe(server, latency=0.1, split=5) as pipe:
            async with server.client(server.create_user("Ann")) as client:
                pipe.duplicate("down")
                await client(functions.help.GetNearestDcRequest())
                (connection,) = server.connections
                assert not connection.altered
                connection._complain("ack", "made up")
            assert [violation.detail for violation in server.violations] == ["made up"]

    run_virtual(main())
