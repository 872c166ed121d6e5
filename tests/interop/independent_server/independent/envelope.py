"""Encrypted messages, both ways.

Source: https://core.telegram.org/mtproto/description
"""

from __future__ import annotations

import hmac
import secrets
import struct
from dataclasses import dataclass

from independent.ciphers import ige_decrypt, ige_encrypt, sha1, sha256

FROM_CLIENT, FROM_SERVER = 0, 8


class BadEnvelope(ValueError):
    """Bytes that were not encrypted as the protocol demands."""


@dataclass(frozen=True)
class AuthKey:
    """A key both sides know."""

    value: bytes

    @property
    def id(self) -> bytes:
        """The 8 bytes that name it on the wire."""
        return sha1(self.value)[-8:]


@dataclass(frozen=True)
class Message:
    """What was in an encrypted message."""

    salt: int
    session_id: int
    msg_id: int
    seq_no: int
    body: bytes
    padding: int
    ack_token: bytes


def _large(key: AuthKey, plain: bytes, x: int) -> bytes:
    return sha256(key.value[88 + x : 120 + x], plain)


def _aes(key: AuthKey, msg_key: bytes, x: int) -> tuple[bytes, bytes]:
    a = sha256(msg_key, key.value[x : x + 36])
    b = sha256(key.value[40 + x : 76 + x], msg_key)
    return a[:8] + b[8:24] + a[24:], b[:8] + a[8:24] + b[24:]


def seal(key: AuthKey, salt: int, session_id: int, msg_id: int, seq_no: int, body: bytes, padding: int = 12) -> bytes:
    """A message for the client; at least that many bytes of padding are put behind it."""
    head = struct.pack("<qqqii", salt, session_id, msg_id, seq_no, len(body))
    count = padding + -(len(head) + len(body) + padding) % 16
    plain = head + body + secrets.token_bytes(count)
    msg_key = _large(key, plain, FROM_SERVER)[8:24]
    return key.id + msg_key + ige_encrypt(plain, *_aes(key, msg_key, FROM_SERVER))


def open_sealed(key: AuthKey, data: bytes) -> Message:
    """A message of the client, checked as the server must."""
    msg_key, encrypted = data[8:24], data[24:]
    if not encrypted or len(encrypted) % 16:
        raise BadEnvelope(f"{len(encrypted)} encrypted bytes are no whole blocks")
    plain = ige_decrypt(encrypted, *_aes(key, msg_key, FROM_CLIENT))
    large = _large(key, plain, FROM_CLIENT)
    if not hmac.compare_digest(large[8:24], msg_key):
        raise BadEnvelope("msg_key is wrong")
    salt, session_id, msg_id, seq_no, length = struct.unpack("<qqqii", plain[:32])
    padding = len(plain) - 32 - length
    if length < 0 or length % 4 or not 12 <= padding <= 1024:
        raise BadEnvelope(f"a length of {length} in {len(plain)} bytes")
    token = large[:3] + bytes([large[3] | 0x80])
    return Message(salt, session_id, msg_id, seq_no, plain[32 : 32 + length], padding, token)
