"""The key of a test server is trusted by this process while such a server runs, and no longer.

The private half is printed in the source for everybody to read, so a program must not go on trusting the key.
"""

from __future__ import annotations

from telethon.crypto import rsa

__all__ = ["distrust", "trust"]

_counts: dict[int, int] = {}


def trust(fingerprint: int, pem: str) -> None:
    """Let clients of this process accept the key, once more."""
    _counts[fingerprint] = _counts.get(fingerprint, 0) + 1
    rsa.add_key(pem, old=False)


def distrust(fingerprint: int) -> None:
    """Take that back; the last one ends it."""
    left = _counts.get(fingerprint, 0) - 1
    if left > 0:
        _counts[fingerprint] = left
        return
    _counts.pop(fingerprint, None)
    rsa._server_keys.pop(fingerprint, None)
