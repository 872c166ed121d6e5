from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telethon._core.rand import system_random
from telethon.mtproto.codecs.abridged import AbridgedCodec
from telethon.mtproto.codecs.full import FullCodec
from telethon.mtproto.codecs.intermediate import IntermediateCodec
from telethon.mtproto.codecs.obfuscated import ObfuscatedCodec
from telethon.mtproto.codecs.padded import PaddedIntermediateCodec
from telethon.testing.chaos.framing import Detector, Framing, Leg
from telethon.testing.transport import ServerTransport

SECRET = bytes(range(16))
CLIENTS: dict[str, Callable[[], Any]] = {
    "full": FullCodec,
    "abridged": AbridgedCodec,
    "intermediate": IntermediateCodec,
    "padded intermediate": lambda: PaddedIntermediateCodec(system_random),
    "obfuscated abridged": lambda: ObfuscatedCodec(AbridgedCodec(), rand=system_random),
    "obfuscated padded intermediate": lambda: ObfuscatedCodec(
        PaddedIntermediateCodec(system_random), rand=system_random, dc_id=2
    ),
}


def packet(number: int) -> bytes:
    """An encrypted packet, as far as its length goes."""
    return bytes((number + 1,)) * (8 + 16 * (1 + number % 40))


def found(data: bytes, step: int = 1000, secret: bytes = b"") -> tuple[Framing, bytes, bytes]:
    detector = Detector(system_random, secret)
    for position in range(0, len(data), step):
        result = detector.feed(data[position : position + step])
        if result is not None:
            framing, start, rest = result
            return framing, start, rest + data[position + step :]
        assert detector.start == data[: position + step]
    raise AssertionError("it was not found")


def frames(leg: Leg, data: bytes) -> list[bytes]:
    """The plain bytes of whole frames."""
    whole = []
    frame = b""
    for piece, ends in leg.cut(leg.reveal(data)):
        frame += piece
        if ends:
            whole.append(frame)
            frame = b""
    assert not frame
    return whole


@pytest.mark.parametrize("name", CLIENTS)
@pytest.mark.parametrize("step", [1, 7, 100_000])
def test_what_goes_through_is_the_same_in_every_byte(name: str, step: int) -> None:
    client = CLIENTS[name]()
    up = client.tag + b"".join(client.encode(packet(n)) for n in range(20))
    framing, start, rest = found(up, step)
    assert framing.name == name
    assert framing.up is not None
    assert framing.down is not None
    passed = start
    for position in range(0, len(rest), step):
        for piece, _ in framing.up.cut(framing.up.reveal(rest[position : position + step])):
            passed += framing.up.hide(piece)
    assert passed == up
    server = ServerTransport(system_random)
    assert server.feed(up) == [packet(n) for n in range(20)]
    down = b"".join(server.encode(packet(n)) for n in range(20))
    assert b"".join(framing.down.hide(framing.down.reveal(down[n : n + step])) for n in range(0, len(down), step)) == (
        down
    )


@pytest.mark.parametrize("name", CLIENTS)
def test_frames_can_be_repeated_exchanged_left_out_and_added_both_ways(name: str) -> None:
    client, server = CLIENTS[name](), ServerTransport(system_random)
    up = client.tag + b"".join(client.encode(packet(n)) for n in range(4))
    framing, start, rest = found(up)
    assert framing.up is not None
    assert framing.down is not None
    for leg, data, receiver, head in (
        (framing.up, rest, server, start),
        (framing.down, None, client, b""),
    ):
        if data is None:
            data = b"".join(server.encode(packet(n)) for n in range(4))
        one, two, three, four = frames(leg, data)
        leg.skipped()
        out = [three, two, two, leg.encode(packet(9)), four]
        stream = head + b"".join(leg.hide(leg.number(frame)) for frame in out)
        assert receiver.feed(stream) == [packet(n) for n in (2, 1, 1, 9, 3)]
        assert leg.renumbers is (name == "full")
        del one


def test_frames_that_are_in_order_are_not_renumbered() -> None:
    client = FullCodec()
    up = b"".join(client.encode(packet(n)) for n in range(3))
    framing, _, rest = found(up)
    assert framing.up is not None
    assert b"".join(framing.up.number(frame) for frame in frames(framing.up, rest)) == up
    assert not framing.up.renumbers


def test_the_secret_of_a_proxy_is_used() -> None:
    client = ObfuscatedCodec(PaddedIntermediateCodec(system_random), rand=system_random, secret=SECRET, dc_id=2)
    up = client.tag + client.encode(packet(1))
    framing, start, rest = found(up, secret=SECRET)
    assert framing.name == "obfuscated padded intermediate"
    assert start == client.tag
    assert framing.up is not None
    assert len(frames(framing.up, rest)) == 1


@pytest.mark.parametrize(
    ("data", "secret"),
    [
        (b"POST /api HTTP/1.1\r\n\r\n", b""),
        (bytes(range(1, 65)) + b"more", b""),
        (b"\x16\x03\x01" + bytes(600), b"\xee" + SECRET + b"example.org"),
    ],
)
def test_what_has_no_frames_is_only_bytes(data: bytes, secret: bytes) -> None:
    framing, start, rest = found(data, secret=secret)
    assert (framing.name, framing.up, framing.down) == ("", None, None)
    assert start + rest == data


def test_a_broken_stream_goes_on_as_bytes() -> None:
    client = AbridgedCodec()
    framing, _, rest = found(client.tag + client.encode(packet(0)) + b"\x00" + b"anything")
    leg = framing.up
    assert leg is not None
    pieces = list(leg.cut(rest))
    assert b"".join(piece for piece, _ in pieces) == rest
    assert [ends for _, ends in pieces].count(True) == 1
    assert leg.broken


def test_quick_acks_are_frames_of_their_own() -> None:
    client, server = IntermediateCodec(), ServerTransport(system_random)
    up = client.tag + client.encode(packet(0))
    framing, _, rest = found(up)
    server.feed(up)
    down = server.encode_quick_ack(5) + server.encode(packet(1)) + server.encode_error(404)
    assert framing.down is not None
    assert [len(frame) for frame in frames(framing.down, down)] == [4, 4 + len(packet(1)), 8]
    assert rest


@given(st.integers(0, 2**32), st.sampled_from(sorted(CLIENTS)))
def test_any_cut_gives_the_same_frames(seed: int, name: str) -> None:
    rand = random.Random(seed)
    client = CLIENTS[name]()
    up = client.tag + b"".join(client.encode(packet(rand.randrange(200))) for _ in range(rand.randint(1, 10)))
    (first, _, rest), (second, _, _) = found(up), found(up)
    assert first.up is not None
    assert second.up is not None
    whole = frames(first.up, rest)
    seen: list[bytes] = []
    frame = b""
    position = 0
    while position < len(rest):
        end = position + rand.randint(1, 50)
        for piece, ends in second.up.cut(second.up.reveal(rest[position:end])):
            frame += piece
            if ends:
                seen.append(frame)
                frame = b""
            assert second.up.inside is not ends
        position = end
    assert seen == whole
