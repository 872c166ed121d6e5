"""The client: `TelegramClient`, and the classes it is made of, one for each subject.

Source: https://core.telegram.org/api
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from telethon._core.oldnames import old_names, star_names

if TYPE_CHECKING:
    from telethon.client._health import ConnectionChange, Health
    from telethon.client._policies import FloodWait
    from telethon.client.account import AccountMethods
    from telethon.client.auth import AuthMethods
    from telethon.client.bots import BotMethods
    from telethon.client.buttons import ButtonMethods
    from telethon.client.chats import ChatMethods
    from telethon.client.dialogs import DialogMethods
    from telethon.client.downloads import DownloadMethods
    from telethon.client.messageparse import MessageParseMethods
    from telethon.client.messages import MessageMethods
    from telethon.client.telegrambaseclient import TelegramBaseClient
    from telethon.client.telegramclient import TelegramClient
    from telethon.client.updates import UpdateMethods
    from telethon.client.uploads import UploadMethods
    from telethon.client.users import UserMethods

__all__ = [
    "AccountMethods",
    "AuthMethods",
    "BotMethods",
    "ButtonMethods",
    "ChatMethods",
    "ConnectionChange",
    "DialogMethods",
    "DownloadMethods",
    "FloodWait",
    "Health",
    "MessageMethods",
    "MessageParseMethods",
    "TelegramBaseClient",
    "TelegramClient",
    "UpdateMethods",
    "UploadMethods",
    "UserMethods",
]

if not TYPE_CHECKING:
    __all__ = star_names(__name__, __all__)

_WHERE = {
    "AccountMethods": "account",
    "AuthMethods": "auth",
    "BotMethods": "bots",
    "ButtonMethods": "buttons",
    "ChatMethods": "chats",
    "ConnectionChange": "_health",
    "DialogMethods": "dialogs",
    "DownloadMethods": "downloads",
    "FloodWait": "_policies",
    "Health": "_health",
    "MessageMethods": "messages",
    "MessageParseMethods": "messageparse",
    "TelegramBaseClient": "telegrambaseclient",
    "TelegramClient": "telegramclient",
    "UpdateMethods": "updates",
    "UploadMethods": "uploads",
    "UserMethods": "users",
}


def __getattr__(name: str) -> Any:
    # Each class on its own, so that using a part of the client from inside the package does not load all of it.
    try:
        module = _WHERE[name]
    except KeyError:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None
    value = globals()[name] = getattr(import_module(f"{__name__}.{module}"), name)
    return value


if not TYPE_CHECKING:
    __getattr__ = old_names(__name__, __getattr__)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
