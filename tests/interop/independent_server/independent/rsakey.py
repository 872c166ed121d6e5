"""An RSA key of the server, and what a client encrypted with it.

Source: https://core.telegram.org/mtproto/auth_key
"""

from __future__ import annotations

import base64
from dataclasses import dataclass

from independent.ciphers import ige_decrypt, sha1, sha256
from independent.tl import string


class NotPadded(ValueError):
    """What was encrypted is not as the protocol demands."""


@dataclass(frozen=True)
class RsaKey:
    """Two primes."""

    p: int
    q: int
    e: int = 65537

    @property
    def n(self) -> int:
        """The modulus."""
        return self.p * self.q

    @property
    def fingerprint(self) -> int:
        """The number clients know it by, signed as in TL."""
        modulus, exponent = self.n.to_bytes(256, "big"), self.e.to_bytes(3, "big")
        return int.from_bytes(sha1(string(modulus), string(exponent))[-8:], "little", signed=True)

    def pem(self) -> str:
        """The public half, as programs take it."""
        body = _der(2, _unsigned(self.n)) + _der(2, _unsigned(self.e))
        text = base64.encodebytes(_der(0x30, body)).decode().replace("\n", "")
        lines = [text[at : at + 64] for at in range(0, len(text), 64)]
        return "\n".join(["-----BEGIN RSA PUBLIC KEY-----", *lines, "-----END RSA PUBLIC KEY-----"])

    def raw(self, data: bytes) -> bytes:
        """What the client raised to the public exponent."""
        value = int.from_bytes(data, "big")
        if len(data) != 256 or value >= self.n:
            raise NotPadded("it is no number below the modulus in 256 bytes")
        secret = pow(self.e, -1, (self.p - 1) * (self.q - 1))
        return pow(value, secret, self.n).to_bytes(256, "big")

    def unpad(self, data: bytes) -> bytes:
        """What is inside of RSA_PAD: 192 bytes, the data first."""
        opened = self.raw(data)
        xored, encrypted = opened[:32], opened[32:]
        key = bytes(a ^ b for a, b in zip(xored, sha256(encrypted), strict=True))
        plain = ige_decrypt(encrypted, key, bytes(32))
        padded, digest = plain[:192][::-1], plain[192:]
        if sha256(key, padded) != digest:
            raise NotPadded("the hash inside of RSA_PAD is wrong")
        return padded

    def unpad_old(self, data: bytes) -> tuple[bytes, bytes]:
        """The hash and what follows it, of the form that was used before RSA_PAD."""
        opened = self.raw(data)
        if opened[0]:
            raise NotPadded("it is of neither form")
        return opened[1:21], opened[21:]


def _unsigned(value: int) -> bytes:
    return value.to_bytes(value.bit_length() // 8 + 1, "big")


def _der(tag: int, body: bytes) -> bytes:
    size = len(body)
    length = bytes([size]) if size < 128 else b"\x82" + size.to_bytes(2, "big")
    return bytes([tag]) + length + body
