"""How polls stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias, cast

from telethon.events.common import EventBuilder, EventCommon, name_inner_event
from telethon.events.pollvote import poll_ids
from telethon.tl import types

if TYPE_CHECKING:
    from collections.abc import Iterable

    from telethon.events.common import Chats, Func

__all__ = ["PollUpdate", "PollUpdateEvent"]


class PollUpdateEvent(EventCommon):
    """A poll was voted in, or closed.

    Args:
        update: the update.

    Attributes:
        poll_id: the id of the poll, as in ``message.media.poll.id``.
        poll: the poll, when it has changed itself; None otherwise.
        results: how it stands.
    """

    poll_id: int
    poll: types.Poll | None
    results: types.PollResults

    def __init__(self, update: types.UpdateMessagePoll) -> None:
        super().__init__(update.peer, msg_id=update.msg_id)
        self.poll_id = update.poll_id
        self.poll = update.poll
        self.results = update.results
        self._message: types.Message | None = None

    @property
    def message_id(self) -> int | None:
        """The id of the message with the poll, when it is told."""
        return self._message_id

    @property
    def closed(self) -> bool | None:
        """Whether the poll is closed; None when that is not told because it has not changed."""
        return None if self.poll is None else bool(self.poll.closed)

    @property
    def total_voters(self) -> int:
        """How many have voted."""
        return self.results.total_voters or 0

    @property
    def votes(self) -> dict[bytes, int] | None:
        """How many have chosen each option, by its data; None as long as one has to vote oneself to see it."""
        if self.results.results is None:
            return None
        return {one.option: one.voters or 0 for one in self.results.results}

    async def get_message(self) -> types.Message | None:
        """The message with the poll; None when it is not told where it is.

        Network: one request the first time.
        """
        if self._message is None and self._message_id is not None and self._chat_peer is not None:
            chat = await self.get_input_chat() if self.is_channel else None
            self._message = await self.client.get_messages(cast("Any", chat), ids=self._message_id)
        return self._message


@name_inner_event
class PollUpdate(EventBuilder[PollUpdateEvent]):
    """Happens when a poll is voted in or closed. Bots get it for their own polls, users for those they have seen.

    Args:
        chats: the chats whose polls are wanted; None for all. Telegram does not tell the chat of every poll.
        blacklist_chats: whether it is these chats whose polls are *not* wanted.
        polls: the ids of the polls that are wanted, one or several; None for all.
        func: only events for which it gives something true are wanted. It may be asynchronous.

    Example:
        >>> @client.on(events.PollUpdate)
        ... async def handler(event):
        ...     print(event.total_voters, "have voted by now")

    Source: https://core.telegram.org/constructor/updateMessagePoll
    """

    Event: TypeAlias = PollUpdateEvent

    polls: frozenset[int] | None

    def __init__(
        self,
        chats: Chats | None = None,
        *,
        blacklist_chats: bool = False,
        polls: int | Iterable[int] | None = None,
        func: Func | None = None,
    ) -> None:
        super().__init__(chats, blacklist_chats=blacklist_chats, func=func)
        self.polls = poll_ids(polls)

    @classmethod
    def build(cls, update: Any, others: list[Any] | None = None, self_id: int | None = None) -> PollUpdateEvent | None:
        """The event of how a poll stands; None for other updates."""
        return cls.Event(update) if isinstance(update, types.UpdateMessagePoll) else None

    def filter(self, event: Any) -> Any:
        """Whether the event is wanted: something true, or what has to be awaited to know."""
        if self.polls is not None and event.poll_id not in self.polls:
            return None
        return super().filter(event)
