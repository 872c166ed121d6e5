"""The types of the schema; the same module content as `telethon.tl.types`, loaded when needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from telethon.tl.types import *  # noqa: F403
else:
    from telethon.tl import types as _types

    def __getattr__(name):
        if name == "__path__":
            # This is a module and no package: with a path, an import below it would make modules a second time.
            raise AttributeError(name)
        return getattr(_types, name)

    def __dir__():
        return dir(_types)
