"""When to try again to connect: the pauses between attempts, as plain numbers.

A finite number of tries keeps the pause that the program asked for. When the tries never end, the pause doubles up to
a ceiling, so that thousands of clients do not knock at a server that is down twice a second. Either way a random part
is added, or all clients that lost the same server would come back in the same moment.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from telethon._core.rand import RandomBytes
from telethon.errors.common import AuthKeyNotFound, InvalidBufferError, SecurityError

__all__ = ["ReconnectPolicy", "Redial"]

_KEY_UNKNOWN = 404
_TOO_MANY = 429
_WRONG_DC = 444

_BUSY_PAUSE = 20.0
"""Seconds to stay away after the server said that there are too many connections."""

_DOUBT_PAUSE = 30.0
"""Seconds between tries after the server said again that it does not know the key."""

_DOUBT_TIMES = 3
_DOUBT_SECONDS = 60.0
"""How often, and for how long, the server has to say so before it is believed: anybody on the wire can say it."""

_MAX_KEY_FAULTS = 2
"""How many key exchanges may break a rule of security before it is taken to be no accident."""


class ReconnectPolicy(NamedTuple):
    """How often, and how fast, to try.

    Attributes:
        retries: tries after the first; None or a negative number for no end.
        delay: seconds between tries; the first pause when they never end.
        ceiling: seconds that a growing pause reaches at most.
        jitter: up to which share of the pause is added at random.
        floor: seconds between tries that never end, even when `delay` is less.
    """

    retries: int | None = 5
    delay: float = 1.0
    ceiling: float = 30.0
    jitter: float = 0.25
    floor: float = 0.5

    @property
    def endless(self) -> bool:
        """Whether it never gives up."""
        return self.retries is None or self.retries < 0

    def attempts(self, rand: RandomBytes) -> Iterator[float]:
        """For each attempt, the seconds to wait before it; the first begins at once.

        Args:
            rand: where the random part comes from.
        """
        yield 0.0
        if self.retries is None or self.retries < 0:
            pause = max(self.delay, self.floor)
            while True:
                yield self._spread(pause, rand)
                pause = min(pause * 2, max(self.ceiling, self.delay))
        for _ in range(self.retries):
            yield self._spread(self.delay, rand)

    def _spread(self, pause: float, rand: RandomBytes) -> float:
        return pause * (1 + self.jitter * int.from_bytes(rand(2), "little") / 0xFFFF)


class Redial:
    """What became of the tries so far, and what follows from it for the next one.

    A connection that breaks before the server has said anything of worth continues the row of failed tries, or a
    server that accepts and hangs up would be called without a pause.

    Args:
        policy: how often, and how fast, to try.
        rand: where the random part of pauses comes from.
    """

    def __init__(self, policy: ReconnectPolicy, rand: RandomBytes) -> None:
        self._policy = policy
        self._rand = rand
        self._pauses = policy.attempts(rand)
        self._floor = 0.0
        self._doubts = 0
        self._doubted_at = 0.0
        self._key_faults = 0

    @property
    def retries(self) -> int | None:
        """How many tries there are after the first; None for no end."""
        return None if self._policy.endless else self._policy.retries

    def next_pause(self) -> float | None:
        """Seconds to wait before the next try; None when there is to be none."""
        pause = next(self._pauses, None)
        floor, self._floor = self._floor, 0.0
        return None if pause is None else max(pause, floor)

    def proven(self) -> None:
        """The server said something that only it can say: all is well."""
        self.lasted()
        self._doubts = self._key_faults = 0

    def lasted(self) -> None:
        """The connection held for a good while; when it breaks, that is not one of a row of failed tries."""
        self._pauses = self._policy.attempts(self._rand)

    def failed(self, error: BaseException, mono: float) -> BaseException | None:
        """Learn from a failed try.

        Args:
            error: why it failed; `AuthKeyNotFound` when the server says so, which is believed only after a while.
            mono: monotonic seconds.

        Returns:
            What to give up with, or None when there may be another try.
        """
        if isinstance(error, AuthKeyNotFound):
            return self._doubt(error, mono)
        if isinstance(error, InvalidBufferError) and error.code is not None:
            if error.code == _WRONG_DC:
                wrong = ConnectionError(
                    "The server says that this is not the data centre that was asked for (error 444)"
                )
                wrong.__cause__ = error
                return wrong
            if error.code == _TOO_MANY:
                self._floor = _BUSY_PAUSE
        elif isinstance(error, SecurityError):
            self._key_faults += 1
            if self._key_faults >= _MAX_KEY_FAULTS:
                return error
        return None

    def _doubt(self, error: AuthKeyNotFound, mono: float) -> AuthKeyNotFound | None:
        if not self._doubts:
            self._doubted_at = mono
        self._doubts += 1
        if self._doubts >= _DOUBT_TIMES and mono - self._doubted_at >= _DOUBT_SECONDS:
            return error
        # These tries have a rhythm and an end of their own.
        self.lasted()
        if self._doubts > 1:
            self._floor = _DOUBT_PAUSE
        return None
