"""msg_id, seq_no, session_id and the clock of the server."""

from __future__ import annotations

import hashlib
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mtproto_model import EPOCH, FRACTION, KEY, seeded_random

from telethon._core.clock import Instant, ManualClock
from telethon.errors import LocalProtocolError
from telethon.mtproto.side import Side
from telethon.mtproto.state import MTProtoState, msg_id_time


def make(**arguments: object) -> MTProtoState:
    return MTProtoState(KEY, rand=seeded_random(), **arguments)  # type: ignore[arg-type]


def at(seconds: float) -> int:
    """A msg_id of the server for a time."""
    return int(seconds * FRACTION) | 1


def test_key_and_its_id() -> None:
    assert make().auth_key_id == hashlib.sha1(KEY).digest()[-8:]
    for size in (0, 255, 257):
        with pytest.raises(LocalProtocolError, match=f"256 bytes, this one has {size}"):
            MTProtoState(bytes(size), rand=seeded_random())


def test_X11_a_session_knows_its_key() -> None:
    state = make()
    assert state.is_for(KEY)
    for other in (bytes(256), KEY[:-1], KEY + b"1", b"", None):
        assert not state.is_for(other)


def test_X5_repr_shows_no_secrets() -> None:
    state = make(salt=123456789, session_id=987654321)
    assert repr(state) == f"MTProtoState(client, auth_key_id={state.auth_key_id.hex()})"


def test_I19_session_id_is_never_zero() -> None:
    answers = [bytes(8), bytes(8), b"\xff" * 8]
    state = MTProtoState(KEY, rand=lambda count: answers.pop(0))
    assert state.session_id == -1
    assert make(session_id=5).session_id == 5


def test_msg_id_is_the_time() -> None:
    now = Instant(1_700_000_000.25, 5.0)
    msg_id = make().new_msg_id(now)
    assert msg_id >> 32 == 1_700_000_000
    assert msg_id & 0xFFFFFFFF == 1 << 30
    assert msg_id_time(msg_id) == 1_700_000_000.25


def test_M6_low_bits_say_who_sends() -> None:
    now = Instant(1_700_000_000.3, 5.0)
    server = make(side=Side.SERVER)
    assert server.new_msg_id(now) % 4 == 3
    assert server.new_msg_id(now, reply=True) % 4 == 1
    assert make().new_msg_id(now) % 4 == 0


def test_M6_a_million_ids_grow_whatever_the_clock_does() -> None:
    rand = random.Random(3)
    clock = ManualClock()
    state = make()
    last = 0
    for step in range(1_000_000):
        if step % 1000 == 0:
            clock.jump(rand.uniform(-3600, 3600))
            clock.advance(rand.random())
            if step % 5000 == 0:
                state.resync(at(clock.now().wall + rand.uniform(-3600, 3600)), clock.now())
        msg_id = state.new_msg_id(clock.now())
        assert msg_id > last
        assert msg_id % 4 == 0
        last = msg_id


@given(st.lists(st.booleans(), max_size=50))
def test_M10_seq_no_counts_what_is_content_related(messages: list[bool]) -> None:
    state = make()
    for index, content_related in enumerate(messages):
        before = sum(messages[:index])
        assert state.next_seq_no(content_related) == 2 * before + content_related


@given(st.integers(1, 50), st.integers(0, 3))
def test_M10_numbers_taken_together_are_those_taken_one_by_one(count: int, before: int) -> None:
    now = ManualClock().now()
    one, many = make(), make()
    for state in (one, many):
        for _ in range(before):
            state.new_msg_id(now)
            state.next_seq_no(True)
    msg_ids, seq_nos = many.content_numbers(now, count)
    assert list(msg_ids) == [one.new_msg_id(now) for _ in range(count)]
    assert list(seq_nos) == [one.next_seq_no(True) for _ in range(count)]
    assert many.new_msg_id(now) == one.new_msg_id(now)
    assert many.next_seq_no(False) == one.next_seq_no(False)


def test_a_new_session_begins_anew() -> None:
    clock = ManualClock()
    state = make()
    old = state.session_id
    state.next_seq_no(True)
    state.resync(at(clock.now().wall + 5000), clock.now())
    late = state.new_msg_id(clock.now())
    state.resync(at(clock.now().wall), clock.now())
    assert state.new_msg_id(clock.now()) == late + 4
    assert state.renew_session() == state.session_id != old
    assert state.next_seq_no(True) == 1
    assert state.new_msg_id(clock.now()) < late


def test_M9_the_first_guess_is_the_wall_clock_with_the_known_offset() -> None:
    state = make(time_offset=100.0)
    assert state.synchronised is False
    assert state.server_time(Instant(1000.0, 5.0)) == 1100.0
    # From then on only the monotonic clock moves it.
    assert state.server_time(Instant(9999.0, 6.0)) == 1101.0


def test_M9_the_largest_offset_is_the_best() -> None:
    state = make()
    assert state.observe(at(EPOCH), Instant(EPOCH + 500.0, 10.0))
    assert state.synchronised
    assert state.time_offset == pytest.approx(-500.0)
    assert not state.observe(at(EPOCH + 9.0), Instant(EPOCH + 510.0, 20.0)), "it took one second longer to arrive"
    assert state.server_time(Instant(0.0, 20.0)) == pytest.approx(EPOCH + 10.0)
    assert not state.observe(at(EPOCH + 20.5), Instant(EPOCH + 520.0, 30.0)), "half a second is no news"
    assert state.server_time(Instant(0.0, 30.0)) == pytest.approx(EPOCH + 20.5)
    assert state.observe(at(EPOCH + 35.0), Instant(EPOCH + 530.0, 40.0))


def test_M9_resync_sets_the_clock_back_too() -> None:
    state = make()
    state.observe(at(EPOCH), Instant(EPOCH, 10.0))
    assert state.resync(at(EPOCH - 50.0), Instant(EPOCH, 10.0))
    assert state.server_time(Instant(0.0, 10.0)) == pytest.approx(EPOCH - 50.0)
    assert state.time_offset == pytest.approx(-50.0)


def test_M9_window_of_time() -> None:
    state = make()
    now = Instant(EPOCH, 10.0)
    assert state.is_timely(at(5.0), now, 300.0, 30.0), "nothing is known about the time yet"
    state.observe(at(EPOCH), now)
    for seconds, timely in ((-301, False), (-299, True), (0, True), (29, True), (31, False)):
        assert state.is_timely(at(EPOCH + seconds), now, 300.0, 30.0) is timely


def test_M9_the_wall_clock_is_a_second_opinion_after_a_sleep() -> None:
    state = make()
    state.observe(at(EPOCH), Instant(EPOCH + 7.0, 10.0))
    # The machine slept for an hour: its monotonic clock stood still.
    awake = Instant(EPOCH + 7.0 + 3600.0, 11.0)
    assert state.is_timely(at(EPOCH + 3600.0), awake, 300.0, 30.0)
    assert not state.is_timely(at(EPOCH + 1800.0), awake, 300.0, 30.0)
    assert state.observe(at(EPOCH + 3600.0), awake)
    assert state.server_time(awake) == pytest.approx(EPOCH + 3600.0)


def test_S6_the_salt_is_the_given_one_or_zero() -> None:
    assert make().salt == 0
    assert make(salt=-5).salt == -5


def test_M10_a_session_with_a_known_number_begins_with_the_first_seq_no() -> None:
    for state in (make(session_id=5), make()):
        assert (state.next_seq_no(False), state.next_seq_no(True)) == (0, 1)


def test_I19_a_session_id_is_eight_random_bytes_least_significant_first() -> None:
    asked: list[int] = []

    def rand(count: int) -> bytes:
        asked.append(count)
        return b"\1" + bytes(count - 1)

    assert MTProtoState(KEY, rand=rand).session_id == 1
    assert asked == [8]


@pytest.mark.parametrize("renewed", [False, True])
def test_M6_ids_are_positive_and_whole_at_the_beginning_of_time(renewed: bool) -> None:
    state = make(session_id=5)
    if renewed:
        state.renew_session()
    assert state.new_msg_id(Instant(0.0, 0.0)) == 4


@pytest.mark.parametrize(("fraction", "expected"), [(3, 0), (4, 4), (6, 4), (7, 4), (15, 12)])
def test_M6_the_two_low_bits_are_not_the_time(fraction: int, expected: int) -> None:
    assert make().new_msg_id(Instant(1.0 + fraction / FRACTION, 0.0)) == (1 << 32) + expected


def test_M9_a_message_that_was_as_fast_as_the_best_teaches_nothing() -> None:
    state = make()
    state.observe(at(EPOCH), Instant(EPOCH, 10.0))
    assert not state.observe(at(EPOCH + 1.0), Instant(EPOCH + 500.0, 11.0)), "somebody set the wall clock"
    assert state.time_offset == 0.0


def test_M9_a_second_is_a_move_of_the_clock() -> None:
    state = make()
    now = Instant(EPOCH, 10.0)
    for target, moved in ((1.0, True), (0.0, True), (0.75, False), (2.0, True), (2.5, False)):
        assert state.resync(at(EPOCH + target), now) is moved


WINDOW = [(-300.5, False), (-300.0, True), (0.0, True), (30.0, True), (30.5, False)]


@pytest.mark.parametrize(("seconds", "timely"), WINDOW)
def test_M9_the_bounds_of_the_window_by_the_monotonic_clock(seconds: float, timely: bool) -> None:
    state = make()
    state.observe(at(EPOCH), Instant(EPOCH, 10.0))
    wall_was_set = Instant(EPOCH + 1e6, 10.0)
    assert state.is_timely(at(EPOCH + seconds), wall_was_set, 300.0, 30.0) is timely


@pytest.mark.parametrize(("seconds", "timely"), WINDOW)
def test_M9_the_bounds_of_the_window_by_the_wall_clock(seconds: float, timely: bool) -> None:
    state = make()
    state.observe(at(EPOCH), Instant(EPOCH + 700.0, 10.0))
    awake = Instant(EPOCH + 700.0 + 3600.0, 10.0)
    assert state.is_timely(at(EPOCH + 3600.0 + seconds), awake, 300.0, 30.0) is timely
