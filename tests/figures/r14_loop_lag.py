"""How long the event loop stands still while there is much to compute."""

from __future__ import annotations

import asyncio
import dataclasses

from .figure import Row, Size, at_most
from .loads import call

TITLE = "lag of the event loop"
LIMIT = 50
"""Milliseconds."""


def measure(size: Size) -> list[Row]:
    """See the head of this module."""
    found = asyncio.run(call("chaos_load", "loop_lag"))
    return [
        at_most(field.name.removesuffix("_ms"), getattr(found, field.name), LIMIT, "ms")
        for field in dataclasses.fields(found)
    ]
