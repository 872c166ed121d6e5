"""Time that passes when a test says so.

Two ways, for two kinds of tests:

* `ManualClock` stands still until it is moved; the server's own timers fire when it is. Use it where only the server's
  idea of the time matters.
* `VirtualTimeLoop` is an event loop whose time jumps to the next timer whenever nothing else is left to do. Hours pass
  in milliseconds, for the client as well as for the server. `run_virtual` runs a coroutine in one.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Coroutine, Generator
from contextlib import contextmanager
from heapq import heappop, heappush
from typing import Any, Protocol, TypeVar

from telethon._core import clock as _clock
from telethon._core.clock import Clock, Instant, SystemClock, stand_in

__all__ = ["LoopClock", "ManualClock", "Timer", "TimerClock", "VirtualTimeLoop", "run_virtual"]

T = TypeVar("T")

_START = 1_700_000_000.0
_SETTLE = 0.001
"""Real seconds that bytes on their way through a socket get before time jumps."""

_WORKING = 0.02
"""Real seconds between two looks at the clock while a thread works."""


class Timer(Protocol):
    """Something that will happen unless it is cancelled."""

    def cancel(self) -> None:
        """Do not let it happen."""
        ...


class TimerClock(Clock, Protocol):
    """A clock that also knows when to call back."""

    def call_later(self, delay: float, callback: Callable[[], object]) -> Timer:
        """Call back when `delay` seconds have passed."""
        ...


class _ManualTimer:
    __slots__ = ("callback",)

    def __init__(self, callback: Callable[[], object]) -> None:
        self.callback: Callable[[], object] | None = callback

    def cancel(self) -> None:
        """Do not let it happen."""
        self.callback = None


class ManualClock(_clock.ManualClock):
    """A clock that stands still until it is moved, and then does what has become due.

    Args:
        wall: Unix time in seconds at which it starts.
        mono: monotonic seconds at which it starts.

    Example:
        ```python
        clock = ManualClock()
        server = TelegramServerCore(handler, clock=clock)
        clock.advance(3600)
        ```
    """

    def __init__(self, wall: float = _START, mono: float = 1_000.0) -> None:
        super().__init__(wall, mono)
        self._timers: list[tuple[float, int, _ManualTimer]] = []
        self._count = 0

    def call_later(self, delay: float, callback: Callable[[], object]) -> Timer:
        """Call back once the clock was moved by `delay` seconds."""
        timer = _ManualTimer(callback)
        self._count += 1
        heappush(self._timers, (self.now().mono + max(0.0, delay), self._count, timer))
        return timer

    def advance(self, seconds: float) -> Instant:
        """Let `seconds` pass; timers fire in order, each at its own moment."""
        if seconds < 0:
            return super().advance(seconds)
        until = self.now().mono + seconds
        timers = self._timers
        while timers and timers[0][0] <= until:
            due, _, timer = heappop(timers)
            super().advance(max(0.0, due - self.now().mono))
            if timer.callback is not None:
                timer.callback()
        return super().advance(max(0.0, until - self.now().mono))


class LoopClock:
    """A clock that follows the time of an event loop.

    Args:
        loop: the loop; its time becomes the monotonic clock.
        wall: Unix time in seconds that it shows now.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, wall: float = _START) -> None:
        self._loop = loop
        self._offset = wall - loop.time()

    def now(self) -> Instant:
        """The current moment of the loop."""
        mono = self._loop.time()
        return Instant(mono + self._offset, mono)

    def call_later(self, delay: float, callback: Callable[[], object]) -> Timer:
        """Call back when the loop is `delay` seconds further."""
        return self._loop.call_later(delay, callback)

    def jump(self, seconds: float) -> Instant:
        """Set the wall clock forward or back by `seconds`; no monotonic time passes."""
        self._offset += seconds
        return self.now()


class SystemTimerClock(SystemClock):
    """The clock of the machine, with the timers of the running event loop."""

    def call_later(self, delay: float, callback: Callable[[], object]) -> Timer:
        """Call back after `delay` seconds."""
        return asyncio.get_running_loop().call_later(delay, callback)


def timer_clock(clock: Clock | None) -> TimerClock:
    """A clock with timers: the given one, or that of a virtual loop when it is the running one, or the machine's."""
    if clock is None:
        loop = asyncio.get_running_loop()
        return loop.clock if isinstance(loop, VirtualTimeLoop) else SystemTimerClock()
    if not hasattr(clock, "call_later"):
        return _WithLoopTimers(clock)
    timers: Any = clock
    found: TimerClock = timers
    return found


class _WithLoopTimers:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def now(self) -> Instant:
        """As the clock says."""
        return self._clock.now()

    def call_later(self, delay: float, callback: Callable[[], object]) -> Timer:
        """Call back after `delay` seconds of the running loop."""
        return asyncio.get_running_loop().call_later(delay, callback)


class _JumpingSelector(selectors.DefaultSelector):
    """Waits for sockets; where there is nothing to wait for, time jumps instead."""

    def __init__(self) -> None:
        super().__init__()
        self.loop: VirtualTimeLoop | None = None

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """As any selector, but a timeout passes at once."""
        loop = self.loop
        if loop is None or timeout is None or timeout <= 0:
            return super().select(timeout)
        events = super().select(0)
        if events:
            return events
        if loop.holds:
            return super().select(min(timeout, _WORKING))
        # Every loop has one socket to wake itself; only with more of them something can be on its way.
        if len(self.get_map()) > 1:
            events = super().select(_SETTLE)
            if events or loop.holds:
                return events
        loop.skip(timeout)
        return []


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    """An event loop whose time jumps to the next timer when nothing else is left to do.

    Sockets of this process work as always. Time stands still while a function runs in an executor, and within `held`,
    which is for work of other threads and processes that the loop cannot see.

    Args:
        wall: Unix time in seconds at which its clock starts.

    Attributes:
        clock: the clock that follows this loop; give it to whatever takes one.
        holds: how many reasons there are for time to stand still.

    Example:
        ```python
        async def main():
            await asyncio.sleep(3600)

        run_virtual(main())   # takes no time
        ```
    """

    def __init__(self, wall: float = _START) -> None:
        self._virtual = 1_000.0
        self.holds = 0
        selector = _JumpingSelector()
        super().__init__(selector)
        selector.loop = self
        self.clock = LoopClock(self, wall)

    def time(self) -> float:
        """The virtual time in seconds."""
        return self._virtual

    def run_forever(self) -> None:
        """As any loop; spans from now, as in ``schedule=timedelta(hours=1)``, count from its time meanwhile."""
        with stand_in(self.clock):
            super().run_forever()

    def skip(self, seconds: float) -> None:
        """Let time pass at once.

        Args:
            seconds: how many.
        """
        self._virtual += seconds

    @contextmanager
    def held(self) -> Generator[None, None, None]:
        """Let time stand still within a `with` block."""
        self.holds += 1
        try:
            yield
        finally:
            self.holds -= 1

    def run_in_executor(  # type: ignore[override]  # what it gives on depends on the arguments of the function
        self, executor: Any, func: Callable[..., T], *args: Any
    ) -> asyncio.Future[T]:
        """As any loop; time stands still until the function returns."""
        future = super().run_in_executor(executor, func, *args)
        self.holds += 1
        future.add_done_callback(self._release)
        return future

    def _release(self, _: object) -> None:
        self.holds -= 1


def run_virtual(main: Coroutine[Any, Any, T], *, wall: float = _START) -> T:
    """Run a coroutine in a `VirtualTimeLoop` of its own and give its result.

    Args:
        main: the coroutine.
        wall: Unix time in seconds at which the clock of the loop starts.
    """
    loop = VirtualTimeLoop(wall)
    try:
        return loop.run_until_complete(main)
    finally:
        try:
            tasks = asyncio.all_tasks(loop)
            for task in tasks:
                task.cancel()
            if tasks:
                loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
            loop.run_until_complete(loop.shutdown_asyncgens())
            loop.run_until_complete(loop.shutdown_default_executor())
        finally:
            loop.close()
