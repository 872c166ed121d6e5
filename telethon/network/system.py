"""The real world, handed to the protocol core: the machine's clock and its random bytes.

Everything below this layer takes the time and randomness as arguments. This is where they come from when nobody says
otherwise; a test passes its own instead.
"""

from __future__ import annotations

from asyncio import get_running_loop
from typing import TYPE_CHECKING

from telethon._core.clock import Clock, Instant, SystemClock
from telethon._core.rand import RandomBytes, system_random

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop

__all__ = ["CLOCK", "RANDOM", "RunningClock", "clock_of"]

CLOCK: Clock = SystemClock()
"""The clock of the machine."""

RANDOM: RandomBytes = system_random
"""Random bytes of the operating system."""


def clock_of(loop: AbstractEventLoop) -> Clock:
    """The clock that goes with a loop's timers: its own one when it has a `clock`, else that of the machine.

    Loops whose time is not that of the machine, for tests, have one.
    """
    own: Clock = getattr(loop, "clock", CLOCK)
    return own


class RunningClock:
    """The clock that goes with whichever loop runs, for what is made before any does."""

    def now(self) -> Instant:
        """This moment."""
        try:
            loop = get_running_loop()
        except RuntimeError:
            return CLOCK.now()
        # As `clock_of` does; this is asked for every request.
        own: Clock = getattr(loop, "clock", CLOCK)
        return own.now()
