"""Powers modulo a large number, in steps that let other threads in between.

`pow` does not let go of the interpreter before it is done, which takes 15 to 30 ms for the numbers of a key exchange or
a password check. Doing that in a thread helps nobody: the event loop stands still for so long all the same.
"""

from __future__ import annotations

__all__ = ["power"]

_WINDOW = 5
"""Bits of the exponent in one step; with that many a step takes a twentieth of a millisecond."""

_UP = 1 << _WINDOW
_SHORT = 1 << 256
"""Exponents below this are over in the time of some steps."""


def power(base: int, exponent: int, modulus: int) -> int:
    """As ``pow(base, exponent, modulus)``, in about the same time altogether."""
    if exponent < _SHORT:
        return pow(base, exponent, modulus)
    powers = [1]
    for _ in range(_UP - 1):
        powers.append(powers[-1] * base % modulus)
    result = 1
    # From the greatest bits down: what is there already moves up by one step, and the next digit joins it.
    for shift in range((exponent.bit_length() - 1) // _WINDOW * _WINDOW, -1, -_WINDOW):
        result = pow(result, _UP, modulus) * powers[exponent >> shift & _UP - 1] % modulus
    return result
