"""Hostile packets: whatever comes, only `RemoteProtocolError` goes out, quickly and in little memory.

Two kinds of hostility: packets changed on the wire, which must all be refused, and plaintexts that are sealed with the
right key but hold nonsense.
"""

from __future__ import annotations

import random
import resource
import struct

import pytest
from hostile_frames import check, corpus, mutate, opened, sealed
from hypothesis import given, settings
from hypothesis import strategies as st
from mtproto_model import KEY, Link
from slow import SLOW

from telethon.errors import RemoteProtocolError
from telethon.mtproto import cipher
from telethon.mtproto.side import Side

FRAMES = 100_000 if SLOW else 600


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
        check(link, sealed(link.state.session_id, msg_id, body, rand))
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
