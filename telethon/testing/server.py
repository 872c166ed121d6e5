"""A Telegram server within the process: data centres, keys, sessions, and whoever answers requests.

This is the protocol half: it knows nothing of users and chats. `handler` answers the requests; see
`telethon.testing._rpc`.

    async with TelegramServerCore(handler) as server:
        host, port = server.address(2)

It listens on 127.0.0.1 only.

Source: https://core.telegram.org/mtproto
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Coroutine, Iterable, Mapping
from typing import Any

from telethon._core.clock import Clock
from telethon._core.rand import RandomBytes, system_random
from telethon.mtproto.limits import Limits
from telethon.testing._keys import KnownKey, SaltSchedule
from telethon.testing._memory import connect_pair
from telethon.testing._rpc import AuthKeyRecord, RequestHandler
from telethon.testing._rsakey import TEST_KEY, ServerRsaKey
from telethon.testing._stats import ServerStats
from telethon.testing._strict import Violations
from telethon.testing.clock import Timer, TimerClock, timer_clock
from telethon.testing.connection import ServerConnection
from telethon.testing.faults import Faults
from telethon.testing.keyexchange import NewKey, ServerKeyExchange, UnfinishedExchanges
from telethon.testing.session import ServerSession
from telethon.tl.alltlobjects import LAYER

__all__ = ["TelegramServerCore"]

_HOST = "127.0.0.1"
_MOST_SESSIONS = 256
_FRACTION = 4294967296.0


class TelegramServerCore:
    """The protocol half of a Telegram server.

    Args:
        handler: who answers requests.
        dcs: numbers of the data centres.
        clock: where the time comes from; by default the clock of a `VirtualTimeLoop` when that is running, else the
            machine's.
        rand: where random bytes come from.
        rsa_key: the key of the server; by default one that all test servers share.
        strict: whether what a client does against the rules is refused and counts as a violation. Otherwise whatever
            can be understood is done, and violations are only logged.
        tolerate: names of rules (see `telethon.testing._strict.RULES`) whose violations are only logged.
        strict_handshake: whether the key exchange insists on RSA_PAD and on inner data that name the data centre.
        init_per_session: whether each session has to begin with initConnection; otherwise each key.
        salt_period: seconds after which a new server salt begins; the old one is accepted for as long again.
        resend_after: seconds after which what was not acknowledged is sent again.
        detailed_info_bytes: of messages as large as this, only their existence is told again, not their content.
        gzip_min_bytes: answers and updates as large as this are compressed; 0 never compresses.
        max_waiting: how many updates wait for a session without connection.
        mtproxy_secret: an MTProxy's secret in any of its forms; with it every port acts as an MTProxy for those who
            have the same one, in a stream that looks like TLS when it begins with ee.

    Attributes:
        handler: as given; may be replaced.
        dcs: as given.
        rsa_key: as given.
        strict: as given.
        violations: what clients did against the rules.
        faults: what shall go wrong.
        stats: what happened, in numbers.
        clock: the clock in use, once the server was started.
        skew: seconds that the clock of the server is ahead of `clock`.
        connections: all open connections.
        detours: host and port that clients are told instead of those the server listens at, by data centre.
        layer: layer of the schema that it speaks.
        ports: where to listen, by data centre; set it before the server is started. Others get any free port.

    Example:
        ```python
        def handler(request, context):
            raise RpcFault(400, "METHOD_INVALID")

        async with TelegramServerCore(handler) as server:
            print(server.address(2), server.public_key_pem)
        ```
    """

    def __init__(
        self,
        handler: RequestHandler,
        *,
        dcs: Iterable[int] = (1, 2, 3, 4, 5),
        clock: Clock | None = None,
        rand: RandomBytes = system_random,
        rsa_key: ServerRsaKey | None = None,
        strict: bool = True,
        tolerate: Iterable[str] = (),
        strict_handshake: bool = False,
        init_per_session: bool = False,
        salt_period: int = 1800,
        resend_after: float = 60.0,
        detailed_info_bytes: int = 1 << 15,
        gzip_min_bytes: int = 1024,
        max_waiting: int = 1024,
        mtproxy_secret: str | bytes = b"",
    ) -> None:
        self.handler = handler
        self.dcs = tuple(dcs)
        self.rand = rand
        self.rsa_key = rsa_key or TEST_KEY
        self.strict = strict
        self.init_per_session = init_per_session
        self.resend_after = resend_after
        self.detailed_info_bytes = detailed_info_bytes
        self.limits = Limits()._replace(gzip_min_bytes=gzip_min_bytes or sys.maxsize)
        self.max_waiting = max_waiting
        self.mtproxy_secret = mtproxy_secret
        self.violations = Violations(tolerate)
        self.stats = ServerStats()
        self.faults = Faults(self)
        self.skew = 0.0
        self.connections: set[ServerConnection] = set()
        self.detours: dict[int, tuple[str, int]] = {}
        self.layer = LAYER
        self.ports: dict[int, int] = {}
        self._strict_handshake = strict_handshake
        self._salt_period = salt_period
        self._given_clock = clock
        self._clock: TimerClock | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._keys: dict[int, dict[bytes, KnownKey]] = {dc_id: {} for dc_id in self.dcs}
        self._unfinished = {dc_id: UnfinishedExchanges() for dc_id in self.dcs}
        self._listeners: dict[int, asyncio.Server] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        self._connected = 0
        self._last_plain_id = 0
        self._meddled: dict[object, bool] = {}
        self._keys_of_dcs: dict[int, ServerRsaKey] = {}

    def __repr__(self) -> str:
        return f"{type(self).__name__}(dcs={self.dcs}, {len(self.connections)} connections)"

    # -- life --------------------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Listen at one port for each data centre.

        Raises:
            RuntimeError: it was started before.
        """
        if self._loop is not None:
            raise RuntimeError("the server was started before; make a new one")
        loop = self._loop = asyncio.get_running_loop()
        self._clock = timer_clock(self._given_clock)
        for dc_id in self.dcs:
            self._listeners[dc_id] = await loop.create_server(_factory(self, dc_id), _HOST, self.ports.get(dc_id, 0))

    async def stop(self) -> None:
        """Hang up on everybody, and report what clients still owed."""
        for session in self.sessions():
            session.check_acks()
        listeners, self._listeners = list(self._listeners.values()), {}
        for listener in listeners:
            listener.close()
        for connection in list(self.connections):
            connection.abort()
        for key in self.all_keys():
            for session in key.sessions.values():
                session.shut()
            key.sessions.clear()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.gather(*tasks, return_exceptions=True)
        for listener in listeners:
            await listener.wait_closed()
        # Sockets are closed in the next turn of the loop.
        await asyncio.sleep(0)

    async def __aenter__(self) -> TelegramServerCore:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    # -- how to reach it ---------------------------------------------------------------------------------------------

    def address(self, dc_id: int) -> tuple[str, int]:
        """Host and port of a data centre.

        Args:
            dc_id: number of the data centre.

        Raises:
            KeyError: there is no such data centre, or the server does not listen.
        """
        if dc_id not in self._listeners:
            raise KeyError(f"the server does not listen for data centre {dc_id}; it has {self.dcs} when it is started")
        host, port = self._listeners[dc_id].sockets[0].getsockname()[:2]
        return host, port

    @property
    def addresses(self) -> Mapping[int, tuple[str, int]]:
        """Host and port of each data centre."""
        return {dc_id: self.address(dc_id) for dc_id in self._listeners}

    @property
    def public_addresses(self) -> dict[int, tuple[str, int]]:
        """Host and port of each data centre, as clients are told."""
        return {dc_id: self.detours.get(dc_id, address) for dc_id, address in self.addresses.items()}

    @property
    def public_key_pem(self) -> str:
        """The public key of the server, for `telethon.crypto.rsa.add_key`."""
        return self.rsa_key.pem

    def rsa_key_of(self, dc_id: int) -> ServerRsaKey:
        """The key of a data centre, which only CDNs have for themselves."""
        return self._keys_of_dcs.get(dc_id, self.rsa_key)

    def connect_in_memory(
        self, dc_id: int, reader: asyncio.StreamReader | None = None
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A connection that uses no socket.

        Args:
            dc_id: data centre to connect to.
            reader: what shall receive, if not a plain `StreamReader`.

        Raises:
            KeyError: there is no such data centre.
        """
        if dc_id not in self._keys:
            raise KeyError(f"there is no data centre {dc_id}, only {self.dcs}")
        loop = self._running()
        reader = reader or asyncio.StreamReader(loop=loop)
        protocol = asyncio.StreamReaderProtocol(reader, loop=loop)
        transport = connect_pair(ServerConnection(self, dc_id), protocol, ("memory", dc_id))
        return reader, asyncio.StreamWriter(transport, protocol, reader, loop)

    # -- time --------------------------------------------------------------------------------------------------------

    @property
    def clock(self) -> TimerClock:
        """The clock in use.

        Raises:
            RuntimeError: the server was not started.
        """
        if self._clock is None:
            raise RuntimeError("the server was not started")
        return self._clock

    def now(self) -> float:
        """The time of the server in Unix seconds."""
        clock = self._clock
        return (self.clock if clock is None else clock).now().wall + self.skew

    def call_later(self, delay: float, callback: Callable[[], object]) -> Timer:
        """Call back when the clock of the server is so many seconds further, unless it was stopped by then."""
        return self.clock.call_later(delay, lambda: self._listeners and callback())

    def call_soon(self, callback: Callable[[], object]) -> None:
        """Call back in the next turn of the event loop."""
        self._running().call_soon(callback)

    def _running(self) -> asyncio.AbstractEventLoop:
        if self._loop is None:
            raise RuntimeError("the server was not started")
        return self._loop

    def start_task(self, coroutine: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Run a coroutine; it is cancelled when the server stops."""
        loop = self._running()
        if sys.version_info >= (3, 12):
            # It runs up to its first real wait at once, so a handler that never waits costs no turn of the loop.
            task = asyncio.Task(coroutine, loop=loop, eager_start=True)
            if task.done():
                return task
        else:
            task = loop.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    # -- keys --------------------------------------------------------------------------------------------------------

    def new_exchange(self, connection: ServerConnection) -> ServerKeyExchange:
        """The key exchanges of a connection."""
        dc_id = connection.dc_id
        faults = self.faults
        return ServerKeyExchange(
            self.rsa_key_of(dc_id),
            dc_id,
            rand=self.rand,
            now=lambda: int(self.now()),
            strict=self._strict_handshake,
            is_known=self._keys[dc_id].__contains__,
            report=lambda rule, detail: self.violations.add(rule, detail, connection.who, tolerate=True),
            edit=lambda step, answer: faults.edit_handshake(dc_id, step, answer) if faults.handshakes else answer,
            fate=faults.key_fate,
            unfinished=self._unfinished[dc_id] if connection.is_http else None,
        )

    def plain_msg_id(self) -> int:
        """A msg_id for an unencrypted answer."""
        msg_id = max(int(self.now() * _FRACTION) & -4, self._last_plain_id + 4)
        self._last_plain_id = msg_id
        return msg_id | 1

    def add_key(self, dc_id: int, key: NewKey) -> KnownKey:
        """Know a key from now on.

        Args:
            dc_id: data centre it is for.
            key: what the key exchange has made.
        """
        now = self.now()
        record = AuthKeyRecord(
            auth_key_id=int.from_bytes(key.auth_key_id, "little", signed=True),
            dc_id=dc_id,
            auth_key=key.auth_key,
            expires_at=None if key.expires_in is None else int(now) + key.expires_in,
        )
        salts = SaltSchedule(key.auth_key_id, self._salt_period)
        salts.begin(key.salt, now)
        known = KnownKey(record, key.auth_key_id, salts)
        self._keys[dc_id][key.auth_key_id] = known
        self.stats.keys += 1
        return known

    def find_key(self, dc_id: int, auth_key_id: bytes) -> KnownKey | None:
        """The key of that id, None when the data centre does not know it (any longer)."""
        key = self._keys[dc_id].get(auth_key_id)
        if key is None:
            return None
        expires_at = key.record.expires_at
        if expires_at is not None and expires_at <= self.now():
            self.forget_key(key)
            return None
        return key

    def all_keys(self) -> list[KnownKey]:
        """All keys of all data centres."""
        return [key for keys in self._keys.values() for key in keys.values()]

    def auth_keys(self) -> list[AuthKeyRecord]:
        """What is known of all keys."""
        return [key.record for key in self.all_keys()]

    def forget_key(self, key: KnownKey | AuthKeyRecord) -> None:
        """Forget a key, its sessions, and the temporary keys that are bound to it; who uses them gets error 404."""
        record = key if isinstance(key, AuthKeyRecord) else key.record
        for known in self.all_keys():
            if known.record is record or known.record.permanent is record:
                self._keys[record.dc_id].pop(known.auth_key_id, None)
                known.is_forgotten = True
                for session in list(known.sessions.values()):
                    session.shut()
                known.sessions.clear()

    # -- sessions ----------------------------------------------------------------------------------------------------

    def session(self, key: KnownKey, session_id: int) -> ServerSession:
        """The session of that number; a new one when it is not known."""
        session = key.sessions.get(session_id)
        if session is None:
            session = ServerSession(self, key, session_id, key.record.dc_id)
            key.sessions[session_id] = session
            self.stats.sessions += 1
            if len(key.sessions) > _MOST_SESSIONS:
                for old in list(key.sessions.values()):
                    if not old.is_connected and old is not session:
                        self.forget_session(key, old.session_id)
                        break
        return session

    def sessions(self) -> list[ServerSession]:
        """All sessions of all keys."""
        return [session for key in self.all_keys() for session in key.sessions.values()]

    def sessions_of(self, user_id: int) -> list[ServerSession]:
        """The sessions of a user, at all data centres, whether they are connected or not."""
        return [session for session in self.sessions() if session.auth.user_id == user_id]

    def forget_session(self, key: KnownKey, session_id: int) -> bool:
        """Forget a session; gives whether there was one."""
        session = key.sessions.pop(session_id, None)
        if session is None:
            return False
        session.shut()
        return True

    # -- what is seen ------------------------------------------------------------------------------------------------

    def connected(self, connection: ServerConnection) -> int:
        """Know a connection; gives its number."""
        self.connections.add(connection)
        self._connected += 1
        self.stats.connections += 1
        altered = self._meddled.pop(connection.peer, None)
        if altered is not None:
            connection.meddled(altered=altered)
        return self._connected

    def disconnected(self, connection: ServerConnection) -> None:
        """Forget a connection."""
        self.connections.discard(connection)

    def meddled(self, peer: object, *, altered: bool) -> None:
        """Somebody between loses what goes over a connection, so its client is not to blame for what is missing.

        Args:
            peer: the address that the connection comes from.
            altered: whether what arrives here is not what the client has sent.
        """
        for connection in self.connections:
            if connection.peer == peer:
                connection.meddled(altered=altered)
                return
        self._meddled[peer] = altered or self._meddled.get(peer, False)

    def unmeddled(self, peer: object) -> None:
        """There will be no connection from that address."""
        self._meddled.pop(peer, None)

    def complain(self, rule: str, detail: str, who: str = "", *, traceback: str = "", excused: bool = False) -> None:
        """Write down that a rule was broken; `excused`: maybe not by the client."""
        # A mistake of the handler is one whoever the client is.
        tolerate = (excused or not self.strict) and rule != "handler"
        self.violations.add(rule, detail, who, tolerate=tolerate, traceback=traceback)


def _factory(server: TelegramServerCore, dc_id: int) -> Callable[[], ServerConnection]:
    return lambda: ServerConnection(server, dc_id)
