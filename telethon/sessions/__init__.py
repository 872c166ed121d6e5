"""Where a login is kept: in memory, in an SQLite file, or in a string.

Each is loaded when it is first used; only `SQLiteSession` and the errors of its file need Python's ``sqlite3``.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from telethon._core.oldnames import star_names

if TYPE_CHECKING:
    from telethon.sessions.abstract import Session
    from telethon.sessions.durable import DurableSession, StoredUpdate
    from telethon.sessions.errors import (
        SessionDamagedError,
        SessionFileError,
        SessionLockedError,
        SessionNotWritableError,
        SessionVersionError,
    )
    from telethon.sessions.memory import MemorySession
    from telethon.sessions.sqlite import SQLiteSession
    from telethon.sessions.string import StringSession

__all__ = [
    "DurableSession",
    "MemorySession",
    "SQLiteSession",
    "Session",
    "SessionDamagedError",
    "SessionFileError",
    "SessionLockedError",
    "SessionNotWritableError",
    "SessionVersionError",
    "StoredUpdate",
    "StringSession",
]

if not TYPE_CHECKING:
    __all__ = star_names(__name__, __all__)

_WHERE = {
    "DurableSession": "durable",
    "MemorySession": "memory",
    "SQLiteSession": "sqlite",
    "Session": "abstract",
    "SessionDamagedError": "errors",
    "SessionFileError": "errors",
    "SessionLockedError": "errors",
    "SessionNotWritableError": "errors",
    "SessionVersionError": "errors",
    "StoredUpdate": "durable",
    "StringSession": "string",
}
_MODULES = frozenset(_WHERE.values())


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return import_module(f"{__name__}.{name}")
    try:
        module = _WHERE[name]
    except KeyError:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None
    value = globals()[name] = getattr(import_module(f"{__name__}.{module}"), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, *_MODULES})
