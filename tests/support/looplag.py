"""How long the event loop was kept from its work.

Other programs keep it waiting too. What this one does can be told from that by the processor time it takes, so of each
pause only that much counts.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

_STEP = 0.002


async def longest_lag(work: Awaitable[Any]) -> float:
    """Seconds of the longest pause of the loop while something is awaited, the errors of which are raised."""
    longest = 0.0

    async def watch() -> None:
        nonlocal longest
        before, worked = time.perf_counter(), time.process_time()
        while True:
            await asyncio.sleep(_STEP)
            pause, work = time.perf_counter() - before - _STEP, time.process_time() - worked
            longest = max(longest, min(pause, work))
            before, worked = time.perf_counter(), time.process_time()

    watching = asyncio.ensure_future(watch())
    await asyncio.sleep(_STEP * 2)
    longest = 0.0
    try:
        await work
        await asyncio.sleep(_STEP * 2)
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
    return longest


async def best_lag(make: Callable[[], Awaitable[Any]], bound: float, attempts: int = 10) -> float:
    """The longest pause in the quietest of some attempts: threads may be at work in a pause they did not make."""
    best = float("inf")
    for _ in range(attempts):
        best = min(best, await longest_lag(make()))
        if best < bound:
            break
    return best
