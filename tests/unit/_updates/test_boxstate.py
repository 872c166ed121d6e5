"""What the message box knows, and when it looks again."""

from __future__ import annotations

import itertools
from types import SimpleNamespace

import pytest
from updates_model import ACCOUNT, DATE, Driver, Server, message

from telethon._updates import ChannelState, Hole, MessageBox, SessionState, defs
from telethon.tl import types


def box_at(pts: int = 10, channels: dict[int, int] | None = None, now: float = 100.0) -> MessageBox:
    box = MessageBox(now)
    state = types.updates.State(pts, 5, DATE, 7, 0)
    box.load(state, [ChannelState(key, value) for key, value in (channels or {}).items()], now)
    return box


def new(pts: int, count: int = 1) -> types.UpdateShort:
    return types.UpdateShort(types.UpdateNewMessage(message(pts), pts, count), DATE)


def new_in(channel_id: int, pts: int, count: int = 1) -> types.UpdateShort:
    return types.UpdateShort(types.UpdateNewChannelMessage(message(pts, channel_id), pts, count), DATE)


def reasons(box: MessageBox, now: float) -> list[tuple[int | None, str]]:
    return [(one.channel_id, one.reason) for one in box.next_requests(now)]


# -- state -------------------------------------------------------------------------------------------------------------


def test_a_new_box_knows_nothing():
    box = MessageBox()
    assert box.is_empty
    assert (box.pts, box.qts, box.seq, box.date, box.channel_pts(7)) == (0, 0, 0, None, None)
    assert box.next_deadline is None
    assert not box.has_changes
    assert box.take_changes() == (None, [])
    assert box.take_holes() == []


def test_load():
    box = box_at(10, {7: 20, 8: 0})
    assert not box.is_empty
    assert (box.pts, box.qts, box.seq, box.date) == (10, 5, 7, DATE)
    assert (box.channel_pts(7), box.channel_pts(8)) == (20, None)
    assert not box.has_changes


def test_a_list_of_chats_tells_where_unknown_channels_are():
    box = box_at(10, {7: 20})
    box.try_set_channel_state(7, 25)
    box.try_set_channel_state(9, 30)
    assert (box.channel_pts(7), box.channel_pts(9)) == (20, 30)
    state, channels = box.take_changes()
    assert state is None
    assert [(one.channel_id, one.pts) for one in channels] == [(9, 30)]


@pytest.mark.parametrize("pts", [0, None])
def test_I35_no_state_is_not_a_place_to_go_on_from(pts):
    box = MessageBox()
    box.load(SimpleNamespace(pts=pts, qts=0, date=DATE, seq=0), [ChannelState(7, pts)], 0.0)
    box.trigger("test", 0.0)
    wanted = box.next_requests(0.0)
    # Telegram refuses a count of 0: the state itself is asked for, and the channel is not asked about at all.
    assert [(one.channel_id, one.state_only) for one in wanted] == [(None, True)]
    box.trigger_channel(7, "test", 0.0)
    assert box.next_requests(0.0) == []


def test_U6_changes_are_told_once():
    box = box_at(10, {7: 20})
    box.process(new(11), 101.0)
    box.process(new_in(7, 21), 101.0)
    assert box.has_changes
    state, channels = box.take_changes()
    assert isinstance(state, SessionState)
    assert (state.pts, state.qts, state.seq, state.date) == (11, 5, 7, int(DATE.timestamp()))
    # Whose account it is, the box does not know.
    assert (state.user_id, state.dc_id, state.bot, state.takeout_id) == (0, 0, False, None)
    assert [(one.channel_id, one.pts) for one in channels] == [(7, 21)]
    assert not box.has_changes
    assert box.take_changes() == (None, [])


def test_U6_stored_counts_never_run_ahead_of_what_was_handed_out():
    box = box_at(10, {7: 20})
    assert box.process(new(12), 101.0) == []
    assert box.process(new_in(7, 22), 101.0) == []
    assert not box.has_changes


def test_changes_without_a_date():
    box = MessageBox()
    own = types.UpdateShort(types.UpdateDeleteMessages([], 5, 1), None)
    own._self_outgoing = True
    assert box.process(own, 1.0) == []
    state, _ = box.take_changes()
    assert (state.pts, state.date) == (5, 1)


def test_changes_of_a_channel_that_was_forgotten_are_not_told():
    box = box_at(10, {7: 20})
    box.trigger_channel(7, "test", 100.0)
    [wanted] = box.next_requests(100.0)
    box._changed.add(7)
    box.forget_channel(wanted)
    assert box.take_changes() == (None, [])


def test_what_is_missing_for_good_is_told_once():
    box = box_at()
    box.trigger("test", 100.0)
    [wanted] = box.next_requests(100.0)
    box.refused(wanted)
    assert box.take_holes() == [Hole(None, 0)]
    assert box.take_holes() == []


def test_an_account_in_which_nothing_happened_yet_is_not_asked_about_again():
    box = MessageBox(100.0)
    box.trigger("begin", 100.0)
    assert reasons(box, 100.0) == [(None, "begin")]
    box.set_state(types.updates.State(0, 0, DATE, 0, 0), 100.1)
    assert reasons(box, 200.0) == []
    assert box.next_deadline == 1000.1


# -- holes -------------------------------------------------------------------------------------------------------------


def test_U1_a_hole_is_asked_about_after_half_a_second():
    box = box_at()
    assert box.process(new(12), 101.0) == []
    assert box.next_deadline == 101.5
    box.check_deadlines(101.4)
    assert reasons(box, 101.4) == []
    box.check_deadlines(101.5)
    [wanted] = box.next_requests(101.5)
    assert (wanted.channel_id, wanted.pts, wanted.qts, wanted.date, wanted.reason) == (None, 10, 5, DATE, "gap")


def test_U1_a_hole_that_is_filled_in_time_is_not_asked_about():
    box = box_at()
    box.process(new(12), 101.0)
    assert [one.pts for one in box.process(new(11), 101.2)] == [11, 12]
    box.check_deadlines(102.0)
    assert reasons(box, 102.0) == []


def test_U1_patience_counts_for_each_hole_by_itself():
    box = box_at()
    box.process(new(12), 101.0)
    box.process(new(14), 101.4)
    box.process(new(11), 101.45)
    box.check_deadlines(101.5)
    assert reasons(box, 101.5) == []
    box.check_deadlines(101.9)
    assert reasons(box, 101.9) == [(None, "gap")]


@pytest.mark.parametrize(
    "update",
    [
        types.UpdateNewEncryptedMessage(types.EncryptedMessageService(1, 1, DATE, b""), 7),
        types.UpdateBotStopped(1, DATE, True, 7),
    ],
)
def test_U1_holes_of_the_secret_box(update):
    box = box_at()
    assert box.process(types.UpdateShort(update, DATE), 101.0) == []
    box.check_deadlines(101.5)
    assert reasons(box, 101.5) == [(None, "gap")]


def test_U1_holes_between_containers():
    box = box_at()
    config = types.UpdateConfig()
    assert box.process(types.Updates([config], [], [], DATE, 9), 101.0) == []
    box.check_deadlines(101.5)
    assert reasons(box, 101.5) == [(None, "gap")]


def test_U1_holes_of_channels():
    box = box_at(10, {7: 20})
    box.process(new_in(7, 22), 101.0)
    box.check_deadlines(101.5)
    [wanted] = box.next_requests(101.5)
    assert (wanted.channel_id, wanted.pts, wanted.reason) == (7, 20, "gap")


def test_a_hole_of_a_channel_that_is_gone():
    box = box_at(10, {7: 20})
    box.process(new_in(7, 22), 101.0)
    box.trigger_channel(7, "test", 101.0)
    box.forget_channel(box.next_requests(101.0)[0])
    box.check_deadlines(102.0)
    box.check_deadlines(100_000.0)
    assert [one for one, _ in reasons(box, 100_000.0)] == [None]


def test_U1_patience_counts_for_each_hole_of_a_channel_by_itself():
    box = box_at(10, {7: 20})
    box.process(new_in(7, 22), 101.0)
    box.process(new_in(7, 24), 101.4)
    box.process(new_in(7, 21), 101.45)
    box.check_deadlines(101.5)
    assert reasons(box, 101.5) == []
    box.check_deadlines(101.9)
    assert reasons(box, 101.9) == [(7, "gap")]


def test_U1_holes_of_one_moment_are_asked_about_in_the_order_in_which_they_were_seen():
    box = box_at(10, {7: 20, 8: 20, 9: 20})
    for channel_id in (8, 9, 7):
        box.process(new_in(channel_id, 22), 101.0)
    box.check_deadlines(101.5)
    assert reasons(box, 101.5) == [(8, "gap"), (9, "gap"), (7, "gap")]


def test_I37_one_hole_sets_one_timer():
    box = box_at()
    for pts in (12, 13, 14, 15):
        box.process(new(pts), 101.0)
    # The other one is for silence.
    assert sorted(when for when, *_ in box._timers) == [101.5, 1000.0]


def test_U1_more_may_come_between_the_end_of_patience_and_the_question():
    box = box_at()
    box.process(new(12), 101.0)
    box.check_deadlines(101.5)
    assert box.process(new(13), 101.6) == []
    assert reasons(box, 101.6) == [(None, "gap")]


def test_too_many_waiting_updates_are_asked_for_at_once(monkeypatch):
    monkeypatch.setattr("telethon._updates.gaps.HELD_LIMIT", 3)
    box = box_at()
    for pts in range(12, 16):
        box.process(new(pts), 101.0)
    box.check_deadlines(101.0)
    assert reasons(box, 101.0) == [(None, "gap")]


# -- triggers ----------------------------------------------------------------------------------------------------------


def test_U5_triggers_at_the_same_time_make_one_question():
    box = box_at()
    box.trigger("session lost", 100.0)
    box.process(types.UpdatesTooLong(), 100.0)
    box.trigger("reconnected", 100.0)
    assert reasons(box, 100.0) == [(None, "session lost")]
    # So soon after, the answer brings it anyway.
    for now in (100.4, 100.5):
        box.trigger("reconnected", now)
        assert reasons(box, now) == []
        assert not box._asking.again


def test_U5_a_trigger_while_the_answer_is_long_on_its_way_asks_again():
    box = box_at()
    box.trigger("first", 100.0)
    [wanted] = box.next_requests(100.0)
    box.process(types.UpdatesTooLong(), 101.0)
    assert reasons(box, 101.0) == []
    box.apply_difference(wanted, types.updates.DifferenceEmpty(DATE, 7), {}, 102.0)
    assert reasons(box, 102.0) == [(None, "told to")]


def test_U5_a_trigger_in_the_pause_after_a_failure_asks_when_it_is_over():
    box = box_at(10, {7: 20})
    box.trigger("first", 100.0)
    box.trigger_channel(7, "first", 100.0)
    for wanted in box.next_requests(100.0):
        assert box.failed(wanted, 100.0, wait=50.0) == 50.0
    box.trigger("again", 120.0)
    box.trigger_channel(7, "again", 120.0)
    assert box.next_requests(149.9) == []
    assert box.next_deadline == 150.0
    box.check_deadlines(150.0)
    assert reasons(box, 150.0) == [(None, "first"), (7, "first")]
    # These timers are for the questions; silence is watched as before.
    assert box.next_deadline == 1000.0


def test_U5_without_a_pause_there_is_nothing_to_wait_for():
    box = box_at()
    box.trigger("first", 100.0)
    [wanted] = box.next_requests(100.0)
    box.failed(wanted, 100.0, wait=0.0)
    box.check_deadlines(100.0)
    box.trigger("again", 100.0)
    assert box.next_deadline == 1000.0


def test_U5_what_is_of_no_use_is_fetched_unless_it_is_known():
    box = box_at()
    for pts in (9, 10):
        box.refetch(new(pts).update, "unknown user", 100.0)
    assert reasons(box, 100.0) == []
    box.refetch(new(11).update, "unknown user", 100.0)
    assert reasons(box, 100.0) == [(None, "unknown user")]


def test_U5_it_is_asked_for_until_the_last_of_it_is_there():
    box = box_at()
    for pts in (12, 13, 11):
        box.refetch(new(pts).update, "unknown user", 100.0)
    for pts, now in ((12, 100.0), (13, 101.0)):
        [wanted] = box.next_requests(now)
        state = types.updates.State(pts, 5, DATE, 7, 0)
        box.apply_difference(wanted, types.updates.Difference([], [], [], [], [], state), {}, now + 0.1)
    assert box.next_requests(200.0) == []


def test_U5_before_the_state_is_known_it_begins_at_the_first_of_it():
    box = MessageBox(100.0)
    for pts, count in ((48, 1), (47, 2), (50, 1)):
        box.refetch(new(pts, count).update, "unknown user", 100.0)
    assert reasons(box, 100.0) == [(None, "unknown user")]
    box.set_state(types.updates.State(50, 9, DATE, 0, 0), 100.1)
    assert box.pts == 45


def test_U5_silence_from_the_very_beginning():
    box = box_at()
    box.check_deadlines(999.9)
    assert reasons(box, 999.9) == []
    box.check_deadlines(1000.0)
    assert reasons(box, 1000.0) == [(None, "silence")]
    # The answer does not come either, so that this is silence as well.
    box.check_deadlines(1900.0)
    assert box._asking.again
    assert box.next_deadline == 2800.0


def test_U5_silence_of_the_account():
    box = box_at()
    box.process(types.UpdateShort(types.UpdateConfig(), DATE), 500.0)
    box.check_deadlines(1000.0)
    assert reasons(box, 1000.0) == []
    assert box.next_deadline == 1400.0
    box.check_deadlines(1400.0)
    [wanted] = box.next_requests(1400.0)
    assert wanted.reason == "silence"
    box.apply_difference(wanted, types.updates.DifferenceEmpty(DATE, 7), {}, 1401.0)
    box.check_deadlines(2300.0)
    assert reasons(box, 2300.0) == []
    box.check_deadlines(2301.0)
    assert reasons(box, 2301.0) == [(None, "silence")]


def silence_timers(box: MessageBox) -> list[float]:
    return sorted(when for when, _, kind, entry in box._timers if kind == defs.SILENCE and not isinstance(entry, int))


def test_U5_an_account_that_is_not_trusted_is_asked_about_every_minute():
    box = box_at()
    box.distrust(200.0)
    assert silence_timers(box) == [260.0, 1000.0]
    box.check_deadlines(259.9)
    assert reasons(box, 259.9) == []
    for now in (260.0, 320.0, 380.0):
        assert box.next_deadline == now
        box.check_deadlines(now)
        [wanted] = box.next_requests(now)
        assert wanted.reason == "silence"
        box.apply_difference(wanted, types.updates.DifferenceEmpty(DATE, 7), {}, now)
    # Until something is sent again.
    box.process(types.UpdateShort(types.UpdateConfig(), DATE), 400.0)
    box.check_deadlines(440.0)
    assert silence_timers(box) == [1000.0]
    box.check_deadlines(1000.0)
    assert silence_timers(box) == [1300.0]
    assert reasons(box, 1000.0) == []
    box.check_deadlines(1300.0)
    assert reasons(box, 1300.0) == [(None, "silence")]


def test_U5_one_timer_is_enough_for_the_silence_of_the_account():
    box = box_at()
    box.distrust(200.0)
    box.distrust(205.0)
    box.check_deadlines(260.0)
    assert reasons(box, 260.0) == []
    assert silence_timers(box) == [265.0, 1000.0]


def test_U5_the_timer_of_before_is_enough_when_trust_is_back():
    box = box_at()
    box.check_deadlines(1000.0)
    assert silence_timers(box) == [1900.0]
    box.distrust(1200.0)
    box.check_deadlines(1260.0)
    assert silence_timers(box) == [1320.0, 1900.0]
    box.process(types.UpdateShort(types.UpdateConfig(), DATE), 1300.0)
    box.check_deadlines(1320.0)
    assert silence_timers(box) == [1900.0]


def test_U5_other_timers_do_not_stand_for_that_of_the_account():
    box = box_at(10, {7: 20})
    box.process(new_in(7, 21), 150.0)
    box.check_deadlines(1000.0)
    assert silence_timers(box) == [1050.0]
    assert [when for when, *_ in box._timers] == [1050.0, 1050.0]
    box.process(new(12), 1049.8)
    box.check_deadlines(1050.0)
    assert silence_timers(box) == [1949.8]


def test_U5_questions_may_be_asked_from_the_first_moment_of_a_clock():
    box = box_at(10, {7: 20}, now=0.0)
    box.trigger_channel(7, "test", 0.0)
    assert reasons(box, 0.0) == [(7, "test")]


def test_the_timer_for_silence_is_set_once():
    box = box_at()
    box.set_state(types.updates.State(10, 5, DATE, 7, 0), 101.0)
    assert len(box._timers) == 1


def test_I12_a_silent_channel_is_asked_about():
    """Its pts stands still although the link is healthy; what was lost is found without another event."""
    server = Server()
    driver = Driver(server)
    driver.load((7,))
    driver.push(driver.now + 1, server.add(7))
    driver.run(driver.now + 10)
    server.add(7)
    for hour in range(40):
        # The account is busy meanwhile.
        driver.push(driver.now + hour, server.add(ACCOUNT))
    driver.run(driver.now + 900)
    assert driver.got_of(7) == [1, 2]
    assert [wanted.reason for _, wanted in driver.asked if wanted.channel_id == 7] == ["silence"]


def test_a_channel_that_talks_is_not_silent():
    server = Server()
    driver = Driver(server)
    driver.load((7,))
    start = driver.now

    def times() -> list[int]:
        return [round((when - start) / 60) for when, wanted in driver.asked if wanted.channel_id == 7]

    for minute in range(0, 60, 10):
        driver.at(start + minute * 60, lambda: driver.push(driver.now, server.add(7)))
    driver.run(start + 80 * 60)
    assert times() == [65]
    # Once it has talked again, patience is as short as at first.
    driver.at(start + 81 * 60, lambda: driver.push(driver.now, server.add(7)))
    driver.run(start + 100 * 60)
    assert times() == [65, 96]


def test_silent_channels_are_asked_ever_more_seldom():
    server = Server()
    driver = Driver(server)
    driver.load((7,))
    start = driver.now
    driver.push(start, server.add(7))
    driver.run(start + 5 * 3600)
    times = [round((when - start) / 60) for when, wanted in driver.asked if wanted.channel_id == 7]
    # The account's own silence is asked about meanwhile, and brings hints that say nothing new.
    assert times == [15, 45, 105, 165, 225, 285]


def test_silent_channels_are_asked_one_after_the_other():
    server = Server()
    driver = Driver(server)
    driver.load(tuple(range(1, 11)))
    for channel_id in range(1, 11):
        driver.push(driver.now, server.add(channel_id))
    driver.run(driver.now + 890)
    driver.asked.clear()
    driver.run(driver.now + 60)
    times = sorted(when for when, wanted in driver.asked if wanted.channel_id is not None)
    assert len(times) == 10
    assert all(later - sooner >= 0.99 for sooner, later in itertools.pairwise(times))


def test_channels_of_which_nothing_is_known_are_not_asked_about():
    box = box_at(10, {7: 20})
    box.trigger_channel(8, "test", 100.0)
    box.trigger_all_channels("all", 100.0)
    assert reasons(box, 100.0) == [(7, "all")]


def test_no_more_than_a_few_channels_at_once():
    box = box_at(10, {number: 20 for number in range(1, 8)})
    box.trigger_all_channels("all", 100.0)
    first = box.next_requests(100.0)
    assert [one.channel_id for one in first] == [1, 2, 3]
    box.apply_channel_difference(first[1], types.updates.ChannelDifferenceEmpty(20, final=True), {}, 100.0)
    assert [one.channel_id for one in box.next_requests(100.0)] == [4]


def test_U5_a_channel_that_is_too_long():
    box = box_at(10, {7: 20})

    def told(channel_id: int, pts: int | None) -> list[tuple[int | None, str]]:
        box.process(types.UpdateShort(types.UpdateChannelTooLong(channel_id, pts), DATE), 100.0)
        return reasons(box, 100.0)

    assert told(7, 20) == []
    assert told(8, None) == []
    assert box.channel_pts(8) is None
    # Where a channel is of which nothing is known, its next event shall count.
    assert told(8, 30) == []
    assert box.channel_pts(8) == 30
    assert [(one.channel_id, one.pts) for one in box.take_changes()[1]] == [(8, 30)]
    assert told(7, 21) == [(7, "told to")]
    assert told(8, None) == [(8, "told to")]


def test_a_channel_that_is_too_long_before_its_first_event():
    box = box_at()
    own = types.UpdateShort(types.UpdateChannelTooLong(8, None), DATE)
    box.process(own, 100.0)
    assert box.process(new_in(8, 31), 100.0)
    assert box.channel_pts(8) == 31


# -- hints -------------------------------------------------------------------------------------------------------------


def hint(pts: int, channel_id: int = 7) -> types.UpdateShort:
    return types.UpdateShort(types.UpdateReadChannelInbox(channel_id, 3, 0, pts), DATE)


def test_a_hint_is_handed_out_and_waited_for():
    box = box_at(10, {7: 20})
    assert len(box.process(hint(22), 101.0)) == 1
    assert len(box.process(hint(21), 101.1)) == 1
    assert box.next_deadline == 101.5
    box.check_deadlines(101.5)
    assert reasons(box, 101.5) == [(7, "gap")]
    # Nothing more to find out while the answer is on its way.
    assert len(box.process(hint(25), 101.6)) == 1
    assert box.next_deadline == 1000.0


def test_a_hint_of_the_first_event_of_a_channel():
    box = box_at()
    box.try_set_channel_state(7, 0)
    box.process(hint(1), 101.0)
    box.check_deadlines(101.5)
    assert reasons(box, 101.5) == [(7, "gap")]


def test_a_hint_that_comes_true():
    box = box_at(10, {7: 20})
    box.process(hint(22), 101.0)
    box.process(new_in(7, 22, 2), 101.2)
    box.check_deadlines(101.5)
    assert reasons(box, 101.5) == []


def test_hints_that_say_nothing_new():
    box = box_at(10, {7: 20})
    for channel_id, pts in ((7, 20), (7, 3), (8, 50)):
        assert len(box.process(hint(pts, channel_id), 101.0)) == 1
    assert box.next_deadline == 1000.0
