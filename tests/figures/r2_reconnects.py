"""Connections that are cut before, during and after the work of the server, under load."""

from __future__ import annotations

import asyncio

from .figure import Row, Size, at_least
from .loads import all_zero, call

TITLE = "reconnects under load"
CONNECTIONS = {"gate": 500, "nightly": 10_000}


def measure(size: Size) -> list[Row]:
    """See the head of this module."""
    counts = asyncio.run(call("chaos_load", "reconnect_storm", CONNECTIONS[size], 1))
    return [
        at_least("connections", counts.connections, CONNECTIONS[size]),
        at_least("calls", counts.calls, CONNECTIONS[size]),
        *all_zero(counts, ("lost", "repeated", "leaked_tasks", "leaked_fds", "leaked_timers", "violations")),
    ]
