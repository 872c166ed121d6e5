"""Iterators over paged requests, one file each."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

__all__ = ["names_of"]


def names_of(importer: str, **where: str) -> Callable[[str], Any]:
    """The `__getattr__` of a module that knows classes of this package under names of its own.

    Most programs use few of them, so each is loaded when it is first asked for.

    Args:
        importer: name of that module.
        where: for each of its names the module here, a dot, and the name there.
    """

    def __getattr__(name: str) -> Any:
        if name not in where:
            raise AttributeError(f"module {importer!r} has no attribute {name!r}")
        module, _, own = where[name].partition(".")
        return getattr(import_module(f"{__name__}.{module}"), own)

    return __getattr__
