"""The messages that were received before, against a plain reference."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st
from window_model import Reference

from telethon.mtproto.msgwindow import MsgWindow


def test_M7_equal_to_the_reference_in_10000_sequences() -> None:
    rand = random.Random(20240701)
    for _ in range(10_000):
        size = rand.randint(1, 6)
        window, reference = MsgWindow(size), Reference(size)
        for _ in range(rand.randint(1, 24)):
            msg_id = rand.randint(1, 16)
            assert window.add(msg_id, True) == reference.add(msg_id)
            assert len(window) == len(reference.ids)
            assert [one for one in range(18) if one in window] == reference.ids


@given(st.integers(1, 50), st.lists(st.integers(1, 2**63 - 1), max_size=200))
@settings(deadline=None)
def test_M7_equal_to_the_reference(size: int, ids: list[int]) -> None:
    window, reference = MsgWindow(size), Reference(size)
    for msg_id in ids + ids[::-1]:
        assert window.add(msg_id, msg_id % 2 == 0) == reference.add(msg_id)
        if msg_id in window:
            assert window.is_content_related(msg_id) == (msg_id % 2 == 0)


def test_M7_I20_a_recorded_session_cannot_be_replayed() -> None:
    rand = random.Random(7)
    window = MsgWindow(1000)
    session = [index * 4 + 1 for index in range(1, 5001)]
    assert all(window.add(msg_id, True) for msg_id in session)
    replay = session[:]
    rand.shuffle(replay)
    assert not any(window.add(msg_id, True) for msg_id in replay)
    # An older one between them does not make room for a replay of a newer one.
    assert not window.add(session[0] - 2, True)
    assert not window.add(session[-1], True)


def test_M7_a_late_message_inside_the_window_is_new_once() -> None:
    window = MsgWindow(3)
    assert [window.add(msg_id, False) for msg_id in (10, 20, 30)] == [True] * 3
    assert window.add(15, False)
    assert not window.add(15, False)
    assert not window.add(10, False), "it made room for 15, and is lower than all"


def test_S10_states_of_messages() -> None:
    window = MsgWindow(3)
    assert window.state(5) == 3
    for msg_id in (10, 20, 30):
        window.add(msg_id, True)
    assert [window.state(msg_id) for msg_id in (9, 10, 15, 30, 31)] == [1, 4, 2, 4, 3]
    window.clear()
    assert len(window) == 0
    assert 10 not in window
    assert window.state(10) == 3
    assert not window.is_content_related(10)


def test_S10_a_window_that_is_not_full_knows_what_it_did_not_receive() -> None:
    window = MsgWindow(3)
    window.add(10, True)
    assert window.state(9) == 2


def test_S10_before_the_first_message_everything_but_zero_may_still_come() -> None:
    window = MsgWindow(3)
    for _ in range(2):
        assert [window.state(msg_id) for msg_id in (0, 1, 5)] == [2, 3, 3]
        window.add(10, True)
        assert [window.state(msg_id) for msg_id in (9, 10, 11)] == [2, 4, 3]
        window.clear()


def test_M7_what_is_unknown_is_not_content_related() -> None:
    window = MsgWindow(3)
    window.add(10, True)
    assert window.is_content_related(10) is True
    assert window.is_content_related(11) is False
