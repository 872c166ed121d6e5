"""Links that are dead without anybody having said so: how long until they are noticed."""

from __future__ import annotations

import asyncio

from .figure import Row, Size, at_most
from .loads import call

TITLE = "dead links are noticed"
LIMITS = {"traffic": 30, "idle": 90}
TEXTS = {"traffic": "while a request waits", "idle": "with nothing to do"}


def measure(size: Size) -> list[Row]:
    """See the head of this module."""
    found = asyncio.run(call("chaos_load", "dead_links"))
    rows: list[Row] = []
    for link in ("main", "media", "cdn"):
        for state, limit in LIMITS.items():
            seconds = getattr(found, f"{link}_{state}")
            row = at_most(f"{link} link, {TEXTS[state]}", seconds, limit, "s")
            # One that took no time was never dead.
            row.met = row.met and seconds > 0
            rows.append(row)
    return rows
