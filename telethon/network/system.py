"""The real world, handed to the protocol core: the machine's clock and its random bytes.

Everything below this layer takes the time and randomness as arguments. This is where they come from when nobody says
otherwise; a test passes its own instead.
"""

from __future__ import annotations

from telethon._core.clock import Clock, SystemClock
from telethon._core.rand import RandomBytes, system_random

__all__ = ["CLOCK", "RANDOM"]

CLOCK: Clock = SystemClock()
"""The clock of the machine."""

RANDOM: RandomBytes = system_random
"""Random bytes of the operating system."""
