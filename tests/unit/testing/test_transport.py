from __future__ import annotations

import random
from typing import Any

import pytest

from telethon._core.rand import system_random
from telethon.errors.common import InvalidBufferError, RemoteProtocolError
from telethon.mtproto.codecs.abridged import AbridgedCodec
from telethon.mtproto.codecs.faketls import FakeTls
from telethon.mtproto.codecs.full import FullCodec
from telethon.mtproto.codecs.http import HttpCodec
from telethon.mtproto.codecs.intermediate import IntermediateCodec
from telethon.mtproto.codecs.obfuscated import ObfuscatedCodec
from telethon.mtproto.codecs.padded import PaddedIntermediateCodec
from telethon.testing.transport import ServerTransport

SECRET = bytes(range(16))


def obfuscated(inner: Any, secret: bytes = b"", dc_id: int = 0) -> Any:
    return ObfuscatedCodec(inner, rand=system_random, secret=secret, dc_id=dc_id)


KINDS: dict[str, Any] = {
    "abridged": AbridgedCodec,
    "intermediate": IntermediateCodec,
    "padded intermediate": lambda: PaddedIntermediateCodec(system_random),
    "full": FullCodec,
    "http": lambda: HttpCodec("127.0.0.1", 80),
    "obfuscated abridged": lambda: obfuscated(AbridgedCodec()),
    "obfuscated intermediate": lambda: obfuscated(IntermediateCodec()),
    "obfuscated padded intermediate": lambda: obfuscated(PaddedIntermediateCodec(system_random)),
}


def packets(count: int) -> list[bytes]:
    """Encrypted packets, as far as a transport can tell."""
    return [bytes((number + 1,)) * 8 + bytes(16 * (2 + number * 20)) for number in range(count)]


@pytest.mark.parametrize("cut", [1, 3, 7, 64, 100_000])
@pytest.mark.parametrize("name", KINDS)
def test_every_transport_is_seen_from_its_first_bytes(name: str, cut: int) -> None:
    client = KINDS[name]()
    server = ServerTransport(system_random)
    stream = client.tag + b"".join(map(client.encode, packets(5)))
    received: list[bytes] = []
    for start in range(0, len(stream), cut):
        received += server.feed(stream[start : start + cut])
    assert received == packets(5)
    assert server.name == name
    assert server.is_http == (name == "http")
    assert server.error is None
    answers = [server.encode(packet) for packet in packets(5)]
    assert client.feed(b"".join(answers)) == packets(5)


@pytest.mark.parametrize("name", KINDS)
def test_transport_errors_are_sent_in_every_transport(name: str) -> None:
    client = KINDS[name]()
    server = ServerTransport(system_random)
    server.feed(client.tag + client.encode(packets(1)[0]))
    assert client.feed(server.encode_error(404)) == [(-404).to_bytes(4, "little", signed=True)]


@pytest.mark.parametrize("name", [name for name in KINDS if "abridged" in name or "intermediate" in name])
def test_T3_quick_acks_are_seen_and_sent(name: str) -> None:
    client = KINDS[name]()
    inner = getattr(client, "inner", client)
    server = ServerTransport(system_random)
    frame = IntermediateCodec().encode(packets(1)[0]) if "inter" in name else AbridgedCodec().encode(packets(1)[0])
    raw = bytearray(frame)
    raw[3 if "inter" in name else 0] |= 0x80
    wanted = client._encrypt.encrypt(bytes(raw)) if inner is not client else bytes(raw)
    assert server.feed(client.tag + wanted) == packets(1)
    assert server.quick_ack_wanted
    client.feed(server.encode_quick_ack(0x12345678) + server.encode(packets(1)[0]))
    assert list(inner.quick_acks) == [0x92345678]


@pytest.mark.parametrize("name", ["full", "http"])
def test_T3_other_transports_have_no_quick_acks(name: str) -> None:
    client = KINDS[name]()
    server = ServerTransport(system_random)
    assert not server.quick_ack_wanted
    server.feed(client.tag + client.encode(packets(1)[0]))
    assert not server.quick_ack_wanted
    assert server.encode_quick_ack(1) == b""


def test_nothing_can_be_sent_before_the_client_spoke() -> None:
    server = ServerTransport(system_random)
    assert server.encode(packets(1)[0]) == b""
    assert server.encode_error(404) == b""
    assert server.error is None


def test_T5_the_data_centre_of_an_obfuscated_header_is_read() -> None:
    client = obfuscated(IntermediateCodec(), dc_id=-3)
    server = ServerTransport(system_random)
    server.feed(client.tag)
    assert (server.dc_id, server.header_allowed) == (-3, True)


def test_T5_a_header_that_looks_like_another_transport_is_noticed() -> None:
    source = random.Random(5)
    header = b"\x16\x03\x01\x02" + source.randbytes(52)
    client = obfuscated(IntermediateCodec())
    from telethon.mtproto.codecs.obfuscated import _ciphers

    encrypt, _ = _ciphers(header + bytes(8), b"")
    plain = header + b"\xee\xee\xee\xee" + bytes(4)
    server = ServerTransport(system_random)
    server.feed(header + encrypt.encrypt(plain)[56:])
    assert server.name == "obfuscated intermediate"
    assert not server.header_allowed
    assert client.inner.obfuscated_tag == b"\xee\xee\xee\xee"


@pytest.mark.parametrize("start", [b"\x01" * 64, b"GE", b"\x11\x22\x33"])
def test_what_is_no_transport_is_refused_once_it_is_clear(start: bytes) -> None:
    server = ServerTransport(system_random)
    if len(start) == 64:
        with pytest.raises(InvalidBufferError):
            server.feed(start)
    else:
        assert server.feed(start) == []
        assert server.name == ""


def test_T6_with_a_secret_only_who_has_it_is_understood() -> None:
    server = ServerTransport(system_random, SECRET)
    client = obfuscated(PaddedIntermediateCodec(system_random), SECRET, 4)
    assert server.feed(client.tag + client.encode(packets(1)[0])) == packets(1)
    assert server.dc_id == 4
    for tag in (obfuscated(IntermediateCodec()).tag, b"\xee" * 64):
        with pytest.raises(InvalidBufferError):
            ServerTransport(system_random, SECRET).feed(tag)


def tls_client(server_name: str = "example.org", key: bytes = SECRET) -> FakeTls:
    return FakeTls(key, server_name, rand=system_random, now=1_000_000)


def tls_server() -> ServerTransport:
    return ServerTransport(system_random, b"\xee" + SECRET + b"example.org", now=lambda: 1_000_050)


@pytest.mark.parametrize("size", [1, 7, 10_000])
def test_T6_a_stream_that_looks_like_tls_in_pieces(size: int) -> None:
    server, tls = tls_server(), tls_client()
    for start in range(0, len(tls.hello), size):
        assert server.feed(tls.hello[start : start + size]) == []
    tls.unwrap(server.greeting())
    assert tls.is_ready
    assert server.greeting() == b""
    inner = obfuscated(PaddedIntermediateCodec(system_random), SECRET, dc_id=4)
    stream = tls.wrap(inner.tag) + b"".join(tls.wrap(inner.encode(packet)) for packet in packets(3))
    received = [packet for start in range(0, len(stream), size) for packet in server.feed(stream[start : start + size])]
    assert received == packets(3)
    assert (server.name, server.dc_id) == ("obfuscated padded intermediate", 4)
    assert inner.feed(tls.unwrap(server.encode(packets(1)[0]))) == packets(1)
    assert inner.feed(tls.unwrap(server.encode_quick_ack(5))) == []
    assert inner.feed(tls.unwrap(server.encode_error(404))) == [(-404).to_bytes(4, "little", signed=True)]


def test_T6_others_are_not_let_in() -> None:
    with pytest.raises(RemoteProtocolError, match="not the greeting"):
        tls_server().feed(tls_client(key=bytes(16)).hello)
    with pytest.raises(RemoteProtocolError, match="not the greeting"):
        tls_server().feed(obfuscated(AbridgedCodec(), SECRET).tag + bytes(517))
    late = ServerTransport(system_random, b"\xee" + SECRET + b"example.org", now=lambda: 1_001_000)
    with pytest.raises(RemoteProtocolError, match="clock"):
        late.feed(tls_client().hello)


@pytest.mark.parametrize("inner", [AbridgedCodec, IntermediateCodec])
def test_T6_a_marked_secret_takes_the_padded_transport_only(inner: Any) -> None:
    server = ServerTransport(system_random, "dd" + SECRET.hex())
    with pytest.raises(InvalidBufferError, match="names no known transport"):
        server.feed(obfuscated(inner(), SECRET).tag)
    padded = obfuscated(PaddedIntermediateCodec(system_random), SECRET)
    server = ServerTransport(system_random, "dd" + SECRET.hex())
    assert server.feed(padded.tag + padded.encode(packets(1)[0])) == packets(1)
