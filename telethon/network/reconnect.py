"""When to try again to connect: the pauses between attempts, as plain numbers.

A finite number of tries keeps the pause that the program asked for. When the tries never end, the pause doubles up to
a ceiling, so that thousands of clients do not knock at a server that is down twice a second. Either way a random part
is added, or all clients that lost the same server would come back in the same moment.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from telethon._core.rand import RandomBytes

__all__ = ["ReconnectPolicy"]


@dataclass(frozen=True)
class ReconnectPolicy:
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
