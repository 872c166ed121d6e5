"""Secrets of MTProxies, and what they ask for.

    16 bytes                         any transport, obfuscated
    0xdd, 16 bytes                   padded intermediate transport, obfuscated
    0xee, 16 bytes, domain name      the same inside something that looks like TLS to that domain

They are written in hexadecimal or in Base64, with either of its alphabets, and with or without padding.

Source: https://core.telegram.org/mtproto/mtproto-transports#transport-obfuscation
"""

from __future__ import annotations

from binascii import a2b_base64
from typing import NamedTuple

__all__ = ["MAX_DOMAIN", "ProxySecret", "parse_secret"]

MAX_DOMAIN = 180
"""Most characters a domain name in a secret can have."""

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
        secret: as text in hexadecimal or Base64, be it `str` or `bytes`, or the bytes themselves.

    Raises:
        ValueError: it is none of these, or its length or first byte is not one that a secret can have.
    """
    given: object = secret
    candidates: list[bytes] = []
    if isinstance(given, (bytes, bytearray)):
        candidates.append(bytes(given))
        if given.isascii():
            given = given.decode("ascii")
    if isinstance(given, str):
        candidates += _decodings(given.strip())
    elif not candidates:
        raise ValueError(f"an MTProxy secret is text or bytes, not {type(given).__name__}")
    # Some texts can be read in two ways; only one of them has the length of a secret.
    for raw in candidates:
        found = _take_apart(raw)
        if found is not None:
            return found
    if not candidates:
        raise ValueError("an MTProxy secret must be written in hexadecimal or Base64")
    raise ValueError(
        "an MTProxy secret has 16 bytes, or 17 beginning with dd, or 17 beginning with ee and a domain name behind "
        f"them; this one has {len(candidates[0])}"
    )


def _take_apart(raw: bytes) -> ProxySecret | None:
    if len(raw) == 16:
        return ProxySecret(raw, False, "")
    if len(raw) == 17 and raw[0] == _PADDED:
        return ProxySecret(raw[1:], True, "")
    if len(raw) > 17 and raw[0] == _FAKE_TLS:
        name = raw[17:]
        if len(name) > MAX_DOMAIN or not all(0x21 <= byte <= 0x7E and byte != 0x3F for byte in name):
            raise ValueError(
                f"the domain name in an MTProxy secret has 1 to {MAX_DOMAIN} characters, all of them plain ASCII"
            )
        return ProxySecret(raw[1:17], True, name.decode("ascii"))
    return None


def _decodings(text: str) -> list[bytes]:
    """What a text can stand for."""
    found: list[bytes] = []
    try:
        found.append(bytes.fromhex(text))
    except ValueError:
        # Then it may be the other one.
        pass
    core = text.rstrip("=").replace("-", "+").replace("_", "/")
    if core.isascii() and core.replace("+", "").replace("/", "").isalnum():
        try:
            found.append(a2b_base64(core + "=" * (-len(core) % 4)))
        except ValueError:
            pass
    return found
