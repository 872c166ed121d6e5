"""The padded intermediate transport."""

from __future__ import annotations

import os
import struct

import pytest
from mtproto_model import seeded_random

from telethon.errors import InvalidBufferError
from telethon.mtproto.codecs.padded import PaddedIntermediateCodec
from telethon.mtproto.side import Side


def frame(packet: bytes, padding: int) -> bytes:
    return struct.pack("<i", len(packet) + padding) + packet + b"\xaa" * padding


def encrypted(blocks: int = 3) -> bytes:
    return b"\x01" * 24 + bytes(16 * blocks)


def plain(size: int) -> bytes:
    return struct.pack("<qqi", 0, 5, size) + bytes(size)


def test_tag() -> None:
    codec = PaddedIntermediateCodec(os.urandom)
    assert codec.tag == codec.obfuscated_tag == b"\xdd\xdd\xdd\xdd"


def test_T4_frames_carry_up_to_fifteen_random_bytes() -> None:
    for padding in range(16):
        answers = [bytes([padding + 16]), b"\xaa" * padding]
        codec = PaddedIntermediateCodec(lambda count, answers=answers: answers.pop(0))  # type: ignore[misc]
        assert codec.encode(encrypted()) == frame(encrypted(), padding)


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("padding", range(16))
def test_T4_all_paddings_are_taken_off(padding: int, side: Side) -> None:
    codec = PaddedIntermediateCodec(os.urandom, side)
    for packet in (encrypted(), encrypted(100), plain(20), plain(40), b"\x6c\xfe\xff\xff"):
        assert codec.feed(frame(packet, padding)) == [packet]


def test_T4_ten_thousand_frames() -> None:
    rand = seeded_random()
    sender, receiver = PaddedIntermediateCodec(rand), PaddedIntermediateCodec(rand, Side.SERVER)
    lengths: set[int] = set()
    for _ in range(10_000):
        data = sender.encode(encrypted())
        lengths.add(len(data))
        assert receiver.feed(data) == [encrypted()]
    assert lengths == {4 + 72 + padding for padding in range(16)}


def test_T4_a_plain_message_says_where_it_ends() -> None:
    for packet in (frame(plain(20), 16), frame(plain(20)[:-4], 0), frame(struct.pack("<qqi", 0, 5, -4), 8)):
        with pytest.raises(InvalidBufferError, match="an unencrypted message of"):
            PaddedIntermediateCodec(os.urandom).feed(packet)


def test_T3_quick_acknowledgements_are_recognised() -> None:
    codec = PaddedIntermediateCodec(os.urandom)
    assert codec.feed(b"\x78\x56\x34\x92" + frame(encrypted(), 7)) == [encrypted()]
    assert list(codec.quick_acks) == [0x92345678]


@pytest.mark.parametrize("padding", range(9))
def test_T3_quick_acknowledgements_in_a_packet_of_their_own(padding: int) -> None:
    codec = PaddedIntermediateCodec(os.urandom)
    acknowledgement = b"\xff\xff\xff\xff\x78\x56\x34\x92"
    stream = frame(encrypted(), 3) + frame(acknowledgement, padding) + frame(encrypted(2), 7)
    found = [packet for at in range(len(stream)) for packet in codec.feed(stream[at : at + 1])]
    assert found == [encrypted(), encrypted(2)]
    assert list(codec.quick_acks) == [0x92345678]


def test_T3_a_transport_error_is_no_quick_acknowledgement() -> None:
    codec = PaddedIntermediateCodec(os.urandom)
    minus_one = b"\xff\xff\xff\xff"
    assert codec.feed(frame(minus_one, 0) + frame(minus_one, 3)) == [minus_one, minus_one]
    assert not codec.quick_acks


def test_T3_a_quick_acknowledgement_that_was_written_is_read_back() -> None:
    sender, receiver = PaddedIntermediateCodec(seeded_random(), Side.SERVER), PaddedIntermediateCodec(os.urandom)
    lengths: set[int] = set()
    for _ in range(200):
        data = sender.encode_quick_ack(b"\x78\x56\x34\x92")
        lengths.add(len(data))
        assert receiver.feed(data) == []
    assert set(receiver.quick_acks) == {0x92345678}
    assert lengths <= set(range(12, 21))
    assert len(lengths) > 4
