"""Plaintexts under the right key, and packets that were changed: accepted if and only if a plain reference accepts."""

from __future__ import annotations

import random
import struct
from hashlib import sha1, sha256

from ciphers import slow_decrypt_ige
from mtproto_model import KEY, seeded_random

from telethon.crypto import AES
from telethon.errors import RemoteProtocolError
from telethon.mtproto import cipher
from telethon.mtproto.side import Side

from .choices import Choices

MOST = 4096


def keys_of(msg_key: bytes, x: int) -> tuple[bytes, bytes]:
    """AES key and iv, written down from the description of the protocol."""
    a = sha256(msg_key + KEY[x : x + 36]).digest()
    b = sha256(KEY[40 + x : 76 + x] + msg_key).digest()
    return a[:8] + b[8:24] + a[24:], b[:8] + a[8:24] + b[24:]


def reference(packet: bytes, x: int) -> tuple[int, int, int, int, bytes] | None:
    """What a packet says, None when it must be refused."""
    if len(packet) < 24 + 32 + 16 or len(packet) % 16 != 8 or packet[:8] != sha1(KEY).digest()[-8:]:
        return None
    plaintext = slow_decrypt_ige(packet[24:], *keys_of(packet[8:24], x))
    if sha256(KEY[88 + x : 120 + x] + plaintext).digest()[8:24] != packet[8:24]:
        return None
    salt, session_id, msg_id = (int.from_bytes(plaintext[i : i + 8], "little", signed=True) for i in (0, 8, 16))
    seq_no, length = (int.from_bytes(plaintext[i : i + 4], "little", signed=True) for i in (24, 28))
    if length < 0 or length % 4:
        return None
    if not 12 <= len(plaintext) - 32 - length <= 1024:
        return None
    return salt, session_id, msg_id, seq_no, plaintext[32 : 32 + length]


def seal(plaintext: bytes, x: int) -> bytes:
    """A packet with exactly this plaintext, which is a whole number of blocks."""
    msg_key = sha256(KEY[88 + x : 120 + x] + plaintext).digest()[8:24]
    return sha1(KEY).digest()[-8:] + msg_key + AES.encrypt_ige(plaintext, *keys_of(msg_key, x))


def run(data: bytes) -> None:
    """The first byte says whether the rest is a plaintext or a packet, and for which side."""
    choices = Choices(data)
    kind = choices.below(256)
    side = list(Side)[kind & 1]
    rest = choices.rest()[:MOST]
    packet = seal(rest[: len(rest) // 16 * 16], side.x) if kind & 2 and len(rest) >= 16 else rest
    expected = reference(packet, side.x)
    try:
        found = cipher.decrypt(KEY, packet, side)
    except RemoteProtocolError:
        assert expected is None, "it was refused although nothing is wrong with it"
    else:
        assert tuple(found) == expected


def seeds() -> list[bytes]:
    """200 good messages, half of them as plaintexts and half as packets."""
    rand = random.Random(200)
    found: list[bytes] = []
    for number in range(100):
        size = rand.choice((0, 4, 8, 20, 60, 200)) + 4 * (number % 4)
        inner = struct.pack("<qqqii", 1, 2, (3 + number) << 32 | 1, number, size) + rand.randbytes(size)
        padding = 12 + (-size - 12) % 16 + 16 * rand.choice((0, 0, 1, 4, 63))
        side = number & 1
        found.append(bytes((2 | side,)) + inner + rand.randbytes(padding))
        packet = cipher.encrypt(KEY, inner, list(Side)[side], seeded_random(number))
        found.append(bytes((side,)) + packet)
    return found
