"""One count of events."""

from __future__ import annotations

from telethon._updates import gaps
from telethon._updates.gaps import Count


def test_U1_next_known_and_missing():
    count = Count(10)
    assert count.offer(11, 1, "a", 0.0) is True
    assert count.value == 11
    assert count.offer(11, 1, "a", 0.0) is False
    assert count.offer(12, 2, "over a border", 0.0) is False
    assert count.offer(13, 1, "b", 1.0) is None
    assert (count.value, count.deadline) == (11, 1.5)


def test_events_that_raise_nothing():
    count = Count(10)
    assert count.offer(10, 0, "a", 0.0) is True
    assert count.offer(9, 0, "old", 0.0) is False
    assert count.offer(11, 0, "early", 0.0) is None
    assert count.value == 10


def test_unknown_count_begins_with_the_first_event():
    count = Count()
    assert count.offer(50, 1, "a", 0.0) is True
    assert count.value == 50


def test_U1_release_in_order_and_once():
    count = Count(10)
    for end, number, name in ((14, 1, "d"), (13, 2, "c"), (13, 2, "c again"), (13, 0, "at c"), (20, 1, "far")):
        assert count.offer(end, number, name, 1.0) is None
    assert count.release() == []
    assert count.offer(11, 1, "b", 1.2) is True
    assert count.release() == [(13, "c", True), (13, "c again", False), (13, "at c", True), (14, "d", True)]
    assert count.value == 14
    # What still waits has waited since it came: its patience does not begin anew.
    assert [one[3] for one in count.waiting] == ["far"]
    assert count.deadline == 1.5


def test_U1_events_with_the_same_counts_keep_the_order_in_which_they_came():
    count = Count(10)
    # What cannot be compared may be an event, too.
    for event in ("z", "a", None, "m"):
        count.offer(12, 1, event, 1.0)
    count.offer(11, 1, "first", 1.0)
    assert [event for _, event, _ in count.release()] == ["z", "a", None, "m"]


def test_I37_a_hole_is_not_restarted_by_each_update():
    count = Count(10)
    for number in range(20):
        count.offer(12 + number, 1, number, 1.0 + number * 0.1)
    assert count.deadline == 1.5


def test_release_clears_the_deadline():
    count = Count(10)
    count.offer(12, 1, "b", 1.0)
    count.forward(20)
    assert count.release() == [(12, "b", False)]
    assert count.deadline is None


def test_nothing_is_released_without_a_count():
    count = Count()
    count.waiting.append((1, 2, 0.0, "a"))
    assert count.release() == []


def test_I14_waiting_events_are_bounded(monkeypatch):
    monkeypatch.setattr(gaps, "HELD_LIMIT", 3)
    count = Count(10)
    for end in (12, 13, 14):
        count.offer(end, 1, end, 1.0)
    assert count.deadline == 1.5
    assert count.offer(15, 1, 15, 1.1) is None
    assert (count.waiting, count.deadline) == ([], 1.1)


def test_skips_what_is_missing() -> None:
    count: Count[str] = Count(5)
    assert count.skip() is None
    count.offer(9, 1, "later", 0.0)
    count.offer(8, 1, "first", 0.0)
    assert count.skip() == 2
    assert count.release() == [(8, "first", True), (9, "later", True)]
    assert count.skip() is None
    assert count.deadline is None
