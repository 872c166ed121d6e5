"""The queue between the connection and whoever follows updates."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from typing import Any, Final

__all__ = ["UpdateQueue"]

#: How many containers of updates may wait. The connection throws further ones away and then says that there were some:
#: what they told is asked for when there is time for it, which takes less memory than to keep it.
LIMIT: Final = 5_000


class UpdateQueue(asyncio.Queue[Any]):
    """A bounded queue that tells when something was put into it.

    Attributes:
        on_put: called each time, if it is not None.
    """

    on_put: Callable[[], None] | None = None

    def __init__(self) -> None:
        super().__init__(LIMIT)
        self._queue: deque[Any]
        #: When each container came, as the event loop counts.
        self._times: deque[float] = deque()

    @property
    def since(self) -> float | None:
        """When the container came whose turn is next; None when there is none."""
        return self._times[0] if self._times else None

    # Every update passes through these two, so that they do what those of the base class do without asking them.

    def _get(self) -> Any:
        self._times.popleft()
        return self._queue.popleft()

    def _put(self, item: Any) -> None:
        self._queue.append(item)
        self._times.append(_now())
        if self.on_put is not None:
            self.on_put()


def _now() -> float:
    try:
        return asyncio.get_running_loop().time()
    except RuntimeError:
        # By this the time of a loop goes, unless somebody has made one that is otherwise.
        return time.monotonic()
