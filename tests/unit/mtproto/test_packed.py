"""Compressed bodies."""

from __future__ import annotations

import gzip
import os
import random
import struct
import tracemalloc
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telethon.errors import RemoteProtocolError
from telethon.mtproto.limits import Limits
from telethon.mtproto.packed import pack_body, unpack_body
from telethon.mtproto.wire import GZIP_PACKED, write_bytes

LIMITS = Limits()


def packed(data: bytes) -> bytes:
    return struct.pack("<I", GZIP_PACKED) + write_bytes(data)


def unpack(data: bytes, limits: Limits = LIMITS) -> bytes:
    return unpack_body(b"head" + data + b"tail", 4, 4 + len(data), limits)


@given(st.binary(max_size=3000))
def test_bodies_come_back(body: bytes) -> None:
    out = pack_body(body, LIMITS)
    assert len(out) <= len(body)
    if out is not body:
        assert out[:4] == b"\xa1\xcf\x72\x30"
        assert unpack(out) == body


def test_what_gzip_itself_writes_can_be_read() -> None:
    assert unpack(packed(gzip.compress(b"abcd" * 1000))) == b"abcd" * 1000


def test_a_zlib_stream_is_only_taken_where_any_form_is() -> None:
    data = packed(zlib.compress(b"abcd" * 1000))
    with pytest.raises(RemoteProtocolError):
        unpack(data)
    assert unpack_body(data, 0, len(data), LIMITS, any_form=True) == b"abcd" * 1000
    data = packed(gzip.compress(b"abcd" * 1000))
    assert unpack_body(data, 0, len(data), LIMITS, any_form=True) == b"abcd" * 1000


@pytest.mark.parametrize("size", [1023, 1024, 1025])
def test_M13_both_ways_of_unpacking_give_all_of_it(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr("telethon.mtproto.packed._KEPT", 1024)
    body = random.Random(1).randbytes(size)
    assert unpack(packed(gzip.compress(body))) == body


def test_what_we_write_gzip_itself_can_read() -> None:
    body = b"abcd" * 1000
    out = pack_body(body, LIMITS)
    assert len(out) < 100
    assert gzip.decompress(out[5 : 5 + out[4]]) == body


def test_small_bodies_stay_as_they_are() -> None:
    assert pack_body(bytes(508), LIMITS) == bytes(508)
    assert len(pack_body(bytes(512), LIMITS)) < 100


def test_what_does_not_shrink_stays_as_it_is() -> None:
    small, large = os.urandom(1024), os.urandom(1 << 19)
    assert pack_body(small, LIMITS) is small
    assert pack_body(large, LIMITS) is large
    # The sample from the middle does not shrink, so the rest is not tried.
    mixed = bytes(20_000) + os.urandom(8192) + bytes(20_000)
    assert pack_body(mixed, LIMITS) is mixed


def test_a_large_body_that_shrinks_is_compressed() -> None:
    assert len(pack_body(b"lorem ipsum " * 10_000, LIMITS)) < 2000


@pytest.mark.parametrize("constructor", [0xB304A621, 0xDE7B673D])
def test_P8_parts_of_files_are_never_compressed(constructor: int) -> None:
    body = struct.pack("<I", constructor) + bytes(1 << 19)
    assert pack_body(body, LIMITS) is body


def test_M13_bombs_are_refused() -> None:
    bomb = packed(gzip.compress(bytes(40 << 20), 9))
    with pytest.raises(RemoteProtocolError, match="larger than"):
        unpack(bomb)
    with pytest.raises(RemoteProtocolError, match="larger than 1000 bytes"):
        unpack(packed(gzip.compress(bytes(1001))), Limits(gzip_max_bytes=1000))
    assert len(unpack(packed(gzip.compress(bytes(1000))), Limits(gzip_max_bytes=1000))) == 1000


def test_M13_the_ratio_is_limited() -> None:
    data = gzip.compress(bytes(10_000))
    with pytest.raises(RemoteProtocolError, match=f"larger than {len(data) * 10} bytes"):
        unpack(packed(data), Limits(gzip_max_ratio=10))


def test_M13_ten_gibibytes_are_refused_at_once() -> None:
    # One stream that would go on for ever: the same compressed block over and over.
    compressor = zlib.compressobj(9, zlib.DEFLATED, 31)
    head = compressor.compress(bytes(1 << 20)) + compressor.flush(zlib.Z_FULL_FLUSH)
    block = compressor.compress(bytes(1 << 20)) + compressor.flush(zlib.Z_FULL_FLUSH)
    with pytest.raises(RemoteProtocolError, match=f"larger than {32 << 20}"):
        unpack(packed(head + block * 10_240))


def test_M13_R10_a_bomb_takes_little_memory() -> None:
    bomb = packed(gzip.compress(bytes(100 << 20), 3))
    tracemalloc.start()
    with pytest.raises(RemoteProtocolError, match="larger than"):
        unpack(bomb)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 40 << 20


def test_M13_R10_a_large_body_takes_its_size_once() -> None:
    data = packed(gzip.compress(b"0123456789abcdef" * (1 << 20)))
    tracemalloc.start()
    assert len(unpack(data)) == 16 << 20
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20 << 20


@pytest.mark.parametrize("size", [(1 << 20) - 1, 1 << 20, (1 << 20) + 1, 3 << 20, 5_000_003])
def test_large_bodies_come_back_whole(size: int) -> None:
    body = b"0123456789abcdef" * (size // 16) + bytes(size % 16)
    assert unpack(packed(gzip.compress(body))) == body


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not gzip at all",
        gzip.compress(b"abcd" * 100)[:-1],
        gzip.compress(b"abcd" * 100)[:20],
        zlib.compress(b"abcd"),
    ],
)
def test_M13_damaged_data_is_refused(data: bytes) -> None:
    with pytest.raises(RemoteProtocolError, match="a compressed object"):
        unpack(packed(data))


def test_M13_a_wrong_checksum_is_refused() -> None:
    data = bytearray(gzip.compress(b"abcd" * 100))
    data[-5] ^= 1
    with pytest.raises(RemoteProtocolError, match="damaged"):
        unpack(packed(bytes(data)))


def test_M14_the_compressed_bytes_end_inside_their_message() -> None:
    data = packed(gzip.compress(b"abcd" * 100))
    with pytest.raises(RemoteProtocolError, match="byte string"):
        unpack_body(data, 0, len(data) - 4, LIMITS)


def test_a_server_may_take_zlib_streams_too() -> None:
    data = packed(zlib.compress(b"abcd" * 100))
    assert unpack_body(data, 0, len(data), LIMITS, any_form=True) == b"abcd" * 100
    data = packed(gzip.compress(b"abcd" * 100))
    assert unpack_body(data, 0, len(data), LIMITS, any_form=True) == b"abcd" * 100


def random_bytes(size: int) -> bytes:
    return random.Random(size).randbytes(size)


def test_a_body_as_large_as_the_sample_is_tried_as_a_whole() -> None:
    body = bytes(300) + random_bytes(4096 - 300)
    out = pack_body(body, LIMITS)
    assert len(body) * 0.9 < len(out) < len(body)
    # One block more, and the sample says that it is not worth it.
    larger = random_bytes(2000) + body + random_bytes(2000)
    assert pack_body(larger, LIMITS) is larger


def test_a_body_that_stays_as_large_is_not_sent_compressed() -> None:
    for zeros in range(10, 150):
        body = bytes(zeros) + random_bytes(1024 - zeros)
        compressor = zlib.compressobj(3, zlib.DEFLATED, 31)
        if len(packed(compressor.compress(body) + compressor.flush())) == len(body):
            break
    else:
        pytest.fail("no body stays as large as it is")
    assert pack_body(body, LIMITS) is body


def test_M13_the_errors_in_full() -> None:
    good = gzip.compress(b"abcd" * 100)
    texts = {
        good[:-1]: "a compressed object has no end; it is not used",
        good[:-5] + bytes((good[-5] ^ 1,)) + good[-4:]: "a compressed object is damaged; it is not used",
    }
    for data, text in texts.items():
        with pytest.raises(RemoteProtocolError) as caught:
            unpack(packed(data))
        assert str(caught.value) == text
    with pytest.raises(RemoteProtocolError) as large:
        unpack(packed(good), Limits(gzip_max_bytes=399))
    assert str(large.value) == "a compressed object becomes larger than 399 bytes; it is not used"


def test_M13_what_follows_the_compressed_stream_is_left_alone() -> None:
    assert unpack(packed(gzip.compress(b"abcd") + b"more")) == b"abcd"
    assert unpack(packed(gzip.compress(b"abcd") + bytes(200_000))) == b"abcd"
