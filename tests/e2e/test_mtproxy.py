"""Whole clients through an MTProxy: one written for these tests, and the test server acting as one."""

from __future__ import annotations

import base64
import io

import pytest
from mtproxy import MTProxy

from telethon import TelegramClient, errors, events
from telethon.network import (
    ConnectionTcpFull,
    ConnectionTcpMTProxyAbridged,
    ConnectionTcpMTProxyIntermediate,
    ConnectionTcpMTProxyRandomizedIntermediate,
)
from telethon.testing import TelegramTestServer
from telethon.tl import functions

KEY = bytes(range(40, 56))
SECRETS = {"plain": KEY, "dd": b"\xdd" + KEY, "ee": b"\xee" + KEY + b"www.example.org"}
CLASSES = [
    ConnectionTcpMTProxyAbridged,
    ConnectionTcpMTProxyIntermediate,
    ConnectionTcpMTProxyRandomizedIntermediate,
]


@pytest.fixture(params=list(SECRETS))
def secret(request):
    return SECRETS[request.param]


@pytest.fixture
async def proxy(telegram_server, secret):
    servers = dict(telegram_server.addresses)
    async with MTProxy(secret, servers) as made:
        yield made


def link(proxy, secret):
    return f"tg://proxy?server=127.0.0.1&port={proxy.port}&secret={secret.hex()}"


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
async def test_T6_requests_and_updates_through_every_class(
    telegram_server, telegram_clients, telegram_user, proxy, secret, cls, eventually
):
    seen = []
    client = await telegram_clients(
        telegram_user, connection=cls, proxy=("127.0.0.1", proxy.port, secret.hex()), connect=False
    )
    client.add_event_handler(lambda event: _note(seen, event), events.NewMessage(incoming=True))
    await client.connect()
    other = telegram_server.create_user("Other")
    assert (await client.get_me()).id == telegram_user.id
    await other.chat(telegram_user).send("hello")
    await eventually(lambda: seen == ["hello"])
    assert proxy.dc_ids == [client.session.dc_id]
    # A secret with a mark asks for the padded intermediate transport, and gets it from every class.
    expected = cls.packet_codec.obfuscate_tag if secret == KEY else b"\xdd" * 4
    assert proxy.tags == [expected]
    assert proxy.names == ([b"www.example.org"] if secret[:1] == b"\xee" else [])
    assert not proxy.refused


async def _note(seen, event):
    seen.append(event.raw_text)


async def test_T6_large_files_there_and_back(telegram_clients, telegram_user, proxy, secret):
    client = await telegram_clients(telegram_user, proxy=link(proxy, secret))
    data = bytes(range(256)) * 4096
    sent = await client.send_file("me", io.BytesIO(data), force_document=True)
    assert await client.download_media(sent, bytes) == data


async def test_T6_a_link_chooses_the_class(telegram_clients, telegram_user, proxy, secret):
    text = base64.urlsafe_b64encode(secret).rstrip(b"=").decode()
    address = f"https://t.me/proxy?server=127.0.0.1&port={proxy.port}&secret={text}"
    client = await telegram_clients(telegram_user, connection=ConnectionTcpFull, proxy=address)
    assert (await client.get_me()).id == telegram_user.id
    assert proxy.tags == [b"\xee" * 4 if secret == KEY else b"\xdd" * 4]
    told = client._init_request.proxy
    assert (told.address, told.port) == ("127.0.0.1", proxy.port)


async def test_T6_the_proxy_changes_at_the_next_connection(
    telegram_server, telegram_clients, telegram_user, proxy, secret
):
    client = await telegram_clients(telegram_user)
    assert proxy.dc_ids == []
    client.set_proxy(link(proxy, secret))
    await client._sender._reconnect(None)
    assert (await client.get_me()).id == telegram_user.id
    assert len(proxy.dc_ids) == 1
    client.set_proxy(None)
    await client._sender._reconnect(None)
    assert (await client.get_me()).id == telegram_user.id
    assert len(proxy.dc_ids) == 1
    assert client._init_request.proxy is None


async def test_T6_a_broken_connection_is_made_again_through_the_proxy(
    telegram_clients, telegram_user, proxy, secret, eventually
):
    client = await telegram_clients(telegram_user, proxy=link(proxy, secret), retry_delay=0)
    proxy.drop()
    assert (await client.get_me()).id == telegram_user.id
    assert len(proxy.dc_ids) == 2


async def test_T6_two_data_centres_through_one_proxy(telegram_server, telegram_clients, telegram_user, proxy, secret):
    client = await telegram_clients(telegram_user, proxy=link(proxy, secret))
    home = client.session.dc_id
    other = next(dc_id for dc_id in telegram_server.addresses if dc_id != home)
    sender = await client._borrow_exported_sender(other)
    nearest = await sender.send(functions.help.GetNearestDcRequest())
    assert nearest.this_dc == other
    await client._return_exported_sender(sender)
    assert proxy.dc_ids == [home, other]


@pytest.mark.parametrize(
    ("cls", "wrong"),
    [
        (ConnectionTcpFull, "nonsense"),
        (ConnectionTcpFull, "tg://proxy?server=h&port=1&secret=00"),
        (ConnectionTcpMTProxyAbridged, "socks5://h:1"),
        (ConnectionTcpMTProxyAbridged, ("h", 1, "00")),
        (ConnectionTcpMTProxyAbridged, ("h", 1)),
    ],
)
def test_T6_a_wrong_proxy_changes_nothing(cls, wrong):
    good = None if cls is ConnectionTcpFull else ("h", 2, KEY)
    client = TelegramClient(None, 1, "x", connection=cls, proxy=good)
    told = client._init_request.proxy
    with pytest.raises(ValueError, match=r"(?i)proxy"):
        client.set_proxy(wrong)
    assert (client._proxy, client._connection, client._init_request.proxy) == (good, cls, told)
    with pytest.raises(ValueError, match=r"(?i)proxy"):
        TelegramClient(None, 1, "x", connection=cls, proxy=wrong)


@pytest.mark.parametrize("kind", ["plain", "dd", "ee"])
async def test_T6_the_test_server_as_a_proxy(kind):
    async with TelegramTestServer(mtproxy_secret=SECRETS[kind]) as server:
        user = server.create_user("Ann")
        _, port = next(iter(server.addresses.values()))
        client: TelegramClient = server.client(user, proxy=("127.0.0.1", port, SECRETS[kind]), connection=CLASSES[0])
        async with client:
            assert (await client.get_me()).id == user.id
            name = "abridged" if kind == "plain" else "padded intermediate"
            assert {connection.wire.name for connection in server.connections} == {f"obfuscated {name}"}


@pytest.mark.parametrize("kind", ["plain", "dd", "ee"])
async def test_T6_a_wrong_secret_ends_in_an_error_that_hides_it(telegram_server, telegram_clients, kind):
    wrong = SECRETS[kind].replace(KEY, KEY[::-1])
    servers = dict(telegram_server.addresses)
    async with MTProxy(SECRETS[kind], servers) as proxy:
        client = await telegram_clients(
            proxy=link(proxy, wrong), connect=False, connection_retries=1, retry_delay=0, timeout=2
        )
        with pytest.raises((ConnectionError, errors.SecurityError)) as caught:
            await client.connect()
        text = f"{caught.value!r} {caught.value.__cause__!r}"
        assert KEY[::-1].hex() not in text
        assert proxy.refused


@pytest.mark.parametrize(
    "proxy",
    [
        "tg://proxy?server=h&port=1",
        "tg://proxy?server=h&port=1&secret=xyz123",
        "tg://proxy?server=h&port=0&secret=" + KEY.hex(),
        "tg://proxy?port=1&secret=" + KEY.hex(),
        "tg://resolve?domain=x",
        "https://t.me/x",
        "socks5://h",
        "https://h:1",
        "ftp://h:1",
        "nonsense",
    ],
)
def test_T6_wrong_links_are_refused_at_once(proxy):
    with pytest.raises(ValueError, match=r"(?i)proxy") as caught:
        TelegramClient(None, 1, "x", proxy=proxy)
    assert "xyz123" not in str(caught.value)
    assert KEY.hex() not in str(caught.value)
