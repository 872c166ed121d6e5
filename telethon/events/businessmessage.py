"""Messages in the chats of users that let a bot manage them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias, cast

from telethon.events._business import BusinessClient
from telethon.events.common import EventBuilder, name_inner_event
from telethon.events.messagedeleted import MessageDeletedEvent
from telethon.events.newmessage import MessageBuilder, NewMessageEvent
from telethon.tl import types

if TYPE_CHECKING:
    from telethon.tl.custom._base import TelegramClient

__all__ = [
    "BusinessMessage",
    "BusinessMessageDeleted",
    "BusinessMessageDeletedEvent",
    "BusinessMessageEdited",
    "BusinessMessageEditedEvent",
    "BusinessMessageEvent",
]


class BusinessMessageEvent(NewMessageEvent):
    """A message in a chat of a user that let the bot manage it.

    Everything that its message has, the event has as well, and whatever it does (`respond`, `reply`, `edit`, `delete`,
    `mark_read`) is done for that user.

    Args:
        message: the message.
        connection_id: the connection with the user.
        replied: the message that it is a reply to, when there is one.

    Attributes:
        message: the `Message` itself.
        connection_id: as above.
    """

    _SHOWN: tuple[str, ...] = ("original_update", "pattern_match", "connection_id", "message")
    _OWN: ClassVar[frozenset[str]] = NewMessageEvent._OWN | {"connection_id", "_replied", "_bot_client"}

    connection_id: str

    def __init__(self, message: types.Message, connection_id: str, replied: types.TypeMessage | None = None) -> None:
        super().__init__(message)
        self.connection_id = connection_id
        self._replied = replied
        self._bot_client: Any = None

    def _set_client(self, client: Any) -> None:
        self._bot_client = client
        acting = BusinessClient(client, self.connection_id)
        super()._set_client(acting)
        if isinstance(self._replied, types.Message):
            cast("Any", self._replied)._finish_init(acting, self._entities, None)

    @property
    def client(self) -> TelegramClient:
        """The client that got this event. What it does by itself, the bot does."""
        return cast("TelegramClient", self._bot_client)

    @property
    def business_client(self) -> TelegramClient:
        """The client, in such a way that what it writes, edits, deletes and reads is done for the user."""
        return cast("TelegramClient", self.message.client)

    async def get_reply_message(self) -> types.Message | None:
        """The message that this one is a reply to; it came with the event."""
        return self._replied if isinstance(self._replied, types.Message) else None


@name_inner_event
class BusinessMessage(MessageBuilder[BusinessMessageEvent]):
    """Happens when there is a new message in a chat of a user that let the bot manage it. Only bots get it.

    Args are those of `NewMessage`. The messages that the user itself writes are ``outgoing`` ones.

    Example:
        >>> @client.on(events.BusinessMessage(incoming=True))
        ... async def handler(event):
        ...     await event.respond("We will answer tomorrow.")

    Source: https://core.telegram.org/constructor/updateBotNewBusinessMessage
    """

    Event: TypeAlias = BusinessMessageEvent

    @classmethod
    def build(
        cls, update: Any, others: list[Any] | None = None, self_id: int | None = None
    ) -> BusinessMessageEvent | None:
        """The event of a message for a user; None for other updates and for service messages."""
        if isinstance(update, types.UpdateBotNewBusinessMessage) and isinstance(update.message, types.Message):
            return cls.Event(update.message, update.connection_id, update.reply_to_message)
        return None


class BusinessMessageEditedEvent(BusinessMessageEvent):
    """A message that was changed in a chat of a user that let the bot manage it; see `BusinessMessageEvent`."""


@name_inner_event
class BusinessMessageEdited(MessageBuilder[BusinessMessageEditedEvent]):
    """Happens when a message in a chat of a user that let the bot manage it was changed. Only bots get it.

    Args are those of `NewMessage`.

    Example:
        >>> @client.on(events.BusinessMessageEdited)
        ... async def handler(event):
        ...     print("now it says", event.raw_text)

    Source: https://core.telegram.org/constructor/updateBotEditBusinessMessage
    """

    Event: TypeAlias = BusinessMessageEditedEvent

    @classmethod
    def build(
        cls, update: Any, others: list[Any] | None = None, self_id: int | None = None
    ) -> BusinessMessageEditedEvent | None:
        """The event of a message for a user that was changed; None for other updates."""
        if isinstance(update, types.UpdateBotEditBusinessMessage) and isinstance(update.message, types.Message):
            return cls.Event(update.message, update.connection_id, update.reply_to_message)
        return None


class BusinessMessageDeletedEvent(MessageDeletedEvent):
    """Messages were deleted in a chat of a user that let the bot manage it.

    Args:
        update: the update.

    Attributes:
        connection_id: the connection with the user.
    """

    connection_id: str

    def __init__(self, update: types.UpdateBotDeleteBusinessMessage) -> None:
        super().__init__(update.messages, update.peer)
        self.connection_id = update.connection_id


@name_inner_event
class BusinessMessageDeleted(EventBuilder[BusinessMessageDeletedEvent]):
    """Happens when messages were deleted in a chat of a user that let the bot manage it. Only bots get it.

    Args:
        chats: the chats whose events are wanted; None for all.
        blacklist_chats: whether it is these chats whose events are *not* wanted.
        func: only events for which it gives something true are wanted. It may be asynchronous.

    Example:
        >>> @client.on(events.BusinessMessageDeleted)
        ... async def handler(event):
        ...     print(event.deleted_ids, "are gone")

    Source: https://core.telegram.org/constructor/updateBotDeleteBusinessMessage
    """

    Event: TypeAlias = BusinessMessageDeletedEvent

    @classmethod
    def build(
        cls, update: Any, others: list[Any] | None = None, self_id: int | None = None
    ) -> BusinessMessageDeletedEvent | None:
        """The event of messages that were deleted; None for other updates."""
        return cls.Event(update) if isinstance(update, types.UpdateBotDeleteBusinessMessage) else None
