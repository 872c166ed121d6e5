"""Users that let a bot manage their chats."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from telethon.events._user import UserEvent
from telethon.events.common import EventBuilder, name_inner_event
from telethon.tl import types

if TYPE_CHECKING:
    import datetime

__all__ = ["BusinessConnection", "BusinessConnectionEvent"]


class BusinessConnectionEvent(UserEvent):
    """A user has connected the bot to its account, changed what it may do, or taken it away.

    Args:
        connection: the connection.

    Attributes:
        connection: as above.
    """

    connection: types.BotBusinessConnection

    def __init__(self, connection: types.BotBusinessConnection) -> None:
        super().__init__(connection.user_id, types.PeerUser(connection.user_id))
        self.connection = connection

    @property
    def connection_id(self) -> str:
        """The id of the connection, which comes with each message of it."""
        return self.connection.connection_id

    @property
    def enabled(self) -> bool:
        """Whether the bot is connected; False when that was ended."""
        return not self.connection.disabled

    @property
    def rights(self) -> types.BusinessBotRights | None:
        """What the bot may do for the user."""
        return self.connection.rights

    @property
    def can_reply(self) -> bool:
        """Whether the bot may write for the user, in chats that were active in the last 24 hours."""
        return self.rights is not None and bool(self.rights.reply)

    @property
    def date(self) -> datetime.datetime | None:
        """When it was connected."""
        return self.connection.date


@name_inner_event
class BusinessConnection(EventBuilder[BusinessConnectionEvent]):
    """Happens when a user connects the bot to its account, or ends that. Only bots get it.

    Args:
        chats: the users whose events are wanted; None for all.
        blacklist_chats: whether it is these users whose events are *not* wanted.
        func: only events for which it gives something true are wanted. It may be asynchronous.

    Example:
        >>> @client.on(events.BusinessConnection)
        ... async def handler(event):
        ...     if event.enabled:
        ...         await event.respond("I look after your chats from now on.")

    Source: https://core.telegram.org/api/bots/connected-business-bots
    """

    Event: TypeAlias = BusinessConnectionEvent

    @classmethod
    def build(
        cls, update: Any, others: list[Any] | None = None, self_id: int | None = None
    ) -> BusinessConnectionEvent | None:
        """The event of a connection; None for other updates."""
        return cls.Event(update.connection) if isinstance(update, types.UpdateBotBusinessConnect) else None
