"""Keeping several parts of a file on the way at once, and taking their results in order.

One part at a time leaves the connection idle for a round trip after each. A few at a time do not, and need only as
much memory as those few parts.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from types import TracebackType

_T = TypeVar("_T")

#: Parts on the way at once.
WINDOW: Final = 4


class InOrder(Generic[_T]):
    """Coroutines that run at once, whose results are taken in the order in which they were started.

    Leaving the ``async with`` block cancels those that still run, and waits until they have ended.

    Args:
        size: how many may run at once.
    """

    def __init__(self, size: int = WINDOW) -> None:
        self._size = size
        self._tasks: deque[asyncio.Task[_T]] = deque()

    def __len__(self) -> int:
        return len(self._tasks)

    @property
    def is_full(self) -> bool:
        """Whether a result has to be taken before another one is started."""
        return len(self._tasks) >= self._size

    def start(self, work: Coroutine[Any, Any, _T]) -> None:
        """Start one more."""
        task = asyncio.get_running_loop().create_task(work)
        task.add_done_callback(_mark_retrieved)
        self._tasks.append(task)

    async def take(self) -> _T:
        """The result of the oldest one, once it is there."""
        task = self._tasks[0]
        try:
            return await task
        finally:
            # A caller that was cancelled meanwhile still finds it here when it closes.
            if task.done() and self._tasks and self._tasks[0] is task:
                self._tasks.popleft()

    async def close(self) -> None:
        """Cancel all that still run, and wait for their end."""
        tasks = list(self._tasks)
        self._tasks.clear()
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.gather(*tasks, return_exceptions=True)

    async def __aenter__(self) -> InOrder[_T]:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()


def _mark_retrieved(task: asyncio.Task[Any]) -> None:
    """Look at the error of a task, so that one nobody waits for any more is not reported as lost."""
    if not task.cancelled():
        task.exception()
