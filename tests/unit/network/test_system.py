"""The machine's clock and random bytes."""

from __future__ import annotations

import asyncio
import time

from telethon._core.clock import ManualClock
from telethon.network.system import CLOCK, RANDOM, clock_of


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
