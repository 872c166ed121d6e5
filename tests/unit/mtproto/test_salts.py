"""Future salts and their times."""

from __future__ import annotations

from telethon.mtproto.salts import FutureSalt, KeyState, Salts


def make(count: int, start: int = 1000) -> list[FutureSalt]:
    return [FutureSalt(start + 100 * index, start + 100 * index + 200, index + 1) for index in range(count)]


def test_S6_each_salt_is_used_from_its_time_on() -> None:
    salts = Salts(make(3))
    assert salts.next_change == 1000
    assert salts.switch(999.9) is None
    assert salts.switch(1000.0) == 1
    assert salts.next_change == 1100
    assert salts.switch(1050.0) is None
    assert salts.switch(1100.0) == 2
    assert salts.switch(1200.0) == 3
    assert salts.next_change is None
    assert salts.switch(1300.0) is None


def test_S6_a_long_sleep_skips_to_the_salt_of_the_day() -> None:
    salts = Salts(make(5))
    assert salts.switch(1250.0) == 3
    assert len(salts) == 2


def test_S6_a_salt_that_ran_out_is_not_used() -> None:
    salts = Salts(make(2))
    assert salts.switch(5000.0) is None
    assert len(salts) == 0
    assert salts.last_until() is None


def test_S6_order_and_repetitions_do_not_matter() -> None:
    one, two = make(2)
    salts = Salts([two, one, two])
    assert salts.known() == [one, two]
    assert salts.last_until() == 1300


def test_I18_times_that_make_no_sense_are_left_out() -> None:
    salts = Salts(make(1))
    salts.learn([FutureSalt(10, 10, 5), FutureSalt(20, 10, 6)])
    assert salts.known() == make(1), "an answer without any use changes nothing"
    salts.learn([])
    assert len(salts) == 1


def test_a_newer_answer_replaces_the_older() -> None:
    salts = Salts(make(3))
    salts.learn(make(1, start=9000))
    assert salts.known() == make(1, start=9000)
    assert salts.next_change == 9000


def test_clear_forgets_all() -> None:
    salts = Salts(make(3))
    salts.clear()
    assert (len(salts), salts.next_change, salts.switch(1e9)) == (0, None, None)


def test_X5_repr_hides_the_salt() -> None:
    assert repr(FutureSalt(1, 2, 123456789)) == "FutureSalt(valid_since=1, valid_until=2)"


def test_S6_it_tells_whether_an_answer_was_of_use() -> None:
    salts = Salts()
    assert salts.learn(make(1))
    assert not salts.learn([])
    assert not salts.learn([FutureSalt(10, 10, 5)])


def test_X5_what_is_kept_does_not_show_its_salts() -> None:
    state = KeyState(77, 123456789, (FutureSalt(1, 2, 987654321),), 1.25)
    assert repr(state) == "KeyState(1 future salts, time_offset=1.2)"


def test_S6_a_salt_is_good_until_the_very_moment_it_ends() -> None:
    assert Salts([FutureSalt(0, 100, 7)]).switch(99.75) == 7
    assert Salts([FutureSalt(0, 100, 7)]).switch(100.0) is None


def test_S6_without_salts_nothing_changes() -> None:
    salts = Salts()
    assert salts.next_change is None
    assert salts.switch(1e9) is None
    assert (len(salts), salts.known(), salts.last_until()) == (0, [], None)


def test_S6_the_end_of_all_salts_is_that_of_the_last() -> None:
    assert [Salts(make(count)).last_until() for count in (1, 2, 3, 4)] == [1200, 1300, 1400, 1500]
