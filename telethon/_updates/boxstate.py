"""What the message box knows: counts, questions that are open, and when to look again.

Source: https://core.telegram.org/api/updates
"""

from __future__ import annotations

import heapq
from collections import OrderedDict
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from telethon._updates import defs
from telethon._updates.asking import Asking, Channel
from telethon._updates.defs import ENTRY_ACCOUNT, ENTRY_SECRET, NO_UPDATES_TIMEOUT, Entry, Hole, Update
from telethon._updates.gaps import Count
from telethon._updates.session import ChannelState, SessionState

if TYPE_CHECKING:
    import datetime

__all__ = ["BoxState"]


class BoxState:
    """Counts, open questions and timers.

    Args:
        now: the current moment, in monotonic seconds as everywhere here.
    """

    def __init__(self, now: float = 0.0) -> None:
        self._account: Count[Update] = Count()
        self._secret: Count[Update] = Count()
        self._seq: Count[list[Update]] = Count()
        self._held_seq: list[tuple[int, int, list[Update]]] = []
        self._asking = Asking()
        self._channels: dict[int, Channel] = {}
        self._channels_wanted: OrderedDict[int, None] = OrderedDict()
        self._channels_on_way = 0
        #: Until when Telegram wants no question about any channel.
        self._channels_not_before = 0.0
        self._holes: list[Hole] = []
        #: The client's own changes: by the count after them, and the messages that it sent.
        self._own: OrderedDict[tuple[Entry, int], None] = OrderedDict()
        self._own_messages: OrderedDict[tuple[Entry, int], None] = OrderedDict()
        #: The object whose date is the newest; dates are worked out when they are needed.
        self._dated: Any = None
        self._heard = now
        #: Seconds of silence after which to ask.
        self._patience: float = NO_UPDATES_TIMEOUT
        self._next_turn = 0.0
        self._timers: list[tuple[float, int, int, Entry]] = []
        self._timer_number = 0
        self._account_changed = False
        self._changed: set[int] = set()
        self._watched = False
        #: The count up to which updates have to be fetched, because what came of them is of no use; and where such
        #: ones begin while no count is known.
        self._needed = 0
        self._needed_from: int | None = None

    # -- state ---------------------------------------------------------------------------------------------------

    @property
    def is_empty(self) -> bool:
        """Whether nothing is known of the account's own box."""
        return self._account.value is None

    @property
    def pts(self) -> int:
        """The last event known in the account's own box; 0 when none is."""
        return self._account.value or 0

    @property
    def qts(self) -> int:
        """The last event known in the secret box."""
        return self._secret.value or 0

    @property
    def seq(self) -> int:
        """The number of the newest container; 0 when none is known."""
        return self._seq.value or 0

    @property
    def date(self) -> datetime.datetime | None:
        """When the newest container was sent."""
        return getattr(self._dated, "date", None)

    def channel_pts(self, channel_id: int) -> int | None:
        """The last event known in a channel; None when nothing is known of it."""
        channel = self._channels.get(channel_id)
        return None if channel is None else channel.count.value

    def counts(self) -> dict[Entry, int]:
        """The last event known in each box of which one is known."""
        if self.is_empty:
            found: dict[Entry, int] = {}
        else:
            found = {ENTRY_ACCOUNT: self.pts, ENTRY_SECRET: self.qts}
        for channel_id, channel in self._channels.items():
            if channel.count.value is not None:
                found[channel_id] = channel.count.value
        return found

    def open_questions(self) -> set[Entry]:
        """The boxes about which Telegram is asked, or about to be."""
        found: set[Entry] = {id for id, channel in self._channels.items() if channel.wanted or channel.on_way}
        if self._asking.wanted or self._asking.on_way:
            found |= {ENTRY_ACCOUNT, ENTRY_SECRET}
        return found

    def gaps(self) -> dict[Entry, float]:
        """The boxes in which something is missing that may come by itself still, and until when that is hoped for."""
        deadlines: dict[Entry, float | None] = {
            ENTRY_ACCOUNT: self._account.deadline,
            ENTRY_SECRET: self._secret.deadline,
            **{id: channel.count.deadline for id, channel in self._channels.items()},
        }
        return {entry: deadline for entry, deadline in deadlines.items() if deadline is not None}

    def try_set_channel_state(self, channel_id: int, pts: int) -> None:
        """Begin to count in a channel of which nothing is known, from what a list of chats tells of it."""
        if channel_id not in self._channels:
            self._channels[channel_id] = Channel(pts)
            self._changed.add(channel_id)

    def load(self, state: Any, channels: Iterable[ChannelState], now: float) -> None:
        """Begin where an earlier run ended.

        Args:
            state: ``pts``, ``qts``, ``date`` and ``seq`` of the account.
            channels: where each channel was.
            now: the current moment.
        """
        # A count of 0 is no place to go on from: Telegram refuses it.
        self._account.value = state.pts or None
        self._secret.value = state.qts
        self._seq.value = state.seq or None
        self._dated = state
        self._channels = {one.channel_id: Channel(one.pts) for one in channels if one.pts}
        self._watch(now)

    def _watch(self, now: float) -> None:
        """Notice from now on when nothing comes any more."""
        self._heard = now
        if not self._watched:
            self._watched = True
            self._set_timer(now + NO_UPDATES_TIMEOUT, defs.SILENCE, ENTRY_ACCOUNT)

    def take_changes(self) -> tuple[SessionState | None, list[ChannelState]]:
        """What has changed since the last call, to be kept for the next run.

        Returns:
            The account's state if it changed, and that of each channel that changed.
        """
        state = None
        if self._account_changed and self._account.value is not None:
            date = self.date
            stamp = int(date.timestamp()) if date is not None else 1
            state = SessionState(0, 0, False, self.pts, self.qts, stamp, self.seq, None)
            self._account_changed = False
        channels = [ChannelState(one, pts) for one in self._changed if (pts := self.channel_pts(one)) is not None]
        self._changed.clear()
        return state, channels

    @property
    def has_changes(self) -> bool:
        """Whether `take_changes` has something to give."""
        return self._account_changed or bool(self._changed)

    def take_holes(self) -> list[Hole]:
        """What was found missing for good since the last call."""
        holes, self._holes = self._holes, []
        return holes

    # -- what is missing -----------------------------------------------------------------------------------------

    def trigger(self, reason: str, now: float) -> None:
        """Ask what happened to the account, because something may have been missed.

        Args:
            reason: for the log.
            now: the current moment.
        """
        self._want(ENTRY_ACCOUNT, self._asking, reason, now)

    def refetch(self, update: Update, reason: str, now: float) -> None:
        """Fetch an update of the account's box that has come, but in a form that is of no use.

        Args:
            update: the update; it does not count as known.
            reason: for the log.
            now: the current moment.
        """
        value = self._account.value
        if value is not None and update.pts <= value:
            return
        if value is None:
            start = update.pts - update.pts_count
            self._needed_from = start if self._needed_from is None else min(start, self._needed_from)
        self._needed = max(update.pts, self._needed)
        self.trigger(reason, now)

    def trigger_channel(self, channel_id: int, reason: str, now: float) -> None:
        """Ask what happened in a channel of which something is known."""
        channel = self._channels.get(channel_id)
        if channel is not None and channel.count.value is not None:
            self._want(channel_id, channel, reason, now)

    def trigger_all_channels(self, reason: str, now: float) -> None:
        """Ask what happened in every channel of which something is known."""
        for channel_id in self._channels:
            self.trigger_channel(channel_id, reason, now)

    def _want(self, entry: Entry, asking: Asking, reason: str, now: float) -> None:
        if asking.on_way:
            # What was just asked for brings it anyway; only what came later may be missing in the answer.
            if now - asking.sent > defs.COALESCE:
                asking.again = True
                asking.reason = reason
            return
        if not asking.wanted:
            asking.wanted = True
            asking.reason = reason
        if isinstance(entry, int):
            self._channels_wanted[entry] = None
        if asking.not_before > now:
            self._set_timer(asking.not_before, defs.RETRY, entry)

    def _channel_too_long(self, channel_id: int, pts: int | None, now: float) -> None:
        channel = self._channels.get(channel_id)
        if channel is None or channel.count.value is None:
            if pts:
                # Nothing is known of it, so that there is nothing to go on from; its next event shall count, though.
                channel = self._channels[channel_id] = channel or Channel(None)
                channel.count.forward(pts)
                self._changed.add(channel_id)
        elif not pts or pts > channel.count.value:
            self.trigger_channel(channel_id, "told to", now)

    def _hint(self, channel_id: int, channel: Channel, pts: int, now: float) -> None:
        """Something says how far a channel has got: if that is further than is known, wait for the rest, then ask."""
        count = channel.count
        if count.value is None or pts <= count.value or channel.on_way or channel.partial:
            return
        channel.hint = max(channel.hint, pts)
        if count.deadline is None:
            count.deadline = now + defs.POSSIBLE_GAP_TIMEOUT
            self._set_timer(count.deadline, defs.GAP, channel_id)

    def _gap(self, entry: Entry, count: Count[Any], now: float) -> None:
        deadline = count.deadline
        # One timer for each hole: only the first update after it finds the others waiting for nobody.
        if deadline is not None and (len(count.waiting) == 1 or deadline <= now):
            self._set_timer(deadline, defs.GAP, entry)

    # -- time ----------------------------------------------------------------------------------------------------

    def _set_timer(self, when: float, kind: int, entry: Entry) -> None:
        self._timer_number += 1
        heapq.heappush(self._timers, (when, self._timer_number, kind, entry))

    @property
    def next_deadline(self) -> float | None:
        """When to call `check_deadlines` next; None when nothing is waited for."""
        return self._timers[0][0] if self._timers else None

    def check_deadlines(self, now: float) -> None:
        """Notice what did not come in time.

        Args:
            now: the current moment.
        """
        timers = self._timers
        while timers and timers[0][0] <= now:
            _, _, kind, entry = heapq.heappop(timers)
            if kind == defs.GAP:
                self._check_gap(entry, now)
            elif not isinstance(entry, int):
                if kind == defs.SILENCE:
                    self._check_account_silence(now)
            elif kind != defs.RETRY:
                self._check_silence(entry, kind == defs.TURN, now)

    def _check_gap(self, entry: Entry, now: float) -> None:
        if isinstance(entry, int):
            channel = self._channels.get(entry)
            if channel is not None and self._is_over(channel.count, entry, now):
                count = channel.count
                if count.waiting or (count.value or 0) < channel.hint:
                    self.trigger_channel(entry, "gap", now)
            return
        counts: tuple[Count[Any], ...] = (self._account, self._seq) if entry is ENTRY_ACCOUNT else (self._secret,)
        for one in counts:
            if self._is_over(one, entry, now):
                self.trigger("gap", now)

    def _is_over(self, count: Count[Any], entry: Entry, now: float) -> bool:
        """Whether nothing is to be hoped for any more; else the timer is set again."""
        if count.deadline is None:
            return False
        if count.deadline > now:
            self._set_timer(count.deadline, defs.GAP, entry)
            return False
        count.deadline = None
        return True

    def distrust(self, now: float) -> None:
        """What should have been sent had to be asked for: ask every minute, until something is sent again.

        Args:
            now: the current moment.
        """
        self._patience = defs.DISTRUST
        self._heard = now
        self._set_timer(now + self._patience, defs.SILENCE, ENTRY_ACCOUNT)

    def _check_account_silence(self, now: float) -> None:
        due = self._heard + self._patience
        if due <= now:
            self._heard = now
            self.trigger("silence", now)
            due = now + self._patience
        self._set_silence_timer(due)

    def _set_silence_timer(self, due: float) -> None:
        # One at a time, whatever has become of the patience meanwhile.
        timers = self._timers
        if not any(kind == defs.SILENCE and entry is ENTRY_ACCOUNT and when <= due for when, _, kind, entry in timers):
            self._set_timer(due, defs.SILENCE, ENTRY_ACCOUNT)

    def _check_silence(self, channel_id: int, is_its_turn: bool, now: float) -> None:
        channel = self._channels.get(channel_id)
        if channel is None:
            return
        due = channel.heard + channel.patience
        if due > now:
            self._set_timer(due, defs.SILENCE, channel_id)
            return
        if not is_its_turn:
            # After a quiet night thousands of channels may be due at the same moment.
            self._next_turn = max(self._next_turn + defs.POLL_SPACING, now)
            if self._next_turn > now:
                self._set_timer(self._next_turn, defs.TURN, channel_id)
                return
        channel.heard = now
        self.trigger_channel(channel_id, "silence", now)
        channel.patience = min(channel.patience * 2, defs.MAX_SILENCE)
        self._set_timer(now + channel.patience, defs.SILENCE, channel_id)
