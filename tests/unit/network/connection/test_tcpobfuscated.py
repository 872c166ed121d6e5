"""Obfuscated connections, against the server's half of the obfuscation."""

from __future__ import annotations

from typing import Any

import pytest
from fakeserver import auth_key

from telethon.mtproto.codecs.abridged import AbridgedCodec
from telethon.mtproto.codecs.obfuscated import ObfuscatedCodec, is_allowed_header
from telethon.mtproto.side import Side
from telethon.network import (
    ConnectionTcpFull,
    ConnectionTcpObfuscated,
    MTProtoSender,
)
from telethon.network.connection.tcpabridged import AbridgedPacketCodec
from telethon.network.connection.tcpfull import FullPacketCodec
from telethon.network.connection.tcpobfuscated import ObfuscatedIO
from telethon.tl import functions, types

NEAREST = types.NearestDc("xx", 1, 2)


async def ask(server: Any, loggers: Any, cls: Any, **options: Any) -> Any:
    server.answer = lambda body: bytes(NEAREST)
    sender = MTProtoSender(auth_key(), loggers=loggers)
    await sender.connect(cls(server.host, server.port, 2, loggers=loggers, **options))
    try:
        return await sender.send(functions.help.GetNearestDcRequest())
    finally:
        await sender.disconnect()


async def test_obfuscated_connection(server, loggers):
    server.obfuscated = True
    assert await ask(server, loggers, ConnectionTcpObfuscated) == NEAREST


async def test_subclass_that_reads_in_its_own_way(server, loggers):
    class Own(ConnectionTcpObfuscated):
        async def _recv(self) -> bytes:
            return await super()._recv()

    server.obfuscated = True
    assert await ask(server, loggers, Own) == NEAREST


async def test_T5_subclass_with_an_obfuscation_of_its_own(server, loggers):
    class IO(ObfuscatedIO):
        pass

    class Own(ConnectionTcpObfuscated):
        obfuscated_io = IO

    server.obfuscated = True
    assert await ask(server, loggers, Own) == NEAREST


def test_headers_are_allowed_and_understood():
    for _ in range(50):
        header, encrypt, decrypt = ObfuscatedIO.init_header(AbridgedPacketCodec)
        assert len(header) == 64
        assert is_allowed_header(header)
        server = ObfuscatedCodec.accept(header, {b"\xef" * 4: AbridgedCodec(Side.SERVER)})
        assert server.feed(encrypt.encrypt(b"\x01abcd")) == [b"abcd"]
        assert decrypt.encrypt(server.encode(b"abcd")) == b"\x01abcd"


def test_codec_that_cannot_be_obfuscated():
    with pytest.raises(ValueError, match="FullPacketCodec cannot be used"):
        ObfuscatedIO.init_header(FullPacketCodec)


async def test_reading_without_a_socket(loggers):
    io = ObfuscatedIO(ConnectionTcpObfuscated("h", 1, 2, loggers=loggers))
    with pytest.raises(ConnectionError):
        await io.readexactly(1)
    with pytest.raises(ConnectionError):
        io.write(b"x")
    with pytest.raises(ConnectionError):
        ConnectionTcpFull("h", 1, 2, loggers=loggers)._send(b"abcd")
