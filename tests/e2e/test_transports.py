"""Everything that must hold on every transport: codes of the server, quick acknowledgements, junk, dead lines."""

from __future__ import annotations

import asyncio
import time
import zlib
from struct import pack

import pytest

from telethon.crypto import _pyaes, aes, libssl
from telethon.mtproto.codecs.abridged import AbridgedCodec
from telethon.mtproto.codecs.full import FullCodec
from telethon.network import (
    ConnectionHttp,
    ConnectionTcpAbridged,
    ConnectionTcpFull,
    ConnectionTcpIntermediate,
    ConnectionTcpMTProxyAbridged,
    ConnectionTcpMTProxyIntermediate,
    ConnectionTcpMTProxyRandomizedIntermediate,
    ConnectionTcpObfuscated,
)
from telethon.testing import TelegramTestServer
from telethon.testing.clock import run_virtual

try:
    from telethon.crypto import _cryptg
except ImportError:  # it is optional
    _cryptg = None

KEY = bytes(range(90, 106))
TRANSPORTS = {
    "full": (ConnectionTcpFull, b""),
    "abridged": (ConnectionTcpAbridged, b""),
    "intermediate": (ConnectionTcpIntermediate, b""),
    "obfuscated": (ConnectionTcpObfuscated, b""),
    "http": (ConnectionHttp, b""),
    "proxy abridged": (ConnectionTcpMTProxyAbridged, KEY),
    "proxy intermediate": (ConnectionTcpMTProxyIntermediate, KEY),
    "proxy padded": (ConnectionTcpMTProxyRandomizedIntermediate, KEY),
    "proxy dd": (ConnectionTcpMTProxyRandomizedIntermediate, b"\xdd" + KEY),
    "proxy ee": (ConnectionTcpMTProxyRandomizedIntermediate, b"\xee" + KEY + b"example.org"),
}
BACKENDS = {"cryptg": _cryptg, "libcrypto": libssl, "pyaes": _pyaes}


@pytest.fixture(params=TRANSPORTS)
def transport(request):
    return request.param


def serve(transport, **options):
    return TelegramTestServer(mtproxy_secret=TRANSPORTS[transport][1], **options)


def make_client(server, transport, **options):
    cls, secret = TRANSPORTS[transport]
    user = server.create_user("Ann")
    if secret:
        options["proxy"] = ("127.0.0.1", server.address(server.default_dc)[1], secret.hex())
    return server.client(user, connection=cls, **options)


def calls(server):
    """How often the server was called, or how many sockets there were."""
    return server._connected


# -- quick acknowledgements --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("transport", [name for name in TRANSPORTS if name not in ("full", "http")])
async def test_T3_quick_acks_leave_the_stream_in_step(transport):
    async with serve(transport) as server, make_client(server, transport) as client:
        await client.get_me()
        before = calls(server)
        server.faults.quick_ack(times=50)
        for _ in range(20):
            assert (await client.get_me()).first_name == "Ann"
        found = await asyncio.gather(*(client.get_me() for _ in range(20)))
        assert len(found) == 20
        assert calls(server) == before
        server.violations.check()


# -- codes -------------------------------------------------------------------------------------------------------------


def test_T8_I26_a_busy_server_is_left_alone(transport):
    async def main():
        async with serve(transport) as server, make_client(server, transport, connection_retries=-1) as client:
            await client.get_me()
            before = calls(server)
            fault = server.faults.transport_error(429, times=None)
            waiting = asyncio.ensure_future(client.get_me())
            await asyncio.sleep(300)
            assert 2 <= calls(server) - before <= 4 * 5
            assert not waiting.done()
            fault.stop()
            assert (await waiting).first_name == "Ann"

    run_virtual(main())


def test_T8_a_wrong_data_centre_ends_it(transport):
    async def main():
        async with serve(transport) as server:
            client = make_client(server, transport, connection_retries=-1)
            await client.connect()
            await client.get_me()
            before = calls(server)
            server.faults.transport_error(444, times=None)
            with pytest.raises(ConnectionError, match="444"):
                await client.get_me()
            await asyncio.sleep(100)
            # Over HTTP a further socket may have carried the request.
            assert calls(server) - before <= 1
            assert not client.is_connected()
            await client.disconnect()

    run_virtual(main())


@pytest.mark.parametrize("code", [404, 403, 500])
def test_T7_T8_other_codes_mean_another_connection(transport, code):
    async def main():
        async with serve(transport) as server, make_client(server, transport) as client:
            await client.get_me()
            key = client.session.auth_key.key
            before = calls(server)
            server.faults.transport_error(code)
            assert (await client.get_me()).first_name == "Ann"
            assert calls(server) > before
            assert client.session.auth_key.key == key

    run_virtual(main())


# -- junk --------------------------------------------------------------------------------------------------------------


def frame(wire, data):
    """A packet of any length as the transport carries it; in words where it counts in words."""
    inner = wire._inner
    if wire.is_http:
        return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(data), data)
    if isinstance(inner, FullCodec):
        head = pack("<ii", len(data) + 12, inner._sent)
        framed = head + data + pack("<I", zlib.crc32(head + data))
    elif isinstance(inner, AbridgedCodec):
        data += bytes(-len(data) % 4)
        framed = bytes((len(data) // 4,)) + data
    else:
        framed = pack("<i", len(data)) + data
    return framed if wire._codec is inner else wire._wrap(wire._codec.encode_raw(framed))


@pytest.mark.parametrize("name", BACKENDS)
async def test_M1_I1_25_bytes_of_junk_cost_less_than_a_second(transport, name, monkeypatch):
    backend = BACKENDS[name]
    if backend is None:
        pytest.skip(f"{name} is not installed")
    monkeypatch.setattr(aes, "ige", lambda: backend)
    async with serve(transport) as server, make_client(server, transport, retry_delay=0) as client:
        await client.get_me()
        for _ in range(3):
            before = calls(server)
            key_id = client._sender._engine.state.auth_key_id
            started = time.perf_counter()
            target = None
            while target is None:
                # Over HTTP a socket must have been asked, which one that was opened just now was not yet.
                await asyncio.sleep(0)
                ready = (one for one in server.connections if one.wire.name and not one.is_closed)
                target = next((one for one in ready if not one.is_http or one._http_requests), None)
            target.write(frame(target.wire, key_id + bytes(17)))
            while calls(server) == before:
                await asyncio.sleep(0.001)
                assert time.perf_counter() - started < 1, "the connection was kept"
            assert (await asyncio.wait_for(client.get_me(), 5)).first_name == "Ann"
            assert time.perf_counter() - started < 1
        server.violations.check()


# -- dead lines --------------------------------------------------------------------------------------------------------


def cut_silently(server):
    """Nothing arrives any more in either direction, and nobody is told."""
    for connection in server.connections:
        connection.deaf = connection.mute = True


@pytest.mark.parametrize("asking", [True, False])
def test_S13_a_dead_line_is_noticed(transport, asking):
    async def main():
        async with serve(transport) as server, make_client(server, transport) as client:
            await client.get_me()
            await asyncio.sleep(5)
            loop = asyncio.get_running_loop()
            before, started = calls(server), loop.time()
            cut_silently(server)
            if asking:
                assert (await client.get_me()).first_name == "Ann"
                assert loop.time() - started <= 31
            else:
                while calls(server) == before:
                    await asyncio.sleep(0.5)
                assert loop.time() - started <= 91

    run_virtual(main())
