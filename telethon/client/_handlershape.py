"""Whether a function can be a handler at all, told when it is added and not only when the first event comes."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["wrong_with"]


def wrong_with(callback: Callable[..., Any]) -> str | None:
    """Why a function cannot handle events, in words that follow its name; None when nothing speaks against it.

    Args:
        callback: the function, or anything else that can be called.
    """
    if inspect.isgeneratorfunction(callback) or inspect.isasyncgenfunction(callback):
        return "has a yield in it, so that calling it does nothing; a handler awaits what it does"
    try:
        # A decorator's function is what is called, whatever it wraps.
        signature = inspect.signature(callback, follow_wrapped=False)
    except (TypeError, ValueError):
        # Things made in C need not tell.
        return None
    try:
        signature.bind(None)
    except TypeError:
        return f"cannot be called with an event alone: it takes {signature}. Write it with one argument, (event)"
    return None
