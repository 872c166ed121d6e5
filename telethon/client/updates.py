"""Handlers of events, and following what happens to the account."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from telethon.client.users import UserMethods
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon.events.common import EventBuilder

__all__ = ["Callback", "UpdateMethods"]

_E = TypeVar("_E")
_R = TypeVar("_R")

Callback: TypeAlias = Callable[[Any], Any]
"""A handler: a coroutine function of one event."""


class UpdateMethods(UserMethods):
    """Handlers of events."""

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
        loop = self.loop
        try:
            return loop.run_until_complete(self._run_until_disconnected())
        except KeyboardInterrupt:
            return None
        finally:
            # Ctrl-C ends the loop in the middle of something; what is left to do is done in it here.
            self.disconnect()

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

    async def catch_up(self) -> None:
        """Ask Telegram for everything that happened since the last update that is known.

        The client does so by itself when it finds a hole, after it had to connect again, and after 15 minutes of
        silence; with ``catch_up=True`` also for the time in which it was not running.

        Example:
            >>> await client.catch_up()

        Network: one request, and more when there is much; they are sent after this returns.
        Source: https://core.telegram.org/api/updates#recovering-gaps
        """
        self._updates_queue.put_nowait(types.UpdatesTooLong())

    # -- handlers ------------------------------------------------------------------------------------------------

    def on(
        self, event: EventBuilder[_E] | type[EventBuilder[_E]]
    ) -> Callable[[Callable[[_E], Awaitable[_R]]], Callable[[_E], Awaitable[_R]]]:
        """A decorator that makes a function the handler of an event.

        Args:
            event: what to handle: a builder like ``events.NewMessage(pattern="hi")``, or its class for all of a kind.

        Example:
            >>> @client.on(events.NewMessage(incoming=True))
            ... async def handler(event):
            ...     await event.reply("Hi!")
        """

        def decorator(function: Callable[[_E], Awaitable[_R]]) -> Callable[[_E], Awaitable[_R]]:
            self.add_event_handler(function, event)
            return function

        return decorator

    def add_event_handler(
        self, callback: Callback, event: EventBuilder[Any] | type[EventBuilder[Any]] | None = None
    ) -> None:
        """Call *callback* for each event of a kind.

        Handlers are called in the order in which they were added; one that raises `StopPropagation` is the last one
        for that update.

        Args:
            callback: a coroutine function of one event. What `events.register` said of it goes before *event*.
            event: what to handle: a builder or its class. None for raw updates.

        Example:
            >>> async def handler(event):
            ...     print(event.raw_text)
            >>> client.add_event_handler(handler, events.NewMessage)
        """
        from telethon import events

        marked = events._get_handlers(callback)
        if marked is not None:
            self._event_builders.extend((builder, callback) for builder in marked)
            return
        if isinstance(event, type):
            event = event()
        elif event is None:
            event = events.Raw()
        self._event_builders.append((event, callback))

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

    async def _update_loop(self) -> None:
        raise NotImplementedError

    async def _handle_auto_reconnect(self) -> None:
        # What was sent while there was no connection is gone; Telegram tells it again when it is asked.
        self._updates_queue.put_nowait(types.UpdatesTooLong())
