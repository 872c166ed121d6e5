"""From updates to handlers: which events an update is, who wants them, and calling those one after the other.

Each update has a task of its own, so that a slow handler holds up nobody; the handlers of one update follow each other
in the order in which they were added. Most updates interest no handler, and for these no task is made.
"""

from __future__ import annotations

import asyncio
import inspect
import re
from collections.abc import Coroutine, Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from telethon.errors.common import AlreadyInConversationError
from telethon.events import MessageEdited, MessageRead, NewMessage, StopPropagation
from telethon.events.album import AlbumEvent
from telethon.events.common import EventBuilder, EventCommon

if TYPE_CHECKING:
    import logging
    from collections.abc import Awaitable, Callable

    from telethon.events.delivery import Delivery

__all__ = ["LIMIT", "RESOLVE_PAUSE", "STALL", "Dispatcher", "EventBuilderDict", "Plan", "finish", "until"]

#: How many handlers may run at the same time before updates have to wait for them.
LIMIT: Final = 1_000
#: Seconds after which it is taken that handlers which do not return wait for more updates.
STALL: Final = 5.0
#: Seconds before chats of a handler that could not be found are looked for again.
RESOLVE_PAUSE: Final = 60.0

_NO_ENTITIES: Final[Mapping[int, Any]] = {}
_UNMADE: Final = object()
_new: Final[Any] = tuple.__new__  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
#: The type of ``re.compile(...).match``, to know it from functions of users.
_METHOD: Final = cast("type[Any]", type(re.compile("").match))


class EventBuilderDict(dict[Any, Any]):
    """The events that an update is, by class of builder; each is made when it is first asked for, and only once.

    Args:
        client: the client that got the update.
        update: the update.
        others: the updates it came with.
    """

    def __init__(self, client: Any, update: Any, others: Any) -> None:
        # The dictionary begins empty, so that it need not be told anything.
        self.client = client
        self.update = update  # type: ignore[method-assign]  # pyright: ignore[reportAttributeAccessIssue]
        self.others = others

    def __getitem__(self, builder: Any) -> Any:
        """The event that the update is for this class of builders; None when it is none."""
        event = self.get(builder, _UNMADE)
        return self.make(builder) if event is _UNMADE else event

    def make(self, builder: Any) -> Any:
        """Make the event for this class of builders."""
        update = self.update
        event = builder.build(update, self.others, self.client._mb_entity_cache.self_id)
        if isinstance(event, EventCommon):
            own: dict[str, Any] = vars(event)
            own["original_update"] = update
            own["_entities"] = getattr(update, "_entities", _NO_ENTITIES)
            event._set_client(self.client)
        elif event is not None:
            # A raw update.
            event._client = self.client
        self[builder] = event
        delivery: Delivery | None = getattr(update, "_delivery", None)
        if delivery is not None and isinstance(event, AlbumEvent) and event._is_partial:
            # It is handed on when the other parts have come, by a task of its own.
            gathering = self.client._albums.get(event.grouped_id)
            if gathering is not None:
                delivery.hold_for(gathering._task)
        return event


class Plan(NamedTuple):
    """Whom to call for an update.

    Attributes:
        handlers: the builders and callbacks, from the first that may want it.
        is_wanted: whether the first one is known to want it.
    """

    handlers: list[tuple[Any, Any]]
    is_wanted: bool


class Dispatcher:
    """Calls the handlers of a client.

    Args:
        client: the client; its handlers, conversations and running tasks are looked up when they are needed.
        log: where to tell of handlers that fail.
        replacement: gives what a program has put in the place of the client's method that takes an update; None when
            that is the client's own.
    """

    def __init__(
        self,
        client: Any,
        log: logging.Logger,
        replacement: Callable[[], Callable[[Any], Awaitable[Any]] | None] = lambda: None,
    ) -> None:
        self._client = client
        self._log = log
        self.replacement = replacement
        #: Whether the client is disconnecting, so that tasks that are cancelled shall end.
        self.closing = False
        #: How many tasks may run before `make_room` is called for.
        self.limit = LIMIT
        self._room: asyncio.Future[None] | None = None
        self._unresolved: dict[int, float] = {}

    @property
    def client(self) -> Any:
        """The client whose handlers are called."""
        return self._client

    @property
    def running(self) -> set[asyncio.Task[Any]]:
        """The tasks of handlers that have not returned yet."""
        tasks: set[asyncio.Task[Any]] = self._client._event_handler_tasks
        return tasks

    def dispatch(self, update: Any, others: Any = None) -> asyncio.Task[None] | None:
        """Call those who want an update, by way of what a program has put in the place of the client's method."""
        own = self.replacement()
        return self.start_handlers(self.prepare(update, others)) if own is None else self._begin(own, update)

    def start(self, built: EventBuilderDict) -> asyncio.Task[None] | None:
        """As `dispatch`, for the events of an update that conversations were told of already."""
        own = self.replacement()
        if own is None:
            return self.start_handlers(built)
        # The client's own method, should that be called in the end, goes on from there.
        vars(built.update)["_built"] = built
        return self._begin(own, built.update)

    def _begin(self, own: Callable[[Any], Awaitable[Any]], update: Any) -> asyncio.Task[None]:
        task = self.spawn(self._call_replacement(own, update))
        delivery: Delivery | None = getattr(update, "_delivery", None)
        if delivery is not None:
            delivery.hold_for(task)
        return task

    async def _call_replacement(self, own: Callable[[Any], Awaitable[Any]], update: Any) -> None:
        try:
            await own(update)
        except asyncio.CancelledError:
            if self.closing:
                raise
        except Exception:  # noqa: BLE001 - what a program's method raises is told and concerns no other update
            self._log.exception("Unhandled exception in %s", _name_of(own))
        finally:
            self.done()

    def prepare(self, update: Any, others: Any = None) -> EventBuilderDict:
        """The events of an update, told to conversations already: a handler may wait for what they get.

        Args:
            update: the update.
            others: the updates it came with.
        """
        built = EventBuilderDict(self._client, update, others)
        if self._client._conversations:
            self._tell_conversations(built)
        return built

    def start_handlers(self, built: EventBuilderDict) -> asyncio.Task[None] | None:
        """Call the handlers that want an update.

        Returns:
            The task in which they are called; None when nobody wants it.
        """
        plan = self.plan(built)
        if plan is None:
            return None
        delivery: Delivery | None = getattr(built.update, "_delivery", None)
        if delivery is None:
            return self.spawn(self._call(built, *plan))
        task = self.spawn(self._deliver(delivery, built, plan))
        delivery.hold_for(task)
        return task

    def plan(self, built: EventBuilderDict) -> Plan | None:
        """Whom to call for an update; None when nobody wants it."""
        handlers = self._client._event_builders
        for position, (builder, _) in enumerate(handlers):
            try:
                cls = builder.__class__
                event = built.get(cls, _UNMADE)
                if event is _UNMADE:
                    event = built.make(cls)
                if event is None:
                    continue
                is_wanted = False
                if builder.resolved and _is_plain(builder):
                    # The answer depends on nothing that a handler may change, so that it may be given now.
                    if not builder.filter(event):
                        continue
                    is_wanted = True
            except (Exception, asyncio.CancelledError):  # noqa: BLE001 - builders may be a program's own
                self._log.exception("Unhandled exception while an event was made for %s", type(builder).__name__)
                built.setdefault(builder.__class__, None)
                continue
            # A copy, because handlers may add and remove others.
            plan: Plan = _new(Plan, (handlers[position:], is_wanted))
            return plan
        return None

    def spawn(self, coroutine: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Run something beside everything else; it must end with `done`."""
        task = asyncio.get_running_loop().create_task(coroutine)
        self._client._event_handler_tasks.add(task)
        return task

    def done(self) -> None:
        """The task that runs now has come to its end."""
        running = self._client._event_handler_tasks
        running.discard(asyncio.current_task())
        if len(running) < self.limit:
            finish(self._room)

    async def make_room(self) -> None:
        """Wait until fewer handlers run.

        They may all be waiting for something that comes only when they get more updates, so that this does not wait for
        ever: after a while, more of them may run.
        """
        self._room = room = asyncio.get_running_loop().create_future()
        try:
            await until(room, STALL)
        finally:
            self._room = None
        if len(self._client._event_handler_tasks) >= self.limit:
            self.limit += LIMIT
            self._log.warning("%d handlers are running and none returns; letting more of them run", len(self.running))

    async def _deliver(self, delivery: Delivery, built: EventBuilderDict, plan: Plan) -> None:
        """Call handlers when it is written that they begin."""
        try:
            if delivery.written is not None:
                await delivery.written
        except BaseException:
            self.done()
            raise
        await self._call(built, *plan)

    async def _call(self, built: EventBuilderDict, handlers: list[tuple[Any, Any]], is_wanted: bool) -> None:
        """Call handlers in order; of the first one it may be known already that it wants the event."""
        try:
            for builder, callback in handlers:
                try:
                    event = built[builder.__class__]
                    if event is None:
                        continue
                    if is_wanted:
                        is_wanted = False
                    elif not await self._wants(builder, event, callback):
                        continue
                    result = callback(event)
                    if result is not None:
                        await result
                except StopPropagation:
                    self._log.debug("Handler %s stopped the propagation of an event", _name_of(callback))
                    return
                except AlreadyInConversationError:
                    self._log.debug("Handler %s has a conversation in this chat already", _name_of(callback))
                except asyncio.CancelledError:
                    if self.closing:
                        raise
                    self._log.debug("Handler %s was cancelled", _name_of(callback))
                except Exception:  # noqa: BLE001 - what handlers raise is told and concerns nobody else
                    self._log.exception("Unhandled exception on %s", _name_of(callback))
        except (KeyboardInterrupt, SystemExit):
            # The event loop hands these to whoever runs it, so they are not lost with the task.
            task = asyncio.current_task()
            if task is not None:
                task.add_done_callback(_look_at)
            raise
        finally:
            self.done()

    async def _wants(self, builder: EventBuilder[Any], event: Any, callback: Callable[..., Any]) -> bool:
        try:
            if not builder.resolved and not await self._resolved(builder, callback):
                return False
            wanted = builder.filter(event)
            if wanted is not True and wanted is not event and inspect.isawaitable(wanted):
                wanted = await wanted
            return bool(wanted)
        except (StopPropagation, AlreadyInConversationError):
            raise
        except Exception:  # noqa: BLE001 - filters are a program's own, and concern nobody else
            self._log.exception("Unhandled exception on %s, in the filter of its events", _name_of(callback))
            return False

    async def _resolved(self, builder: EventBuilder[Any], callback: Callable[..., Any]) -> bool:
        """Whether the chats of a builder are known now. Those nobody can find are looked for again only after a while.

        Otherwise each update would cost a request, and soon lead to a flood wait.
        """
        now = asyncio.get_running_loop().time()
        if now < self._unresolved.get(id(builder), now):
            return False
        try:
            await builder.resolve(self._client)
        except (ValueError, TypeError) as error:
            self._unresolved[id(builder)] = now + RESOLVE_PAUSE
            text = "Handler %s gets no events: one of its chats cannot be found. %s"
            self._log.error(text, _name_of(callback), error)
            return False
        self._unresolved.pop(id(builder), None)
        return True

    async def dispatch_event(self, event: Any) -> None:
        """Call those who want an event that was not made of one update alone, such as an album."""
        known = cast("list[tuple[Any, Any]]", self._client._event_builders)
        handlers = [
            (builder, callback)
            for builder, callback in known
            if isinstance(event, cast("type[Any]", getattr(builder, "Event", ())))
        ]
        built = EventBuilderDict(self._client, event.original_update, None)
        for builder, _ in handlers:
            built[builder.__class__] = event
        await self._call(built, handlers, False)

    # -- conversations -------------------------------------------------------------------------------------------

    def _tell_conversations(self, built: EventBuilderDict) -> None:
        """Let conversations have their answers; at once, because a handler may wait for one in another task."""
        for conversations in list(self._client._conversations.values()):
            for conversation in list(conversations):
                try:
                    self._tell(conversation, built)
                except Exception:  # noqa: BLE001 - one conversation must not take others with it
                    self._log.exception("Unhandled exception in a conversation")

    def _tell(self, conversation: Any, built: EventBuilderDict) -> None:
        if event := built[NewMessage]:
            conversation._on_new_message(event)
        if event := built[MessageEdited]:
            conversation._on_edit(event)
        if event := built[MessageRead]:
            conversation._on_read(event)
        if conversation._custom:
            self.spawn(self._check_custom(conversation, built))

    async def _check_custom(self, conversation: Any, built: EventBuilderDict) -> None:
        try:
            await conversation._check_custom(built)
        except Exception:  # noqa: BLE001 - filters are a program's own
            self._log.exception("Unhandled exception in a conversation")
        finally:
            self.done()


async def until(future: asyncio.Future[None], timeout: float | None) -> None:
    """Wait until a future is done, or so many seconds, after which it is.

    As ``asyncio.wait_for`` without a task of its own and without an error.
    """
    timer = None if timeout is None else asyncio.get_running_loop().call_later(max(timeout, 0.0), finish, future)
    try:
        await future
    finally:
        if timer is not None:
            timer.cancel()


def finish(future: asyncio.Future[None] | None) -> None:
    """Let whoever waits for a future go on, if there is one."""
    if future is not None and not future.done():
        future.set_result(None)


def _is_plain(builder: Any) -> bool:
    """Whether it is only the event on which it depends that a builder wants it."""
    if builder.func is not None:
        return False
    pattern = getattr(builder, "pattern", None)
    return (pattern is None or pattern.__class__ is _METHOD) and _is_known(builder.__class__)


_KNOWN: Final[dict[type[Any], bool]] = {}


def _is_known(cls: type[Any]) -> bool:
    """Whether a class of builders is one of ours: what those of programs depend on is not known."""
    known = _KNOWN.get(cls)
    if known is None:
        known = _KNOWN[cls] = cls.__module__.startswith("telethon.events.") and not hasattr(cls, "match")
    return known


def _look_at(task: asyncio.Task[Any]) -> None:
    """Keep asyncio from reporting that nobody has looked at how a task ended."""
    if not task.cancelled():
        task.exception()


def _name_of(callback: Callable[..., Any]) -> str:
    return getattr(callback, "__name__", None) or repr(callback)
