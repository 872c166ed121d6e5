"""Telethon for scripts without ``async``: importing this module makes the coroutine methods of the library block.

    from telethon.sync import TelegramClient

    with TelegramClient("anon", api_id, api_hash) as client:
        client.send_message("me", "Hello!")

It changes the classes of the library for the whole process, in place. Inside a running event loop the methods go on to
return coroutines, so asynchronous code in the same process does not notice. Iterators such as `iter_messages` need
nothing of this: they work in a plain ``for`` anyway.

What is said in a conversation, and waited for, stays asynchronous, as in Telethon:

    with client.conversation(bot) as conversation:
        client.loop.run_until_complete(conversation.send_message("/start"))
        answer = client.loop.run_until_complete(conversation.get_response())

A program that uses several threads gives each of them an event loop and a client of its own: a client belongs to the
loop it was connected in.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from telethon import connection, errors, events, utils
from telethon import helpers as helpers
from telethon._core.oldnames import old_names
from telethon.client._replaced import BLOCKING
from telethon.client.account import _TakeoutClient
from telethon.client.telegramclient import TelegramClient
from telethon.tl import custom, functions, types
from telethon.tl.custom import Button
from telethon.tl.custom import Conversation as Conversation
from telethon.tl.custom import Dialog as Dialog
from telethon.tl.custom import Draft as Draft
from telethon.tl.custom import Forward as Forward
from telethon.tl.custom import InlineResult as InlineResult
from telethon.tl.custom import Message as Message
from telethon.tl.custom import MessageButton as MessageButton
from telethon.tl.custom.chatgetter import ChatGetter as ChatGetter
from telethon.tl.custom.sendergetter import SenderGetter as SenderGetter

if not TYPE_CHECKING:
    __getattr__ = old_names(__name__)

# Scripts import everything from here, and have names of their own for other things.
__all__ = [
    "Button",
    "TelegramClient",
    "connection",
    "custom",
    "errors",
    "events",
    "functions",
    "types",
    "utils",
]

_LEFT_ALONE = {"send_message", "send_file"}
"""Methods of `Conversation` whose coroutines scripts run themselves, as those of `get_response` and the like."""


def _blocking(method: Callable[..., Coroutine[Any, Any, Any]]) -> Callable[..., Any]:
    """*method*, made to wait for its result where no event loop runs; where one does it gives the coroutine as ever."""

    @functools.wraps(method)
    def blocking(*args: Any, **kwargs: Any) -> Any:
        work = method(*args, **kwargs)
        loop = helpers.get_running_loop()
        if loop.is_running():
            return work
        try:
            return loop.run_until_complete(work)
        except BaseException:
            # Where the loop refuses (it is closed), nothing would ever run the coroutine; otherwise this does nothing.
            work.close()
            raise

    setattr(blocking, BLOCKING, method)
    return blocking


def syncify(*classes: type[Any]) -> None:
    """Make the public coroutine methods of classes block where no event loop runs.

    Methods that block already are left alone, so it may be called twice.

    Args:
        classes: the classes to change, in place.

    Example:
        >>> syncify(MyClient)
    """
    for cls in classes:
        for name in dir(cls):
            if name.startswith("_") and name != "__call__":
                continue
            method = getattr(cls, name)
            if issubclass(cls, Conversation) and name in _LEFT_ALONE:
                continue
            if inspect.iscoroutinefunction(method):
                setattr(cls, name, _blocking(method))


syncify(
    TelegramClient,
    _TakeoutClient,
    Draft,
    Dialog,
    MessageButton,
    ChatGetter,
    SenderGetter,
    Forward,
    Message,
    InlineResult,
    Conversation,
)
