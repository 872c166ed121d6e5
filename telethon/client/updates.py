"""Handlers of events, and following what happens to the account."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from types import FunctionType
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar, cast

from telethon import utils
from telethon._core.oldnames import old_names
from telethon.client._handlershape import wrong_with
from telethon.client._replaced import is_replaced
from telethon.client.users import UserMethods
from telethon.tl import functions, types
from telethon.tl.tlobject import TLObject

if TYPE_CHECKING:
    from telethon._updates import Hole
    from telethon.client._boxview import MessageBoxView
    from telethon.client._dispatch import EventBuilderDict as EventBuilderDict
    from telethon.client._health import ConnectionChange, Connections, Health
    from telethon.client._updateengine import UpdateEngine
    from telethon.events.common import EventBuilder as EventBuilder

__all__ = ["Callback", "EventBuilderDict", "UpdateMethods"]

_E = TypeVar("_E")
_R = TypeVar("_R")
_C = TypeVar("_C")

#: After how many turns of the loop a task has heard that the client is disconnected, with some to spare.
_LAST_TURNS = 5

Callback: TypeAlias = Callable[[Any], Any]
"""A handler: a coroutine function of one event."""

MissedCallback: TypeAlias = Callable[["int | None", int], Any]
"""A function of the id of a chat and of a number of events, see `UpdateMethods.on_missed_updates`."""


def _own_name(name: str) -> Any:
    # Events load only when somebody handles them, and with them the friendly objects.
    if name == "EventBuilderDict":
        from telethon.client._dispatch import EventBuilderDict

        return EventBuilderDict
    if name == "EventBuilder":
        from telethon.events.common import EventBuilder

        return EventBuilder
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


if not TYPE_CHECKING:
    __getattr__ = old_names(__name__, _own_name)


def _check_builder(event: object) -> None:
    """See that *event* is a builder of events, or its class.

    Raises:
        TypeError: it is neither.
    """
    if callable(getattr(event, "build", None)):
        return
    text = "events to handle are given as a builder or its class, such as events.NewMessage(pattern='hi')"
    if isinstance(event, FunctionType):
        raise TypeError(f"{text}, and not as a function; a decorator is written @client.on(events.NewMessage)")
    if isinstance(event, type) and issubclass(event, TLObject):
        raise TypeError(f"{text}; updates of the schema are handled with events.Raw(types.{event.__name__})")
    raise TypeError(f"{text}, and not as {event.__name__ if isinstance(event, type) else type(event).__name__}")


class UpdateMethods(UserMethods):
    """Handlers of events."""

    _connections: Connections

    # -- lifetime ------------------------------------------------------------------------------------------------

    async def set_receive_updates(self, receive_updates: bool) -> None:
        """Say whether updates are wanted from now on, as ``receive_updates=`` of the client did before.

        Args:
            receive_updates: whether Telegram should send what happens to the account.

        Example:
            >>> await client.set_receive_updates(True)

        Network: one cheap request when they are wanted, which tells Telegram so.
        Source: https://core.telegram.org/api/invoking#receiving-updates
        """
        self._no_updates = not receive_updates
        self._invoker._receive_updates = receive_updates
        if receive_updates:
            await self(functions.updates.GetStateRequest())
            self._engine.catch_up()

    def run_until_disconnected(self) -> Any:
        """Wait until the client is disconnected, and meanwhile let the handlers work.

        Outside of an event loop this blocks, and ends quietly on Ctrl-C; inside of one it is awaited. The client is
        disconnected when it returns, whatever the reason.

        Raises:
            ConnectionError: the connection was lost, and could not be made again.
            RPCError: the log-in has ended.

        Example:
            >>> client.start()
            >>> client.run_until_disconnected()

        Network: one cheap request, which tells Telegram that updates are wanted.
        """
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            pass
        else:
            return self._run_until_disconnected()
        from telethon.client._interrupt import run_until_interrupted

        loop = self.loop
        return run_until_interrupted(loop, loop.create_task(self._run_until_disconnected()))

    async def _run_until_disconnected(self) -> None:
        try:
            if not self._no_updates:
                await self(functions.updates.GetStateRequest())
            await self.disconnected
            if self._updates_error is not None:
                raise self._updates_error
        finally:
            done = self.disconnect()
            if done is not None:
                await done
            await self._let_others_end()

    async def _let_others_end(self) -> None:
        """Let tasks that have disconnected the client do what they do behind that.

        Outside of an event loop everything stands still when `run_until_disconnected` returns.
        """
        # Disconnecting waits for handlers, which therefore must not wait for it.
        if asyncio.current_task() not in self._event_handler_tasks:
            while self._disconnecting:
                await asyncio.wait(self._disconnecting)
        for _ in range(_LAST_TURNS):
            await asyncio.sleep(0)

    async def catch_up(self) -> None:
        """Ask Telegram for everything that happened since the last update that is known.

        The client does so by itself when it finds a hole, after it had to connect again, and after 15 minutes of
        silence; with ``catch_up=True`` also for the time in which it was not running.

        Example:
            >>> await client.catch_up()

        Network: one request, and more when there is much; they are sent after this returns.
        Source: https://core.telegram.org/api/updates#recovering-gaps
        """
        self._engine.catch_up()

    def on_missed_updates(self, callback: MissedCallback) -> MissedCallback:
        """Call a function when updates were missed that Telegram does not tell any more, after a very long absence.

        Args:
            callback: called with the id of the chat, or None for private chats and small groups together, and with how
                many events are missing at least. It may be a coroutine function.

        Returns:
            The function, so that this serves as a decorator.

        Example:
            >>> @client.on_missed_updates
            ... async def missed(chat_id, count):
            ...     print(count, "events were missed in", chat_id)

        Source: https://core.telegram.org/constructor/updates.channelDifferenceTooLong
        """

        def on_hole(hole: Hole) -> Any:
            channel_id = hole.channel_id
            chat_id = None if channel_id is None else utils.get_peer_id(types.PeerChannel(channel_id))
            return callback(chat_id, hole.count)

        self._engine.on_hole.append(on_hole)
        return callback

    def on_connection_change(self, callback: Callable[[ConnectionChange], _C]) -> Callable[[ConnectionChange], _C]:
        """Call a function whenever the connection is made, lost, made again, or ended.

        Args:
            callback: called with a `ConnectionChange <telethon.client.ConnectionChange>`. It may be a coroutine
                function.

        Returns:
            The function, so that this serves as a decorator.

        Example:
            >>> @client.on_connection_change
            ... async def changed(change):
            ...     print(change.state, "after", change.seconds, "s")
        """
        self._connections.listeners.append(callback)
        return callback

    def health(self) -> Health:
        """How the client is doing: its connection, and the way of updates from Telegram to the handlers.

        Returns:
            A `Health <telethon.client.Health>`; its ``problems`` say what is wrong, and what to do about it.

        Example:
            >>> health = client.health()
            >>> print(health.connection, health.lag, *health.problems)

        Network: none.
        """
        offset: Any = getattr(getattr(self._sender, "_state", None), "time_offset", 0)
        return self._engine.health(self._connections, float(offset or 0), self.loop.time())

    # -- handlers ------------------------------------------------------------------------------------------------

    def on(
        self, event: EventBuilder[_E] | type[EventBuilder[_E]]
    ) -> Callable[[Callable[[_E], Awaitable[_R]]], Callable[[_E], Awaitable[_R]]]:
        """A decorator that makes a function the handler of an event.

        Args:
            event: what to handle: a builder like ``events.NewMessage(pattern="hi")``, or its class for all of a kind.

        Raises:
            TypeError: *event* is no builder.

        Example:
            >>> @client.on(events.NewMessage(incoming=True))
            ... async def handler(event):
            ...     await event.reply("Hi!")
        """

        # At once: without the parentheses the decorator is called with the handler, and nothing else would tell.
        _check_builder(event)

        def decorator(function: Callable[[_E], Awaitable[_R]]) -> Callable[[_E], Awaitable[_R]]:
            self.add_event_handler(function, event)
            return function

        return decorator

    def add_event_handler(
        self, callback: Callback, event: EventBuilder[Any] | type[EventBuilder[Any]] | None = None
    ) -> None:
        """Call *callback* for each event of a kind.

        Handlers are called in the order in which they were added; one that raises `StopPropagation` is the last one
        for that update. A function that cannot be called with one event is told in the log at once.

        Args:
            callback: a coroutine function of one event. What `events.register` said of it goes before *event*.
            event: what to handle: a builder or its class. None for raw updates.

        Raises:
            TypeError: *event* is no builder, or *callback* is no function.

        Example:
            >>> async def handler(event):
            ...     print(event.raw_text)
            >>> client.add_event_handler(handler, events.NewMessage)
        """
        from telethon import events

        if not callable(callback):
            raise TypeError(
                f"a handler is a function of one event, and this is a {type(callback).__name__}; it is given by its "
                "name alone, without calling it: add_event_handler(handler, events.NewMessage)"
            )
        marked = events._get_handlers(callback)
        if marked is not None:
            self._event_builders.extend((builder, callback) for builder in marked)
            return
        if event is None:
            event = events.Raw()
        _check_builder(event)
        if isinstance(event, type):
            event = event()
        self._event_builders.append((event, callback))
        wrong = wrong_with(callback)
        if wrong is not None:
            self._log[__name__].warning("Handler %s %s", getattr(callback, "__name__", repr(callback)), wrong)

    def remove_event_handler(
        self, callback: Callback, event: EventBuilder[Any] | type[EventBuilder[Any]] | None = None
    ) -> int:
        """Call *callback* no more.

        Args:
            callback: the function, as it was given to `add_event_handler`.
            event: for which kind of events; of a builder only the class counts. None for all kinds.

        Returns:
            How often it had been added.

        Example:
            >>> client.remove_event_handler(handler)
            1
        """
        kind: type[Any] | None = event if event is None or isinstance(event, type) else type(event)
        kept = [
            (builder, known)
            for builder, known in self._event_builders
            if known != callback or (kind is not None and not isinstance(builder, kind))
        ]
        removed = len(self._event_builders) - len(kept)
        # In place: whoever holds the list, such as a plug-in that removes its own handlers, holds the same one after.
        self._event_builders[:] = kept
        return removed

    def list_event_handlers(self) -> list[tuple[Callback, EventBuilder[Any]]]:
        """The handlers and what each one handles, in the order in which they are called.

        Example:
            >>> for callback, event in client.list_event_handlers():
            ...     print(callback.__name__, type(event).__name__)
        """
        return [(callback, builder) for builder, callback in self._event_builders]

    # -- updates -------------------------------------------------------------------------------------------------

    def _make_update_engine(self) -> UpdateEngine:
        from telethon.client._dispatch import Dispatcher
        from telethon.client._health import Connections
        from telethon.client._updateengine import Settings, UpdateEngine
        from telethon.client._updatestore import UpdateStore

        log = self._log[__name__]
        self._connections = Connections(lambda: self._clock.now().mono, log)
        self._sender.on_link_change = self._connections.changed
        # What a program may put its own in the place of is looked up when it is needed.
        return UpdateEngine(
            queue=self._updates_queue,
            ask=self._ask_for_updates,
            store=UpdateStore(lambda: self.session, log),
            dispatcher=Dispatcher(self, log, self._own_dispatch),
            cache=lambda: self._mb_entity_cache,
            clock=self._clock,
            log=log,
            settings=Settings(
                self._catch_up, self._sequential_updates, self._entity_cache_limit, self._durable_updates
            ),
            is_wanted=lambda: not self._no_updates,
            pending=lambda: getattr(self._sender, "_send_queue", ()),
            last_request=lambda: self._last_request,
            on_lost=self._on_login_lost,
            run=lambda: self._update_loop(),
            on_start=self._on_updates_started,
            stay=lambda: self._keepalive_loop(),
            reconnect=self._begin_new_connection,
        )

    @property
    def _engine(self) -> UpdateEngine:
        return cast("UpdateEngine", self._update_engine)

    @property
    def _message_box(self) -> MessageBoxView:
        return self._engine.view

    def _ask_for_updates(self, request: Any) -> Any:
        if self._has_own_call:
            # A program's own method may not know of this argument.
            return self(request)
        return self(request, flood_sleep_threshold=0)

    def _own_dispatch(self) -> Callable[[Any], Awaitable[Any]] | None:
        return self._dispatch_update if is_replaced(self, "_dispatch_update", _OWN_DISPATCH) else None

    def _on_updates_started(self, task: asyncio.Task[None]) -> None:
        self._updates_handle, self._keepalive_handle = task, self._engine.staying

    def _on_login_lost(self, error: BaseException) -> None:
        """The account was logged out elsewhere: end, and let `run_until_disconnected` say why."""
        self._updates_error = error
        self._authorized = None
        self.disconnect()

    def _begin_new_connection(self) -> None:
        error = ConnectionError("No updates came over it although there were some")
        self._engine.beside.spawn(lambda: self._sender._reconnect(error))

    async def _update_loop(self) -> None:
        await self._engine.run()

    async def _keepalive_loop(self) -> None:
        """Ask Telegram for something after each long silence, so that it does not stop to send updates."""
        if self._engine.task is not None:
            await self._engine.keep_alive()

    async def _handle_auto_reconnect(self) -> None:
        self._engine.reconnected()

    async def _dispatch_update(self, update: Any) -> None:
        """Call the handlers of an update, and wait for them."""
        dispatcher = self._engine.dispatcher
        built: EventBuilderDict | None = update.__dict__.pop("_built", None)
        task = dispatcher.start_handlers(dispatcher.prepare(update) if built is None else built)
        if task is not None:
            await asyncio.wait([task])

    async def _dispatch_event(self, event: Any) -> None:
        """Call the handlers of an event that was not made of one update alone."""
        await self._engine.dispatcher.dispatch_event(event)

    async def _save_states_and_entities(self) -> None:
        """Write to the session now what it is told of updates and entities otherwise within half a second."""
        await self._engine.save()

    async def _preprocess_updates(
        self, updates: Iterable[Any], users: Iterable[Any], chats: Iterable[Any]
    ) -> list[Any]:
        """Remember users and chats, and give the updates those that came with them."""
        from telethon.client._updateentities import entities_of

        entities = entities_of(users, chats)
        self._mb_entity_cache.extend(users, chats)
        found = list(updates)
        for update in found:
            update._entities = entities
        return found


_OWN_DISPATCH: Any = UpdateMethods.__dict__["_dispatch_update"]
