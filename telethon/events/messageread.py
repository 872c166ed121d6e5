"""Messages that were read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias, cast

from telethon import utils
from telethon.events.common import EventBuilder, EventCommon, name_inner_event
from telethon.tl import types

if TYPE_CHECKING:
    from collections.abc import Iterable

    from telethon.events.common import Chats, Func

__all__ = ["MessageRead", "MessageReadEvent"]


class MessageReadEvent(EventCommon):
    """Messages that were read, all up to one in a chat, or what some of them hold.

    Args:
        peer: the chat; None when voice or video messages of private chats and small groups were listened to.
        max_id: the last message that was read.
        out: whether others read one's own messages.
        contents: whether it is the contents that were seen or heard, as of voice messages.
        message_ids: the messages, when they are told one by one.

    Attributes:
        max_id: as above.
        outbox: whether others read one's own messages.
        contents: as above.
    """

    _SHOWN = ("outbox", "contents", "max_id", "original_update")

    max_id: int | None
    outbox: bool
    contents: bool

    def __init__(
        self,
        peer: types.TypePeer | None = None,
        max_id: int | None = None,
        out: bool = False,
        contents: bool = False,
        message_ids: list[int] | None = None,
    ) -> None:
        self.outbox = out
        self.contents = contents
        self._message_ids = message_ids or []
        self._messages: list[types.Message] | None = None
        self.max_id = max_id or max(self._message_ids, default=None)
        super().__init__(peer, self.max_id)

    @property
    def inbox(self) -> bool:
        """Whether it was oneself that read what others had sent."""
        return not self.outbox

    @property
    def message_ids(self) -> list[int]:
        """The ids of the messages, when they are told one by one; otherwise an empty list."""
        return self._message_ids

    async def get_messages(self) -> list[types.Message]:
        """The messages named in `message_ids`.

        Example:
            >>> messages = await event.get_messages()

        Network: one request the first time.
        """
        if self._messages is None:
            chat = await self.get_input_chat()
            if not chat:
                self._messages = []
            else:
                found = await self.client.get_messages(cast("Any", chat), ids=self._message_ids)
                self._messages = cast("list[types.Message]", found)
        return self._messages

    def is_read(self, message: Any) -> Any:
        """Whether a message was read, or a list that says it of several.

        Args:
            message: a message or its id, or a list of these.

        Example:
            >>> if event.is_read(sent):
            ...     print("They have seen it")
        """
        if utils.is_list_like(message):
            return [self.is_read(one) for one in cast("Iterable[Any]", message)]
        return (message if isinstance(message, int) else message.id) <= (self.max_id or 0)

    def __contains__(self, message: Any) -> bool:
        """True when the message, or each one of a list, was read."""
        if utils.is_list_like(message):
            return all(self.is_read(message))
        return bool(self.is_read(message))


@name_inner_event
class MessageRead(EventBuilder[MessageReadEvent]):
    """Happens when messages are read.

    Args:
        chats: the chats whose events are wanted; None for all.
        blacklist_chats: whether it is these chats whose events are *not* wanted.
        func: only events for which it gives something true are wanted. It may be asynchronous.
        inbox: False for when others read one's own messages, True for when oneself reads those of others with another
            application.

    Example:
        >>> @client.on(events.MessageRead)
        ... async def handler(event):
        ...     print("Somebody read up to", event.max_id)

    Source: https://core.telegram.org/constructor/updateReadHistoryOutbox
    """

    Event: TypeAlias = MessageReadEvent

    inbox: bool

    def __init__(
        self,
        chats: Chats | None = None,
        *,
        blacklist_chats: bool = False,
        func: Func | None = None,
        inbox: bool = False,
    ) -> None:
        super().__init__(chats, blacklist_chats=blacklist_chats, func=func)
        self.inbox = inbox

    @classmethod
    def build(cls, update: Any, others: list[Any] | None = None, self_id: int | None = None) -> MessageReadEvent | None:
        """The event of messages that were read; None for other updates."""
        if isinstance(update, types.UpdateReadHistoryInbox):
            return cls.Event(update.peer, update.max_id)
        if isinstance(update, types.UpdateReadHistoryOutbox):
            return cls.Event(update.peer, update.max_id, out=True)
        if isinstance(update, types.UpdateReadChannelInbox):
            return cls.Event(types.PeerChannel(update.channel_id), update.max_id)
        if isinstance(update, types.UpdateReadChannelOutbox):
            return cls.Event(types.PeerChannel(update.channel_id), update.max_id, out=True)
        if isinstance(update, types.UpdateReadMessagesContents):
            return cls.Event(message_ids=update.messages, contents=True)
        if isinstance(update, types.UpdateChannelReadMessagesContents):
            return cls.Event(types.PeerChannel(update.channel_id), message_ids=update.messages, contents=True)
        return None

    def filter(self, event: Any) -> Any:
        """Whether the event is wanted: something true, or what has to be awaited to know."""
        if self.inbox == event.outbox:
            return None
        return super().filter(event)
