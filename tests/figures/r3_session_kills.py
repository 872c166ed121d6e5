"""A process that writes a session file, ended by kill -9 in the middle of it."""

from __future__ import annotations

import asyncio

from .figure import Row, Size, at_most, exactly
from .loads import all_zero, call

TITLE = "kill -9 while a session is written"
KILLS = {"gate": 100, "nightly": 1_000}


def measure(size: Size) -> list[Row]:
    """See the head of this module."""
    counts = asyncio.run(call("session_kills", "kill_writers", KILLS[size], 1))
    return [
        exactly("kills", counts.kills, KILLS[size]),
        *all_zero(counts, ("corrupt", "keys_lost", "torn")),
        at_most("oldest state that was not in the file", counts.oldest, 1, "s"),
    ]
