"""Calling session objects whose methods may or may not be coroutines."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

_T = TypeVar("_T")


async def maybe_async(coro: Awaitable[_T] | _T) -> _T:
    """*coro* itself, or what it gives once awaited when it is awaitable."""
    # Looked up on the type, as ``await`` itself does.
    if hasattr(type(coro), "__await__"):
        import warnings

        warnings.warn("Using async sessions support is an experimental feature", stacklevel=2)
        return await cast("Awaitable[_T]", coro)
    return cast("_T", coro)


class AsyncClassWrapper:
    """A view of any object whose methods are all coroutines.

    Attributes that are not callable come through unchanged.

    Args:
        wrapped: the object to call.
    """

    def __init__(self, wrapped: Any) -> None:
        self.wrapped = wrapped

    def __getattr__(self, item: str) -> Any:
        value = getattr(self.wrapped, item)
        if not callable(value):
            return value
        function = cast("Callable[..., Any]", value)

        @functools.wraps(function, updated=())
        async def wrapper(*args: Any, **kwargs: Any) -> Any:
            return await maybe_async(function(*args, **kwargs))

        return wrapper
