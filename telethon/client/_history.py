"""The requests that give the messages of a chat, page by page.

Servers count pages from a message id: ``offset_id`` names a message, ``add_offset`` moves from it (negative means
towards newer messages), and ``limit`` says how many messages the page has. ``min_id`` and ``max_id`` of the requests
are left alone: with them servers give short or empty pages, so the iterator checks the range on its own.

Source: https://core.telegram.org/api/offsets
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon import hints
    from telethon.tl.patched import Message

#: As many messages as servers put on one page.
PAGE: Final = 100
NO_LIMIT: Final = float("inf")


class IdRange:
    """The message ids asked for, both ends left out, and where to start.

    Args:
        min_id: only messages with higher ids.
        max_id: only messages with lower ids; 0 for no end.
        offset_id: where to start; 0 for the end of the history the walk starts from.
        reverse: whether the walk goes from old to new.
    """

    def __init__(self, min_id: int, max_id: float, offset_id: int, reverse: bool) -> None:
        self.min_id = min_id
        self.max_id = max_id
        self.offset_id = max(offset_id, min_id) if reverse else int(max(offset_id, max_id))
        self.reverse = reverse

    @property
    def is_empty(self) -> bool:
        """Whether no message id lies between the ends."""
        if self.reverse:
            return bool(self.offset_id and self.max_id) and self.max_id - self.offset_id <= 1
        return bool(self.offset_id and self.min_id) and self.offset_id - self.min_id <= 1

    def first_offset(self, *, has_date: bool) -> int:
        """The ``offset_id`` of the first request."""
        if not self.reverse:
            return self.offset_id
        if self.offset_id:
            # The page ends below the offset, and the message at the offset itself is not wanted.
            return self.offset_id + 1
        return 0 if has_date else 1


class Page:
    """One kind of request for messages, and how it moves to the next page."""

    request: Any

    def advance(self, last: Message, answer: Any) -> None:
        """Move past *last*, the last message of the page that *answer* held."""
        self.request.offset_id = last.id
        self.request.offset_date = last.date


class HistoryPage(Page):
    """Everything in one chat."""

    def __init__(self, peer: types.TypeInputPeer, offset_id: int, offset_date: hints.DateLike, add_offset: int) -> None:
        self.request = functions.messages.GetHistoryRequest(
            peer=peer,
            limit=1,
            offset_date=offset_date,
            offset_id=offset_id,
            min_id=0,
            max_id=0,
            add_offset=add_offset,
            hash=0,
        )


class RepliesPage(Page):
    """The replies to one message: the comments of a post, or a thread."""

    def __init__(
        self,
        peer: types.TypeInputPeer,
        msg_id: int,
        offset_id: int,
        offset_date: hints.DateLike,
        add_offset: int,
    ) -> None:
        self.request = functions.messages.GetRepliesRequest(
            peer=peer,
            msg_id=msg_id,
            offset_id=offset_id,
            offset_date=offset_date,
            add_offset=add_offset,
            limit=1,
            max_id=0,
            min_id=0,
            hash=0,
        )


class SearchPage(Page):
    """What a search in one chat finds."""

    def __init__(
        self,
        peer: types.TypeInputPeer,
        query: str,
        kind: types.TypeMessagesFilter,
        from_id: types.TypeInputPeer | None,
        offset_id: int,
        max_date: hints.DateLike,
        add_offset: int,
    ) -> None:
        self.request = functions.messages.SearchRequest(
            peer=peer,
            q=query,
            filter=kind,
            min_date=None,
            max_date=max_date,
            offset_id=offset_id,
            add_offset=add_offset,
            limit=0,
            max_id=0,
            min_id=0,
            hash=0,
            from_id=from_id,
        )

    def advance(self, last: Message, answer: Any) -> None:
        """Move past *last*. The date is the latest one wanted here, not an offset, so it only serves the first page."""
        self.request.offset_id = last.id
        self.request.max_date = None


class GlobalSearchPage(Page):
    """What a search in all chats finds."""

    def __init__(self, query: str, kind: types.TypeMessagesFilter, offset_id: int, offset_date: hints.DateLike) -> None:
        self.request = functions.messages.SearchGlobalRequest(
            q=query,
            filter=kind,
            min_date=None,
            max_date=offset_date,
            offset_rate=0,
            offset_peer=types.InputPeerEmpty(),
            offset_id=offset_id,
            limit=1,
        )

    def advance(self, last: Message, answer: Any) -> None:
        """Move past *last*, whose id only means something together with its chat and the rate servers told."""
        self.request.offset_id = last.id
        self.request.offset_peer = last.input_chat or types.InputPeerEmpty()
        self.request.offset_rate = getattr(answer, "next_rate", None) or 0


class ScheduledPage(Page):
    """The messages that wait to be sent to one chat, all on one page."""

    def __init__(self, peer: types.TypeInputPeer) -> None:
        self.request = functions.messages.GetScheduledHistoryRequest(peer=peer, hash=0)

    def advance(self, last: Message, answer: Any) -> None:
        """There is only one page."""
