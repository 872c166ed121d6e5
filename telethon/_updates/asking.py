"""Where a question to Telegram stands, and what has to wait for its answer.

Source: https://core.telegram.org/api/updates#recovering-gaps
"""

from __future__ import annotations

from telethon._updates.defs import HELD_LIMIT, NO_UPDATES_TIMEOUT, Update
from telethon._updates.gaps import Count

__all__ = ["Asking", "Channel"]


class Asking:
    """Where a question stands: wanted, on its way, to be repeated; and what is kept meanwhile."""

    __slots__ = ("again", "failures", "held", "not_before", "on_way", "overflow", "partial", "reason", "sent", "wanted")

    def __init__(self) -> None:
        self.wanted = False
        self.reason = ""
        self.on_way = False
        self.sent = 0.0
        #: Between the parts of an answer that came in parts.
        self.partial = False
        #: Something happened that an answer on its way may not tell yet.
        self.again = False
        self.failures = 0
        self.not_before = 0.0
        self.held: list[Update] = []
        self.overflow = False

    def keep(self, update: Update) -> None:
        """Keep an update until the answer is there."""
        if self.overflow:
            return
        self.held.append(update)
        if len(self.held) > HELD_LIMIT:
            # The next answer tells it all in less room.
            self.held.clear()
            self.overflow = True

    def send(self, now: float) -> None:
        """The question goes out."""
        self.wanted = self.again = False
        self.on_way = True
        self.sent = now

    def go_on(self) -> None:
        """A part of the answer is there; the rest is to be asked for at once."""
        self.on_way = False
        self.partial = self.wanted = True
        self.failures = 0

    def done(self) -> list[Update]:
        """The answer is there, completely: what was kept; nothing when it was too much, and has to be asked for."""
        held, self.held = self.held, []
        self.again = self.again or self.overflow
        self.on_way = self.partial = self.overflow = False
        return held


class Channel(Asking):
    """The box of a channel."""

    __slots__ = ("count", "heard", "hint", "patience", "watched")

    def __init__(self, pts: int | None) -> None:
        super().__init__()
        self.count: Count[Update] = Count(pts)
        #: When something was last heard of it.
        self.heard = 0.0
        #: The count that an update told which does not raise it.
        self.hint = 0
        #: Seconds of silence after which to ask.
        self.patience: float = NO_UPDATES_TIMEOUT
        #: Whether a timer for its silence runs.
        self.watched = False
