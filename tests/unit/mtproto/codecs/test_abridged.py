"""The abridged transport, against frames worked out by hand."""

from __future__ import annotations

import pytest

from telethon.errors import InvalidBufferError
from telethon.mtproto.codecs.abridged import AbridgedCodec
from telethon.mtproto.side import Side


def test_frames() -> None:
    codec = AbridgedCodec()
    assert codec.tag == b"\xef"
    assert codec.obfuscated_tag == b"\xef\xef\xef\xef"
    assert codec.encode(b"abcd") == b"\x01abcd"
    assert codec.encode(bytes(126 * 4)) == b"\x7e" + bytes(504)
    assert codec.encode(bytes(127 * 4)) == b"\x7f\x7f\x00\x00" + bytes(508)
    assert codec.encode(bytes(0x1234 * 4)) == b"\x7f\x34\x12\x00" + bytes(0x1234 * 4)


def test_frames_are_read() -> None:
    codec = AbridgedCodec()
    assert codec.feed(b"\x01abcd\x7f\x02\x00\x00abcdefgh") == [b"abcd", b"abcdefgh"]


def test_an_empty_frame_is_refused() -> None:
    for frame in (b"\x00", b"\x7f\x00\x00\x00"):
        with pytest.raises(InvalidBufferError, match="packet of 0 bytes"):
            AbridgedCodec().feed(frame)


def test_T3_the_client_takes_quick_acknowledgements_out_of_the_stream() -> None:
    codec = AbridgedCodec()
    found: list[bytes] = []
    for byte in b"\x01abcd\x92\x34\x56\x78\x01efgh\xff\xff\xff\xff\x01ijkl":
        found += codec.feed(bytes([byte]))
    assert found == [b"abcd", b"efgh", b"ijkl"]
    assert list(codec.quick_acks) == [0x92345678, 0xFFFFFFFF]


def test_T3_the_server_sees_that_one_is_wanted() -> None:
    codec = AbridgedCodec(Side.SERVER)
    assert codec.feed(b"\x81abcd") == [b"abcd"]
    assert codec.quick_ack_wanted
    assert codec.feed(b"\x01abcd") == [b"abcd"]
    assert not codec.quick_ack_wanted
    for byte in b"\xff\x01\x00\x00abc":
        assert codec.feed(bytes([byte])) == []
    assert codec.feed(b"d") == [b"abcd"]
    assert codec.quick_ack_wanted


def test_T3_memory_of_quick_acknowledgements_is_bounded() -> None:
    codec = AbridgedCodec()
    codec.feed(b"\x80\0\0\1" * 10_000)
    assert len(codec.quick_acks) == 256
