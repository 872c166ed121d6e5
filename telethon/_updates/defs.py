"""The words in which the message box speaks, and the numbers it goes by.

Source: https://core.telegram.org/api/updates
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

if TYPE_CHECKING:
    import datetime

__all__ = [
    "BOT_CHANNEL_DIFF_LIMIT",
    "ENTRY_ACCOUNT",
    "ENTRY_SECRET",
    "NO_UPDATES_TIMEOUT",
    "POSSIBLE_GAP_TIMEOUT",
    "USER_CHANNEL_DIFF_LIMIT",
    "Entry",
    "GapError",
    "Hole",
    "PrematureEndReason",
    "Sentinel",
    "Wanted",
]

#: Seconds of silence after which Telegram is asked whether something was missed.
NO_UPDATES_TIMEOUT: Final = 15 * 60
#: The same, after it turned out that something was.
DISTRUST: Final = 60.0
#: Seconds that updates may come in the wrong order before what is missing counts as lost.
POSSIBLE_GAP_TIMEOUT: Final = 0.5
#: How many events of a channel a bot may ask for at once.
BOT_CHANNEL_DIFF_LIMIT: Final = 100_000
#: How many events of a channel a user may ask for at once.
USER_CHANNEL_DIFF_LIMIT: Final = 100

#: A trigger that comes so soon after a request was sent asks for what that request brings anyway.
COALESCE: Final = 0.5
#: How many updates wait for a hole to be filled, or for an answer, in one box; asking again is cheaper than more.
HELD_LIMIT: Final = 1_000
#: The longest pause, in seconds, between tries of a request that fails.
MAX_BACKOFF: Final = 60.0
#: Seconds after which a channel that stays silent is asked about at the latest.
MAX_SILENCE: Final = 60 * 60
#: Seconds between questions about silent channels, of which there may be thousands.
POLL_SPACING: Final = 1.0
#: How many channels are asked about at the same time.
CHANNELS_AT_ONCE: Final = 3
#: How many answers may fail to bring an update that has to be fetched before it is given up.
NEEDED_TRIES: Final = 4
#: How many of the client's own changes are remembered, to know them when they come a second time.
OWN_LIMIT: Final = 256


#: Kinds of timers: something may be missing, nothing came for long, it is the turn of a silent channel to be asked
#: about, a question may be asked again.
GAP: Final = 0
SILENCE: Final = 1
TURN: Final = 2
RETRY: Final = 3


class Sentinel:
    """A name for a box that is not a channel's."""

    __slots__ = ("tag",)

    def __init__(self, tag: str) -> None:
        self.tag = tag

    def __repr__(self) -> str:
        return self.tag


#: The box of private chats and small groups, counted by ``pts``.
ENTRY_ACCOUNT: Final = Sentinel("ACCOUNT")
#: The box of secret chats and of much of what only bots get, counted by ``qts``.
ENTRY_SECRET: Final = Sentinel("SECRET")

Entry: TypeAlias = Sentinel | int
"""A box: one of the two above, or the bare id of a channel."""


class GapError(ValueError):
    """Updates are missing before the ones that came."""


class PrematureEndReason(Enum):
    """Why asking for what happened in a channel was given up."""

    TEMPORARY_SERVER_ISSUES = "tmp"
    BANNED = "ban"


class Wanted(NamedTuple):
    """A question for Telegram: what happened since a certain point.

    Attributes:
        channel_id: the channel that is asked about; None for the account and the secret box together.
        pts: the last event known there.
        qts: the last event known in the secret box.
        date: when the state was current.
        state_only: whether nothing is known yet, so that the point itself has to be asked for.
        reason: what made it necessary, for the log.

    Source: https://core.telegram.org/method/updates.getDifference
    """

    channel_id: int | None
    pts: int
    qts: int = 0
    date: datetime.datetime | None = None
    state_only: bool = False
    reason: str = ""


class Hole(NamedTuple):
    """Updates that Telegram does not tell any more.

    Attributes:
        channel_id: the channel in which they were; None for private chats and small groups.
        count: how many events are missing.
    """

    channel_id: int | None
    count: int  # type: ignore[assignment]  # pyright: ignore[reportIncompatibleMethodOverride]


#: Any update, or a container of updates. Programs may read classes of their own in the place of ours.
Update: TypeAlias = Any
