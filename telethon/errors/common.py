"""Errors the library raises by itself, that is, not because Telegram answered a request with one.

Two of them say who broke a rule of the protocol: `RemoteProtocolError` (the other side, or somebody on the
wire) and `LocalProtocolError` (the program that uses the library).
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from telethon._core.oldnames import old_names, star_names

if TYPE_CHECKING:
    from telethon.tl.tlobject import TLRequest

__all__ = [
    "AlreadyInConversationError",
    "AuthKeyNotFound",
    "BadMessageError",
    "CdnFileTamperedError",
    "InvalidBufferError",
    "InvalidChecksumError",
    "LocalProtocolError",
    "MultiError",
    "ReadCancelledError",
    "RemoteProtocolError",
    "RequestTimeoutError",
    "RequestUncertainError",
    "SecurityError",
    "TLDecodeError",
    "TypeNotFoundError",
]

if not TYPE_CHECKING:
    __getattr__ = old_names(__name__)
    __all__ = star_names(__name__, __all__)


class ReadCancelledError(Exception):
    """A read was given up because the connection is being closed."""

    def __init__(self) -> None:
        super().__init__("Reading was stopped because the connection is closing")


class TypeNotFoundError(Exception):
    """The bytes name a constructor that this layer of the schema does not have.

    Attributes:
        invalid_constructor_id: the id that was read.
        remaining: the bytes that follow it, which cannot be read without knowing their layout.
    """

    def __init__(self, invalid_constructor_id: int, remaining: bytes) -> None:
        # The bytes themselves may hold message text, so the text tells only how many there are.
        super().__init__(
            "Could not find a matching Constructor ID for the TLObject that was supposed to be read with ID "
            f"{invalid_constructor_id:08x} ({len(remaining)} bytes remain). The other side probably speaks another "
            "layer; a newer version of the library may know it"
        )
        self.invalid_constructor_id = invalid_constructor_id
        self.remaining = remaining


class TLDecodeError(BufferError, ValueError):
    """The bytes end too early, or hold a value that no object of the schema can have."""


class InvalidChecksumError(Exception):
    """The checksum of a packet does not fit its content.

    Attributes:
        checksum: what the packet says.
        valid_checksum: what its bytes give.
    """

    def __init__(self, checksum: int, valid_checksum: int) -> None:
        super().__init__(f"The packet carries checksum {checksum} but its bytes give {valid_checksum}; it is not used")
        self.checksum = checksum
        self.valid_checksum = valid_checksum


class InvalidBufferError(BufferError):
    """A packet is too short, too long or a bare error code instead of data.

    Attributes:
        payload: the bytes received.
        code: the positive transport error code (404, 429, 444 ...) when the packet is one, else None.
    """

    def __init__(self, payload: bytes) -> None:
        self.payload = payload
        self.code: int | None = None
        if len(payload) == 4:
            self.code = -int(struct.unpack("<i", payload)[0])
            super().__init__(f"Invalid response buffer (HTTP code {self.code}): Telegram sent an error instead of data")
        else:
            super().__init__(f"Invalid response buffer (too short: {len(payload)} bytes cannot be a message)")


class AuthKeyNotFound(Exception):
    """Telegram does not know the authorization key of this session."""

    def __init__(self) -> None:
        super().__init__(
            "Telegram repeatedly says that it does not know the authorization key of this session. The key may "
            "belong to another environment, or it was removed there; when this does not pass, log in again with a new "
            "session"
        )


class SecurityError(Exception):
    """A check that keeps the connection safe failed; what was received is not used."""

    def __init__(self, *args: object) -> None:
        if not args:
            args = ("A security check failed",)
        super().__init__(*args)


class RemoteProtocolError(SecurityError):
    """The other side of the connection broke a rule of the protocol."""


class LocalProtocolError(RuntimeError):
    """The protocol core was used in a way that its rules do not allow."""


class CdnFileTamperedError(SecurityError):
    """A part of a file from a CDN does not have the hash that Telegram named for it."""

    def __init__(self) -> None:
        super().__init__("Bytes from the CDN differ from what Telegram says the file holds; the download was stopped")


class AlreadyInConversationError(Exception):
    """Another exclusive conversation is already open in this chat."""

    def __init__(self) -> None:
        super().__init__(
            "Cannot open exclusive conversation in a chat that already has one open conversation; "
            "close that one first, or open both with exclusive=False"
        )


class BadMessageError(Exception):
    """Telegram refused a message because of its envelope, not its content.

    Attributes:
        code: number of the rule that was broken.

    Source: core.telegram.org/mtproto/service_messages_about_messages#notice-of-ignored-error-message
    """

    ErrorMessages = {
        16: "the msg_id is too low: the clock of this machine is probably behind",
        17: "the msg_id is too high: the clock of this machine is probably ahead",
        18: "the two lowest bits of the msg_id are wrong",
        19: "a container carries the msg_id of an earlier message",
        20: "the message is so old that it cannot be told whether it was received before",
        32: "the msg_seqno is too low for its msg_id",
        33: "the msg_seqno is too high for its msg_id",
        34: "an even msg_seqno was expected",
        35: "an odd msg_seqno was expected",
        48: "the server salt is wrong",
        64: "the container is malformed",
    }

    def __init__(self, request: TLRequest[Any] | None, code: int) -> None:
        reason = self.ErrorMessages.get(code, "the code is not one the protocol lists")
        super().__init__(request, f"Telegram refused the message (code {code}): {reason}")
        self.code = code


class MultiError(Exception):
    """At least one of several requests sent together failed.

    With one single exception in the list that exception itself is made instead.

    Attributes:
        exceptions: one entry per request, None where it went well.
        results: one entry per request, None where it failed.
        requests: the requests, in the same order.
    """

    exceptions: list[BaseException | None]
    results: list[Any]
    requests: list[TLRequest[Any]]

    def __new__(  # pyright: ignore[reportInconsistentConstructor]
        cls, exceptions: Sequence[BaseException | None], result: Sequence[Any], requests: Sequence[TLRequest[Any]]
    ) -> Any:
        """The error itself, or the only exception when there is but one."""
        if len(exceptions) == 1 and exceptions[0] is not None:
            return exceptions[0]
        if not len(exceptions) == len(result) == len(requests):
            raise ValueError("MultiError needs as many exceptions as results and requests")
        self = super().__new__(cls, exceptions, result, requests)
        self.exceptions = list(exceptions)
        self.results = list(result)
        self.requests = list(requests)
        return self


class RequestTimeoutError(TimeoutError):
    """The time that a call was given is over. The request was withdrawn, and the connection goes on.

    Telegram may have done all the same what was asked; only its answer is not wanted any more. On every Python this
    is also an ``asyncio.TimeoutError``.

    Attributes:
        request: the request, or the list of them.
        seconds: the time that there was.
    """

    def __init__(self, request: TLRequest[Any] | list[TLRequest[Any]] | None, seconds: float) -> None:
        self.request = request
        self.seconds = seconds
        super().__init__(
            f"{_name_of(request)} was not answered within {seconds:g} s; it was given up, and the connection goes on"
        )

    def __reduce__(self) -> tuple[Any, ...]:
        return RequestTimeoutError, (self.request, self.seconds)


class RequestUncertainError(ConnectionError):
    """Nobody can tell whether a request was carried out, and it is not sent again, because it must not be done twice.

    This is very rare: Telegram has to forget the session in the moment between a request and its answer, and the
    request has to be one that makes, pays or sends something without a ``random_id``. Look whether it was done.

    Attributes:
        request: the request.
        reason: why Telegram cannot be asked about it.
    """

    def __init__(self, request: TLRequest[Any] | None, reason: str) -> None:
        self.request = request
        self.reason = reason
        super().__init__(
            f"{_name_of(request)} may have been carried out or not, and is not sent again, since it must not be done "
            f"twice: {reason}"
        )

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.request, self.reason)


def _name_of(request: object) -> str:
    if isinstance(request, list):
        several: list[object] = request  # pyright: ignore[reportUnknownVariableType]
        if not several:
            return "An empty list of requests"
        names = list(dict.fromkeys(type(one).__name__ for one in several))
        shown = ", ".join(names[:3]) + (", ..." if len(names) > 3 else "")
        return f"A list of {len(several)} requests ({shown})"
    from telethon.errors.rpcbaseerrors import _describe

    return _describe(request)
