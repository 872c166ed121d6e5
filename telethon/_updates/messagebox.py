"""The message box: puts updates in order, notices what is missing, and knows what to ask for.

It holds one count for the account (``pts``), one for the secret box (``qts``), one for numbered containers (``seq``),
and one for each channel (``pts``). The first three are asked about together, each channel by itself. Nothing is sent
from here, and the time comes in as an argument: whoever drives the box hands it what arrived (`process`), calls
`check_deadlines` when `next_deadline` has come, sends what `next_requests` gives, and hands back each answer or
failure.

Invariants:

* There is at most one question at a time for the account, and for each channel. Updates for a box that is asked about
  are kept, and looked at again when the answer is there.
* The counts that `take_changes` gives never run ahead of what was handed out.
* What is kept is bounded; when there is more, the box asks instead.

Source: https://core.telegram.org/api/updates
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from telethon._updates import defs
from telethon._updates.adaptor import Shape, made_updates, shape_of
from telethon._updates.arrivals import Arrivals
from telethon._updates.asking import Asking, Channel
from telethon._updates.defs import ENTRY_ACCOUNT, ENTRY_SECRET, Entry, Hole, Update, Wanted
from telethon._updates.gaps import Count
from telethon.tl import types

__all__ = ["ENTRY_ACCOUNT", "ENTRY_SECRET", "MessageBox"]


class MessageBox(Arrivals):
    """Puts updates in order, and asks for what is missing; see the module.

    Args:
        now: the current moment, in monotonic seconds as everywhere here.
    """

    def next_requests(self, now: float) -> list[Wanted]:
        """What to ask Telegram now. Each one must be followed by an answer or a failure.

        Args:
            now: the current moment.
        """
        found: list[Wanted] = []
        asking = self._asking
        if asking.wanted and not asking.on_way and asking.not_before <= now:
            asking.send(now)
            found.append(Wanted(None, self.pts, self.qts, self.date, state_only=self.is_empty, reason=asking.reason))
        if self._channels_wanted and self._channels_not_before <= now:
            for channel_id in list(self._channels_wanted):
                if self._channels_on_way >= defs.CHANNELS_AT_ONCE:
                    break
                channel = self._channels[channel_id]
                if channel.not_before <= now:
                    del self._channels_wanted[channel_id]
                    channel.send(now)
                    self._channels_on_way += 1
                    found.append(Wanted(channel_id, channel.count.value or 1, reason=channel.reason))
        return found

    def set_state(self, state: Any, now: float) -> list[Update]:
        """Begin at a state that was asked for.

        Args:
            state: the answer to ``updates.getState``.
            now: the current moment.

        Returns:
            The updates that came meanwhile and can be handled now.

        Source: https://core.telegram.org/method/updates.getState
        """
        asking = self._asking
        starts = [one.pts - one.pts_count for one in asking.held if shape_of(one) == Shape.ACCOUNT]
        if self._needed_from is not None:
            starts.append(self._needed_from)
            self._needed_from = None
        first = min(starts, default=None)
        if first is not None and first < state.pts:
            # What came while the state was asked for is part of it, and was not handled yet: go on from before it.
            self._account.value = first
        else:
            self._account.value = state.pts
        self._secret.value = state.qts
        self._seq.value = state.seq or None
        self._dated = state
        self._account_changed = True
        self._watch(now)
        ready: list[Update] = []
        self._finish_account(now, ready)
        if self.pts < state.pts:
            # There were others between them.
            self.trigger("begin", now)
        return ready

    def apply_difference(self, wanted: Wanted, answer: Any, entities: Mapping[int, Any], now: float) -> list[Update]:
        """Take in the answer to a question about the account.

        Args:
            wanted: the question.
            answer: what ``updates.getDifference`` gave.
            entities: the users and chats in it, by marked id.
            now: the current moment.

        Returns:
            The updates that can be handled now, in order.

        Source: https://core.telegram.org/type/updates.Difference
        """
        asking = self._asking
        ready: list[Update] = []
        self._heard = now
        if isinstance(answer, types.updates.DifferenceEmpty):
            self._dated = answer
            # Nothing is told, so that what is kept is no part of what was told: it goes by its own number.
            self._take_held_numbered(now, ready)
            self._seq.forward(max(answer.seq, self.seq))
        elif isinstance(answer, types.updates.DifferenceTooLong):
            self._holes.append(Hole(None, max(answer.pts - self.pts, 0)))
            self._account.forward(answer.pts)
            self._account_changed = True
            # The rest of the state is told by the next answer; channels may have moved as far.
            asking.go_on()
            self.trigger_all_channels("account too far behind", now)
            return ready
        else:
            is_part = isinstance(answer, types.updates.DifferenceSlice)
            state = answer.intermediate_state if is_part else answer.state
            if is_part and not self._has_advanced(wanted, state):
                self.failed(wanted, now)
                return ready
            self._apply_made(made_updates(answer, entities), now, ready)
            self._account.forward(state.pts)
            self._secret.forward(state.qts)
            self._seq.forward(state.seq)
            self._dated = state
            if is_part:
                self._account_changed = True
                asking.go_on()
                return ready
        self._account_changed = True
        self._finish_account(now, ready)
        return ready

    @staticmethod
    def _has_advanced(wanted: Wanted, state: Any) -> bool:
        return bool((state.pts, state.qts, state.date) != (wanted.pts, wanted.qts, wanted.date))

    def _apply_made(self, made: list[Update], now: float, ready: list[Update]) -> None:
        for update in made:
            shape = shape_of(update)
            if shape in (Shape.CHANNEL, Shape.CHANNEL_MESSAGE, Shape.CHANNEL_TOO_LONG):
                # Channels keep their own counts.
                self._take_of_channel(update, shape, False, now, ready)
            elif not self._is_own_message(ENTRY_ACCOUNT, update):
                ready.append(update)

    def _take_held_numbered(self, now: float, ready: list[Update]) -> None:
        held, self._held_seq = self._held_seq, []
        for end, count, rest in held:
            self._take_numbered(end, count, rest, now, ready)

    def _finish_account(self, now: float, ready: list[Update]) -> None:
        """The answer is complete: look again at everything that was kept."""
        held = self._asking.done()
        self._release(ENTRY_ACCOUNT, self._account, ready)
        self._release(ENTRY_SECRET, self._secret, ready)
        for update in held:
            self._take(update, getattr(update, "_self_outgoing", False), now, ready)
        self._release_numbered(ready)
        self._take_held_numbered(now, ready)
        counts: tuple[Count[Any], ...] = (self._account, self._secret, self._seq)
        is_short = self.pts < self._needed
        self._asking.again = self._asking.again or is_short
        self._after_answer(ENTRY_ACCOUNT, self._asking, is_short or any(one.waiting for one in counts), now)
        if not is_short or self._asking.failures > defs.NEEDED_TRIES:
            self._needed = 0
        for one in counts:
            self._watch_rest(one, ENTRY_SECRET if one is self._secret else ENTRY_ACCOUNT, now)

    def _after_answer(self, entry: Entry, asking: Asking, is_behind: bool, now: float) -> None:
        """Whether to ask once more, and when."""
        if is_behind:
            # The answer did not fill the hole; what does may be on its way still. Asking must not become a loop.
            asking.not_before = now + min(defs.POSSIBLE_GAP_TIMEOUT * 2**asking.failures, defs.MAX_BACKOFF)
            asking.failures += 1
        else:
            asking.failures = 0
            asking.not_before = 0.0
        if asking.again:
            asking.again = False
            self._want(entry, asking, asking.reason, now)

    def _watch_rest(self, count: Count[Any], entry: Entry, now: float) -> None:
        if count.waiting:
            count.deadline = now + defs.POSSIBLE_GAP_TIMEOUT
            self._set_timer(count.deadline, defs.GAP, entry)
        else:
            count.deadline = None

    def apply_channel_difference(
        self, wanted: Wanted, answer: Any, entities: Mapping[int, Any], now: float
    ) -> list[Update]:
        """Take in the answer to a question about a channel.

        Args:
            wanted: the question.
            answer: what ``updates.getChannelDifference`` gave.
            entities: the users and chats in it, by marked id.
            now: the current moment.

        Returns:
            The updates that can be handled now, in order.

        Source: https://core.telegram.org/type/updates.ChannelDifference
        """
        ready: list[Update] = []
        channel_id = wanted.channel_id or 0
        channel = self._channels[channel_id]
        self._channels_on_way -= 1
        if isinstance(answer, types.updates.ChannelDifferenceTooLong):
            pts = getattr(answer.dialog, "pts", None) or wanted.pts
            self._holes.append(Hole(channel_id, max(pts - wanted.pts, 0)))
        else:
            pts = answer.pts
            if isinstance(answer, types.updates.ChannelDifference):
                if not answer.final and pts == wanted.pts:
                    self._channels_on_way += 1
                    self.failed(wanted, now)
                    return ready
                for update in made_updates(answer, entities):
                    self._add_made_of_channel(channel_id, update, now, ready)
        channel.count.forward(pts)
        self._changed.add(channel_id)
        if not answer.final and not isinstance(answer, types.updates.ChannelDifferenceEmpty):
            channel.go_on()
            self._channels_wanted[channel_id] = None
            return ready
        self._finish_channel(channel_id, channel, now, ready)
        return ready

    def _add_made_of_channel(self, channel_id: int, update: Update, now: float, ready: list[Update]) -> None:
        if shape_of(update) == Shape.CHANNEL_TOO_LONG:
            self._channel_too_long(update.channel_id, update.pts, now)
        elif not self._is_own_message(channel_id, update):
            ready.append(update)

    def _finish_channel(self, channel_id: int, channel: Channel, now: float, ready: list[Update]) -> None:
        held = channel.done()
        self._release(channel_id, channel.count, ready)
        for update in held:
            own = getattr(update, "_self_outgoing", False)
            self._take_of_channel(update, shape_of(update), own, now, ready)
        self._after_answer(channel_id, channel, bool(channel.count.waiting), now)
        self._watch_rest(channel.count, channel_id, now)

    def failed(self, wanted: Wanted, now: float, wait: float | None = None) -> float:
        """A question could not be answered; it is asked again later.

        Args:
            wanted: the question.
            now: the current moment.
            wait: how many seconds Telegram wants to wait; None for a pause that doubles with each failure.

        Returns:
            The seconds until it is asked again.
        """
        asking = self._asking
        entry: Entry = ENTRY_ACCOUNT
        if wanted.channel_id is not None:
            entry = wanted.channel_id
            asking = self._channels[entry]
            self._channels_on_way -= 1
            self._channels_wanted[entry] = None
            if wait is not None:
                # With the next channel it would be the same.
                self._channels_not_before = max(self._channels_not_before, now + wait)
        if wait is None:
            wait = min(2.0**asking.failures, defs.MAX_BACKOFF)
        asking.failures += 1
        asking.on_way = False
        asking.wanted = True
        asking.not_before = now + wait
        self._set_timer(asking.not_before, defs.RETRY, entry)
        return wait

    def take_kept(self, wanted: Wanted, now: float) -> list[Update]:
        """Look again at what was kept for an answer that did not come, rather than let it wait for the next one.

        Args:
            wanted: the question, of which `failed` was told.
            now: the current moment.

        Returns:
            The updates that can be handled without the answer, in order.
        """
        ready: list[Update] = []
        asking = self._asking if wanted.channel_id is None else self._channels[wanted.channel_id]
        if asking.partial or asking.overflow:
            # It is behind what the rest of the answer tells.
            return ready
        held, asking.held = asking.held, []
        for update in held:
            self._take(update, getattr(update, "_self_outgoing", False), now, ready)
        if wanted.channel_id is None:
            self._take_held_numbered(now, ready)
        return ready

    def unanswerable(self, wanted: Wanted, now: float) -> list[Update]:
        """This server answers no such questions: what is missing is lost, and it goes on with what came behind it.

        Args:
            wanted: the question.
            now: the current moment.

        Returns:
            The updates that can be handled now, in order.
        """
        ready: list[Update] = []
        counts: tuple[tuple[Entry, Count[Update]], ...]
        if wanted.channel_id is None:
            asking = self._asking
            counts = (ENTRY_ACCOUNT, self._account), (ENTRY_SECRET, self._secret)
            self._needed = 0
            self._needed_from = None
        else:
            asking = self._channels[wanted.channel_id]
            counts = ((wanted.channel_id, asking.count),)
            self._channels_on_way -= 1
        held = asking.done()
        asking.again = False
        asking.failures = 0
        for update in held:
            self._take(update, getattr(update, "_self_outgoing", False), now, ready)
        for entry, count in counts:
            while (missing := count.skip()) is not None:
                self._holes.append(Hole(wanted.channel_id, missing))
                self._release(entry, count, ready)
        if wanted.channel_id is None:
            self._take_held_numbered(now, ready)
            while self._seq.skip() is not None:
                self._release_numbered(ready)
        asking.wanted = False
        return ready

    def retry_now(self) -> None:
        """Ask without further pause what could not be answered: there is a new connection."""
        self._channels_not_before = 0.0
        for asking in (self._asking, *self._channels.values()):
            asking.not_before = 0.0
            asking.failures = 0

    def refused(self, wanted: Wanted) -> None:
        """Telegram does not know the state that was asked about: begin at the state it has now.

        What happened in between is not told any more.

        Args:
            wanted: the question, which was about the account.
        """
        self._account.value = None
        self._holes.append(Hole(wanted.channel_id, 0))
        self._asking.go_on()

    def forget_channel(self, wanted: Wanted) -> None:
        """A channel that was asked about can be asked about no more, as when one was banned there.

        Args:
            wanted: the question.
        """
        channel_id = wanted.channel_id or 0
        del self._channels[channel_id]
        self._channels_on_way -= 1
        self._changed.discard(channel_id)
