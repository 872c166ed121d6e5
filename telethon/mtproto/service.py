"""What to do about each message that comes: one handler per constructor, in the order of the official pages.

The messages of a packet are handled one after another; what they mean for the owner is appended to a list of events. A
message that cannot be read never harms its neighbours.

Sources: https://core.telegram.org/mtproto/service_messages,
https://core.telegram.org/mtproto/service_messages_about_messages
"""

from __future__ import annotations

import struct
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from struct import unpack_from
from typing import TypeAlias

from telethon._core.clock import Instant
from telethon._core.rand import RandomBytes
from telethon.errors.common import RemoteProtocolError
from telethon.mtproto import wire
from telethon.mtproto.acks import Acks
from telethon.mtproto.events import (
    Acked,
    BadMessage,
    ErrorReceived,
    Event,
    PongReceived,
    Requeued,
    ResultReceived,
    SaltChanged,
    SessionCreated,
    SessionRenewed,
    TimeCorrected,
    Unreadable,
    UpdatesReceived,
)
from telethon.mtproto.inflight import InFlight, Outgoing, Request, Service, ServiceKind, Stage
from telethon.mtproto.limits import Limits
from telethon.mtproto.liveness import Liveness
from telethon.mtproto.msgwindow import MsgWindow
from telethon.mtproto.packed import unpack_body
from telethon.mtproto.salts import FutureSalt, Salts
from telethon.mtproto.state import MTProtoState

__all__ = ["ServiceMessages"]

_UINT = wire.UINT
_LONG = wire.LONG

_TIME_TOO_LOW = 16
_TIME_TOO_HIGH = 17
_CONTAINER_INVALID = 64
_RESENT = frozenset((_TIME_TOO_LOW, 20, 48))
_SESSION_FAULTS = frozenset((18, 19, 32, 33, 34, 35, _CONTAINER_INVALID))

_PREDECESSOR_FAILED = (400, "MSG_WAIT_FAILED")
"""What the server answers to a request whose predecessor failed; the same is said of one that was not sent yet."""

_FATE = 7
_RECEIVED = 4
_ANSWER_MADE = 64
_ALREADY_ACKED = 8
_NO_ACK_NEEDED = 16


class ServiceMessages:
    """The half of the engine that understands what comes.

    Args:
        state: key, salt, session_id and clock.
        rand: where random bytes come from.
        limits: sizes and periods.

    Attributes:
        state: as given.
        limits: as given.
        salts: future salts; `known()` gives those worth keeping, `learn()` takes them back.
        ignored: how many messages were ignored because they were repeated, too old or of another session.
    """

    def __init__(self, state: MTProtoState, rand: RandomBytes, limits: Limits) -> None:
        self.state = state
        self.limits = limits
        self.salts = Salts()
        self.ignored = 0
        self._rand = rand
        self._inflight = InFlight(limits.sent_memory)
        self._outbox: deque[Service] = deque()
        self._acks = Acks(limits)
        self._window = MsgWindow(limits.window_size)
        self._liveness = Liveness(limits)
        self._unique_ids: deque[int] = deque(maxlen=16)
        self._container_messages = limits.container_messages
        self._last_fault: float | None = None
        self._renewals: deque[float] = deque(maxlen=limits.max_resends)
        self._renewal: str | None = None
        self._in_doubt = False
        self._closing: str | None = None
        self._watchdog_at: float | None = None
        self._salts_at: float | None = None
        self._packet_msg_id = 0
        self._message_id = 0

    # -- dispatch ----------------------------------------------------------------------------------------------------

    def _handle(self, data: bytes, start: int, end: int, now: Instant, events: list[Event]) -> None:
        """Handle the message whose body lies between the offsets."""
        constructor = _UINT.unpack_from(data, start)[0]
        if constructor == wire.RPC_RESULT:
            self._on_rpc_result(data, start, end, now, events)
            return
        handler = _HANDLERS.get(constructor)
        if handler is None:
            events.append(UpdatesReceived(data[start:end]))
            return
        if end - start < handler[1]:
            # What lies behind it belongs to others.
            raise RemoteProtocolError(f"a service message ({constructor:08x}) ends too early")
        handler[0](self, data, start, end, now, events)

    def _on_gzip_packed(self, data: bytes, start: int, end: int, now: Instant, events: list[Event]) -> None:
        body = unpack_body(data, start, end, self.limits)
        _refuse_wrapped(body)
        self._handle(body, 0, len(body), now, events)

    def _tells_time(self, now: Instant, events: list[Event]) -> None:
        """What answers a message of ours just now was made just now, so its time settles a doubt about the clock."""
        if not self._in_doubt:
            return
        self._in_doubt = False
        if not self._is_timely(self._packet_msg_id, now):
            self.state.resync(self._packet_msg_id, now)
            events.append(TimeCorrected(self.state.time_offset))
            self._closing = "messages were ignored because the clock was wrong"

    def _is_timely(self, msg_id: int, now: Instant) -> bool:
        return self.state.is_timely(msg_id, now, self.limits.window_past, self.limits.window_future)

    # -- rpc_result, rpc_error, rpc_drop_answer ----------------------------------------------------------------------

    def _on_rpc_result(self, data: bytes, start: int, end: int, now: Instant, events: list[Event]) -> None:
        if end - start < 16:
            raise RemoteProtocolError("an answer ends too early")
        inflight = self._inflight
        msg_id = _LONG.unpack_from(data, start + 4)[0]
        request = inflight.sent.get(msg_id)
        if request is None:
            # Cancelled, answered before, or the answer to an rpc_drop_answer.
            if inflight.service(msg_id) is not None:
                self._liveness.proven(now.mono, bool(inflight.sent))
            return
        start += 12
        try:
            constructor = _UINT.unpack_from(data, start)[0]
            if constructor == wire.GZIP_PACKED:
                data = unpack_body(data, start, end, self.limits)
                _refuse_wrapped(data)
                start, end = 0, len(data)
                constructor = _UINT.unpack_from(data)[0]
            if constructor != wire.RPC_ERROR:
                event: Event = ResultReceived(request.token, data[start:end])
                stage = Stage.SUCCEEDED
            else:
                event = self._read_error(request.token, data, start, end)
                stage = Stage.FAILED
        except RemoteProtocolError as error:
            event = Unreadable(request.token, error)
            stage = Stage.FAILED
        if stage is Stage.SUCCEEDED:
            inflight.finish(request, stage)
            events.append(event)
        elif isinstance(event, ErrorReceived) and self._waits_for_another(request, event.message):
            request.refusals += 1
            self._requeue(request, "the request it had to wait for was sent again", events)
        else:
            self._fail(request, event, events)
        self._liveness.proven(now.mono, bool(inflight.sent))

    def _fail(self, request: Request, event: Event, events: list[Event]) -> None:
        """A request failed, and with it all that had to wait for it."""
        events.append(event)
        followers = self._inflight.followers(request)
        self._inflight.finish(request, Stage.FAILED)
        for follower in followers:
            self._inflight.finish(follower, Stage.FAILED)
            events.append(ErrorReceived(follower.token, *_PREDECESSOR_FAILED))

    @staticmethod
    def _read_error(token: object, data: bytes, start: int, end: int) -> ErrorReceived:
        if end - start < 12:
            raise RemoteProtocolError("an rpc_error ends too early")
        code = wire.INT.unpack_from(data, start + 4)[0]
        message, _ = wire.read_bytes(data, start + 8, end)
        return ErrorReceived(token, code, message.decode("utf-8", "replace"))

    def _waits_for_another(self, request: Request, message: str) -> bool:
        """Whether the server waited for a message that is not the one we would name now."""
        before = request.after
        if before is None or not message.startswith("MSG_WAIT_") or request.refusals >= self.limits.max_resends:
            return False
        if before.stage is Stage.SUCCEEDED:
            return True
        return before.is_pending and (before.msg_id != request.after_msg_id or message == "MSG_WAIT_TIMEOUT")

    def _drop_answer(self, msg_id: int) -> None:
        body = struct.pack("<Iq", wire.RPC_DROP_ANSWER, msg_id)
        self._outbox.append(Service(ServiceKind.DROP, body, True, (msg_id,)))

    # -- get_future_salts, future_salts ------------------------------------------------------------------------------

    def _ask_salts(self) -> None:
        body = struct.pack("<Ii", wire.GET_FUTURE_SALTS, self.limits.salts_wanted)
        self._outbox.append(Service(ServiceKind.SALTS, body, True))

    def _on_future_salts(self, data: bytes, start: int, end: int, now: Instant, events: list[Event]) -> None:
        req_msg_id, _, count = unpack_from("<qii", data, start + 4)
        if not 0 <= count <= (end - start - 20) // 16:
            raise RemoteProtocolError("a list of future salts does not fit its message")
        if self._answer_request(req_msg_id, data, start, end, now, events):
            return
        if self._inflight.service(req_msg_id) is None:
            return
        numbers = unpack_from("<" + "iiq" * count, data, start + 20)
        self.salts.learn(FutureSalt(*numbers[place : place + 3]) for place in range(0, len(numbers), 3))
        last = self.salts.last_until()
        if last is not None:
            wait = last - self.state.server_time(now) - self.limits.salts_reserve
            self._salts_at = now.mono + max(wait, self.limits.salts_delay)

    # -- ping, pong --------------------------------------------------------------------------------------------------

    def _ping(self, mono: float) -> None:
        ping_id = _LONG.unpack(self._rand(8))[0]
        body = struct.pack("<Iqi", wire.PING_DELAY_DISCONNECT, ping_id, self.limits.ping_disconnect_delay)
        self._outbox.append(Service(ServiceKind.PING, body, True, (ping_id,)))
        self._liveness.ping_sent(mono)

    def _on_pong(self, data: bytes, start: int, end: int, now: Instant, events: list[Event]) -> None:
        msg_id, ping_id = unpack_from("<qq", data, start + 4)
        if self._answer_request(msg_id, data, start, end, now, events):
            return
        service = self._inflight.service(msg_id)
        if service is not None and service.kind is ServiceKind.PING and service.ids == (ping_id,):
            self._tells_time(now, events)
            self._liveness.pong_received(now.mono, bool(self._inflight.sent))
            events.append(PongReceived(ping_id, now.mono - self._liveness.ping_sent_at))

    # -- destroy_session, destroy_auth_key ---------------------------------------------------------------------------

    def _on_destroy_session_res(self, data: bytes, start: int, end: int, now: Instant, events: list[Event]) -> None:
        session_id = _LONG.unpack_from(data, start + 4)[0]
        for service in self._inflight.services(ServiceKind.DESTROY):
            if service.ids == (session_id,):
                self._inflight.service(service.msg_id)
                return
        self._answer_body(struct.pack("<Iq", wire.DESTROY_SESSION, session_id), data, start, end, now, events)

    def _on_destroy_auth_key_res(self, data: bytes, start: int, end: int, now: Instant, events: list[Event]) -> None:
        self._answer_body(_UINT.pack(wire.DESTROY_AUTH_KEY), data, start, end, now, events)

    def _answer_body(self, body: bytes, data: bytes, start: int, end: int, now: Instant, events: list[Event]) -> None:
        """Answer the oldest request that consists of `body`, for answers that do not name their request."""
        for msg_id, request in self._inflight.sent.items():
            if request.body == body:
                self._answer_request(msg_id, data, start, end, now, events)
                return

    def _answer_request(
        self, msg_id: int, data: bytes, start: int, end: int, now: Instant, events: list[Event]
    ) -> bool:
        """Give a service message to the owner when it answers a request of his."""
        request = self._inflight.sent.get(msg_id)
        if request is None:
            return False
        self._inflight.finish(request, Stage.SUCCEEDED)
        events.append(ResultReceived(request.token, data[start:end]))
        self._liveness.proven(now.mono, bool(self._inflight.sent))
        return True

    # -- new_session_created -----------------------------------------------------------------------------------------

    def _on_new_session_created(self, data: bytes, start: int, end: int, now: Instant, events: list[Event]) -> None:
        first_msg_id, unique_id, salt = unpack_from("<qqq", data, start + 4)
        if unique_id in self._unique_ids:
            return
        self._unique_ids.append(unique_id)
        self._use_salt(salt, events)
        events.append(SessionCreated(first_msg_id, unique_id))
        lost = [
            request
            for msg_id, request in self._inflight.sent.items()
            if msg_id < first_msg_id and request.container_id < first_msg_id
        ]
        for request in lost:
            self._requeue(request, "the server began a new session", events)

    # -- msgs_ack ----------------------------------------------------------------------------------------------------

    def _on_msgs_ack(self, data: bytes, start: int, end: int, now: Instant, events: list[Event]) -> None:
        msg_ids, _ = wire.read_long_vector(data, start + 4, end)
        known = False
        for msg_id in msg_ids:
            request = self._inflight.sent.get(msg_id)
            if request is not None:
                known = True
                self._accept(request, events)
        if known:
            self._liveness.proven(now.mono, True)

    def _accept(self, request: Request, events: list[Event]) -> None:
        if not request.acked:
            self._inflight.accepted(request)
            events.append(Acked(request.token))

    # -- bad_msg_notification, bad_server_salt -----------------------------------------------------------------------

    def _on_bad_msg_notification(self, data: bytes, start: int, end: int, now: Instant, events: list[Event]) -> None:
        bad_msg_id, _, code = unpack_from("<qii", data, start + 4)
        items = self._inflight.find(bad_msg_id)
        if not items:
            return
        self._tells_time(now, events)
        self._liveness.proven(now.mono, bool(self._inflight.sent))
        # A clock that was behind has been set by the time of this packet already; back it only goes here.
        if code == _TIME_TOO_HIGH and self.state.resync(self._packet_msg_id, now):
            events.append(TimeCorrected(self.state.time_offset))
        if code in _RESENT:
            self._send_again(items, code, now, events)
        elif code == _TIME_TOO_HIGH:
            # In the old session every msg_id would have to be greater still.
            self._count_refusal(items, code, events)
            self._refuse_session("the clock of this machine was ahead", now)
        elif code in _SESSION_FAULTS:
            self._on_session_fault(items, code, now, events)
        else:
            self._give_up(items, code, events)

    def _on_bad_server_salt(self, data: bytes, start: int, end: int, now: Instant, events: list[Event]) -> None:
        bad_msg_id, _, code, salt = unpack_from("<qiiq", data, start + 4)
        # The salt is that of the whole packet.
        items = self._inflight.find_packet(bad_msg_id)
        if items:
            self._tells_time(now, events)
            self._liveness.proven(now.mono, bool(self._inflight.sent))
            if len(self.salts):
                # One of those we were told of was refused, so the others are no better.
                self.salts.clear()
                self._salts_at = now.mono
            self._use_salt(salt, events)
            self._send_again(items, code, now, events)

    def _use_salt(self, salt: int, events: list[Event]) -> None:
        if salt != self.state.salt:
            self.state.salt = salt
            events.append(SaltChanged(salt))

    def _on_session_fault(self, items: Sequence[Outgoing], code: int, now: Instant, events: list[Event]) -> None:
        reason = f"the server refused a message with code {code}"
        if code == _CONTAINER_INVALID and len(items) > 1:
            self._container_messages = max(1, len(items) // 2)
            self._renewal = reason
            return
        last, self._last_fault = self._last_fault, now.mono
        if last is not None and now.mono - last < self.limits.fault_memory:
            self._give_up(items, code, events)
        self._refuse_session(reason, now)

    def _refuse_session(self, reason: str, now: Instant) -> None:
        """Have the session renewed, but not for ever."""
        renewals = self._renewals
        if len(renewals) == self.limits.max_resends and now.mono - renewals[0] < self.limits.fault_memory:
            self._closing = "the server refuses one session after the other"
        renewals.append(now.mono)
        self._renewal = reason

    def _send_again(self, items: Iterable[Outgoing], code: int, now: Instant, events: list[Event]) -> None:
        for item in items:
            if isinstance(item, Service):
                item.refusals += 1
                if item.kind is ServiceKind.ACK:
                    self._acks.add_all(item.ids, now.mono)
                elif item.refusals <= self.limits.max_resends:
                    self._outbox.append(item)
            elif item.refusals >= self.limits.max_resends:
                self._give_up((item,), code, events)
            else:
                item.refusals += 1
                self._requeue(item, f"the server refused it with code {code}", events)

    def _count_refusal(self, items: Iterable[Outgoing], code: int, events: list[Event]) -> None:
        for item in items:
            if isinstance(item, Request):
                item.refusals += 1
                if item.refusals > self.limits.max_resends:
                    self._give_up((item,), code, events)

    def _give_up(self, items: Iterable[Outgoing], code: int, events: list[Event]) -> None:
        for item in items:
            if isinstance(item, Request):
                self._fail(item, BadMessage(item.token, code), events)

    def _requeue(self, request: Request, reason: str, events: list[Event]) -> None:
        before = request.after
        if before is not None and before.stage is Stage.FAILED:
            self._fail(request, ErrorReceived(request.token, *_PREDECESSOR_FAILED), events)
            return
        self._inflight.requeue(request)
        events.append(Requeued(request.token, reason))

    def _renew_session(self, reason: str, now: Instant, events: list[Event]) -> None:
        """Begin a new session; whatever was not answered in the old one is sent again.

        Only once a packet is handled to its end: it may still hold answers of the old session.
        """
        old = self.state.session_id
        self.state.renew_session()
        services = (*self._inflight.forget_sent(), *self._outbox)
        self._outbox.clear()
        self._outbox.extend(service for service in services if service.kind is ServiceKind.DESTROY)
        self._acks.clear()
        self._window.clear()
        self._liveness.connected(now.mono)
        events.append(SessionRenewed(reason))
        for request in list(self._inflight.sent.values()):
            self._requeue(request, reason, events)
        body = struct.pack("<Iq", wire.DESTROY_SESSION, old)
        self._outbox.append(Service(ServiceKind.DESTROY, body, True, (old,)))

    # -- msgs_state_req, msgs_state_info, msgs_all_info --------------------------------------------------------------

    def _ask_state(self, requests: Iterable[Request], mono: float) -> None:
        """Ask the server what became of requests."""
        ids: list[int] = []
        for request in requests:
            request.asked_at = mono
            ids.append(request.msg_id)
        self._queue_ids(ServiceKind.STATE, wire.MSGS_STATE_REQ, ids)

    def _queue_ids(self, kind: ServiceKind, constructor: int, ids: Sequence[int]) -> None:
        step = self.limits.ids_per_message
        for start in range(0, len(ids), step):
            some = tuple(ids[start : start + step])
            self._outbox.append(Service(kind, wire.long_vector(constructor, some), False, some))

    def _on_msgs_state_req(self, data: bytes, start: int, end: int, now: Instant, events: list[Event]) -> None:
        msg_ids, _ = wire.read_long_vector(data, start + 4, end)
        self._tell_state(msg_ids)

    def _tell_state(self, msg_ids: Iterable[int]) -> None:
        info = wire.write_bytes(bytes(map(self._state_of, msg_ids)))
        body = struct.pack("<Iq", wire.MSGS_STATE_INFO, self._message_id) + info
        self._outbox.append(Service(ServiceKind.STATE_INFO, body, False))

    def _state_of(self, msg_id: int) -> int:
        known = self._window.state(msg_id)
        if known != _RECEIVED:
            return known
        if not self._window.is_content_related(msg_id):
            return _RECEIVED | _NO_ACK_NEEDED
        return _RECEIVED if msg_id in self._acks else _RECEIVED | _ALREADY_ACKED

    def _on_msgs_state_info(self, data: bytes, start: int, end: int, now: Instant, events: list[Event]) -> None:
        req_msg_id = _LONG.unpack_from(data, start + 4)[0]
        info, _ = wire.read_bytes(data, start + 12, end)
        service = self._inflight.service(req_msg_id)
        if service is None:
            return
        self._tells_time(now, events)
        self._liveness.proven(now.mono, bool(self._inflight.sent))
        if service.kind is ServiceKind.STATE or service.kind is ServiceKind.RESEND_ANSWERS:
            self._on_states(service.ids, info, events, ask=service.kind is ServiceKind.STATE)

    def _on_msgs_all_info(self, data: bytes, start: int, end: int, now: Instant, events: list[Event]) -> None:
        msg_ids, after = wire.read_long_vector(data, start + 4, end)
        info, _ = wire.read_bytes(data, after, end)
        self._on_states(msg_ids, info, events, ask=True)

    def _on_states(self, msg_ids: Sequence[int], info: bytes, events: list[Event], *, ask: bool) -> None:
        """Learn what became of requests; `ask` for the answers that were made."""
        if len(info) != len(msg_ids):
            raise RemoteProtocolError(f"{len(info)} states were told for {len(msg_ids)} messages")
        answered: list[int] = []
        for msg_id, state in zip(msg_ids, info):  # noqa: B905 - the lengths are the same
            request = self._inflight.sent.get(msg_id)
            if request is None:
                continue
            if state & _FATE < _RECEIVED:
                self._requeue(request, "the server did not receive it", events)
                continue
            self._accept(request, events)
            if ask and state & _ANSWER_MADE:
                request.claims += 1
                if request.claims > self.limits.max_resends:
                    error = RemoteProtocolError("the server says that it has answered, but does not send the answer")
                    self._fail(request, Unreadable(request.token, error), events)
                else:
                    answered.append(msg_id)
        self._queue_ids(ServiceKind.RESEND_ANSWERS, wire.MSG_RESEND_ANS_REQ, answered)

    # -- msg_detailed_info, msg_new_detailed_info --------------------------------------------------------------------

    def _on_msg_detailed_info(self, data: bytes, start: int, end: int, now: Instant, events: list[Event]) -> None:
        msg_id, answer_msg_id = unpack_from("<qqii", data, start + 4)[:2]
        # The answer to a request that was given up is not worth asking for.
        self._want_message(answer_msg_id, now, wanted=msg_id in self._inflight.sent)

    def _on_msg_new_detailed_info(self, data: bytes, start: int, end: int, now: Instant, events: list[Event]) -> None:
        answer_msg_id = unpack_from("<qii", data, start + 4)[0]
        self._want_message(answer_msg_id, now, wanted=True)

    def _want_message(self, msg_id: int, now: Instant, *, wanted: bool) -> None:
        if msg_id in self._window:
            self._acks.add(msg_id, now.mono)
        elif wanted:
            self._queue_ids(ServiceKind.RESEND, wire.MSG_RESEND_REQ, (msg_id,))

    # -- msg_resend_req, msg_resend_ans_req --------------------------------------------------------------------------

    def _on_msg_resend_req(self, data: bytes, start: int, end: int, now: Instant, events: list[Event]) -> None:
        msg_ids, _ = wire.read_long_vector(data, start + 4, end)
        unknown = False
        for msg_id in msg_ids:
            items = self._inflight.find(msg_id)
            unknown = unknown or not items
            for item in items:
                if isinstance(item, Service):
                    self._outbox.append(item)
                else:
                    self._requeue(item, "the server asked for it again", events)
        if unknown:
            self._tell_state(msg_ids)


_Handler: TypeAlias = Callable[[ServiceMessages, bytes, int, int, Instant, "list[Event]"], None]

_HANDLERS: dict[int, tuple[_Handler, int]] = {
    wire.GZIP_PACKED: (ServiceMessages._on_gzip_packed, 8),
    wire.FUTURE_SALTS: (ServiceMessages._on_future_salts, 20),
    wire.PONG: (ServiceMessages._on_pong, 20),
    wire.DESTROY_SESSION_OK: (ServiceMessages._on_destroy_session_res, 12),
    wire.DESTROY_SESSION_NONE: (ServiceMessages._on_destroy_session_res, 12),
    wire.DESTROY_AUTH_KEY_OK: (ServiceMessages._on_destroy_auth_key_res, 4),
    wire.DESTROY_AUTH_KEY_NONE: (ServiceMessages._on_destroy_auth_key_res, 4),
    wire.DESTROY_AUTH_KEY_FAIL: (ServiceMessages._on_destroy_auth_key_res, 4),
    wire.NEW_SESSION_CREATED: (ServiceMessages._on_new_session_created, 28),
    wire.MSGS_ACK: (ServiceMessages._on_msgs_ack, 12),
    wire.BAD_MSG_NOTIFICATION: (ServiceMessages._on_bad_msg_notification, 20),
    wire.BAD_SERVER_SALT: (ServiceMessages._on_bad_server_salt, 28),
    wire.MSGS_STATE_REQ: (ServiceMessages._on_msgs_state_req, 12),
    wire.MSGS_STATE_INFO: (ServiceMessages._on_msgs_state_info, 16),
    wire.MSGS_ALL_INFO: (ServiceMessages._on_msgs_all_info, 16),
    wire.MSG_DETAILED_INFO: (ServiceMessages._on_msg_detailed_info, 28),
    wire.MSG_NEW_DETAILED_INFO: (ServiceMessages._on_msg_new_detailed_info, 20),
    wire.MSG_RESEND_REQ: (ServiceMessages._on_msg_resend_req, 12),
    # We answer nothing, so there is no answer to send again.
    wire.MSG_RESEND_ANS_REQ: (ServiceMessages._on_msgs_state_req, 12),
}
"""By constructor: who handles it, and how many bytes it has at least."""


def _refuse_wrapped(body: bytes) -> None:
    """What was packed must be a message of its own."""
    if len(body) < 4:
        raise RemoteProtocolError("a compressed object is empty")
    if _UINT.unpack_from(body)[0] in (wire.GZIP_PACKED, wire.MSG_CONTAINER):
        raise RemoteProtocolError("a compressed object holds another one, or a container")
