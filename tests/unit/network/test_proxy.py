"""Proxies: their description, and connecting through small ones on loopback."""

from __future__ import annotations

import asyncio
import socket
import struct
import sys
from typing import Any

import pytest
import python_socks
import socks
from fakeserver import auth_key

from telethon.network import ConnectionTcpFull, MTProtoSender
from telethon.network.proxy import HTTP, SOCKS4, SOCKS5, ProxySettings, open_proxy_socket, parse_proxy
from telethon.tl import functions, types

NEAREST = types.NearestDc("xx", 1, 2)


@pytest.mark.parametrize(
    ("given", "settings"),
    [
        (("socks5", "h", 1), ProxySettings(SOCKS5, "h", 1)),
        (["SOCKS4", "h", "80"], ProxySettings(SOCKS4, "h", 80)),
        ((socks.HTTP, "h", 1, False), ProxySettings(HTTP, "h", 1, False)),
        ((socks.SOCKS5, "h", 1, True, "u", "p"), ProxySettings(SOCKS5, "h", 1, True, "u", "p")),
        ((python_socks.ProxyType.SOCKS4, "h", 1, None), ProxySettings(SOCKS4, "h", 1, True)),
        ({"proxy_type": "http", "addr": "h", "port": 1}, ProxySettings(HTTP, "h", 1)),
        (
            {"proxy_type": 2, "addr": "h", "port": 1, "rdns": False, "username": "u", "password": "p"},
            ProxySettings(SOCKS5, "h", 1, False, "u", "p"),
        ),
        (ProxySettings(HTTP, "h", 1), ProxySettings(HTTP, "h", 1)),
    ],
)
def test_forms(given, settings):
    assert parse_proxy(given) == settings


@pytest.mark.parametrize(
    ("given", "error"),
    [
        (b"x", TypeError),
        (5, TypeError),
        (("socks5", "h"), TypeError),
        (("socks5", "h", 1, True, "u", "p", "more"), TypeError),
        ({"proxy_type": "http", "addr": "h", "port": 1, "colour": "red"}, TypeError),
        ({"proxy_type": "http", "port": 1}, TypeError),
        (("socks5", 5, 1), TypeError),
        (("socks6", "h", 1), ValueError),
        ((9, "h", 1), ValueError),
        (("socks5", "h", 0), ValueError),
        (("socks5", "h", 70000), ValueError),
        (("socks5", "h", "port"), ValueError),
        (("socks5", "h", "-1"), ValueError),
        (("socks5", "h", 1.5), ValueError),
        (("socks5", "h", None), ValueError),
    ],
)
def test_wrong_forms(given, error):
    with pytest.raises(error):
        parse_proxy(given)


def test_X5_a_password_in_the_wrong_place_is_not_shown():
    with pytest.raises(ValueError, match="a number from 1 to 65535") as caught:
        parse_proxy(("socks5", "h", "secretpass"))
    assert caught.value.__context__ is None


def test_X5_description_shows_no_password():
    assert repr(ProxySettings(SOCKS5, "h", 1, True, "secretuser", "secretpass")) == "ProxySettings('socks5', 'h', 1)"


class Proxy:
    """Speaks all three kinds, and leads everybody to one server."""

    def __init__(self, server: Any) -> None:
        self.server = server
        self.asked: list[Any] = []
        self.refuses = False
        self.silent = False
        self.tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Proxy:
        self.listener = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        self.port = self.listener.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *args: object) -> None:
        self.listener.close()
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)

    async def serve(self, reader: Any, writer: Any) -> None:
        task: Any = asyncio.current_task()
        self.tasks.add(task)
        try:
            await self.talk(reader, writer)
        except (asyncio.CancelledError, asyncio.IncompleteReadError, OSError):
            pass
        finally:
            writer.close()
            self.tasks.discard(task)

    async def talk(self, reader: Any, writer: Any) -> None:
        if self.silent:
            await asyncio.sleep(1000)
        first = await reader.readexactly(1)
        if first == b"\x05":
            methods = await reader.readexactly((await reader.readexactly(1))[0])
            if 2 in methods:
                writer.write(b"\x05\x02")
                await reader.readexactly(1)
                user = await reader.readexactly((await reader.readexactly(1))[0])
                password = await reader.readexactly((await reader.readexactly(1))[0])
                self.asked.append((user, password))
                writer.write(b"\x01\x00")
            else:
                writer.write(b"\x05\x00")
            _, _, _, kind = await reader.readexactly(4)
            size = 4 if kind == 1 else (await reader.readexactly(1))[0]
            host = await reader.readexactly(size)
            (port,) = struct.unpack(">H", await reader.readexactly(2))
            self.asked.append((host if kind == 3 else socket.inet_ntoa(host).encode(), port))
            writer.write(b"\x05" + (b"\x05" if self.refuses else b"\x00") + b"\x00\x01" + bytes(6))
        elif first == b"\x04":
            _, port, host = struct.unpack(">BH4s", await reader.readexactly(7))
            await reader.readuntil(b"\0")
            self.asked.append((socket.inet_ntoa(host).encode(), port))
            writer.write(b"\x00" + (b"\x5b" if self.refuses else b"\x5a") + bytes(6))
        else:
            head = first + await reader.readuntil(b"\r\n\r\n")
            host, port = head.split(b" ")[1].split(b":")
            self.asked.append((host, int(port)))
            writer.write(b"HTTP/1.1 403 No\r\n\r\n" if self.refuses else b"HTTP/1.1 200 OK\r\n\r\n")
        if self.refuses:
            return
        far_reader, far_writer = await asyncio.open_connection(self.server.host, self.server.port)
        try:
            await asyncio.gather(self.pump(reader, far_writer), self.pump(far_reader, writer))
        finally:
            far_writer.close()

    async def pump(self, reader: Any, writer: Any) -> None:
        while data := await reader.read(65536):
            writer.write(data)
        writer.close()


@pytest.fixture(params=["python-socks", "PySocks"])
def library(request, monkeypatch):
    if request.param == "PySocks":
        monkeypatch.setitem(sys.modules, "python_socks.async_.asyncio", None)
    return request.param


@pytest.mark.parametrize("kind", ["socks4", "socks5", "http"])
async def test_requests_go_through_the_proxy(server, loggers, library, kind):
    server.answer = lambda body: bytes(NEAREST)
    async with Proxy(server) as proxy:
        sender = MTProtoSender(auth_key(), loggers=loggers, connect_timeout=5, retries=0)
        connection = ConnectionTcpFull("192.0.2.1", 443, 2, loggers=loggers, proxy=(kind, "127.0.0.1", proxy.port))
        await sender.connect(connection)
        assert await sender.send(functions.help.GetNearestDcRequest()) == NEAREST
        assert proxy.asked == [(b"192.0.2.1", 443)]
        await sender.disconnect()


async def test_who_may_use_the_proxy(server, library):
    async with Proxy(server) as proxy:
        settings = parse_proxy(("socks5", "127.0.0.1", proxy.port, True, "me", "secret"))
        opened = await open_proxy_socket(settings, "192.0.2.1", 443, timeout=5, local_addr=("127.0.0.1", 0))
        assert not opened.getblocking()
        assert proxy.asked[0] == (b"me", b"secret")
        opened.close()


@pytest.mark.parametrize("kind", ["socks4", "socks5", "http"])
async def test_refusals_are_connection_errors(server, library, kind):
    async with Proxy(server) as proxy:
        proxy.refuses = True
        with pytest.raises(ConnectionError):
            await open_proxy_socket(parse_proxy((kind, "127.0.0.1", proxy.port)), "192.0.2.1", 443, timeout=5)


async def test_proxy_that_is_not_there(library):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(ConnectionError):
        await open_proxy_socket(parse_proxy(("socks5", "127.0.0.1", port)), "192.0.2.1", 443, timeout=5)


async def test_I27_silent_proxy_has_a_limit(server, library):
    async with Proxy(server) as proxy:
        proxy.silent = True
        with pytest.raises((asyncio.TimeoutError, ConnectionError)):
            await open_proxy_socket(parse_proxy(("socks5", "127.0.0.1", proxy.port)), "192.0.2.1", 443, timeout=0.05)


async def test_I27_failed_tries_leave_no_socket(server, library):
    """Every file descriptor of the process is counted, as a leak would show there."""
    import os

    async with Proxy(server) as proxy:
        proxy.refuses = True
        settings = parse_proxy(("http", "127.0.0.1", proxy.port))

        async def fail() -> None:
            with pytest.raises(ConnectionError):
                await open_proxy_socket(settings, "192.0.2.1", 443, timeout=5)

        await fail()
        before = len(os.listdir("/proc/self/fd")) if sys.platform == "linux" else 0
        for _ in range(50):
            await fail()
        for _ in range(20):
            await asyncio.sleep(0.001)
        after = len(os.listdir("/proc/self/fd")) if sys.platform == "linux" else 0
        assert after <= before + 2


async def test_a_library_is_needed(monkeypatch):
    monkeypatch.setitem(sys.modules, "python_socks.async_.asyncio", None)
    monkeypatch.setitem(sys.modules, "socks", None)
    with pytest.raises(ImportError, match="pip install python-socks"):
        await open_proxy_socket(parse_proxy(("socks5", "127.0.0.1", 1)), "192.0.2.1", 443)
