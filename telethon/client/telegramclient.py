"""The client with everything it can do."""

from __future__ import annotations

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
from telethon.client.updates import UpdateMethods
from telethon.client.uploads import UploadMethods
from telethon.client.users import UserMethods

__all__ = ["TelegramClient"]


class TelegramClient(
    AccountMethods,
    AuthMethods,
    DownloadMethods,
    DialogMethods,
    ChatMethods,
    BotMethods,
    MessageMethods,
    UploadMethods,
    ButtonMethods,
    UpdateMethods,
    MessageParseMethods,
    UserMethods,
    TelegramBaseClient,
):
    """Everything a user or a bot can do, each subject in a class of its own that this one only joins.

    See `TelegramBaseClient` for the arguments.

    Example:
        >>> client = TelegramClient("anon", api_id, api_hash)
        >>> async with client:
        ...     await client.send_message("me", "Hello, myself!")
    """
