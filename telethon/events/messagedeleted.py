"""Messages that were deleted."""

from __future__ import annotations

from typing import Any, TypeAlias

from telethon.events.common import EventBuilder, EventCommon, name_inner_event
from telethon.tl import types

__all__ = ["MessageDeleted", "MessageDeletedEvent"]


class MessageDeletedEvent(EventCommon):
    """Messages that were deleted.

    Args:
        deleted_ids: their ids.
        peer: the channel they were in; None for private chats and small groups, where Telegram does not tell it.

    Attributes:
        deleted_id: the first of the ids, or None.
        deleted_ids: all of them.
    """

    deleted_id: int | None
    deleted_ids: list[int]

    def __init__(self, deleted_ids: list[int], peer: types.TypePeer | None) -> None:
        super().__init__(chat_peer=peer, msg_id=(deleted_ids or [0])[0])
        self.deleted_id = deleted_ids[0] if deleted_ids else None
        self.deleted_ids = deleted_ids


@name_inner_event
class MessageDeleted(EventBuilder[MessageDeletedEvent]):
    """Happens when messages are deleted. Only in channels and supergroups it is known where.

    Ids of messages count for all private chats and small groups of an account together, so that a deleted message of
    these is found by its id alone.

    Telegram does not tell of every deletion.

    Args:
        chats: the chats whose deletions are wanted; with it, those without a known chat are not.
        blacklist_chats: whether it is these chats whose deletions are *not* wanted.
        func: only events for which it gives something true are wanted. It may be asynchronous.

    Example:
        >>> @client.on(events.MessageDeleted)
        ... async def handler(event):
        ...     for msg_id in event.deleted_ids:
        ...         print("Message", msg_id, "was deleted in", event.chat_id)

    Source: https://core.telegram.org/constructor/updateDeleteMessages
    """

    Event: TypeAlias = MessageDeletedEvent

    @classmethod
    def build(
        cls, update: Any, others: list[Any] | None = None, self_id: int | None = None
    ) -> MessageDeletedEvent | None:
        """The event of deleted messages; None for other updates."""
        if isinstance(update, types.UpdateDeleteMessages):
            return cls.Event(deleted_ids=update.messages, peer=None)
        if isinstance(update, types.UpdateDeleteChannelMessages):
            return cls.Event(deleted_ids=update.messages, peer=types.PeerChannel(update.channel_id))
        return None
