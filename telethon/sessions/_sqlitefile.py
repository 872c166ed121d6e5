"""Opening the database of a session: rights, damage, locks, and the way it is written.

The file and those that SQLite puts beside it can be read by their owner only. A file that cannot be used is left as it
is, byte for byte.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import stat
from collections.abc import Generator
from typing import Final

from telethon.sessions import _sqliteschema as schema
from telethon.sessions.errors import (
    SessionDamagedError,
    SessionFileError,
    SessionLockedError,
    SessionNotWritableError,
    SessionVersionError,
)

__all__ = ["SIDE_FILES", "close", "explained", "open_file", "open_memory"]

#: What SQLite may put beside a database, to be added to its name.
SIDE_FILES: Final = ("-journal", "-wal", "-shm")

#: Seconds to wait for somebody else's write. Writing takes milliseconds, unless somebody forgot to end it.
_BUSY_TIMEOUT: Final = 0.5
_OWNER_ONLY: Final = 0o600
_HEADER_SIZE: Final = 100
#: Files up to this size (in bytes) are checked as a whole when they are opened, which takes about a millisecond for
#: each of their megabytes.
_CHECKED_SIZE: Final = 32 * 1024 * 1024

_DAMAGED: Final = ("not a database", "malformed", "corrupt", "unsupported file format", "encrypted", "could not decode")
_LOCKED: Final = ("database is locked", "database table is locked", "database schema is locked")
_NOT_WRITABLE: Final = ("readonly", "full", "unable to open", "disk i/o", "not authorized")


@contextlib.contextmanager
def explained(path: str) -> Generator[None]:
    """Turn errors of SQLite in the block into those of `telethon.sessions.errors`."""
    try:
        yield
    except SessionFileError:
        raise
    except sqlite3.Error as error:
        explanation = _explain(path, error)
        if explanation is None:
            raise
        raise explanation from error
    except UnicodeDecodeError as error:
        # Python could not even read what SQLite says about names in the file.
        raise _damaged(path) from error


def _explain(path: str, error: sqlite3.Error) -> SessionFileError | None:
    text = str(error).lower()
    if any(part in text for part in _LOCKED):
        return SessionLockedError(
            path, "is being written by another program or client; close that one, or use another session name"
        )
    # Exactly this class is for databases that are damaged or none; Python 3.10 may not have a text for it.
    if type(error) is sqlite3.DatabaseError or any(part in text for part in _DAMAGED):
        return _damaged(path)
    if any(part in text for part in _NOT_WRITABLE):
        return SessionNotWritableError(path, f"cannot be opened for writing ({error})")
    return None


def _damaged(path: str) -> SessionDamagedError:
    return SessionDamagedError(
        path, "is damaged or is not a session; restore it from a copy, or delete it and log in again"
    )


def open_memory() -> sqlite3.Connection:
    """A database in memory, with the tables of a session."""
    conn = sqlite3.connect(":memory:", check_same_thread=False)
    with conn:
        schema.create(conn)
    return conn


def open_file(path: str) -> tuple[sqlite3.Connection, bool]:
    """Open the database at *path*, made or upgraded as needed.

    Returns:
        The connection, and whether commits are cheap, because they go to a write-ahead log.

    Raises:
        SessionFileError: it cannot be used; the kind of error tells why.
    """
    is_new = _make_private(path)
    try:
        with explained(path):
            # Other threads may use it: a client is often made in one thread and run in another, though never at once.
            conn = sqlite3.connect(path, timeout=_BUSY_TIMEOUT, check_same_thread=False)
            try:
                _prepare(conn, path)
                return conn, _use_log(conn, path)
            except BaseException:
                conn.close()
                raise
    except BaseException:
        if is_new:
            _remove_empty(path)
        raise


def _make_private(path: str) -> bool:
    """See to it that the file exists and only its owner can read it; whether it was made here."""
    try:
        # Before SQLite makes it, which would use the rights that the umask leaves.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0), _OWNER_ONLY))
        return True
    except FileExistsError:
        pass
    except FileNotFoundError:
        raise SessionNotWritableError(path, "cannot be made, because its folder does not exist") from None
    except OSError as error:
        raise SessionNotWritableError(path, f"cannot be made ({error.strerror})") from error

    _check_rights(path)
    for name in (path, *(path + suffix for suffix in SIDE_FILES)):
        with contextlib.suppress(FileNotFoundError, PermissionError):
            # Where the file belongs to somebody else, its rights are theirs to set.
            if stat.S_IMODE(os.stat(name).st_mode) & 0o077:
                os.chmod(name, _OWNER_ONLY)
    return False


def _check_rights(path: str) -> None:
    if not os.path.isfile(path):
        raise SessionNotWritableError(path, "is not a file")
    if 0 < os.path.getsize(path) < _HEADER_SIZE:
        # SQLite would take it for an empty one.
        raise SessionDamagedError(path, "is damaged, it is too short; restore it from a copy, or delete it")
    if not os.access(path, os.R_OK | os.W_OK):
        raise SessionNotWritableError(
            path, "cannot be read and written by this user; change its rights, or use another session name"
        )
    if not os.access(os.path.dirname(path), os.W_OK | os.X_OK):
        raise SessionNotWritableError(path, "cannot be written, because no other files can be made in its folder")


def _remove_empty(path: str) -> None:
    with contextlib.suppress(OSError):
        if os.path.getsize(path) == 0:
            os.remove(path)


def _prepare(conn: sqlite3.Connection, path: str) -> None:
    """Check what is in the database, and make or upgrade the tables, in one transaction."""
    try:
        version = schema.read_version(conn)
        if version > schema.CURRENT_VERSION:
            raise SessionVersionError(path, version, schema.CURRENT_VERSION)
        if version:
            if not _is_sound(conn, path):
                raise _damaged(path)
            schema.check(conn, version)
        # This also finds out now, and not in the middle of a login, whether the file can be written.
        conn.execute("begin immediate")
        # Somebody else may have been faster.
        version = schema.read_version(conn)
        if version == 0:
            schema.create(conn)
        elif version < schema.CURRENT_VERSION:
            schema.upgrade(conn, version)
        elif not schema.has_indices(conn):
            schema.create_indices(conn)
        conn.commit()
    except schema.NotASession as error:
        raise SessionDamagedError(path, f"{error}; it was left as it is, use another session name") from None
    except BaseException:
        if conn.in_transaction:
            conn.rollback()
        raise


def _is_sound(conn: sqlite3.Connection, path: str) -> bool:
    size = os.path.getsize(path)
    # SQLite does not mind when a part of the last page is missing, and fills it with zeros.
    if size % conn.execute("pragma page_size").fetchone()[0]:
        return False
    if size > _CHECKED_SIZE:
        return True
    return bool(conn.execute("pragma quick_check(1)").fetchone() == ("ok",))


def _use_log(conn: sqlite3.Connection, path: str) -> bool:
    """Write to a log beside the file, if that is possible; whether it is.

    That makes commits a hundred times as fast, and lets others read and write in between. Files of other users are left
    in the mode they are in, since these might not be able to read the log.
    """
    if hasattr(os, "geteuid") and os.stat(path).st_uid != os.geteuid():
        return False
    try:
        if conn.execute("pragma journal_mode = wal").fetchone() != ("wal",):
            return False
        conn.execute("select version from version").fetchone()
    except sqlite3.OperationalError:
        # Somebody is using it right now, or the file system has no memory that processes can share.
        with contextlib.suppress(sqlite3.OperationalError):
            conn.execute("pragma journal_mode = delete")
        return False
    # In this mode a crash of the machine may cost the last commits, though never the whole file.
    conn.execute("pragma synchronous = normal")
    return True


def close(conn: sqlite3.Connection) -> None:
    """Close the database, and leave one file without others beside it where nobody else has it open."""
    try:
        conn.execute("pragma busy_timeout = 0")
        conn.execute("pragma journal_mode = delete")
    except sqlite3.Error:
        # Somebody else has it open and goes on using the log, or it is gone. All is committed in either case.
        pass
    conn.close()
