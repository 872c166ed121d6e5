"""What is done to whole frames: repeated, overtaken, changed, lost, or the last one of their connection."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections import Counter

    from telethon.testing._fault import Fault
    from telethon.testing.chaos.conditions import Conditions, Where

__all__ = ["FramePlan", "flip_a_bit", "plan_for"]

_PLACES: tuple[Literal["before", "inside", "after"], ...] = ("before", "inside", "after")


class FramePlan:
    """What becomes of one frame.

    Attributes:
        copies: how often it arrives; 0 loses it.
        late: whether the next one overtakes it.
        corrupt: whether one of its bits is changed.
        cut: where the connection ends, empty for nowhere.
    """

    __slots__ = ("copies", "corrupt", "cut", "late")

    def __init__(self) -> None:
        self.copies = 1
        self.late = False
        self.corrupt = False
        self.cut: Where | Literal[""] = ""

    def is_altered(self) -> bool:
        """Whether the receiver sees something that the sender has not sent."""
        return self.copies != 1 or self.late or self.corrupt


def plan_for(
    conditions: Conditions,
    faults: list[Fault],
    way: Literal["up", "down"],
    rand: Random,
    counts: Counter[str],
    *,
    framed: bool = True,
) -> FramePlan:
    """Decide about the next frame.

    Args:
        conditions: what may happen to any frame.
        faults: what shall happen to some.
        way: where the frame goes.
        rand: what decides.
        counts: counts what happens.
        framed: whether it is a frame; if not, it cannot be repeated or exchanged.
    """
    plan = FramePlan()
    if conditions.changes_frames:
        # Each question is only asked when it matters, so a seed means the same whatever else is switched on.
        if conditions.duplicate and rand.random() < conditions.duplicate:
            plan.copies = 2
        if conditions.reorder and rand.random() < conditions.reorder:
            plan.late = True
        if conditions.corrupt and rand.random() < conditions.corrupt:
            plan.corrupt = True
        if conditions.lose and rand.random() < conditions.lose:
            plan.copies = 0
        if conditions.cut and rand.random() < conditions.cut:
            plan.cut = rand.choice(_PLACES)
    for fault in list(faults):
        if fault.applies(way):
            fault.strike(plan)
    if not framed:
        plan.copies, plan.late = min(plan.copies, 1), False
    for happened, name in (
        (plan.copies == 2, "duplicate"),
        (plan.late, "reorder"),
        (plan.corrupt, "corrupt"),
        (plan.copies == 0, "lose"),
        (bool(plan.cut), "cut"),
    ):
        if happened:
            counts[name] += 1
    return plan


def flip_a_bit(data: bytes, rand: Random) -> bytes:
    """The same with one bit changed."""
    if not data:
        return data
    position = rand.randrange(len(data))
    return data[:position] + bytes((data[position] ^ 1 << rand.randrange(8),)) + data[position + 1 :]
