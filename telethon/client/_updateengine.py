"""Follows updates: takes them from the connection, fetches what is missing, and hands them to the handlers.

One task turns a wheel. Each turn takes the answers that have come, then what the connection brought, looks at the
clock, sends what has to be asked, and stores how far it got. A turn awaits nothing: whatever may take time or fail
(requests, the session, handlers) runs in a task of its own and reports to the wheel. So the wheel stands still only
when it is told to.

```
connection -> UpdateQueue -> [ MessageBox ] -> Dispatcher -> handlers
                                |     ^
                                v     |
                           getDifference, getChannelDifference
```

Source: https://core.telegram.org/api/updates
"""

from __future__ import annotations

import asyncio
import datetime
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from telethon import errors
from telethon._updates import EntityCache, Hole, MessageBox
from telethon._updates.adaptor import Shape, shape_of
from telethon.client._beside import Beside, error_of, now_of
from telethon.client._boxview import MessageBoxView
from telethon.client._dispatch import Dispatcher, finish, until
from telethon.client._updateanswers import UpdateAnswers
from telethon.client._updateentities import entities_of, note_min
from telethon.client._updateline import UpdateLine
from telethon.client._updatequestions import Questions
from telethon.client._updatesaver import Saver
from telethon.client._updatestore import UpdateStore
from telethon.client._updatewatch import Watch
from telethon.tl import functions, types

if TYPE_CHECKING:
    import logging

    from telethon._core.clock import Clock
    from telethon.client._health import Connections, Health
    from telethon.client._journal import Journal
    from telethon.client._updatequeue import UpdateQueue

__all__ = ["Settings", "UpdateEngine"]

#: How many containers one turn takes before others get their turn.
_BATCH: Final = 100
#: Seconds without any request after which one is sent, because Telegram stops to send updates to who asks nothing.
_IDLE: Final = 30 * 60
#: Seconds between looks at the clock for that.
_LOOK: Final = 5 * 60
#: Seconds to pause after an error that nobody thought of, lest it fill the log.
_PAUSE: Final = 0.1
#: How many users that nobody knows are remembered, so that no more is asked because of them.
_HOPELESS: Final = 1_000

#: What Telegram may tell somebody who is not logged in.
_BEFORE_LOGIN: Final = frozenset(
    ("UpdateLoginToken", "UpdateDcOptions", "UpdateConfig", "UpdateLangPack", "UpdateLangPackTooLong")
)


class Settings(NamedTuple):
    """What a client wants of its updates.

    Attributes:
        catch_up: whether to begin where the program ended the last time.
        sequential: whether an update waits until the handlers of the one before it are done.
        entity_limit: how many access hashes to keep in memory.
        durable: whether updates survive a crash.
    """

    catch_up: bool = False
    sequential: bool = False
    entity_limit: int = 5_000
    durable: bool = False


class UpdateEngine(UpdateAnswers):
    """Follows the updates of one client.

    Args:
        queue: where the connection puts updates.
        ask: sends a request and gives its answer; long flood waits shall be raised.
        store: keeps the state in the session.
        dispatcher: calls the handlers.
        cache: gives the access hashes in memory.
        clock: the clock that `last_request` goes by.
        log: where to tell of what goes wrong.
        settings: see `Settings`.
        is_wanted: says whether the client wants updates at all.
        pending: gives the futures of requests that were sent and not answered yet; each has its ``request``.
        last_request: says when the client has last sent a request, in Unix time.
        on_lost: called when the account was logged out by somebody else.
        run: gives the coroutine to run; it must run `run`.
        on_start: called with the task that does so.
        stay: likewise gives the coroutine that runs `keep_alive`.
        reconnect: makes a new connection in place of one over which nothing comes.

    Attributes:
        dispatcher: as above.
        task: the task that turns the wheel, while it runs.
        staying: the task that keeps Telegram sending, likewise.
        on_hole: called with each `Hole`; what is missing cannot be had any more.
        journal: notes which updates are not finished, when they shall survive a crash.
        watch: counts what happens.
        view: the message box as programs look at it.
        beside: runs what may take time.
    """

    def __init__(
        self,
        *,
        queue: UpdateQueue,
        ask: Callable[[Any], Awaitable[Any]],
        store: UpdateStore,
        dispatcher: Dispatcher,
        cache: Callable[[], EntityCache],
        clock: Clock,
        log: logging.Logger,
        settings: Settings,
        is_wanted: Callable[[], bool],
        pending: Callable[[], Iterable[asyncio.Future[Any]]],
        last_request: Callable[[], float],
        on_lost: Callable[[BaseException], None],
        run: Callable[[], Coroutine[Any, Any, None]],
        on_start: Callable[[asyncio.Task[None]], None],
        stay: Callable[[], Coroutine[Any, Any, None]],
        reconnect: Callable[[], None],
    ) -> None:
        self._queue = queue
        self._ask = ask
        # Programs and tests may put another function in its place.
        self._questions = Questions(lambda request: self._ask(request), store, cache)
        self._store = store
        self.dispatcher = dispatcher
        self._cache = cache
        self._clock = clock
        self._log = log
        self._settings = settings
        self._is_wanted = is_wanted
        self._pending = pending
        self._last_request = last_request
        self._on_lost = on_lost
        self._run = run
        self._on_start = on_start
        self._stay = stay
        self.watch = Watch(log, reconnect)
        self.on_hole: list[Callable[[Hole], Any]] = []
        self.task: asyncio.Task[None] | None = None
        self.staying: asyncio.Task[None] | None = None

        self._box = MessageBox()
        self.view = MessageBoxView(lambda: self._box)
        #: Whether somebody is logged in; None until that is known.
        self._login: bool | None = None
        self._reason = "begin"
        #: Whether Telegram has answered since, which only says so for certain.
        self._confirmed = False
        #: The question whose account this is, which is asked where that is not known.
        self._own: asyncio.Task[Any] | None = None
        self.beside = Beside(self._wake_up)
        self._wake: asyncio.Future[None] | None = None
        #: When something was asked only to be heard of.
        self._asked = 0.0
        self._overflow = False
        self._hopeless: dict[int, None] = {}
        self._told: dict[Any, float] = {}
        self._saver = Saver(
            store,
            lambda: self._box,
            self.beside,
            dispatcher,
            cache,
            settings.entity_limit,
            log,
            lambda: self.task is not None,
        )
        #: In sequential mode: the updates whose handlers have to wait.
        self._line = self._saver.line = UpdateLine(dispatcher, self._saver.on_state)
        self.journal: Journal | None = None
        if settings.durable:
            self.journal = self._make_journal()

    def _make_journal(self) -> Journal:
        from telethon.client._journal import Journal

        line = self._line if self._settings.sequential else None
        journal = Journal(self._store, self.dispatcher, line, self._clock, self._log)
        self._line.on_turn = journal.on_turn
        self._store.is_durable = True
        self._saver.is_patient = False
        return journal

    @property
    def box(self) -> MessageBox:
        """The message box; another one after each log-in."""
        return self._box

    # -- lifetime ------------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Begin, or go on, now that there is a connection."""
        if self.task is not None:
            return
        now = self._asked = now_of()
        self.dispatcher.closing = False
        self._box.retry_now()
        self._reason = "begin" if self._box.is_empty else "connected again"
        if self._box.is_empty and self._settings.catch_up:
            await self._store.load(self._box, now)
            # The answer about the account does not name all channels in which something has happened.
            self._box.trigger_all_channels("begin", now)
        self._queue.on_put = self._wake_up
        self._begin_login()
        self.task = asyncio.get_running_loop().create_task(self._run())
        self.staying = self.beside.spawn(self._stay)
        self._on_start(self.task)
        if self._settings.sequential:
            self.beside.spawn(self._line.run)

    async def login_heard(self) -> bool | None:
        """What Telegram said, when the connection was made, to the question whose account this is.

        Returns:
            Whether somebody is logged in; None when it was not asked, did not say so, or has said something else since.
        """
        own = self._own
        if own is None:
            return None
        await asyncio.wait([own])
        error = error_of(own)
        if error is not None:
            return False if isinstance(error, errors.UnauthorizedError) else None
        is_user = isinstance(next(iter(own.result()), None), types.User)
        return True if is_user and self._login is not False else None

    def _begin_login(self) -> None:
        self._own = None
        if self._login:
            self._box.trigger(self._reason, now_of())
        elif self._cache().self_id:
            self._login, self._confirmed = True, False
            self._box.trigger(self._reason, now_of())
        else:
            self._login = None
            self._own = self.beside.spawn(
                lambda: self._ask(functions.users.GetUsersRequest([types.InputUserSelf()])), self._on_self
            )

    def _on_self(self, task: asyncio.Task[Any], now: float) -> None:
        """Telegram has said whose account this is."""
        if self._login is not None:
            return
        error = error_of(task)
        if error is None:
            user = next(iter(task.result()), None)
            self._login = isinstance(user, types.User)
            if isinstance(user, types.User):
                self._cache().set_self_user(user.id, bool(user.bot), user.access_hash or 0)
                self._store.note_self(user)
        else:
            # When it is not known, the first question shows it.
            self._login = not isinstance(error, (errors.UnauthorizedError, errors.AuthKeyError))
        if self._login:
            self._box.trigger(self._reason, now)

    async def on_login(self, user: types.User) -> None:
        """Follow the updates of the account that has just logged in."""
        now = now_of()
        self._own = None
        self._box = MessageBox(now)
        self._login, self._confirmed = True, True
        self._box.trigger("logged in", now)
        self._wake_up()

    def reconnected(self) -> None:
        """A lost connection was made again: what was sent meanwhile is asked for, without waiting any longer."""
        self._box.retry_now()
        self._box.trigger("connected again", now_of())
        self._wake_up()

    def catch_up(self) -> None:
        """Ask for what happened since the last update."""
        self._box.trigger("asked to", now_of())
        self._wake_up()

    async def stop(self) -> None:
        """End, and leave in the session what is needed to go on later."""
        task, self.task = self.task, None
        self._queue.on_put = None
        if task is None:
            return
        self.dispatcher.closing = True
        # Whoever is told by an answer to change the data centre stops this from inside of a question.
        current = asyncio.current_task()
        ending = [one for one in (task, *self.beside.tasks) if one is not current]
        for one in ending:
            one.cancel()
        await asyncio.gather(*ending, return_exceptions=True)
        # Questions that were given up are to be asked again, should there be another connection.
        self.beside.take_reports(now_of())
        # The handlers of what was just handed out begin before the state says that it was.
        await asyncio.sleep(0)
        if self.journal is not None:
            self.journal.flush(self._box.take_changes())
            await self.journal.stop()
        await self._saver.save_now()

    async def save(self) -> None:
        """Leave in the session now what is known, and go on."""
        if self.journal is not None:
            self.journal.flush(self._box.take_changes())
        await self._saver.save()

    def health(self, connections: Connections, clock_offset: float, now: float) -> Health:
        """How the following of updates is doing.

        Args:
            connections: what has become of the connection.
            clock_offset: the seconds by which the clock of Telegram is ahead of that of the machine.
            now: the current moment, as the event loop counts.
        """
        from telethon.client._health import Health

        watch, saver, journal = self.watch, self._saver, self.journal
        since = [one for one in (self._queue.since, self._line.since if self._line.is_waiting else None) if one]
        lag = max((now - one for one in since), default=0.0)
        last = delay = None
        if watch.newest is not None:
            updates, came = watch.newest
            last = now - came
            date = getattr(updates, "date", None)
            if isinstance(date, datetime.datetime):
                delay = max(self._clock.now().wall - last + clock_offset - date.timestamp(), 0.0)
        return Health(
            connection=connections.state,
            connection_age=connections.age,
            reconnections=connections.reconnections,
            last_update=last,
            lag=lag,
            worst_lag=max(watch.worst_lag, lag),
            delay=delay,
            queued=self._queue.qsize(),
            in_line=self._line.updates,
            running=len(self.dispatcher.running),
            unfinished=None if journal is None else len(journal),
            received=watch.received,
            handed_out=watch.handed_out,
            redelivered=0 if journal is None else journal.redelivered,
            questions=watch.questions,
            failed_questions=watch.failed,
            missed=watch.missed,
            floods=watch.floods,
            stalls=watch.stalls,
            unsaved=0.0 if saver.unsaved_since is None else now - saver.unsaved_since,
        ).judged(has_ended=self.task is None or self.task.done())

    # -- the wheel -----------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Turn the wheel until it is cancelled."""
        while True:
            try:
                is_busy = self._turn()
                if len(self.dispatcher.running) >= self.dispatcher.limit:
                    await self.dispatcher.make_room()
                elif self._line.is_long:
                    await self._line.shorten()
                elif is_busy:
                    await asyncio.sleep(0)
                else:
                    await self._sleep()
            except Exception:  # noqa: BLE001 - an account that silently gets no updates any more is worse than any error
                self._log.exception("Unexpected error while following updates; going on")
                await asyncio.sleep(_PAUSE)

    def _turn(self) -> bool:
        """Do everything there is to do now; whether there is more of it."""
        now = now_of()
        self.beside.take_reports(now)
        is_busy = self._may_take_queue and self._take_queue(now)
        self._box.check_deadlines(now)
        if self._login and self._is_wanted():
            for wanted in self._box.next_requests(now):
                self._fetch(wanted)
        for hole in self._box.take_holes():
            self._tell_hole(hole)
        if self.journal is not None and self.journal.is_dirty:
            self.journal.flush(self._box.take_changes())
        self._saver.save_if_due(now)
        return is_busy

    @property
    def _may_take_queue(self) -> bool:
        """Whether it is known what may be taken, and what an earlier run did not finish is handed out."""
        if self.journal is None or not self._login:
            return self._login is not None
        return self.journal.is_begun or not self._is_wanted()

    def _take_queue(self, now: float) -> bool:
        queue = self._queue
        if queue.full() and not self._overflow:
            self._overflow = True
            self.watch.floods += 1
        if (since := queue.since) is not None:
            self.watch.waited(now - since, now, queue.qsize(), len(self.dispatcher.running))
        for _ in range(_BATCH):
            if queue.empty():
                if self._overflow:
                    # What the connection threw away is asked for, now that there is time for it.
                    self._overflow = False
                    self._box.trigger("too many updates at once", now)
                return False
            updates = queue.get_nowait()
            try:
                self._feed(updates, now)
            except Exception:  # noqa: BLE001 - one container must not take the others with it
                self._log.exception("Unexpected error while handling %s; going on", type(updates).__name__)
        return True

    async def _sleep(self) -> None:
        """Wait until there is something to do."""
        if self.beside.has_reports or (self._may_take_queue and not self._queue.empty()):
            return
        deadline = self._next_deadline()
        self._wake = asyncio.get_running_loop().create_future()
        try:
            await until(self._wake, None if deadline is None else deadline - now_of())
        finally:
            self._wake = None

    def _next_deadline(self) -> float | None:
        times: list[float] = []
        if (deadline := self._box.next_deadline) is not None:
            times.append(deadline)
        if (deadline := self._saver.deadline) is not None:
            times.append(deadline)
        return min(times, default=None)

    def _wake_up(self) -> None:
        finish(self._wake)

    # -- what arrives --------------------------------------------------------------------------------------------

    def _feed(self, updates: Any, now: float) -> None:
        """Take in one container of updates."""
        watch = self.watch
        if not getattr(updates, "_self_outgoing", False):
            watch.received += 1
            watch.newest = updates, now
        if not self._login:
            self._hand_out(_allowed_before_login(updates))
            return
        shape = shape_of(updates)
        if shape == Shape.MANY or shape == Shape.COMBINED:
            users, chats = updates.users, updates.chats
            entities = self._note(users, chats)
            for update in updates.updates:
                update._entities = entities
            note_min(self._cache(), updates.updates, users, chats)
        elif shape == Shape.SHORT:
            updates.update._entities = {}
        elif shape == Shape.ACCOUNT:
            updates._entities = {}
            if self._is_from_stranger(updates, now):
                return
        self._hand_out(self._box.process(updates, now))

    def _note(self, users: list[Any], chats: list[Any]) -> dict[int, Any]:
        """Remember users and chats; they are given by marked id."""
        if not users and not chats:
            return {}
        cache = self._cache()
        cache.extend(users, chats)
        self._store.note_entities(users, chats)
        return entities_of(users, chats)

    def _is_from_stranger(self, update: Any, now: float) -> bool:
        """Whether a short form names a user of whom nothing is known: then it is fetched again in full.

        Source: https://core.telegram.org/constructor/updateShortMessage
        """
        for user_id in (getattr(update, "user_id", None), getattr(update, "from_id", None)):
            if not user_id or user_id in self._cache().hash_map or user_id in self._hopeless:
                continue
            if not self._store.knows_user(user_id):
                # If the answer does not tell either who that is, it is of no use to ask again.
                self._hopeless[user_id] = None
                if len(self._hopeless) > _HOPELESS:
                    del self._hopeless[next(iter(self._hopeless))]
                self._box.refetch(update, "unknown user", now)
                return True
        return False

    def _hand_out(self, ready: list[Any]) -> None:
        """Let the handlers have updates."""
        self.watch.handed_out += len(ready)
        if self.journal is not None:
            self.journal.hand_out(ready)
        elif self._settings.sequential:
            self._line.add(ready)
        else:
            for update in ready:
                self.dispatcher.dispatch(update, ready)

    # -- staying in touch ------------------------------------------------------------------------------------------

    async def keep_alive(self) -> None:
        """Ask for something after each long silence, for Telegram to go on sending updates; until it is cancelled."""
        while True:
            idle_at = self._idle_at()
            if (missing := idle_at - now_of()) > 0:
                # Not longer at once, because a machine that was asleep knows only by its clock how long it was.
                await asyncio.sleep(min(missing, _LOOK))
                continue
            self._asked = now_of()
            if self._login and self._is_wanted():
                self.beside.spawn(lambda: self._ask(functions.updates.GetStateRequest()))

    def _idle_at(self) -> float:
        """When nothing will have been asked for so long that something should be."""
        # Requests are noted in Unix time, and the clock of the machine may be set back.
        silence = max(self._clock.now().wall - self._last_request(), 0.0)
        return max(now_of() - silence, self._asked) + _IDLE


def _allowed_before_login(updates: Any) -> list[Any]:
    """What may be taken from a server before somebody is logged in there.

    Source: https://core.telegram.org/api/updates
    """
    several: Iterable[Any]
    if shape_of(updates) == Shape.SHORT:
        several = [updates.update]
    else:
        several = getattr(updates, "updates", ())
    allowed = [update for update in several if type(update).__name__ in _BEFORE_LOGIN]
    for update in allowed:
        update._entities = {}
    return allowed
