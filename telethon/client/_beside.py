"""What is done beside the wheel of updates, which must not stand still: tasks that report to it when they end."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, TypeAlias

__all__ = ["Beside", "Report", "error_of", "now_of"]

Report: TypeAlias = Callable[["asyncio.Task[Any]", float], None]
"""Called with a task that has ended, however it did, and the time."""


class Beside:
    """Tasks, and the reports of those that have ended.

    Args:
        wake: called when there is a report.

    Attributes:
        wake: as above.
        tasks: the tasks that run.
    """

    def __init__(self, wake: Callable[[], None]) -> None:
        self.wake = wake
        self.tasks: set[asyncio.Task[Any]] = set()
        self._reports: deque[Callable[[float], None]] = deque()

    @property
    def has_reports(self) -> bool:
        """Whether `take_reports` has something to do."""
        return bool(self._reports)

    def spawn(self, work: Callable[[], Awaitable[Any]], report: Report | None = None) -> asyncio.Task[Any]:
        """Do something, and report at the end.

        Args:
            work: gives what to do.
            report: called by `take_reports` with the finished task and the time.
        """
        task: asyncio.Task[Any] = asyncio.get_running_loop().create_task(_whole(work))
        self.tasks.add(task)

        def on_done(task: asyncio.Task[Any]) -> None:
            self.tasks.discard(task)
            # It counts as seen, also when nobody takes reports any more.
            error_of(task)
            if report is not None:
                self._reports.append(partial(report, task))
                self.wake()

        task.add_done_callback(on_done)
        return task

    def take_reports(self, now: float) -> None:
        """Hear what the tasks that have ended report.

        Args:
            now: the current moment.
        """
        while self._reports:
            self._reports.popleft()(now)


async def _whole(work: Callable[[], Awaitable[Any]]) -> Any:
    # Called in here, because what is cancelled before it begins would be a coroutine that nobody awaits.
    return await work()


def error_of(task: asyncio.Task[Any]) -> BaseException | None:
    """Why a task that has ended has failed; None when it has not."""
    if task.cancelled():
        return asyncio.CancelledError()
    return task.exception()


def now_of() -> float:
    """The time by which timers go: that of the loop, which tests may let pass as they like."""
    return asyncio.get_running_loop().time()
