"""The functions of the schema; the same module content as `telethon.tl.functions`, loaded when needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from telethon.tl.functions import *  # noqa: F403
else:
    from telethon.tl import functions as _functions

    def __getattr__(name):
        if name == "__path__":
            # This is a module and no package: with a path, an import below it would make modules a second time.
            raise AttributeError(name)
        return getattr(_functions, name)

    def __dir__():
        return dir(_functions)
