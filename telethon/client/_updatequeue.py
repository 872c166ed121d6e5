"""The queue between the connection and whoever follows updates."""

from __future__ import annotations

import asyncio
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

    def _put(self, item: Any) -> None:
        super()._put(item)
        if self.on_put is not None:
            self.on_put()
