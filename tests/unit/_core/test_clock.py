"""Moments and clocks."""

from __future__ import annotations

import time

import pytest

from telethon._core.clock import Instant, ManualClock, SystemClock, stand_in, wall_time


def test_the_clock_of_the_machine_reads_both_clocks() -> None:
    before = time.time(), time.monotonic()
    now = SystemClock().now()
    after = time.time(), time.monotonic()
    assert before[0] <= now.wall <= after[0]
    assert before[1] <= now.mono <= after[1]


def test_a_manual_clock_stands_still() -> None:
    clock = ManualClock(wall=100.0, mono=5.0)
    assert clock.now() == clock.now() == Instant(100.0, 5.0)


def test_advance_moves_both_clocks_and_jump_only_the_wall() -> None:
    clock = ManualClock(wall=100.0, mono=5.0)
    assert clock.advance(2.5) == clock.now() == Instant(102.5, 7.5)
    assert clock.jump(-50.0) == clock.now() == Instant(52.5, 7.5)
    assert clock.jump(10.0) == Instant(62.5, 7.5)


def test_time_does_not_go_back() -> None:
    clock = ManualClock()
    with pytest.raises(ValueError, match=r"use jump\(\)"):
        clock.advance(-0.1)


def test_a_clock_stands_in_for_the_machine_within_a_block() -> None:
    outer, inner = ManualClock(wall=100.0), ManualClock(wall=200.0)
    with stand_in(outer):
        with stand_in(inner):
            assert wall_time() == 200.0
        assert wall_time() == 100.0
        outer.advance(5)
        assert wall_time() == 105.0
    assert abs(wall_time() - time.time()) < 5


def test_it_stands_in_no_longer_when_the_block_fails() -> None:
    with pytest.raises(KeyError), stand_in(ManualClock(wall=100.0)):
        raise KeyError
    assert abs(wall_time() - time.time()) < 5
