"""What goes over a connection: requests become packets, packets become answers, updates and errors.

While a connection is there no task runs for it. Packets arrive by being handed over, and everything that was asked in
one turn of the event loop leaves at its end.
"""

from __future__ import annotations

import abc
import asyncio
from collections.abc import Awaitable, Mapping
from typing import TYPE_CHECKING, Any

from telethon.errors.common import (
    AuthKeyNotFound,
    BadMessageError,
    InvalidBufferError,
    RemoteProtocolError,
    RequestUncertainError,
)
from telethon.extensions.binaryreader import BinaryReader
from telethon.mtproto import events
from telethon.mtproto.events import ErrorReceived, ResultReceived
from telethon.network._ownupdates import is_update, own_update
from telethon.network._repeatable import innermost
from telethon.network.requeststate import RequestFuture
from telethon.network.system import CLOCK
from telethon.tl._registry import read
from telethon.tl.tlobject import TLRequest

if TYPE_CHECKING:
    import logging

    from telethon._core.clock import Clock, Instant
    from telethon.mtproto.engine import MTProtoEngine
    from telethon.network._link import Link
    from telethon.network.connection.connection import Connection

__all__ = ["DISCONNECTED", "Traffic"]

DISCONNECTED = (
    "Cannot send requests while disconnected; connect the client first, by connect(), start() or a with block, "
    "each with await or async in front in asynchronous code"
)
"""What is said to whoever asks without a connection."""

_READS_AN_OBJECT = TLRequest[Any].read_result
_ANYTHING = 0xB7B2364B
"""What is answered to requests that are around another one."""

_settle: Any = asyncio.Future[Any].set_result
"""What `RequestFuture.settle` does, without a method in between."""

_POLL = 25.0
"""Seconds a server that only answers may wait with its answer until it has something to say."""

_NOT_BOUND = "AUTH_KEY_PERM_EMPTY"
_FATAL_ANSWERS = frozenset(("AUTH_KEY_DUPLICATED",))


class Traffic(abc.ABC):
    """The part of a sender that works while there is a connection.

    Args:
        loggers: loggers by module name.
        updates_queue: where updates go; None to ignore them.
    """

    def __init__(self, loggers: Mapping[str, logging.Logger], updates_queue: asyncio.Queue[Any] | None) -> None:
        self.needs_introduction = False
        """Whether the server may have forgotten who we are, so that the next request should tell it again."""

        self._loggers = loggers
        self._log = loggers["telethon.network.mtprotosender"]
        self._updates_queue = updates_queue
        self._clock: Clock = CLOCK
        self._loop: asyncio.AbstractEventLoop | None = None
        self._connection: Connection | None = None
        self._engine: MTProtoEngine | None = None
        self._link: Link | None = None
        self._broken: BaseException | None = None
        self._callbacks: set[asyncio.Future[Any]] = set()
        self._flush_handle: asyncio.Handle | None = None
        self._flush_is_due = False
        self._timer: asyncio.TimerHandle | None = None
        self._timer_at = 0.0
        self._sessions = 0
        self._lost_updates = False
        self._settled: list[RequestFuture] | None = None
        self._give_up_callback = self._give_up

    @abc.abstractmethod
    def _on_lost(self, error: BaseException) -> None:
        """The connection ended, or must be ended."""

    @abc.abstractmethod
    def _on_proof(self) -> None:
        """A packet came that only the server can have made."""

    def _keep_key_state(self) -> None:  # noqa: B027 - not everybody keeps it
        """What is worth keeping with the key has changed."""

    def _bind_again(self, event: ErrorReceived) -> bool:
        """The server says that the temporary key in use is not bound; gives whether that will be mended.

        Then the request is sent again.
        """
        return False

    # -- asking ------------------------------------------------------------------------------------------------------

    def _submit(self, request: Any, after: RequestFuture | None = None) -> RequestFuture:
        engine = self._engine
        loop = self._loop
        if engine is None or loop is None:
            raise ConnectionError(DISCONNECTED)
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
        if link.must_poll is not None and link.must_poll():
            engine.wait_for_messages(_POLL)
            link.write(engine.packets_to_send(now))
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
        except BaseException:
            for future in settled:
                future.wake_later()
            raise
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
            if len(packet) > 4:
                self._on_proof()

    def _on_progress(self) -> None:
        if self._engine is not None:
            self._engine.note_progress(self._clock.now())

    def _handle(self, found: list[events.Event]) -> None:
        on_result = self._on_result
        for event in found:
            if type(event) is ResultReceived:
                on_result(event.token, event.body)
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
            if cls.SUBCLASS_OF_ID == _ANYTHING and cls.read_result is _READS_AN_OBJECT:
                # A wrapper: the answer is that to the request in it.
                reads = innermost(request)
                cls = reads.__class__
            else:
                reads = request
            # Most requests read their answers like any object; then no reader is needed for it.
            if cls.read_result is _READS_AN_OBJECT:
                result, _ = read(body)
            else:
                result = reads.read_result(BinaryReader(body))
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
            _settle(future, result)
            self._settled.append(future)

    def _on_other(self, event: events.Event) -> None:
        match event:
            case ErrorReceived():
                self._on_error(event)
            case events.Unreadable(future, error):
                self._fail(future, error)
            case events.Uncertain(future, reason):
                self._fail(future, RequestUncertainError(getattr(future, "request", None), reason))
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
                    # In the one it forgot, it was told who is asking and in which layer.
                    self.needs_introduction = True
                    self._put_too_long()
            case events.SessionRenewed(reason):
                self._log.info("A new session begins: %s", reason)
                self.needs_introduction = True
            case events.TimeCorrected(offset):
                self._log.info("The clock of the server is %.1f s ahead of that of this machine", offset)
                self._keep_key_state()
            case events.SaltsLearned() | events.SaltChanged():
                self._keep_key_state()
            case events.Requeued(_, reason):
                self._log.debug("A request is sent again: %s", reason)
            case _:
                pass

    def _on_error(self, event: ErrorReceived) -> None:
        from telethon.errors.lookup import rpc_message_to_error
        from telethon.tl.types import RpcError

        if event.message == _NOT_BOUND and self._bind_again(event):
            return
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
            unknown = getattr(error, "invalid_constructor_id", None)
            what = type(error).__name__ if unknown is None else f"constructor {unknown:08x} is not known"
            self._log.warning("An update cannot be read (%s); what it says is fetched", what)
            self.needs_introduction = True
            self._put_too_long()
            return
        if type(self)._handle_update is not Traffic._handle_update or "_handle_update" in self.__dict__:
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

    # -- helpers -----------------------------------------------------------------------------------------------------

    def _call(self, work: Awaitable[Any]) -> None:
        task = asyncio.ensure_future(work)
        self._callbacks.add(task)
        task.add_done_callback(self._called)

    def _called(self, task: asyncio.Future[Any]) -> None:
        self._callbacks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._log.error("A callback failed: %s", type(error).__name__, exc_info=error)

    def _stop_timers(self) -> None:
        for handle in (self._timer, self._flush_handle):
            if handle is not None:
                handle.cancel()
        self._timer = self._flush_handle = None
        self._flush_is_due = False
