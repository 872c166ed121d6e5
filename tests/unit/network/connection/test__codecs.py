"""The codec classes: the bytes Telethon writes, and reading them whichever way."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telethon import errors
from telethon.mtproto.side import Side
from telethon.network.connection._codecs import CorePacketCodec, feeder
from telethon.network.connection.http import HttpPacketCodec
from telethon.network.connection.tcpabridged import AbridgedPacketCodec
from telethon.network.connection.tcpfull import FullPacketCodec
from telethon.network.connection.tcpintermediate import IntermediatePacketCodec, RandomizedIntermediatePacketCodec


class Place:
    _ip, _port = "1.2.3.4", 80


def make(cls: Any) -> Any:
    return cls(Place())


#: Written by Telethon 1.45 for b"abcd", twice.
WRITTEN = {
    FullPacketCodec: (
        b"\x10\x00\x00\x00\x00\x00\x00\x00abcd\x9e9\x0b\xbb",
        b"\x10\x00\x00\x00\x01\x00\x00\x00abcd\x009\xa1w",
    ),
    AbridgedPacketCodec: (b"\x01abcd",) * 2,
    IntermediatePacketCodec: (b"\x04\x00\x00\x00abcd",) * 2,
    HttpPacketCodec: (
        b"POST /api HTTP/1.1\r\nHost: 1.2.3.4:80\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        b"Connection: keep-alive\r\nKeep-Alive: timeout=100000, max=10000000\r\nContent-Length: 4\r\n\r\nabcd",
    )
    * 2,
}


@pytest.mark.parametrize("cls", WRITTEN)
def test_bytes_are_those_of_telethon(cls):
    codec = make(cls)
    assert (codec.encode_packet(b"abcd"), codec.encode_packet(b"abcd")) == WRITTEN[cls]


def test_T4_padding_of_every_length_occurs():
    codec = make(RandomizedIntermediatePacketCodec)
    packet = bytes(8) + bytes(8) + (4).to_bytes(4, "little") + b"abcd"
    assert {len(codec.encode_packet(packet)) - len(packet) - 4 for _ in range(500)} == set(range(16))


@pytest.mark.parametrize(
    ("cls", "tag", "obfuscated"),
    [
        (FullPacketCodec, None, None),
        (AbridgedPacketCodec, b"\xef", b"\xef" * 4),
        (IntermediatePacketCodec, b"\xee" * 4, b"\xee" * 4),
        (RandomizedIntermediatePacketCodec, None, b"\xdd" * 4),
        (HttpPacketCodec, None, None),
    ],
)
def test_tags(cls, tag, obfuscated):
    assert (cls.tag, cls.obfuscate_tag) == (tag, obfuscated)


def from_server(cls: Any) -> Any:
    """The other end of a codec."""
    core = make(cls)._core
    if cls is HttpPacketCodec:
        return type(core)(side=Side.SERVER)
    if cls is RandomizedIntermediatePacketCodec:
        return type(core)(core._rand, Side.SERVER)
    return type(core)(Side.SERVER)


PACKETS = st.lists(
    st.integers(1, 400).map(lambda words: bytes(8) + bytes(8) + (words * 4).to_bytes(4, "little") + bytes(words * 4)),
    min_size=1,
    max_size=6,
)
ALL = [*WRITTEN, RandomizedIntermediatePacketCodec]


@pytest.mark.parametrize("cls", ALL)
@given(packets=PACKETS)
@settings(max_examples=30, deadline=None)
def test_reads_what_the_server_writes(cls, packets):
    """By a reader, and by feeding bytes one after the other."""
    server = from_server(cls)
    stream = b"".join(server.encode(packet) for packet in packets)

    async def read() -> None:
        reader = asyncio.StreamReader()
        reader.feed_data(stream)
        reader.feed_eof()
        codec = make(cls)
        assert [await codec.read_packet(reader) for _ in packets] == packets
        with pytest.raises(asyncio.IncompleteReadError):
            await codec.read_packet(reader)

    asyncio.run(read())
    codec = make(cls)
    found = [packet for place in range(len(stream)) for packet in codec.feed(stream[place : place + 1])]
    assert found == packets


@pytest.mark.parametrize("cls", [FullPacketCodec, AbridgedPacketCodec, IntermediatePacketCodec])
async def test_reader_is_never_asked_for_more_than_the_packet(cls):
    stream = from_server(cls).encode(bytes(100))

    class Reader:
        left = stream

        async def readexactly(self, n: int) -> bytes:
            assert 0 < n <= len(self.left)
            taken, self.left = self.left[:n], self.left[n:]
            return taken

    reader = Reader()
    assert await make(cls).read_packet(reader) == bytes(100)
    assert reader.left == b""


@pytest.mark.parametrize(
    ("cls", "stream"),
    [
        (FullPacketCodec, b"\x6c\xfe\xff\xff"),
        (AbridgedPacketCodec, b"\x01\x6c\xfe\xff\xff"),
        (IntermediatePacketCodec, b"\x04\x00\x00\x00\x6c\xfe\xff\xff"),
        (HttpPacketCodec, b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"),
    ],
)
def test_transport_errors_are_packets_of_four_bytes(cls, stream):
    (packet,) = make(cls).feed(stream)
    assert errors.InvalidBufferError(packet).code == 404


def test_too_large_packets_are_not_sent():
    with pytest.raises(errors.LocalProtocolError):
        make(FullPacketCodec).encode_packet(bytes(17 << 20))


def test_who_may_be_fed():
    codec = make(FullPacketCodec)
    take: Any = feeder(codec)
    assert take(WRITTEN[FullPacketCodec][0]) == [b"abcd"]

    class Reads(FullPacketCodec):
        async def read_packet(self, reader: Any) -> bytes:
            return b""

    class Feeds(FullPacketCodec):
        def feed(self, data: bytes) -> list[bytes]:
            return [data]

    assert feeder(make(Reads)) is None
    assert feeder(object()) is None
    take = feeder(make(Feeds))
    assert take(b"x") == [b"x"]


def test_core_is_up_to_the_subclass():
    with pytest.raises(NotImplementedError):
        make(CorePacketCodec)
