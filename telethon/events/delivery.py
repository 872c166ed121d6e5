"""The way of one update through the handlers, when updates shall survive a crash."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast, overload

if TYPE_CHECKING:
    import sqlite3

__all__ = ["Delivery", "delivery_of"]

_T = TypeVar("_T")


class _Journal(Protocol):
    """What notes which updates are finished."""

    def finished(self, delivery: Delivery) -> None: ...

    def abandoned(self, delivery: Delivery) -> None: ...

    async def acknowledge(self, delivery: Delivery, effect: Callable[[Any], Any] | None) -> Any: ...


class Delivery:
    """How an update was handed to the handlers of a client with ``durable_updates=True``.

    Args:
        journal: what notes which updates are finished.
        id: see below.
        is_redelivered: see below.

    Attributes:
        id: a number that no other update of the session has; it is the same when the update is delivered again.
        is_redelivered: whether handlers may have begun with the update before, in a run that ended too early.
        is_acknowledged: whether the update is finished, so that it is not delivered again.
    """

    __slots__ = ("_is_abandoned", "_journal", "_pending", "id", "is_acknowledged", "is_redelivered", "written")

    def __init__(self, journal: _Journal, id: int, is_redelivered: bool = False) -> None:
        self._journal = journal
        self.id = id
        self.is_redelivered = is_redelivered
        self.is_acknowledged = False
        #: How many tasks work on it; it is finished with the last one.
        self._pending = 0
        self._is_abandoned = False
        #: What to wait for before the first handler may begin.
        self.written: Awaitable[None] | None = None

    def __repr__(self) -> str:
        return f"Delivery(id={self.id}, is_redelivered={self.is_redelivered}, is_acknowledged={self.is_acknowledged})"

    @overload
    async def acknowledge(self) -> None: ...

    @overload
    async def acknowledge(self, effect: Callable[[sqlite3.Connection], _T]) -> _T: ...

    async def acknowledge(self, effect: Callable[[Any], Any] | None = None) -> Any:
        """Finish the update now, and not when its handlers have returned.

        Args:
            effect: a plain function that is called with the connection to the session's database; what it writes there
                and that the update is finished are committed together, or neither of them is. It must not commit.

        Returns:
            What *effect* gave.

        Raises:
            SessionFileError: the file of the session could not be written.
            TypeError: *effect* is a coroutine function.
            RuntimeError: *effect* has committed, or the update was acknowledged before.

        Example:
            >>> def count(connection):
            ...     connection.execute("update counters set value = value + 1")
            >>> await event.acknowledge(count)
        """
        if self.is_acknowledged:
            if effect is None:
                return None
            raise RuntimeError(
                "This update was acknowledged before, so that nothing can be committed together with that any more"
            )
        result = await self._journal.acknowledge(self, effect)
        self.is_acknowledged = True
        return result

    # -- for the client ----------------------------------------------------------------------------------------------

    @property
    def is_held(self) -> bool:
        """Whether a task works on it."""
        return self._pending > 0

    def hold_for(self, task: asyncio.Task[Any]) -> None:
        """A task works on it: when it comes to its end, the update is finished; when it is cancelled, it is not."""
        self._pending += 1
        task.add_done_callback(self._on_done)

    def _on_done(self, task: asyncio.Task[Any]) -> None:
        self._pending -= 1
        if task.cancelled() or task.exception() is not None:
            self._is_abandoned = True
        if self._pending or self.is_acknowledged:
            return
        if self._is_abandoned:
            self._journal.abandoned(self)
        else:
            self.is_acknowledged = True
            self._journal.finished(self)


def delivery_of(event: Any) -> Delivery | None:
    """How an event, or a raw update, was delivered; None without ``durable_updates=True``.

    Args:
        event: what a handler got.

    Example:
        >>> @client.on(events.Raw)
        ... async def handler(update):
        ...     delivery = events.delivery_of(update)
        ...     if delivery is not None and delivery.is_redelivered:
        ...         print("again:", delivery.id)
    """
    update = getattr(event, "original_update", None) or event
    return cast("Delivery | None", getattr(update, "_delivery", None))
