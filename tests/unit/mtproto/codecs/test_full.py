"""The full transport, against frames worked out by hand."""

from __future__ import annotations

import struct
from zlib import crc32

import pytest

from telethon.errors import InvalidBufferError, InvalidChecksumError
from telethon.mtproto.codecs.full import FullCodec


def frame(packet: bytes, seq: int) -> bytes:
    data = struct.pack("<ii", len(packet) + 12, seq) + packet
    return data + struct.pack("<I", crc32(data))


def test_frames() -> None:
    codec = FullCodec()
    assert codec.tag == b""
    assert codec.obfuscated_tag == b""
    assert codec.encode(b"abcd") == bytes.fromhex("10000000 00000000 61626364") + struct.pack("<I", 0xBB0B399E)
    assert codec.encode(b"abcd") == frame(b"abcd", 1)


def test_frames_are_read_in_order() -> None:
    codec = FullCodec()
    assert codec.feed(frame(b"abcd", 0) + frame(b"abcdefgh", 1)) == [b"abcd", b"abcdefgh"]
    assert codec.feed(frame(b"ijkl", 2)) == [b"ijkl"]


@pytest.mark.parametrize("seq", [-1, 0, 2, 2**31 - 1])
def test_T2_the_number_of_a_packet_is_checked(seq: int) -> None:
    codec = FullCodec()
    codec.feed(frame(b"abcd", 0))
    with pytest.raises(InvalidBufferError, match=f"packet number {seq} came where number 1"):
        codec.feed(frame(b"abcd", seq))


def test_T2_every_flipped_bit_is_noticed() -> None:
    good = frame(b"abcdefgh" * 4, 0)
    for bit in range(32, len(good) * 8):
        damaged = bytearray(good)
        damaged[bit // 8] ^= 1 << bit % 8
        with pytest.raises(InvalidChecksumError) as caught:
            FullCodec().feed(bytes(damaged))
        assert caught.value.checksum != caught.value.valid_checksum


@pytest.mark.parametrize("length", [0, 4, 12, 15, 16 * 1024 * 1024 + 16, 2**31 - 1])
def test_T2_impossible_lengths(length: int) -> None:
    with pytest.raises(InvalidBufferError, match=f"packet of {length - 12} bytes was announced"):
        FullCodec().feed(struct.pack("<ii", length, 0))


def test_T2_a_truncated_tail_is_waited_for() -> None:
    good = frame(b"abcdefgh", 0)
    for size in range(len(good)):
        codec = FullCodec()
        assert codec.feed(good[:size]) == []
        assert codec.feed(good[size:]) == [b"abcdefgh"]


def test_T8_I26_a_negative_length_is_a_transport_error() -> None:
    codec = FullCodec()
    code = struct.pack("<i", -429)
    assert codec.feed(code + frame(b"abcd", 0)) == [code, b"abcd"]
