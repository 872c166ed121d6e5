"""What the engine tells its owner.

Each event is a small value object: compare them with `==`, tell them apart with `isinstance` or `match`. Their text
never shows bodies, salts or keys. `token` is the handle that was given to `MTProtoEngine.submit`.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import TypeAlias

__all__ = [
    "Acked",
    "BadMessage",
    "Closed",
    "ErrorReceived",
    "Event",
    "KeyUnknown",
    "PongReceived",
    "Requeued",
    "ResultReceived",
    "SaltChanged",
    "SaltsLearned",
    "SessionCreated",
    "SessionRenewed",
    "TimeCorrected",
    "Token",
    "TransportError",
    "Uncertain",
    "Unreadable",
    "UpdatesReceived",
]

Token: TypeAlias = Hashable
"""Any hashable value; two pending requests never share one."""


class Event:
    """Base of everything the engine returns."""

    __slots__ = ()
    _hidden: frozenset[str] = frozenset(("body", "salt"))

    def _fields(self) -> tuple[str, ...]:
        return tuple(name for cls in reversed(type(self).__mro__) for name in getattr(cls, "__slots__", ()))

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in self._fields())

    def __hash__(self) -> int:
        return hash((type(self), *(getattr(self, name) for name in self._fields())))

    def __repr__(self) -> str:
        shown: list[str] = []
        for name in self._fields():
            value: object = getattr(self, name)
            if name in self._hidden:
                value = f"<{len(value)} bytes>" if isinstance(value, bytes) else "<hidden>"
                shown.append(f"{name}={value}")
            else:
                shown.append(f"{name}={value!r}")
        return f"{type(self).__name__}({', '.join(shown)})"


class ResultReceived(Event):
    """A request was answered.

    Attributes:
        token: handle of the request; it is no longer pending.
        body: the serialised result, unpacked already; read it with `request.read_result`.
    """

    __slots__ = __match_args__ = ("token", "body")

    def __init__(self, token: Token, body: bytes) -> None:
        self.token = token
        self.body = body


class ErrorReceived(Event):
    """A request was answered with an rpc_error.

    Attributes:
        token: handle of the request; it is no longer pending.
        code: HTTP-like number of the error.
        message: its text, like `FLOOD_WAIT_30`.
    """

    __slots__ = __match_args__ = ("token", "code", "message")

    def __init__(self, token: Token, code: int, message: str) -> None:
        self.token = token
        self.code = code
        self.message = message


class Uncertain(Event):
    """Nobody can tell any more whether a request was carried out, and it must not be carried out twice.

    Attributes:
        token: handle of the request; it is no longer pending.
        reason: why the server cannot be asked.
    """

    __slots__ = __match_args__ = ("token", "reason")

    def __init__(self, token: Token, reason: str) -> None:
        self.token = token
        self.reason = reason


class Unreadable(Event):
    """A request was answered, but the envelope of its answer cannot be opened (for example, it unpacks to too much).

    Attributes:
        token: handle of the request; it is no longer pending.
        error: what is wrong with the answer.
    """

    __slots__ = __match_args__ = ("token", "error")

    def __init__(self, token: Token, error: Exception) -> None:
        self.token = token
        self.error = error


class BadMessage(Event):
    """The server refuses a request because of its envelope, and sending it again would not help.

    Attributes:
        token: handle of the request; it is no longer pending.
        code: which rule was broken; `telethon.errors.BadMessageError` knows their meaning.
    """

    __slots__ = __match_args__ = ("token", "code")

    def __init__(self, token: Token, code: int) -> None:
        self.token = token
        self.code = code


class UpdatesReceived(Event):
    """Something that is neither an answer nor a service message, normally an object of type Updates.

    Attributes:
        body: the object, serialised and unpacked; it may have a constructor this layer does not know.
    """

    __slots__ = __match_args__ = ("body",)

    def __init__(self, body: bytes) -> None:
        self.body = body


class Acked(Event):
    """The server has received a request and will answer later.

    Attributes:
        token: handle of the request; it stays pending.
    """

    __slots__ = __match_args__ = ("token",)

    def __init__(self, token: Token) -> None:
        self.token = token


class Requeued(Event):
    """A request will be sent again under a new msg_id; nothing is to be done but to call `packets_to_send`.

    Attributes:
        token: handle of the request; it stays pending.
        reason: why, in words.
    """

    __slots__ = __match_args__ = ("token", "reason")

    def __init__(self, token: Token, reason: str) -> None:
        self.token = token
        self.reason = reason


class SessionCreated(Event):
    """The server made a new session: updates may have been missed, so fetch the difference.

    Attributes:
        first_msg_id: the first message of ours that belongs to it; what was sent before is sent again by the engine.
        unique_id: the server's number for it.

    Source: https://core.telegram.org/mtproto/service_messages#new-session-creation-notification
    """

    __slots__ = __match_args__ = ("first_msg_id", "unique_id")

    def __init__(self, first_msg_id: int, unique_id: int) -> None:
        self.first_msg_id = first_msg_id
        self.unique_id = unique_id


class SessionRenewed(Event):
    """We dropped our session and began another one; the next request must say which layer we speak.

    Attributes:
        reason: why, in words.
    """

    __slots__ = __match_args__ = ("reason",)

    def __init__(self, reason: str) -> None:
        self.reason = reason


class SaltChanged(Event):
    """The server named another salt; keep it with the session.

    Attributes:
        salt: the new server salt.
    """

    __slots__ = __match_args__ = ("salt",)

    def __init__(self, salt: int) -> None:
        self.salt = salt


class SaltsLearned(Event):
    """The server named the salts of the future; keep them with the session."""

    __slots__ = __match_args__ = ()


class TimeCorrected(Event):
    """Our idea of the server's clock moved by a second or more.

    Attributes:
        time_offset: seconds to add to the wall clock of this machine.
    """

    __slots__ = __match_args__ = ("time_offset",)

    def __init__(self, time_offset: float) -> None:
        self.time_offset = time_offset


class PongReceived(Event):
    """The server answered one of the engine's own pings.

    Attributes:
        ping_id: number of the ping.
        round_trip: seconds between sending the ping and this answer.
    """

    __slots__ = __match_args__ = ("ping_id", "round_trip")

    def __init__(self, ping_id: int, round_trip: float) -> None:
        self.ping_id = ping_id
        self.round_trip = round_trip


class TransportError(Event):
    """Instead of a message came a bare error number, which nobody has signed: anybody on the wire can send it.

    Attributes:
        code: positive number: 429 too many connections (wait before the next one), 444 wrong data centre, others
            are faults of the transport.

    Source: https://core.telegram.org/mtproto/mtproto-transports#transport-errors
    """

    __slots__ = __match_args__ = ("code",)

    def __init__(self, code: int) -> None:
        self.code = code


class KeyUnknown(TransportError):
    """Transport error 404: the server says that it does not know the auth_key.

    It is not signed either. Connect again and only believe it when it comes repeatedly.
    """

    __slots__ = ()
    __match_args__ = ("code",)


class Closed(Event):
    """The connection is dead or must be dropped: close it, call `on_disconnected`, and connect again.

    Attributes:
        reason: why, in words.
    """

    __slots__ = __match_args__ = ("reason",)

    def __init__(self, reason: str) -> None:
        self.reason = reason
