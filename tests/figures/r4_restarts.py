"""A program that is ended again and again, by kill -9 half of the times, while updates come over a bad line."""

from __future__ import annotations

import asyncio

from .figure import Row, Size, at_least, at_most, exactly
from .loads import all_zero, call

TITLE = "updates over restarts"
RESTARTS = {"gate": 20, "nightly": 200}
MODES = {"durable": "at once", "sequential": "in line"}


def measure(size: Size) -> list[Row]:
    """See the head of this module."""
    rows: list[Row] = []
    for number, (mode, name) in enumerate(MODES.items()):
        counts = asyncio.run(call("killing", "restarts", RESTARTS[size], number + 1, mode))
        found = [
            exactly("restarts", counts.restarts, RESTARTS[size]),
            at_least("of them kill -9", counts.kills, RESTARTS[size] // 2),
            at_least("messages", counts.messages, RESTARTS[size] * 5),
            *all_zero(counts, ("lost", "repeated_unflagged", "repeated_done", "effects_repeated", "out_of_order")),
            # Only handlers that the end has interrupted are called again.
            at_most("repeated, flagged", counts.repeated - counts.repeated_returned, counts.interrupted),
            # The moment between the last line of a handler and the write that it has returned.
            at_most(
                "repeated after the last line of the handler, flagged", counts.repeated_returned, RESTARTS[size] // 20
            ),
        ]
        rows.extend(Row(f"{row.what} ({name})", row.measured, row.goal, row.met) for row in found)
    return rows
