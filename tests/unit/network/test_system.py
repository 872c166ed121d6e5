"""The machine's clock and random bytes."""

from __future__ import annotations

import asyncio
import time

import pytest

from telethon._core.clock import ManualClock
from telethon.network.system import CLOCK, RANDOM, RunningClock, clock_of
from telethon.testing import run_virtual


def test_clock_and_randomness():
    now = CLOCK.now()
    assert abs(now.wall - time.time()) < 5
    assert abs(now.mono - time.monotonic()) < 5
    assert len(RANDOM(16)) == 16
    assert RANDOM(16) != RANDOM(16)


async def test_clock_of_a_loop():
    loop = asyncio.get_running_loop()
    assert clock_of(loop) is CLOCK
    clock = ManualClock()
    loop.clock = clock  # type: ignore[attr-defined]
    assert clock_of(loop) is clock


def test_running_clock_is_that_of_the_loop_that_runs():
    clock = RunningClock()

    async def main() -> float:
        before = clock.now()
        await asyncio.sleep(7200)
        return clock.now().mono - before.mono

    assert run_virtual(main()) == pytest.approx(7200)
    assert abs(clock.now().wall - time.time()) < 5

    async def here() -> float:
        return clock.now().wall

    assert abs(asyncio.run(here()) - time.time()) < 5
