"""Public keys of X25519, as a TLS handshake shows them.

Only what makes a fake handshake look like one: nothing secret ever depends on these keys, so no care is taken that the
time this takes does not tell the private one.

Source: https://datatracker.ietf.org/doc/html/rfc7748#section-5
"""

from __future__ import annotations

__all__ = ["public_key", "scalar_mult"]

_P = 2**255 - 19
_A24 = 121665
_BASE = (9).to_bytes(32, "little")


def public_key(private: bytes) -> bytes:
    """The 32 bytes of the public key for 32 random bytes."""
    return scalar_mult(private, _BASE)


def scalar_mult(scalar: bytes, point: bytes) -> bytes:
    """The product of a scalar and a point, 32 bytes each.

    Raises:
        ValueError: one of them does not have 32 bytes.
    """
    if len(scalar) != 32 or len(point) != 32:
        raise ValueError(f"X25519 works on 32 bytes each; these are {len(scalar)} and {len(point)}")
    k = int.from_bytes(scalar, "little") & ((1 << 254) - 8) | 1 << 254
    u = int.from_bytes(point, "little") & ((1 << 255) - 1)
    x2, z2, x3, z3 = 1, 0, u, 1
    swap = 0
    for bit in range(254, -1, -1):
        now = k >> bit & 1
        if swap ^ now:
            x2, x3, z2, z3 = x3, x2, z3, z2
        swap = now
        a, b = x2 + z2, x2 - z2
        c, d = x3 + z3, x3 - z3
        aa, bb = a * a % _P, b * b % _P
        da, cb = d * a % _P, c * b % _P
        e = aa - bb
        x3, z3 = (da + cb) ** 2 % _P, u * (da - cb) ** 2 % _P
        x2, z2 = aa * bb % _P, e * (aa + _A24 * e) % _P
    # The three lowest bits of the scalar are 0, so nothing is left to be swapped.
    return (x2 * pow(z2, _P - 2, _P) % _P).to_bytes(32, "little")
