"""What programs read of the message box."""

from __future__ import annotations

import datetime

import pytest

from telethon._updates import MessageBox
from telethon._updates.defs import ENTRY_ACCOUNT, ENTRY_SECRET
from telethon.client._boxview import MessageBoxView
from telethon.tl import types

DATE = datetime.datetime(2024, 5, 6, tzinfo=datetime.timezone.utc)
STATE = types.updates.State(pts=10, qts=3, date=DATE, seq=7, unread_count=0)


def message(pts, channel_id=None):
    if channel_id is None:
        return types.UpdateDeleteMessages([pts], pts=pts, pts_count=1)
    return types.UpdateDeleteChannelMessages(channel_id, [pts], pts=pts, pts_count=1)


@pytest.fixture
def box():
    return MessageBox()


@pytest.fixture
def view(box):
    return MessageBoxView(lambda: box)


def test_a_box_of_which_nothing_is_known(view):
    beginning = datetime.datetime(1970, 1, 1, 0, 0, 1, tzinfo=datetime.timezone.utc)
    assert view.is_empty() is True
    assert (view.map, view.date, view.seq, view.next_deadline) == ({}, beginning, 0, None)
    assert (view.possible_gaps, view.getting_diff_for) == ({}, set())
    assert view.session_state() == ({"pts": 0, "qts": 0, "date": beginning, "seq": 0}, {})


def test_how_far_it_was_followed(box, view):
    box.set_state(STATE, 0.0)
    view.try_set_channel_state(5, 20)
    assert view.is_empty() is False
    assert {entry: one.pts for entry, one in view.map.items()} == {ENTRY_ACCOUNT: 10, ENTRY_SECRET: 3, 5: 20}
    assert {one.deadline for one in view.map.values()} == {float("inf")}
    assert (view.date, view.seq) == (DATE, 7)
    assert view.session_state() == ({"pts": 10, "qts": 3, "date": DATE, "seq": 7}, {5: 20})


def test_what_is_missing_and_then_asked_for(box, view):
    box.set_state(STATE, 0.0)
    view.try_set_channel_state(5, 20)
    box.process(types.Updates([message(12), message(23, 5)], [], [], DATE, 0), 1.0)
    assert view.possible_gaps.keys() == {ENTRY_ACCOUNT, 5}
    assert view.map[5].deadline == view.possible_gaps[5] > 1.0
    assert view.getting_diff_for == set()
    assert view.next_deadline is not None
    box.check_deadlines(5.0)
    assert view.possible_gaps == {}
    assert view.getting_diff_for == {ENTRY_ACCOUNT, ENTRY_SECRET, 5}
    asked = box.next_requests(5.0)
    assert view.getting_diff_for == {ENTRY_ACCOUNT, ENTRY_SECRET, 5}
    for wanted in asked:
        answer = (
            types.updates.DifferenceEmpty(DATE, 8)
            if wanted.channel_id is None
            else types.updates.ChannelDifferenceEmpty(23, final=True, timeout=30)
        )
        apply = box.apply_difference if wanted.channel_id is None else box.apply_channel_difference
        apply(wanted, answer, {}, 6.0)
    assert view.getting_diff_for == set()
