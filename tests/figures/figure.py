"""What a figure is: a few rows of what was measured, what it should be, and whether it is that."""

from __future__ import annotations

import ctypes
import dataclasses
import gc
from typing import Literal, TypeAlias

Size: TypeAlias = Literal["gate", "nightly"]


@dataclasses.dataclass
class Row:
    """One thing that was measured.

    Attributes:
        what: what it is.
        measured: what came out, as text.
        goal: what should come out, as text.
        met: whether it did.
    """

    what: str
    measured: str
    goal: str
    met: bool


def at_most(what: str, value: float, goal: float, unit: str = "") -> Row:
    """A value that must not be larger."""
    return Row(what, f"{value:.4g} {unit}".strip(), f"<= {goal:g} {unit}".strip(), value <= goal)


def at_least(what: str, value: float, goal: float, unit: str = "") -> Row:
    """A value that must not be smaller."""
    return Row(what, f"{value:.6g} {unit}".strip(), f">= {goal:g} {unit}".strip(), value >= goal)


def exactly(what: str, value: object, goal: object) -> Row:
    """A value that must be just this."""
    return Row(what, str(value), str(goal), value == goal)


def counted(what: str, value: int, of: int) -> Row:
    """How many of all; it must be all of them."""
    return Row(what, f"{value} of {of}", f"{of} of {of}", value == of > 0)


def memory(field: str = "VmRSS") -> float:
    """What the process holds in memory now, in MiB."""
    with open("/proc/self/status", encoding="ascii") as status:
        line = next(line for line in status if line.startswith(field))
    return int(line.split()[1]) / 1024


def peak_memory() -> float:
    """The most that it held since `forget_peak`, or ever, in MiB."""
    return memory("VmHWM")


def forget_peak() -> float:
    """Give back what is free, and measure the peak of memory from now on; gives what is held now."""
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    with open("/proc/self/clear_refs", "w", encoding="ascii") as refs:
        refs.write("5")
    return memory()
