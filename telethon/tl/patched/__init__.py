"""The messages of the schema, made friendly: what `telethon.tl.types` and every reader of bytes give in their place."""

from __future__ import annotations

from telethon.tl._generated import overlaid
from telethon.tl.custom import message as _message

__all__ = ["Message", "MessageEmpty", "MessageService"]


class MessageEmpty(_message.Message, overlaid.MessageEmpty):  # type: ignore[misc]
    """A message that is not there: deleted, or not for this account.

    Source: https://core.telegram.org/constructor/messageEmpty
    """


class MessageService(_message.Message, overlaid.MessageService):  # type: ignore[misc]
    """A message that tells of something that happened in the chat; ``action`` says what.

    Source: https://core.telegram.org/constructor/messageService
    """


class Message(_message.Message, overlaid.Message):  # type: ignore[misc]
    """A message that somebody sent.

    Source: https://core.telegram.org/constructor/message
    """
