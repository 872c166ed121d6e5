from __future__ import annotations

import asyncio
import hashlib
from struct import pack
from typing import Any

import pytest
from rawclient import AUTH_KEY, NEAREST, RawClient

from telethon._core.rand import system_random
from telethon.mtproto import wire
from telethon.mtproto.cipher import HEADER
from telethon.mtproto.codecs.abridged import AbridgedCodec
from telethon.mtproto.codecs.full import FullCodec
from telethon.mtproto.codecs.http import HttpCodec
from telethon.mtproto.codecs.intermediate import IntermediateCodec
from telethon.mtproto.codecs.obfuscated import ObfuscatedCodec
from telethon.mtproto.codecs.padded import PaddedIntermediateCodec
from telethon.mtproto.side import Side
from telethon.testing.connection import ServerConnection
from telethon.tl.functions.help import GetNearestDcRequest

PING = pack("<Iq", wire.PING, 7)


def rules(server: Any) -> list[str]:
    return [violation.rule for violation in server.violations]


# -- packets ---------------------------------------------------------------------------------------------------------


async def test_T7_an_unknown_key_is_answered_with_404(server: Any) -> None:
    client = RawClient(server)
    client.connect()
    client.send(client.init())
    await client.turn()
    assert client.errors == [404]
    assert client.ended
    assert server.stats.transport_errors == {404: 1}
    assert not server.violations


async def test_T7_a_key_of_another_data_centre_is_unknown(server: Any) -> None:
    RawClient(server, dc_id=4).know_key()
    client = RawClient(server)
    client.connect()
    client.send(client.init())
    await client.turn()
    assert client.errors == [404]


@pytest.mark.parametrize("size", [4, 8, 20, 24, 40, 72, 88, 89 + 3, 104])
async def test_M1_packets_of_any_size_are_survived(client: Any, server: Any, size: int) -> None:
    key_id = hashlib.sha1(AUTH_KEY).digest()[12:]
    client.write(client.codec.encode((key_id + bytes(100))[:size] + bytes(max(0, size - 108))))
    await client.turn()
    assert client.errors == [404]
    assert rules(server) == (["packet"] if size >= 8 else [])


async def test_M3_a_changed_packet_is_refused(client: Any, server: Any) -> None:
    sent: list[bytes] = []
    encode = client.codec.encode
    client.codec.encode = lambda packet: sent.append(packet) or b""
    client.send(GetNearestDcRequest())
    executed = server.stats.requests
    packet = bytearray(sent[0])
    packet[-1] ^= 1
    client.write(encode(bytes(packet)))
    await client.turn()
    assert client.errors == [404]
    assert rules(server) == ["packet"]
    assert server.stats.requests == executed


@pytest.mark.parametrize(
    ("length", "padding", "allowed"),
    [
        (12, 20, True),
        (12, 1012, True),
        (12, 1028, False),
        (12, 4, False),
        (11, 20, False),
        (-4, 20, False),
        (1 << 20, 20, False),
        (0, 20, False),
    ],
)
async def test_M4_length_and_padding_have_bounds(
    client: Any, server: Any, length: int, padding: int, allowed: bool
) -> None:
    from telethon.crypto.aes import AES
    from telethon.crypto.kdf import aes_key_iv_v2, msg_key_v2

    header = HEADER.pack(client.salt, client.session_id, client.new_msg_id(), client.next_seq_no(True), length)
    plain = header + PING + bytes(padding)
    msg_key = msg_key_v2(AUTH_KEY, plain, Side.CLIENT.x)
    packet = hashlib.sha1(AUTH_KEY).digest()[12:] + msg_key
    packet += AES.encrypt_ige(plain, *aes_key_iv_v2(AUTH_KEY, msg_key, Side.CLIENT.x))
    client.write(client.codec.encode(packet))
    await client.turn()
    assert [message.constructor for message in client.messages] == ([wire.PONG] if allowed else [])
    assert bool(server.violations) is not allowed
    assert client.ended is not allowed


async def test_T2_a_broken_stream_is_a_violation(server: Any) -> None:
    client = RawClient(server)
    client.connect(FullCodec())
    frame = bytearray(client.codec.encode(bytes(24)))
    frame[-1] ^= 1
    client.write(bytes(frame))
    await client.turn()
    assert client.ended
    assert rules(server) == ["transport"]


async def test_T2_what_came_before_the_fault_is_used(client: Any, server: Any) -> None:
    sent: list[bytes] = []
    write = client.write
    client.write = sent.append
    client.send(PING)
    write(sent[0] + pack("<i", 1 << 30))
    await client.turn()
    assert len(client.of(wire.PONG)) == 1
    assert client.ended
    assert rules(server) == ["transport"]


async def test_two_sessions_share_a_connection(client: Any, server: Any) -> None:
    first = client.session_id
    client.send(GetNearestDcRequest())
    await client.turn()
    assert len(client.results()) == 1
    client.session_id = first + 1
    client.content_sent = 0
    client.send(client.init())
    await client.turn()
    assert len(client.of(wire.NEW_SESSION_CREATED)) == 1
    assert [session.is_connected for session in server.sessions()] == [True, True]
    (connection,) = server.connections
    assert len(connection.sessions) == 2
    client.close()
    await client.turn()
    assert [session.is_connected for session in server.sessions()] == [False, False]
    assert not server.connections


async def test_a_session_moves_to_the_connection_that_spoke_last(client: Any, server: Any) -> None:
    other = RawClient(server)
    other.connect()
    other.content_sent, other.last_msg_id = client.content_sent, client.last_msg_id
    other.send(PING)
    await client.turn()
    assert len(other.of(wire.PONG)) == 1
    server.sessions()[0].push(NEAREST)
    await client.turn()
    assert client.messages == []
    assert len(other.messages) == 2
    assert not server.violations


async def test_T3_a_quick_ack_is_given_to_who_wants_it(client: Any, server: Any) -> None:
    sent: list[bytes] = []
    write = client.write
    client.write = sent.append
    client.send(PING)
    frame = bytearray(sent[0])
    frame[3] |= 0x80
    write(bytes(frame))
    await client.turn()
    assert len(client.of(wire.PONG)) == 1
    (token,) = client.codec.quick_acks
    from telethon.mtproto.cipher import open_packet

    plain = open_packet(AUTH_KEY, hashlib.sha1(AUTH_KEY).digest()[12:], bytes(frame[4:]), Side.CLIENT.x)[0]
    expected = hashlib.sha256(AUTH_KEY[88:120] + plain).digest()[:4]
    assert token == int.from_bytes(expected, "little") | 0x80000000


# -- transports ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "codec",
    [
        AbridgedCodec,
        FullCodec,
        IntermediateCodec,
        lambda: PaddedIntermediateCodec(system_random),
        lambda: ObfuscatedCodec(AbridgedCodec(), rand=system_random),
        lambda: ObfuscatedCodec(PaddedIntermediateCodec(system_random), rand=system_random),
        lambda: HttpCodec("memory", 2),
    ],
    ids=["abridged", "full", "intermediate", "padded", "obfuscated abridged", "obfuscated padded", "http"],
)
async def test_requests_are_answered_over_every_transport(server: Any, codec: Any) -> None:
    client = RawClient(server)
    client.know_key()
    client.connect(codec())
    for _ in range(20):
        client.send(client.init())
        await client.turn()
    assert len(client.results()) == 20
    assert not server.violations


async def test_T6_a_server_with_a_secret_is_an_mtproxy(serve: Any) -> None:
    server = await serve(mtproxy_secret=bytes(16))
    client = RawClient(server, dc_id=4)
    client.know_key()
    client.dc_id = 2  # any port does
    client.connect(ObfuscatedCodec(IntermediateCodec(), rand=system_random, secret=bytes(16), dc_id=-4))
    client.send(client.init())
    await client.turn()
    assert len(client.results()) == 1
    other = RawClient(server)
    other.connect(ObfuscatedCodec(IntermediateCodec(), rand=system_random, secret=bytes(16), dc_id=9))
    await other.turn()
    assert other.errors == [444]
    assert not server.violations


# -- HTTP ------------------------------------------------------------------------------------------------------------


async def http_client(server: Any) -> RawClient:
    client = RawClient(server)
    client.know_key()
    client.connect(HttpCodec("memory", 2))
    client.send(client.init())
    await client.turn()
    client.ack_all()  # this request waits now
    await client.turn()
    client.take()
    return client


async def test_an_http_request_waits_for_something_to_say(server: Any) -> None:
    client = await http_client(server)
    server.sessions()[0].push(NEAREST)
    await client.turn()
    assert [message.body for message in client.messages] == [bytes(NEAREST)]
    server.sessions()[0].push(NEAREST)
    await client.turn()
    assert len(client.messages) == 1
    client.send(pack("<Iiii", 0x9299359F, 0, 0, 5000), content=False)
    await client.turn()
    assert len(client.messages) == 2
    assert not server.violations


async def test_an_http_request_waits_no_longer_than_it_said(server: Any) -> None:
    client = await http_client(server)
    server.clock.advance(24.9)
    await client.turn()
    assert len(client.packets) == 1
    server.clock.advance(0.2)
    await client.turn()
    assert len(client.packets) == 2
    assert client.messages == []
    client.send(pack("<Iiii", 0x9299359F, 0, 0, 5000), content=False)
    await client.turn()
    server.clock.advance(5.1)
    await client.turn()
    assert len(client.packets) == 3
    assert not server.violations


async def test_an_http_error_is_a_status(server: Any) -> None:
    client = RawClient(server)
    client.connect(HttpCodec("memory", 2))
    client.send(client.init())
    await client.turn()
    assert client.errors == [404]


# -- odds and ends ---------------------------------------------------------------------------------------------------


async def test_a_connection_tells_what_it_is(client: Any, server: Any) -> None:
    (connection,) = server.connections
    assert repr(connection) == "ServerConnection(connection 1 to dc 2, intermediate)"
    assert repr(ServerConnection(server, 2)) == "ServerConnection(connection 0 to dc 2, transport unknown)"


async def test_only_streams_are_taken(server: Any) -> None:
    with pytest.raises(TypeError, match="stream"):
        ServerConnection(server, 2).connection_made(asyncio.BaseTransport())
