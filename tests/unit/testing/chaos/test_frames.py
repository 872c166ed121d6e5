from __future__ import annotations

from collections import Counter
from random import Random
from typing import Any

import pytest

from telethon.testing._fault import Fault
from telethon.testing.chaos.conditions import Conditions
from telethon.testing.chaos.frames import FramePlan, flip_a_bit, plan_for


def plans(seed: int, count: int = 2000, **conditions: Any) -> tuple[list[FramePlan], Counter[str]]:
    rand, counts = Random(seed), Counter[str]()
    return [plan_for(Conditions(**conditions), [], "up", rand, counts) for _ in range(count)], counts


def shape(plan: FramePlan) -> tuple[Any, ...]:
    return plan.copies, plan.late, plan.corrupt, plan.cut


@pytest.mark.parametrize(
    ("name", "happened"),
    [
        ("duplicate", lambda plan: plan.copies == 2),
        ("reorder", lambda plan: plan.late),
        ("corrupt", lambda plan: plan.corrupt),
        ("lose", lambda plan: plan.copies == 0),
        ("cut", lambda plan: plan.cut in ("before", "inside", "after")),
    ],
)
def test_chances_are_kept(name: str, happened: Any) -> None:
    made, counts = plans(1, **{name: 0.25})
    number = sum(map(happened, made))
    assert 400 < number < 600
    assert counts == {name: number}
    assert all(map(happened, plans(1, 50, **{name: 1})[0]))
    assert not any(map(happened, plans(1, 50)[0]))


def test_a_seed_decides_the_same_again() -> None:
    conditions = {"duplicate": 0.2, "reorder": 0.2, "corrupt": 0.2, "lose": 0.2, "cut": 0.2}
    first = [shape(plan) for plan in plans(5, **conditions)[0]]
    assert first == [shape(plan) for plan in plans(5, **conditions)[0]]
    assert first != [shape(plan) for plan in plans(6, **conditions)[0]]


def test_faults_strike_where_they_apply() -> None:
    faults: list[Fault] = []
    Fault(faults, 1, lambda way: way == "down", lambda plan: setattr(plan, "copies", 2))
    counts = Counter[str]()
    assert plan_for(Conditions(), faults, "up", Random(0), counts).copies == 1
    assert plan_for(Conditions(), faults, "down", Random(0), counts).copies == 2
    assert plan_for(Conditions(), faults, "down", Random(0), counts).copies == 1
    assert counts == {"duplicate": 1}


def test_what_is_no_frame_is_neither_repeated_nor_exchanged() -> None:
    counts = Counter[str]()
    plan = plan_for(Conditions(duplicate=1, reorder=1, corrupt=1), [], "up", Random(0), counts, framed=False)
    assert shape(plan) == (1, False, True, "")
    assert counts == {"corrupt": 1}


def test_altered_is_what_was_not_sent_so() -> None:
    plan = FramePlan()
    assert not plan.is_altered()
    plan.cut = "after"
    assert not plan.is_altered()
    for name, value in (("copies", 0), ("copies", 2), ("late", True), ("corrupt", True)):
        plan = FramePlan()
        setattr(plan, name, value)
        assert plan.is_altered()


def test_one_bit_changes() -> None:
    data = bytes(range(100))
    places = set()
    for seed in range(300):
        changed = flip_a_bit(data, Random(seed))
        difference = int.from_bytes(changed, "big") ^ int.from_bytes(data, "big")
        assert difference.bit_count() == 1
        places.add(difference)
    assert len(places) > 200
    assert flip_a_bit(b"", Random(0)) == b""
