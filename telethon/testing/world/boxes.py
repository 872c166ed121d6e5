"""Where letters are kept, and the numbered record of what happened to them.

An account's mailbox numbers all its messages of private chats and basic groups from one sequence, and all that happens
to them from another, `pts`. Each channel has both sequences for itself. A client that knows a `pts` can be told exactly
what it missed: the log is what `updates.getDifference` and `updates.getChannelDifference` read.

Source: https://core.telegram.org/api/updates
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from telethon.testing.world.letters import Letter
    from telethon.tl import types

__all__ = ["Arrival", "ChannelBox", "Dialog", "Edit", "Event", "Mailbox", "Notice"]

LOG_LIMIT = 200_000
"""How many events a box remembers; who asks for older ones is told that too much has happened."""


@dataclass(slots=True, eq=False)
class Event:
    """Something that happened in a box.

    Attributes:
        pts: the state after it; 0 for what no difference repeats.
        count: how far it moved the state.
    """

    pts: int
    count: int


@dataclass(slots=True, eq=False)
class Arrival(Event):
    """A letter came in."""

    letter: Letter
    owner: int


@dataclass(slots=True, eq=False)
class Edit(Event):
    """A letter was changed."""

    letter: Letter
    owner: int


@dataclass(slots=True, eq=False)
class Notice(Event):
    """Any other update, as it is sent; peers are those whose users and chats have to come along."""

    update: types.TypeUpdate
    peers: tuple[int, ...] = ()
    lasting: bool = False


@dataclass(slots=True, eq=False)
class Dialog:
    """One line in an account's list of chats."""

    peer: int
    read_in: int = 0
    read_out: int = 0
    unread: int = 0
    mentions: set[int] = field(default_factory=set)
    unread_mark: bool = False
    pinned: bool = False
    folder_id: int = 0
    draft: types.DraftMessage | None = None
    notify: types.PeerNotifySettings | None = None
    ttl: int | None = None
    hidden: bool = False
    join_as: int | None = None
    send_as: int | None = None
    wallpaper: types.TypeWallPaper | None = None
    theme: str | None = None
    cleared: int = 0
    """Channels only: the highest id that the account has cleared for itself."""


class _Box:
    __slots__ = ("floor", "last_id", "letters", "log", "pts")

    def __init__(self) -> None:
        self.letters: dict[int, Letter] = {}
        self.last_id: int = 0
        self.pts: int = 1
        self.log: list[Event] = []
        self.floor: int = 1

    def step(self, count: int = 1) -> int:
        """Move the state on and give the new one."""
        self.pts += count
        return self.pts

    def record(self, event: Event) -> None:
        """Remember what happened, for differences."""
        self.log.append(event)
        if len(self.log) > LOG_LIMIT:
            old = LOG_LIMIT // 4
            self.floor = self.log[old - 1].pts
            del self.log[:old]

    def since(self, pts: int) -> list[Event]:
        """What happened after that state, oldest first."""
        return self.log[bisect_right(self.log, pts, key=_pts_of) :]


def _pts_of(event: Event) -> int:
    return event.pts


class Mailbox(_Box):
    """All private and group messages of one account, and its list of chats.

    Attributes:
        by_peer: the ids of the messages of each chat, ascending.
        dialogs: the chats, by peer id.
        pinned: pinned chats by folder, in order.
        qts: the state of events that only bots and secret chats have.
        news: these events, each with the state after it.
    """

    __slots__ = ("by_peer", "dialogs", "news", "pinned", "qts")

    def __init__(self) -> None:
        super().__init__()
        self.by_peer: dict[int, list[int]] = {}
        self.dialogs: dict[int, Dialog] = {}
        self.pinned: dict[int, list[int]] = {}
        self.qts = 1
        self.news: list[tuple[int, Notice]] = []

    def add(self, letter: Letter, owner: int, peer: int) -> int:
        """File a copy of the letter and give its number."""
        self.last_id += 1
        number = self.last_id
        self.letters[number] = letter
        ids = self.by_peer.get(peer)
        if ids is None:
            ids = self.by_peer[peer] = []
        ids.append(number)
        letter.copies[owner] = number
        return number

    def remove(self, number: int, owner: int) -> Letter | None:
        """Throw a copy away; None when there is no such message."""
        letter = self.letters.pop(number, None)
        if letter is None:
            return None
        letter.copies.pop(owner, None)
        peer = letter.peer_for(owner)
        _drop(self.by_peer.get(peer), number)
        dialog = self.dialogs.get(peer)
        if dialog is not None:
            dialog.mentions.discard(number)
            if number > dialog.read_in and letter.sender != owner and dialog.unread:
                dialog.unread -= 1
        return letter

    def dialog(self, peer: int) -> Dialog:
        """The line for a chat, made when there is none."""
        found = self.dialogs.get(peer)
        if found is None:
            found = self.dialogs[peer] = Dialog(peer)
        return found


class ChannelBox(_Box):
    """The history of one channel, and which ids are in it, ascending."""

    __slots__ = ("ids", "read_out")

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[int] = []
        self.read_out = 0

    def add(self, letter: Letter, owner: int) -> int:
        """File the letter and give its number."""
        self.last_id += 1
        number = self.last_id
        self.letters[number] = letter
        self.ids.append(number)
        letter.copies[owner] = number
        return number

    def remove(self, number: int, owner: int) -> Letter | None:
        """Throw a letter away; None when there is no such message."""
        letter = self.letters.pop(number, None)
        if letter is None:
            return None
        letter.copies.pop(owner, None)
        _drop(self.ids, number)
        return letter

    def unread(self, after: int, reader: int) -> int:
        """How many messages of others there are after an id."""
        place = bisect_right(self.ids, after)
        return sum(1 for number in self.ids[place:] if self.letters[number].sender != reader)


def _drop(ids: list[int] | None, number: int) -> None:
    if ids:
        place = bisect_left(ids, number)
        if place < len(ids) and ids[place] == number:
            del ids[place]
