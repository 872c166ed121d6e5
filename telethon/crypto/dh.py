"""Checks of Diffie-Hellman parameters, for the key exchange and for passwords.

A group that the other side chose well-meaning or not is only used when p is a safe prime of 2048 bits, and g creates
the subgroup of prime order (p - 1) / 2. Otherwise the secret could be computed from what went over the wire.

Source: https://core.telegram.org/mtproto/auth_key#dh-key-exchange-complete
Source: https://core.telegram.org/mtproto/security_guidelines#validation-of-diffie-hellman-parameters
"""

from __future__ import annotations

from functools import lru_cache

from telethon._core.rand import RandomBytes, system_random
from telethon.crypto.powers import power
from telethon.errors.common import SecurityError

__all__ = ["KNOWN_PRIME", "check_group", "check_public", "is_generator", "is_safe_prime"]

KNOWN_PRIME = int(
    "c71caeb9c6b1c9048e6c522f70f13f73980d40238e3e21c14934d037563d930f48198a0aa7c14058229493d22530f4db"
    "fa336f6e0ac925139543aed44cce7c3720fd51f69458705ac68cd4fe6b6b13abdc9746512969328454f18faf8c595f64"
    "2477fe96bb2a941d5bcd1d4ac8cc49880708fa9b378e3c4f3a9060bee67cf9a4a4a695811051907e162753b56b0f6b41"
    "0dba74d8a84b2a14b3144e0ef1284754fd17ed950d5965b4b9dd46582db1178d169c6bc465b0d6ff9ca3928fef5b9ae4"
    "e418fc15e83ebea0f87fa9ff5eed70050ded2849f47bf959d956850ce929851f0d8115f635b105ee2e4e15d04b2454bf"
    "6f4fadf034b10403119cd8e3b92fcc5b",
    16,
)
"""The prime that the servers use; every other one has to be proven first."""

_BITS = 2048
_MARGIN = 1 << (_BITS - 64)
_ROUNDS = 32

# g creates the subgroup of quadratic residues when p leaves one of these remainders: (divisor, remainders).
_RESIDUES: dict[int, tuple[int, frozenset[int]]] = {
    2: (8, frozenset((7,))),
    3: (3, frozenset((2,))),
    4: (1, frozenset((0,))),
    5: (5, frozenset((1, 4))),
    6: (24, frozenset((19, 23))),
    7: (7, frozenset((3, 5, 6))),
}

_SMALL_PRIMES = tuple(n for n in range(3, 1000, 2) if all(n % d for d in range(3, 32, 2) if d < n))


def check_group(p: int, g: int) -> None:
    """Refuse a group that is not safe to compute a secret in.

    Args:
        p: the prime.
        g: the generator.

    Raises:
        SecurityError: p is not a safe prime of 2048 bits, or g does not create the right subgroup of it.
    """
    if not is_generator(p, g):
        raise SecurityError(f"{g} does not create the right group for this dh_prime; it is not used")
    if p != KNOWN_PRIME and not is_safe_prime(p):
        raise SecurityError(f"the dh_prime is not a safe prime of {_BITS} bits; it is not used")


def check_public(value: int, p: int, name: str) -> None:
    """Refuse a public value of either side from which too much could be guessed.

    Args:
        value: g_a or g_b.
        p: the prime, already checked.
        name: what it is called, for the message of the error.

    Raises:
        SecurityError: it is not between 2^1984 and p - 2^1984.
    """
    if not _MARGIN <= value <= p - _MARGIN:
        raise SecurityError(f"{name} is too small or too large; it is not used")


def is_generator(p: int, g: int) -> bool:
    """Whether g is one of 2 to 7 and creates the subgroup of quadratic residues modulo p."""
    divisor, remainders = _RESIDUES.get(g, (1, frozenset[int]()))
    return p % divisor in remainders


@lru_cache(maxsize=16)
def is_safe_prime(p: int, rand: RandomBytes = system_random) -> bool:
    """Whether p and (p - 1) / 2 are primes and p has 2048 bits.

    The answer is remembered. The first time takes about a second for a safe prime, and much less for anything else.

    Args:
        p: any number.
        rand: where the bases of the Miller-Rabin test come from; nobody may foresee them.
    """
    if p.bit_length() != _BITS or p % 4 != 3:
        return False
    q = p >> 1
    if any(p % small == 0 or q % small == 0 for small in _SMALL_PRIMES):
        return False
    # With q prime one base settles p (Pocklington): 2^(2q) = 1 modulo p, and 2^2 - 1 shares no factor with p.
    # A single cheap round for q comes first, so that numbers that are not prime cost next to nothing.
    return (
        _may_be_prime(q, 2) and power(2, p - 1, p) == 1 and all(_may_be_prime(q, _base(rand)) for _ in range(_ROUNDS))
    )


def _base(rand: RandomBytes) -> int:
    # Below q by its size, and the two lowest values are never drawn.
    return (int.from_bytes(rand(_BITS // 8), "big") >> 2) + 2


def _may_be_prime(n: int, base: int) -> bool:
    """One round of Miller-Rabin for an odd n."""
    odd = n - 1
    twos = (odd & -odd).bit_length() - 1
    x = power(base, odd >> twos, n)
    if x in (1, n - 1):
        return True
    for _ in range(twos - 1):
        x = x * x % n
        if x == n - 1:
            return True
    return False
