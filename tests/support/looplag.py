"""How long the event loop was kept from its work."""

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
        before = time.perf_counter()
        while True:
            await asyncio.sleep(_STEP)
            now = time.perf_counter()
            longest = max(longest, now - before - _STEP)
            before = now

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


async def best_lag(make: Callable[[], Awaitable[Any]], bound: float, attempts: int = 5) -> float:
    """The longest pause in the quietest of some attempts: other programs make pauses too, but not in all of them."""
    best = float("inf")
    for _ in range(attempts):
        best = min(best, await longest_lag(make()))
        if best < bound:
            break
    return best
