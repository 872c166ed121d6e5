"""200,000 updates within five seconds, to a handler that takes 10 ms for each of them."""

from __future__ import annotations

import asyncio

from .figure import Row, Size, at_most, exactly
from .loads import all_zero, call

TITLE = "a flood of updates"
UPDATES = {"gate": 200_000, "nightly": 1_000_000}
SECONDS = 5.0
PAUSE = 0.01


def measure(size: Size) -> list[Row]:
    """See the head of this module."""
    count = UPDATES[size]
    counts = asyncio.run(call("flood", "flood", count, SECONDS * count / UPDATES["gate"], PAUSE))
    return [
        exactly("updates", counts.updates, count),
        *all_zero(counts, ("lost", "repeated", "out_of_order")),
        at_most("memory", counts.growth, 64, "MiB"),
    ]
