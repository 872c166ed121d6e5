"""Loads that are written elsewhere, in tests/support: they give counts, and here those become rows."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from importlib import import_module
from typing import Any

from .figure import Row, exactly

__all__ = ["all_zero", "call"]


async def call(module: str, name: str, *args: Any) -> Any:
    """What a function of a module of the support gives; it may be a coroutine function."""
    result = getattr(import_module(module), name)(*args)
    return await result if inspect.isawaitable(result) else result


def all_zero(counts: Any, names: Sequence[str]) -> list[Row]:
    """A row for each of these fields of a dataclass, which must all be 0."""
    return [exactly(name.replace("_", " "), getattr(counts, name), 0) for name in names]
