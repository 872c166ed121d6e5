"""The loggers of one client."""

from __future__ import annotations

import logging

__all__ = ["Loggers"]


class Loggers(dict[str, logging.Logger]):
    """Loggers by module name, made when they are first asked for.

    Args:
        base: a logger, or its name, that takes the place of the logger ``telethon``; None for that one itself.
    """

    def __init__(self, base: str | logging.Logger | None) -> None:
        super().__init__()
        if isinstance(base, str):
            base = logging.getLogger(base)
        elif not isinstance(base, logging.Logger):
            base = logging.getLogger("telethon")
        self._base = base

    def __missing__(self, key: str) -> logging.Logger:
        name = key.split(".", 1)[1] if key.startswith("telethon.") else key
        logger = self[key] = self._base.getChild(name)
        return logger
