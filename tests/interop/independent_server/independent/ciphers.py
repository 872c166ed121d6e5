"""AES-256 in the two modes of the protocol.

Sources: https://core.telegram.org/mtproto/description, https://core.telegram.org/mtproto/mtproto-transports
"""

from __future__ import annotations

import hashlib

import cryptg

_ZERO = bytes(32)


def sha1(*parts: bytes) -> bytes:
    """The SHA1 of the parts put together."""
    return hashlib.sha1(b"".join(parts)).digest()


def sha256(*parts: bytes) -> bytes:
    """The SHA256 of the parts put together."""
    return hashlib.sha256(b"".join(parts)).digest()


def ige_encrypt(data: bytes, key: bytes, iv: bytes) -> bytes:
    """AES256-IGE."""
    return bytes(cryptg.encrypt_ige(data, key, iv))


def ige_decrypt(data: bytes, key: bytes, iv: bytes) -> bytes:
    """AES256-IGE, the other way."""
    return bytes(cryptg.decrypt_ige(data, key, iv))


class Ctr:
    """AES256-CTR that goes on where it stopped."""

    def __init__(self, key: bytes, iv: bytes) -> None:
        self._key = key
        self._counter = int.from_bytes(iv, "big")
        self._left = b""

    def __call__(self, data: bytes) -> bytes:
        """Encrypt, or decrypt, what comes next."""
        blocks = [self._left]
        for _ in range(-(-(len(data) - len(self._left)) // 16)):
            # One block of IGE without an IV is the plain cipher.
            blocks.append(bytes(cryptg.encrypt_ige(self._counter.to_bytes(16, "big"), self._key, _ZERO)))
            self._counter = (self._counter + 1) % (1 << 128)
        stream = b"".join(blocks)
        stream, self._left = stream[: len(data)], stream[len(data) :]
        size = len(data)
        return (int.from_bytes(data, "big") ^ int.from_bytes(stream, "big")).to_bytes(size, "big")
