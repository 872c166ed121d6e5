"""Getting a connection, and getting another one when it is lost, until there is no point in it any more."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from telethon.crypto import AuthKey
from telethon.errors.common import AuthKeyNotFound, InvalidBufferError, InvalidChecksumError, SecurityError
from telethon.network._link import Link, close_connection
from telethon.network._repeatable import is_repeatable
from telethon.network._traffic import Traffic
from telethon.network.system import RANDOM

if TYPE_CHECKING:
    import logging

    from telethon.mtproto.engine import MTProtoEngine
    from telethon.mtproto.keyexchange import Finished
    from telethon.mtproto.salts import KeyState
    from telethon.network.connection.connection import Connection
    from telethon.network.mtprotoplainsender import PlainPort
    from telethon.network.mtprotostate import MTProtoState
    from telethon.network.reconnect import Redial

__all__ = ["Lifeline"]

_KEY_PATIENCE = 30.0
"""Seconds each step of a key exchange may take when no other limit is set."""

_NEXT_ADDRESS_AFTER = 4.0
"""Seconds an address gets when there are others to try."""

_LASTED = 30.0
"""Seconds after which a connection is not one of a row of failed tries any more."""

_TEST_DC = 10000
"""Added to the number of a data centre of the test environment in a key exchange."""

_RETRIED = (OSError, EOFError, asyncio.TimeoutError)


class Lifeline(Traffic):
    """The part of a sender that keeps it connected. At most one task works on that.

    Args:
        auth_key: the authorization key; None to make one.
        loggers: loggers by module name.
        auto_reconnect: whether a lost connection is made again.
        connect_timeout: seconds a try to connect may take, and each step of a key exchange; None for no limit.
        auth_key_callback: called with an `AuthKey` that was just made; it may be a coroutine function.
        updates_queue: where updates go; None to ignore them.
        auto_reconnect_callback: a coroutine function called after a lost connection was made again.
    """

    def __init__(
        self,
        auth_key: AuthKey | None,
        *,
        loggers: Mapping[str, logging.Logger],
        auto_reconnect: bool,
        connect_timeout: float | None,
        auth_key_callback: Callable[[AuthKey], Any] | None,
        updates_queue: asyncio.Queue[Any] | None,
        auto_reconnect_callback: Callable[[], Awaitable[Any]] | None,
    ) -> None:
        super().__init__(loggers, updates_queue)
        self.addresses: Callable[[], Sequence[tuple[str, int]]] | None = None
        """Gives the places to connect to, best first; without it there is only that of the connection."""
        self.is_test = False
        """Whether the data centre is one of the test environment."""
        self.rsa_keys: Mapping[int, Any] | None = None
        """The RSA keys to trust in a key exchange instead of those of Telegram."""
        self.key_is_worthless = False
        """Whether a key that the server does not know any more is made anew at once: as long as nobody is logged in."""
        self.key_state: KeyState | None = None
        """What an earlier run kept with the authorization key; set it before connecting."""
        self.on_key_state: Callable[[KeyState], Any] | None = None
        """Called with what is worth keeping with the authorization key; it may be a coroutine function."""
        self.on_link_change: Callable[[Literal["connected", "lost", "reconnected", "disconnected"], Any], None] | None
        self.on_link_change = None
        """Called with what becomes of the connection, and the error that is the reason, if any."""

        self._auto_reconnect = auto_reconnect
        self._connect_timeout = connect_timeout
        self._auth_key_callback = auth_key_callback
        self._auto_reconnect_callback = auto_reconnect_callback
        self._user_connected = False
        self._reconnecting = False
        self._ended: asyncio.Future[None] | None = None
        self._legacy_state: MTProtoState | None = None
        self._abandoned: tuple[bytes, int] | None = None
        self._storing: set[asyncio.Future[Any]] = set()
        self._redial: Redial | None = None
        self._opened_at = 0.0
        self._is_proven = False
        self._work: asyncio.Task[None] | None = None
        self.auth_key = auth_key

    @property
    def auth_key(self) -> AuthKey:
        """The authorization key; false before one was made. Another one counts from the next connection on."""
        return self._auth_key

    @auth_key.setter
    def auth_key(self, value: AuthKey | bytes | None) -> None:
        self._auth_key = value if isinstance(value, AuthKey) else AuthKey(value)

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
        kept = self.key_state
        if kept is None or kept.auth_key_id != self.auth_key.key_id:
            return MTProtoEngine(state.core(), rand=RANDOM)
        if not state.time_offset:
            state.time_offset = kept.time_offset
        core = state.core()
        if not core.salt:
            core.salt = kept.salt
        engine = MTProtoEngine(core, rand=RANDOM)
        engine.salts.learn(kept.future_salts)
        return engine

    async def _prepare_engine(self, connection: Connection) -> MTProtoEngine:
        """The engine to use over a connection that was just opened."""
        is_new = not self.auth_key
        if is_new:
            await self._make_key(connection)
        engine = self._engine
        if engine is not None and engine.state.is_for(self.auth_key.key):
            return engine
        engine = self._go_on_with(self._make_engine())
        if is_new:
            self._keep_key_state()
        return engine

    def _go_on_with(self, engine: MTProtoEngine) -> MTProtoEngine:
        """Use another engine, which goes on with all that waits in the one before."""
        before, self._engine = self._engine, engine
        engine.may_repeat = _may_repeat
        if before is not None:
            self._handle(engine.take_over(before))
        if self._abandoned is not None:
            key, session_id = self._abandoned
            if engine.state.is_for(key):
                engine.abandon(session_id)
            self._abandoned = None
        return engine

    def _keep_key_state(self) -> None:
        """Tell what is worth keeping with the authorization key."""
        engine = self._engine
        if engine is None or not engine.state.is_for(self.auth_key.key):
            # What is known of a temporary key ends with it.
            return
        from telethon.mtproto.salts import KeyState

        self.key_state = state = KeyState(
            self.auth_key.key_id or 0, engine.state.salt, tuple(engine.salts.known()), engine.state.time_offset
        )
        if self.on_key_state is None:
            return
        try:
            answer: Any = self.on_key_state(state)
        except Exception as error:  # noqa: BLE001 - the connection does not end because something cannot be stored
            self._log.warning("Salts and time could not be kept: %s: %s", type(error).__name__, error)
            return
        if answer is not None:
            storing: asyncio.Future[Any] = asyncio.ensure_future(answer)
            self._storing.add(storing)
            storing.add_done_callback(self._stored)

    def _stored(self, storing: asyncio.Future[Any]) -> None:
        self._storing.discard(storing)
        if not storing.cancelled() and (error := storing.exception()) is not None:
            self._log.warning("Salts and time could not be kept: %s: %s", type(error).__name__, error)

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
                why = f"; the last time with {type(last).__name__}: {last}" if last is not None else ""
                raise ConnectionError(f"Connection to Telegram failed {redial.retries or 1} time(s){why}") from last
            if pause:
                await asyncio.sleep(pause)
            attempt += 1
            self._broken = None
            try:
                await self._open()
            except (*_RETRIED, AuthKeyNotFound, InvalidBufferError, InvalidChecksumError, SecurityError) as error:
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
            engine = await self._prepare_engine(connection)
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

    @property
    def _key_patience(self) -> float:
        """Seconds each step on the way to a key may take."""
        return self._connect_timeout or _KEY_PATIENCE

    async def _exchange_keys(
        self, connection: Connection, *, port: PlainPort | None = None, expires_in: int | None = None
    ) -> Finished:
        """Make a key over a connection.

        Args:
            connection: it says where the exchange takes place.
            port: sends and receives in its place, when it is in use already.
            expires_in: seconds after which the key ends, for a temporary one.
        """
        from telethon.network import dcs
        from telethon.network.authenticator import exchange_keys
        from telethon.network.mtprotoplainsender import MTProtoPlainSender

        is_test = self.is_test or dcs.is_test(connection._ip)
        return await exchange_keys(
            MTProtoPlainSender(port or connection, loggers=self._loggers, clock=self._clock),
            dc_id=connection._dc_id + (_TEST_DC if is_test else 0),
            patience=self._key_patience,
            keys=self.rsa_keys,
            expires_in=expires_in,
        )

    async def _make_key(self, connection: Connection) -> None:
        self._log.debug("Making a new authorization key")
        made = await self._exchange_keys(connection)
        self.auth_key.key = made.auth_key
        state = self._state
        state.auth_key = self.auth_key
        state.reset()
        state.salt = made.salt
        state.time_offset = made.time_offset
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

    def _on_proof(self) -> None:
        if not self._is_proven:
            self._is_proven = True
            if self._redial is not None:
                self._redial.proven()

    def _recover(self) -> None:
        if self._work is None and self._loop is not None:
            if self.on_link_change is not None:
                self.on_link_change("lost", self._broken)
            self._reconnecting = True
            self._work = self._loop.create_task(self._keep_connected())

    async def _keep_connected(self) -> None:
        try:
            while self._broken is not None:
                await self._close_link()
                self._give_up_if_fatal(self._broken)
                if self.key_is_worthless and isinstance(self._broken, AuthKeyNotFound):
                    # Nobody is logged in with it, so whoever says that it is gone does no harm.
                    self.auth_key.key = None
                self._log.info("%s; connecting again", self._why(self._broken))
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
        if self.on_link_change is not None:
            self.on_link_change("reconnected", None)
        # It may have forgotten the session, and who is asking with it.
        self.needs_introduction = True
        # Whatever came meanwhile did not come here.
        self._put_too_long()
        if self._auto_reconnect_callback is not None:
            self._call(self._auto_reconnect_callback())

    def _why(self, error: BaseException) -> str:
        """Why the connection ended, for the log."""
        return f"The connection was lost ({type(error).__name__}: {error})"

    async def _reconnect(self, last_error: BaseException | None) -> None:
        """Drop the connection and make it again; returns when that has succeeded or failed for good."""
        self._on_lost(last_error or ConnectionError("A new connection was asked for"))
        work = self._work
        if work is not None and work is not asyncio.current_task():
            await asyncio.wait((work,))

    async def _close_link(self) -> None:
        link, self._link = self._link, None
        self._stop_timers()
        if link is not None:
            await link.close()

    def _finish(self, error: BaseException | None) -> None:
        """There will be no further connection: nobody shall wait for one."""
        if self._user_connected and self.on_link_change is not None:
            self.on_link_change("disconnected", error)
        self._user_connected = False
        self._stop_timers()
        self._keep_key_state()
        engine, self._engine = self._engine, None
        if engine is not None:
            if self._is_proven:
                self._abandoned = engine.state.auth_key, engine.state.session_id
            for future in engine.close():
                _abandon(future, error)
        done = self._ended
        if done is not None and not done.done():
            if error is None:
                done.set_result(None)
            else:
                done.set_exception(error)
                # Whether anybody asks for it or not.
                done.exception()


def _may_repeat(future: Any) -> bool:
    """Whether what waits for an answer may be done twice."""
    request = getattr(future, "request", None)
    return request is None or is_repeatable(request)


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
