"""The objects and requests of Telegram's schema.

`types` and `functions` are generated and load lazily; `tlobject` has what all of them share.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from telethon._core.oldnames import star_names
from telethon.tl import _registry as _registry  # says what to do in a checkout without the generated classes
from telethon.tl.tlobject import TLObject, TLRequest

__all__ = ["TLObject", "TLRequest"]

if not TYPE_CHECKING:
    __all__ = star_names(__name__, __all__)

_MODULES = frozenset({"alltlobjects", "core", "custom", "functions", "patched", "types"})


def __getattr__(name: str) -> object:
    if name in _MODULES:
        return import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
