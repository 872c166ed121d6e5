"""The intermediate transport, against frames worked out by hand."""

from __future__ import annotations

import pytest

from telethon.errors import InvalidBufferError
from telethon.mtproto.codecs.intermediate import IntermediateCodec
from telethon.mtproto.side import Side


def test_frames() -> None:
    codec = IntermediateCodec()
    assert codec.tag == codec.obfuscated_tag == b"\xee\xee\xee\xee"
    assert codec.encode(b"abcdefgh") == b"\x08\x00\x00\x00abcdefgh"
    assert codec.feed(b"\x04\0\0\0abcd\x08\0\0\0efghijkl") == [b"abcd", b"efghijkl"]


def test_an_empty_frame_is_refused() -> None:
    with pytest.raises(InvalidBufferError, match="packet of 0 bytes"):
        IntermediateCodec().feed(bytes(4))


def test_T3_the_client_takes_quick_acknowledgements_out_of_the_stream() -> None:
    codec = IntermediateCodec()
    found: list[bytes] = []
    for byte in b"\x04\0\0\0abcd\x78\x56\x34\x92\x04\0\0\0efgh":
        found += codec.feed(bytes([byte]))
    assert found == [b"abcd", b"efgh"]
    assert list(codec.quick_acks) == [0x92345678]


def test_T3_the_server_sees_that_one_is_wanted() -> None:
    codec = IntermediateCodec(Side.SERVER)
    assert codec.feed(b"\x04\0\0\x80abcd") == [b"abcd"]
    assert codec.quick_ack_wanted
    assert codec.feed(b"\x04\0\0\0abcd") == [b"abcd"]
    assert not codec.quick_ack_wanted
