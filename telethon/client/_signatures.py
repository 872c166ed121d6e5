"""Publishing the signature of one method on another."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from typing_extensions import ParamSpec

    _P = ParamSpec("_P")

_R = TypeVar("_R")


def same_signature_as(source: Callable[..., object]) -> Callable[[Callable[_P, _R]], Callable[_P, _R]]:
    """Make `inspect.signature` and ``help`` show a method with the parameters of *source*, which it passes on."""

    def publish(method: Callable[_P, _R]) -> Callable[_P, _R]:
        method.__dict__["__signature__"] = inspect.signature(source)
        return method

    return publish
