"""The friendly classes; the same module content as `telethon.tl.custom`, loaded when needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from telethon.tl.custom import *  # noqa: F403
else:
    from telethon.tl import custom as _custom

    def __getattr__(name):
        return getattr(_custom, name)

    def __dir__():
        return dir(_custom)
