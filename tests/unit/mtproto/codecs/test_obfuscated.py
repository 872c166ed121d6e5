"""Obfuscation, against streams of another implementation."""

from __future__ import annotations

import hashlib

import pytest
from mtproto_model import seeded_random
from mtproto_vectors import SECRET, STREAMS, packet
from slow import slow

from telethon.crypto.aesctr import AESModeCTR
from telethon.errors import InvalidBufferError, LocalProtocolError
from telethon.mtproto.codecs.abridged import AbridgedCodec
from telethon.mtproto.codecs.base import Codec
from telethon.mtproto.codecs.full import FullCodec
from telethon.mtproto.codecs.intermediate import IntermediateCodec
from telethon.mtproto.codecs.obfuscated import HEADER_SIZE, ObfuscatedCodec, is_allowed_header
from telethon.mtproto.codecs.padded import PaddedIntermediateCodec
from telethon.mtproto.side import Side


def codecs(side: Side = Side.SERVER) -> dict[bytes, Codec]:
    made = (AbridgedCodec(side), IntermediateCodec(side), PaddedIntermediateCodec(seeded_random(), side))
    return {one.obfuscated_tag: one for one in made}


@pytest.mark.parametrize("name", STREAMS)
def test_T6_streams_of_another_implementation(name: str) -> None:
    stream = STREAMS[name]
    secret = SECRET if "mtproxy" in name else b""
    codec = ObfuscatedCodec.accept(stream[:HEADER_SIZE], codecs(), secret=secret)
    assert type(codec.inner).__name__.lower().startswith(name.rpartition("_")[2])
    assert codec.feed(stream[HEADER_SIZE:]) == [packet(40), packet(104)]
    if secret:
        assert codec.dc_id == 2


def test_header_by_the_definition() -> None:
    codec = ObfuscatedCodec(IntermediateCodec(), rand=seeded_random(5), dc_id=-3)
    start = seeded_random(5)(64)
    assert codec.tag[:56] == start[:56]
    stream = AESModeCTR(start[8:40], start[40:56])
    plain = stream.encrypt(codec.tag)
    assert plain[56:60] == b"\xee\xee\xee\xee"
    assert int.from_bytes(plain[60:62], "little", signed=True) == -3
    assert stream.encrypt(codec.encode(b"abcd")) == b"\x04\0\0\0abcd"
    backwards = start[8:56][::-1]
    assert codec.feed(AESModeCTR(backwards[:32], backwards[32:]).encrypt(b"\x04\0\0\0efgh")) == [b"efgh"]


def test_the_secret_goes_into_both_keys_but_not_into_the_ivs() -> None:
    codec = ObfuscatedCodec(IntermediateCodec(), rand=seeded_random(5), secret=SECRET, dc_id=2)
    start = seeded_random(5)(64)
    stream = AESModeCTR(hashlib.sha256(start[8:40] + SECRET).digest(), start[40:56])
    stream.encrypt(codec.tag)
    assert stream.encrypt(codec.encode(b"abcd")) == b"\x04\0\0\0abcd"
    backwards = start[8:56][::-1]
    stream = AESModeCTR(hashlib.sha256(backwards[:32] + SECRET).digest(), backwards[32:])
    assert codec.feed(stream.encrypt(b"\x04\0\0\0efgh")) == [b"efgh"]


def test_without_a_data_centre_its_place_is_random() -> None:
    codec = ObfuscatedCodec(AbridgedCodec(), rand=seeded_random(5))
    server = ObfuscatedCodec.accept(codec.tag, codecs())
    assert server.dc_id == int.from_bytes(seeded_random(5)(64)[60:62], "little", signed=True)


@pytest.mark.parametrize(
    "start",
    [
        b"\xef\x01\x02\x03aaaa",
        b"HEADaaaa",
        b"POSTaaaa",
        b"GET aaaa",
        b"OPTIaaaa",
        b"\x16\x03\x01\x02aaaa",
        b"\xdd\xdd\xdd\xddaaaa",
        b"\xee\xee\xee\xeeaaaa",
        b"good\0\0\0\0",
    ],
)
def test_T5_headers_that_look_like_another_transport_are_drawn_again(start: bytes) -> None:
    bad, good = start + bytes(56), seeded_random()(64)
    assert not is_allowed_header(bad)
    answers = [bad, bad, good]
    codec = ObfuscatedCodec(AbridgedCodec(), rand=lambda count: answers.pop(0))
    assert codec.tag[:56] == good[:56]
    assert answers == []


def test_T5_a_mebibyte_there_and_back_in_odd_pieces() -> None:
    client = ObfuscatedCodec(IntermediateCodec(), rand=seeded_random(), secret=SECRET)
    server = ObfuscatedCodec.accept(client.tag, codecs(), secret=SECRET)
    total = 0
    for step in range(220):
        data = seeded_random(step)(24 + 16 * (step * 7 % 660))
        total += len(data)
        stream = client.encode(data)
        cut = step * 31 % len(stream)
        received = server.feed(stream[:cut]) + server.feed(stream[cut:])
        assert received == [data]
        assert client.feed(server.encode(data)) == [data]
    assert total > 1 << 20


def test_only_codecs_with_a_tag_can_be_obfuscated() -> None:
    with pytest.raises(LocalProtocolError, match="FullCodec cannot be obfuscated"):
        ObfuscatedCodec(FullCodec(), rand=seeded_random())


def test_a_header_of_another_secret_or_of_the_wrong_size_is_refused() -> None:
    client = ObfuscatedCodec(IntermediateCodec(), rand=seeded_random(), secret=SECRET)
    with pytest.raises(InvalidBufferError, match="names no known transport"):
        ObfuscatedCodec.accept(client.tag, codecs())
    for size in (0, 55, 63, 65):
        with pytest.raises(InvalidBufferError, match=f"64 bytes, this one has {size}"):
            ObfuscatedCodec.accept((client.tag + b"x")[:size], codecs(), secret=SECRET)


@slow
def test_T5_a_gibibyte_there_and_back_is_the_same() -> None:
    client = ObfuscatedCodec(IntermediateCodec(), rand=seeded_random(), secret=SECRET)
    server = ObfuscatedCodec.accept(client.tag, codecs(), secret=SECRET)
    data = seeded_random()((1 << 20) - 24)
    for number in range(1024):
        packet = number.to_bytes(8, "little") + data[8:]
        assert server.feed(client.encode(packet)) == [packet]
        assert client.feed(server.encode(packet)) == [packet]
