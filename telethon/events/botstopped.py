"""Users that stop a bot, or start it again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from telethon.events._user import UserEvent
from telethon.events.common import EventBuilder, name_inner_event
from telethon.tl import types

if TYPE_CHECKING:
    import datetime

__all__ = ["BotStopped", "BotStoppedEvent"]


class BotStoppedEvent(UserEvent):
    """A user has stopped the bot, or started it again.

    Args:
        update: the update.

    Attributes:
        stopped: whether the user has stopped the bot, which cannot write to it any more.
        date: when.
    """

    stopped: bool
    date: datetime.datetime | None

    def __init__(self, update: types.UpdateBotStopped) -> None:
        super().__init__(update.user_id, types.PeerUser(update.user_id))
        self.stopped = bool(update.stopped)
        self.date = update.date

    @property
    def restarted(self) -> bool:
        """Whether the user has started the bot again."""
        return not self.stopped


@name_inner_event
class BotStopped(EventBuilder[BotStoppedEvent]):
    """Happens when a user stops the bot by blocking it, or starts it again after that. Only bots get it.

    Args:
        chats: the users whose events are wanted; None for all.
        blacklist_chats: whether it is these users whose events are *not* wanted.
        func: only events for which it gives something true are wanted. It may be asynchronous.

    Example:
        >>> @client.on(events.BotStopped)
        ... async def handler(event):
        ...     if event.stopped:
        ...         print(event.user_id, "has blocked the bot")

    Source: https://core.telegram.org/constructor/updateBotStopped
    """

    Event: TypeAlias = BotStoppedEvent

    @classmethod
    def build(cls, update: Any, others: list[Any] | None = None, self_id: int | None = None) -> BotStoppedEvent | None:
        """The event of a bot that was stopped or started again; None for other updates."""
        return cls.Event(update) if isinstance(update, types.UpdateBotStopped) else None
