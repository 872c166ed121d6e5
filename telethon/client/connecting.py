"""A client's life: connecting, waiting while it lasts, and disconnecting."""

from __future__ import annotations

import abc
import asyncio
import copy
from contextlib import AsyncExitStack
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from telethon.client._await import maybe_await
from telethon.client._datacenters import DataCenterMethods
from telethon.client._loops import OTHER_LOOP, is_in_loop
from telethon.client._policies import is_unknown_method
from telethon.errors.rpcbaseerrors import RPCError
from telethon.helpers import get_running_loop
from telethon.tl import functions, types
from telethon.tl.alltlobjects import LAYER
from telethon.tl.tlobject import TLRequest

if TYPE_CHECKING:
    from telethon._updates import EntityCache

__all__ = ["ConnectionMethods", "FollowsUpdates"]

_T = TypeVar("_T")


class FollowsUpdates(Protocol):
    """What the connection needs of whoever handles updates."""

    async def start(self) -> None:
        """Begin, now that the server knows the client."""

    async def stop(self) -> None:
        """End, and leave in the session what is needed to go on later."""

    async def on_login(self, user: types.User) -> None:
        """Somebody has logged in."""

    async def login_heard(self) -> bool | None:
        """Whether somebody is logged in, if that was asked when the connection was made; None where it was not."""


class ConnectionMethods(DataCenterMethods):
    """The beginning and the end of a connection; `TelegramBaseClient` builds all that it stands on."""

    _loop: asyncio.AbstractEventLoop | None
    _init_request: functions.InitConnectionRequest[Any]
    _no_updates: bool
    _mb_entity_cache: EntityCache
    _update_engine: FollowsUpdates
    _event_handler_tasks: set[asyncio.Task[Any]]
    _leaving: set[asyncio.Task[Any]]
    _cancelled: set[asyncio.Task[Any]]
    _pauses: set[asyncio.Future[None]]
    _has_ended: bool
    _disconnecting: set[asyncio.Task[None]]
    _updates_error: BaseException | None

    @abc.abstractmethod
    async def _choose_server(self) -> None:
        raise NotImplementedError

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        """The event loop in which the client works: the running one, or outside of any the one it would use.

        In another thread it is the loop in which the client was connected, for as long as that runs; so work can be
        handed over: ``asyncio.run_coroutine_threadsafe(client.get_me(), client.loop)``.

        Example:
            >>> client.loop.run_until_complete(client.connect())
        """
        own = self._loop
        if own is not None and own.is_running() and not is_in_loop():
            return own
        return get_running_loop()

    async def connect(self) -> None:
        """Connect to Telegram. Whether somebody is logged in is another matter, see `is_user_authorized`.

        Raises:
            ConnectionError: no try succeeded.
            ValueError: the client has logged out, which ends its session.
            RuntimeError: the client was connected before in another event loop.

        Example:
            >>> await client.connect()

        Network: a key exchange for a new session, and one request that introduces the client.
        Source: https://core.telegram.org/mtproto/auth_key
        """
        if self.session is None:
            raise ValueError(
                "TelegramClient instance cannot be reused after logging out; make a new one with a new session"
            )
        if self._loop is None:
            self._loop = asyncio.get_running_loop()
        else:
            self._check_loop()

        self._has_ended = False
        # Why an earlier connection ended says nothing of this one.
        self._updates_error = None
        await self._choose_server()
        self._sender.auth_key = self.session.auth_key or self._sender.auth_key
        self._sender.key_state = await maybe_await(self.session.get_key_state(self.session.dc_id))
        self._sender.is_test = self._is_test()
        connection = self._new_connection()
        if not await self._sender.connect(connection):
            return
        try:
            await self._auth_key_callback(self._sender.auth_key)
            await self._remember_self()
            await self._introduce()
            await self._update_engine.start()
        except BaseException:
            # Whoever is told that connecting failed, or gives it up, must not be left with half a connection.
            await self._disconnect()
            raise

    async def _introduce(self) -> None:
        """Tell the server who is asking, together with a request that every server answers."""
        try:
            config = await self._sender.send(self._with_init_connection(functions.help.GetConfigRequest()))
        except RPCError as error:
            # Servers for tests may do without; what is said around the request was heard all the same.
            if not is_unknown_method(error):
                raise
            self._log[__name__].warning("The server does not know help.getConfig, so its data centres stay unknown")
        else:
            if isinstance(config, types.Config):
                self._config = config

    async def _remember_self(self) -> None:
        """Take the own account from the session: it is stored as entity 0 whose hash is the own id."""
        try:
            own = await maybe_await(self.session.get_input_entity(0))
            me = await maybe_await(self.session.get_input_entity(own.access_hash))
        except (ValueError, AttributeError):
            return
        if isinstance(me, types.InputPeerUser):
            self._mb_entity_cache.set_self_user(me.user_id, None, me.access_hash)

    async def _store_self(self) -> None:
        """Let the session know whose it is, in the form `_remember_self` reads."""
        own_id = self._mb_entity_cache.self_id
        if own_id and self.session is not None:
            own: Any = types.InputPeerUser(0, own_id)
            # Any answer with users in it would do; sessions read nothing else of it.
            answer = types.contacts.ResolvedPeer(types.PeerUser(own_id), [], [own])
            await maybe_await(self.session.process_entities(answer))

    def _with_init_connection(self, request: TLRequest[_T]) -> TLRequest[_T]:
        """*request* in the wrapping that tells the server who is asking and in which layer.

        Source: https://core.telegram.org/api/invoking#saving-client-info
        """
        init = copy.copy(self._init_request)
        init.query = request
        inner: TLRequest[Any] = functions.InvokeWithoutUpdatesRequest(init) if self._no_updates else init
        return functions.InvokeWithLayerRequest(LAYER, inner)

    def _check_loop(self) -> None:
        if self._loop is not None and self._loop is not asyncio.get_running_loop():
            raise RuntimeError(OTHER_LOOP)

    def is_connected(self) -> bool:
        """Whether the user has connected; also True while a lost connection is being made again.

        Example:
            >>> if not client.is_connected():
            ...     await client.connect()
        """
        sender = getattr(self, "_sender", None)
        return bool(sender and sender.is_connected())

    # Typed as `start` is: whether there is something to await depends on where it is called.
    def disconnect(self) -> Any:
        """Disconnect, save the session and close it. The client may connect again later.

        Inside a running event loop the work has begun when this returns, and can be awaited; outside, it is done.
        The handlers of events that still run are cancelled, except the one that calls this, which may await it.

        Returns:
            Inside a running event loop a future to await; outside None.

        Example:
            >>> await client.disconnect()
        """
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            loop = self._loop or self.loop
            if loop.is_closed():
                # Its connections are gone with the loop; what is left to do needs none.
                loop = self.loop
            if not loop.is_closed():
                loop.run_until_complete(self._disconnect_coro())
            return None
        caller = asyncio.current_task(loop)
        if caller in self._event_handler_tasks and caller not in self._leaving:
            self._leaving.add(caller)
            caller.add_done_callback(self._leaving.discard)
        # A task of its own and shielded: the caller may be cancelled on the way, or not wait for it at all.
        task = loop.create_task(self._disconnect_coro())
        self._disconnecting.add(task)
        task.add_done_callback(self._disconnecting.discard)
        return asyncio.shield(task)

    async def _disconnect_coro(self) -> None:
        if self.session is None:
            return
        self._has_ended = True
        for pause in self._pauses:
            pause.cancel()
        # The last one first; and each of them whatever the others run into, such as a file that cannot be written.
        async with AsyncExitStack() as steps:
            steps.push_async_callback(self._close_session)
            steps.push_async_callback(self._end_handlers)
            steps.push_async_callback(self._pool.close)
            await self._disconnect()

    def _cancel_handlers(self) -> None:
        # A handler that disconnects has asked for this, maybe while the program does the same.
        spared = {*self._leaving, *self._cancelled, asyncio.current_task()}
        for task in self._event_handler_tasks - spared:
            task.cancel()
            self._cancelled.add(task)

    async def _end_handlers(self) -> None:
        self._cancel_handlers()
        handlers, self._cancelled = self._cancelled, set()
        if handlers:
            await asyncio.wait(handlers)
            self._event_handler_tasks.difference_update(handlers)

    async def _close_session(self) -> None:
        try:
            await maybe_await(self.session.save())
        finally:
            await maybe_await(self.session.close())

    async def _disconnect(self) -> None:
        """End the connection and the handling of updates; the session stays open."""
        try:
            await self._update_engine.stop()
        finally:
            if self._has_ended:
                # Before their requests fail: a handler that is cut off must not look as if it had done its work.
                self._cancel_handlers()
            await self._sender.disconnect()

    @property
    def disconnected(self) -> asyncio.Future[None]:
        """A future that is done when the connection ends for good; it holds the error if there was one.

        Example:
            >>> await client.disconnected
        """
        return self._sender.disconnected

    async def _sleep(self, seconds: float) -> None:
        """Wait; every pause of the client goes through here, so that tests may make time pass by themselves.

        Raises:
            ConnectionError: the client was disconnected, so that there is nothing to wait for any more.
        """
        if self._has_ended:
            raise ConnectionError("The client is disconnected, so there is nothing to wait for")
        pause = asyncio.ensure_future(asyncio.sleep(seconds))
        self._pauses.add(pause)
        # Programs put senders of their own in its place.
        ended: Any = getattr(self._sender, "_disconnected", None)
        end = partial(_end_if_lost, pause)
        if ended is not None:
            ended.add_done_callback(end)
        try:
            await asyncio.wait((pause,))
        finally:
            if ended is not None:
                ended.remove_done_callback(end)
            self._pauses.discard(pause)
            is_ended = not pause.done() or pause.cancelled()
            pause.cancel()
        if is_ended:
            raise ConnectionError("The client was disconnected while a request waited until it could be sent again")


def _end_if_lost(pause: asyncio.Future[None], ended: asyncio.Future[None]) -> None:
    """Nobody shall wait for the time to send something over a connection that was lost for good."""
    # Without an error it was ended by the client, which may be about to go on in another data centre.
    if not ended.cancelled() and ended.exception() is not None:
        pause.cancel()
