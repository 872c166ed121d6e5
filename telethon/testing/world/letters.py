"""What is said: one letter stands for a message, however many copies of it there are.

In private chats and basic groups every participant has a copy with a number of its own, so one letter has several
numbers; in channels there is one. Editing the letter edits all copies.

Source: https://core.telegram.org/api/updates#message-related-event-sequences
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from telethon.testing.world.media import Media
    from telethon.tl import types

__all__ = ["Draft", "Forward", "Letter", "PaidVote", "Quote"]


@dataclass(slots=True)
class Forward:
    """Where a forwarded letter came from."""

    date: int
    author: int | None = None
    name: str | None = None
    channel_post: int | None = None
    post_author: str | None = None
    saved_from: int | None = None
    saved_from_id: int | None = None
    imported: bool = False


@dataclass(slots=True)
class Quote:
    """What a letter answers.

    Attributes:
        letter: the answered letter.
        top: the letter that opened the thread, if it is not the answered one.
        text: the part that is quoted, if not the whole.
        entities: its formatting.
        offset: where in the answered text the quoted part begins, in UTF-16 units.
        forum_topic: whether the thread is a topic of a forum.
    """

    letter: Letter
    top: Letter | None = None
    text: str | None = None
    entities: list[types.TypeMessageEntity] | None = None
    offset: int | None = None
    forum_topic: bool = False


@dataclass(slots=True)
class PaidVote:
    """Stars that somebody gave to a post.

    Attributes:
        stars: how many.
        anonymous: whether it is not said by whom.
        peer: in whose name.
    """

    stars: int
    anonymous: bool
    peer: int


@dataclass(slots=True, eq=False)
class Letter:
    """A message with all its copies.

    Attributes:
        author: peer id of who it is from: an account, or the channel or group itself.
        sender: account id of who really sent it.
        room: peer id of the group or channel; for private chats the account id of the receiver.
        date: Unix time.
        copies: the number of each copy, by owner: the account's id, or the channel's peer id.
        pinned_for: owners whose copy is pinned.
        votes: reactions by account.
        paid: stars that were given to it, by account.
        seen_by: accounts that opened the voice or video note.
        read_dates: when others read it, by account.
    """

    author: int
    sender: int
    room: int
    date: int
    text: str = ""
    entities: list[types.TypeMessageEntity] | None = None
    media: Media | None = None
    markup: types.TypeReplyMarkup | None = None
    action: types.TypeMessageAction | None = None
    forward: Forward | None = None
    quote: Quote | None = None
    via_bot: int | None = None
    grouped_id: int | None = None
    post: bool = False
    post_author: str | None = None
    silent: bool = False
    noforwards: bool = False
    invert_media: bool = False
    edit_date: int | None = None
    edit_hide: bool = False
    views: int | None = None
    forwards: int | None = None
    effect: int | None = None
    ttl: int | None = None
    from_scheduled: bool = False
    replies: int = 0
    mentions: frozenset[int] = frozenset()
    copies: dict[int, int] = field(default_factory=dict)
    pinned_for: set[int] = field(default_factory=set)
    votes: dict[int, list[types.TypeReaction]] = field(default_factory=dict)
    vote_dates: dict[int, int] = field(default_factory=dict)
    paid: dict[int, PaidVote] = field(default_factory=dict)
    seen_by: set[int] = field(default_factory=set)
    read_dates: dict[int, int] = field(default_factory=dict)
    inline_id: int | None = None

    def peer_for(self, owner: int) -> int:
        """The chat in which this owner's copy is filed."""
        if owner < 0 or self.room < 0:
            return self.room
        return self.room if owner == self.sender else self.sender

    def saved_peer(self) -> int:
        """For what somebody saved for itself: where it came from, or itself."""
        if self.forward is None:
            return self.sender
        return self.forward.saved_from or self.forward.author or self.sender


@dataclass(slots=True)
class Draft:
    """What a letter is made from."""

    text: str = ""
    entities: list[types.TypeMessageEntity] | None = None
    media: Media | None = None
    markup: types.TypeReplyMarkup | None = None
    action: types.TypeMessageAction | None = None
    forward: Forward | None = None
    quote: Quote | None = None
    via_bot: int | None = None
    grouped_id: int | None = None
    silent: bool = False
    noforwards: bool = False
    invert_media: bool = False
    effect: int | None = None
    send_as: int | None = None
    random_id: int | None = None
    from_scheduled: bool = False
    inline_id: int | None = None
