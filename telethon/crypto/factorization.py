"""Splits the number that a server sets as a small proof of work into its two primes.

Source: https://core.telegram.org/mtproto/auth_key#presenting-proof-of-work-server-authentication
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from math import gcd, isqrt
from typing import Any

from telethon.errors.common import SecurityError

__all__ = ["Factorization"]

_MAX_BITS = 63
_WITNESSES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37)
_BATCH = 128
_MAX_STEPS = 1 << 19
_CONSTANTS = (1, 3, 5, 7)
_CRYPTG_FROM = 1 << 40


class Factorization:
    """Two primes from their product."""

    @classmethod
    def factorize(cls, pq: int) -> tuple[int, int]:
        """The two primes, the smaller one first.

        The work is bounded: a number that is not the product of two different odd primes, or not below 2^63, is refused
        at once. The hardest one takes a few milliseconds with cryptg, and some tens of them without.

        Args:
            pq: their product.

        Raises:
            SecurityError: it is no such product.

        Example:
            >>> Factorization.factorize(1724114033281923457)
            (1229739323, 1402015859)
        """
        if pq < 15 or pq.bit_length() > _MAX_BITS or not pq % 2 or isqrt(pq) ** 2 == pq or _is_prime(pq):
            raise _refused()
        p = _by_cryptg(pq) if pq >= _CRYPTG_FROM else None
        if p is None or not 1 < p < pq or pq % p:
            p = _divisor(pq)
        q = pq // p
        if not _is_prime(p) or not _is_prime(q):
            raise _refused()
        return (p, q) if p < q else (q, p)

    @staticmethod
    def gcd(a: int, b: int) -> int:
        """The greatest number that divides both."""
        return gcd(a, b)


def _refused() -> SecurityError:
    # Without the number: it may have thousands of digits.
    return SecurityError("pq is not the product of two different odd primes below 2^63; it is not used")


def _is_prime(n: int) -> bool:
    """Miller-Rabin with bases that leave no doubt below 2^64."""
    for witness in _WITNESSES:
        if n % witness == 0:
            return n == witness
    odd = n - 1
    twos = (odd & -odd).bit_length() - 1
    odd >>= twos
    for witness in _WITNESSES:
        x = pow(witness, odd, n)
        if x in (1, n - 1):
            continue
        for _ in range(twos - 1):
            x = x * x % n
            if x == n - 1:
                break
        else:
            return False
    return True


def _by_cryptg(pq: int) -> int | None:
    factorize: Any = _cryptg()
    if factorize is None:
        return None
    try:
        return int(factorize(pq)[0])
    except BaseException as error:
        # When it does not find them it panics, and that is no Exception.
        if type(error).__module__ != "pyo3_runtime":
            raise
        return None


@cache
def _cryptg() -> Any:
    try:
        return getattr(import_module("cryptg"), "factorize_pq_pair", None)
    except (ImportError, OSError):
        return None


def _divisor(n: int) -> int:
    """A divisor of a composite n, other than 1 and n, by Brent's form of Pollard's rho.

    Raises:
        SecurityError: none was found in the time that the hardest honest number may take.
    """
    for constant in _CONSTANTS:
        divisor = _rho(n, constant)
        if 1 < divisor < n:
            return divisor
    raise _refused()


def _rho(n: int, constant: int) -> int:
    x = y = start = 2
    product = found = 1
    steps = 1
    while found == 1 and steps <= _MAX_STEPS:
        x = y
        for _ in range(steps):
            y = (y * y + constant) % n
        done = 0
        while done < steps and found == 1:
            start = y
            # One gcd for many differences, because it costs as much as dozens of them.
            for _ in range(min(_BATCH, steps - done)):
                y = (y * y + constant) % n
                product = product * (x - y) % n
            found = gcd(product, n)
            done += _BATCH
        steps *= 2
    if found == n:
        # Both primes fell into the same batch: go through it again one by one.
        found = 1
        while found == 1:
            start = (start * start + constant) % n
            found = gcd(x - start, n)
    return found
