"""Randomness as a value: the one place that asks the operating system for random bytes."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TypeAlias

__all__ = ["RandomBytes", "random_long", "system_random"]

RandomBytes: TypeAlias = Callable[[int], bytes]
"""A function that gives the number of random bytes it is asked for."""


def system_random(count: int) -> bytes:
    """`count` bytes from the operating system's generator."""
    return os.urandom(count)


def random_long(rand: RandomBytes = system_random) -> int:
    """A random signed 64-bit integer, as `random_id` parameters want it."""
    return int.from_bytes(rand(8), "little", signed=True)
