"""What happens around a request that Telegram answers with an error: wait, try again, or go to another data centre.

Each policy is one small object with one question, so that the order in which they act is all the invoker decides.

Source: https://core.telegram.org/api/errors
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Final

from telethon import errors

if TYPE_CHECKING:
    from telethon._core.clock import Clock
    from telethon.tl.tlobject import TLRequest

__all__ = ["FloodWaitPolicy", "MigratePolicy", "ServerErrorPolicy", "Sleep"]

Sleep = Callable[[float], Awaitable[object]]
"""Something to await for a number of seconds."""

#: A known wait that is over this soon is not worth holding a request back for.
_NEARLY_OVER: Final = 3

#: Seconds between two tries of a request that failed inside Telegram.
_SERVER_ERROR_PAUSE: Final = 2

_FLOOD_ERRORS: Final = ("FloodWaitError", "FloodTestPhoneWaitError", "FloodPremiumWaitError", "SlowModeWaitError")
_SERVER_ERRORS: Final = ("InterdcCallErrorError", "InterdcCallRichErrorError", "RpcCallFailError", "RpcMcgetFailError")
_TRANSIENT_ERRORS: Final = ("AuthRestartError", "TimeoutError")
_MIGRATE_ERRORS: Final = ("PhoneMigrateError", "NetworkMigrateError", "UserMigrateError")


def _is_named(error: BaseException, names: tuple[str, ...]) -> bool:
    # By name, because the list of all errors is large and most programs meet few of them.
    return isinstance(error, errors.RPCError) and any(cls.__name__ in names for cls in type(error).__mro__)


class FloodWaitPolicy:
    """Remembers for how long Telegram does not want to see a method, and waits when the wait is short enough.

    A wait is known per method and, when the request names a peer, per peer: being asked to be slower in one chat says
    nothing about another.

    Args:
        clock: tells the monotonic time.
        sleep: waits.
        log: where a wait is announced.
    """

    def __init__(self, clock: Clock, sleep: Sleep, log: logging.Logger) -> None:
        self._clock = clock
        self._sleep = sleep
        self._log = log
        self.known: dict[object, float] = {}

    async def before(self, request: TLRequest[Any], threshold: int) -> None:
        """Wait for what is left of a known wait.

        Raises:
            FloodWaitError: more than *threshold* seconds are left; nothing is sent.
        """
        key = _key(request)
        due = self.known.get(key)
        if due is None:
            return
        left = round(due - self._clock.now().mono)
        if left <= _NEARLY_OVER:
            self.known.pop(key, None)
        elif left <= threshold:
            self._log.info("Waiting %d s before %s, as Telegram asked earlier", left, type(request).__name__)
            await self._sleep(left)
            self.known.pop(key, None)
        else:
            raise errors.FloodWaitError(request=request, capture=left)

    async def handle(self, error: BaseException, request: TLRequest[Any], threshold: int) -> bool:
        """Whether *error* asked for a wait that has now been made; a longer one is remembered, not made."""
        if not _is_named(error, _FLOOD_ERRORS):
            return False
        seconds = max(int(getattr(error, "seconds", 0) or 0), 1)
        self.remember(error, request)
        if seconds > threshold:
            return False
        self._log.info("Telegram asks to wait %d s before %s (flood wait)", seconds, type(request).__name__)
        await self._sleep(seconds)
        return True

    def remember(self, error: BaseException, request: TLRequest[Any]) -> None:
        """Keep in mind until when *request* is not wanted, when that is what *error* says."""
        if not _is_named(error, _FLOOD_ERRORS):
            return
        # Slow mode is a matter of when one last spoke, which sending something else changes: it is not predicted.
        if not _is_named(error, ("SlowModeWaitError",)):
            seconds = max(int(getattr(error, "seconds", 0) or 0), 1)
            self.known[_key(request)] = self._clock.now().mono + seconds


def _key(request: TLRequest[Any]) -> object:
    inner: Any = request
    # Wrappers such as InvokeWithTakeout are no method of their own.
    while hasattr(type(getattr(inner, "query", None)), "CONSTRUCTOR_ID"):  # pyright: ignore[reportUnknownArgumentType]
        inner = inner.query
    peer = getattr(inner, "peer", None)
    if peer is None:
        return inner.CONSTRUCTOR_ID
    return inner.CONSTRUCTOR_ID, bytes(peer) if hasattr(type(peer), "CONSTRUCTOR_ID") else repr(peer)  # pyright: ignore[reportUnknownArgumentType]


class ServerErrorPolicy:
    """Waits a moment after an error that is Telegram's own and may be gone when the request is sent again."""

    def __init__(self, sleep: Sleep, log: logging.Logger) -> None:
        self._sleep = sleep
        self._log = log

    async def handle(self, error: BaseException) -> bool:
        """Whether the request may be sent again now."""
        transient = isinstance(error, (errors.ServerError, errors.TimedOutError))
        if not transient and not _is_named(error, _SERVER_ERRORS + _TRANSIENT_ERRORS):
            return False
        self._log.warning("Telegram is having internal issues %s: %s", type(error).__name__, error)
        await self._sleep(_SERVER_ERROR_PAUSE)
        return True


class MigratePolicy:
    """Follows the account to the data centre it lives in.

    Args:
        switch: connects the client to the data centre of that number.
        is_authorized: whether the session is logged in, in which case only the account itself can have moved.
        log: where the move is announced.

    Source: https://core.telegram.org/api/datacenter
    """

    def __init__(
        self,
        switch: Callable[[int], Awaitable[object]],
        is_authorized: Callable[[], Awaitable[bool]],
        log: logging.Logger,
    ) -> None:
        self._switch = switch
        self._is_authorized = is_authorized
        self._log = log

    async def handle(self, error: BaseException) -> bool:
        """Whether the client is now connected to where the request belongs."""
        if not _is_named(error, _MIGRATE_ERRORS):
            return False
        # Files and statistics live elsewhere without the account moving, so those are left to whoever asks for them.
        if not _is_named(error, ("UserMigrateError",)) and await self._is_authorized():
            return False
        new_dc = int(getattr(error, "new_dc", 0))
        self._log.info("Telegram asks to use data centre %d", new_dc)
        await self._switch(new_dc)
        return True
