"""Drafts that were written with another application."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias, cast

from telethon.events.common import EventBuilder, EventCommon, name_inner_event
from telethon.tl import types

if TYPE_CHECKING:
    from telethon.tl.custom.draft import Draft

__all__ = ["DraftUpdate", "DraftUpdateEvent"]


class DraftUpdateEvent(EventCommon):
    """What is written in a chat and not sent yet has changed.

    Args:
        update: the update.
    """

    def __init__(self, update: types.UpdateDraftMessage) -> None:
        super().__init__(update.peer, msg_id=update.top_msg_id)
        self._update = update
        self._draft: Draft | None = None

    @property
    def draft(self) -> Draft:
        """The draft, as `client.iter_drafts` gives it; it can be changed, sent and deleted."""
        if self._draft is None:
            from telethon.tl.custom.draft import Draft

            where = self.chat if self.chat is not None else self._update.peer
            self._draft = Draft(cast("Any", self._client), where, self._update.draft)
        return self._draft

    @property
    def text(self) -> str:
        """The text with its formatting, in the parse mode of the client; empty when there is no draft any more."""
        return self.draft.text

    @property
    def raw_text(self) -> str:
        """The text without formatting."""
        return self.draft.raw_text

    @property
    def is_empty(self) -> bool:
        """Whether there is no draft any more."""
        return self.draft.is_empty

    @property
    def topic_id(self) -> int | None:
        """The first message of the topic in which it is, in forums."""
        return self._update.top_msg_id


@name_inner_event
class DraftUpdate(EventBuilder[DraftUpdateEvent]):
    """Happens when a draft is changed with another application of the same account.

    Args:
        chats: the chats whose drafts are wanted; None for all.
        blacklist_chats: whether it is these chats whose drafts are *not* wanted.
        func: only events for which it gives something true are wanted. It may be asynchronous.

    Example:
        >>> @client.on(events.DraftUpdate)
        ... async def handler(event):
        ...     if event.raw_text.endswith("!send"):
        ...         await event.draft.send()

    Source: https://core.telegram.org/api/drafts
    """

    Event: TypeAlias = DraftUpdateEvent

    @classmethod
    def build(cls, update: Any, others: list[Any] | None = None, self_id: int | None = None) -> DraftUpdateEvent | None:
        """The event of a draft; None for other updates."""
        return cls.Event(update) if isinstance(update, types.UpdateDraftMessage) else None
