"""The sender: requests out, answers and updates in, over one connection after another.

    send ---> engine.submit ---> flush, once per turn of the event loop ---> Link ---> Connection
    future <--- event <--- engine.receive_packet <--- Link <--- Connection

The protocol itself is in `telethon.mtproto.engine`; here are the futures, the timer that the engine asks for, and what
happens when a connection ends. While a connection is there no task runs for it, only connecting is one.

Source: https://core.telegram.org/mtproto/description
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from telethon.crypto import AuthKey
from telethon.errors.common import (
    AuthKeyNotFound,
    BadMessageError,
    InvalidBufferError,
    InvalidChecksumError,
    RemoteProtocolError,
    SecurityError,
)
from telethon.extensions.binaryreader import BinaryReader
from telethon.helpers import get_running_loop
from telethon.mtproto import events
from telethon.mtproto.events import ErrorReceived, ResultReceived
from telethon.network._link import Link, close_connection
from telethon.network._ownupdates import is_update, own_update
from telethon.network.reconnect import ReconnectPolicy, Redial
from telethon.network.requeststate import RequestFuture
from telethon.network.system import CLOCK, RANDOM, clock_of
from telethon.tl._registry import read
from telethon.tl.tlobject import TLRequest

if TYPE_CHECKING:
    import logging

    from telethon._core.clock import Clock, Instant
    from telethon.mtproto.engine import MTProtoEngine
    from telethon.mtproto.salts import FutureSalt
    from telethon.network.connection.connection import Connection
    from telethon.network.mtprotostate import MTProtoState

__all__ = ["MTProtoSender"]

_KEY_PATIENCE = 30.0
"""Seconds each step of a key exchange may take when no other limit is set."""

_NEXT_ADDRESS_AFTER = 4.0
"""Seconds an address gets when there are others to try."""

_LASTED = 30.0
"""Seconds after which a connection is not one of a row of failed tries any more."""

_TEST_DC = 10000
"""Added to the number of a data centre of the test environment in a key exchange."""

_RETRIED = (OSError, EOFError, asyncio.TimeoutError)
_READS_AN_OBJECT = TLRequest[Any].read_result
_FATAL_ANSWERS = frozenset(("AUTH_KEY_DUPLICATED",))


class MTProtoSender:
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
        self._connection: Connection | None = None
        self._loggers = loggers
        self._log = loggers[__name__]
        self._retries = retries
        self._delay = delay
        self._auto_reconnect = auto_reconnect
        self._connect_timeout = connect_timeout
        self._auth_key_callback = auth_key_callback
        self._updates_queue = updates_queue
        self._auto_reconnect_callback = auto_reconnect_callback
        self._connect_lock = asyncio.Lock()
        self._clock: Clock = CLOCK
        self.auth_key = auth_key

        self.addresses: Callable[[], Sequence[tuple[str, int]]] | None = None
        """Gives the places to connect to, best first; without it there is only that of the connection."""
        self.introduce: Callable[[TLRequest[Any]], TLRequest[Any]] | None = None
        """How to tell the server who we are with a request, when that is not the client's own way."""
        self.dc_id: int | None = None
        """Number of the data centre it was made for; only for those who look at it."""
        self.is_test = False
        """Whether the data centre is one of the test environment."""
        self.rsa_keys: Mapping[int, Any] | None = None
        """The RSA keys to trust in a key exchange instead of those of Telegram."""
        self.needs_introduction = False
        """Whether the server may have forgotten who we are, so that the next request should tell it again."""

        self._user_connected = False
        self._reconnecting = False
        self._closing = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self.__disconnected: asyncio.Future[None] | None = None
        self._legacy_state: MTProtoState | None = None
        self._engine: MTProtoEngine | None = None
        self._redial: Redial | None = None
        self._link: Link | None = None
        self._broken: BaseException | None = None
        self._opened_at = 0.0
        self._is_proven = False
        self._work: asyncio.Task[None] | None = None
        self._callbacks: set[asyncio.Future[Any]] = set()
        self._flush_handle: asyncio.Handle | None = None
        self._flush_is_due = False
        self._timer: asyncio.TimerHandle | None = None
        self._timer_at = 0.0
        self._sessions = 0
        self._lost_updates = False
        self._settled: list[RequestFuture] | None = None
        self._give_up_callback = self._give_up
        self._known_salts: list[FutureSalt] = []

    # -- what users see ----------------------------------------------------------------------------------------------

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
            self.__disconnected = self._loop.create_future()
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
            if self._broken is not None:
                # Lost again already, in the moment between.
                self._recover()
            return True

    @property
    def auth_key(self) -> AuthKey:
        """The authorization key; false before one was made. Another one counts from the next connection on."""
        return self._auth_key

    @auth_key.setter
    def auth_key(self, value: AuthKey | bytes | None) -> None:
        self._auth_key = value if isinstance(value, AuthKey) else AuthKey(value)

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
        await self._close_link()

    @property
    def disconnected(self) -> asyncio.Future[None]:
        """A future that is done when the connection ended for good, with the error if there was one.

        Before the first connection it is done already.
        """
        return asyncio.shield(self._disconnected)

    @property
    def _disconnected(self) -> asyncio.Future[None]:
        if self.__disconnected is None:
            self.__disconnected = get_running_loop().create_future()
            self.__disconnected.set_result(None)
        return self.__disconnected

    @property
    def _state(self) -> MTProtoState:
        """The numbers of the session. Assigning another one begins the session that it stands for."""
        if self._legacy_state is None:
            from telethon.network.mtprotostate import MTProtoState

            self._legacy_state = MTProtoState(self.auth_key, self._loggers)
        return self._legacy_state

    @_state.setter
    def _state(self, state: MTProtoState) -> None:
        self._legacy_state = state
        if self._engine is not None:
            self._engine.state = state.core()

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
            raise ConnectionError("Cannot send requests while disconnected")
        several = request
        if isinstance(request, TLRequest) or not isinstance(request, Iterable):
            return self._submit(several, None)
        futures: list[RequestFuture] = []
        before: RequestFuture | None = None
        for one in several:
            future = self._submit(one, before)
            futures.append(future)
            if ordered:
                before = future
        return futures

    def _submit(self, request: Any, after: RequestFuture | None) -> RequestFuture:
        engine = self._engine
        loop = self._loop
        if engine is None or loop is None:
            raise ConnectionError("Cannot send requests while disconnected")
        if not issubclass(type(request), TLRequest):
            raise TypeError(f"{type(request).__name__} is not a request")
        body = bytes(request)
        future = RequestFuture(loop=loop)
        future.request = request
        future.given_up = self._give_up_callback
        future._wake = None
        engine.submit(body, token=future, after=after)
        if not self._flush_is_due:
            self._flush_is_due = True
            self._flush_handle = loop.call_soon(self._flush)
        return future

    def _give_up(self, future: RequestFuture) -> None:
        """Nobody waits for an answer any more."""
        if self._engine is not None and self._engine.cancel(future):
            self._flush_soon()

    # -- sending -----------------------------------------------------------------------------------------------------

    def _flush_soon(self) -> None:
        if not self._flush_is_due and self._link is not None and self._loop is not None:
            self._flush_is_due = True
            self._flush_handle = self._loop.call_soon(self._flush)

    def _flush(self) -> None:
        """Write everything that waits. Running once per turn of the loop lets requests share a packet."""
        self._flush_is_due = False
        link, engine = self._link, self._engine
        if link is None or engine is None or link.is_full:
            return
        now = self._clock.now()
        try:
            packets = engine.packets_to_send(now)
        except Exception as error:  # noqa: BLE001 - a fault of ours must not leave everybody waiting
            self._log.exception("Requests could not be packed; connecting again")
            self._on_lost(ConnectionError(f"Requests could not be packed ({type(error).__name__})"))
            return
        if packets:
            link.write(packets)
        self._set_timer(engine, now)

    def _set_timer(self, engine: MTProtoEngine, now: Instant) -> None:
        deadline = engine.next_deadline()
        # A timer that is too early does no harm, and moving it for every packet would cost more than that.
        if deadline is None or self._loop is None or (self._timer is not None and self._timer_at <= deadline):
            return
        if self._timer is not None:
            self._timer.cancel()
        self._timer_at = deadline
        self._timer = self._loop.call_later(max(deadline - now.mono, 0.0), self._on_timer)

    def _on_timer(self) -> None:
        self._timer = None
        engine = self._engine
        if engine is None or self._link is None:
            return
        self._handle(engine.on_timeout(self._clock.now()))
        self._flush()

    # -- receiving ---------------------------------------------------------------------------------------------------

    def _on_packets(self, packets: list[bytes]) -> None:
        loop = self._loop
        if loop is None or self._engine is None or self._broken is not None:
            return
        if asyncio.current_task(loop) is not None or loop.get_debug():
            # One task cannot go on within another one.
            self._take_packets(self._engine, packets)
            self._flush_soon()
            return
        settled: list[RequestFuture] = []
        self._settled = settled
        self._flush_is_due = True
        try:
            self._take_packets(self._engine, packets)
        finally:
            self._settled = None
        # Everything has been taken in. Who got an answer goes on now, and what they ask next leaves with what else is
        # to be sent, all of that without another turn of the event loop.
        try:
            self._wake(settled, loop)
        finally:
            self._flush()

    @staticmethod
    def _wake(settled: list[RequestFuture], loop: asyncio.AbstractEventLoop) -> None:
        woken = 0
        try:
            for future in settled:
                woken += 1
                try:
                    future.wake()
                except Exception as error:  # noqa: BLE001 - the loop does the same with what it runs
                    loop.call_exception_handler({"message": "A task could not go on", "exception": error})
        finally:
            # The program is being ended: the others learn of their answers in the usual way.
            for future in settled[woken:]:
                future.wake_later()

    def _take_packets(self, engine: MTProtoEngine, packets: list[bytes]) -> None:
        link = self._link
        now = self._clock.now()
        for packet in packets:
            try:
                found = engine.receive_packet(packet, now)
                self._handle(found)
            except RemoteProtocolError as error:
                self._on_lost(error)
                return
            except Exception as error:  # noqa: BLE001 - a fault of ours must not leave everybody waiting
                self._log.exception("A packet could not be handled; connecting again")
                self._on_lost(ConnectionError(f"A packet could not be handled ({type(error).__name__})"))
                return
            if self._link is not link:
                return
            if not self._is_proven and len(packet) > 4:
                self._is_proven = True
                if self._redial is not None:
                    self._redial.proven()

    def _on_progress(self) -> None:
        if self._engine is not None:
            self._engine.note_progress(self._clock.now())

    def _handle(self, found: list[events.Event]) -> None:
        for event in found:
            if type(event) is ResultReceived:
                self._on_result(event.token, event.body)
            elif type(event) is events.UpdatesReceived:
                self._on_update(event.body)
            else:
                self._on_other(event)

    def _on_result(self, future: Any, body: bytes) -> None:
        if future.done():
            return
        request: Any = future.request
        cls = request.__class__
        try:
            # Most requests read their answers like any object; then no reader is needed for it.
            if cls.read_result is _READS_AN_OBJECT:
                result, _ = read(body)
            else:
                result = request.read_result(BinaryReader(body))
        except Exception as error:  # noqa: BLE001 - whatever an answer is like, it only concerns who asked for it
            self.needs_introduction = True
            future.set_exception(error)
            return
        if self._updates_queue is not None:
            own = own_update(result, request)
            if own is not None:
                self._put_update(own)
        if self._settled is None:
            future.set_result(result)
        else:
            future.settle(result)
            self._settled.append(future)

    def _on_other(self, event: events.Event) -> None:
        match event:
            case ErrorReceived():
                self._on_error(event)
            case events.Unreadable(future, error):
                self._fail(future, error)
            case events.BadMessage(future, code):
                self._fail(future, BadMessageError(getattr(future, "request", None), code))
            case events.TransportError(code):
                if self._connection is not None:
                    self._connection.error_code = code
                refused = InvalidBufferError((-code).to_bytes(4, "little", signed=True))
                self._on_lost(AuthKeyNotFound() if isinstance(event, events.KeyUnknown) else refused)
            case events.Closed(reason):
                self._on_lost(ConnectionError(f"The connection is given up: {reason}"))
            case events.SessionCreated():
                self._sessions += 1
                if self._sessions > 1:
                    self._log.info("The server began a new session; what was missed is fetched")
                    self._put_too_long()
            case events.SessionRenewed(reason):
                self._log.info("A new session begins: %s", reason)
                self.needs_introduction = True
            case events.TimeCorrected(offset):
                self._log.info("The clock of the server is %.1f s ahead of that of this machine", offset)
            case events.Requeued(_, reason):
                self._log.debug("A request is sent again: %s", reason)
            case _:
                pass

    def _on_error(self, event: ErrorReceived) -> None:
        from telethon.errors.lookup import rpc_message_to_error
        from telethon.tl.types import RpcError

        future: Any = event.token
        error = rpc_message_to_error(RpcError(event.code, event.message), getattr(future, "request", None))
        self._fail(future, error)
        if event.message in _FATAL_ANSWERS:
            self._log.error("The server refuses this session: %s", event.message)
            self._on_lost(error)

    @staticmethod
    def _fail(future: Any, error: BaseException) -> None:
        if not future.done():
            future.set_exception(error)

    # -- updates -----------------------------------------------------------------------------------------------------

    def _on_update(self, body: bytes) -> None:
        if self._updates_queue is None:
            return
        try:
            update = BinaryReader(body).tgread_object()
        except Exception as error:  # noqa: BLE001 - whatever cannot be read is fetched in another form
            self._log.warning("An update cannot be read (%s); what it says is fetched", type(error).__name__)
            self.needs_introduction = True
            self._put_too_long()
            return
        if type(self)._handle_update is not MTProtoSender._handle_update or "_handle_update" in self.__dict__:
            from telethon.tl.core.tlmessage import TLMessage

            # Somebody wants to see them first.
            self._call(self._handle_update(TLMessage(0, 0, update)))
        else:
            self._take_update(update)

    async def _handle_update(self, message: Any) -> None:
        """Take an update that came by itself.

        Args:
            message: anything whose `obj` is the update.
        """
        self._take_update(message.obj)

    def _take_update(self, update: Any) -> None:
        if is_update(update):
            self._put_update(update)
        else:
            self._log.info("%s is not an update; it is ignored", type(update).__name__)

    def _put_too_long(self) -> None:
        from telethon.tl.types import UpdatesTooLong

        self._put_update(UpdatesTooLong())

    def _put_update(self, update: Any) -> None:
        queue = self._updates_queue
        if queue is None:
            return
        try:
            if self._lost_updates:
                from telethon.tl.types import UpdatesTooLong

                queue.put_nowait(UpdatesTooLong())
                self._lost_updates = False
            queue.put_nowait(update)
        except asyncio.QueueFull:
            # Fetching all of them at once later takes less memory than keeping them.
            self._lost_updates = True

    # -- connecting --------------------------------------------------------------------------------------------------

    def _start_session(self) -> None:
        self._engine = None
        state = self._state
        state.auth_key = self.auth_key
        state.reset()

    def _make_engine(self) -> MTProtoEngine:
        from telethon.mtproto.engine import MTProtoEngine

        state = self._state
        state.auth_key = self.auth_key
        engine = MTProtoEngine(state.core(), rand=RANDOM)
        if self._known_salts:
            engine.salts.learn(self._known_salts)
        return engine

    async def _establish(self) -> None:
        """Try to connect until it succeeds or there is no point any more."""
        redial = self._redial
        if redial is None:
            raise ConnectionError("Cannot connect without a connection")
        last: BaseException | None = self._broken
        attempt = 0
        while True:
            pause = redial.next_pause()
            if pause is None:
                retries = redial.retries
                raise ConnectionError(f"Connection to Telegram failed {retries} time(s)") from last
            if pause:
                await asyncio.sleep(pause)
            attempt += 1
            self._broken = None
            try:
                await self._open()
            except (*_RETRIED, InvalidBufferError, InvalidChecksumError, SecurityError) as error:
                last = error
                self._log.warning("Attempt %d at connecting failed: %s: %s", attempt, type(error).__name__, error)
                fatal = redial.failed(error, self._clock.now().mono)
                if fatal is not None:
                    raise fatal from error.__cause__
                continue
            return

    async def _open(self) -> None:
        """One try to connect."""
        connection = self._connection
        if connection is None:
            raise ConnectionError("Cannot connect without a connection")
        await self._dial(connection)
        try:
            if not self.auth_key:
                await self._make_key(connection)
            engine = self._engine
            if engine is None or engine.state.auth_key != self.auth_key.key:
                engine = self._engine = self._make_engine()
        except BaseException:
            await close_connection(connection)
            raise
        now = self._clock.now()
        self._opened_at = now.mono
        self._is_proven = False
        engine.on_connected(now)
        self._link = link = Link(
            connection,
            on_packets=self._on_packets,
            on_lost=self._on_lost,
            on_progress=self._on_progress,
            on_room=self._flush_soon,
        )
        link.start()
        self._flush_soon()

    async def _dial(self, connection: Connection) -> None:
        """Open the connection, to the first of its addresses that answers."""
        here = (connection._ip, connection._port)
        addresses = [here] if self.addresses is None else list(self.addresses()) or [here]
        timeout = self._connect_timeout
        for number, (ip, port) in enumerate(addresses, start=1):
            is_last = number == len(addresses)
            limit = timeout if is_last else min(timeout or _NEXT_ADDRESS_AFTER, _NEXT_ADDRESS_AFTER)
            connection._ip, connection._port = ip, port
            self._log.info("Connecting to %s...", connection)
            try:
                await connection.connect(timeout=limit)
            except _RETRIED as error:
                if is_last:
                    raise
                self._log.info("%s does not answer (%s), trying another address", connection, type(error).__name__)
            else:
                self._log.debug("Connected to %s", connection)
                return

    async def _make_key(self, connection: Connection) -> None:
        from telethon.network import dcs
        from telethon.network.authenticator import exchange_keys
        from telethon.network.mtprotoplainsender import MTProtoPlainSender

        self._log.debug("Making a new authorization key")
        is_test = self.is_test or dcs.is_test(connection._ip)
        made = await exchange_keys(
            MTProtoPlainSender(connection, loggers=self._loggers, clock=self._clock),
            dc_id=connection._dc_id + (_TEST_DC if is_test else 0),
            patience=self._connect_timeout or _KEY_PATIENCE,
            keys=self.rsa_keys,
        )
        self.auth_key.key = made.auth_key
        state = self._state
        state.auth_key = self.auth_key
        state.reset()
        state.salt = made.salt
        state.time_offset = made.time_offset
        self._known_salts = []
        if self._auth_key_callback is not None:
            answer = self._auth_key_callback(self.auth_key)
            if asyncio.iscoroutine(answer) or isinstance(answer, Awaitable):
                await answer

    # -- losing the connection ---------------------------------------------------------------------------------------

    def _on_lost(self, error: BaseException) -> None:
        """The connection ended, or must be ended."""
        if self._broken is not None or self._engine is None:
            return
        self._broken = error
        now = self._clock.now()
        if now.mono - self._opened_at > _LASTED and self._redial is not None:
            self._redial.lasted()
        self._engine.on_disconnected(now)
        self._stop_timers()
        if self._user_connected:
            self._recover()

    def _recover(self) -> None:
        if self._work is None and self._loop is not None:
            self._reconnecting = True
            self._work = self._loop.create_task(self._keep_connected())

    async def _keep_connected(self) -> None:
        try:
            while self._broken is not None:
                await self._close_link()
                self._give_up_if_fatal(self._broken)
                self._log.info("The connection was lost (%s); connecting again", _name(self._broken))
                await self._establish()
                self._after_reconnecting()
        except asyncio.CancelledError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, everybody who waits must learn it
            self._log.error("The connection is given up: %s", error)
            self._finish(error)
            await self._close_link()
        finally:
            self._reconnecting = False
            self._work = None

    def _give_up_if_fatal(self, error: BaseException) -> None:
        from telethon.errors.rpcbaseerrors import RPCError

        if isinstance(error, RPCError):
            raise error
        if not self._auto_reconnect:
            raise error if isinstance(error, ConnectionError) else ConnectionError(str(error)) from error
        if self._redial is not None:
            fatal = self._redial.failed(error, self._clock.now().mono)
            if fatal is not None:
                raise fatal

    def _after_reconnecting(self) -> None:
        self._reconnecting = False
        self._log.info("Connected again")
        # Whatever came meanwhile did not come here.
        self._put_too_long()
        if self._auto_reconnect_callback is not None:
            self._call(self._auto_reconnect_callback())

    async def _reconnect(self, last_error: BaseException | None) -> None:
        """Drop the connection and make it again; returns when that has succeeded or failed for good."""
        self._on_lost(last_error or ConnectionError("A new connection was asked for"))
        work = self._work
        if work is not None and work is not asyncio.current_task():
            await asyncio.wait((work,))

    def _call(self, work: Awaitable[Any]) -> None:
        task = asyncio.ensure_future(work)
        self._callbacks.add(task)
        task.add_done_callback(self._called)

    def _called(self, task: asyncio.Future[Any]) -> None:
        self._callbacks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._log.error("A callback failed: %s", type(error).__name__, exc_info=error)

    async def _close_link(self) -> None:
        link, self._link = self._link, None
        self._stop_timers()
        if link is not None:
            await link.close()

    def _stop_timers(self) -> None:
        for handle in (self._timer, self._flush_handle):
            if handle is not None:
                handle.cancel()
        self._timer = self._flush_handle = None
        self._flush_is_due = False

    def _finish(self, error: BaseException | None) -> None:
        """There will be no further connection: nobody shall wait for one."""
        self._user_connected = False
        self._stop_timers()
        engine, self._engine = self._engine, None
        if engine is not None:
            self._known_salts = list(engine.salts.known())
            for future in engine.close():
                _abandon(future, error)
        done = self.__disconnected
        if done is not None and not done.done():
            if error is None:
                done.set_result(None)
            else:
                done.set_exception(error)
                # Whether anybody asks for it or not.
                done.exception()


def _abandon(future: Any, error: BaseException | None) -> None:
    """Tell who waits for an answer that there will be none."""
    if future.done():
        return
    reason: BaseException
    if error is None:
        reason = ConnectionError("The connection was closed before the answer came")
    elif isinstance(error, ConnectionError):
        reason = ConnectionError(*error.args)
        reason.__cause__ = error
    else:
        reason = error
    future.set_exception(reason)
    # Not everybody who sends something waits for the answer.
    future.exception()


def _name(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"
