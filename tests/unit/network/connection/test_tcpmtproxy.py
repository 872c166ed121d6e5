"""Connections through MTProxies, against the server's half of what a secret asks for."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from typing import Any

import pytest
from fakeserver import auth_key
from mtproxy import MTProxy

from telethon.mtproto.codecs.abridged import AbridgedCodec
from telethon.mtproto.codecs.faketls import HELLO_SIZE, FakeTls
from telethon.mtproto.codecs.obfuscated import ObfuscatedCodec
from telethon.mtproto.side import Side
from telethon.network import (
    ConnectionTcpMTProxyAbridged,
    ConnectionTcpMTProxyIntermediate,
    ConnectionTcpMTProxyRandomizedIntermediate,
    MTProtoSender,
    TcpMTProxy,
)
from telethon.network.connection.tcpabridged import AbridgedPacketCodec
from telethon.network.connection.tcpintermediate import RandomizedIntermediatePacketCodec
from telethon.network.connection.tcpmtproxy import MTProxyIO
from telethon.network.dcs import PRODUCTION, TEST
from telethon.network.proxy import ProxySettings
from telethon.tl import functions, types

SECRET = bytes(range(16))
EE = b"\xee" + SECRET + b"example.org"
NEAREST = types.NearestDc("xx", 1, 2)


async def ask(server: Any, loggers: Any, cls: Any, **options: Any) -> Any:
    server.answer = lambda body: bytes(NEAREST)
    sender = MTProtoSender(auth_key(), loggers=loggers)
    await sender.connect(cls(server.host, server.port, 2, loggers=loggers, **options))
    try:
        return await sender.send(functions.help.GetNearestDcRequest())
    finally:
        await sender.disconnect()


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


def test_header_for_a_proxy_names_the_data_centre():
    header, _, _ = MTProxyIO.init_header(SECRET, -3, AbridgedPacketCodec)
    server = ObfuscatedCodec.accept(header, {b"\xef" * 4: AbridgedCodec(Side.SERVER)}, secret=SECRET)
    assert server.dc_id == -3


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


# -- what a secret asks for --------------------------------------------------------------------------------------------


class OwnCodec(AbridgedPacketCodec):
    pass


class OwnClass(TcpMTProxy):
    packet_codec = OwnCodec


@pytest.mark.parametrize("secret", [b"\xdd" + SECRET, EE])
@pytest.mark.parametrize(
    "cls",
    [ConnectionTcpMTProxyAbridged, ConnectionTcpMTProxyIntermediate, ConnectionTcpMTProxyRandomizedIntermediate],
)
def test_T6_marked_secrets_get_the_padded_transport(loggers, cls, secret):
    made = cls("1.2.3.4", 443, 2, loggers=loggers, proxy=("host", 44, secret))
    assert made.packet_codec is RandomizedIntermediatePacketCodec
    plain = cls("1.2.3.4", 443, 2, loggers=loggers, proxy=("host", 44, SECRET))
    assert plain.packet_codec is cls.packet_codec


def test_T6_a_codec_of_the_program_stays(loggers):
    made = OwnClass("1.2.3.4", 443, 2, loggers=loggers, proxy=("host", 44, EE))
    assert made.packet_codec is OwnCodec


def test_T6_another_proxy_may_ask_for_something_else(loggers):
    made = ConnectionTcpMTProxyAbridged("1.2.3.4", 443, 2, loggers=loggers, proxy=("host", 44, EE))
    made._use_proxy(("other", "45", SECRET.hex()))
    assert (made._ip, made._port, made._secret, made._tls_secret) == ("other", 45, SECRET, None)
    assert made.packet_codec is AbridgedPacketCodec


@pytest.mark.parametrize(
    ("ip", "dc_id", "named"),
    [
        (PRODUCTION[0].host, 2, 2),
        (PRODUCTION[0].host, -4, -4),
        ("192.0.2.1", 3, 3),
        (TEST[0].host, 1, 10001),
        (TEST[0].host, -3, -10003),
        (TEST[0].host, 10002, 10002),
    ],
)
async def test_T6_the_header_tells_media_and_the_test_environment(loggers, ip, dc_id, named):
    async with MTProxy(SECRET, {}) as proxy:
        made = ConnectionTcpMTProxyAbridged(ip, 443, dc_id, loggers=loggers, proxy=("127.0.0.1", proxy.port, SECRET))
        proxy.servers = {abs(dc_id) % 10000: ("127.0.0.1", proxy.port)}
        await made.connect(timeout=5)
        await made.send(bytes(8))
        while not proxy.dc_ids:
            await asyncio.sleep(0.001)
        await made.disconnect()
        assert proxy.dc_ids[0] == named


@pytest.mark.parametrize(
    "proxy",
    [
        ("host", 44),
        ("socks5", "host", 1080),
        {"proxy_type": "socks5", "addr": "h", "port": 1},
        ProxySettings(2, "h", 1),
        "socks5://host:1080",
        ("host", 0, SECRET),
        ("host", 70000, SECRET),
        (5, 44, SECRET),
        b"host",
        5,
    ],
)
def test_T6_what_is_no_mtproxy_is_refused(loggers, proxy):
    with pytest.raises(ValueError, match="MTProxy"):
        ConnectionTcpMTProxyAbridged("1.2.3.4", 443, 2, loggers=loggers, proxy=proxy)


def test_T6_a_link_is_a_proxy(loggers):
    link = f"tg://proxy?server=host&port=44&secret={SECRET.hex()}"
    made = ConnectionTcpMTProxyAbridged("1.2.3.4", 443, 2, loggers=loggers, proxy=link)
    assert (made._ip, made._port, made._secret) == ("host", 44, SECRET)
    assert TcpMTProxy.address_info(link) == ("host", 44)


# -- what looks like TLS -----------------------------------------------------------------------------------------------


class Answering:
    """A server that answers a greeting with whatever a test says."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer

    async def __aenter__(self) -> Answering:
        self.server = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        self.port = self.server.sockets[0].getsockname()[1]
        self.closed = asyncio.Event()
        return self

    async def __aexit__(self, *args: object) -> None:
        self.server.close()

    async def serve(self, reader: Any, writer: Any) -> None:
        hello = await reader.readexactly(HELLO_SIZE)
        try:
            await self.answer(hello, reader, writer)
            await reader.read()
        except ConnectionError:
            pass
        finally:
            writer.close()
            self.closed.set()


def through(port: int, loggers: Any, cls: Any = ConnectionTcpMTProxyAbridged) -> Any:
    return cls("1.2.3.4", 443, 2, loggers=loggers, proxy=("127.0.0.1", port, EE))


async def real_answer(hello: bytes, key: bytes = SECRET) -> tuple[Any, bytes]:
    return FakeTls.accept(hello, key, rand=os.urandom, now=time.time())


async def test_T6_answer_in_single_bytes(loggers):
    got = []

    async def answer(hello, reader, writer):
        tls, reply = await real_answer(hello)
        for byte in reply:
            writer.write(bytes((byte,)))
            await writer.drain()
        plain = b""
        while len(plain) < 64 + 4 + 8:
            plain += tls.unwrap(await reader.read(100))
        got.append(plain)

    async with Answering(answer) as server:
        made = through(server.port, loggers)
        await made.connect(timeout=5)
        await made.send(b"a packet")
        while not got:
            await asyncio.sleep(0.001)
        await made.disconnect()


@pytest.mark.parametrize("size", [0, 1, 5, 40, 200, 1000])
async def test_T6_hanging_up_during_the_greeting_is_an_error(loggers, size):
    async def answer(hello, reader, writer):
        _, reply = await real_answer(hello)
        writer.write(reply[:size])
        writer.close()

    async with Answering(answer) as server:
        made = through(server.port, loggers)
        with pytest.raises(ConnectionError, match="hung up when it was greeted"):
            await made.connect(timeout=5)
        assert made._writer is None


@pytest.mark.parametrize("kind", ["html", "alert", "other"])
async def test_T6_somebody_else_answers(loggers, kind):
    async def answer(hello, reader, writer):
        replies = {"html": b"HTTP/1.1 400 Bad Request\r\n\r\n", "alert": b"\x15\x03\x03\x00\x02\x02\x28"}
        if kind not in replies:
            # The real server of the domain: it knows TLS but not the secret.
            _, replies[kind] = await real_answer(hello)
            replies[kind] = replies[kind].replace(replies[kind][11:43], bytes(32))
        writer.write(replies[kind])

    async with Answering(answer) as server:
        made = through(server.port, loggers)
        with pytest.raises(ConnectionError, match="did not answer as it must") as caught:
            await made.connect(timeout=5)
        assert SECRET.hex() not in str(caught.value)
        await asyncio.wait_for(server.closed.wait(), 5)


async def test_T6_I27_silence_has_a_limit(loggers):
    async def answer(hello, reader, writer):
        pass

    async with Answering(answer) as server:
        with pytest.raises(asyncio.TimeoutError):
            await through(server.port, loggers).connect(timeout=0.05)
        await asyncio.wait_for(server.closed.wait(), 5)


@pytest.mark.parametrize("own_reading", [False, True])
async def test_T6_an_alert_later_ends_the_connection(loggers, own_reading):
    class Own(ConnectionTcpMTProxyAbridged):
        async def _recv(self) -> bytes:
            return await super()._recv()

    async def answer(hello, reader, writer):
        _, reply = await real_answer(hello)
        writer.write(reply)
        await reader.read(10)
        writer.write(b"\x15\x03\x03\x00\x02\x02\x28")

    async with Answering(answer) as server:
        made = through(server.port, loggers, Own if own_reading else ConnectionTcpMTProxyAbridged)
        await made.connect(timeout=5)
        with pytest.raises((ConnectionError, Exception), match="alert"):
            await asyncio.wait_for(made.recv(), 5)
        await made.disconnect()


async def test_T6_subclass_that_reads_in_its_own_way(server, loggers):
    class Own(ConnectionTcpMTProxyRandomizedIntermediate):
        async def _recv(self) -> bytes:
            return await super()._recv()

    async with MTProxy(EE, {2: (server.host, server.port)}) as proxy:
        assert await ask(server, loggers, Own, proxy=("127.0.0.1", proxy.port, EE)) == NEAREST
        assert proxy.names == [b"example.org"]


@pytest.mark.skipif(sys.platform != "linux", reason="counts what is in /proc")
@pytest.mark.parametrize("kind", ["hangs up", "alert", "closed port"])
async def test_T6_I27_500_failed_greetings_leave_no_socket(loggers, kind):
    async def answer(hello, reader, writer):
        if kind == "alert":
            writer.write(b"\x15\x03\x03\x00\x02\x02\x28")
        writer.close()

    async def count() -> int:
        for _ in range(20):
            await asyncio.sleep(0.001)
        return len(os.listdir("/proc/self/fd"))

    async with Answering(answer) as server:
        if kind == "closed port":
            server.server.close()
            await asyncio.sleep(0)
        made = through(server.port, loggers)
        before = await count()
        for _ in range(500):
            with pytest.raises(ConnectionError):
                await made.connect(timeout=5)
        assert await count() <= before
