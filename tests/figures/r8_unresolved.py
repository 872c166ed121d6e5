"""Calls that wait while the client disconnects, fails to reconnect, or is cancelled: each of them must end."""

from __future__ import annotations

import asyncio

from .figure import Row, Size, at_least
from .loads import all_zero, call

TITLE = "unresolved calls after a disconnect"
CALLS = {"gate": 1_000, "nightly": 100_000}


def measure(size: Size) -> list[Row]:
    """See the head of this module."""
    counts = asyncio.run(call("chaos_load", "disconnect_storm", CALLS[size], 1))
    return [
        at_least("calls", counts.calls, CALLS[size]),
        *all_zero(counts, ("unresolved", "kept", "leaked_tasks", "leaked_fds", "leaked_timers")),
    ]
