"""The sender: requests out, answers and updates in, over one connection after another.

    send ---> engine.submit ---> flush, once per turn of the event loop ---> Link ---> Connection
    future <--- event <--- engine.receive_packet <--- Link <--- Connection

The protocol itself is in `telethon.mtproto.engine`; here are the futures, the timer that the engine asks for, and what
happens when a connection ends. While a connection is there no task runs for it, only connecting is one.

Source: https://core.telegram.org/mtproto/description
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from telethon._core.oldnames import old_names
from telethon.helpers import get_running_loop
from telethon.network._pfs import ForwardSecrecy
from telethon.network._traffic import DISCONNECTED
from telethon.network.reconnect import ReconnectPolicy, Redial
from telethon.network.system import RANDOM, clock_of
from telethon.tl.tlobject import TLRequest

if TYPE_CHECKING:
    import logging

    from telethon.crypto import AuthKey
    from telethon.network.connection.connection import Connection
    from telethon.network.requeststate import RequestFuture
else:
    __getattr__ = old_names(__name__)

__all__ = ["MTProtoSender"]


class MTProtoSender(ForwardSecrecy):
    """Sends requests and keeps the connection that this needs.

    Args:
        auth_key: the authorization key; None to make one.
        loggers: loggers by module name.
        retries: how often connecting is tried again; None or -1 for ever.
        delay: seconds between tries.
        auto_reconnect: whether a lost connection is made again.
        connect_timeout: seconds a try to connect may take, and each step of a key exchange; None for no limit.
        auth_key_callback: called with an `AuthKey` that was just made; it may be a coroutine function.
        updates_queue: where updates go; None to ignore them.
        auto_reconnect_callback: a coroutine function called after a lost connection was made again.

    Attributes:
        auth_key: the authorization key; without content before one was made.

    Example:
        ```python
        sender = MTProtoSender(client.session.auth_key, loggers=client._log)
        await sender.connect(ConnectionTcpFull(host, 443, dc_id, loggers=client._log))
        config = await sender.send(functions.help.GetConfigRequest())
        await sender.disconnect()
        ```
    """

    def __init__(
        self,
        auth_key: AuthKey | None,
        *,
        loggers: Mapping[str, logging.Logger],
        retries: int | None = 5,
        delay: float = 1,
        auto_reconnect: bool = True,
        connect_timeout: float | None = None,
        auth_key_callback: Callable[[AuthKey], Any] | None = None,
        updates_queue: asyncio.Queue[Any] | None = None,
        auto_reconnect_callback: Callable[[], Awaitable[Any]] | None = None,
    ) -> None:
        super().__init__(
            auth_key,
            loggers=loggers,
            auto_reconnect=auto_reconnect,
            connect_timeout=connect_timeout,
            auth_key_callback=auth_key_callback,
            updates_queue=updates_queue,
            auto_reconnect_callback=auto_reconnect_callback,
        )
        self.introduce: Callable[[TLRequest[Any]], TLRequest[Any]] | None = None
        """How to tell the server who we are with a request, when that is not the client's own way."""
        self.dc_id: int | None = None
        """Number of the data centre it was made for; only for those who look at it."""

        self._retries = retries
        self._delay = delay
        self._connect_lock = asyncio.Lock()
        self._closing = False

    async def connect(self, connection: Connection) -> bool:
        """Connect, and make an authorization key if there is none.

        Args:
            connection: a connection that is not open yet; it is opened again when it is lost.

        Returns:
            False when the sender is connected already.

        Raises:
            ConnectionError: no try succeeded, or `disconnect` was called meanwhile.
            SecurityError: the server broke a rule of the key exchange.

        Network: the key exchange, if there is no key.
        """
        async with self._connect_lock:
            if self._user_connected:
                return False
            self._loop = asyncio.get_running_loop()
            self._clock = clock_of(self._loop)
            self._connection = connection
            self._closing = False
            self._broken = None
            policy = ReconnectPolicy(self._retries, self._delay)
            self._redial = Redial(policy, RANDOM)
            self._start_session()
            self._ended = self._loop.create_future()
            self._work = work = self._loop.create_task(self._establish())
            try:
                await work
            except asyncio.CancelledError:
                self._finish(None)
                await self._close_link()
                if self._closing:
                    raise ConnectionError("The sender was disconnected while it was connecting") from None
                raise
            except BaseException:
                self._finish(None)
                raise
            finally:
                self._work = None
            self._user_connected = True
            if self.on_link_change is not None:
                self.on_link_change("connected", None)
            if self._broken is not None:
                # Lost again already, in the moment between.
                self._recover()
            return True

    def is_connected(self) -> bool:
        """Whether the user has connected; also True while a lost connection is being made again."""
        return self._user_connected

    def _transport_connected(self) -> bool:
        """Whether there is a connection right now."""
        return not self._reconnecting and self._connection is not None and self._connection._connected

    async def disconnect(self) -> None:
        """End the connection. Requests that were not answered fail with `ConnectionError`."""
        await self._disconnect()

    async def _disconnect(self, error: BaseException | None = None) -> None:
        self._closing = True
        own = asyncio.current_task()
        work = self._work
        if work is not None and work is not own:
            work.cancel()
            await asyncio.wait((work,))
        self._finish(error)
        others = [task for task in self._callbacks if task is not own]
        for task in others:
            task.cancel()
        if others:
            await asyncio.wait(others)
        if self._storing:
            await asyncio.wait(tuple(self._storing))
        await self._close_link()

    @property
    def disconnected(self) -> asyncio.Future[None]:
        """A future that is done when the connection ended for good, with the error if there was one.

        Before the first connection it is done already.
        """
        return asyncio.shield(self._disconnected)

    @property
    def _disconnected(self) -> asyncio.Future[None]:
        if self._ended is None:
            self._ended = get_running_loop().create_future()
            self._ended.set_result(None)
        return self._ended

    @property
    def _send_queue(self) -> list[Any]:
        """The futures of all requests without an answer, in the order in which they were made."""
        return [] if self._engine is None else self._engine.pending()

    def send(self, request: Any, ordered: bool = False) -> Any:
        """Send a request, or several together.

        Args:
            request: a request, or an iterable of them.
            ordered: whether the server shall start each of several only after the one before it.

        Returns:
            A future of the answer, or a list of futures. Cancelling one tells the server not to answer.

        Raises:
            ConnectionError: the sender is not connected.
        """
        if not self._user_connected:
            raise ConnectionError(DISCONNECTED)
        several = request
        if isinstance(request, TLRequest) or not isinstance(request, Iterable):
            return self._submit(several)
        futures: list[RequestFuture] = []
        before: RequestFuture | None = None
        for one in several:
            future = self._submit(one, before)
            futures.append(future)
            if ordered:
                before = future
        return futures
