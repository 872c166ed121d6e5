"""What programs read of the message box of a client, by the names that Telethon has for it.

They look whether updates are behind, how far they were followed, or which chats are asked about.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from telethon._updates import MessageBox
from telethon._updates.defs import Entry

__all__ = ["Box", "MessageBoxView"]

#: The date of a box of which nothing is known, as Telethon has it.
_BEGINNING: Final = datetime.datetime(1970, 1, 1, 0, 0, 1, tzinfo=datetime.timezone.utc)


class Box(NamedTuple):
    """How far the updates of one box were followed.

    Attributes:
        pts: the last event known in it.
        deadline: until when something missing in it is hoped for; the end of time when nothing is.
    """

    pts: int
    deadline: float


class MessageBoxView:
    """Shows the message box that a client has at the moment.

    Args:
        box: gives it.
    """

    def __init__(self, box: Callable[[], MessageBox]) -> None:
        self._box = box

    @property
    def map(self) -> dict[Entry, Box]:
        """Each box of which something is known: the account, the secret box, and channels by their ids."""
        box = self._box()
        gaps = box.gaps()
        return {entry: Box(pts, gaps.get(entry, float("inf"))) for entry, pts in box.counts().items()}

    @property
    def date(self) -> datetime.datetime:
        """When the newest container was sent."""
        return self._box().date or _BEGINNING

    @property
    def seq(self) -> int:
        """The number of the newest container."""
        return self._box().seq

    @property
    def possible_gaps(self) -> Mapping[Entry, float]:
        """Where something is missing that may come by itself still, and until when that is hoped for."""
        return self._box().gaps()

    @property
    def getting_diff_for(self) -> set[Entry]:
        """About which boxes Telegram is asked, or about to be."""
        return self._box().open_questions()

    @property
    def next_deadline(self) -> float | None:
        """When something happens in the box next, as the event loop counts."""
        return self._box().next_deadline

    def is_empty(self) -> bool:
        """Whether nothing is known of the account's own box."""
        return self._box().is_empty

    def session_state(self) -> tuple[dict[str, Any], dict[int, int]]:
        """What a session keeps: of the account by name, and the last event known in each channel."""
        box = self._box()
        account = {"pts": box.pts, "qts": box.qts, "date": self.date, "seq": box.seq}
        return account, {id: pts for id, pts in box.counts().items() if isinstance(id, int)}

    def try_set_channel_state(self, id: int, pts: int) -> None:
        """Begin to count in a channel of which nothing is known."""
        self._box().try_set_channel_state(id, pts)
