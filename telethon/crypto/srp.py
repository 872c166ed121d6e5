"""Proofs for the password of an account (2FA), by which the server learns neither the password nor its hash.

    x  = PH2(password, salt1, salt2)        the hash below
    v  = g^x mod p                          what the server keeps
    k  = H(p | g)       u = H(g_a | g_b)    H is SHA-256, every number written with 256 bytes
    a  random           g_a = g^a mod p     sent as A
    t  = g_b - k * v    s_a = t^(a + u * x) mod p
    M1 = H(H(p) xor H(g) | H(salt1) | H(salt2) | g_a | g_b | H(s_a))

Source: https://core.telegram.org/api/srp
"""

from __future__ import annotations

from hashlib import pbkdf2_hmac, sha256
from typing import NamedTuple

from telethon._core.rand import RandomBytes
from telethon.crypto.dh import check_group, check_public
from telethon.crypto.powers import power
from telethon.errors.common import SecurityError

__all__ = ["NUMBER_BYTES", "PasswordAlgorithm", "number", "password_hash", "proof", "verifier"]

NUMBER_BYTES = 256
_ITERATIONS = 100_000


class PasswordAlgorithm(NamedTuple):
    """What the server says about the password of an account.

    Attributes:
        salt1: first salt.
        salt2: second salt.
        g: generator.
        p: prime.
    """

    salt1: bytes
    salt2: bytes
    g: int
    p: int


def number(value: int) -> bytes:
    """A number as it goes into every hash: 256 bytes, the most significant first.

    Raises:
        OverflowError: it is negative or needs more.
    """
    return value.to_bytes(NUMBER_BYTES, "big")


def password_hash(password: str, salt1: bytes, salt2: bytes) -> bytes:
    """The 32 bytes that stand for a password. Takes about 70 ms, on purpose."""
    first = _salted(_salted(password.encode(), salt1), salt2)
    return _salted(pbkdf2_hmac("sha512", first, salt1, _ITERATIONS), salt2)


def verifier(algorithm: PasswordAlgorithm, password: str) -> bytes:
    """What the server keeps of a password, 256 bytes.

    Raises:
        SecurityError: the group is not safe.
    """
    check_group(algorithm.p, algorithm.g)
    x = int.from_bytes(password_hash(password, algorithm.salt1, algorithm.salt2), "big")
    return number(power(algorithm.g, x, algorithm.p))


def proof(algorithm: PasswordAlgorithm, password: str, srp_b: int, rand: RandomBytes) -> tuple[bytes, bytes]:
    """The proof that a password is known.

    Args:
        algorithm: of the current password.
        password: what the user typed.
        srp_b: the public number of the server.
        rand: where the secret number comes from.

    Returns:
        A (256 bytes) and M1 (32 bytes).

    Raises:
        SecurityError: the group is not safe, or a public number is not.
    """
    salt1, salt2, g, p = algorithm
    check_group(p, g)
    if not 0 < srp_b < p:
        raise SecurityError("srp_B is not a number below the prime; it is not used")
    a = int.from_bytes(rand(NUMBER_BYTES), "big")
    public = power(g, a, p)
    check_public(public, p, "A")
    g_a, g_b = number(public), number(srp_b)
    u = int.from_bytes(_hash(g_a, g_b), "big")
    if not u:
        raise SecurityError("the two public numbers would cancel the password out; try again")
    x = int.from_bytes(password_hash(password, salt1, salt2), "big")
    k = int.from_bytes(_hash(number(p), number(g)), "big")
    t = (srp_b - k * power(g, x, p)) % p
    check_public(t, p, "srp_B")
    s_a = power(t, a + u * x, p)
    mixed = int.from_bytes(_hash(number(p)), "big") ^ int.from_bytes(_hash(number(g)), "big")
    m1 = _hash(mixed.to_bytes(32, "big"), _hash(salt1), _hash(salt2), g_a, g_b, _hash(number(s_a)))
    return g_a, m1


def _hash(*parts: bytes) -> bytes:
    return sha256(b"".join(parts)).digest()


def _salted(data: bytes, salt: bytes) -> bytes:
    return _hash(salt, data, salt)
