"""What happens around a request that Telegram answers with an error: wait, try again, or go to another data centre.

Each policy is one small object with one question, so that the order in which they act is all the invoker decides.

Source: https://core.telegram.org/api/errors
"""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from telethon import errors
from telethon.client._await import maybe_await
from telethon.network._repeatable import innermost, is_repeatable

if TYPE_CHECKING:
    from telethon._core.clock import Clock
    from telethon.tl.tlobject import TLRequest

__all__ = ["FloodWait", "FloodWaitPolicy", "MigratePolicy", "ServerErrorPolicy", "Sleep", "is_unknown_method"]

Sleep = Callable[[float], Awaitable[object]]
"""Something to await for a number of seconds."""

#: Less than this is waited for in any case: Telegram counts whole seconds, so nobody can be told to wait for less.
_ONE_SECOND: Final = 1.0

#: Seconds between two tries of a request that failed inside Telegram.
_SERVER_ERROR_PAUSE: Final = 2

#: How many known waits are kept before those that are over are looked for.
_MANY: Final = 64

_SLOW_MODE: Final = ("SlowModeWaitError",)
_FORESEEN: Final = ("FloodWaitError", "FloodTestPhoneWaitError", "FloodPremiumWaitError", *_SLOW_MODE)
#: The owner of the account can end these waits on another device, so it cannot be known how long they last.
_UNFORESEEN: Final = ("TwoFaConfirmWaitError", "TakeoutInitDelayError")
_WAITS: Final = _FORESEEN + _UNFORESEEN
_SERVER_ERRORS: Final = ("InterdcCallErrorError", "InterdcCallRichErrorError", "RpcCallFailError", "RpcMcgetFailError")
_TRANSIENT_ERRORS: Final = ("TimeoutError",)
#: It says that nothing was done.
_HARMLESS_ERRORS: Final = ("AuthRestartError",)
_MIGRATE_ERRORS: Final = ("PhoneMigrateError", "NetworkMigrateError", "UserMigrateError")


def _is_named(error: BaseException, names: tuple[str, ...]) -> bool:
    # By name, because the list of all errors is large and most programs meet few of them.
    return isinstance(error, errors.RPCError) and any(cls.__name__ in names for cls in type(error).__mro__)


def is_unknown_method(error: BaseException) -> bool:
    """Whether the server says with this error that it does not know the request at all."""
    # With the number of the request behind it, it is none of the errors that have a class.
    return isinstance(error, errors.RPCError) and str(error.message).startswith("INPUT_METHOD_INVALID")


class FloodWait(NamedTuple):
    """Telegram wants to wait before it sees a request again; `UserMethods.on_flood_wait` tells of each.

    Attributes:
        request: the request, without what the library put around it.
        seconds: how long.
        will_sleep: whether the client waits and then sends the request; if not, the error is raised.
        error: the error, such as a ``FloodWaitError``.
        is_known: whether Telegram said so earlier, and the request was not sent now.
    """

    request: TLRequest[Any]
    seconds: int
    will_sleep: bool
    error: errors.RPCError
    is_known: bool


class FloodWaitPolicy:
    """Remembers for how long Telegram does not want to see a method, and waits when the wait is short enough.

    A wait is known per method and, when the request names a peer, per peer: being asked to be slower in one chat says
    nothing about another. When a second chat is refused while the first one still waits, it is the method that Telegram
    means, and no chat is tried until that wait is over; slow mode, though, is always that of one chat.

    Args:
        clock: tells the monotonic time.
        sleep: waits.
        log: where a wait is announced.

    Attributes:
        known: the waits, by method and peer, with the monotonic time they end.
        listeners: called with every `FloodWait`; they may give something to await.
    """

    def __init__(self, clock: Clock, sleep: Sleep, log: logging.Logger) -> None:
        self._clock = clock
        self._sleep = sleep
        self._log = log
        self.known: dict[object, float] = {}
        self._classes: dict[object, type[errors.RPCError]] = {}
        self.listeners: list[Callable[[FloodWait], Any]] = []

    async def before(self, request: TLRequest[Any], threshold: float) -> None:
        """Wait for what is left of a known wait.

        Raises:
            FloodWaitError: more than *threshold* seconds are left; nothing is sent. It is of the class with which
                Telegram refused the method, so it may be a ``SlowModeWaitError`` as well.
        """
        refusal = self.refusal(request)
        while refusal is not None:
            left = refusal.left
            will_sleep = left <= max(threshold, _ONE_SECOND)
            await self._tell(refusal.error, request, will_sleep, threshold, is_known=True)
            if not will_sleep:
                raise refusal.error
            await self._make(refusal)
            refusal = self.refusal(request)

    def refusal(self, request: TLRequest[Any]) -> Refusal | None:
        """What is known to be against sending a request now."""
        found: Refusal | None = None
        now = self._clock.now().mono
        for key in _keys(request):
            due = self.known.get(key)
            if due is None:
                continue
            if due <= now:
                self._forget(key)
            elif found is None or due > found.due:
                cls: Any = self._classes.get(key) or errors.FloodWaitError
                error: errors.RPCError = cls(request=request, capture=math.ceil(due - now))
                found = Refusal(key, due, due - now, error)
        return found

    async def handle(
        self, error: BaseException, request: TLRequest[Any], threshold: float, *, is_last: bool = False
    ) -> bool:
        """Whether *error* asks for a wait no longer than *threshold*; it has then been made, unless this was the last
        try. A longer one is remembered, not made.
        """
        if not isinstance(error, errors.RPCError) or not _is_named(error, _WAITS):
            return False
        seconds = _seconds(error)
        refusal = self.remember(error, request)
        is_short = seconds <= threshold
        await self._tell(error, request, is_short and not is_last, threshold, is_known=False)
        if is_short and not is_last:
            await self._make(refusal)
        return is_short

    def remember(self, error: errors.RPCError, request: TLRequest[Any]) -> Refusal:
        """Keep in mind until when *request* is not wanted, as *error* says."""
        now = self._clock.now().mono
        seconds = _seconds(error)
        refusal = Refusal(None, now + seconds, seconds, error)
        if not _is_named(error, _FORESEEN):
            return refusal
        method, *own = _keys(request)
        key = own[0] if own else method
        if len(self.known) >= _MANY:
            for old in [old for old, due in self.known.items() if due <= now]:
                self._forget(old)
        if own and not _is_named(error, _SLOW_MODE) and self._is_refused_elsewhere(method, key, now):
            key = method
        self.known[key] = refusal.due
        self._classes[key] = type(error)
        return refusal._replace(key=key)

    def _is_refused_elsewhere(self, method: object, key: object, now: float) -> bool:
        """Whether the method waits in another chat as well, and not because of that chat's slow mode."""
        for other, due in self.known.items():
            place: Any = other
            if place != key and due > now and isinstance(place, tuple) and place[0] == method:
                cls = self._classes.get(place)  # pyright: ignore[reportUnknownArgumentType]
                if cls is None or cls.__name__ not in _SLOW_MODE:
                    return True
        return False

    async def _make(self, refusal: Refusal) -> None:
        await self._sleep(refusal.left)
        # Another one may have come meanwhile.
        if refusal.key is not None and self.known.get(refusal.key) == refusal.due:
            self._forget(refusal.key)

    def _forget(self, key: object) -> None:
        self.known.pop(key, None)
        self._classes.pop(key, None)

    async def _tell(
        self, error: errors.RPCError, request: TLRequest[Any], will_sleep: bool, threshold: float, *, is_known: bool
    ) -> None:
        seconds = _seconds(error)
        inner: Any = innermost(request)
        self._log.info(
            "Telegram asks to wait %d s%s before %s%s (%s); %s",
            seconds,
            " more, as it said earlier," if is_known else "",
            type(inner).__name__,
            _place(inner),
            type(error).__name__,
            "waiting, then it is sent"
            if will_sleep
            else f"raised, because flood_sleep_threshold is {threshold:g} s"
            if seconds > threshold
            else "raised, because it was tried often enough",
        )
        wait = FloodWait(inner, seconds, will_sleep, error, is_known)
        for listener in list(self.listeners):
            try:
                await maybe_await(listener(wait))
            except Exception:  # noqa: BLE001 - whoever only wants to know must not make the request fail
                self._log.exception("A function that is told of flood waits failed")


class Refusal(NamedTuple):
    """Why a request must wait.

    Attributes:
        key: under what it is remembered; None when it is not.
        due: monotonic time at which the wait is over.
        left: seconds until then.
        error: what says so.
    """

    key: object
    due: float
    left: float
    error: errors.RPCError


def _seconds(error: errors.RPCError) -> int:
    return max(int(getattr(error, "seconds", 0) or 0), 1)


def _keys(request: TLRequest[Any]) -> list[object]:
    """The method, and the method in the peer if there is one."""
    inner: Any = innermost(request)
    peer: Any = getattr(inner, "peer", None)
    method = inner.CONSTRUCTOR_ID
    if peer is None:
        return [method]
    is_resolved = hasattr(type(peer), "CONSTRUCTOR_ID")  # pyright: ignore[reportUnknownArgumentType]
    return [method, (method, bytes(peer) if is_resolved else repr(peer))]


def _place(inner: Any) -> str:
    from telethon import utils

    peer = getattr(inner, "peer", None)
    if peer is None:
        return ""
    try:
        return f" in chat {utils.get_peer_id(peer)}"
    except TypeError:
        # Oneself, for example.
        return ""


class ServerErrorPolicy:
    """Waits a moment after an error that is Telegram's own and may be gone when the request is sent again.

    Nobody knows whether a request that failed inside Telegram was carried out. One that would then be carried out twice
    is not sent again.
    """

    def __init__(self, sleep: Sleep, log: logging.Logger) -> None:
        self._sleep = sleep
        self._log = log

    async def handle(self, error: BaseException, request: TLRequest[Any], *, is_last: bool = False) -> bool:
        """Whether the request may be sent again; it is time for that, unless this was the last try."""
        transient = isinstance(error, (errors.ServerError, errors.TimedOutError))
        harmless = _is_named(error, _HARMLESS_ERRORS)
        if not transient and not harmless and not _is_named(error, _SERVER_ERRORS + _TRANSIENT_ERRORS):
            return False
        if not harmless and not is_repeatable(request):
            self._log.warning(
                "Telegram failed at %s, which may have been done all the same, so it is not sent again: %s",
                type(innermost(request)).__name__,
                error,
            )
            return False
        self._log.warning("Telegram is having internal issues %s: %s", type(error).__name__, error)
        if not is_last:
            await self._sleep(_SERVER_ERROR_PAUSE)
        return True


class MigratePolicy:
    """Follows the account to the data centre it lives in.

    Args:
        switch: connects the client to the data centre of that number.
        is_authorized: whether the session is logged in, in which case only the account itself can have moved.
        log: where the move is announced.
        where: gives the number of the data centre that the client is connected to now, if that is known.

    Source: https://core.telegram.org/api/datacenter
    """

    def __init__(
        self,
        switch: Callable[[int], Awaitable[object]],
        is_authorized: Callable[[], Awaitable[bool]],
        log: logging.Logger,
        where: Callable[[], int | None] = lambda: None,
    ) -> None:
        self._switch = switch
        self._is_authorized = is_authorized
        self._log = log
        self._where = where
        self._mover: asyncio.Task[Any] | None = None
        self._arrival = asyncio.Event()

    @staticmethod
    def is_for(error: BaseException) -> bool:
        """Whether *error* says that something is in another data centre to which the client may move."""
        return _is_named(error, _MIGRATE_ERRORS)

    async def handle(self, error: BaseException, *, is_last: bool = False) -> bool:
        """Whether the client is now connected to where the request belongs; after the last try it does not move."""
        if not self.is_for(error):
            return False
        # Files and statistics live elsewhere without the account moving, so those are left to whoever asks for them.
        if not _is_named(error, ("UserMigrateError",)) and await self._is_authorized():
            return False
        if not is_last:
            await self._move(int(getattr(error, "new_dc", 0)))
        return True

    async def _move(self, new_dc: int) -> None:
        own = asyncio.current_task()
        # Several requests may be told at once. What the mover itself asks on the way must not wait for the mover.
        while self._mover is not None and self._mover is not own:
            await self._arrival.wait()
        if self._where() == new_dc:
            return
        self._log.info("Telegram asks to use data centre %d", new_dc)
        if self._mover is own:
            await self._switch(new_dc)
            return
        self._mover = own
        self._arrival.clear()
        try:
            await self._switch(new_dc)
        finally:
            self._mover = None
            self._arrival.set()
