"""The reader that Telethon programs know; values and positions are those of Telethon 1.45."""

from __future__ import annotations

import struct
from datetime import datetime, timezone

import pytest

from telethon.errors import TypeNotFoundError
from telethon.errors.common import TLDecodeError
from telethon.extensions import BinaryReader
from telethon.tl import types

FULL = b"\xff" * 32


def test_numbers() -> None:
    assert BinaryReader(FULL).read_byte() == 255
    assert BinaryReader(FULL).read_int() == -1
    assert BinaryReader(FULL).read_int(signed=False) == 2**32 - 1
    assert BinaryReader(FULL).read_long() == -1
    assert BinaryReader(FULL).read_long(False) == 2**64 - 1
    assert BinaryReader(FULL).read_large_int(128) == -1
    assert BinaryReader(FULL).read_large_int(128, signed=False) == 2**128 - 1
    assert BinaryReader(struct.pack("<f", 1.5)).read_float() == 1.5
    assert BinaryReader(struct.pack("<d", -2.25)).read_double() == -2.25


@pytest.mark.parametrize(
    ("name", "size"),
    [("read_byte", 1), ("read_int", 4), ("read_long", 8), ("read_float", 4), ("read_double", 8), ("tgread_bool", 4)],
)
def test_too_few_bytes(name: str, size: int) -> None:
    for length in range(size):
        reader = BinaryReader(bytes(length))
        with pytest.raises(BufferError):
            getattr(reader, name)()
        assert reader.tell_position() == 0
        with pytest.raises(ValueError, match="left"):
            getattr(reader, name)()


def test_raw_bytes() -> None:
    reader = BinaryReader(b"abcdef")
    assert reader.read(2) == b"ab"
    assert reader.read(0) == b""
    assert reader.tell_position() == 2
    reader.seek(1)
    assert reader.read() == b"def"
    assert reader.read() == b""
    reader.set_position(1)
    assert reader.read(1) == b"b"
    reader.seek(-1)
    assert reader.read() == b"bcdef"
    assert reader.get_bytes() == b"abcdef"
    with pytest.raises(TLDecodeError, match="1 bytes are needed, but only 0 are left"):
        reader.read(1)
    with BinaryReader(b"abc") as closing:
        assert closing.read(1) == b"a"
    assert closing.get_bytes() == b""


def test_other_buffers() -> None:
    assert BinaryReader(bytearray(b"abcd")).read(2) == b"ab"  # type: ignore[arg-type]
    assert BinaryReader(memoryview(bytes(types.PeerUser(5)))).tgread_object() == types.PeerUser(5)  # type: ignore[arg-type]
    reader = BinaryReader(bytearray(b"1234" + bytes(types.PeerUser(5)) + b"x"))  # type: ignore[arg-type]
    reader.seek(4)
    assert reader.tgread_object() == types.PeerUser(5)
    assert reader.tell_position() == 16


def test_strings() -> None:
    assert BinaryReader(b"\x03abc").tgread_bytes() == b"abc"
    assert BinaryReader(b"\x02ab\0rest").tgread_bytes() == b"ab"
    long = b"\xfe\x00\x01\0" + b"x" * 256
    reader = BinaryReader(long + b"next")
    assert reader.tgread_bytes() == b"x" * 256
    assert reader.read() == b"next"
    assert BinaryReader(b"\x01\xff\0\0").tgread_string() == "\ufffd"
    assert BinaryReader(b"\x01a").tgread_string() == "a"
    for broken in (b"\x03ab", b"\xfe\x00\x01", b"\xfe\x00\x01\0abc", b"\xff\0\0\0\0\0\0\0", b""):
        with pytest.raises(TLDecodeError):
            BinaryReader(broken).tgread_bytes()


def test_booleans_and_dates() -> None:
    assert BinaryReader(struct.pack("<I", 0x997275B5)).tgread_bool() is True
    assert BinaryReader(struct.pack("<I", 0xBC799737)).tgread_bool() is False
    with pytest.raises(TLDecodeError, match="00000001"):
        BinaryReader(b"\x01\0\0\0").tgread_bool()
    assert BinaryReader(b"\0\0\0\0").tgread_date() == datetime(1970, 1, 1, tzinfo=timezone.utc)
    assert BinaryReader(b"\xff\xff\xff\xff").tgread_date() == datetime(1969, 12, 31, 23, 59, 59, tzinfo=timezone.utc)


def test_objects_one_after_the_other() -> None:
    reader = BinaryReader(bytes(types.PeerUser(1)) + bytes(types.PeerChat(2)) + struct.pack("<I", 0x997275B5))
    assert reader.tgread_object() == types.PeerUser(1)
    assert reader.tell_position() == 12
    assert reader.tgread_object() == types.PeerChat(2)
    assert reader.tgread_object() is True
    with pytest.raises(TLDecodeError):
        reader.tgread_object()


def test_object_at_an_odd_position() -> None:
    reader = BinaryReader(b"abc" + bytes(types.PeerUser(1)) + b"z")
    reader.read(3)
    assert reader.tgread_object() == types.PeerUser(1)
    assert reader.tell_position() == 15


def test_unknown_object_leaves_the_position() -> None:
    reader = BinaryReader(b"\x01\x02\x03\x04abcd")
    reader.read(3)
    with pytest.raises(TypeNotFoundError) as caught:
        reader.tgread_object()
    assert caught.value.invalid_constructor_id == 0x63626104
    assert caught.value.remaining == b"\x04abcd"
    assert reader.tell_position() == 3


def test_vectors() -> None:
    data = struct.pack("<Ii", 0x1CB5C415, 1) + bytes(types.PeerUser(5))
    assert BinaryReader(data).tgread_vector() == [types.PeerUser(5)]
    assert BinaryReader(data).tgread_object() == [types.PeerUser(5)]
    with pytest.raises(TLDecodeError, match="vector was expected"):
        BinaryReader(bytes(types.PeerUser(5))).tgread_vector()
    from telethon.tl import functions

    with pytest.raises(TLDecodeError, match="vector was expected"):
        functions.photos.DeletePhotosRequest.read_result(BinaryReader(bytes(types.PeerUser(5))))
