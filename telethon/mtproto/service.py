"""What to do about each message that comes: one handler per constructor, in the order of the official pages.

The messages of a packet are handled one after another; what they mean for the owner is appended to a list of events. A
message that cannot be read never harms its neighbours.

Sources: https://core.telegram.org/mtproto/service_messages,
https://core.telegram.org/mtproto/service_messages_about_messages
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Sequence
from struct import unpack_from
from typing import TypeAlias

from telethon._core.clock import Instant
from telethon.errors.common import RemoteProtocolError
from telethon.mtproto import wire
from telethon.mtproto.events import (
    ErrorReceived,
    Event,
    PongReceived,
    ResultReceived,
    SaltsLearned,
    SessionCreated,
    TimeCorrected,
    Uncertain,
    Unreadable,
    UpdatesReceived,
)
from telethon.mtproto.inflight import Request, Service, ServiceKind, Stage
from telethon.mtproto.packed import unpack_body
from telethon.mtproto.repair import Repair
from telethon.mtproto.salts import FutureSalt

__all__ = ["ServiceMessages"]

_UINT = wire.UINT
_LONG = wire.LONG
_ANSWER = struct.Struct("<qI")
"""Behind the constructor of an rpc_result: req_msg_id, and the constructor of what it holds."""

_GZIP_PACKED = wire.GZIP_PACKED
_RPC_ERROR = wire.RPC_ERROR
_SUCCEEDED = Stage.SUCCEEDED

_TIME_TOO_LOW = 16
_TIME_TOO_HIGH = 17
_RESENT = frozenset((_TIME_TOO_LOW, 20, 48))
_SESSION_FAULTS = frozenset((18, 19, 32, 33, 34, 35, 64))

_FATE = 7
_FORGOTTEN = 1
_RECEIVED = 4
_ANSWER_MADE = 64
_ALREADY_ACKED = 8
_NO_ACK_NEEDED = 16


class ServiceMessages(Repair):
    """The half of the engine that understands what comes; arguments and attributes as `Repair`."""

    _unpacked_packet = 0
    _unpacked = 0
    """Bytes that the compressed bodies of that packet have become so far."""

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
        body = self._unpack(data, start, end)
        _refuse_wrapped(body)
        self._handle(body, 0, len(body), now, events)

    def _unpack(self, data: bytes, start: int, end: int) -> bytes:
        """What a gzip_packed holds; all those of one packet together may become no larger than a single one."""
        if self._unpacked_packet != self._packet_msg_id:
            self._unpacked_packet = self._packet_msg_id
            self._unpacked = 0
        limits = self.limits
        left = limits.gzip_max_bytes - self._unpacked
        if left <= 0:
            raise RemoteProtocolError("a packet holds more than may be unpacked; the rest of it is not used")
        # What is refused counts as well, as much as it may have become until then: it has taken time.
        most = min(left, (end - start) * limits.gzip_max_ratio)
        self._unpacked += most
        body = unpack_body(data, start, end, limits._replace(gzip_max_bytes=left))
        self._unpacked += len(body) - most
        return body

    # -- rpc_result, rpc_error, rpc_drop_answer ----------------------------------------------------------------------

    def _on_rpc_result(self, data: bytes, start: int, end: int, now: Instant, events: list[Event]) -> None:
        if end - start < 16:
            raise RemoteProtocolError("an answer ends too early")
        inflight = self._inflight
        msg_id, constructor = _ANSWER.unpack_from(data, start + 4)
        request = inflight.sent.get(msg_id)
        if request is None:
            # Cancelled, answered before, or the answer to an rpc_drop_answer.
            service = inflight.service(msg_id)
            if service is not None:
                self._liveness.proven(now.mono, bool(inflight.sent))
                if service.kind is ServiceKind.RESEND_ANSWERS and constructor == _RPC_ERROR:
                    # The description of the protocol does not have this question any more: the answers are lost.
                    known = (inflight.sent.get(one) for one in service.ids)
                    waiting = [one for one in known if one is not None]
                    self._repeat(waiting, "the server does not send its answer again", events)
            return
        start += 12
        if constructor != _GZIP_PACKED and constructor != _RPC_ERROR:
            # What nearly all are.
            inflight.finish(request, _SUCCEEDED)
            events.append(ResultReceived(request.token, data[start:end]))
            self._liveness.proven(now.mono, bool(inflight.sent))
            return
        try:
            if constructor == _GZIP_PACKED:
                data = self._unpack(data, start, end)
                _refuse_wrapped(data)
                start, end = 0, len(data)
                constructor = _UINT.unpack_from(data)[0]
            if constructor != _RPC_ERROR:
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
        if before.stage is Stage.QUEUED:
            # It is to be sent again itself, and gets another msg_id only then.
            return True
        return before.is_pending and (before.msg_id != request.after_msg_id or message == "MSG_WAIT_TIMEOUT")

    # -- get_future_salts, future_salts ------------------------------------------------------------------------------

    def _on_future_salts(self, data: bytes, start: int, end: int, now: Instant, events: list[Event]) -> None:
        req_msg_id, _, count = unpack_from("<qii", data, start + 4)
        if not 0 <= count <= (end - start - 20) // 16:
            raise RemoteProtocolError("a list of future salts does not fit its message")
        if self._answer_request(req_msg_id, data, start, end, now, events):
            return
        if self._inflight.service(req_msg_id) is None:
            return
        numbers = unpack_from("<" + "iiq" * count, data, start + 20)
        if self.salts.learn(FutureSalt(*numbers[place : place + 3]) for place in range(0, len(numbers), 3)):
            events.append(SaltsLearned())
        last = self.salts.last_until()
        if last is not None:
            wait = last - self.state.server_time(now) - self.limits.salts_reserve
            self._salts_at = now.mono + max(wait, self.limits.salts_delay)

    # -- ping, pong --------------------------------------------------------------------------------------------------

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
        self._repeat(lost, "the server began a new session", events)

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
            # What was sent after it is refused for the same reason.
            later = [request for msg_id, request in self._inflight.sent.items() if msg_id > bad_msg_id]
            self._refuse_session("the clock of this machine was ahead", [*items, *later], now)
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

    # -- msgs_state_req, msgs_state_info, msgs_all_info --------------------------------------------------------------

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
            fate = state & _FATE
            if fate == _FORGOTTEN and not self.may_repeat(request.token):
                reason = "the server does not know any more whether it received it"
                self._fail(request, Uncertain(request.token, reason), events)
                continue
            if fate < _RECEIVED:
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
