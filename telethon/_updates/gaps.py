"""One count of events: which come next, which came already, and which wait for others before them.

Every event of a box raises its count by ``pts_count``, and carries the count after it. With *n* known::

    n + pts_count == pts      next: apply it
    n + pts_count >  pts      known already: ignore it
    n + pts_count <  pts      something is missing before it: keep it for half a second, then ask

Source: https://core.telegram.org/api/updates#message-related-event-sequences
"""

from __future__ import annotations

from typing import Generic, TypeVar

from telethon._updates.defs import HELD_LIMIT, POSSIBLE_GAP_TIMEOUT

__all__ = ["Count"]

T = TypeVar("T")


class Count(Generic[T]):
    """A count of events, and the events that came too early.

    Attributes:
        value: the count after the last event that was applied; None when it is not known.
        deadline: when to stop waiting for what is missing; None when nothing is.
        waiting: the events that came too early: the count before, the count after, when it came, and the event.
    """

    __slots__ = ("deadline", "value", "waiting")

    def __init__(self, value: int | None = None) -> None:
        self.value = value
        self.deadline: float | None = None
        self.waiting: list[tuple[int, int, float, T]] = []

    def offer(self, end: int, count: int, event: T, now: float) -> bool | None:
        """Look at an event that has come.

        Args:
            end: the count after it.
            count: by how much it raised the count.
            event: the event.
            now: the current moment.

        Returns:
            True when it is the next one; `release` then gives those that waited for it. False when it was known
            already. None when it has to wait.
        """
        value = self.value
        start = end - count
        if start == value or value is None:
            self.value = end
            return True
        if start < value:
            return False
        self.waiting.append((start, end, now, event))
        if len(self.waiting) > HELD_LIMIT:
            # What is missing is not on its way any more; all of it can be asked for.
            self.waiting.clear()
            self.deadline = now
        elif self.deadline is None:
            self.deadline = now + POSSIBLE_GAP_TIMEOUT
        return None

    def release(self) -> list[tuple[int, T, bool]]:
        """The events that no longer have to wait, in order.

        Returns:
            For each the count after it, the event, and whether its turn has come; else it turned out to be known.
        """
        released: list[tuple[int, T, bool]] = []
        if not self.waiting or self.value is None:
            return released
        # Sorting keeps events with the same counts in the order in which they came.
        self.waiting.sort(key=lambda one: one[:2])
        for start, end, _, event in self.waiting:
            if start > self.value:
                break
            is_due = start == self.value
            if is_due:
                self.value = end
            released.append((end, event, is_due))
        del self.waiting[: len(released)]
        oldest = min((when for _, _, when, _ in self.waiting), default=None)
        self.deadline = None if oldest is None else oldest + POSSIBLE_GAP_TIMEOUT
        return released

    def skip(self) -> int | None:
        """Go to where the first of the events begins that wait: what is missing before it will not come.

        Returns:
            How much is missing; None when nothing waits.
        """
        if not self.waiting:
            self.deadline = None
            return None
        first = min(start for start, _, _, _ in self.waiting)
        missing = 0 if self.value is None else first - self.value
        self.value = first
        return missing

    def forward(self, value: int) -> None:
        """Go to a count that was learnt otherwise; events that are kept stay until they are released."""
        self.value = value
