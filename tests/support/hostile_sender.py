"""A whole sender whose connection is in memory and whose server is the model, and frames to attack it with."""

from __future__ import annotations

import asyncio
import gc
import logging
import random
import struct
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from fuzztargets import tl
from hostile_frames import bodies_for, mutate, sealed
from mtproto_model import KEY, RPC_RESULT, ModelServer, request

import telethon.errors
from telethon.crypto import AuthKey
from telethon.network import MTProtoSender
from telethon.tl.tlobject import TLRequest

__all__ = ["HostileLink", "Numbered", "Sender"]

_LIBRARY = ("telethon.", "builtins.ConnectionError", "asyncio.exceptions.CancelledError")
_WAITING = 8
"""How many requests wait for their answers, so that there is something to be wrong about."""


class Numbered(TLRequest[Any]):
    """A request that the model server knows; its answer is any object."""

    CONSTRUCTOR_ID = 0x12345678

    def __init__(self, number: int) -> None:
        self.number = number

    def _bytes(self) -> bytes:
        return request(self.number)


class Known(Numbered):
    """One whose answer is that of the model server."""

    def read_result(self, reader: Any) -> Any:
        """The number in it."""
        reader.read_int()
        return reader.read_int()


class _Connection:
    """As much of a connection as a sender needs; packets go to the model and back in the next turn of the loop."""

    def __init__(self, server: ModelServer, note: Callable[[BaseException], None]) -> None:
        self._note = note
        self._ip, self._port, self._dc_id = "memory", 0, 2
        self._connected = False
        self._writer = None
        self._server = server
        self._sink: Any = None
        self.error_code: int | None = None

    def __str__(self) -> str:
        return "memory"

    async def connect(self, timeout: float | None = None, ssl: Any = None) -> None:
        self._connected = True

    async def disconnect(self) -> None:
        self._connected = False
        self._sink = None

    def _writes_at_once(self) -> bool:
        return True

    def _hand_over(self, on_packets: Any, on_end: Any, on_progress: Any) -> bool:
        self._sink = on_packets
        return True

    def _send(self, packet: bytes) -> None:
        loop = asyncio.get_running_loop()
        try:
            answers = self._server.receive(packet, loop.time())
        except Exception as error:
            # The sender would take it for the end of the connection, but it is a rule that the sender broke.
            self._note(error)
            raise
        if answers:
            loop.call_soon(self._deliver, self._sink, answers)

    def _deliver(self, sink: Any, packets: list[bytes]) -> None:
        # What was on its way when the connection was closed is lost.
        if sink is not None and sink is self._sink:
            sink(packets)


class Sender:
    """The sender under attack.

    Attributes:
        foreign: names of exceptions that are none of the library.
    """

    def __init__(self) -> None:
        # Its clock begins at 1,000 s, the same moment at which the virtual one shows its first second.
        self.server = ModelServer()
        self.server.offset = -1000.0
        self.server._sent = _AllSent()
        self.updates: asyncio.Queue[Any] = asyncio.Queue(1000)
        self.foreign: list[str] = []
        self.number = 0
        log = logging.getLogger("hostile")
        log.propagate = False
        log.handlers = [_Watch(self)]
        loggers: Any = defaultdict(lambda: log)
        self.sender = MTProtoSender(
            AuthKey(KEY), loggers=loggers, retries=None, delay=0, updates_queue=self.updates, auto_reconnect=True
        )
        self.connection: Any = _Connection(self.server, self.note)

    async def connect(self) -> None:
        """Connect, and let the session be known."""
        asyncio.get_running_loop().set_exception_handler(lambda loop, context: self.note(context.get("exception")))
        await self.sender.connect(self.connection)
        assert await self.still_works()

    async def disconnect(self) -> None:
        """End it."""
        await self.sender.disconnect()

    @property
    def engine(self) -> Any:
        """The protocol core in it."""
        return self.sender._engine

    def note(self, error: BaseException | None) -> None:
        """Something was raised or logged: whose is it?"""
        name = f"{type(error).__module__}.{type(error).__qualname__}"
        if not name.startswith(_LIBRARY) and not isinstance(error, ConnectionError):
            self.foreign.append(name)

    def ask(self) -> None:
        """Ask for something that the server does not answer by itself."""
        self.number += 1
        self.server.hold.add(self.number)
        future = self.sender.send(Numbered(self.number))
        future.add_done_callback(self._answered)

    def _answered(self, future: Any) -> None:
        if not future.cancelled() and future.exception() is not None:
            self.note(future.exception())

    def hand_over(self, packet: bytes) -> None:
        """A packet arrives."""
        sink = self.connection._sink
        if sink is None:
            return
        try:
            sink([packet])
        except Exception as error:
            self.note(error)

    async def ready(self) -> None:
        """Wait until there is a connection, and enough that waits for an answer."""
        for _ in range(1000):
            if self.connection._sink is not None and not self.sender._reconnecting:
                break
            await asyncio.sleep(0.1)
        if len(self.engine._inflight.sent) >= 4:
            return
        for _ in range(_WAITING):
            self.ask()
        await asyncio.sleep(0.01)

    async def still_works(self) -> bool:
        """Whether a request is answered within a few minutes of virtual time."""
        self.number += 1
        # Now and then the connection is lost because of what came before; then the request is sent again.
        answer = await asyncio.wait_for(self.sender.send(Known(self.number)), 300)
        return bool(answer == self.number)

    def forget(self) -> None:
        """Let go of what the model keeps for tests that look at it."""
        if len(self.server.bodies) > 1000:
            server = self.server
            for kept in (server.bodies, server.log, server.held, server.executed):
                kept.clear()
            _shorten(server._names)
            server.hold = set(range(self.number - 100, self.number + 1))
            for session in server.sessions.values():
                del session.content[:-1]
                session.sent.clear()
                session.acked.clear()
                for some in (session.received, session.answers, session.unacked):
                    _shorten(some)
            while not self.updates.empty():
                self.updates.get_nowait()
            gc.collect(0)


class _Watch(logging.Handler):
    def __init__(self, sender: Sender) -> None:
        super().__init__(logging.DEBUG)
        self._sender = sender

    def emit(self, record: logging.LogRecord) -> None:
        """Notice errors that were caught and only logged."""
        if record.exc_info:
            self._sender.note(record.exc_info[1])
        elif "cannot be read" in str(record.msg):
            name = str((record.args or ("",))[0])
            if not hasattr(telethon.errors, name) and not name.startswith("constructor "):
                self._sender.foreign.append(f"{name}, while an update was read")


class HostileLink:
    """Frames of all kinds, one after the other: changed on the wire, or under the right key and full of nonsense."""

    def __init__(self, sender: Sender, rand: random.Random) -> None:
        self.sender = sender
        self.rand = rand
        objects = [fills for name, fills in tl.samples().items() if ".types." in f".{name}"]
        self.objects = [one for fills in objects for one in fills]

    async def warm_up(self) -> None:
        """Let one good frame of each kind arrive: what is only loaded when it is first needed is loaded then."""
        for place in range(len(list(bodies_for([0] * 8)))):
            await self.sender.ready()
            ids = list(self.sender.engine._inflight.sent)
            self.sender.hand_over(self._sealed(list(bodies_for(ids[:8]))[place]))
            await asyncio.sleep(0.1)

    async def next_packet(self) -> bytes:
        """The next frame; waits for a connection if need be."""
        sender, rand = self.sender, self.rand
        await sender.ready()
        ids = list(sender.engine._inflight.sent)
        chance = rand.random()
        if chance < 0.5 and len(ids) >= 4:
            body = mutate(rand, rand.choice(list(bodies_for(ids[:8]))))
        elif chance < 0.7 and ids:
            # An answer that its request has to read.
            body = struct.pack("<Iq", RPC_RESULT, rand.choice(ids)) + mutate(rand, rand.choice(self.objects))
        elif chance < 0.8:
            body = mutate(rand, rand.choice(self.objects))
        else:
            return self._on_the_wire()
        return self._sealed(body)

    def _sealed(self, body: bytes) -> bytes:
        server, engine = self.sender.server, self.sender.engine
        msg_id = server.msg_id(asyncio.get_running_loop().time(), self.rand.choice((1, 3)))
        return sealed(engine.state.session_id, msg_id, body, self.rand)

    def _on_the_wire(self) -> bytes:
        rand = self.rand
        packet = bytearray(self._sealed(struct.pack("<Ii", 0x55555555, 7) + rand.randbytes(4 * rand.randint(0, 50))))
        match rand.randrange(4):
            case 0:
                packet[rand.randrange(len(packet))] ^= 1 << rand.randrange(8)
            case 1:
                del packet[rand.randrange(5, len(packet)) :]
            case 2:
                packet += rand.randbytes(rand.randint(1, 40))
            case _:
                place = rand.randrange(len(packet) - 16)
                packet[place : place + 16] = rand.randbytes(16)
        return bytes(packet)


def _shorten(some: dict[int, Any]) -> None:
    """Let go of all but the newest thousand."""
    for key in list(some)[:-1000]:
        del some[key]


class _AllSent(dict[int, set[int]]):
    """For each session the ids of what was sent: whatever was, and what nonsense in a container had for ids."""

    def setdefault(self, key: int, default: Any = None) -> set[int]:
        """Always a set in which everything is."""
        return super().setdefault(key, _Everything())


class _Everything(set[int]):
    """The ids of messages that were sent; nonsense in a container may have any."""

    def __contains__(self, _: object) -> bool:
        return True
