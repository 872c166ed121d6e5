"""Perfect forward secrecy: what is sent is encrypted with a temporary key, which the permanent one only vouches for.

    CREATE  a key exchange with `expires_in`, before the session begins or while another one goes on
    BIND    auth.bindTempAuthKey, alone, as the first request of the new session
    USE     initConnection, then whatever waits

A session belongs to its key, so another key means another session, in which the server cannot be asked what became of
requests that were sent in the one before. There are two ways into it:

- *Planned*, an hour before a key ends. The new key is made over the connection in use, beside its traffic. Then no more
  requests are sent until those on their way are answered, the connection is closed, and the next one begins with the
  new key. Everything that waited is sent in the new session: each request exactly once.
- *Forced*, when the server does not know the key any more. Requests on their way are sent again in the new session,
  once each, where that does no harm, and fail otherwise: like after any loss of a session by the server.

There is never more than one connection. After either change what was missed is fetched.

Source: https://core.telegram.org/api/pfs
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from telethon.crypto import AuthKey
from telethon.errors.common import AuthKeyNotFound, InvalidBufferError, SecurityError
from telethon.network._lifeline import Lifeline
from telethon.network.system import RANDOM

if TYPE_CHECKING:
    from telethon.mtproto.engine import MTProtoEngine
    from telethon.mtproto.events import ErrorReceived, Event
    from telethon.mtproto.keyexchange import Finished
    from telethon.mtproto.tempkey import TemporaryKey
    from telethon.network._link import Link
    from telethon.network.connection.connection import Connection
    from telethon.tl.tlobject import TLRequest

__all__ = ["ForwardSecrecy", "KeyReplaced"]

_NO_KEY = bytes(8)
"""Where other packets name their key, unencrypted ones have this."""

_DRAIN = 10.0
"""Seconds that requests on their way get to be answered before the key is changed. New ones wait for so long."""

_UNBOUND_DRAIN = 2.0
"""The same where the key is of no use any more."""

_AGAIN = 60.0
"""Seconds after which a change that did not succeed is tried again."""

_LAST_CHANCE = 120.0
"""Seconds before the end of a key from which on it is changed even though requests are on their way."""

_MAX_UNBOUND = 3
_UNBOUND_MEMORY = 60.0
"""So often within so many seconds another key is made because the server calls the one before unbound."""


class KeyReplaced(ConnectionError):
    """The connection is given up on purpose: the next one uses another temporary key."""


class _Port:
    """The unencrypted packets of a connection that is in use."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._inbox: asyncio.Queue[bytes] = asyncio.Queue()

    def takes(self, packet: bytes) -> bool:
        """Whether a packet is one of them; then it is received here."""
        if not packet.startswith(_NO_KEY):
            return False
        self._inbox.put_nowait(packet)
        return True

    async def send(self, data: bytes, /) -> None:
        """Send a packet."""
        self._link.write([data])

    async def recv(self) -> bytes:
        """The next packet that comes."""
        return await self._inbox.get()


class ForwardSecrecy(Lifeline):
    """The part of a sender that uses temporary keys, when it is told to; arguments as `Lifeline`."""

    use_pfs: bool = False
    """Whether to use temporary keys; set it before connecting."""
    temporary_key_lifetime: int = 86400
    """Seconds a temporary key is made for."""
    hello: Callable[[], TLRequest[Any]] | None = None
    """Gives a request that introduces the client, to be sent in a session before the requests that wait for it."""

    _temporary: TemporaryKey | None = None
    _made: Finished | None = None
    _owner: bytes | None = None
    _spare: tuple[TemporaryKey, Finished] | None = None
    _changes_key = False
    _port: _Port | None = None
    _drained: asyncio.Future[None] | None = None
    _renewal: asyncio.TimerHandle | None = None
    _unbound: deque[float] | None = None

    # -- the engine of the next connection ---------------------------------------------------------------------------

    async def _prepare_engine(self, connection: Connection) -> MTProtoEngine:
        if not self.use_pfs:
            return await super()._prepare_engine(connection)
        if not self.auth_key:
            await self._make_key(connection)
        engine = self._engine
        temporary = self._temporary_key()
        is_good = self._is_good(engine)
        if self._spare is not None and (self._changes_key or not is_good):
            self._temporary, self._made = self._spare
            temporary, self._spare, is_good = self._temporary, None, False
        self._changes_key = False
        if is_good and engine is not None:
            self._renew_later(engine)
            return engine
        fresh = await self._begin_session(connection, temporary)
        self._renew_later(fresh)
        return fresh

    def _temporary_key(self) -> TemporaryKey:
        """The temporary key of the permanent one, be it there already or not."""
        permanent = self.auth_key.key or b""
        if self._temporary is None or self._owner != permanent:
            self._owner = permanent
            self._spare = self._made = None
            self._temporary = self._new_temporary_key()
        return self._temporary

    def _new_temporary_key(self) -> TemporaryKey:
        from telethon.mtproto.tempkey import TemporaryKey

        return TemporaryKey(self.auth_key.key or b"", rand=RANDOM, lifetime=self.temporary_key_lifetime)

    def _is_good(self, engine: MTProtoEngine | None) -> bool:
        """Whether the session can go on with its key."""
        temporary = self._temporary
        return (
            engine is not None
            and temporary is not None
            and engine.state.is_for(temporary.auth_key)
            and temporary.is_good(engine.state.server_time(self._clock.now()))
        )

    async def _begin_session(self, connection: Connection, temporary: TemporaryKey) -> MTProtoEngine:
        """Create and bind a key, as far as that is needed, and go on with it."""
        from telethon.mtproto.engine import MTProtoEngine
        from telethon.mtproto.tempkey import Step
        from telethon.network.mtprotostate import MTProtoState

        made = self._made
        wall = self._clock.now().wall
        step = Step.CREATE if made is None else temporary.step(wall + made.time_offset)
        if made is None or step is Step.CREATE:
            self._made = made = await self._create(connection, temporary)
            step = Step.BIND
        state = MTProtoState(AuthKey(temporary.auth_key), self._loggers)
        state.salt, state.time_offset = made.salt, made.time_offset
        engine = MTProtoEngine(state.core(), rand=RANDOM)
        others: list[Event] = []
        if step is Step.BIND:
            await self._bind(connection, engine, temporary, others)
        if self._user_connected and self.hello is not None:
            await self._introduce(connection, engine, self.hello(), others)
        self._legacy_state = state
        self._go_on_with(engine)
        self._handle(others)
        return engine

    async def _create(self, connection: Connection, temporary: TemporaryKey, port: _Port | None = None) -> Finished:
        self._log.debug("Making a new temporary key")
        wall = self._clock.now().wall
        made = await self._exchange_keys(connection, port=port, expires_in=temporary.lifetime)
        temporary.created(made.auth_key, wall + made.time_offset)
        return made

    async def _bind(
        self, connection: Connection, engine: MTProtoEngine, temporary: TemporaryKey, others: list[Event]
    ) -> None:
        from telethon.mtproto.tempkey import Refusal
        from telethon.network._talk import Refused

        try:
            answer = await self._ask(
                connection, engine, lambda msg_id: temporary.request(engine.state.session_id, msg_id), others
            )
        except AuthKeyNotFound:
            temporary.forget()
            raise KeyReplaced("The server does not know the temporary key that was just made") from None
        except Refused as error:
            refusal = temporary.refused(error.message)
            self._log.warning("The server refuses to bind a temporary key: %s", error)
            if refusal is Refusal.PERMANENT_KEY_UNKNOWN and self.key_is_worthless:
                # Nobody is logged in with it, so that the next try may make another one.
                self.auth_key.key = None
                raise KeyReplaced("The server does not know the permanent key any more") from error
            if refusal is Refusal.PERMANENT_KEY_UNKNOWN:
                # It says so of several keys that only it and we can have; still it has to say it for a while.
                raise AuthKeyNotFound from error
            raise ConnectionError(f"The server refuses to bind a temporary key: {error}") from error
        if not temporary.answered(answer):
            raise ConnectionError("The server did not bind a temporary key, without saying why")
        self._log.info("A new temporary key is in use")

    async def _introduce(
        self, connection: Connection, engine: MTProtoEngine, request: TLRequest[Any], others: list[Event]
    ) -> None:
        from telethon.network._talk import Refused

        try:
            await self._ask(connection, engine, bytes(request), others)
        except AuthKeyNotFound:
            self._forget_temporary_key()
            raise KeyReplaced("The server does not know the temporary key any more") from None
        except Refused as error:
            # What is asked next introduces the client.
            self._log.warning("The server did not take the introduction: %s", error)

    async def _ask(
        self,
        connection: Connection,
        engine: MTProtoEngine,
        body: bytes | Callable[[int], bytes],
        others: list[Event],
    ) -> bytes:
        from telethon.network._talk import ask

        patience = self._key_patience
        try:
            return await asyncio.wait_for(ask(connection, engine, body, clock=self._clock, others=others), patience)
        except asyncio.TimeoutError as error:
            raise asyncio.TimeoutError(f"The server did not answer within {patience:g} s at the new key") from error

    # -- keys that are of no use any more ----------------------------------------------------------------------------

    def _forget_temporary_key(self) -> None:
        if self._temporary is not None:
            self._temporary.forget()
        self._made = None

    def _on_lost(self, error: BaseException) -> None:
        if self.use_pfs and isinstance(error, AuthKeyNotFound):
            # Whoever may say that, it costs no more than another temporary key.
            self._forget_temporary_key()
            error = KeyReplaced("The server does not know the temporary key any more")
        super()._on_lost(error)
        if self._drained is not None and not self._drained.done():
            self._drained.set_result(None)

    def _give_up_if_fatal(self, error: BaseException) -> None:
        if not isinstance(error, KeyReplaced):
            super()._give_up_if_fatal(error)

    def _why(self, error: BaseException) -> str:
        return str(error) if isinstance(error, KeyReplaced) else super()._why(error)

    def _bind_again(self, event: ErrorReceived) -> bool:
        engine = self._engine
        future: Any = event.token
        temporary = self._temporary
        request = getattr(future, "request", None)
        if not self.use_pfs or engine is None or temporary is None or request is None:
            return False
        if future.done():
            return True
        if temporary.auth_key is not None:
            if self._unbound is None:
                self._unbound = deque(maxlen=_MAX_UNBOUND)
            mono = self._clock.now().mono
            if len(self._unbound) == _MAX_UNBOUND and mono - self._unbound[0] < _UNBOUND_MEMORY:
                return False
            self._unbound.append(mono)
            self._forget_temporary_key()
            self._call(self._leave_unbound(engine))
        engine.submit(bytes(request), token=future)
        return True

    async def _leave_unbound(self, engine: MTProtoEngine) -> None:
        """Change the key, when what was done before it became useless is answered."""
        link = self._link
        await self._drain(engine, _UNBOUND_DRAIN)
        if self._link is link and self._engine is engine:
            engine.acknowledge()
            self._flush()
            self._on_lost(KeyReplaced("The server says that the temporary key is not bound"))

    # -- renewal -----------------------------------------------------------------------------------------------------

    def _renew_later(self, engine: MTProtoEngine) -> None:
        """Have the key replaced when it is time."""
        change = None if self._temporary is None else self._temporary.next_change()
        if self._renewal is not None:
            self._renewal.cancel()
            self._renewal = None
        if change is not None and self._loop is not None:
            delay = max(change - engine.state.server_time(self._clock.now()), 0.0)
            self._renewal = self._loop.call_later(delay, self._begin_renewal)

    def _begin_renewal(self) -> None:
        self._renewal = None
        if self._port is None and self._engine is not None:
            self._call(self._renew())

    async def _renew(self) -> None:
        """Replace the key in use by another one, which is made beside it."""
        engine, link, connection = self._engine, self._link, self._connection
        if engine is None or link is None or connection is None:
            # The next connection comes here again.
            return
        try:
            if self._spare is None:
                self._port = port = _Port(link)
                key = self._new_temporary_key()
                self._spare = key, await self._create(connection, key, port)
        except (OSError, EOFError, asyncio.TimeoutError, InvalidBufferError, SecurityError) as error:
            self._log.warning("A temporary key could not be replaced yet: %s: %s", type(error).__name__, error)
            self._renew_after(_AGAIN)
            return
        finally:
            self._port = None
        if self._link is link and self._engine is engine:
            await self._change_over(engine)

    async def _change_over(self, engine: MTProtoEngine) -> None:
        """Let the next connection use the key that was made, when nothing is on its way over this one."""
        link = self._link
        if not await self._drain(engine):
            if self._link is not link:
                return
            left = 0.0 if self._temporary is None else self._temporary.expires_at
            if left - engine.state.server_time(self._clock.now()) > _LAST_CHANCE:
                self._renew_after(_AGAIN)
                return
        # What it has sent is not to be sent again to somebody who is not there any more.
        engine.acknowledge()
        self._flush()
        self._changes_key = True
        self._on_lost(KeyReplaced("Another temporary key takes over"))

    async def _drain(self, engine: MTProtoEngine, patience: float = _DRAIN) -> bool:
        """Send no more requests until those that were sent are answered; gives whether that succeeded.

        Then no request is sent with this key any more.

        Args:
            engine: the session.
            patience: seconds to wait.
        """
        loop = self._loop
        link = self._link
        engine.hold()
        try:
            if engine.unanswered and loop is not None:
                self._drained = loop.create_future()
                await asyncio.wait((self._drained,), timeout=patience)
            if not engine.unanswered and self._link is link and self._engine is engine:
                return True
        except BaseException:
            engine.release()
            raise
        finally:
            self._drained = None
        engine.release()
        self._flush_soon()
        return False

    def _renew_after(self, seconds: float) -> None:
        if self._loop is not None and self._engine is not None and self._renewal is None:
            self._renewal = self._loop.call_later(seconds, self._begin_renewal)

    # -- beside what goes on -----------------------------------------------------------------------------------------

    def _take_packets(self, engine: MTProtoEngine, packets: list[bytes]) -> None:
        port = self._port
        if port is not None:
            packets = [packet for packet in packets if not port.takes(packet)]
        super()._take_packets(engine, packets)
        drained = self._drained
        if drained is not None and not drained.done() and not engine.unanswered:
            drained.set_result(None)

    def _finish(self, error: BaseException | None) -> None:
        engine = self._engine
        if self._renewal is not None:
            self._renewal.cancel()
            self._renewal = None
        made = self._made
        if engine is not None and made is not None and engine.state.is_for(made.auth_key):
            # The key is still good when the sender connects again.
            self._made = made._replace(salt=engine.state.salt, time_offset=engine.state.time_offset)
        super()._finish(error)
