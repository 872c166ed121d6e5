"""The envelope of encrypted messages."""

from __future__ import annotations

import hashlib
import os
import random
import statistics
import struct
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mtproto_model import KEY, seeded_random
from mtproto_vectors import CLIENT_PACKET, SERVER_PACKETS
from slow import slow

from telethon.crypto import AES
from telethon.crypto.kdf import aes_key_iv_v2, msg_key_v2
from telethon.errors import RemoteProtocolError, SecurityError
from telethon.mtproto import cipher
from telethon.mtproto.side import Side


def inner(body: bytes, *, length: int | None = None, msg_id: int = 5, seq_no: int = 1) -> bytes:
    return struct.pack("<qqqii", 7, 9, msg_id, seq_no, len(body) if length is None else length) + body


def seal_raw(plaintext: bytes, side: Side = Side.SERVER, key: bytes = KEY) -> bytes:
    """A packet whose plaintext is exactly this."""
    msg_key = msg_key_v2(key, plaintext, side.x)
    aes_key, iv = aes_key_iv_v2(key, msg_key, side.x)
    return hashlib.sha1(key).digest()[-8:] + msg_key + AES.encrypt_ige(plaintext, aes_key, iv)


@given(st.integers(0, 300).map(lambda words: words * 4), st.sampled_from(Side), st.integers(0, 2**63 - 1))
def test_messages_come_back(size: int, side: Side, msg_id: int) -> None:
    body = bytes(index & 255 for index in range(size))
    packet = cipher.encrypt(KEY, inner(body, msg_id=msg_id), side, seeded_random())
    assert cipher.decrypt(KEY, packet, side) == (7, 9, msg_id, 1, body)
    assert (len(packet) - 24) % 16 == 0
    assert 12 <= len(packet) - 24 - 32 - size <= 27
    with pytest.raises(RemoteProtocolError):
        cipher.decrypt(KEY, packet, side.other)


def test_a_packet_of_another_implementation_can_be_read() -> None:
    opened = cipher.decrypt(KEY, CLIENT_PACKET, Side.CLIENT)
    assert opened == (
        0x1122334455667788,
        0x0102030405060708,
        7711837346308286744,
        1,
        b"\x11\x22\x33\x44" + b"abcd" * 9,
    )


@pytest.mark.parametrize(("size", "digest"), SERVER_PACKETS.items())
def test_packets_that_another_implementation_accepted(size: int, digest: str) -> None:
    header = struct.pack("<qq", 0x1122334455667788, 0x0102030405060708)
    header += struct.pack("<qii", 0x6553F10000000001 + 4 * size, 2 * size + 1, size)
    body = bytes((index * 11) & 255 for index in range(size))
    packet = cipher.encrypt(KEY, header + body, Side.SERVER, bytes)
    assert hashlib.sha256(packet).hexdigest()[:32] == digest


def test_pieces_are_the_same_as_the_whole() -> None:
    message = inner(b"abcd" * 10)
    whole = cipher.encrypt(KEY, message, Side.CLIENT, seeded_random())
    key_id = hashlib.sha1(KEY).digest()[-8:]
    pieces = [message[:10], message[10:11], message[11:]]
    assert cipher.seal_packet(KEY, key_id, pieces, len(message), 0, seeded_random()) == whole


def test_X5_repr_hides_the_body() -> None:
    assert repr(cipher.Decrypted(1, 2, 3, 4, b"secret")) == "Decrypted(msg_id=3, seq_no=4, body=<6 bytes>)"


def test_M1_I1_no_length_reaches_the_cipher_that_it_cannot_take(monkeypatch: pytest.MonkeyPatch) -> None:
    key_id = hashlib.sha1(KEY).digest()[-8:]
    seen: list[int] = []
    decrypt_ige = AES.decrypt_ige

    def spy(data: bytes, key: bytes, iv: bytes) -> bytes:
        seen.append(len(data))
        return decrypt_ige(data, key, iv)

    monkeypatch.setattr(AES, "decrypt_ige", spy)
    for size in range(200):
        with pytest.raises(RemoteProtocolError, match="was not made with the key"):
            cipher.decrypt(KEY, (key_id + os.urandom(200))[:size], Side.SERVER)
    assert seen == [48, 64, 80, 96, 112, 128, 144, 160]


def test_M2_another_key_is_refused() -> None:
    packet = seal_raw(inner(b"abcd") + bytes(12), key=bytes(256))
    with pytest.raises(RemoteProtocolError, match="was not made with the key"):
        cipher.decrypt(KEY, packet, Side.SERVER)
    packet = bytearray(seal_raw(inner(b"abcd") + bytes(12)))
    packet[0] ^= 1
    with pytest.raises(RemoteProtocolError, match="was not made with the key"):
        cipher.decrypt(KEY, bytes(packet), Side.SERVER)


def test_M3_every_flipped_bit_is_noticed_with_one_and_the_same_error() -> None:
    packet = cipher.encrypt(KEY, inner(bytes(936)), Side.SERVER, seeded_random())
    assert len(packet) == 1016
    texts: set[str] = set()
    for bit in range(len(packet) * 8):
        damaged = bytearray(packet)
        damaged[bit // 8] ^= 1 << bit % 8
        with pytest.raises(SecurityError) as caught:
            cipher.decrypt(KEY, bytes(damaged), Side.SERVER)
        texts.add(str(caught.value))
    assert len(texts) == 1


def test_M3_the_key_is_checked_before_anything_is_read() -> None:
    """A plaintext that breaks every other rule, under a wrong msg_key, gives the error of the msg_key."""
    packet = bytearray(seal_raw(inner(b"", length=-3) + bytes(16)))
    with pytest.raises(RemoteProtocolError, match="says it is -3 bytes"):
        cipher.decrypt(KEY, bytes(packet), Side.SERVER)
    packet[8] ^= 1
    with pytest.raises(RemoteProtocolError, match="was not made with the key"):
        cipher.decrypt(KEY, bytes(packet), Side.SERVER)


@slow
def test_M3_timing_of_the_comparison() -> None:
    """Welch's t between packets whose msg_key is wrong in its first and in its last byte."""
    packet = cipher.encrypt(KEY, inner(bytes(40)), Side.SERVER, seeded_random())
    first, last = bytearray(packet), bytearray(packet)
    # The msg_key decides the AES key, so another one gives another plaintext either way.
    first[8] ^= 1
    last[23] ^= 1
    samples: dict[bool, list[int]] = {True: [], False: []}
    rand = random.Random(1)
    for _ in range(100_000):
        which = rand.random() < 0.5
        data = bytes(first if which else last)
        start = time.perf_counter_ns()
        try:
            cipher.decrypt(KEY, data, Side.SERVER)
        except RemoteProtocolError:
            samples[which].append(time.perf_counter_ns() - start)
    kept = [sorted(some)[: int(len(some) * 0.9)] for some in samples.values()]
    means = [statistics.fmean(some) for some in kept]
    variances = [statistics.variance(some) / len(some) for some in kept]
    assert abs(means[0] - means[1]) / sum(variances) ** 0.5 < 4.5


def test_M4_length_and_padding_grid() -> None:
    accepted: set[tuple[int, int]] = set()
    expected: set[tuple[int, int]] = set()
    for total in (32 + 16, 32 + 32, 32 + 1024, 32 + 1040, 32 + 1056):
        room = total - 32
        lengths = {-(2**31), -16, -4, -1, 2**30, 2**31 - 4, room, room - 11, room - 12, room - 1024, room - 1025}
        for length in lengths | set(range(-8, 60)) | set(range(room - 60, room + 8)):
            padding = room - length
            if length >= 0 and length % 4 == 0 and 12 <= padding <= 1024:
                expected.add((total, length))
            try:
                opened = cipher.decrypt(KEY, seal_raw(inner(bytes(room), length=length)), Side.SERVER)
            except RemoteProtocolError:
                continue
            assert len(opened.body) == length
            accepted.add((total, length))
    assert accepted == expected
    assert len(accepted) > 40


def test_M4_the_shortest_packet_is_an_empty_message() -> None:
    packet = seal_raw(inner(b"") + bytes(16))
    assert len(packet) == 72
    assert cipher.decrypt(KEY, packet, Side.SERVER).body == b""
    with pytest.raises(RemoteProtocolError):
        cipher.decrypt(KEY, packet[:56], Side.SERVER)


def test_M3_the_error_says_what_to_think_of_the_packet() -> None:
    with pytest.raises(RemoteProtocolError) as caught:
        cipher.decrypt(KEY, bytes(72), Side.SERVER)
    wanted = "a packet was not made with the key of this session, or was changed on its way; it is not used"
    assert str(caught.value) == wanted
