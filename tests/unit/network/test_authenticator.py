"""Making a key over a connection, with the server's half of the exchange."""

from __future__ import annotations

from typing import Any

import pytest
from fakeserver import rsa_keys

from telethon import errors
from telethon.mtproto import plain
from telethon.mtproto.side import Side
from telethon.network import ConnectionTcpFull, MTProtoPlainSender, do_authentication
from telethon.network.authenticator import exchange_keys, get_int
from telethon.tl import functions, types


async def plain_sender(server: Any, loggers: Any) -> MTProtoPlainSender:
    connection = ConnectionTcpFull(server.host, server.port, 2, loggers=loggers)
    await connection.connect()
    return MTProtoPlainSender(connection, loggers=loggers)


async def test_both_sides_have_the_key(server, loggers):
    sender = await plain_sender(server, loggers)
    made = await exchange_keys(sender, dc_id=2, keys=rsa_keys(), patience=5)
    assert list(server.new_keys.values()) == [made.auth_key]
    assert abs(made.time_offset) < 2
    await sender._connection.disconnect()


async def test_old_entrance(server, loggers, monkeypatch):
    from telethon.mtproto import keyexchange

    monkeypatch.setattr(keyexchange, "current_keys", rsa_keys)
    sender = await plain_sender(server, loggers)
    key, offset = await do_authentication(sender)
    assert list(server.new_keys.values()) == [key.key]
    assert abs(offset) < 2
    await sender._connection.disconnect()


async def test_H3_unknown_server_keys(server, loggers):
    sender = await plain_sender(server, loggers)
    with pytest.raises(errors.SecurityError):
        await exchange_keys(sender, dc_id=2, keys={}, patience=5)
    await sender._connection.disconnect()


async def test_H16_encrypted_packets_are_ignored(server, loggers):
    original = server.send_plain

    def with_junk(peer: Any, body: bytes) -> None:
        for _ in range(3):
            peer.send_packet(b"\1" * 56)
        original(peer, body)

    server.send_plain = with_junk
    sender = await plain_sender(server, loggers)
    await exchange_keys(sender, dc_id=2, keys=rsa_keys(), patience=5)
    await sender._connection.disconnect()


async def test_transport_errors_end_it(server, loggers):
    server.on_plain = lambda peer, packet: peer.transport_error(429)
    sender = await plain_sender(server, loggers)
    with pytest.raises(errors.InvalidBufferError) as caught:
        await exchange_keys(sender, dc_id=2, keys=rsa_keys(), patience=5)
    assert caught.value.code == 429
    await sender._connection.disconnect()


async def test_plain_requests(server, loggers):
    seen = []

    def answer(peer: Any, packet: bytes) -> None:
        msg_id, body = plain.unpack(packet, Side.CLIENT)
        seen.append(msg_id)
        assert body == bytes(functions.ReqPqMultiRequest(5))
        server.send_plain(peer, bytes(types.ResPQ(5, 6, b"\1" * 8, [7])))

    server.on_plain = answer
    sender = await plain_sender(server, loggers)
    for _ in range(3):
        assert await sender.send(functions.ReqPqMultiRequest(5)) == types.ResPQ(5, 6, b"\1" * 8, [7])
    assert seen == sorted(set(seen))
    await sender._connection.disconnect()


async def test_plain_answer_out_of_order(server, loggers):
    server.on_plain = lambda peer, packet: peer.send_packet(bytes(8) + b"\1" * 30 + b"\0\0")
    sender = await plain_sender(server, loggers)
    with pytest.raises(errors.RemoteProtocolError):
        await sender.send(functions.ReqPqMultiRequest(5))
    await sender._connection.disconnect()


@pytest.mark.parametrize(
    ("data", "signed", "number"), [(b"\xff\xfe", True, -2), (b"\xff\xfe", False, 65534), (b"", True, 0)]
)
def test_numbers(data, signed, number):
    assert get_int(data, signed) == number
