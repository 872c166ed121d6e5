from __future__ import annotations

from typing import Any

import pytest

from telethon.testing.chaos.conditions import Conditions, directions


def test_a_good_line_does_nothing() -> None:
    assert not Conditions().changes_frames
    assert not Conditions(latency=1, jitter=1, bandwidth=1, split=1, coalesce=1).changes_frames


@pytest.mark.parametrize("name", ["duplicate", "reorder", "corrupt", "lose", "cut"])
def test_chances_are_about_frames(name: str) -> None:
    assert Conditions(**{name: 0.5}).changes_frames
    assert Conditions(**{name: 1}).changes_frames
    with pytest.raises(ValueError, match=f"{name} is a chance from 0 to 1, not 1.5"):
        Conditions(**{name: 1.5})


@pytest.mark.parametrize("value", [-1, "much", None])
def test_conditions_are_numbers(value: Any) -> None:
    conditions = Conditions()
    with pytest.raises(ValueError, match="latency is a number that is not negative"):
        conditions.latency = value
    assert conditions == Conditions()


def test_a_typing_mistake_is_told() -> None:
    with pytest.raises(AttributeError, match="no condition 'latecny'; there are latency, jitter"):
        Conditions().latecny = 1  # type: ignore[attr-defined]


def test_directions() -> None:
    assert directions("both") == ("up", "down")
    assert directions("up") == ("up",)
    assert directions("down") == ("down",)
    with pytest.raises(ValueError, match=r"'up' \(to the server\).*not 'left'"):
        directions("left")  # type: ignore[arg-type]
