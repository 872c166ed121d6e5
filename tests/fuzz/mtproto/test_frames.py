"""Hostile packets: whatever comes, only `RemoteProtocolError` goes out, quickly and in little memory.

Two kinds of hostility: packets changed on the wire, which must all be refused, and plaintexts that are sealed with the
right key but hold nonsense.
"""

from __future__ import annotations

import random
import resource
import struct
import time
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mtproto_model import (
    ALL_INFO,
    BAD_MSG,
    BAD_SALT,
    DESTROYED,
    DETAILED,
    KEY,
    NEW_DETAILED,
    NEW_SESSION,
    PONG,
    RESEND,
    RESEND_ANSWERS,
    RPC_ERROR,
    RPC_RESULT,
    SALTS,
    STATE_INFO,
    STATE_REQ,
    Link,
    gzipped,
    longs,
    request,
    tl_bytes,
)
from slow import SLOW

from telethon.errors import RemoteProtocolError
from telethon.mtproto import cipher
from telethon.mtproto.events import Closed, Event, Unreadable
from telethon.mtproto.side import Side

FRAMES = 100_000 if SLOW else 600
LIMITS_OF_INTEREST = [0, 1, 2, 3, 4, 252, 253, 254, 255, 2**15, 2**31 - 1, -(2**31), -1, 0x1CB5C415, 0x73F1F8DC]


def opened() -> Link:
    link = Link()
    link.server.hold = set(range(5))
    for number in range(5):
        link.engine.submit(request(number), token=number)
    link.settle()
    return link


def corpus(link: Link) -> Iterator[bytes]:
    """One good body of each kind."""
    ids = list(link.engine._inflight.sent)
    yield struct.pack("<Iq", RPC_RESULT, ids[0]) + bytes(40)
    yield struct.pack("<IqIi", RPC_RESULT, ids[1], RPC_ERROR, 420) + tl_bytes(b"FLOOD_WAIT_5")
    yield struct.pack("<Iq", RPC_RESULT, ids[2]) + gzipped(bytes(400))
    yield gzipped(struct.pack("<Iq", RPC_RESULT, ids[3]) + bytes(40))
    yield struct.pack("<Iqiiiiq", SALTS, 5, 0, 1, 10, 20, 30)
    yield struct.pack("<Iqq", PONG, ids[0], 7)
    yield struct.pack("<Iq", DESTROYED, 7)
    yield struct.pack("<Iqqq", NEW_SESSION, ids[2], 7, 8)
    yield longs(0x62D6B459, ids)
    yield struct.pack("<IqIi", BAD_MSG, ids[0], 1, 20)
    yield struct.pack("<IqIiq", BAD_SALT, ids[0], 1, 48, 9)
    yield longs(STATE_REQ, ids)
    yield struct.pack("<Iq", STATE_INFO, ids[0]) + tl_bytes(bytes(5))
    yield longs(ALL_INFO, ids) + tl_bytes(bytes([4] * len(ids)))
    yield struct.pack("<Iqqii", DETAILED, ids[0], 5, 100, 0)
    yield struct.pack("<Iqii", NEW_DETAILED, 5, 100, 0)
    yield longs(RESEND, ids)
    yield longs(RESEND_ANSWERS, ids)
    yield struct.pack("<Ii", 0x55555555, 7) + bytes(100)
    messages = [(1 + 4 * place, 1, body) for place, body in enumerate((bytes(8), longs(0x62D6B459, ids), bytes(20)))]
    container = struct.pack("<Ii", 0x73F1F8DC, len(messages))
    yield container + b"".join(struct.pack("<qii", one, seq, len(body)) + body for one, seq, body in messages)


def mutate(rand: random.Random, body: bytes) -> bytes:
    data = bytearray(body)
    for _ in range(rand.randint(1, 4)):
        place = rand.randrange(len(data) // 4) * 4 if len(data) >= 4 else 0
        match rand.randrange(6):
            case 0:
                data[place : place + 4] = struct.pack("<I", rand.choice(LIMITS_OF_INTEREST) & 0xFFFFFFFF)
            case 1:
                data[place : place + 4] = rand.randbytes(4)
            case 2:
                del data[place:]
            case 3:
                data += rand.randbytes(4 * rand.randint(1, 40))
            case 4:
                del data[place : place + 4]
            case _:
                data[place:place] = data[: rand.randint(0, 20) * 4]
    return bytes(data[: len(data) // 4 * 4])


def check(link: Link, packet: bytes) -> list[Event]:
    start = time.process_time()
    try:
        found = link.engine.receive_packet(packet, link.now)
    except RemoteProtocolError:
        found = []
    assert time.process_time() - start < 0.5
    for event in found:
        if isinstance(event, Unreadable):
            assert isinstance(event.error, RemoteProtocolError)
    assert not any(isinstance(event, Closed) for event in found[:-1])
    return found


@pytest.mark.parametrize("seed", range(20 if SLOW else 3))
def test_R1_M14_bodies_that_hold_nonsense(seed: int) -> None:
    rand = random.Random(seed)
    link = opened()
    seeds = list(corpus(link))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(FRAMES // (20 if SLOW else 3)):
        link.clock.advance(0.001)
        if len(link.engine.pending()) < 3 or rand.random() < 0.01:
            link = opened()
            seeds = list(corpus(link))
        body = mutate(rand, rand.choice(seeds))
        msg_id = link.server.msg_id(link.now.mono, 3)
        inner = struct.pack("<qqqii", 1, link.state.session_id, msg_id, 1, len(body)) + body
        check(link, cipher.encrypt(KEY, inner, Side.SERVER, rand.randbytes))
        for packet in link.engine.packets_to_send(link.now):
            cipher.decrypt(KEY, packet, Side.CLIENT)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 * 1024


def test_R1_M3_packets_that_were_changed_on_the_wire() -> None:
    """Every one is refused, and the session goes on as if it had never come."""
    rand = random.Random(5)
    link = opened()
    for _ in range(FRAMES):
        packet = bytearray(link.server.push(link.session, struct.pack("<Ii", 0x55555555, 7), link.now.mono))
        match rand.randrange(4):
            case 0:
                packet[rand.randrange(len(packet))] ^= 1 << rand.randrange(8)
            case 1:
                del packet[rand.randrange(5, len(packet)) :]
            case 2:
                packet += rand.randbytes(rand.randint(1, 40))
            case _:
                place = rand.randrange(len(packet) - 16)
                packet[place : place + 16] = rand.randbytes(16)
        with pytest.raises(RemoteProtocolError):
            link.engine.receive_packet(bytes(packet), link.now)
    assert link.engine.ignored == 0
    assert len(link.deliver(link.server.release(link.now.mono))) == 5


@given(st.binary(max_size=400))
@settings(deadline=None, max_examples=5000 if SLOW else 200)
def test_M1_arbitrary_bytes(data: bytes) -> None:
    link = Link()
    if len(data) != 4:
        with pytest.raises(RemoteProtocolError):
            link.engine.receive_packet(data, link.now)
        with pytest.raises(RemoteProtocolError):
            link.engine.receive_packet(link.state.auth_key_id + data, link.now)


@given(st.lists(st.binary(max_size=100), max_size=6), st.integers(-1, 8))
@settings(deadline=None, max_examples=5000 if SLOW else 200)
def test_M12_arbitrary_containers(bodies: list[bytes], count: int) -> None:
    link = opened()
    base = link.server.msg_id(link.now.mono, 1)
    data = struct.pack("<Ii", 0x73F1F8DC, len(bodies) if count < 0 else count)
    for place, body in enumerate(bodies):
        data += struct.pack("<qii", base + 4 * place, 1, len(body)) + body
    data = data[: len(data) // 4 * 4]
    inner = struct.pack("<qqqii", 1, link.state.session_id, base + 402, 0, len(data)) + data
    check(link, cipher.encrypt(KEY, inner, Side.SERVER, bytes))
