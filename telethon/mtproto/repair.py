"""What is done about messages of ours that were refused, lost or given up.

They are sent again under a new msg_id, fail, or begin a new session; and the server is asked about them.

Source: https://core.telegram.org/mtproto/service_messages_about_messages
"""

from __future__ import annotations

import struct
from collections import deque
from collections.abc import Callable, Iterable, Sequence

from telethon._core.clock import Instant
from telethon._core.rand import RandomBytes
from telethon.mtproto import wire
from telethon.mtproto.acks import Acks
from telethon.mtproto.events import (
    Acked,
    BadMessage,
    ErrorReceived,
    Event,
    Requeued,
    SaltChanged,
    SessionRenewed,
    TimeCorrected,
    Token,
    Uncertain,
)
from telethon.mtproto.inflight import InFlight, Outgoing, Request, Service, ServiceKind, Stage
from telethon.mtproto.limits import Limits
from telethon.mtproto.liveness import Liveness
from telethon.mtproto.msgwindow import MsgWindow
from telethon.mtproto.salts import Salts
from telethon.mtproto.state import MTProtoState

__all__ = ["Repair"]

_CONTAINER_INVALID = 64

_PREDECESSOR_FAILED = (400, "MSG_WAIT_FAILED")
"""What the server answers to a request whose predecessor failed; the same is said of one that was not sent yet."""


class Repair:
    """The part of the engine that knows the state of everything, and repairs it.

    Args:
        state: key, salt, session_id and clock.
        rand: where random bytes come from.
        limits: sizes and periods.

    Attributes:
        state: as given.
        limits: as given.
        salts: future salts; `known()` gives those worth keeping, `learn()` takes them back.
        ignored: how many messages were ignored because they were repeated, too old or of another session.
        may_repeat: tells of a token whether its request does no harm when it is carried out twice. Where the server
            has forgotten what became of a request, others fail instead of being sent again.
    """

    def __init__(self, state: MTProtoState, rand: RandomBytes, limits: Limits) -> None:
        self.state = state
        self.limits = limits
        self.salts = Salts()
        self.ignored = 0
        self.may_repeat: Callable[[Token], bool] = _always
        self._rand = rand
        self._inflight = InFlight(limits.sent_memory)
        self._outbox: deque[Service] = deque()
        self._acks = Acks(limits)
        self._window = MsgWindow(limits.window_size)
        self._liveness = Liveness(limits)
        self._unique_ids: deque[int] = deque(maxlen=16)
        self._container_messages = limits.container_messages
        self._renewals: deque[float] = deque(maxlen=limits.max_resends)
        self._renewal: str | None = None
        self._refused: set[Request] = set()
        self._in_doubt = False
        self._closing: str | None = None
        self._watchdog_at: float | None = None
        self._salts_at: float | None = None
        self._packet_msg_id = 0
        self._message_id = 0

    # -- what the engine asks for ------------------------------------------------------------------------------------

    def _ping(self, mono: float) -> None:
        ping_id = wire.LONG.unpack(self._rand(8))[0]
        body = struct.pack("<Iqi", wire.PING_DELAY_DISCONNECT, ping_id, self.limits.ping_disconnect_delay)
        self._outbox.append(Service(ServiceKind.PING, body, True, (ping_id,)))
        self._liveness.ping_sent(mono)

    def _ask_salts(self) -> None:
        body = struct.pack("<Ii", wire.GET_FUTURE_SALTS, self.limits.salts_wanted)
        self._outbox.append(Service(ServiceKind.SALTS, body, True))

    def _drop_answer(self, msg_id: int) -> None:
        body = struct.pack("<Iq", wire.RPC_DROP_ANSWER, msg_id)
        self._outbox.append(Service(ServiceKind.DROP, body, True, (msg_id,)))

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

    # -- the fate of requests ----------------------------------------------------------------------------------------

    def _accept(self, request: Request, events: list[Event]) -> None:
        if not request.acked:
            self._inflight.accepted(request)
            events.append(Acked(request.token))

    def _fail(self, request: Request, event: Event, events: list[Event]) -> None:
        """A request failed, and with it all that had to wait for it."""
        events.append(event)
        followers = self._inflight.followers(request)
        self._inflight.finish(request, Stage.FAILED)
        for follower in followers:
            self._inflight.finish(follower, Stage.FAILED)
            events.append(ErrorReceived(follower.token, *_PREDECESSOR_FAILED))

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

    def _repeat(self, requests: Iterable[Request], reason: str, events: list[Event]) -> None:
        """Send requests again of which nobody knows any more whether they were carried out, where that does no harm."""
        for request in requests:
            if request.stage is not Stage.SENT:
                continue
            if self.may_repeat(request.token):
                self._requeue(request, reason, events)
            else:
                self._fail(request, Uncertain(request.token, reason), events)

    # -- salt, clock and session -------------------------------------------------------------------------------------

    def _use_salt(self, salt: int, events: list[Event]) -> None:
        if salt != self.state.salt:
            self.state.salt = salt
            events.append(SaltChanged(salt))

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

    def _on_session_fault(self, items: Sequence[Outgoing], code: int, now: Instant, events: list[Event]) -> None:
        reason = f"the server refused a message with code {code}"
        requests = [item for item in items if isinstance(item, Request)]
        if code == _CONTAINER_INVALID and len(requests) > 1:
            # Smaller ones may do; and in this session, where the server knows what it has done already.
            self._container_messages = max(1, len(items) // 2)
            for request in requests:
                self._requeue(request, reason, events)
            self._send_again((item for item in items if isinstance(item, Service)), code, now, events)
            return
        for request in requests:
            last, request.fault_at = request.fault_at, now.mono
            if last is not None and now.mono - last < self.limits.fault_memory:
                self._give_up((request,), code, events)
        self._refuse_session(reason, items, now)

    def _refuse_session(self, reason: str, items: Iterable[Outgoing], now: Instant) -> None:
        """Have the session renewed because of these, but not for ever."""
        for item in items:
            if isinstance(item, Request):
                self._refused.add(item)
            # Of the service messages only the end of an earlier session still matters in the next one.
            elif item.refusals < self.limits.max_resends:
                item.refusals += 1
                self._outbox.append(item)
        renewals = self._renewals
        if len(renewals) == self.limits.max_resends and now.mono - renewals[0] < self.limits.fault_memory:
            self._closing = "the server refuses one session after the other"
        renewals.append(now.mono)
        self._renewal = reason

    def _renew_session(self, reason: str, now: Instant, events: list[Event]) -> None:
        """Begin a new session; what was not answered in the old one is sent again, if it may be carried out twice.

        The old session takes no message any more, so the server cannot be asked there, and in the new one it knows of
        none of them.

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
        refused, self._refused = self._refused, set()
        for request in list(self._inflight.sent.values()):
            if request in refused:
                # So it was not carried out.
                self._requeue(request, reason, events)
            else:
                self._repeat((request,), reason, events)
        body = struct.pack("<Iq", wire.DESTROY_SESSION, old)
        self._outbox.append(Service(ServiceKind.DESTROY, body, True, (old,)))


def _always(token: Token) -> bool:
    return True
