"""Streams of bytes for each transport, as client and as server, cut in any way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mtproto_model import seeded_random

from telethon.errors import InvalidBufferError, InvalidChecksumError, RemoteProtocolError
from telethon.mtproto.codecs.abridged import AbridgedCodec
from telethon.mtproto.codecs.base import Codec
from telethon.mtproto.codecs.faketls import FakeTls, FakeTlsCodec
from telethon.mtproto.codecs.full import FullCodec
from telethon.mtproto.codecs.http import HttpCodec
from telethon.mtproto.codecs.intermediate import IntermediateCodec
from telethon.mtproto.codecs.obfuscated import ObfuscatedCodec
from telethon.mtproto.codecs.padded import PaddedIntermediateCodec
from telethon.mtproto.side import Side

from .choices import Choices

MOST = 4096
"""Bytes of the largest packet that is accepted here."""
HEADER = 16 * 1024
"""The most that any transport puts before a packet: the header of HTTP."""
SECRET = bytes(range(16))
NOW = 1_700_000_000.0

PLAIN: dict[str, Callable[[Side], Codec]] = {
    "full": lambda side: FullCodec(side, max_packet=MOST),
    "abridged": lambda side: AbridgedCodec(side, max_packet=MOST),
    "intermediate": lambda side: IntermediateCodec(side, max_packet=MOST),
    "padded": lambda side: PaddedIntermediateCodec(seeded_random(), side, max_packet=MOST),
    "http": lambda side: HttpCodec("localhost", 80, side, max_packet=MOST),
}
INSIDE = ("abridged", "intermediate", "padded")
NAMES = (*PLAIN, *(f"obfuscated {name}" for name in INSIDE), "faketls padded")
TYPED = (InvalidBufferError, InvalidChecksumError, RemoteProtocolError)


def make(name: str, side: Side) -> Any:
    """One end of a connection that has just begun; the other end is always the same."""
    if name in PLAIN:
        return PLAIN[name](side)
    kind, inner = name.split()
    client = ObfuscatedCodec(PLAIN[inner](Side.CLIENT), rand=seeded_random(2), secret=SECRET, dc_id=2)
    server = ObfuscatedCodec.accept(
        client.tag, {one.obfuscated_tag: one for one in (PLAIN[key](Side.SERVER) for key in INSIDE)}, secret=SECRET
    )
    if kind == "obfuscated":
        return client if side is Side.CLIENT else server
    ours = FakeTls(SECRET, "example.com", rand=seeded_random(3), now=NOW)
    theirs, _ = FakeTls.accept(ours.hello, SECRET, rand=seeded_random(4), now=NOW)
    return FakeTlsCodec(client, ours) if side is Side.CLIENT else FakeTlsCodec(server, theirs)


def greeting(name: str, side: Side) -> bytes:
    """What this end gets before any packet."""
    if not name.startswith("faketls") or side is Side.SERVER:
        return b""
    ours = FakeTls(SECRET, "example.com", rand=seeded_random(3), now=NOW)
    return FakeTls.accept(ours.hello, SECRET, rand=seeded_random(4), now=NOW)[1]


def held(codec: Any) -> int:
    """Bytes that a codec keeps until more of them come."""
    if isinstance(codec, FakeTlsCodec):
        return len(codec._tls._buffer) + held(codec.inner)
    return held(codec.inner) if isinstance(codec, ObfuscatedCodec) else len(codec._buffer)


def feed_in_pieces(codec: Any, stream: bytes, sizes: Callable[[], int]) -> tuple[list[bytes], type | None, list[int]]:
    """All packets of a stream, the error that ended it, and the tokens that came between them."""
    found: list[bytes] = []
    place = 0
    while place < len(stream):
        size = max(1, sizes())
        try:
            found += codec.feed(stream[place : place + size])
        except TYPED as error:
            return found, type(error), tokens(codec)
        assert held(codec) <= MOST + HEADER + 32
        place += size
    try:
        # A fault that came together with good packets is told by the next call.
        codec.feed(b"")
    except TYPED as error:
        return found, type(error), tokens(codec)
    return found, None, tokens(codec)


def tokens(codec: Any) -> list[int]:
    while not isinstance(codec, Codec):
        codec = codec.inner
    return list(codec.quick_acks)


def run(data: bytes) -> None:
    """The first byte chooses transport and side, four more the cuts; the rest is the stream."""
    choices = Choices(data)
    number = choices.below(256)
    name = NAMES[number // 2 % len(NAMES)]
    side = list(Side)[number % 2]
    steps = [1 + step for step in choices.take(4)]
    stream = choices.rest()[: 4 * (MOST + HEADER)]
    whole = feed_in_pieces(make(name, side), stream, lambda: len(stream))
    turn = iter(steps * len(stream))
    cut = feed_in_pieces(make(name, side), stream, lambda: next(turn))
    assert cut == whole, f"{name}: other cuts give other packets"
    if len(stream) <= 2048:
        assert feed_in_pieces(make(name, side), stream, lambda: 1) == whole, f"{name}: bytes one by one"
    for packet in whole[0]:
        assert 4 <= len(packet) <= MOST


def seeds() -> list[bytes]:
    """A good stream of each kind."""
    packets = [b"\x01" + bytes(23) + bytes(range(16)) * blocks for blocks in (3, 31, 40)]
    found: list[bytes] = []
    for place, name in enumerate(NAMES):
        for number, side in enumerate(Side):
            other = make(name, side.other)
            if isinstance(other, FakeTlsCodec) and other._tls.hello:
                other.feed(greeting(name, Side.CLIENT))
            stream = greeting(name, side) + b"".join(other.encode(one) for one in packets)
            if side is Side.SERVER and isinstance(other, FakeTlsCodec):
                assert stream
            found.append(bytes((place * 2 + number, 0, 3, 16, 60)) + stream)
            if side is Side.CLIENT and name in ("abridged", "intermediate", "padded"):
                found.append(found[-1] + b"\x01\x02\x03\x84" + (-404).to_bytes(4, "little", signed=True))
    return found
