"""Hostile packets against whole connections: on every transport and by every implementation of AES."""

from __future__ import annotations

import asyncio
import gzip
import logging
import struct
import time
import tracemalloc
import zlib
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import pytest
from fakeserver import KEY, FakeServer, Peer, key_id
from mtproto_model import Link, request
from sendersetup import NEAREST, GetNearestDc, Setup

from telethon import errors
from telethon._core.rand import system_random
from telethon.crypto import _pyaes, aes, libssl
from telethon.errors import RemoteProtocolError
from telethon.mtproto import wire
from telethon.mtproto.codecs.abridged import AbridgedCodec
from telethon.mtproto.codecs.full import FullCodec
from telethon.mtproto.limits import Limits
from telethon.network import (
    ConnectionTcpAbridged,
    ConnectionTcpFull,
    ConnectionTcpIntermediate,
    ConnectionTcpMTProxyRandomizedIntermediate,
    ConnectionTcpObfuscated,
)
from telethon.testing.clock import run_virtual
from telethon.tl import _registry, types

LOGGERS: Any = defaultdict(lambda: logging.getLogger("telethon.test"))
SECRET = bytes(range(16))

try:
    from telethon.crypto import _cryptg
except ImportError:  # it is optional
    _cryptg = None  # type: ignore[assignment]
BACKENDS = {"cryptg": _cryptg, "libssl": libssl, "pyaes": _pyaes}


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Any:
    chosen = BACKENDS[request.param]
    if chosen is None:
        pytest.skip(f"{request.param} is not installed")
    monkeypatch.setattr(aes, "ige", lambda: chosen)
    return chosen


@pytest.fixture
def escaped() -> list[Any]:
    """What the event loop was told of: errors that nobody handled."""
    return []


def watch(escaped: list[Any]) -> None:
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: escaped.append(context))


TRANSPORTS: dict[str, Any] = {
    "full": ConnectionTcpFull,
    "abridged": ConnectionTcpAbridged,
    "intermediate": ConnectionTcpIntermediate,
    "obfuscated": ConnectionTcpObfuscated,
    "proxy": ConnectionTcpMTProxyRandomizedIntermediate,
}


def connect_by(made: Setup, transport: str) -> Any:
    server: FakeServer = made.server
    server.obfuscated = transport == "obfuscated"
    if transport == "proxy":
        server.secret = SECRET
        proxy = (server.host, server.port, SECRET.hex())
        return TRANSPORTS[transport]("192.0.2.1", 443, 2, loggers=LOGGERS, proxy=proxy)
    return made.connection(TRANSPORTS[transport])


def send_raw(peer: Peer, data: bytes) -> None:
    """A packet of any length, as our own codecs would never write it; in words where a transport counts in words."""
    codec = getattr(peer.codec, "inner", peer.codec)
    if isinstance(codec, FullCodec):
        head = struct.pack("<ii", len(data) + 12, codec._sent)
        codec._sent += 1
        frame = head + data + struct.pack("<I", zlib.crc32(head + data))
    elif isinstance(codec, AbridgedCodec):
        data += bytes(-len(data) % 4)
        frame = bytes((len(data) // 4,)) + data
    else:
        frame = struct.pack("<i", len(data)) + data
    peer.transport.write(frame if codec is peer.codec else peer.codec._encrypt.encrypt(frame))


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_M1_I1_after_25_bytes_of_junk_the_next_request_is_answered_within_a_second(
    backend: Any, escaped: list[Any], transport: str
) -> None:
    watch(escaped)
    async with Setup(LOGGERS, delay=0) as made:
        await made.sender.connect(connect_by(made, transport))
        assert await made.ask() == NEAREST
        for number in range(3):
            before = time.perf_counter()
            send_raw(made.server.peers[0], key_id(KEY) + system_random(17))
            while made.server.accepted < number + 2:
                await asyncio.sleep(0)
                assert time.perf_counter() - before < 1, "the connection was kept"
            assert await asyncio.wait_for(made.ask(), 5) == NEAREST
            assert time.perf_counter() - before < 1
        assert made.sender.is_connected()
    assert escaped == []


async def test_M1_I1_a_packet_of_any_length_costs_less_than_a_second(backend: Any, escaped: list[Any]) -> None:
    watch(escaped)
    async with Setup(LOGGERS, delay=0) as made:
        await made.connect()
        await made.ask()
        for size in range(201):
            before = time.perf_counter()
            waiting = made.sender.send(GetNearestDc())
            send_raw(made.server.peers[0], (key_id(KEY) + system_random(200))[:size])
            assert await asyncio.wait_for(waiting, 5) == NEAREST
            assert await asyncio.wait_for(made.ask(), 5) == NEAREST
            assert time.perf_counter() - before < 1, size
        # Each of them cost one connection, but for what came after the answer that was waited for last.
        assert 195 <= made.server.accepted <= 202
        assert {session for session, _, _ in made.server.requests} == {made.sender._engine.state.session_id}
    assert escaped == []


# -- what grows when it is unpacked ------------------------------------------------------------------------------------


def squeezed(mebibytes: int) -> bytes:
    """A stream of zeros: the same compressed block over and over."""
    squeeze = zlib.compressobj(9, zlib.DEFLATED, 31)
    head = squeeze.compress(bytes(1 << 20)) + squeeze.flush(zlib.Z_FULL_FLUSH)
    block = squeeze.compress(bytes(1 << 20)) + squeeze.flush(zlib.Z_FULL_FLUSH)
    return struct.pack("<I", wire.GZIP_PACKED) + wire.write_bytes(head + block * (mebibytes - 1))


def nested(times: int) -> bytes:
    body = bytes(20 << 20)
    for _ in range(times):
        body = struct.pack("<I", wire.GZIP_PACKED) + wire.write_bytes(gzip.compress(body))
    return body


BOMBS = {"200 MiB": lambda: squeezed(200), "10 GiB": lambda: squeezed(10_240), "gzip^20": lambda: nested(20)}


@pytest.mark.parametrize("make", BOMBS.values(), ids=list(BOMBS))
def test_M13_R10_bombs_are_refused_and_take_less_than_40_mebibytes(make: Callable[[], bytes]) -> None:
    link = Link()
    link.engine.submit(request(900), token=0)
    link.settle()
    packet = link.server.push(link.session, make(), link.now.mono)
    before = time.process_time()
    tracemalloc.start()
    try:
        with pytest.raises(RemoteProtocolError, match="a compressed object"):
            link.engine.receive_packet(packet, link.now)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 40 << 20
    assert time.process_time() - before < 1


# -- packets that never end --------------------------------------------------------------------------------------------


def test_T1_a_byte_a_second_does_not_hold_a_request_for_ever() -> None:
    async def main() -> None:
        async with Setup(LOGGERS, delay=0) as made:
            await made.connect()
            await made.ask()
            made.server.answer = lambda body: None
            waiting = made.sender.send(GetNearestDc())
            await asyncio.sleep(1)
            loop = asyncio.get_running_loop()
            before = loop.time()
            slow = made.server.peers[0]
            made.server.deaf = True
            slow.transport.write(struct.pack("<ii", 1_000_000, slow.codec._sent))
            while made.server.accepted == 1:
                slow.transport.write(b"x")
                await asyncio.sleep(1)
                assert loop.time() - before < Limits().progress_timeout + Limits().ping_period
            made.server.deaf = False
            made.server.answer = lambda body: bytes(NEAREST)
            made.server.drop_all()
            assert await waiting == NEAREST

    run_virtual(main())


@pytest.mark.parametrize("transport", ["full", "intermediate", "obfuscated"])
async def test_T1_R10_a_packet_of_a_gibibyte_is_refused_when_it_is_announced(transport: str) -> None:
    async with Setup(LOGGERS, delay=0) as made:
        await made.sender.connect(connect_by(made, transport))
        await made.ask()
        peer = made.server.peers[0]
        head = struct.pack("<ii", 1 << 30, getattr(peer.codec, "_sent", 0))
        tracemalloc.start()
        try:
            peer.transport.write(peer.codec._encrypt.encrypt(head) if transport == "obfuscated" else head)
            before = time.perf_counter()
            while made.server.accepted == 1:
                await asyncio.sleep(0.001)
                assert time.perf_counter() - before < 5, "it waits for the rest"
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert peak < 4 << 20
        assert await asyncio.wait_for(made.ask(), 5) == NEAREST


# -- objects that are deep, long or short ------------------------------------------------------------------------------

VECTOR = 0x1CB5C415
JSON_ARRAY = 0xF7444763
DATA = {
    "vectors in vectors": struct.pack("<Ii", VECTOR, 1) * 900 + struct.pack("<Ii", VECTOR, 0),
    "arrays in arrays": struct.pack("<IIi", JSON_ARRAY, VECTOR, 1) * 900 + struct.pack("<IIi", JSON_ARRAY, VECTOR, 0),
    "65 levels": struct.pack("<IIi", JSON_ARRAY, VECTOR, 1) * 65 + struct.pack("<IIi", JSON_ARRAY, VECTOR, 0),
    "-1 elements": struct.pack("<Ii", VECTOR, -1),
    "the most negative number": struct.pack("<Ii", VECTOR, -(2**31)),
    "more elements than bytes": struct.pack("<Ii", VECTOR, 2**31 - 1) + bytes(16),
    "a string beyond the end": struct.pack("<I", 0xB71E767A) + b"\xfe\xff\xff\xff",
    "nothing": b"",
    "half a number": b"\x15\xc4",
}


@pytest.mark.parametrize("data", DATA.values(), ids=list(DATA))
def test_M14_what_cannot_be_is_a_typed_error_at_once(data: bytes) -> None:
    before = time.thread_time()
    with pytest.raises(errors.TLDecodeError):
        _registry.read(data)
    assert time.thread_time() - before < 0.05


# What is no object at all, or not a whole number of words, is a fault of its packet and not of an answer in it.
ANSWERS = {name: data for name, data in DATA.items() if data and len(data) % 4 == 0}


@pytest.mark.parametrize("data", ANSWERS.values(), ids=list(ANSWERS))
async def test_M14_an_answer_that_cannot_be_read_fails_its_request_only(data: bytes, escaped: list[Any]) -> None:
    watch(escaped)
    async with Setup(LOGGERS) as made:
        await made.connect()
        await made.ask()
        answers = iter((data, bytes(NEAREST)))
        made.server.answer = lambda body: next(answers)
        bad, good = made.sender.send([GetNearestDc(), GetNearestDc()])
        with pytest.raises(errors.TLDecodeError):
            await asyncio.wait_for(bad, 5)
        made.server.answer = lambda body: bytes(NEAREST)
        assert await asyncio.wait_for(good, 5) == NEAREST
        assert await made.ask() == NEAREST
    assert escaped == []


INNER = struct.pack("<qii", 1, 1, 4) + b"abcd"


def boxes(depth: int) -> bytes:
    data = container((1, 1, b"abcd"))
    for _ in range(depth - 1):
        data = container((1, 1, data))
    return data


CONTAINERS = {
    **{f"{depth} levels": (lambda depth=depth: boxes(depth)) for depth in (2, 10, 10_000)},
    **{f"{count} messages": (lambda count=count: struct.pack("<Ii", wire.MSG_CONTAINER, count) + INNER)
       for count in (-1, 2, 2**31 - 1)},
    "a message beyond the end": lambda: struct.pack("<Iiqii", wire.MSG_CONTAINER, 1, 1, 1, 400) + b"abcd",
    "a message below nothing": lambda: struct.pack("<Iiqii", wire.MSG_CONTAINER, 1, 1, 1, -4) + b"abcd",
}  # fmt: skip


@pytest.mark.parametrize("make", CONTAINERS.values(), ids=list(CONTAINERS))
def test_M12_containers_that_cannot_be_are_refused_within_5_ms(make: Callable[[], bytes]) -> None:
    link = Link()
    link.engine.submit(request(900), token=0)
    link.settle()
    body = make()
    times: list[float] = []
    for _ in range(3):
        packet = link.server.push(link.session, body, link.now.mono, content=False)
        before = time.thread_time()
        with pytest.raises(RemoteProtocolError):
            link.engine.receive_packet(packet, link.now)
        times.append(time.thread_time() - before)
    assert min(times) < 0.005


# -- neighbours of what is unknown -------------------------------------------------------------------------------------


def container(*messages: tuple[int, int, bytes]) -> bytes:
    head = struct.pack("<Ii", wire.MSG_CONTAINER, len(messages))
    return head + b"".join(struct.pack("<qii", one, seq, len(body)) + body for one, seq, body in messages)


@pytest.mark.parametrize("place", [0, 1, 2])
async def test_M15_I7_I8_neighbours_of_an_unknown_object_arrive_and_one_difference_is_asked_for(
    place: int, escaped: list[Any], caplog: pytest.LogCaptureFixture
) -> None:
    watch(escaped)
    async with Setup(LOGGERS) as made:
        await made.connect()
        await made.ask()
        made.taken()
        asked: list[int] = []
        made.server.on_request = lambda peer, msg_id, body: asked.append(msg_id)
        waiting = made.sender.send(GetNearestDc())
        while not asked:
            await asyncio.sleep(0)
        peer = made.server.peers[0]
        state = peer.state
        assert state is not None
        now = made.server.clock.now
        update = types.UpdateShort(types.UpdateConfig(), None)
        bodies = [struct.pack("<Iq", wire.RPC_RESULT, asked[0]) + bytes(NEAREST), bytes(update)]
        bodies.insert(place, struct.pack("<I", 0x99999999) + b"a private text..")
        inner = [(state.new_msg_id(now(), reply=True), state.next_seq_no(True), body) for body in bodies]
        with caplog.at_level(logging.DEBUG):
            peer.send(container(*inner), content_related=False)
            assert await asyncio.wait_for(waiting, 5) == NEAREST
            await asyncio.sleep(0.05)
        taken = made.taken()
        assert sorted(type(one).__name__ for one in taken) == ["UpdateShort", "UpdatesTooLong"]
        assert "99999999" in caplog.text
        assert "a private text" not in caplog.text
        assert "61207072" not in caplog.text, "nor its bytes as hexadecimal digits"
        assert made.sender.needs_introduction, "the next request tells our layer"
        made.server.on_request = None
        assert await made.ask() == NEAREST
        assert made.server.accepted == 1
    assert escaped == []
