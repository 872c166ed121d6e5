"""How the functions that answer requests are found."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeVar

if TYPE_CHECKING:
    from telethon.testing._call import Call
    from telethon.testing._rpc import Answer
    from telethon.tl.tlobject import TLRequest

__all__ = ["SERVED", "Served", "Who", "serves"]

Who = Literal["user", "bot", "both"]
_R = TypeVar("_R", bound="TLRequest[Any]")
_A = TypeVar("_A")


@dataclass(frozen=True)
class Served:
    """One method of the API.

    Attributes:
        handler: the function that answers it.
        who: whether people, bots or both may use it.
        login: whether somebody must be logged in.
        anywhere: whether data centres other than the account's own answer it, too.
    """

    handler: Callable[[Any, Call], Answer | Awaitable[Answer]]
    who: Who = "user"
    login: bool = True
    anywhere: bool = False


SERVED: dict[type[TLRequest[Any]], Served] = {}
"""All methods that the server knows, by the class of the request."""


def serves(
    request: type[_R], *, who: Who = "user", login: bool = True, anywhere: bool = False
) -> Callable[[Callable[[_R, Call], _A]], Callable[[_R, Call], _A]]:
    """Make the decorated function the one that answers a request.

    Args:
        request: the class of the request.
        who: whether people, bots or both may use the method.
        login: whether somebody must be logged in.
        anywhere: whether any data centre answers it.
    """

    def take(handler: Callable[[_R, Call], _A]) -> Callable[[_R, Call], _A]:
        SERVED[request] = Served(handler, who, login, anywhere)  # type: ignore[arg-type]
        return handler

    return take
