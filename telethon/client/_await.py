"""Results that may be there already or may have to be awaited."""

from __future__ import annotations

import inspect
from typing import Any

__all__ = ["maybe_await"]


async def maybe_await(value: Any) -> Any:
    """*value*, or what it gives when it is awaitable.

    Session back ends and callbacks of users may be plain or asynchronous.
    """
    return await value if inspect.isawaitable(value) else value
