"""What can be wrong with the file of a session.

Those that come from SQLite are also errors of ``sqlite3``, so that programs which handle these go on working. None of
them shows what is in the file.
"""

from __future__ import annotations

import sqlite3

__all__ = [
    "SessionDamagedError",
    "SessionFileError",
    "SessionLockedError",
    "SessionNotWritableError",
    "SessionVersionError",
]


class SessionFileError(Exception):
    """The file of a session cannot be used; the others of this module are kinds of it.

    Attributes:
        filename: the path of the file.
    """

    def __init__(self, filename: str, reason: str) -> None:
        super().__init__(filename, reason)
        self.filename = filename
        self.reason = reason

    def __str__(self) -> str:
        return f"Session file {self.filename!r} {self.reason}"


class SessionDamagedError(SessionFileError, sqlite3.DatabaseError):
    """The file is not the database of a session, or is damaged. It has been left as it was."""


class SessionVersionError(SessionFileError):
    """The file was written by a newer version of the library. It has been left as it was.

    Attributes:
        version: the version of the file's format.
    """

    def __init__(self, filename: str, version: int, newest: int) -> None:
        super().__init__(
            filename,
            f"has version {version}, and this library knows versions up to {newest}; "
            "use a newer library or another session name",
        )
        self.args = (filename, version, newest)
        self.version = version


class SessionLockedError(SessionFileError, sqlite3.OperationalError):
    """Another program, or another client in this one, is in the middle of writing to the file."""


class SessionNotWritableError(SessionFileError, sqlite3.OperationalError):
    """The file cannot be made, opened or written: rights, a missing folder, or no space left."""
