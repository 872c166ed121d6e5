"""One direction of one connection: bytes to frames, frames to what becomes of them, and on to the wire."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import TYPE_CHECKING, Literal

from telethon.testing.chaos.frames import FramePlan, flip_a_bit, plan_for
from telethon.testing.chaos.wire import Wire

if TYPE_CHECKING:
    from collections import Counter

    from telethon.testing._fault import Fault
    from telethon.testing.chaos.conditions import Conditions, Where
    from telethon.testing.chaos.framing import Leg
    from telethon.testing.clock import Timer, TimerClock

__all__ = ["Line"]

_PATIENCE = 1.0
"""Seconds after which a frame that waits to be overtaken goes anyway."""

_NO_PLAN = FramePlan()


class Line:
    """See the head of this module.

    Args:
        way: where it leads.
        conditions: how good it is.
        faults: what shall happen to some frames of the pipe.
        rand: decides about everything that is left to chance here.
        clock: when that is.
        counts: counts what happens.
        deliver: takes what arrives.
        end: ends the connection; told whether by a reset.
        on_room: called when something has arrived.
        on_altered: called when the receiver sees what the sender has not sent.
        on_lost: called when something will never arrive.

    Attributes:
        is_hole: whether everything vanishes.
        lost: how many bytes have vanished.
    """

    def __init__(
        self,
        way: Literal["up", "down"],
        conditions: Conditions,
        faults: list[Fault],
        rand: Random,
        clock: TimerClock,
        counts: Counter[str],
        *,
        deliver: Callable[[bytes], None],
        end: Callable[[bool], None],
        on_room: Callable[[], None],
        on_altered: Callable[[], None],
        on_lost: Callable[[], None],
    ) -> None:
        self.way: Literal["up", "down"] = way
        self.is_hole = False
        self.lost = 0
        self._conditions = conditions
        self._faults = faults
        self._rand = rand
        self._clock = clock
        self._counts = counts
        self._end = end
        self._on_altered = on_altered
        self._on_lost = on_lost
        self._wire = Wire(conditions, rand, clock, deliver, on_room)
        self._leg: Leg | None = None
        self._whole = False
        self._frame = bytearray()
        self._late: bytes | None = None
        self._patience: Timer | None = None
        self._added: list[bytes] = []
        self._ended = False

    @property
    def waiting(self) -> int:
        """How many bytes are on their way."""
        return self._wire.waiting + len(self._frame) + len(self._late or b"")

    def frames_are(self, leg: Leg | None) -> None:
        """The transport is known."""
        self._leg = leg
        if leg is not None:
            self._release()

    # -- what comes --------------------------------------------------------------------------------------------------

    def put_raw(self, data: bytes) -> None:
        """Send bytes that are no part of any frame."""
        if self.is_hole or self._ended:
            self._lose(len(data))
        elif data:
            self._wire.put(data)

    def put(self, data: bytes) -> None:
        """Send bytes."""
        leg = self._leg
        if self.is_hole or self._ended:
            # The key stream goes on, whoever sees it.
            if leg is not None:
                leg.reveal(data)
            self._lose(len(data))
        elif leg is None:
            self._put_chunk(data)
        else:
            self._put_frames(leg, leg.reveal(data))

    def _put_chunk(self, data: bytes) -> None:
        """Send bytes in which nobody sees frames: each chunk counts as one."""
        plan = plan_for(self._conditions, self._faults, self.way, self._rand, self._counts, framed=False)
        if plan.copies == 0:
            self._on_altered()
            self._lose(len(data))
            if plan.cut:
                self._cut_here()
        else:
            self._send(data, plan)

    def _put_frames(self, leg: Leg, data: bytes) -> None:
        inside = leg.inside
        for piece, ends in leg.cut(data):
            if not inside:
                self._whole = bool(self._faults or self._conditions.changes_frames or leg.renumbers or self._late)
            if leg.broken or not self._whole:
                self._pass(leg, piece, ends)
            else:
                self._frame += piece
                if ends:
                    self._on_frame(leg)
            inside = not ends
            if ends:
                self._counts[f"frames {self.way}"] += 1
                self._release()

    def _pass(self, leg: Leg, piece: bytes, ends: bool) -> None:
        held, self._frame = bytes(self._frame), bytearray()
        self.put_raw(leg.hide(held + piece))
        if ends:
            leg.passed()

    def _on_frame(self, leg: Leg) -> None:
        """A frame is whole: let happen to it what shall."""
        frame, self._frame = bytes(self._frame), bytearray()
        plan = plan_for(self._conditions, self._faults, self.way, self._rand, self._counts)
        if plan.is_altered():
            self._on_altered()
        if plan.late and self._late is None and not plan.cut:
            self._late = frame
            self._patience = self._clock.call_later(_PATIENCE, self._release_late)
            return
        if plan.copies == 0:
            leg.skipped()
            self._lose(len(frame))
            if plan.cut:
                self._cut_here()
            return
        for _ in range(plan.copies):
            if not self._ended:
                self._send(leg.hide(leg.number(frame)), plan)
        self._release_late()

    def _release_late(self) -> None:
        late, self._late = self._late, None
        self._forget_late()
        if late is not None and self._leg is not None and not self._ended:
            self._send(self._leg.hide(self._leg.number(late)), _NO_PLAN)

    # -- what leaves -------------------------------------------------------------------------------------------------

    def _send(self, data: bytes, plan: FramePlan) -> None:
        if plan.corrupt:
            data = flip_a_bit(data, self._rand)
            self._on_altered()
            self._on_lost()
        if not plan.cut:
            self.put_raw(data)
            return
        self._cut(data, plan.cut)

    def _cut(self, data: bytes, where: Where) -> None:
        """End the connection at a frame."""
        if where == "inside":
            data = data[: self._rand.randrange(1, len(data))] if len(data) > 1 else data
        if where != "before":
            self.put_raw(data)
        self._cut_here()

    def _cut_here(self) -> None:
        reset = self._rand.random() < 0.5
        self._ended = True
        self._on_lost()
        self._wire.then(lambda: self._end(reset))

    def inject(self, packet: bytes) -> bool:
        """Add a frame of the transport, as soon as no other one is under way; gives whether there are frames.

        Raises:
            LocalProtocolError: the transport cannot carry it.
        """
        leg = self._leg
        if leg is None or leg.broken or self._ended:
            return False
        self._added.append(leg.encode(packet))
        self._release()
        return True

    def meddle(self, data: bytes) -> None:
        """Add bytes wherever the stream is now."""
        self._on_altered()
        self._on_lost()
        self._counts["inject"] += 1
        leg = self._leg
        self.put_raw(data if leg is None else leg.hide(data))

    def _release(self) -> None:
        """Send what was added, where a frame may begin."""
        leg = self._leg
        if leg is None or leg.inside or not self._added:
            return
        added, self._added = self._added, []
        self._on_altered()
        for frame in added:
            self._counts["inject"] += 1
            self.put_raw(leg.hide(leg.number(frame)))

    # -- the end -----------------------------------------------------------------------------------------------------

    def finish(self, action: Callable[[], None]) -> None:
        """Nothing more will come; call when everything has arrived. In a hole nobody ever learns of it."""
        if self.is_hole or self._ended:
            return
        if self._frame and self._leg is not None:
            # What cannot become whole any more.
            self._pass(self._leg, b"", False)
        self._release_late()
        self._wire.then(action)

    def vanish(self) -> None:
        """From now on everything vanishes, also what is on its way."""
        self.is_hole = True
        if self.waiting:
            self._lose(self.waiting)
        self._wire.clear()
        self._frame.clear()
        self._late = None
        self._forget_late()

    def close(self) -> None:
        """Send nothing more."""
        self._ended = True
        self._wire.clear()
        self._late = None
        self._forget_late()

    def _forget_late(self) -> None:
        patience, self._patience = self._patience, None
        if patience is not None:
            patience.cancel()

    def _lose(self, count: int) -> None:
        self.lost += count
        self._counts[f"bytes lost {self.way}"] += count
        self._on_lost()
