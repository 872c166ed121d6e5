"""What is tried with arbitrary bytes, one module for each thing.

Every module has two functions: `run(data)` tries some bytes and raises what must not happen, and `seeds()` gives good
bytes to begin from. The tests in tests/fuzz change the seeds a little and a lot, `python -m tests.fuzz.guided` lets a
fuzzer find the changes that reach new lines.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import NamedTuple

__all__ = ["NAMES", "Target", "find"]

NAMES = (
    "bombs",
    "decrypt",
    "frames",
    "handshake",
    "service",
    "sessions",
    "texts",
    "tl",
    "transports",
    "updates",
    "window",
)


class Target(NamedTuple):
    """One of them.

    Attributes:
        name: that of its module.
        run: tries some bytes.
        seeds: gives bytes to begin from.
    """

    name: str
    run: Callable[[bytes], None]
    seeds: Callable[[], list[bytes]]


def find(name: str) -> Target:
    """The target of that name."""
    module = import_module(f"{__name__}.{name}")
    return Target(name, module.run, module.seeds)
