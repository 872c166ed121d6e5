"""When bytes arrive: late, slowly, in small pieces, or many at once. What goes in first comes out first."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from telethon.testing.chaos.conditions import Conditions
    from telethon.testing.clock import Timer, TimerClock

__all__ = ["Wire"]


class Wire:
    """Bytes on their way in one direction.

    Args:
        conditions: how fast it goes.
        rand: decides about jitter and pieces.
        clock: when that is.
        deliver: takes what arrives.
        on_room: called when something has arrived.

    Attributes:
        waiting: how many bytes are on their way.
    """

    def __init__(
        self,
        conditions: Conditions,
        rand: Random,
        clock: TimerClock,
        deliver: Callable[[bytes], None],
        on_room: Callable[[], None],
    ) -> None:
        self.waiting = 0
        self._conditions = conditions
        self._rand = rand
        self._clock = clock
        self._deliver = deliver
        self._on_room = on_room
        self._queue: deque[tuple[float, bytes, Callable[[], None] | None]] = deque()
        self._last_due = float("-inf")
        self._free_at = 0.0
        self._timer: Timer | None = None
        self._turn: asyncio.Handle | None = None

    def put(self, data: bytes) -> None:
        """Send bytes."""
        split = self._conditions.split
        if not split:
            self._put(data, None)
        position = 0
        while split and position < len(data):
            size = self._rand.randint(1, split)
            self._put(data[position : position + size], None)
            position += size
        self._pump()

    def then(self, action: Callable[[], None]) -> None:
        """Do something when everything before has arrived."""
        self._put(b"", action)
        self._pump()

    def clear(self) -> None:
        """Forget everything that is on its way."""
        self._queue.clear()
        self.waiting = 0
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._turn is not None:
            self._turn.cancel()
            self._turn = None

    def _put(self, data: bytes, action: Callable[[], None] | None) -> None:
        conditions = self._conditions
        now = self._clock.now().mono
        due = now + conditions.latency
        if conditions.jitter:
            due += conditions.jitter * self._rand.random()
        if conditions.bandwidth:
            self._free_at = max(self._free_at, now) + len(data) / conditions.bandwidth
            due = max(due, self._free_at + conditions.latency)
        if conditions.coalesce and due > self._last_due:
            due += conditions.coalesce
        self._last_due = due = max(due, self._last_due)
        self._queue.append((due, data, action))
        self.waiting += len(data)

    def _pump(self) -> None:
        if self._turn is not None:
            return
        while self._queue and self._turn is None:
            now = self._clock.now().mono
            if self._queue[0][0] > now:
                self._wait(self._queue[0][0] - now)
                return
            self._arrive(now)

    def _arrive(self, now: float) -> None:
        """Let arrive what is due, up to the next action; when there are pieces, only one of them."""
        queue = self._queue
        parts: list[bytes] = []
        action = None
        while queue and queue[0][0] <= now and action is None:
            _, data, action = queue.popleft()
            parts.append(data)
            if self._conditions.split and data:
                # The next piece goes in the next turn of the loop, so that the receiver sees both.
                self._turn = asyncio.get_running_loop().call_soon(self._next_turn)
                break
        data = b"".join(parts)
        self.waiting -= len(data)
        if data:
            self._deliver(data)
        if action is not None:
            action()
        self._on_room()

    def _wait(self, seconds: float) -> None:
        if self._timer is None:
            self._timer = self._clock.call_later(seconds, self._on_timer)

    def _on_timer(self) -> None:
        self._timer = None
        self._pump()

    def _next_turn(self) -> None:
        self._turn = None
        self._pump()
