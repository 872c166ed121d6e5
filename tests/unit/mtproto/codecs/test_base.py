"""What all codecs have in common."""

from __future__ import annotations

import hashlib
import tracemalloc
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mtproto_model import seeded_random
from mtproto_vectors import FRAMES, packet

from telethon.errors import InvalidBufferError, InvalidChecksumError, LocalProtocolError
from telethon.mtproto.codecs.abridged import AbridgedCodec
from telethon.mtproto.codecs.base import Codec, FrameError
from telethon.mtproto.codecs.full import FullCodec
from telethon.mtproto.codecs.http import HttpCodec
from telethon.mtproto.codecs.intermediate import IntermediateCodec
from telethon.mtproto.codecs.obfuscated import ObfuscatedCodec
from telethon.mtproto.codecs.padded import PaddedIntermediateCodec
from telethon.mtproto.side import Side

Maker = Callable[[Side], Codec]

PLAIN: dict[str, Maker] = {
    "full": FullCodec,
    "abridged": AbridgedCodec,
    "intermediate": IntermediateCodec,
    "padded": lambda side: PaddedIntermediateCodec(seeded_random(), side),
    "http": lambda side: HttpCodec("149.154.167.51", 80, side),
}
INSIDE = ("abridged", "intermediate", "padded")


def pair(name: str) -> tuple[Codec | ObfuscatedCodec, Codec | ObfuscatedCodec]:
    """Both ends of a connection."""
    if not name.startswith("obfuscated "):
        return PLAIN[name](Side.CLIENT), PLAIN[name](Side.SERVER)
    inner = name.partition(" ")[2]
    client = ObfuscatedCodec(PLAIN[inner](Side.CLIENT), rand=seeded_random(), secret=bytes(16), dc_id=2)
    servers = {one.obfuscated_tag: one for one in (PLAIN[other](Side.SERVER) for other in INSIDE)}
    return client, ObfuscatedCodec.accept(client.tag, servers, secret=bytes(16))


NAMES = [*PLAIN, *(f"obfuscated {name}" for name in INSIDE)]

# Encrypted packets: a key id, a msg_key, and whole blocks.
packets = st.lists(
    st.integers(3, 40).map(lambda blocks: b"\x01" + bytes(range(23)) + bytes(blocks * 16)), min_size=1, max_size=6
)


@given(st.data(), st.sampled_from(NAMES), packets, packets)
@settings(deadline=None, max_examples=300)
def test_any_split_of_the_stream_gives_the_same_packets(
    data: st.DataObject, name: str, up: list[bytes], down: list[bytes]
) -> None:
    client, server = pair(name)
    for sender, receiver, sent in ((client, server, up), (server, client, down)):
        stream = b"".join(sender.encode(one) for one in sent)
        cuts = data.draw(st.lists(st.integers(0, len(stream)), max_size=20).map(sorted))
        found: list[bytes] = []
        for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True):
            found += receiver.feed(stream[start:end])
        assert found == sent


@pytest.mark.parametrize("name", NAMES)
def test_a_stream_byte_by_byte(name: str) -> None:
    client, server = pair(name)
    sent = [b"\x01" + bytes(23) + bytes(blocks * 16) for blocks in (3, 31, 32, 70)]
    found: list[bytes] = []
    for byte in b"".join(client.encode(one) for one in sent):
        found += server.feed(bytes([byte]))
    assert found == sent


@pytest.mark.parametrize("name", PLAIN)
def test_whoever_reads_what_is_missing_never_reads_past_a_packet(name: str) -> None:
    client, server = PLAIN[name](Side.CLIENT), PLAIN[name](Side.SERVER)
    for blocks in (3, 31, 32, 70):
        sent = b"\x01" + bytes(23) + bytes(blocks * 16)
        frame, found = client.encode(sent), []
        while not found:
            step, frame = frame[: server.missing], frame[server.missing :]
            assert step, "more is wanted than the packet has"
            found = server.feed(step)
        assert found == [sent]
        assert frame == b""


@pytest.mark.parametrize("name", FRAMES)
def test_frames_are_those_of_another_implementation(name: str) -> None:
    codec = PLAIN[name](Side.CLIENT)
    frames = {size: hashlib.sha256(codec.encode(packet(size))).hexdigest()[:32] for size in FRAMES[name]}
    assert frames == FRAMES[name]


@pytest.mark.parametrize("name", FRAMES)
def test_frames_of_another_implementation_can_be_read(name: str) -> None:
    client, server = PLAIN[name](Side.CLIENT), PLAIN[name](Side.SERVER)
    for size, digest in FRAMES[name].items():
        frame = client.encode(packet(size))
        assert hashlib.sha256(frame).hexdigest()[:32] == digest
        assert server.feed(frame) == [packet(size)]


@pytest.mark.parametrize("name", PLAIN)
@pytest.mark.parametrize("size", [0, 3, 5, 6, 16 * 1024 * 1024 + 4])
def test_packets_that_cannot_be_sent(name: str, size: int) -> None:
    with pytest.raises(LocalProtocolError, match=f"multiple of 4; this one has {size}"):
        PLAIN[name](Side.CLIENT).encode(bytes(size))


ANNOUNCED = {
    "full": (1 << 30).to_bytes(4, "little"),
    "abridged": b"\x7f\xff\xff\xff",
    "intermediate": (1 << 30).to_bytes(4, "little"),
    "padded": (1 << 30).to_bytes(4, "little"),
    "http": b"HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n",
}


@pytest.mark.parametrize("name", PLAIN)
def test_T1_a_length_beyond_the_limit_is_refused_before_anything_is_collected(name: str) -> None:
    codec = PLAIN[name](Side.CLIENT)
    tracemalloc.start()
    with pytest.raises(InvalidBufferError, match="was announced, allowed are 4 to 16777216"):
        codec.feed(ANNOUNCED[name])
    for _ in range(64):
        with pytest.raises(InvalidBufferError, match="was announced"):
            codec.feed(bytes(1 << 16))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1 << 20


@pytest.mark.parametrize("name", PLAIN)
def test_what_came_before_a_fault_is_given_out_first(name: str) -> None:
    codec = PLAIN[name](Side.CLIENT)
    good = b"\x01" + bytes(71)
    frame = PLAIN[name](Side.SERVER).encode(good)
    assert codec.feed(frame + ANNOUNCED[name]) == [good]
    assert isinstance(codec.error, InvalidBufferError)
    with pytest.raises(InvalidBufferError, match="was announced"):
        codec.feed(b"")


@pytest.mark.parametrize("name", [name for name in NAMES if name != "http"])
def test_a_packet_of_four_bytes_is_a_transport_error(name: str) -> None:
    client, server = pair(name)
    code = (-404).to_bytes(4, "little", signed=True)
    assert client.feed(server.encode(code)) == [code]


@given(st.sampled_from(list(PLAIN)), st.lists(st.binary(max_size=80), max_size=8), st.sampled_from(Side))
@settings(deadline=None, max_examples=400)
def test_random_bytes_give_packets_or_one_of_two_errors(name: str, pieces: list[bytes], side: Side) -> None:
    codec = PLAIN[name](side)
    with suppress(InvalidBufferError, InvalidChecksumError):
        for piece in pieces:
            before = codec.error
            assert all(len(one) >= 4 for one in codec.feed(piece))
            assert before is None, "a codec that met a fault gives out nothing more"
    assert len(codec._buffer) <= sum(map(len, pieces))


def test_the_base_alone_can_do_nothing() -> None:
    with pytest.raises(NotImplementedError):
        Codec().encode(bytes(4))
    with pytest.raises(NotImplementedError):
        Codec().feed(bytes(4))


def test_a_frame_error_says_what_is_wrong() -> None:
    error = FrameError("too long")
    assert str(error) == "too long"
    assert isinstance(error, InvalidBufferError)
    assert error.code is None
