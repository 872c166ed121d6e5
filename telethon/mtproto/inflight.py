"""What was asked and not answered yet.

    queued --packed--> sent --answered--> succeeded or failed
      ^                  |
      +----refused,------+
           not received

Whoever waits for the answer may cancel it at any time.

Every time a request is sent it gets a new msg_id, so one msg_id never stands for two different ciphertexts.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from enum import Enum
from typing import TypeAlias, TypeVar, Union

from telethon.errors.common import LocalProtocolError
from telethon.mtproto.events import Token

__all__ = ["InFlight", "Outgoing", "Request", "Service", "ServiceKind", "Stage"]


_T = TypeVar("_T")


class Stage(Enum):
    """How far a request has come."""

    QUEUED = 0
    SENT = 1
    SUCCEEDED = 2
    FAILED = 3
    CANCELLED = 4


_QUEUED = Stage.QUEUED
_SENT = Stage.SENT
_CANCELLED = Stage.CANCELLED
_MESSAGE_SIZE = 16
"""Bytes in front of each body in a container."""
_ACK_MEMORY = 16
"""How many acknowledgements are remembered: nothing ever answers one, and one may name thousands of messages."""


class ServiceKind(Enum):
    """What the engine sends on its own account."""

    ACK = 0
    DROP = 1
    SALTS = 2
    PING = 3
    DESTROY = 4
    STATE = 5
    STATE_INFO = 6
    RESEND = 7
    RESEND_ANSWERS = 8
    WAIT = 9


class Request:
    """A request of the owner.

    Attributes:
        token: handle of the owner.
        body: the serialised request; empty once it is done, and for one that is made when it is sent.
        make: makes the body for a msg_id, for a request that has to name its own.
        after: request that must be finished first.
        followed: whether another one has to wait for this one.
        serial: position in the order of submission.
        stage: how far it has come.
        msg_id: under which it was sent last, 0 before that.
        container_id: msg_id of the container it was sent in, 0 if alone.
        after_msg_id: msg_id of the predecessor it was sent with, 0 without.
        asked_at: monotonic seconds when it was sent, or when the server was last asked about it.
        acked: whether the server said that it has it.
        refusals: how often the server refused it.
        fault_at: monotonic seconds when it was last refused in a way that ended the session.
        claims: how often the server said over this connection that it had answered, while nothing came.
    """

    # What most requests never change is kept once, in the class: setting it in each of them costs more.
    followed: bool = False
    stage: Stage = Stage.QUEUED
    msg_id: int = 0
    container_id: int = 0
    after_msg_id: int = 0
    asked_at: float = 0.0
    acked: bool = False
    refusals: int = 0
    fault_at: float | None = None
    claims: int = 0

    def __init__(
        self, token: Token, body: bytes, after: Request | None, serial: int, make: Callable[[int], bytes] | None = None
    ) -> None:
        self.token = token
        self.body = body
        self.make = make
        self.after = after
        self.serial = serial

    @property
    def is_pending(self) -> bool:
        """Whether its answer is still to come."""
        return self.stage is Stage.QUEUED or self.stage is Stage.SENT


class Service:
    """A message of the engine itself.

    Attributes:
        kind: what it is for.
        body: itself, serialised.
        content_related: whether it gets an odd seq_no: functions do, other objects do not.
        ids: the msg_ids it is about, or its number (ping_id, session_id).
        msg_id: under which it was sent last.
        refusals: how often the server refused it.
    """

    __slots__ = ("body", "content_related", "ids", "kind", "msg_id", "refusals")

    def __init__(self, kind: ServiceKind, body: bytes, content_related: bool, ids: tuple[int, ...] = ()) -> None:
        self.kind = kind
        self.body = body
        self.content_related = content_related
        self.ids = ids
        self.msg_id = 0
        self.refusals = 0


Outgoing: TypeAlias = Union[Request, Service]
"""Anything that gets a msg_id."""


class InFlight:
    """The requests by handle, by msg_id and in their order; and what else was sent lately.

    Args:
        sent_memory: how many containers, and how many service messages, are remembered.

    Attributes:
        sent: requests waiting for an answer, by msg_id, oldest first.
        held: whether no request is to be sent for now.
    """

    __slots__ = (
        "_acks",
        "_by_token",
        "_containers",
        "_gone",
        "_memory",
        "_queue",
        "_serial",
        "_services",
        "_unsorted",
        "held",
        "sent",
    )

    def __init__(self, sent_memory: int) -> None:
        self.held = False
        self._memory = sent_memory
        self._serial = 0
        self._by_token: dict[Token, Request] = {}
        self._queue: deque[Request] = deque()
        self._unsorted = False
        self._gone = 0
        self._containers: dict[int, list[Outgoing]] = {}
        self._services: dict[int, Service] = {}
        self._acks: dict[int, Service] = {}
        self.sent: dict[int, Request] = {}

    # -- requests ----------------------------------------------------------------------------------------------------

    def add(
        self, token: Token, body: bytes, after: Request | None, make: Callable[[int], bytes] | None = None
    ) -> Request:
        """Queue a new request.

        Raises:
            LocalProtocolError: the token is pending already.
        """
        if token in self._by_token:
            raise LocalProtocolError(f"a request with the token {token!r} is pending already")
        self._serial += 1
        request = Request(token, body, after, self._serial, make)
        if after is not None:
            after.followed = True
        self._by_token[token] = request
        self._queue.append(request)
        return request

    def get(self, token: Token) -> Request | None:
        """The pending request of a handle."""
        return self._by_token.get(token)

    def tokens(self) -> list[Token]:
        """The handles of all pending requests, in their order."""
        return list(self._by_token)

    def has_queued(self) -> bool:
        """Whether something waits to be sent (or was cancelled while it did)."""
        return bool(self._queue) and not self.held

    def has_several(self) -> bool:
        """Whether more than one waits."""
        return len(self._queue) > 1 and not self.held

    def take(self, room: int) -> Request | None:
        """The next request to send, unless its body has more than `room` bytes."""
        if self.held:
            return None
        queue = self._queue
        if self._unsorted:
            self._queue = queue = deque(sorted(queue, key=_serial))
            self._unsorted = False
        while queue:
            request = queue[0]
            if len(request.body) > room:
                return None
            queue.popleft()
            if request.stage is Stage.QUEUED:
                return request
            self._gone -= 1
        return None

    def take_small(self, messages: int, room: int, small: int) -> list[Request]:
        """The next requests, as many as need no thought: they wait for no other one and are sent as they are.

        Args:
            messages: how many at most.
            room: bytes of their bodies after which to stop.
            small: bytes from which on a body is not one of them.
        """
        found: list[Request] = []
        queue = self._queue
        if self._unsorted:
            return found
        while queue and room > 0 and messages > 0:
            request = queue[0]
            body = request.body
            if len(body) >= small or request.after is not None or request.make is not None:
                break
            queue.popleft()
            if request.stage is _QUEUED:
                found.append(request)
                room -= len(body) + _MESSAGE_SIZE
                messages -= 1
            else:
                self._gone -= 1
        return found

    def mark_sent(self, request: Request, msg_id: int, mono: float) -> None:
        """It goes out under this msg_id."""
        request.stage = _SENT
        request.msg_id = msg_id
        request.container_id = 0
        request.asked_at = mono
        self.sent[msg_id] = request

    def finish(self, request: Request, stage: Stage) -> None:
        """Its answer came, or nobody waits for it any more."""
        if request.stage is _SENT:
            del self.sent[request.msg_id]
            if request.container_id and stage is not _CANCELLED:
                self._containers.pop(request.container_id, None)
        else:
            self._gone += 1
        request.stage = stage
        request.body = b""
        request.after = None
        del self._by_token[request.token]
        if self._gone > 16 and self._gone > len(self._queue) // 2 + 16:
            self._queue = deque(request for request in self._queue if request.stage is Stage.QUEUED)
            self._gone = 0

    def followers(self, request: Request) -> list[Request]:
        """The requests that wait for this one, directly or not, and were not sent; in their order."""
        if not request.followed:
            return []
        chain = {request}
        found: list[Request] = []
        for waiting in self._by_token.values():
            if waiting.after in chain and waiting.stage is Stage.QUEUED:
                chain.add(waiting)
                found.append(waiting)
        return found

    def accepted(self, request: Request) -> None:
        """The server has it, hence the whole container it came in."""
        request.acked = True
        self._containers.pop(request.container_id, None)

    def requeue(self, request: Request) -> None:
        """It has to be sent again."""
        del self.sent[request.msg_id]
        request.stage = Stage.QUEUED
        request.acked = False
        queue = self._queue
        if queue and request.serial > queue[0].serial:
            self._unsorted = True
        queue.appendleft(request)

    def hand_over(self, other: InFlight) -> None:
        """Give all requests that wait to be sent to somebody else, in their order, behind what waits there."""
        waiting = [request for request in self._queue if request.stage is Stage.QUEUED]
        for request in sorted(waiting, key=_serial):
            other._serial += 1
            request.serial = other._serial
            request.claims = 0
            del self._by_token[request.token]
            other._by_token[request.token] = request
            other._queue.append(request)
        self._queue.clear()
        self._gone = 0

    # -- what else was sent ------------------------------------------------------------------------------------------

    def remember_container(self, msg_id: int, items: list[Outgoing]) -> None:
        """These went out together."""
        for item in items:
            if type(item) is Request:
                item.container_id = msg_id
        _remember(self._containers, msg_id, items, self._memory)

    def remember_service(self, service: Service, msg_id: int) -> None:
        """It goes out under this msg_id."""
        service.msg_id = msg_id
        if service.kind is ServiceKind.ACK:
            _remember(self._acks, msg_id, service, _ACK_MEMORY)
        else:
            _remember(self._services, msg_id, service, self._memory)

    def service(self, msg_id: int) -> Service | None:
        """The service message sent under a msg_id; it is forgotten, because its answer came or it is sent again."""
        return self._services.pop(msg_id, None) or self._acks.pop(msg_id, None)

    def services(self, kind: ServiceKind) -> list[Service]:
        """The unanswered service messages of a kind."""
        return [service for service in self._services.values() if service.kind is kind]

    def find_packet(self, msg_id: int) -> list[Outgoing]:
        """What we sent in the packet in which this msg_id was."""
        request = self.sent.get(msg_id)
        if request is not None and request.container_id in self._containers:
            return self.find(request.container_id)
        return self.find(msg_id)

    def find(self, msg_id: int) -> list[Outgoing]:
        """What we sent under a msg_id, be it a request, a service message or a container; empty if nothing."""
        request = self.sent.get(msg_id)
        if request is not None:
            return [request]
        service = self.service(msg_id)
        if service is not None:
            return [service]
        items = self._containers.pop(msg_id, None)
        if items is None:
            return []
        found: list[Outgoing] = []
        for item in items:
            if isinstance(item, Service):
                if self.service(item.msg_id) is not None:
                    found.append(item)
            elif item.stage is Stage.SENT and item.container_id == msg_id:
                found.append(item)
        return found

    def forget_sent(self) -> Iterable[Service]:
        """Forget containers and service messages; gives those of the latter that are to be answered."""
        services = list(self._services.values())
        self._services.clear()
        self._acks.clear()
        self._containers.clear()
        return services

    def clear(self) -> None:
        """Forget everything."""
        self.forget_sent()
        for request in self._by_token.values():
            request.stage = Stage.FAILED
            request.body = b""
            request.after = None
        self._by_token.clear()
        self._queue.clear()
        self._gone = 0
        self.sent.clear()


def _serial(request: Request) -> int:
    return request.serial


def _remember(table: dict[int, _T], msg_id: int, value: _T, size: int) -> None:
    table[msg_id] = value
    if len(table) > size:
        del table[next(iter(table))]
