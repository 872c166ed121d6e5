"""Obfuscated connections and MTProxies, against the server's half of the obfuscation."""

from __future__ import annotations

from typing import Any

import pytest
from fakeserver import auth_key

from telethon.mtproto.codecs.abridged import AbridgedCodec
from telethon.mtproto.codecs.obfuscated import ObfuscatedCodec, is_allowed_header
from telethon.mtproto.side import Side
from telethon.network import (
    ConnectionTcpFull,
    ConnectionTcpMTProxyAbridged,
    ConnectionTcpMTProxyIntermediate,
    ConnectionTcpMTProxyRandomizedIntermediate,
    ConnectionTcpObfuscated,
    MTProtoSender,
    TcpMTProxy,
)
from telethon.network.connection.tcpabridged import AbridgedPacketCodec
from telethon.network.connection.tcpfull import FullPacketCodec
from telethon.network.connection.tcpmtproxy import MTProxyIO
from telethon.network.connection.tcpobfuscated import ObfuscatedIO
from telethon.tl import functions, types

SECRET = bytes(range(16))
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


@pytest.mark.parametrize(
    "cls",
    [ConnectionTcpMTProxyAbridged, ConnectionTcpMTProxyIntermediate, ConnectionTcpMTProxyRandomizedIntermediate],
)
async def test_mtproxy(server, loggers, cls):
    server.secret = SECRET
    proxy = (server.host, server.port, SECRET.hex())
    seen = []
    server.on_accept = seen.append
    assert (
        await ask(server, loggers, lambda ip, port, dc, **options: cls("192.0.2.1", 1, 4, **options), proxy=proxy)
        == NEAREST
    )
    assert seen[0].codec.dc_id == 4


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


def test_header_for_a_proxy_names_the_data_centre():
    header, _, _ = MTProxyIO.init_header(SECRET, -3, AbridgedPacketCodec)
    server = ObfuscatedCodec.accept(header, {b"\xef" * 4: AbridgedCodec(Side.SERVER)}, secret=SECRET)
    assert server.dc_id == -3


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


# -- the proxy's description -------------------------------------------------------------------------------------------


def test_address_is_that_of_the_proxy(loggers):
    made = ConnectionTcpMTProxyAbridged("1.2.3.4", 443, 2, loggers=loggers, proxy=("host", 44, "00" * 16))
    assert str(made) == "host:44/TcpMTProxyAbridged"
    assert TcpMTProxy.address_info(("host", 44, "x")) == ("host", 44)


def test_proxy_is_needed(loggers):
    with pytest.raises(ValueError, match="No proxy info specified for MTProxy connection"):
        ConnectionTcpMTProxyAbridged("1.2.3.4", 443, 2, loggers=loggers)


@pytest.mark.parametrize(
    ("secret", "key"),
    [
        ("00" * 16, bytes(16)),
        ("dd" + "11" * 16, b"\x11" * 16),
        ("ee" + "22" * 16 + "6162", b"\x22" * 16),
        ("3Q" + "A" * 21, bytes(16)),
        (b"\x33" * 16, b"\x33" * 16),
        (b"\xdd" + b"\x33" * 16, b"\x33" * 16),
    ],
)
def test_T6_secrets(secret, key):
    assert TcpMTProxy.normalize_secret(secret) == key


@pytest.mark.parametrize("secret", ["", "00", "zz" * 16, "00" * 20, b"\xaa" * 17])
def test_T6_wrong_secrets(secret):
    with pytest.raises(ValueError, match="secret"):
        TcpMTProxy.normalize_secret(secret)


def test_T6_secret_that_asks_for_more_than_is_spoken(loggers, caplog):
    for secret, warned in (("dd" + "11" * 16, False), ("ee" + "22" * 16 + "6162", True)):
        caplog.clear()
        ConnectionTcpMTProxyAbridged("1.2.3.4", 443, 2, loggers=loggers, proxy=("host", 44, secret))
        assert ("looks like TLS" in caplog.text) is warned
        assert "2222" not in caplog.text
