"""Boosts of chats."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from telethon.events._user import UserEvent
from telethon.events.common import EventBuilder, name_inner_event
from telethon.tl import types

if TYPE_CHECKING:
    import datetime

__all__ = ["ChatBoost", "ChatBoostEvent"]


class ChatBoostEvent(UserEvent):
    """A chat has got a boost, or lost one. `user` is who gave it, when it is told.

    Args:
        update: the update.

    Attributes:
        boost: the `Boost` itself.
    """

    boost: types.Boost

    def __init__(self, update: types.UpdateBotChatBoost) -> None:
        super().__init__(update.boost.user_id, update.peer)
        self.boost = update.boost

    @property
    def boost_id(self) -> str:
        """The id of the boost."""
        return self.boost.id

    @property
    def removed(self) -> bool:
        """Whether the chat has lost the boost."""
        # One that is taken away is told to end at time 0.
        return self.boost.expires.timestamp() <= 0

    @property
    def date(self) -> datetime.datetime | None:
        """When the boost was given."""
        return self.boost.date

    @property
    def expires(self) -> datetime.datetime | None:
        """When it ends; None when it was removed."""
        return None if self.removed else self.boost.expires

    @property
    def multiplier(self) -> int:
        """As how many boosts it counts."""
        return self.boost.multiplier or 1

    @property
    def is_gift(self) -> bool:
        """Whether it comes with a subscription that somebody was given."""
        return bool(self.boost.gift)

    @property
    def is_giveaway(self) -> bool:
        """Whether it comes from a giveaway."""
        return bool(self.boost.giveaway)


@name_inner_event
class ChatBoost(EventBuilder[ChatBoostEvent]):
    """Happens when a chat gets a boost or loses one. Only bots that are administrators get it.

    Args:
        chats: the chats whose boosts are wanted; None for all.
        blacklist_chats: whether it is these chats whose boosts are *not* wanted.
        func: only events for which it gives something true are wanted. It may be asynchronous.

    Example:
        >>> @client.on(events.ChatBoost)
        ... async def handler(event):
        ...     if not event.removed:
        ...         await event.respond("Thank you for the boost!")

    Source: https://core.telegram.org/api/boost
    """

    Event: TypeAlias = ChatBoostEvent

    @classmethod
    def build(cls, update: Any, others: list[Any] | None = None, self_id: int | None = None) -> ChatBoostEvent | None:
        """The event of a boost; None for other updates."""
        return cls.Event(update) if isinstance(update, types.UpdateBotChatBoost) else None
