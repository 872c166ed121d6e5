"""Time as a value.

The protocol core never asks the system for the time: it is handed an `Instant`. This module holds that value,
the interface that produces it, the system's clock and one that a test moves by hand.
"""

from __future__ import annotations

from contextlib import contextmanager
from time import monotonic, time
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Generator

__all__ = ["Clock", "Instant", "ManualClock", "SystemClock", "stand_in", "wall_time"]

_new: Any = tuple.__new__  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]


class Instant(NamedTuple):
    """One moment, read from both clocks at once.

    Attributes:
        wall: Unix time in seconds; it may jump when the system's clock is set.
        mono: seconds since an arbitrary point; it never goes back, so every timer uses it.
    """

    wall: float
    mono: float


class Clock(Protocol):
    """Anything that can say what time it is."""

    def now(self) -> Instant:
        """The current moment."""
        ...


class SystemClock:
    """The clock of the machine."""

    def now(self) -> Instant:
        """The current moment, from the system's wall and monotonic clocks."""
        # Every packet asks several times; a named tuple that makes itself takes twice as long.
        moment: Instant = _new(Instant, (time(), monotonic()))
        return moment


class ManualClock:
    """A clock that stands still until it is moved.

    Args:
        wall: Unix time in seconds at which it starts.
        mono: monotonic seconds at which it starts.
    """

    def __init__(self, wall: float = 1_700_000_000.0, mono: float = 1_000.0) -> None:
        self._now = Instant(wall, mono)

    def now(self) -> Instant:
        """The moment this clock was last moved to."""
        return self._now

    def advance(self, seconds: float) -> Instant:
        """Let `seconds` pass on both clocks and give the new moment."""
        if seconds < 0:
            raise ValueError("a clock cannot be advanced by a negative time; use jump() for the wall clock")
        self._now = Instant(self._now.wall + seconds, self._now.mono + seconds)
        return self._now

    def jump(self, seconds: float) -> Instant:
        """Set the wall clock forward or back by `seconds`; no monotonic time passes."""
        self._now = Instant(self._now.wall + seconds, self._now.mono)
        return self._now


_stand_ins: list[Clock] = [SystemClock()]


def wall_time() -> float:
    """Unix time in seconds, for what nobody can hand a clock: dates that are told as spans from now.

    It is that of the machine, unless a loop with another time runs.
    """
    return _stand_ins[-1].now().wall


@contextmanager
def stand_in(clock: Clock) -> Generator[None, None, None]:
    """Let a clock be the one of `wall_time` within a `with` block.

    Args:
        clock: the clock, such as that of a loop with virtual time.
    """
    _stand_ins.append(clock)
    try:
        yield
    finally:
        _stand_ins.remove(clock)
