"""How a client is doing: what `client.health()` gives, and what is told when the connection changes."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    import logging

__all__ = ["ConnectionChange", "Connections", "Health", "LinkState"]

LinkState: TypeAlias = Literal["connected", "lost", "reconnected", "disconnected"]
"""What has become of a connection: made, lost without being asked to, made again, ended for good."""

#: Seconds without a connection, without writing the state, or before an update is handled, that are too many.
_LONG_WITHOUT: Final = 30.0
_LONG_UNSAVED: Final = 10.0
_LONG_LAG: Final = 5.0


class ConnectionChange(NamedTuple):
    """What `client.on_connection_change` tells.

    Attributes:
        state: ``"connected"``, ``"lost"`` (it will be made again), ``"reconnected"``, or ``"disconnected"`` for good.
        error: why it was lost or ended; None when it was the program's wish, or when it was made.
        seconds: how long the state before had lasted.
    """

    state: LinkState
    error: BaseException | None
    seconds: float


class Health(NamedTuple):
    """How a client is doing at a moment. All times are in seconds.

    Attributes:
        connection: what last became of the connection, as in `ConnectionChange`.
        connection_age: for how long that has been so.
        reconnections: how often a lost connection was made again.
        last_update: how long ago the last update came; None when none has.
        lag: how long the update whose handlers begin next has been waiting; 0 when none waits.
        worst_lag: the longest that one has waited so far.
        delay: how old the newest update was, by the clock of Telegram, when it came: what the way takes, to a second.
            None when none has come.
        queued: how many containers of updates wait to be looked at.
        in_line: how many updates wait for the handlers of the one before them, with ``sequential_updates=True``.
        running: how many updates have handlers that run.
        unfinished: how many updates would be delivered again after a crash; None without ``durable_updates=True``.
        received: how many containers of updates came.
        handed_out: how many updates were given to handlers.
        redelivered: how many of them were delivered again, because an earlier run did not finish them.
        questions: how often Telegram was asked for what was missing.
        failed_questions: how often that failed.
        missed: how many events Telegram did not tell any more, at least.
        floods: how often more updates came than fit, so that the rest was fetched later.
        stalls: how often Telegram had stopped to send updates over a connection that was alive.
        unsaved: for how long something has been waiting to be written to the session; 0 when nothing has.
        problems: what is wrong now, in words, and what to do; empty when all is well.

    Example:
        >>> health = client.health()
        >>> if not health.is_well:
        ...     print(*health.problems, sep="\\n")
    """

    connection: LinkState
    connection_age: float
    reconnections: int
    last_update: float | None
    lag: float
    worst_lag: float
    delay: float | None
    queued: int
    in_line: int
    running: int
    unfinished: int | None
    received: int
    handed_out: int
    redelivered: int
    questions: int
    failed_questions: int
    missed: int
    floods: int
    stalls: int
    unsaved: float
    problems: tuple[str, ...] = ()

    @property
    def is_well(self) -> bool:
        """Whether there are no problems."""
        return not self.problems

    def judged(self, has_ended: bool) -> Health:
        """The same with its problems in words.

        Args:
            has_ended: whether updates are not followed any more although the client is connected.
        """
        return self._replace(problems=tuple(_problems(self, has_ended)))


def _problems(health: Health, has_ended: bool) -> list[str]:
    found: list[str] = []
    if health.connection == "lost" and health.connection_age > _LONG_WITHOUT:
        found.append(
            f"there has been no connection for {health.connection_age:.0f} s; it is tried again. See whether the "
            "network or the proxy works"
        )
    if health.connection == "disconnected":
        found.append("the client is not connected; call connect() or start()")
    elif has_ended:
        found.append("updates are not followed any more; disconnect and connect again")
    if health.lag > _LONG_LAG:
        found.append(
            f"updates wait {health.lag:.0f} s for their handlers ({health.queued} containers in the queue, "
            f"{health.in_line} in line, {health.running} being handled): handlers take too long, or something in them "
            "blocks the event loop"
        )
    if health.unsaved > _LONG_UNSAVED:
        found.append(
            f"the state of updates could not be written for {health.unsaved:.0f} s, and what came since would come "
            "again after a restart. See whether the session can be written and whether handlers return"
        )
    return found


class Connections:
    """What has become of the connection, and who wants to know.

    Args:
        now: the clock, in monotonic seconds.
        log: where to tell of listeners that fail.

    Attributes:
        listeners: called with each `ConnectionChange`; they may give something to await.
        state: what last became of the connection.
        reconnections: how often it was made again.
    """

    def __init__(self, now: Callable[[], float], log: logging.Logger) -> None:
        self._now = now
        self._log = log
        self.listeners: list[Callable[[ConnectionChange], Any]] = []
        self.state: LinkState = "disconnected"
        self.reconnections = 0
        self._since = now()
        self._telling: set[asyncio.Future[Any]] = set()

    @property
    def age(self) -> float:
        """For how many seconds it has been so."""
        return self._now() - self._since

    def changed(self, state: LinkState, error: BaseException | None = None) -> None:
        """Something has become of the connection."""
        if state == self.state:
            return
        change = ConnectionChange(state, error, self.age)
        self.state = state
        self._since = self._now()
        self.reconnections += state == "reconnected"
        for listener in list(self.listeners):
            try:
                result = listener(change)
            except Exception:  # noqa: BLE001 - what listeners raise is told and concerns nobody else
                self._log.exception("Unhandled exception on a callback for changes of the connection")
                continue
            if inspect.isawaitable(result):
                telling: asyncio.Future[Any] = asyncio.ensure_future(result)
                self._telling.add(telling)
                telling.add_done_callback(self._told)

    def _told(self, telling: asyncio.Future[Any]) -> None:
        self._telling.discard(telling)
        if not telling.cancelled() and (error := telling.exception()) is not None:
            self._log.error("Unhandled exception on a callback for changes of the connection", exc_info=error)
