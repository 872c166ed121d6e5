"""What programs that have a copy of Telethon's way to call requests take from there for their texts."""

from __future__ import annotations

import datetime
from typing import Any

__all__ = ["flood_words", "not_a_request"]


def not_a_request() -> TypeError:
    """The error for what is no request."""
    return TypeError("You can only invoke requests, not types!")


def flood_words(
    delay: float, request: object, *, early: bool = False, td: Any = datetime.timedelta
) -> tuple[str, str, float, Any, str]:
    """What to tell the log of a wait: a format, and what goes into it.

    Args:
        delay: how many seconds it is.
        request: which request waits.
        early: whether it waits before it was refused again.
        td: makes a duration that can be read from seconds.
    """
    word = " early" if early else ""
    return "Sleeping%s for %ds (%s) on %s flood wait", word, delay, td(seconds=delay), type(request).__name__
