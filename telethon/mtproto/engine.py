"""The encrypted session: requests in, packets out; packets in, events out.

    submit, cancel ---> queue ---> packets_to_send ---> packer ---> cipher ---> transport
    events <--- service handlers <--- window, clock <--- cipher <--- receive_packet <--- transport

Nothing here waits or looks at a clock: every call is told the time, and `next_deadline` says when to come back without
a reason. A fault of the other side raises `RemoteProtocolError` before anything of the packet is used; the owner then
drops the connection, and the session goes on over the next one.

Source: https://core.telegram.org/mtproto/description
"""

from __future__ import annotations

from collections.abc import Callable
from struct import Struct

from telethon._core.clock import Instant
from telethon._core.rand import RandomBytes
from telethon.errors.common import LocalProtocolError, RemoteProtocolError
from telethon.mtproto import wire
from telethon.mtproto.cipher import HEADER, open_packet, seal_packet
from telethon.mtproto.events import Closed, Event, KeyUnknown, TimeCorrected, Token, TransportError
from telethon.mtproto.inflight import Outgoing, Request, Service, ServiceKind, Stage
from telethon.mtproto.limits import Limits
from telethon.mtproto.packed import pack_body
from telethon.mtproto.packer import CONTAINER, MESSAGE, InnerMessage, is_container, unpack_container
from telethon.mtproto.service import ServiceMessages
from telethon.mtproto.side import Side
from telethon.mtproto.state import MTProtoState

__all__ = ["MTProtoEngine"]

_KEY_UNKNOWN = 404
_SALTS_RETRY = 600.0
"""Seconds after which future salts are asked for again when no answer came."""

_SESSION = Struct("<qq")
_RPC_RESULT = wire.UINT.pack(wire.RPC_RESULT)
_INVOKE_AFTER = Struct("<Iq")
_DESTROY = Struct("<Iq")
_FROM_SERVER = Side.SERVER.x
_FROM_CLIENT = Side.CLIENT.x
_BODY = HEADER.size
_SENT = Stage.SENT
_ANSWERS = frozenset(
    (
        wire.RPC_RESULT,
        wire.PONG,
        wire.BAD_MSG_NOTIFICATION,
        wire.BAD_SERVER_SALT,
        wire.MSGS_STATE_INFO,
        wire.FUTURE_SALTS,
    )
)
"""What names the message that it answers."""


class MTProtoEngine(ServiceMessages):
    """One session of a client over one connection after another.

    The owner calls `packets_to_send` after anything else it called (also after `on_timeout`) and writes what comes
    out. A new engine takes it that there is a connection.

    Args:
        state: key, salt, session_id and clock.
        rand: where random bytes come from.
        limits: sizes and periods.

    Attributes:
        state: as given.
        limits: as given.
        salts: future salts; `known()` gives those worth keeping, `learn()` takes them back.
        ignored: how many messages were ignored because they were repeated, too old or of another session.

    Example:
        ```python
        engine = MTProtoEngine(MTProtoState(key, rand=system_random), rand=system_random)
        engine.submit(bytes(GetConfigRequest()), token=1)
        for packet in engine.packets_to_send(clock.now()):
            write(codec.encode(packet))
        ```
    """

    def __init__(self, state: MTProtoState, *, rand: RandomBytes, limits: Limits | None = None) -> None:
        super().__init__(state, rand, limits or Limits())
        self._connected = True

    # -- requests ----------------------------------------------------------------------------------------------------

    def submit(self, body: bytes | Callable[[int], bytes], *, token: Token, after: Token | None = None) -> None:
        """Queue a serialised request.

        Args:
            body: the request, at most `limits.message_bytes`; or a function that makes it for the msg_id it is sent
                under, which is called again whenever it is sent again.
            token: handle under which its answer is reported.
            after: token of a request that the server must finish first; without effect when it is answered already.

        Raises:
            LocalProtocolError: the token is pending already, or the body is no serialised request.
        """
        make = None
        if not isinstance(body, bytes):
            make, body = body, b""
        elif len(body) < 4 or len(body) % 4 or len(body) > self.limits.message_bytes:
            raise LocalProtocolError(
                f"a request has 4 to {self.limits.message_bytes} bytes, a multiple of 4; this one has {len(body)}"
            )
        inflight = self._inflight
        inflight.add(token, body, None if after is None else inflight.get(after), make)

    def cancel(self, token: Token) -> bool:
        """Give up a request: forget it, or tell the server to drop the answer when it was sent.

        Returns:
            False when it was not pending.
        """
        request = self._inflight.get(token)
        if request is None:
            return False
        if request.stage is Stage.SENT:
            self._drop_answer(request.msg_id)
        self._inflight.finish(request, Stage.CANCELLED)
        return True

    def pending(self) -> list[Token]:
        """Tokens of all requests that were neither answered nor cancelled, in the order of submission."""
        return self._inflight.tokens()

    @property
    def unanswered(self) -> int:
        """How many requests were sent and not answered yet."""
        return len(self._inflight.sent)

    def hold(self) -> None:
        """Send no requests until `release`: they wait. Everything else goes on."""
        self._inflight.held = True

    def release(self) -> None:
        """Send requests again."""
        self._inflight.held = False

    def acknowledge(self) -> None:
        """Have all that came acknowledged by the next packets, and not only when it is due."""
        for ids in self._acks.take():
            self._outbox.append(Service(ServiceKind.ACK, wire.long_vector(wire.MSGS_ACK, ids), False, ids))

    def wait_for_messages(self, seconds: float) -> None:
        """Have the next packet ask for whatever the server has to say, for connections on which it must be asked.

        Args:
            seconds: how long it may wait until there is something.

        Source: https://core.telegram.org/mtproto/service_messages#http-wait-long-poll
        """
        body = wire.UINT.pack(wire.HTTP_WAIT) + b"".join(map(wire.INT.pack, (0, 0, int(seconds * 1000))))
        self._outbox.append(Service(ServiceKind.WAIT, body, False))

    def take_over(self, other: MTProtoEngine) -> list[Event]:
        """Go on with all requests of another engine, which is of no use afterwards: for a change of the key.

        A session belongs to its key, so in the new one the server cannot be asked what became of requests that were
        sent in the old one. They are sent again, once each, and in the order of submission, if they may be carried out
        twice. Where the old key is still good for that, let the other engine get its answers first: `hold`, and wait
        until nothing is `unanswered`.

        Returns:
            What it means for requests: some fail, because they must not be carried out twice, or because the one they
            had to follow has failed.
        """
        events: list[Event] = []
        other.release()
        other._repeat(list(other._inflight.sent.values()), "the key was changed", events)
        other._inflight.hand_over(self._inflight)
        other.close()
        return events

    def abandon(self, session_id: int) -> None:
        """Let the server forget another session of the same key, which nobody uses any more."""
        self._outbox.append(
            Service(ServiceKind.DESTROY, _DESTROY.pack(wire.DESTROY_SESSION, session_id), True, (session_id,))
        )

    def close(self) -> list[Token]:
        """Forget everything; gives the tokens of the requests that will not be answered."""
        tokens = self._inflight.tokens()
        self._inflight.clear()
        self._outbox.clear()
        self._acks.clear()
        self._connected = False
        self._liveness.disconnected()
        return tokens

    # -- sending -----------------------------------------------------------------------------------------------------

    def packets_to_send(self, now: Instant) -> list[bytes]:
        """Encrypted packets to write now, in order; empty while disconnected."""
        if not self._connected:
            return []
        mono = now.mono
        deadline = self.next_deadline()
        if deadline is not None and mono >= deadline:
            self._do_what_is_due(mono)
        acks = self._acks
        if acks.is_due(mono) or (acks.eager and (self._outbox or self._inflight.has_queued())):
            for ids in acks.take():
                self._outbox.append(Service(ServiceKind.ACK, wire.long_vector(wire.MSGS_ACK, ids), False, ids))
        if not self._outbox and not self._inflight.has_queued():
            return []
        if self.salts.next_change is not None:
            salt = self.salts.switch(self.state.server_time(now))
            if salt is not None:
                self.state.salt = salt
        packets: list[bytes] = []
        while (self._outbox or self._inflight.has_queued()) and (packet := self._next_packet(now)):
            packets.append(packet)
        return packets

    def _next_packet(self, now: Instant) -> bytes:
        """As much of what waits as one packet takes; empty when nothing does."""
        state = self.state
        inflight = self._inflight
        items: list[Outgoing] = []
        pieces: list[bytes] = []
        size = CONTAINER.size
        outbox = self._outbox
        room = self.limits.message_bytes
        while len(items) < self._container_messages and size < self.limits.container_bytes:
            item: Outgoing | None
            if outbox:
                item = outbox.popleft()
                msg_id = state.new_msg_id(now)
                seq_no = state.next_seq_no(item.content_related)
                body = item.body
                inflight.remember_service(item, msg_id)
            else:
                small = self._pack_small(items, pieces, size, now) if inflight.has_several() else 0
                if small:
                    size += small
                    room = self.limits.message_bytes - size - MESSAGE.size - _INVOKE_AFTER.size
                    continue
                item = inflight.take(room)
                if item is None:
                    break
                msg_id = state.new_msg_id(now)
                body = self._body_of(item, msg_id)
                seq_no = state.next_seq_no(True)
                inflight.mark_sent(item, msg_id, now.mono)
                self._note_sent(now.mono)
            items.append(item)
            pieces.append(MESSAGE.pack(msg_id, seq_no, len(body)))
            pieces.append(body)
            size += MESSAGE.size + len(body)
            # A container is no larger than a single message may be.
            room = self.limits.message_bytes - size - MESSAGE.size - _INVOKE_AFTER.size
        if not items:
            return b""
        if len(items) == 1:
            size -= CONTAINER.size
            pieces.insert(0, _SESSION.pack(state.salt, state.session_id))
        else:
            msg_id = state.new_msg_id(now)
            inflight.remember_container(msg_id, items)
            header = HEADER.pack(state.salt, state.session_id, msg_id, state.next_seq_no(False), size)
            pieces.insert(0, header + CONTAINER.pack(wire.MSG_CONTAINER, len(items)))
            size += MESSAGE.size
        return seal_packet(state.auth_key, state.auth_key_id, pieces, size + _SESSION.size, _FROM_CLIENT, self._rand)

    def _pack_small(self, items: list[Outgoing], pieces: list[bytes], size: int, now: Instant) -> int:
        """Add the small requests that come next, all at once; gives how many bytes they take in the container."""
        limits = self.limits
        inflight = self._inflight
        requests = inflight.take_small(
            self._container_messages - len(items),
            min(limits.container_bytes - size, limits.message_bytes - size - MESSAGE.size - limits.gzip_min_bytes),
            limits.gzip_min_bytes,
        )
        if not requests:
            return 0
        added = 0
        pack = MESSAGE.pack
        mono = now.mono
        sent = inflight.sent
        for request, msg_id, seq_no in zip(requests, *self.state.content_numbers(now, len(requests))):  # noqa: B905
            # As `mark_sent` and `_body_of` do, which is too much for each of a thousand.
            request.stage = _SENT
            request.msg_id = msg_id
            request.container_id = request.after_msg_id = 0
            request.asked_at = mono
            sent[msg_id] = request
            body = request.body
            length = len(body)
            pieces.append(pack(msg_id, seq_no, length))
            pieces.append(body)
            added += length
        items += requests
        self._note_sent(mono)
        return added + MESSAGE.size * len(requests)

    def _note_sent(self, mono: float) -> None:
        self._liveness.request_sent(mono)
        if self._watchdog_at is None:
            self._watchdog_at = mono + self.limits.watchdog_period

    def _body_of(self, request: Request, msg_id: int) -> bytes:
        """What is sent for a request under a msg_id."""
        body = request.body if request.make is None else request.make(msg_id)
        before = request.after
        request.after_msg_id = 0
        if before is not None:
            if before.stage is Stage.SENT:
                request.after_msg_id = before.msg_id
                body = _INVOKE_AFTER.pack(wire.INVOKE_AFTER_MSG, before.msg_id) + body
            else:
                request.after = None
        return pack_body(body, self.limits)

    # -- receiving ---------------------------------------------------------------------------------------------------

    def receive_packet(self, packet: bytes, now: Instant) -> list[Event]:
        """Take one packet of the transport.

        Returns:
            What it means. A `Closed` among it is the last: use the others, then drop the connection.

        Raises:
            RemoteProtocolError: nothing of the packet was used: drop the connection and connect again.
        """
        state = self.state
        if len(packet) == 4:
            code = abs(wire.INT.unpack(packet)[0])
            return [KeyUnknown(code) if code == _KEY_UNKNOWN else TransportError(code)]
        data, end, _, session_id, msg_id, seq_no = open_packet(state.auth_key, state.auth_key_id, packet, _FROM_SERVER)
        if session_id != state.session_id:
            self.ignored += 1
            return []
        if not msg_id & 1 or msg_id < 0 or end - _BODY < 4:
            raise RemoteProtocolError("a message has a msg_id or a size that no message of the server can have")
        events: list[Event] = []
        self._packet_msg_id = msg_id
        if is_container(data, _BODY, end):
            messages = unpack_container(data, _BODY, end, msg_id)
            is_usable = self._is_usable(msg_id, False, now, events)
            fault = None
            add = self._window.add
            handle_new = self._handle_new
            for message in messages:
                if is_usable and add(message[0], message[1] & 1 == 1):
                    fault = handle_new(data, message, now, events) or fault
                else:
                    fault = self._handle_stale(data, message, now, events) or fault
        else:
            message = InnerMessage(msg_id, seq_no, _BODY, end)
            if self._is_usable(msg_id, seq_no & 1 == 1, now, events):
                fault = self._handle_new(data, message, now, events)
            else:
                fault = self._handle_stale(data, message, now, events)
        if self._renewal is not None:
            reason, self._renewal = self._renewal, None
            self._renew_session(reason, now, events)
        if fault is not None and not events:
            raise fault
        if fault is not None or self._closing is not None:
            events.append(Closed(str(fault or self._closing)))
            self._closing = None
        return events

    def _is_usable(self, msg_id: int, content_related: bool, now: Instant, events: list[Event]) -> bool:
        """Whether a packet is new and timely; learns the clock from it when it is."""
        if msg_id in self._window:
            return False
        if not self._is_timely(msg_id, now):
            if not self._in_doubt:
                # It, or our clock, is wrong; the answer to a ping tells which.
                self._in_doubt = True
                self._liveness.probe(now.mono)
            return False
        if self.state.observe(msg_id, now):
            events.append(TimeCorrected(self.state.time_offset))
        return self._window.add(msg_id, content_related)

    def _handle_new(
        self, data: bytes, message: InnerMessage, now: Instant, events: list[Event]
    ) -> RemoteProtocolError | None:
        """Handle a new message; gives what is wrong with it."""
        msg_id, seq_no, start, end = message
        if seq_no & 1:
            self._acks.add(msg_id, now.mono)
            if end - start >= self.limits.ack_eager_bytes:
                self._acks.eager = True
        self._message_id = msg_id
        try:
            if data.startswith(_RPC_RESULT, start):
                # Most are answers, which `_handle` would only pass on.
                self._on_rpc_result(data, start, end, now, events)
            else:
                self._handle(data, start, end, now, events)
        except RemoteProtocolError as error:
            return error
        return None

    def _handle_stale(
        self, data: bytes, message: InnerMessage, now: Instant, events: list[Event]
    ) -> RemoteProtocolError | None:
        """Acknowledge a message that is ignored, or the server would send it for ever.

        Answers are not ignored: that their request is still waiting shows that they were not used before.
        """
        msg_id, seq_no, start, end = message
        if seq_no & 1:
            self._acks.add(msg_id, now.mono)
        if wire.UINT.unpack_from(data, start)[0] not in _ANSWERS or msg_id in self._window:
            self.ignored += 1
            return None
        try:
            self._handle(data, start, end, now, events)
        except RemoteProtocolError as error:
            return error
        return None

    # -- time --------------------------------------------------------------------------------------------------------

    def next_deadline(self) -> float | None:
        """When to call `on_timeout` at the latest, in monotonic seconds; None: never."""
        if not self._connected:
            return None
        deadline = self._liveness.deadline()
        for other in (self._acks.deadline, self._watchdog_at, self._salts_at):
            if other is not None and (deadline is None or other < deadline):
                deadline = other
        return deadline

    def on_timeout(self, now: Instant) -> list[Event]:
        """Do what is due: pings, state requests, noticing a dead connection. Calling it early does no harm.

        Returns:
            `Closed` when the connection is dead.
        """
        if not self._connected:
            return []
        if self._liveness.is_dead(now.mono):
            self._liveness.disconnected()
            return [Closed("the server does not answer")]
        self._do_what_is_due(now.mono)
        return []

    def _do_what_is_due(self, mono: float) -> None:
        if self._liveness.is_ping_due(mono):
            self._ping(mono)
        if self._watchdog_at is not None and mono >= self._watchdog_at:
            self._watch(mono)
        if self._salts_at is not None and mono >= self._salts_at:
            self._salts_at = mono + _SALTS_RETRY
            self._ask_salts()

    def _watch(self, mono: float) -> None:
        """Ask about requests that have been waiting for long."""
        period = self.limits.watchdog_period
        sent = self._inflight.sent.values()
        self._ask_state([request for request in sent if mono - request.asked_at >= period], mono)
        # Not for each of many requests by itself.
        oldest = min((request.asked_at for request in sent), default=None)
        self._watchdog_at = None if oldest is None else max(oldest + period, mono + period / 4)

    # -- connection --------------------------------------------------------------------------------------------------

    def on_connected(self, now: Instant) -> None:
        """A (new) connection is there: ask the server what became of the requests sent over the last one."""
        mono = now.mono
        self._connected = True
        self._in_doubt = False
        self._container_messages = self.limits.container_messages
        self._liveness.connected(mono)
        for request in self._inflight.sent.values():
            request.claims = 0
        self._ask_state(self._inflight.sent.values(), mono)
        self._watchdog_at = mono + self.limits.watchdog_period if self._inflight.sent else None
        last = self.salts.last_until()
        self._salts_at = None
        if self.limits.salts_wanted:
            wait = 0.0 if last is None else last - self.state.server_time(now) - self.limits.salts_reserve
            self._salts_at = mono + max(wait, self.limits.salts_delay)

    def on_disconnected(self, now: Instant) -> None:
        """The connection is gone: keep session and requests for the next one."""
        self._connected = False
        self._liveness.disconnected()
        lasting = (ServiceKind.DROP, ServiceKind.DESTROY)
        kept = [service for service in (*self._inflight.forget_sent(), *self._outbox) if service.kind in lasting]
        self._outbox.clear()
        self._outbox.extend(kept)

    def note_progress(self, now: Instant) -> None:
        """Optional: a part of a packet has arrived, so a slow answer is under way."""
        self._liveness.progress(now.mono)
