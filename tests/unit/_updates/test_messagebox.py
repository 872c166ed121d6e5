"""Asking for what is missing, and taking in the answers."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from updates_model import ACCOUNT, DATE, Driver, Server, message

from telethon._updates import ChannelState, Hole, MessageBox, Wanted, defs
from telethon.tl import types

LATER = DATE.replace(year=2025)
CONFIG = types.UpdateConfig()


def box_at(pts: int = 10, channels: dict[int, int] | None = None) -> MessageBox:
    box = MessageBox(100.0)
    state = types.updates.State(pts, 5, DATE, 7, 0)
    box.load(state, [ChannelState(key, value) for key, value in (channels or {}).items()], 100.0)
    return box


def asked(box: MessageBox, now: float = 100.0) -> Wanted:
    box.trigger("test", now)
    [wanted] = box.next_requests(now)
    return wanted


def asked_channel(box: MessageBox, channel_id: int = 7, now: float = 100.0) -> Wanted:
    box.trigger_channel(channel_id, "test", now)
    [wanted] = box.next_requests(now)
    return wanted


def new(pts: int) -> types.UpdateNewMessage:
    return types.UpdateNewMessage(message(pts), pts, 1)


def new_in(channel_id: int, pts: int) -> types.UpdateNewChannelMessage:
    return types.UpdateNewChannelMessage(message(pts, channel_id), pts, 1)


def updates(*several: Any, seq: int = 0) -> types.Updates:
    return types.Updates(list(several), [], [], LATER, seq)


def difference(pts: int, *names: int, qts: int = 5, others: tuple[Any, ...] = (), seq: int = 7) -> Any:
    state = types.updates.State(pts, qts, LATER, seq, 0)
    return types.updates.Difference([message(name) for name in names], [], list(others), [], [], state)


def part(pts: int, *names: int, date: Any = LATER) -> Any:
    state = types.updates.State(pts, 5, date, 7, 0)
    return types.updates.DifferenceSlice([message(name) for name in names], [], [], [], [], state)


def names(ready: list[Any]) -> list[int]:
    return [update.message.id for update in ready]


# -- the account -------------------------------------------------------------------------------------------------------


def test_a_difference_is_handed_out_and_the_state_taken():
    box = box_at()
    entities = {50: types.User(50)}
    ready = box.apply_difference(asked(box), difference(12, 11, 12, qts=6, others=(CONFIG,), seq=9), entities, 101.0)
    assert [type(update).__name__ for update in ready] == ["UpdateNewMessage", "UpdateNewMessage", "UpdateConfig"]
    assert ready[0]._entities is entities
    assert (box.pts, box.qts, box.seq, box.date) == (12, 6, 9, LATER)
    assert box.has_changes
    assert box.next_requests(101.0) == []


def test_an_empty_difference():
    box = box_at()
    assert box.apply_difference(asked(box), types.updates.DifferenceEmpty(LATER, 8), {}, 101.0) == []
    assert (box.pts, box.qts, box.seq, box.date) == (10, 5, 8, LATER)


def test_U2_a_kept_container_is_handed_out_when_nothing_is_told():
    box = box_at()
    wanted = asked(box)
    assert box.process(updates(CONFIG, seq=8), 100.5) == []
    assert box.apply_difference(wanted, types.updates.DifferenceEmpty(LATER, 8), {}, 101.0) == [CONFIG]
    assert box.seq == 8


def test_U2_kept_updates_that_the_difference_told_are_dropped():
    box = box_at()
    wanted = asked(box)
    assert box.process(updates(new(11), new(12), new(13)), 100.5) == []
    assert box.process(updates(CONFIG, seq=8), 100.5) == []
    assert box.process(updates(CONFIG, seq=9), 100.5) == []
    ready = box.apply_difference(wanted, difference(12, 11, 12, seq=8), {}, 101.0)
    assert names(ready[:3]) == [11, 12, 13]
    assert ready[3:] == [CONFIG]
    assert (box.pts, box.seq) == (13, 9)


def test_U2_updates_that_waited_for_a_hole_are_looked_at_again():
    box = box_at()
    box.process(
        updates(new(12), types.UpdateNewEncryptedMessage(types.EncryptedMessageService(1, 1, DATE, b""), 7)), 100.0
    )
    box.process(updates(CONFIG, seq=9), 100.0)
    ready = box.apply_difference(asked(box), difference(11, 11, qts=6, seq=8), {}, 101.0)
    assert [type(update).__name__ for update in ready] == [
        "UpdateNewMessage",
        "UpdateNewMessage",
        "UpdateNewEncryptedMessage",
        "UpdateConfig",
    ]


def test_U3_parts_of_a_difference():
    box = box_at()
    wanted = asked(box)
    assert box.process(updates(new(13)), 100.1) == []
    assert names(box.apply_difference(wanted, part(11, 11), {}, 100.2)) == [11]
    # The state in between counts, and may be stored.
    assert box.take_changes()[0].pts == 11
    assert box.process(updates(new(12)), 100.3) == []
    [wanted] = box.next_requests(100.3)
    assert (wanted.pts, wanted.date) == (11, LATER)
    assert names(box.apply_difference(wanted, difference(12, 12), {}, 100.4)) == [12, 13]
    assert box.next_requests(100.4) == []


def test_U3_I35_a_part_that_does_not_advance_is_a_failure():
    box = box_at()
    stuck = part(10, date=DATE)
    now = 100.0
    times = []
    box.trigger("test", now)
    for _ in range(8):
        [wanted] = box.next_requests(now)
        assert box.apply_difference(wanted, stuck, {}, now) == []
        times.append(box.next_deadline - now)
        assert box.next_requests(now) == []
        now = box.next_deadline
        box.check_deadlines(now)
    assert times == [1, 2, 4, 8, 16, 32, 60, 60]


def test_U4_an_account_too_far_behind():
    box = box_at(channels={7: 20})
    assert box.apply_difference(asked(box), types.updates.DifferenceTooLong(500), {}, 101.0) == []
    assert box.take_holes() == [Hole(None, 490)]
    assert box.take_holes() == []
    assert box.take_changes()[0].pts == 500
    # The rest of the state comes with the next answer; channels may be as far behind.
    account, channel = box.next_requests(101.0)
    assert (account.channel_id, account.pts, account.qts) == (None, 500, 5)
    assert (channel.channel_id, channel.pts) == (7, 20)
    assert names(box.apply_difference(account, difference(501, 501), {}, 101.1)) == [501]


def test_channels_in_a_difference_keep_their_own_counts():
    box = box_at(channels={7: 20})
    others = (new_in(7, 21), types.UpdateDeleteChannelMessages(7, [1], 20, 1), types.UpdateChannelTooLong(7, 30))
    ready = box.apply_difference(asked(box), difference(10, others=others), {}, 101.0)
    assert ready == [new_in(7, 21)]
    assert [wanted.channel_id for wanted in box.next_requests(101.0)] == [7]


def test_U5_a_trigger_between_parts_asks_no_more_than_once():
    box = box_at()
    wanted = asked(box)
    box.apply_difference(wanted, part(11, 11), {}, 100.2)
    box.trigger("again", 100.2)
    assert len(box.next_requests(100.2)) == 1


def test_a_hole_that_the_answer_does_not_fill_is_asked_about_ever_more_seldom():
    box = box_at()
    now = 100.0
    box.process(updates(new(12)), now)
    times = []
    for _ in range(400):
        box.check_deadlines(now)
        for wanted in box.next_requests(now):
            times.append(round(now - 100, 3))
            box.apply_difference(wanted, types.updates.DifferenceEmpty(DATE, 7), {}, now)
        if len(times) == 9:
            break
        now = box.next_deadline
    pauses = [later - sooner for sooner, later in itertools.pairwise(times)]
    assert pauses == [0.5, 1, 2, 4, 8, 16, 32, 60]
    # It is never given up.
    assert names(box.process(updates(new(11)), now)) == [11, 12]


def test_I14_thousands_of_kept_updates_and_answers_with_holes_come_to_an_end():
    server = Server(slice_size=100_000)
    driver = Driver(server, latency=lambda: 0.5)
    driver.load((7,))
    box = driver.box
    box.trigger("test", driver.now)
    box.trigger_channel(7, "test", driver.now)
    events = [server.add(ACCOUNT) for _ in range(10_000)]
    in_channel = [server.add(7) for _ in range(10_000)]
    # Every second one is missing, so that what is kept has holes as well.
    for event in events[::2] + in_channel[::2]:
        driver.push(driver.now + 0.2, event)
    driver.run(driver.now + 0.4)
    assert len(box._asking.held) <= defs.HELD_LIMIT
    assert len(box._channels[7].held) <= defs.HELD_LIMIT
    driver.run(driver.now + 60)
    assert driver.got_of(ACCOUNT) == [event.name for event in events]
    assert driver.got_of(7) == [event.name for event in in_channel]
    assert len(driver.asked) <= 8


# -- the state itself --------------------------------------------------------------------------------------------------


def test_the_state_is_asked_for_when_nothing_is_known():
    box = MessageBox(100.0)
    wanted = asked(box)
    assert wanted.state_only
    assert box.set_state(types.updates.State(50, 9, LATER, 3, 0), 100.1) == []
    assert (box.pts, box.qts, box.seq, box.date) == (50, 9, 3, LATER)
    assert box.take_changes()[0].pts == 50
    assert box.next_deadline == 1000.1
    assert box.next_requests(100.1) == []
    assert names(box.process(updates(new(51)), 101.0)) == [51]


def test_what_comes_while_the_state_is_asked_for_is_not_lost():
    box = MessageBox(100.0)
    asked(box)
    assert box.process(updates(new(49), new(50), new(51)), 100.1) == []
    assert names(box.set_state(types.updates.State(50, 9, LATER, 0, 0), 100.2)) == [49, 50, 51]
    assert box.next_requests(100.2) == []


def test_what_is_missing_before_the_state_is_asked_for():
    box = MessageBox(100.0)
    asked(box)
    assert box.process(updates(new(48), new(52)), 100.1) == []
    assert names(box.set_state(types.updates.State(50, 9, LATER, 0, 0), 100.2)) == [48]
    [wanted] = box.next_requests(105.0)
    assert (wanted.pts, wanted.state_only) == (48, False)


def test_I11_a_difference_tells_nothing_of_what_the_client_sent():
    box = box_at(channels={7: 20})
    sent = types.UpdateShortSentMessage(13, 13, 1, LATER)
    sent_in_channel = updates(new_in(7, 22))
    for own in (sent, sent_in_channel):
        own._self_outgoing = True
        assert box.process(own, 100.0) == []
    edited = types.UpdateEditMessage(message(13), 14, 1)
    ready = box.apply_difference(asked(box), difference(14, 11, 12, 13, others=(edited,)), {}, 101.0)
    assert names(ready) == [11, 12, 13]
    assert ready[2] is edited
    answer = box.apply_channel_difference(asked_channel(box), channel_part(22, 21, 22), {}, 101.0)
    assert names(answer) == [21]


def test_what_comes_after_the_state_needs_no_question():
    box = MessageBox(100.0)
    asked(box)
    assert box.process(updates(new(51)), 100.1) == []
    assert names(box.set_state(types.updates.State(50, 9, LATER, 0, 0), 100.2)) == [51]
    assert box.next_requests(100.2) == []


# -- channels ----------------------------------------------------------------------------------------------------------


def channel_part(pts: int, *names: int, final: bool = True, others: tuple[Any, ...] = ()) -> Any:
    return types.updates.ChannelDifference(
        pts, [message(name, 7) for name in names], list(others), [], [], final=final, timeout=30
    )


def test_a_difference_of_a_channel():
    box = box_at(channels={7: 20})
    wanted = asked_channel(box)
    assert (wanted.channel_id, wanted.pts) == (7, 20)
    others = (types.UpdateDeleteChannelMessages(7, [1], 22, 1), types.UpdateChannelTooLong(8, 30))
    ready = box.apply_channel_difference(wanted, channel_part(22, 21, others=others), {}, 101.0)
    assert ready == [types.UpdateNewChannelMessage(message(21, 7), 0, 0), others[0]]
    assert [(one.channel_id, one.pts) for one in sorted(box.take_changes()[1], key=str)] == [(7, 22), (8, 30)]
    assert box.next_requests(101.0) == []


def test_U3_parts_of_a_difference_of_a_channel():
    box = box_at(channels={7: 20})
    wanted = asked_channel(box)
    assert names(box.apply_channel_difference(wanted, channel_part(21, 21, final=False), {}, 101.0)) == [21]
    assert [one.pts for one in box.take_changes()[1]] == [21]
    assert box.process(updates(new_in(7, 23)), 101.0) == []
    [wanted] = box.next_requests(101.0)
    assert wanted.pts == 21
    assert names(box.apply_channel_difference(wanted, channel_part(22, 22), {}, 101.1)) == [22, 23]


def test_U3_I35_a_part_of_a_channel_that_does_not_advance_is_a_failure():
    box = box_at(channels={7: 20})
    wanted = asked_channel(box)
    assert box.apply_channel_difference(wanted, channel_part(20, final=False), {}, 101.0) == []
    assert box.next_requests(101.5) == []
    assert box.next_deadline == 102.0
    box.check_deadlines(102.0)
    assert len(box.next_requests(102.0)) == 1


@pytest.mark.parametrize(("dialog_pts", "missing", "pts"), [(500, 480, 500), (None, 0, 20)])
def test_U4_a_channel_too_far_behind(dialog_pts, missing, pts):
    box = box_at(channels={7: 20})
    settings = types.PeerNotifySettings()
    dialog = types.Dialog(types.PeerChannel(7), 1, 1, 1, 0, 0, 0, 0, settings, pts=dialog_pts)
    answer = types.updates.ChannelDifferenceTooLong(dialog, [message(3, 7)], [], [], final=True)
    assert box.apply_channel_difference(asked_channel(box), answer, {}, 101.0) == []
    assert box.take_holes() == [Hole(7, missing)]
    assert box.channel_pts(7) == pts
    assert box.next_requests(101.0) == []


def test_I12_what_is_too_far_behind_goes_on_where_the_answer_said():
    box = box_at(channels={7: 20})
    dialog = types.Dialog(types.PeerChannel(7), 1, 1, 1, 0, 0, 0, 0, types.PeerNotifySettings(), pts=500)
    answer = types.updates.ChannelDifferenceTooLong(dialog, [], [], [])
    box.apply_channel_difference(asked_channel(box), answer, {}, 101.0)
    # Not the final answer: the rest is asked for at once.
    [wanted] = box.next_requests(101.0)
    assert wanted.pts == 500


def test_a_hole_of_a_channel_that_the_answer_does_not_fill():
    box = box_at(channels={7: 20})
    wanted = asked_channel(box)
    box.process(updates(new_in(7, 22)), 100.1)
    empty = types.updates.ChannelDifferenceEmpty(20, final=True)
    assert box.apply_channel_difference(wanted, empty, {}, 101.0) == []
    box.check_deadlines(101.5)
    [wanted] = box.next_requests(101.5)
    assert wanted.reason == "gap"
    assert names(box.apply_channel_difference(wanted, channel_part(22, 21, 22), {}, 102.0)) == [21, 22]


def test_U2_updates_of_a_channel_that_waited_for_a_hole_are_handed_out_with_the_answer():
    box = box_at(channels={7: 20})
    box.process(updates(new_in(7, 23)), 100.0)
    assert names(box.apply_channel_difference(asked_channel(box), channel_part(22, 21, 22), {}, 101.0)) == [21, 22, 23]


def test_a_hole_that_was_there_before_the_question_is_asked_about_again():
    box = box_at(channels={7: 20})
    box.process(updates(new_in(7, 23)), 100.0)
    box.check_deadlines(100.5)
    [wanted] = box.next_requests(100.5)
    assert names(box.apply_channel_difference(wanted, channel_part(21, 21), {}, 101.0)) == [21]
    assert box.next_deadline == 101.5
    box.check_deadlines(101.5)
    assert [one.pts for one in box.next_requests(101.5)] == [21]


def test_U5_a_channel_is_asked_about_again_when_more_was_told_meanwhile():
    box = box_at(channels={7: 20})
    wanted = asked_channel(box)
    box.trigger_channel(7, "more", 101.0)
    empty = types.updates.ChannelDifferenceEmpty(20, final=True)
    box.apply_channel_difference(wanted, empty, {}, 102.0)
    assert [one.reason for one in box.next_requests(102.0)] == ["more"]


def test_a_repeated_question_keeps_its_pause():
    box = box_at(channels={7: 20})
    wanted = asked_channel(box)
    box.process(updates(new_in(7, 22)), 100.1)
    box.trigger_channel(7, "more", 101.0)
    box.apply_channel_difference(wanted, types.updates.ChannelDifferenceEmpty(20, final=True), {}, 102.0)
    assert box.next_requests(102.0) == []
    box.check_deadlines(102.5)
    assert len(box.next_requests(102.5)) == 1


# -- failures ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("channel_id", [None, 7])
def test_U7_failures_are_tried_again_ever_more_seldom(channel_id):
    box = box_at(channels={7: 20})
    wanted = asked(box) if channel_id is None else asked_channel(box)
    now = 100.0
    pauses = []
    for _ in range(8):
        pauses.append(box.failed(wanted, now))
        box.check_deadlines(now + pauses[-1] - 0.01)
        assert box.next_requests(now + pauses[-1] - 0.01) == []
        now += pauses[-1]
        box.check_deadlines(now)
        [wanted] = box.next_requests(now)
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60]


@pytest.mark.parametrize("channel_id", [None, 7])
def test_U7_a_flood_wait_is_kept_to_the_second(channel_id):
    box = box_at(channels={7: 20})
    wanted = asked(box) if channel_id is None else asked_channel(box)
    assert box.failed(wanted, 100.0, 7.0) == 7.0
    # Nothing makes it ask sooner.
    box.trigger("more", 101.0)
    box.trigger_channel(7, "more", 101.0)
    assert wanted.channel_id not in [one.channel_id for one in box.next_requests(106.9)]
    box.check_deadlines(107.0)
    assert wanted.channel_id in [one.channel_id for one in box.next_requests(107.0)]


def test_U7_success_forgets_failures():
    box = box_at()
    box.failed(asked(box), 100.0)
    [wanted] = box.next_requests(101.0)
    box.apply_difference(wanted, types.updates.DifferenceEmpty(DATE, 7), {}, 101.0)
    assert box.failed(asked(box, 200.0), 200.0) == 1.0


def test_U7_updates_are_handled_between_tries():
    box = box_at()
    wanted = asked(box)
    box.failed(wanted, 100.0, 50.0)
    assert names(box.process(updates(new(11)), 101.0)) == [11]
    [wanted] = box.next_requests(150.0)
    assert wanted.pts == 11


def test_U7_a_channel_that_refuses_is_forgotten():
    box = box_at(channels={7: 20, 8: 30})
    box.forget_channel(asked_channel(box))
    assert box.channel_pts(7) is None
    box.trigger_all_channels("all", 101.0)
    assert [one.channel_id for one in box.next_requests(101.0)] == [8]
    # Should one be let in again, it begins with the next event.
    assert names(box.process(updates(new_in(7, 40)), 102.0)) == [40]


def test_U7_a_new_connection_ends_the_pauses():
    box = box_at(channels={7: 20})
    for wanted in (asked(box), asked_channel(box)):
        box.failed(wanted, 100.0, 50.0)
    assert box.next_requests(101.0) == []
    box.retry_now()
    assert [one.channel_id for one in box.next_requests(101.0)] == [None, 7]


def test_I35_a_state_that_is_refused_is_asked_for_anew():
    box = box_at()
    box.refused(asked(box))
    assert box.take_holes() == [Hole(None, 0)]
    # What comes meanwhile is kept.
    assert box.process(updates(new(61)), 100.1) == []
    [wanted] = box.next_requests(100.1)
    assert wanted.state_only
    assert names(box.set_state(types.updates.State(60, 5, LATER, 7, 0), 100.2)) == [61]


# -- updates of no use -------------------------------------------------------------------------------------------------


def test_U5_an_update_of_no_use_is_fetched():
    box = box_at()
    box.refetch(new(11), "unknown user", 100.0)
    [wanted] = box.next_requests(100.0)
    assert (wanted.pts, wanted.reason) == (10, "unknown user")
    assert names(box.apply_difference(wanted, difference(11, 11), {}, 100.1)) == [11]
    assert box.next_requests(100.1) == []
    # One that is known already is not.
    box.refetch(new(11), "unknown user", 100.2)
    assert box.next_requests(100.2) == []


def test_U5_an_answer_on_its_way_may_come_too_early_for_it():
    box = box_at()
    wanted = asked(box)
    box.refetch(new(11), "unknown user", 100.1)
    assert box.apply_difference(wanted, types.updates.DifferenceEmpty(DATE, 7), {}, 100.2) == []
    box.check_deadlines(100.7)
    [wanted] = box.next_requests(100.7)
    assert names(box.apply_difference(wanted, difference(11, 11), {}, 100.8)) == [11]
    assert box.next_requests(200.0) == []


def test_U5_it_is_not_lost_while_the_state_is_asked_for():
    box = MessageBox(100.0)
    asked(box)
    box.refetch(new(50), "unknown user", 100.1)
    box.refetch(new(49), "unknown user", 100.1)
    assert box.set_state(types.updates.State(50, 9, LATER, 0, 0), 100.2) == []
    box.check_deadlines(100.7)
    [wanted] = box.next_requests(100.7)
    assert (wanted.pts, wanted.state_only) == (48, False)
    assert names(box.apply_difference(wanted, difference(50, 49, 50), {}, 100.8)) == [49, 50]


def test_U5_what_no_answer_brings_is_given_up():
    box = box_at()
    box.refetch(new(11), "unknown user", 100.0)
    now, times = 100.0, []
    for _ in range(20):
        for wanted in box.next_requests(now):
            times.append(now - 100.0)
            box.apply_difference(wanted, types.updates.DifferenceEmpty(DATE, 7), {}, now)
        now = box.next_deadline
        if now > 500:
            break
        box.check_deadlines(now)
    assert times == [0, 0.5, 1.5, 3.5, 7.5, 15.5]


# -- servers that answer no such questions -----------------------------------------------------------------------------


def test_what_was_kept_for_an_answer_that_failed_is_looked_at_again():
    box = box_at()
    wanted = asked(box)
    assert box.process(updates(new(11), new(13), CONFIG, seq=8), 100.0) == []
    box.failed(wanted, 100.0)
    ready = box.take_kept(wanted, 100.0)
    assert names(ready[:1]) == [11]
    assert ready[1:] == [CONFIG]
    assert box.pts == 11
    # What is behind a hole waits on, and is there when the hole is filled.
    [again] = box.next_requests(102.0)
    assert again.pts == 11
    assert names(box.apply_difference(again, difference(12, 12), {}, 102.0)) == [12, 13]


def test_nothing_is_looked_at_again_between_the_parts_of_an_answer():
    box = box_at()
    wanted = asked(box)
    assert names(box.apply_difference(wanted, part(12, 11, 12), {}, 100.0)) == [11, 12]
    [rest] = box.next_requests(100.0)
    assert box.process(updates(new(14)), 100.0) == []
    box.failed(rest, 100.0)
    assert box.take_kept(rest, 100.0) == []
    [rest] = box.next_requests(102.0)
    assert names(box.apply_difference(rest, difference(14, 13, 14), {}, 102.0)) == [13, 14]


def test_what_was_kept_for_a_channel_is_looked_at_again():
    box = box_at(channels={7: 20})
    wanted = asked_channel(box)
    assert box.process(updates(new_in(7, 21), new_in(7, 23)), 100.0) == []
    box.failed(wanted, 100.0)
    assert names(box.take_kept(wanted, 100.0)) == [21]


def test_goes_on_behind_what_cannot_be_asked_for():
    box = box_at()
    wanted = asked(box)
    assert box.process(updates(new(12), new(13), new(20), CONFIG, seq=9), 100.0) == []
    ready = box.unanswerable(wanted, 100.0)
    assert names(ready[:3]) == [12, 13, 20]
    assert ready[3:] == [CONFIG]
    assert box.take_holes() == [Hole(None, 1), Hole(None, 6)]
    assert box.pts == 20
    assert box.next_requests(10_000.0) == []
    # It is asked each time that something is missing: the server may know better by then.
    assert box.process(updates(new(22)), 200.0) == []
    box.check_deadlines(201.0)
    [wanted] = box.next_requests(201.0)
    assert names(box.unanswerable(wanted, 201.0)) == [22]
    assert names(box.process(updates(new(23)), 202.0)) == [23]


def test_goes_on_behind_what_cannot_be_asked_for_in_a_channel():
    box = box_at(channels={7: 20, 8: 1})
    assert box.process(updates(new_in(7, 23)), 100.0) == []
    box.check_deadlines(101.0)
    [wanted] = box.next_requests(101.0)
    assert box.process(updates(new_in(7, 24)), 101.0) == []
    assert names(box.unanswerable(wanted, 101.0)) == [23, 24]
    assert box.take_holes() == [Hole(7, 2)]
    assert names(box.process(updates(new_in(7, 25)), 102.0)) == [25]
    # Other channels can be asked about.
    assert asked_channel(box, 8, 103.0).channel_id == 8


def test_begins_without_a_state_where_none_can_be_asked_for():
    box = MessageBox(100.0)
    box.trigger("begin", 100.0)
    [wanted] = box.next_requests(100.0)
    assert wanted.state_only
    assert box.process(updates(new(30), new(31)), 100.0) == []
    assert names(box.unanswerable(wanted, 100.0)) == [30, 31]
    assert box.take_holes() == []
    assert names(box.process(updates(new(32)), 100.0)) == [32]
