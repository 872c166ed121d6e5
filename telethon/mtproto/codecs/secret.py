"""Secrets of MTProxies, and what they ask for.

    16 bytes                         any transport, obfuscated
    0xdd, 16 bytes                   padded intermediate transport, obfuscated
    0xee, 16 bytes, domain name      the same inside something that looks like TLS to that domain

They are written in hexadecimal or in URL-safe Base64.

Source: https://core.telegram.org/mtproto/mtproto-transports#transport-obfuscation
"""

from __future__ import annotations

from base64 import urlsafe_b64decode
from typing import NamedTuple

__all__ = ["ProxySecret", "parse_secret"]

_PADDED = 0xDD
_FAKE_TLS = 0xEE


class ProxySecret(NamedTuple):
    """A secret taken apart.

    Attributes:
        key: its 16 bytes.
        padded: whether the padded intermediate transport must be used.
        domain: name to pretend to talk to in TLS, empty without.
    """

    key: bytes
    padded: bool
    domain: str

    def __repr__(self) -> str:
        return f"ProxySecret(padded={self.padded}, domain={self.domain!r})"


def parse_secret(secret: str | bytes) -> ProxySecret:
    """Take a secret apart.

    Args:
        secret: as text in hexadecimal or Base64, or its bytes.

    Raises:
        ValueError: it is neither, or its length or first byte is not one that a secret can have.
    """
    raw = secret if isinstance(secret, bytes) else _decode(secret)
    if len(raw) == 16:
        return ProxySecret(raw, False, "")
    if len(raw) == 17 and raw[0] == _PADDED:
        return ProxySecret(raw[1:], True, "")
    if len(raw) > 17 and raw[0] == _FAKE_TLS:
        try:
            return ProxySecret(raw[1:17], True, raw[17:].decode("ascii"))
        except UnicodeDecodeError:
            raise ValueError("the domain name in an MTProxy secret must be plain ASCII") from None
    raise ValueError(
        f"an MTProxy secret has 16 bytes, or 17 beginning with dd, or more beginning with ee; this one has {len(raw)}"
    )


def _decode(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        pass
    try:
        return urlsafe_b64decode(
            text.replace("+", "-").replace("/", "_").rstrip("=") + "=" * (-len(text.rstrip("=")) % 4)
        )
    except ValueError:
        raise ValueError("an MTProxy secret must be written in hexadecimal or Base64") from None
