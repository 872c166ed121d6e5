"""The server of one data centre.

Sources: https://core.telegram.org/mtproto/description, https://core.telegram.org/mtproto/service_messages
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import time
from collections.abc import Awaitable, Callable

from independent import http
from independent.api import Api
from independent.connection import EXPECTED, Connection
from independent.envelope import BadEnvelope, Message, open_sealed
from independent.exchange import Exchange, Refused
from independent.inbound import Inbound
from independent.keys import KEYS
from independent.quirks import Quirks
from independent.rsakey import NotPadded
from independent.session import Key, Session
from independent.tl import BadTL, Object, Reader, dump
from independent.transports import Codec
from independent.world import World

Intercept = Callable[[Session, Message], Awaitable[bool]]


class Server:
    """Listens on the loopback interface."""

    def __init__(self, world: World, dc_id: int = 2, *, proxy_secret: bytes = b"") -> None:
        self.world = world
        self.dc_id = dc_id
        self.proxy_secret = proxy_secret
        self.quirks = Quirks()
        self.rsa_keys = KEYS[:1]
        self.api = Api(self)
        self.keys: dict[bytes, Key] = {}
        self.sessions: dict[tuple[bytes, int], Session] = {}
        self.connections: list[Connection] = []
        self.accepted = 0
        self.exchanges: list[Exchange] = []
        self.violations: list[str] = []
        self.failures: list[BaseException] = []
        self.port = 0
        self.intercept: Intercept | None = None
        """Called with every message before it is handled; nothing more happens when it says True."""
        self.on_connect: Callable[[Connection], Awaitable[bool]] | None = None
        """Called with every connection; it is closed when this says False."""
        self.on_plain: Callable[[Connection, Object], Awaitable[bool]] | None = None
        """Called with every step of an exchange; nothing more happens when it says True."""
        self._listener: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Begin to listen."""
        self._listener = await asyncio.start_server(self._accept, "127.0.0.1", self.port)
        self.port = self._listener.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Stop listening, and end every connection."""
        if self._listener:
            self._listener.close()
        for connection in list(self.connections):
            connection.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def live(self) -> list[Session]:
        """Sessions that have a connection now."""
        return [one for one in self.sessions.values() if one.connection]

    def spawn(self, work: Awaitable[None]) -> None:
        """Do something meanwhile."""
        task = asyncio.ensure_future(self._guarded(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _guarded(self, work: Awaitable[None]) -> None:
        try:
            await work
        except EXPECTED as error:
            self.violations.append(f"{type(error).__name__}: {error}")
        except Exception as error:  # a fault of the server itself, which the test reports
            self.failures.append(error)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = Connection(self, reader, writer)
        self.accepted += 1
        self.connections.append(connection)
        task = asyncio.current_task()
        if task:
            self._tasks.add(task)
        try:
            if self.on_connect and not await self.on_connect(connection):
                return
            await connection.run()
        except (ConnectionError, asyncio.CancelledError):
            # The client went, or the server stops.
            pass
        except (Refused, NotPadded) as error:
            self.violations.append(f"exchange: {error}")
            with contextlib.suppress(*EXPECTED):
                await connection.error(-404)
        except EXPECTED as error:
            self.violations.append(f"{type(error).__name__}: {error}")
        except Exception as error:  # a fault of the server itself, which the test reports
            self.failures.append(error)
        finally:
            connection.close()
            self.connections.remove(connection)
            if task:
                self._tasks.discard(task)

    async def http(self, connection: Connection, first: bytes) -> None:
        """Serve a connection that speaks HTTP."""
        await http.serve(self, connection, first)

    async def packet(self, connection: Connection, data: bytes, quick: bool = False) -> None:
        """A packet came."""
        if data[:8] == bytes(8):
            await self._plain(connection, data)
            return
        key = self.keys.get(data[:8])
        if key is None:
            await connection.error(-404)
            return
        try:
            message = open_sealed(key.auth, data)
        except BadEnvelope as error:
            self.violations.append(str(error))
            await connection.error(-404)
            return
        if quick and isinstance(connection.stream.codec, Codec):
            ack = connection.stream.codec.quick_ack(message.ack_token)
            await connection.raw(connection.stream.out(ack))
        await self.message(connection, key, message)

    async def message(self, connection: Connection, key: Key, message: Message) -> None:
        """An encrypted message came."""
        place = (key.auth.id, message.session_id)
        session = self.sessions.get(place)
        if message.session_id == 0:
            self.violations.append("a session_id of 0")
        if session is None:
            session = self.sessions[place] = Session(key, message.session_id, self.quirks)
        if connection not in session.links:
            session.links.append(connection)
            session.connections += 1
            connection.sessions.append(session)
            if session.connections > 1 and self.quirks.resend_unacked:
                now = time.monotonic()
                for one in session.unacked():
                    # With HTTP every request is a connection.
                    if not isinstance(connection, http.HttpAnswer) or now > one.at + 5:
                        session.again(one.msg_id)
        if self.intercept and await self.intercept(session, message):
            return
        await Inbound(self, session, connection).take(message)
        await session.flush()

    async def _plain(self, connection: Connection, data: bytes) -> None:
        msg_id = int.from_bytes(data[8:16], "little")
        length = int.from_bytes(data[16:20], "little")
        if len(data) < 20 + length or msg_id & 3 or not msg_id & 0xFFFFFFFF:
            self.violations.append(f"an unencrypted message of {len(data)} bytes with msg_id {msg_id}")
        try:
            request = Reader(data[20 : 20 + length]).object()
        except BadTL as error:
            raise Refused(str(error)) from None
        if self.on_plain and await self.on_plain(connection, request):
            return
        exchange = connection.exchange
        if exchange is None or request["_"].startswith("req_pq"):
            exchange = Exchange(self.rsa_keys, self.dc_id, self.quirks.exchange, self.now)
            connection.exchange = exchange
            self.exchanges.append(exchange)
            for junk in self.quirks.exchange.junk:
                await connection.plain(junk, self.plain_id())
        answer = exchange.answer(request)
        if exchange.key:
            made = Key(exchange.key, [exchange.salt], is_temporary=exchange.is_temporary)
            made.user_id = 0 if made.is_temporary else self.world.everyone_is
            self.keys[exchange.key.id] = made
        await connection.plain(dump(answer), self.plain_id())

    def plain_id(self) -> int:
        """A msg_id for an unencrypted message."""
        return (int(self.now() * (1 << 32)) & ~3) + 1

    def now(self) -> float:
        """The time of the server."""
        return time.time() + self.quirks.clock

    def change_salt(self) -> None:
        """From now on another salt is wanted; the old one is refused."""
        for key in self.keys.values():
            key.salts = [secrets.randbits(63)]

    async def push(self, user_id: int, update: Object) -> int:
        """Send an update to every session of a user; gives how many there were."""
        count = 0
        for session in self.live():
            if session.key.main.user_id == user_id and session.wants_updates:
                session.put(update)
                await session.flush()
                count += 1
        return count
