"""The families of errors that Telegram answers requests with, one class for each error code.

Source: core.telegram.org/api/errors
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from telethon._core.oldnames import old_names, star_names

if TYPE_CHECKING:
    from telethon.tl.tlobject import TLRequest

__all__ = [
    "AuthKeyError",
    "BadRequestError",
    "BotTimeout",
    "FloodError",
    "ForbiddenError",
    "InvalidDCError",
    "NotFoundError",
    "RPCError",
    "ServerError",
    "TimedOutError",
    "UnauthorizedError",
    "base_errors",
]

if not TYPE_CHECKING:
    __getattr__ = old_names(__name__)
    __all__ = star_names(__name__, __all__)


def _describe(request: object) -> str:
    """The class name of the request, with what it wraps in parentheses."""
    names = [type(request).__name__]
    inner: object = getattr(request, "query", None)
    # Some requests have a text or bytes called `query`; only wrappers hold another request there.
    while inner is not None and hasattr(type(inner), "CONSTRUCTOR_ID"):
        names.append(type(inner).__name__)
        inner = getattr(inner, "query", None)
    return "(".join(names) + ")" * (len(names) - 1)


class RPCError(Exception):
    """Telegram answered a request with an error.

    Attributes:
        code: the number of the error's family, such as 400.
        message: the server's text, or the family's name for the classes that stand for one text.
        request: the request that failed.

    Example:
        >>> try:
        ...     await client.send_message(chat, "Hello")
        ... except errors.RPCError as error:
        ...     await event.reply(error.explanation or error.message)

    Source: https://core.telegram.org/api/errors
    """

    code: int | None = None
    message: str | None = None
    request: TLRequest[Any] | None
    _explanation: str = ""

    def __init__(self, request: TLRequest[Any] | None, message: str | None, code: int | None = None) -> None:
        super().__init__(f"RPCError {code or self.code}: {message}{self._fmt_request(request)}")
        self.request = request
        # A class that stands for a whole family keeps its code when none is given, so `e.code` is always usable.
        if code is not None:
            self.code = code
        self.message = message

    @staticmethod
    def _fmt_request(request: object) -> str:
        """The closing words of every error's text."""
        return f" (caused by {_describe(request)})"

    @property
    def explanation(self) -> str:
        """What happened and, where it helps, what to do; empty when the server's text is not a known one."""
        return self._explanation

    def __str__(self) -> str:
        # At the end, so that what programs look for in the text stands where it always stood.
        return f"{super().__str__()}: {self.explanation}" if self.explanation else super().__str__()

    def __reduce__(self) -> tuple[Any, ...]:
        kept = {"_explanation": self._explanation} if self._explanation else None
        return type(self), (self.request, self.message, self.code), kept


class InvalidDCError(RPCError):
    """The request must be repeated, directed to another data centre."""

    code = 303
    message = "ERROR_SEE_OTHER"


class BadRequestError(RPCError):
    """The request has a wrong value in it; it must be changed before it is sent again."""

    code = 400
    message = "BAD_REQUEST"


class UnauthorizedError(RPCError):
    """The request needs a logged-in user or bot."""

    code = 401
    message = "UNAUTHORIZED"


class ForbiddenError(RPCError):
    """The account has no right to do this."""

    code = 403
    message = "FORBIDDEN"


class NotFoundError(RPCError):
    """Something that does not exist was asked for, such as a method."""

    code = 404
    message = "NOT_FOUND"


class AuthKeyError(RPCError):
    """The authorization key cannot be used, for example because two programs use it at once."""

    code = 406
    message = "AUTH_KEY"


class FloodError(RPCError):
    """The request was made too often."""

    code = 420
    message = "FLOOD"


class ServerError(RPCError):
    """Something went wrong inside Telegram."""

    code = 500
    message = "INTERNAL"


class TimedOutError(RPCError):
    """Telegram, or a bot that had to answer, took too long."""

    code = 503
    message = "Timeout"


BotTimeout = TimedOutError

base_errors: dict[int, type[RPCError]] = {
    303: InvalidDCError,
    400: BadRequestError,
    401: UnauthorizedError,
    403: ForbiddenError,
    404: NotFoundError,
    406: AuthKeyError,
    420: FloodError,
    500: ServerError,
    503: TimedOutError,
}
