"""Whole clients through real SOCKS and HTTP proxies, with both of the libraries that speak to them."""

from __future__ import annotations

import asyncio
import io
import os
import sys

import pytest

from telethon import events
from telethon.network import ConnectionHttp, ConnectionTcpAbridged, ConnectionTcpFull, ConnectionTcpObfuscated

pproxy = pytest.importorskip("pproxy", reason="pproxy is the proxy that these tests talk to; it is in the dev extra")

USER, PASSWORD = "me", "s3cret:@/"


@pytest.fixture(autouse=True)
def _names_of_schemes_have_no_case(monkeypatch):
    """PySocks asks for "basic", pproxy only knows "Basic"; to HTTP they are the same."""
    from pproxy.proto import HTTP

    accept = HTTP.http_accept

    def tolerant(self, user, method, path, authority, ver, lines, host, pauth, *args, **kwargs):
        pauth = pauth and pauth.replace("basic ", "Basic ", 1)
        return accept(self, user, method, path, authority, ver, lines, host, pauth, *args, **kwargs)

    monkeypatch.setattr(HTTP, "http_accept", tolerant)


class RealProxy:
    """A proxy of pproxy on a free port of loopback, which remembers where it was asked to connect to."""

    def __init__(self, scheme: str, *, auth: bool) -> None:
        self.scheme, self.auth = scheme, auth
        self.said: list[str] = []

    @property
    def reached(self) -> list[str]:
        return [line for line in self.said if "->" in line]

    async def __aenter__(self) -> RealProxy:
        login = f"#{USER}:{PASSWORD}" if self.auth else ""
        server = pproxy.Server(f"{self.scheme}://127.0.0.1:0{login}")
        direct = pproxy.Connection("direct://")
        # It would take a whole machine for known once somebody there has had the password.
        options = {"rserver": [direct], "verbose": self.said.append, "authtime": -1}
        self.listener = await server.start_server(options)
        self.port = self.listener.sockets[0].getsockname()[1]
        # It makes two tasks for each of its connections and forgets them. Where nobody else keeps them they are thrown
        # away in the middle, and the connection ends.
        self.tasks: list[asyncio.Task[object]] = []
        self.loop = asyncio.get_running_loop()
        self.loop.set_task_factory(self._make_task)
        return self

    def _make_task(self, loop, coro, **options):
        task = asyncio.Task(coro, loop=loop, **options)
        if "pproxy" in coro.cr_code.co_filename:
            self.tasks.append(task)
        return task

    async def __aexit__(self, *args: object) -> None:
        self.loop.set_task_factory(None)
        self.listener.close()
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)


@pytest.fixture(params=["python-socks", "PySocks"])
def library(request, monkeypatch):
    if request.param == "PySocks":
        monkeypatch.setitem(sys.modules, "python_socks.async_.asyncio", None)
    return request.param


@pytest.fixture(params=["socks4", "socks5", "socks5 with password", "http", "http with password"])
async def proxy(request):
    scheme, _, auth = request.param.partition(" ")
    async with RealProxy(scheme, auth=bool(auth)) as made:
        yield made


def forms(proxy):
    login = (USER, PASSWORD) if proxy.auth else (None, None)
    quoted = "me:s3cret%3A%40%2F@" if proxy.auth else ""
    settings = {"proxy_type": proxy.scheme, "addr": "127.0.0.1", "port": proxy.port}
    return {
        "tuple": (proxy.scheme, "127.0.0.1", proxy.port, True, *login),
        "dict": {**settings, "username": login[0], "password": login[1]},
        "address": f"{proxy.scheme}://{quoted}127.0.0.1:{proxy.port}",
    }


@pytest.mark.parametrize("form", ["tuple", "dict", "address"])
async def test_requests_and_updates(telegram_server, telegram_clients, telegram_user, library, proxy, form, eventually):
    other = telegram_server.create_user("Other")
    seen = []
    client = await telegram_clients(telegram_user, proxy=forms(proxy)[form])

    @client.on(events.NewMessage(incoming=True))
    async def note(event):
        seen.append(event.raw_text)

    assert (await client.get_me()).id == telegram_user.id
    await other.chat(telegram_user).send("hello")
    await eventually(lambda: seen == ["hello"])
    assert len(proxy.reached) == 1


@pytest.mark.parametrize("auth", [False, True])
async def test_links_to_socks_proxies(telegram_clients, telegram_user, library, auth):
    async with RealProxy("socks5", auth=auth) as proxy:
        query = "&user=me&pass=s3cret%3A%40%2F" if auth else ""
        for start in ("tg://socks", "https://t.me/socks", "t.me/socks"):
            link = f"{start}?server=127.0.0.1&port={proxy.port}{query}"
            client = await telegram_clients(telegram_user, proxy=link)
            assert (await client.get_me()).id == telegram_user.id
            await client.disconnect()
        assert len(proxy.reached) == 3


@pytest.mark.parametrize("cls", [ConnectionTcpFull, ConnectionTcpAbridged, ConnectionTcpObfuscated, ConnectionHttp])
async def test_every_transport_and_large_files(telegram_clients, telegram_user, library, proxy, cls):
    client = await telegram_clients(telegram_user, proxy=forms(proxy)["address"], connection=cls)
    data = bytes(range(256)) * 2048
    sent = await client.send_file("me", io.BytesIO(data), force_document=True)
    assert await client.download_media(sent, bytes) == data


@pytest.mark.parametrize("scheme", ["socks5", "http"])
@pytest.mark.parametrize("login", ["me:wr0ng@", ""])
async def test_a_wrong_password_is_an_error_that_hides_it(telegram_clients, telegram_user, library, scheme, login):
    async with RealProxy(scheme, auth=True) as proxy:
        client = await telegram_clients(
            telegram_user,
            proxy=f"{scheme}://{login}127.0.0.1:{proxy.port}",
            connect=False,
            connection_retries=0,
            timeout=5,
        )
        with pytest.raises((ConnectionError, asyncio.TimeoutError)) as caught:
            await client.connect()
        assert "wr0ng" not in f"{caught.value!r} {caught.value.__cause__!r}"
        assert not proxy.reached


async def test_the_proxy_changes_at_the_next_connection(telegram_clients, telegram_user, library):
    async with RealProxy("socks5", auth=False) as one, RealProxy("http", auth=True) as two:
        client = await telegram_clients(telegram_user, proxy=forms(one)["address"])
        client.set_proxy(forms(two)["address"])
        await client._sender._reconnect(None)
        assert (await client.get_me()).id == telegram_user.id
        assert (len(one.reached), len(two.reached)) == (1, 1)
        client.set_proxy(None)
        await client._sender._reconnect(None)
        assert (await client.get_me()).id == telegram_user.id
        assert (len(one.reached), len(two.reached)) == (1, 1)


@pytest.mark.skipif(sys.platform != "linux", reason="counts what is in /proc")
@pytest.mark.parametrize("kind", ["refuses", "hangs up", "closed port"])
async def test_I27_500_failed_tries_leave_no_socket(telegram_clients, telegram_user, library, kind):
    def answer(reader, writer):
        async def talk():
            await reader.read(1)
            if kind == "refuses":
                writer.write(b"\x05\xff")
            writer.close()

        return talk()

    listener = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = listener.sockets[0].getsockname()[1]
    if kind == "closed port":
        listener.close()
        await asyncio.sleep(0)
    client = await telegram_clients(
        telegram_user, proxy=("socks5", "127.0.0.1", port), connect=False, connection_retries=0, timeout=5
    )

    async def fail():
        with pytest.raises(ConnectionError):
            await client.connect()

    async def count():
        for _ in range(20):
            await asyncio.sleep(0.001)
        return len(os.listdir("/proc/self/fd"))

    for _ in range(5):
        await fail()
    before = await count()
    for _ in range(500):
        await fail()
    assert await count() <= before
    assert len(asyncio.all_tasks()) <= 3
    listener.close()


async def test_without_either_library_the_error_says_what_to_install(telegram_clients, telegram_user, monkeypatch):
    monkeypatch.setitem(sys.modules, "python_socks.async_.asyncio", None)
    monkeypatch.setitem(sys.modules, "socks", None)
    client = await telegram_clients(telegram_user, proxy="socks5://127.0.0.1:1080", connect=False)
    with pytest.raises(ImportError, match="pip install python-socks"):
        await client.connect()
