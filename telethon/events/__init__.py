"""Events: what happens to the account, as objects for handlers.

A builder says what is wanted (``events.NewMessage(pattern="hi")``), its ``Event`` is what the handler gets.

Example:
    >>> @client.on(events.NewMessage(incoming=True))
    ... async def handler(event):
    ...     await event.reply("Hi!")

Source: https://core.telegram.org/api/updates
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, TypeVar

from telethon._core.oldnames import star_names
from telethon.events.album import Album
from telethon.events.callbackquery import CallbackQuery
from telethon.events.chataction import ChatAction
from telethon.events.common import EventBuilder
from telethon.events.delivery import Delivery, delivery_of
from telethon.events.inlinequery import InlineQuery
from telethon.events.messagedeleted import MessageDeleted
from telethon.events.messageedited import MessageEdited
from telethon.events.messageread import MessageRead
from telethon.events.newmessage import NewMessage
from telethon.events.raw import Raw
from telethon.events.userupdate import UserUpdate

if TYPE_CHECKING:
    from telethon.events.botstopped import BotStopped
    from telethon.events.businessconnection import BusinessConnection
    from telethon.events.businessmessage import BusinessMessage, BusinessMessageDeleted, BusinessMessageEdited
    from telethon.events.chatboost import ChatBoost
    from telethon.events.chatmember import ChatMember
    from telethon.events.choseninlineresult import ChosenInlineResult
    from telethon.events.draftupdate import DraftUpdate
    from telethon.events.joinrequest import JoinRequest
    from telethon.events.messagereaction import MessageReaction
    from telethon.events.payment import Payment
    from telethon.events.pollupdate import PollUpdate
    from telethon.events.pollvote import PollVote
    from telethon.events.precheckoutquery import PreCheckoutQuery
    from telethon.events.shippingquery import ShippingQuery
    from telethon.events.story import Story

__all__ = [
    "Album",
    "BotStopped",
    "BusinessConnection",
    "BusinessMessage",
    "BusinessMessageDeleted",
    "BusinessMessageEdited",
    "CallbackQuery",
    "ChatAction",
    "ChatBoost",
    "ChatMember",
    "ChosenInlineResult",
    "Delivery",
    "DraftUpdate",
    "InlineQuery",
    "JoinRequest",
    "MessageDeleted",
    "MessageEdited",
    "MessageReaction",
    "MessageRead",
    "NewMessage",
    "Payment",
    "PollUpdate",
    "PollVote",
    "PreCheckoutQuery",
    "Raw",
    "ShippingQuery",
    "StopPropagation",
    "Story",
    "UserUpdate",
    "delivery_of",
    "is_handler",
    "list",
    "register",
    "unregister",
]

if not TYPE_CHECKING:
    __all__ = star_names(__name__, __all__)

_F = TypeVar("_F", bound=Callable[..., Any])

#: The attribute of a function that says which events it handles; other programs know it by this name.
_HANDLERS_ATTRIBUTE = "__tl.handlers"

# One of the functions below is called `list`, as it always was.
_list = list

#: Where the events are that few programs handle; they are loaded when they are first asked for.
_LATER: Final = {
    "BotStopped": "botstopped",
    "BusinessConnection": "businessconnection",
    "BusinessMessage": "businessmessage",
    "BusinessMessageDeleted": "businessmessage",
    "BusinessMessageEdited": "businessmessage",
    "ChatBoost": "chatboost",
    "ChatMember": "chatmember",
    "ChosenInlineResult": "choseninlineresult",
    "DraftUpdate": "draftupdate",
    "JoinRequest": "joinrequest",
    "MessageReaction": "messagereaction",
    "Payment": "payment",
    "PollUpdate": "pollupdate",
    "PollVote": "pollvote",
    "PreCheckoutQuery": "precheckoutquery",
    "ShippingQuery": "shippingquery",
    "Story": "story",
}


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    builder = globals()[name] = getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
    return builder


def __dir__() -> _list[str]:
    return sorted({*globals(), *__all__})


class StopPropagation(Exception):
    """Raised by a handler so that the handlers after it are not called for the same update.

    Example:
        >>> @client.on(events.NewMessage)
        ... async def delete(event):
        ...     await event.delete()
        ...     raise events.StopPropagation
    """


def register(event: EventBuilder[Any] | type[EventBuilder[Any]] | None = None) -> Callable[[_F], _F]:
    """A decorator that marks a function as handler of an event, for a client that does not exist yet.

    Args:
        event: a builder, or its class; None for raw updates.

    Example:
        >>> @events.register(events.NewMessage(pattern="hi"))
        ... async def handler(event):
        ...     await event.reply("Hi!")
        >>> client.add_event_handler(handler)
    """
    if isinstance(event, type):
        event = event()
    elif event is None:
        event = Raw()

    def decorator(callback: _F) -> _F:
        handlers = getattr(callback, _HANDLERS_ATTRIBUTE, [])
        handlers.append(event)
        setattr(callback, _HANDLERS_ATTRIBUTE, handlers)
        return callback

    return decorator


def unregister(callback: Callable[..., Any], event: EventBuilder[Any] | type[EventBuilder[Any]] | None = None) -> int:
    """Take away from a function what `register` marked it with.

    Args:
        callback: the function.
        event: for which kind of events; of a builder only the class counts. None for all kinds.

    Returns:
        How many marks were taken away.

    Example:
        >>> events.unregister(handler)
        1
    """
    known: Any = getattr(callback, _HANDLERS_ATTRIBUTE, [])
    kind: type[Any] = object if event is None else event if isinstance(event, type) else type(event)
    kept = [one for one in known if not isinstance(one, kind)]
    removed = len(known) - len(kept)
    if removed:
        setattr(callback, _HANDLERS_ATTRIBUTE, kept)
    return removed


def is_handler(callback: Callable[..., Any]) -> bool:
    """Whether a function was marked by `register`.

    Example:
        >>> events.is_handler(handler)
        True
    """
    return hasattr(callback, _HANDLERS_ATTRIBUTE)


def list(callback: Callable[..., Any]) -> _list[EventBuilder[Any]]:
    """The builders that a function was marked with.

    Example:
        >>> for builder in events.list(handler):
        ...     print(type(builder).__name__)
    """
    return getattr(callback, _HANDLERS_ATTRIBUTE, [])[:]


def _get_handlers(  # pyright: ignore[reportUnusedFunction] - programs and the client use it
    callback: Callable[..., Any],
) -> _list[EventBuilder[Any]] | None:
    """The builders that a function was marked with; None when it never was."""
    return getattr(callback, _HANDLERS_ATTRIBUTE, None)
