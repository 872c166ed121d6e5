"""The stream that looks like TLS."""

from __future__ import annotations

import hashlib
import hmac
import os
import ssl
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mtproto_model import seeded_random
from mtproto_vectors import SECRET

from telethon.errors import InvalidBufferError, LocalProtocolError, RemoteProtocolError
from telethon.mtproto.codecs.faketls import HELLO_SIZE, FakeTls, FakeTlsCodec
from telethon.mtproto.codecs.obfuscated import HEADER_SIZE, ObfuscatedCodec
from telethon.mtproto.codecs.padded import PaddedIntermediateCodec
from telethon.mtproto.side import Side

NOW = 1_700_000_000.5
CHANGE = b"\x14\x03\x03\x00\x01\x01"


def client(domain: str = "www.example.org", seed: int = 1) -> FakeTls:
    return FakeTls(SECRET, domain, rand=seeded_random(seed), now=NOW)


def ready(seed: int = 1) -> tuple[FakeTls, FakeTls]:
    """Both ends of a stream."""
    one = client(seed=seed)
    other, answer = FakeTls.accept(one.hello, SECRET, rand=seeded_random(seed + 1), now=NOW)
    assert one.unwrap(answer) == b""
    return one, other


def blocks(data: bytes, size: int) -> list[bytes]:
    """What a list of blocks with lengths holds."""
    found: list[bytes] = []
    while data:
        length = int.from_bytes(data[:size], "big")
        assert length <= len(data) - size
        found.append(data[size : size + length])
        data = data[size + length :]
    return found


def extensions_of(hello: bytes) -> dict[int, bytes]:
    """By hand, after RFC 8446, section 4.1.2."""
    assert hello[:5] == b"\x16\x03\x01" + (len(hello) - 5).to_bytes(2, "big")
    assert hello[5:9] == b"\x01" + (len(hello) - 9).to_bytes(3, "big")
    assert hello[9:11] == b"\x03\x03"
    rest = hello[43:]
    assert rest[0] == 32
    suites = int.from_bytes(rest[33:35], "big")
    rest = rest[35 + suites :]
    assert rest[:2] == b"\x01\x00"
    assert int.from_bytes(rest[2:4], "big") == len(rest) - 4
    rest = rest[4:]
    found: dict[int, bytes] = {}
    while rest:
        kind, size = int.from_bytes(rest[:2], "big"), int.from_bytes(rest[2:4], "big")
        assert kind not in found, "an extension stands there twice"
        found[kind] = rest[4 : 4 + size]
        assert len(found[kind]) == size
        rest = rest[4 + size :]
    return found


# -- greetings -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("domain", ["a", "www.example.org", "x" * 180])
def test_T6_the_greeting_is_that_of_a_browser(domain: str) -> None:
    for seed in range(50):
        hello = client(domain, seed).hello
        assert len(hello) == HELLO_SIZE
        extensions = extensions_of(hello)
        (entry,) = blocks(extensions[0], 2)
        assert entry == b"\0" + len(domain).to_bytes(2, "big") + domain.encode()
        assert blocks(extensions[0x10][2:], 1) == [b"h2", b"http/1.1"]
        assert len(extensions[0x33]) == 2 + 5 + 4 + 32


@pytest.mark.parametrize("domain", ["www.example.org", "x" * 63])
def test_T6_a_real_implementation_of_tls_understands_the_greeting(domain: str) -> None:
    seen: list[str | None] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.sni_callback = lambda connection, name, context: seen.append(name)
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    server = context.wrap_bio(incoming, outgoing, server_side=True)
    incoming.write(client(domain).hello)
    # It has no certificate, which is the first thing it finds wrong.
    with pytest.raises(ssl.SSLError, match=r"(?i)no.shared.cipher|no.suitable"):
        server.do_handshake()
    assert seen == [domain]


def test_T6_the_random_is_the_proof_and_the_time() -> None:
    hello = client().hello
    zeroed = hello[:11] + bytes(32) + hello[43:]
    proof = hmac.new(SECRET, zeroed, hashlib.sha256).digest()
    assert hello[11:39] == proof[:28]
    assert bytes(a ^ b for a, b in zip(hello[39:43], proof[28:], strict=True)) == (1_700_000_000).to_bytes(4, "little")


def test_T6_no_two_greetings_are_the_same() -> None:
    hellos = [FakeTls(SECRET, "www.example.org", rand=os.urandom, now=NOW).hello for _ in range(50)]
    assert len(set(hellos)) == len({hello[11:43] for hello in hellos}) == len({hello[44:76] for hello in hellos}) == 50


def test_values_that_mean_nothing_are_not_the_same_twice() -> None:
    def rand(count: int) -> bytes:
        return b"\x55" * count

    extensions = extensions_of(FakeTls(SECRET, "a", rand=rand, now=NOW).hello)
    assert {0x5A5A, 0x4A4A} <= extensions.keys()


@pytest.mark.parametrize("domain", ["", "x" * 181, "exämple.org", "what?"])
def test_T6_names_that_cannot_be_used(domain: str) -> None:
    with pytest.raises(ValueError, match="1 to 180 characters"):
        client(domain)


def test_T6_the_answer_is_that_of_a_server() -> None:
    one = client()
    _, answer = FakeTls.accept(one.hello, SECRET, rand=seeded_random(2), now=NOW)
    size = int.from_bytes(answer[3:5], "big")
    assert answer[:3] == b"\x16\x03\x03"
    hello = answer[5 : 5 + size]
    assert hello[:4] == b"\x02" + (size - 4).to_bytes(3, "big")
    assert hello[38:71] == b"\x20" + one.hello[44:76], "the session id is that of the client"
    assert answer[5 + size : 11 + size] == CHANGE
    data = answer[11 + size :]
    assert data[:3] == b"\x17\x03\x03"
    assert len(data) == 5 + int.from_bytes(data[3:5], "big")
    zeroed = answer[:11] + bytes(32) + answer[43:]
    assert answer[11:43] == hmac.new(SECRET, one.hello[11:43] + zeroed, hashlib.sha256).digest()


def test_T6_the_proxy_refuses_who_does_not_know_the_secret() -> None:
    hello = client().hello
    damaged = hello[:100] + bytes([hello[100] ^ 1]) + hello[101:]
    for wrong, secret in (
        (hello, bytes(16)),
        (damaged, SECRET),
        (hello[:-1], SECRET),
        (b"", SECRET),
        (b"G" * 517, SECRET),
    ):
        with pytest.raises(RemoteProtocolError, match="knows the secret"):
            FakeTls.accept(wrong, secret, rand=seeded_random(), now=NOW)


@pytest.mark.parametrize(("seconds", "fits"), [(-119.0, True), (119.0, True), (-122.0, False), (122.0, False)])
def test_T6_the_proxy_refuses_clocks_that_are_off(seconds: float, fits: bool) -> None:
    hello = client().hello
    if fits:
        assert FakeTls.accept(hello, SECRET, rand=seeded_random(), now=NOW + seconds)
    else:
        with pytest.raises(RemoteProtocolError, match=f"off by {-seconds - 0.5:.0f} s"):
            FakeTls.accept(hello, SECRET, rand=seeded_random(), now=NOW + seconds)


# -- the answer ----------------------------------------------------------------------------------------------------


def test_T6_the_answer_may_come_in_any_pieces() -> None:
    one = client()
    other, answer = FakeTls.accept(one.hello, SECRET, rand=seeded_random(2), now=NOW)
    for byte in answer[:-1]:
        assert one.unwrap(bytes([byte])) == b""
        assert not one.is_ready
    assert one.unwrap(answer[-1:] + other.wrap(b"first")) == b"first"
    assert one.is_ready


def test_T6_every_flipped_bit_of_the_answer_is_noticed() -> None:
    hello = client().hello
    _, answer = FakeTls.accept(
        hello, SECRET, rand=lambda count: seeded_random(2)(count) if count > 1 else b"\0", now=NOW
    )
    for bit in range(0, len(answer) * 8, 7):
        damaged = bytearray(answer)
        damaged[bit // 8] ^= 1 << bit % 8
        one = client()
        with suppress(RemoteProtocolError, InvalidBufferError):
            one.unwrap(bytes(damaged))
        assert not one.is_ready


def test_T6_another_secret_is_noticed() -> None:
    one = client()
    other = FakeTls(bytes(16), "www.example.org", rand=seeded_random(3), now=NOW)
    _, answer = FakeTls.accept(other.hello, bytes(16), rand=seeded_random(2), now=NOW)
    with pytest.raises(RemoteProtocolError, match="does not know the secret"):
        one.unwrap(answer)


@pytest.mark.parametrize(
    ("answer", "match"),
    [
        (b"HTTP/1.1 400", "does not look like TLS"),
        (b"\x15\x03\x03\x00\x02\x02\x28", "does not look like TLS"),
        (b"\x16\x03\x03\x00\x01\x00\x17\x03\x03", "does not look like TLS"),
        (b"\x16\x02\x03\x00\x01\x00", "does not look like TLS"),
        (b"\x16\x03\x03\xff\xff", "does not look like TLS"),
        (b"\x16\x03\x03\x00\x01\x00" + CHANGE + b"\x17\x03\x03\x00\x01\x00", "too short"),
    ],
)
def test_T6_what_is_no_proxy(answer: bytes, match: str) -> None:
    with pytest.raises(InvalidBufferError, match=match):
        client().unwrap(answer)


def test_T6_nothing_is_sent_before_the_answer() -> None:
    with pytest.raises(LocalProtocolError, match="before the proxy has answered"):
        client().wrap(b"data")


# -- data ----------------------------------------------------------------------------------------------------------


def test_records() -> None:
    one, other = ready()
    assert one.wrap(b"abc") == CHANGE + b"\x17\x03\x03\x00\x03abc"
    assert one.wrap(b"abc") == b"\x17\x03\x03\x00\x03abc"
    assert other.wrap(b"abc") == b"\x17\x03\x03\x00\x03abc"
    assert one.wrap(b"") == b""
    large = other.wrap(bytes(3000))
    assert large[:5] == b"\x17\x03\x03" + (2878).to_bytes(2, "big")
    assert len(large) == 3000 + 10


@given(st.lists(st.binary(max_size=4000), max_size=5), st.lists(st.integers(0, 20_000), max_size=10))
@settings(deadline=None)
def test_any_split_gives_the_same_bytes(parts: list[bytes], cuts: list[int]) -> None:
    for sender, receiver in (ready(), ready()[::-1]):
        stream = b"".join(sender.wrap(part) for part in parts)
        places = sorted(min(cut, len(stream)) for cut in cuts)
        pieces = [stream[start:end] for start, end in zip([0, *places], [*places, len(stream)], strict=True)]
        assert b"".join(receiver.unwrap(piece) for piece in pieces) == b"".join(parts)


@pytest.mark.parametrize(
    ("record", "match"),
    [
        (b"\x15\x03\x03\x00\x02\x02\x28", "with an alert"),
        (b"\x14\x03\x03\x00\x01\x02", "record of type 20"),
        (b"\x16\x03\x03\x00\x01\x02", "record of type 22"),
        (b"\x17\x03\x01\x00\x01\x02", "does not look like TLS"),
        (b"\x17\x03\x03\x41\x01", "does not look like TLS"),
    ],
)
def test_T1_records_that_are_refused(record: bytes, match: str) -> None:
    for end in ready():
        with pytest.raises(InvalidBufferError, match=match):
            end.unwrap(record)


def test_T1_what_came_before_a_refused_record_is_given_out_first() -> None:
    sender, receiver = ready()
    assert receiver.unwrap(sender.wrap(b"good") + b"\x15\x03\x03\x00\x02\x02\x28") == b"good"
    for _ in range(2):
        with pytest.raises(InvalidBufferError, match="with an alert"):
            receiver.unwrap(b"")


def test_T6_packets_through_a_proxy() -> None:
    """The whole of it: greeting, obfuscation, padded packets, both ways."""
    rand = seeded_random(7)
    inner = ObfuscatedCodec(PaddedIntermediateCodec(rand), rand=rand, secret=SECRET, dc_id=2)
    codec = FakeTlsCodec(inner, FakeTls(SECRET, "www.example.org", rand=rand, now=NOW))
    assert len(codec.tag) == HELLO_SIZE
    assert not codec.is_ready
    proxy, answer = FakeTls.accept(codec.tag, SECRET, rand=rand, now=NOW)
    assert codec.feed(answer) == []
    assert codec.is_ready
    packet = b"\1" * 72
    stream = proxy.unwrap(codec.encode(packet) + codec.encode(packet))
    server = PaddedIntermediateCodec(rand, Side.SERVER)
    opened = ObfuscatedCodec.accept(stream[:HEADER_SIZE], {server.obfuscated_tag: server}, secret=SECRET)
    assert opened.dc_id == 2
    assert opened.feed(stream[HEADER_SIZE:]) == [packet, packet]
    assert codec.feed(proxy.wrap(opened.encode(packet))) == [packet]
