"""Votes in polls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from telethon import utils
from telethon.events._user import UserEvent
from telethon.events.common import EventBuilder, name_inner_event
from telethon.tl import types

if TYPE_CHECKING:
    from collections.abc import Iterable

    from telethon.events.common import Func

__all__ = ["PollVote", "PollVoteEvent"]


class PollVoteEvent(UserEvent):
    """Somebody has voted in a poll that the bot sent. Telegram does not tell in which chat.

    Args:
        update: the update.

    Attributes:
        poll_id: the id of the poll, as in ``message.media.poll.id``.
        options: the options that were chosen, as their data; empty when the vote was taken back.
        positions: the places of these options in the poll, from 0.
    """

    poll_id: int
    options: list[bytes]
    positions: list[int]

    def __init__(self, update: types.UpdateMessagePollVote) -> None:
        super().__init__(utils.get_peer_id(update.peer))
        self.poll_id = update.poll_id
        self.options = list(update.options)
        self.positions = list(update.positions)

    @property
    def retracted(self) -> bool:
        """Whether the vote was taken back."""
        return not self.options


@name_inner_event
class PollVote(EventBuilder[PollVoteEvent]):
    """Happens when somebody votes in a poll that is not anonymous. Only the bot that sent it gets it.

    Args:
        polls: the ids of the polls whose votes are wanted, one or several; None for all.
        func: only events for which it gives something true are wanted. It may be asynchronous.

    Example:
        >>> @client.on(events.PollVote)
        ... async def handler(event):
        ...     await client.send_message(event.user_id, "Thank you for your vote!")

    Source: https://core.telegram.org/constructor/updateMessagePollVote
    """

    Event: TypeAlias = PollVoteEvent

    polls: frozenset[int] | None

    def __init__(self, polls: int | Iterable[int] | None = None, *, func: Func | None = None) -> None:
        super().__init__(func=func)
        self.polls = poll_ids(polls)

    @classmethod
    def build(cls, update: Any, others: list[Any] | None = None, self_id: int | None = None) -> PollVoteEvent | None:
        """The event of a vote; None for other updates."""
        return cls.Event(update) if isinstance(update, types.UpdateMessagePollVote) else None

    def filter(self, event: Any) -> Any:
        """Whether the event is wanted: something true, or what has to be awaited to know."""
        if self.polls is not None and event.poll_id not in self.polls:
            return None
        return super().filter(event)


def poll_ids(polls: int | Iterable[int] | None) -> frozenset[int] | None:
    """The ids of polls as builders take them; None stays None."""
    if polls is None:
        return None
    return frozenset((polls,) if isinstance(polls, int) else polls)
