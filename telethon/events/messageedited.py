"""Messages that were edited."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias, cast

from telethon.events.common import name_inner_event
from telethon.events.newmessage import MessageBuilder, NewMessage, NewMessageEvent
from telethon.tl import types

__all__ = ["MessageEdited", "MessageEditedEvent"]


class MessageEditedEvent(NewMessageEvent):
    """A message that was edited; see `NewMessageEvent`."""


if TYPE_CHECKING:
    # For type checkers it is no builder of new messages, so that handlers may ask for the event that they get.
    _Builder = MessageBuilder[MessageEditedEvent]
else:
    _Builder = NewMessage


@name_inner_event
class MessageEdited(_Builder):
    """Happens when a message is edited, or changes otherwise, as when somebody reacts or a link gets its preview.

    Takes the same arguments as `NewMessage`. In channels, messages come as edited whenever their counters change.

    Example:
        >>> @client.on(events.MessageEdited)
        ... async def handler(event):
        ...     print("Message", event.id, "changed at", event.edit_date)

    Source: https://core.telegram.org/constructor/updateEditMessage
    """

    Event: TypeAlias = MessageEditedEvent

    @classmethod
    def build(
        cls, update: Any, others: list[Any] | None = None, self_id: int | None = None
    ) -> MessageEditedEvent | None:
        """The event of an edited message; None for other updates."""
        if isinstance(update, (types.UpdateEditMessage, types.UpdateEditChannelMessage)):
            return cls.Event(cast("types.Message", update.message))
        return None
