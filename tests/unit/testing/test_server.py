from __future__ import annotations

import asyncio
from typing import Any

import pytest
from rawclient import NEAREST, RawClient, answer_nearest, make_server

from telethon._core.clock import SystemClock
from telethon._core.rand import system_random
from telethon.crypto.rsa import ServerKey
from telethon.mtproto import plain
from telethon.mtproto.codecs.abridged import AbridgedCodec
from telethon.mtproto.codecs.full import FullCodec
from telethon.mtproto.codecs.intermediate import IntermediateCodec
from telethon.mtproto.codecs.obfuscated import ObfuscatedCodec
from telethon.mtproto.codecs.padded import PaddedIntermediateCodec
from telethon.mtproto.engine import MTProtoEngine
from telethon.mtproto.events import Event, ResultReceived
from telethon.mtproto.keyexchange import Finished, KeyExchange
from telethon.mtproto.state import MTProtoState
from telethon.testing._rsakey import TEST_KEY
from telethon.testing.clock import VirtualTimeLoop, run_virtual
from telethon.testing.server import TelegramServerCore
from telethon.tl import types
from telethon.tl.functions.help import GetNearestDcRequest

CODECS: dict[str, Any] = {
    "abridged": AbridgedCodec,
    "full": FullCodec,
    "intermediate": IntermediateCodec,
    "padded": lambda: PaddedIntermediateCodec(system_random),
    "obfuscated": lambda: ObfuscatedCodec(AbridgedCodec(), rand=system_random),
}


class EngineClient:
    """The protocol core of the library behind a pair of streams."""

    def __init__(self, streams: Any, codec: Any, clock: Any) -> None:
        self.reader, self.writer = streams
        self.codec = codec
        self.clock = clock
        self.packets: list[bytes] = []
        self.engine: Any = None
        self.writer.write(codec.tag)

    async def packet(self) -> bytes:
        while not self.packets:
            data = await self.reader.read(65536)
            assert data
            self.packets += self.codec.feed(data)
        return self.packets.pop(0)

    async def make_key(self) -> None:
        keys = {TEST_KEY.fingerprint: ServerKey(TEST_KEY.n, TEST_KEY.e)}
        exchange = KeyExchange(dc_id=2, rand=system_random, keys=keys)
        step: Any = exchange.start()
        while not isinstance(step, Finished):
            msg_id = int(self.clock.now().wall * (1 << 32)) & -4
            self.writer.write(self.codec.encode(plain.pack(step, msg_id)))
            step = exchange.feed(plain.unpack(await self.packet())[1], self.clock.now())
        state = MTProtoState(step.auth_key, rand=system_random, salt=step.salt, time_offset=step.time_offset)
        self.engine = MTProtoEngine(state, rand=system_random)
        self.engine.on_connected(self.clock.now())

    async def call(self, *requests: Any) -> list[Event]:
        for number, request in enumerate(requests):
            self.engine.submit(bytes(request), token=number)
        events: list[Event] = []
        while sum(isinstance(event, ResultReceived) for event in events) < len(requests):
            for packet in self.engine.packets_to_send(self.clock.now()):
                self.writer.write(self.codec.encode(packet))
            events += self.engine.receive_packet(await self.packet(), self.clock.now())
        return events

    async def close(self) -> None:
        self.writer.close()
        await self.writer.wait_closed()


@pytest.mark.parametrize("name", CODECS)
async def test_the_protocol_core_talks_to_it_over_loopback(name: str) -> None:
    async with TelegramServerCore(answer_nearest, strict_handshake=True) as server:
        streams = await asyncio.open_connection(*server.address(2))
        client = EngineClient(streams, CODECS[name](), SystemClock())
        await client.make_key()
        await client.call(RawClient(server).init())
        events = await client.call(*(GetNearestDcRequest() for _ in range(300)))
        answers = [event.body for event in events if isinstance(event, ResultReceived)]
        assert answers == [bytes(NEAREST)] * 300
        await client.close()
    assert not server.violations
    assert server.stats.bad_messages == {}
    assert (server.stats.connections, server.stats.keys, server.stats.sessions) == (1, 1, 1)


def test_S6_a_day_of_the_protocol_core_breaks_no_rule() -> None:
    """Twenty-four hours of requests, pings and changing salts, in virtual time."""

    async def main() -> TelegramServerCore:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualTimeLoop)
        async with TelegramServerCore(answer_nearest, strict_handshake=True) as server:
            client = EngineClient(server.connect_in_memory(2), IntermediateCodec(), loop.clock)
            await client.make_key()
            await client.call(RawClient(server).init())
            engine = client.engine
            until = loop.time() + 86400
            while loop.time() < until:
                deadline = min(engine.next_deadline(), loop.time() + 600)
                try:
                    packet = await asyncio.wait_for(client.packet(), max(0.001, deadline - loop.time()))
                except asyncio.TimeoutError:
                    assert engine.on_timeout(loop.clock.now()) == []
                    if system_random(1)[0] < 20:
                        await client.call(GetNearestDcRequest())
                else:
                    engine.receive_packet(packet, loop.clock.now())
                for outgoing in engine.packets_to_send(loop.clock.now()):
                    client.writer.write(client.codec.encode(outgoing))
            await client.close()
        return server

    server = run_virtual(main())
    server.violations.check()
    assert server.stats.requests > 50
    assert server.stats.bad_messages == {}
    assert server.stats.connections == 1


async def test_each_data_centre_has_an_address() -> None:
    async with TelegramServerCore(answer_nearest, dcs=(2, 4)) as server:
        assert set(server.addresses) == {2, 4}
        assert server.address(2) != server.address(4)
        assert {host for host, _ in server.addresses.values()} == {"127.0.0.1"}
        with pytest.raises(KeyError, match="data centre 1"):
            server.address(1)
        with pytest.raises(KeyError, match="data centre 1"):
            server.connect_in_memory(1)
    with pytest.raises(KeyError, match="does not listen"):
        server.address(2)
    assert server.public_key_pem == TEST_KEY.pem
    assert repr(server) == "TelegramServerCore(dcs=(2, 4), 0 connections)"


async def test_it_starts_once_and_knows_no_time_before() -> None:
    server = make_server()
    with pytest.raises(RuntimeError, match="not started"):
        server.now()
    with pytest.raises(RuntimeError, match="not started"):
        server.connect_in_memory(2)
    async with server:
        with pytest.raises(RuntimeError, match="started before"):
            await server.start()


async def test_the_sessions_of_a_user_are_found(client: Any, server: Any) -> None:
    assert server.sessions_of(7) == []
    server.auth_keys()[0].user_id = 7
    client.session_id += 1
    client.content_sent = 0
    client.send(client.init())
    await client.turn()
    assert len(server.sessions_of(7)) == 2
    assert repr(server.sessions_of(7)[0]) == "ServerSession(session 01010101 at dc 2)"


async def test_only_so_many_sessions_are_kept(client: Any, server: Any) -> None:
    for _ in range(300):
        client.close()
        client.connect()
        client.session_id += 1
        client.content_sent = 0
        client.send(client.init())
        await client.turn()
    assert len(server.sessions()) == 256
    assert server.sessions()[-1].session_id == client.session_id
    assert server.sessions()[-1].is_connected


async def test_nothing_is_left_when_it_stops(client: Any, server: Any) -> None:
    server.faults.slow(None, 5)
    server.sessions()[0].push(types.UpdatesTooLong())
    executed = server.stats.requests
    client.send(GetNearestDcRequest())
    await client.turn()
    session = server.sessions()[0]
    await server.stop()
    assert client.ended
    assert not server.connections
    assert not server.sessions()
    server.clock.advance(1000)
    session.push(types.UpdatesTooLong())
    assert server.stats.requests == executed + 1
    assert session.is_closed


async def test_a_given_reader_is_used(server: Any) -> None:
    mine = asyncio.StreamReader()
    reader, writer = server.connect_in_memory(2, mine)
    assert reader is mine
    writer.close()
    await writer.wait_closed()
