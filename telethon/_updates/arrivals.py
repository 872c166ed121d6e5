"""The way of updates through the message box when they arrive.

Source: https://core.telegram.org/api/updates#update-handling
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

from telethon._updates import defs
from telethon._updates.adaptor import SHAPES, Shape, shape_of
from telethon._updates.asking import Channel
from telethon._updates.boxstate import BoxState
from telethon._updates.defs import ENTRY_ACCOUNT, ENTRY_SECRET, NO_UPDATES_TIMEOUT, Entry, Update
from telethon._updates.gaps import Count
from telethon.tl import types

__all__ = ["Arrivals"]


class Arrivals(BoxState):
    """Puts what arrives in order, and sorts out what is known already."""

    def process(self, updates: Any, now: float) -> list[Update]:
        """Take in what has arrived.

        Args:
            updates: an object of the type ``Updates``.
            now: the current moment.

        Returns:
            The updates that can be handled now, in order.
        """
        ready: list[Update] = []
        self._heard = now
        shape = SHAPES.get(updates.__class__)
        if shape is None:
            shape = shape_of(updates)
        own: bool = getattr(updates, "_self_outgoing", False)
        if shape == Shape.SHORT:
            self._take(updates.update, own, now, ready)
        elif shape == Shape.MANY or shape == Shape.COMBINED:
            self._take_many(updates, shape, own, now, ready)
        elif shape == Shape.TOO_LONG:
            self.trigger("told to", now)
            return ready
        else:
            # Forms that are container and update in one.
            self._take(updates, own, now, ready)
        if not own:
            # Some of one's own are made up here, and have no date.
            self._dated = updates
            self._patience = NO_UPDATES_TIMEOUT
        return ready

    def _take_many(self, updates: Any, shape: int, own: bool, now: float, ready: list[Update]) -> None:
        if not updates.seq:
            for update in updates.updates:
                self._take(update, own, now, ready)
            return
        # What is counted elsewhere goes there at once; the number of the container orders only the rest of it.
        rest = [update for update in updates.updates if shape_of(update) == Shape.PLAIN]
        for update in updates.updates:
            if shape_of(update) != Shape.PLAIN:
                self._take(update, own, now, ready)
        if own:
            rest = []
        end: int = updates.seq
        count: int = end - updates.seq_start + 1 if shape == Shape.COMBINED else 1
        if self._asking.on_way or self._asking.partial:
            self._held_seq.append((end, count, rest))
            if len(self._held_seq) > defs.HELD_LIMIT:
                self._held_seq.clear()
                self._asking.overflow = True
        else:
            self._take_numbered(end, count, rest, now, ready)

    def _take_numbered(self, end: int, count: int, rest: list[Update], now: float, ready: list[Update]) -> None:
        verdict = self._seq.offer(end, count, rest, now)
        if verdict is None:
            self._gap(ENTRY_ACCOUNT, self._seq, now)
            return
        if verdict:
            self._account_changed = True
            ready.extend(rest)
            self._release_numbered(ready)

    def _release_numbered(self, ready: list[Update]) -> None:
        for _, waited, is_due in self._seq.release():
            if is_due:
                ready.extend(waited)

    def _take(self, update: Update, own: bool, now: float, ready: list[Update]) -> None:
        shape = SHAPES.get(update.__class__)
        if shape is None:
            shape = shape_of(update)
        if shape == Shape.PLAIN:
            if not own:
                ready.append(update)
            return
        if shape == Shape.ACCOUNT:
            end = update.pts
            if not end:
                self._hand_out(update, own, ready)
                return
            entry: Entry = ENTRY_ACCOUNT
            asking = self._asking
            count: Count[Update] = self._account
            number = update.pts_count
        elif shape == Shape.SECRET:
            end = update.qts
            if not end:
                self._hand_out(update, own, ready)
                return
            entry = ENTRY_SECRET
            asking = self._asking
            count = self._secret
            number = 1
        else:
            self._take_of_channel(update, shape, own, now, ready)
            return
        if own:
            self._note_own(ENTRY_ACCOUNT, update)
        if asking.on_way or asking.partial:
            asking.keep(update)
            return
        self._offer(entry, count, end, number, update, now, ready)

    def _take_of_channel(self, update: Update, shape: int, own: bool, now: float, ready: list[Update]) -> None:
        if shape == Shape.CHANNEL_MESSAGE:
            peer = getattr(update.message, "peer_id", None)
            if not isinstance(peer, types.PeerChannel):
                # Nothing says where it belongs.
                self._hand_out(update, own, ready)
                return
            channel_id = peer.channel_id
        else:
            channel_id = update.channel_id
        if shape == Shape.CHANNEL_TOO_LONG:
            self._channel_too_long(channel_id, update.pts, now)
            return
        channel = self._channels.get(channel_id)
        if shape == Shape.CHANNEL_HINT:
            self._hand_out(update, own, ready)
            if channel is not None:
                self._hint(channel_id, channel, update.pts, now)
            return
        end = update.pts
        if not end:
            self._hand_out(update, own, ready)
            return
        if channel is None:
            channel = self._channels[channel_id] = Channel(None)
        channel.heard = now
        if not channel.watched:
            channel.watched = True
            self._set_timer(now + NO_UPDATES_TIMEOUT, defs.SILENCE, channel_id)
        channel.patience = NO_UPDATES_TIMEOUT
        if own:
            self._note_own(channel_id, update)
        if channel.on_way or channel.partial:
            channel.keep(update)
            return
        self._offer(channel_id, channel.count, end, update.pts_count, update, now, ready)

    def _offer(
        self, entry: Entry, count: Count[Update], end: int, number: int, update: Update, now: float, ready: list[Update]
    ) -> None:
        """Look whether it is the turn of an update, and hand out what it lets go."""
        verdict = count.offer(end, number, update, now)
        if verdict is None:
            self._gap(entry, count, now)
        elif verdict:
            if entry.__class__ is int:
                self._changed.add(entry)  # pyright: ignore[reportArgumentType]
            else:
                self._account_changed = True
            self._pass(entry, end, update, ready)
            if count.waiting:
                self._release(entry, count, ready)
        else:
            self._pass_known(entry, end, update, ready)

    def _release(self, entry: Entry, count: Count[Update], ready: list[Update]) -> None:
        for end, update, is_due in count.release():
            if is_due:
                self._pass(entry, end, update, ready)
            else:
                self._pass_known(entry, end, update, ready)

    def _note_own(self, entry: Entry, update: Update) -> None:
        """Remember that an update is the client's own doing, and which message it made."""
        update._self_outgoing = True
        msg_id = getattr(getattr(update, "message", None), "id", None) or getattr(update, "id", None)
        if isinstance(msg_id, int):
            _remember(self._own_messages, (entry, msg_id))

    def _is_own_message(self, entry: Entry, update: Update) -> bool:
        """Whether an update out of a difference only tells of a message that the client itself has sent."""
        message = getattr(update, "message", None)
        return (entry, getattr(message, "id", None)) in self._own_messages and isinstance(
            update, (types.UpdateNewMessage, types.UpdateNewChannelMessage)
        )

    def _hand_out(self, update: Update, own: bool, ready: list[Update]) -> None:
        if not own:
            ready.append(update)

    def _pass(self, entry: Entry, end: int, update: Update, ready: list[Update]) -> None:
        """Hand out an update whose turn it is, unless it is the client's own doing: then it only counts."""
        if not getattr(update, "_self_outgoing", False):
            ready.append(update)
            return
        _remember(self._own, (entry, end))

    def _pass_known(self, entry: Entry, end: int, update: Update, ready: list[Update]) -> None:
        """Drop an update that was known already, unless it was known only as the client's own doing.

        Telegram tells a change to the one who made it in the answer, and to nobody's connection twice. Should it come
        by the connection as well, this is the one time that it is handed out.
        """
        if (entry, end) in self._own and not getattr(update, "_self_outgoing", False):
            del self._own[entry, end]
            ready.append(update)


def _remember(known: OrderedDict[tuple[Entry, int], None], one: tuple[Entry, int]) -> None:
    known[one] = None
    if len(known) > defs.OWN_LIMIT:
        known.popitem(last=False)
