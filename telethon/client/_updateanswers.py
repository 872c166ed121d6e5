"""Asks Telegram what was missed, and takes in the answers.

Source: https://core.telegram.org/api/updates#recovering-gaps
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from telethon import errors
from telethon._updates import EntityCache, Hole, MessageBox, Wanted
from telethon.client._beside import Beside, error_of
from telethon.client._policies import is_unknown_method
from telethon.client._updateentities import note_min

if TYPE_CHECKING:
    import logging

    from telethon.client._journal import Journal
    from telethon.client._updatequestions import Questions
    from telethon.client._updatequeue import UpdateQueue
    from telethon.client._updatewatch import Watch

__all__ = ["UpdateAnswers"]

#: Seconds to wait for the answer to a message that is being sent, before what happened meanwhile is handed out.
_SEND_PATIENCE: Final = 3.0

#: What channels answer to who may not see them (any more).
_GONE: Final = (errors.BadRequestError, errors.ForbiddenError)


class UpdateAnswers:
    """The part of `UpdateEngine` that asks; what it needs of the rest is named here."""

    _box: MessageBox
    _queue: UpdateQueue
    _questions: Questions
    _cache: Callable[[], EntityCache]
    _pending: Callable[[], Iterable[asyncio.Future[Any]]]
    _on_lost: Callable[[BaseException], None]
    _log: logging.Logger
    _login: bool | None
    _confirmed: bool
    _told: dict[Any, float]
    beside: Beside
    journal: Journal | None
    watch: Watch
    on_hole: list[Callable[[Hole], Any]]

    def _hand_out(self, ready: list[Any]) -> None:
        raise NotImplementedError

    def _note(self, users: list[Any], chats: list[Any]) -> dict[int, Any]:
        raise NotImplementedError

    def _take_queue(self, now: float) -> bool:
        raise NotImplementedError

    def _fetch(self, wanted: Wanted) -> None:
        box = self._box
        self._log.debug("Asking for updates of %s: %s", _box_name(wanted), wanted.reason)
        self.watch.questions += 1

        def report(task: asyncio.Task[Any], now: float) -> None:
            # Somebody else may have logged in meanwhile.
            if box is self._box:
                self._on_answer(wanted, task, now)

        self.beside.spawn(lambda: self._questions.ask(wanted), report)

    def _on_answer(self, wanted: Wanted, task: asyncio.Task[Any], now: float) -> None:
        box = self._box
        error = error_of(task)
        if error is not None:
            self._on_failure(wanted, error, now)
            return
        answer = task.result()
        sends = self._sends_on_way(answer)
        if not sends and (self.journal is None or self.journal.is_begun):
            self._take_answer(wanted, answer, now)
            return

        async def wait() -> None:
            if self.journal is not None:
                # Now it is certain that somebody is logged in, so that handlers can do something.
                await self.journal.deliver_again()
            if sends:
                await asyncio.wait(sends, timeout=_SEND_PATIENCE)

        def report(task: asyncio.Task[Any], now: float) -> None:
            # What the requests have changed is in the queue by now.
            while not self._queue.empty():
                self._take_queue(now)
            if box is not self._box:
                return
            if task.cancelled():
                box.failed(wanted, now)
                return
            if (error := task.exception()) is not None:
                self._log.error("What earlier runs did not finish cannot be read from the session: %r", error)
            self._take_answer(wanted, answer, now)

        self.beside.spawn(wait, report)

    def _sends_on_way(self, answer: Any) -> list[asyncio.Future[Any]]:
        """Requests that may have made one of the messages in an answer, and are not answered themselves yet.

        Until they are, nobody can tell which messages are the client's own doing, and these are no events.
        """
        messages: Iterable[Any] = getattr(answer, "new_messages", ())
        if not any(getattr(message, "out", False) for message in messages):
            return []
        return [future for future in self._pending() if _makes_message(getattr(future, "request", None))]

    def _take_answer(self, wanted: Wanted, answer: Any, now: float) -> None:
        if answer is None:
            self._log.info("Updates of channel %d cannot be asked for: its access hash is not known", wanted.channel_id)
            self._box.forget_channel(wanted)
            return
        try:
            ready = self._apply(wanted, answer, now)
        except Exception:  # noqa: BLE001 - whatever is wrong with an answer, asking again is all that can be done
            self._log.exception("An answer about updates of %s cannot be understood", _box_name(wanted))
            self._box.failed(wanted, now)
            return
        self._confirmed = True
        self.watch.answered(wanted, len(ready), self._box, now)
        self._hand_out(ready)

    def _apply(self, wanted: Wanted, answer: Any, now: float) -> list[Any]:
        if wanted.state_only:
            return self._box.set_state(answer, now)
        users, chats = getattr(answer, "users", []), getattr(answer, "chats", [])
        entities = self._note(users, chats)
        if wanted.channel_id is None:
            ready = self._box.apply_difference(wanted, answer, entities, now)
        else:
            ready = self._box.apply_channel_difference(wanted, answer, entities, now)
        note_min(self._cache(), ready, users, chats)
        return ready

    def _on_failure(self, wanted: Wanted, error: BaseException, now: float) -> None:
        box = self._box
        self.watch.failed += 1
        name, whose = type(error).__name__, _box_name(wanted)
        # A password that is asked for is no end of a log in.
        asks = self._confirmed and isinstance(error, errors.SessionPasswordNeededError)
        if isinstance(error, (errors.UnauthorizedError, errors.AuthKeyError)) and not asks:
            box.failed(wanted, now)
            self._lose_login(error)
        elif is_unknown_method(error):
            if self._may_tell(wanted.channel_id, now):
                self._log.warning("This server cannot be asked for updates of %s; what it misses out is lost", whose)
            self._hand_out(box.unanswerable(wanted, now))
        elif isinstance(error, _GONE) and wanted.channel_id is not None:
            self._log.info("Updates of channel %d cannot be asked for any more: %s", wanted.channel_id, name)
            box.forget_channel(wanted)
        # These two are named here, where the list of all errors has been read already.
        elif isinstance(error, (errors.PersistentTimestampEmptyError, errors.PersistentTimestampInvalidError)):
            self._log.warning("Telegram does not know the stored state of updates; going on from now: %s", name)
            box.refused(wanted)
        else:
            seconds = getattr(error, "seconds", None) if isinstance(error, errors.FloodError) else None
            wait = box.failed(wanted, now, seconds)
            # A question is only cancelled where the client disconnects, which is nothing to warn of.
            if not isinstance(error, asyncio.CancelledError) and self._may_tell(wanted.channel_id, now):
                self._log.warning("Cannot ask for updates of %s (%s); again in %d s", whose, name, wait)
            self._hand_out(box.take_kept(wanted, now))

    def _lose_login(self, error: BaseException) -> None:
        """Nobody is logged in, be it that nobody ever was or that the account was logged out elsewhere."""
        self._login = False
        if self._confirmed:
            self._log.error("The account is not logged in any more: %s", type(error).__name__)
            self._on_lost(error)
        else:
            self._log.info("Cannot ask for updates, since the account is not logged in: %s", type(error).__name__)

    def _may_tell(self, key: Any, now: float) -> bool:
        """Whether something about a box may be told again; at most once a second for each."""
        if now - self._told.get(key, -1.0) < 1.0:
            return False
        self._told[key] = now
        return True

    def _tell_hole(self, hole: Hole) -> None:
        self.watch.missed += hole.count
        where = "the account" if hole.channel_id is None else f"channel {hole.channel_id}"
        self._log.warning("%d events of %s happened too long ago, and cannot be had any more", hole.count, where)
        for callback in self.on_hole:
            self.beside.spawn(partial(_call, callback, hole), self._on_hole_told)

    def _on_hole_told(self, task: asyncio.Task[Any], now: float) -> None:
        error = error_of(task)
        if error is not None:
            self._log.error("Unhandled exception on a callback for missed updates", exc_info=error)


async def _call(callback: Callable[[Hole], Any], hole: Hole) -> None:
    result = callback(hole)
    if isinstance(result, Awaitable):
        await result


def _makes_message(request: Any) -> bool:
    """Whether a request makes messages: these are what carries a ``random_id``."""
    while hasattr(request, "query") and not hasattr(request, "random_id"):
        request = request.query
    return hasattr(request, "random_id")


def _box_name(wanted: Wanted) -> str:
    return "the account" if wanted.channel_id is None else f"channel {wanted.channel_id}"
