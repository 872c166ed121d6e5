"""The way of updates through the message box when they arrive."""

from __future__ import annotations

from typing import Any

import pytest
from updates_model import DATE, message

from telethon._updates import ChannelState, MessageBox, defs
from telethon.tl import types

LATER = DATE.replace(year=2025)
CONFIG = types.UpdateConfig()
TYPING = types.UpdateUserTyping(50, types.SendMessageTypingAction())
SECRET = types.EncryptedMessageService(1, 1, DATE, b"")


def box_at(pts: int = 10, qts: int = 5, seq: int = 7, channels: dict[int, int] | None = None) -> MessageBox:
    box = MessageBox(100.0)
    state = types.updates.State(pts, qts, DATE, seq, 0)
    box.load(state, [ChannelState(key, value) for key, value in (channels or {}).items()], 100.0)
    return box


def updates(*several: Any, seq: int = 0) -> types.Updates:
    return types.Updates(list(several), [], [], LATER, seq)


def new(pts: int, count: int = 1) -> types.UpdateNewMessage:
    return types.UpdateNewMessage(message(pts), pts, count)


def new_in(channel_id: int, pts: int) -> types.UpdateNewChannelMessage:
    return types.UpdateNewChannelMessage(message(pts, channel_id), pts, 1)


def own(container: Any) -> Any:
    container._self_outgoing = True
    return container


def test_one_update():
    box = box_at()
    assert box.process(types.UpdateShort(TYPING, LATER), 101.0) == [TYPING]
    assert box.date == LATER
    assert box.process(types.UpdateShort(new(11), LATER), 101.0) == [new(11)]
    assert box.pts == 11


@pytest.mark.parametrize(
    "update",
    [
        types.UpdateShortMessage(1, 50, "hi", 11, 1, LATER),
        types.UpdateShortChatMessage(1, 50, 60, "hi", 11, 1, LATER),
        types.UpdateShortSentMessage(1, 11, 1, LATER),
    ],
)
def test_forms_that_are_container_and_update_in_one(update):
    box = box_at()
    assert box.process(update, 101.0) == [update]
    assert (box.pts, box.date) == (11, LATER)
    assert box.process(update, 101.0) == []


def test_kinds_of_updates_are_found_out_when_they_first_come(monkeypatch):
    monkeypatch.setattr("telethon._updates.arrivals.SHAPES", {})
    box = box_at()
    assert box.process(types.UpdateShort(new(11), LATER), 101.0) == [new(11)]


def test_many_updates_in_the_wrong_order():
    box = box_at(channels={7: 20})
    several = updates(new(12), new_in(7, 22), TYPING, new_in(7, 21), new(11))
    assert box.process(several, 101.0) == [TYPING, new_in(7, 21), new_in(7, 22), new(11), new(12)]


def test_the_secret_box():
    box = box_at()
    news = [types.UpdateNewEncryptedMessage(SECRET, qts) for qts in (7, 6, 6)]
    assert box.process(updates(*news), 101.0) == [news[1], news[0]]
    assert box.qts == 7


@pytest.mark.parametrize(
    "update",
    [
        types.UpdateNewMessage(message(1), 0, 0),
        types.UpdateNewEncryptedMessage(SECRET, 0),
        types.UpdateDeleteChannelMessages(7, [1], 0, 0),
        types.UpdateNewChannelMessage(message(1), 30, 1),
        types.UpdateNewChannelMessage(types.MessageEmpty(id=1, peer_id=None), 30, 1),
    ],
)
def test_updates_that_count_nowhere(update):
    box = box_at(channels={7: 20})
    assert box.process(updates(update, update), 101.0) == [update, update]
    assert (box.pts, box.qts, box.channel_pts(7)) == (10, 5, 20)
    assert box.process(own(updates(update)), 101.0) == []


def test_a_channel_begins_with_its_first_event():
    box = box_at()
    assert box.process(updates(new_in(7, 50)), 101.0) == [new_in(7, 50)]
    assert box.process(updates(new_in(7, 50), new_in(7, 51)), 101.0) == [new_in(7, 51)]


def test_nothing_known_begins_with_the_first_event():
    box = MessageBox(100.0)
    several = updates(new(50), types.UpdateNewEncryptedMessage(SECRET, 9), CONFIG, seq=4)
    assert len(box.process(several, 101.0)) == 3
    assert (box.pts, box.qts, box.seq) == (50, 9, 4)


# -- numbered containers -----------------------------------------------------------------------------------------------


def test_U1_numbered_containers_in_order():
    box = box_at()
    assert box.process(updates(CONFIG, seq=8), 101.0) == [CONFIG]
    assert box.seq == 8
    combined = types.UpdatesCombined([TYPING], [], [], LATER, 9, 11)
    assert box.process(combined, 101.0) == [TYPING]
    assert box.seq == 11
    assert box.take_changes()[0].seq == 11


def test_U1_numbered_containers_come_once():
    box = box_at()
    assert box.process(updates(CONFIG, seq=7), 101.0) == []
    assert box.process(updates(CONFIG, seq=3), 101.0) == []


def test_U1_numbered_containers_wait_for_each_other():
    box = box_at()
    # What has its own count does not wait.
    assert box.process(updates(CONFIG, new(11), seq=9), 101.0) == [new(11)]
    assert box.process(updates(CONFIG, seq=9), 101.0) == []
    assert box.process(updates(TYPING, seq=8), 101.1) == [TYPING, CONFIG]
    assert box.seq == 9


def test_containers_without_number_wait_for_nobody():
    box = box_at()
    assert box.process(updates(CONFIG, seq=9), 101.0) == []
    assert box.process(updates(TYPING), 101.0) == [TYPING]


def test_the_number_of_ones_own_containers_counts():
    box = box_at()
    assert box.process(own(updates(CONFIG, new(11), seq=8)), 101.0) == []
    assert (box.seq, box.pts) == (8, 11)


# -- one's own doing ---------------------------------------------------------------------------------------------------


def test_I11_what_the_client_did_is_no_event_but_counts():
    box = box_at(channels={7: 20})
    assert box.process(own(updates(new(11), new_in(7, 21), TYPING)), 101.0) == []
    assert (box.pts, box.channel_pts(7)) == (11, 21)
    assert box.process(updates(new(12)), 101.0) == [new(12)]
    assert box.process(own(types.UpdateShort(TYPING, None)), 101.0) == []
    assert box.date == LATER


def test_I11_own_message_answered_and_then_pushed_is_one_event():
    box = box_at()
    assert box.process(own(updates(new(11))), 101.0) == []
    assert box.process(updates(new(11)), 101.1) == [new(11)]
    assert box.process(updates(new(11)), 101.2) == []


def test_I11_own_message_pushed_and_then_answered_is_one_event():
    box = box_at()
    assert box.process(updates(new(11)), 101.0) == [new(11)]
    assert box.process(own(updates(new(11))), 101.1) == []
    assert box.process(updates(new(11)), 101.2) == []


def test_I11_own_message_that_had_to_wait_is_one_event():
    box = box_at()
    assert box.process(own(updates(new(12))), 101.0) == []
    assert box.process(updates(new(12)), 101.1) == []
    assert box.process(updates(new(11)), 101.2) == [new(11), new(12)]
    assert box.process(own(updates(new(12))), 101.3) == []


def test_I11_two_answers_for_one_change():
    box = box_at()
    assert box.process(own(updates(new(11))), 101.0) == []
    assert box.process(own(updates(new(11))), 101.0) == []
    assert box.process(updates(new(11)), 101.0) == [new(11)]


def test_I30_own_changes_are_not_remembered_for_ever(monkeypatch):
    monkeypatch.setattr(defs, "OWN_LIMIT", 2)
    box = box_at()
    for pts in (11, 12, 13):
        box.process(own(updates(new(pts))), 101.0)
    assert box.process(updates(new(11), new(12), new(13)), 101.0) == [new(12), new(13)]


# -- while an answer is on its way -------------------------------------------------------------------------------------


def test_U2_updates_of_a_box_that_is_asked_about_are_kept():
    box = box_at(channels={7: 20})
    box.trigger("test", 100.0)
    [wanted] = box.next_requests(100.0)
    several = updates(new(11), types.UpdateNewEncryptedMessage(SECRET, 6), TYPING, new_in(7, 21))
    # The channel, and what counts nowhere, have nothing to wait for.
    assert box.process(several, 101.0) == [TYPING, new_in(7, 21)]
    assert box.process(updates(CONFIG, seq=8), 101.0) == []
    empty = types.updates.DifferenceEmpty(DATE, 7)
    kept = [new(11), types.UpdateNewEncryptedMessage(SECRET, 6), CONFIG]
    assert sorted(map(str, box.apply_difference(wanted, empty, {}, 102.0))) == sorted(map(str, kept))


def test_U2_the_same_of_a_channel():
    box = box_at(channels={7: 20})
    box.trigger_channel(7, "test", 100.0)
    [wanted] = box.next_requests(100.0)
    assert box.process(updates(new_in(7, 21), new(11)), 101.0) == [new(11)]
    assert box.process(own(updates(new_in(7, 22))), 101.0) == []
    empty = types.updates.ChannelDifferenceEmpty(20, final=True)
    assert box.apply_channel_difference(wanted, empty, {}, 102.0) == [new_in(7, 21)]
    assert box.channel_pts(7) == 22


def test_I14_kept_containers_are_bounded(monkeypatch):
    monkeypatch.setattr(defs, "HELD_LIMIT", 3)
    box = box_at()
    box.trigger("test", 100.0)
    [wanted] = box.next_requests(100.0)
    for seq in range(8, 12):
        assert box.process(updates(CONFIG, seq=seq), 100.0) == []
    assert box._held_seq == []
    assert box.apply_difference(wanted, types.updates.DifferenceEmpty(DATE, 7), {}, 100.1) == []
    # It was too much to be kept, so that it is asked for.
    assert len(box.next_requests(100.1)) == 1
