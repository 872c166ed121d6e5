"""A session in an SQLite file, the one a client uses by default."""

from __future__ import annotations

import contextlib
import logging
import os
import time
from collections.abc import Callable, Iterable
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, Final, TypeVar

from telethon._core.oldnames import old_names
from telethon.sessions import _keyrows
from telethon.sessions._seen import entities_in
from telethon.sessions._sqliteschema import CURRENT_VERSION as CURRENT_VERSION
from telethon.sessions._unfinished import Unfinished
from telethon.sessions.memory import MemorySession, _file_kind, _marked_ids, _SentFileType
from telethon.tl import types

if TYPE_CHECKING:
    import sqlite3

    from telethon.crypto import AuthKey
    from telethon.mtproto.salts import KeyState
    from telethon.sessions.durable import StoredUpdate

__all__ = ["SQLiteSession"]

_T = TypeVar("_T")

EXTENSION = ".session"

#: Seconds between writes where each commit has to wait for the disk.
_SLOW_COMMIT_PAUSE: Final = 0.8
#: Seconds to leave a file alone that could not be written.
_FAILURE_PAUSE: Final = 5.0
#: Parameters of one statement; older SQLite takes 999.
_NAMES_AT_ONCE: Final = 500

_log = logging.getLogger(__name__)


def _own_name(name: str) -> Any:
    # Loaded when the first session is opened; some programs take it from here.
    if name == "sqlite3":
        import sqlite3

        return sqlite3
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


if not TYPE_CHECKING:
    __getattr__ = old_names(__name__, _own_name)


class SQLiteSession(MemorySession):
    """A session in a file, which several clients may use, also those of other processes.

    What is set is stored at once. Where the file cannot be written for a while, entities and update states are kept in
    memory until it can, and the log says so; a login that cannot be stored is an error.

    The file can be read by its owner only. Telethon 1.45 and this library read each other's files, and files of all
    earlier versions are upgraded in place.

    Args:
        session_id: the path of the file; ``.session`` is added when it does not end in that. Without it, the database
            is in memory.
        store_tmp_auth_key_on_disk: whether the temporary key is stored, too.

    Attributes:
        filename: the path of the file, ``":memory:"`` without one.
        save_entities: whether `process_entities` does anything.

    Raises:
        SessionFileError: the file cannot be used; it is left as it is.
    """

    def __init__(
        self, session_id: str | os.PathLike[str] | None = None, store_tmp_auth_key_on_disk: bool = False
    ) -> None:
        super().__init__()
        self.filename = ":memory:"
        self.save_entities = True
        self.store_tmp_auth_key_on_disk = store_tmp_auth_key_on_disk
        self._conn: sqlite3.Connection | None = None
        self._path: str | None = None
        if session_id:
            self.filename = os.fspath(session_id)
            if not self.filename.endswith(EXTENSION):
                self.filename += EXTENSION
            # Programs may change their folder later on.
            self._path = os.path.abspath(self.filename)

        self._has_cheap_commits = True
        self._next_write = 0.0
        self._is_failing = False
        self._data_version: object = None
        self._unfinished = Unfinished()
        self._open()
        try:
            self._load()
        except BaseException:
            self.close()
            raise

    def clone(self, to_instance: Any = None) -> Any:  # noqa: D102 - inherited
        cloned = super().clone(to_instance)
        cloned.save_entities = self.save_entities
        return cloned

    # -- the database

    def _open(self) -> sqlite3.Connection:
        from telethon.sessions import _sqlitefile

        if self._path is None:
            self._conn = _sqlitefile.open_memory()
        else:
            self._conn, self._has_cheap_commits = _sqlitefile.open_file(self._path)
        self._seen.clear()
        self._data_version = self._conn.execute("pragma data_version").fetchone()
        return self._conn

    def _load(self) -> None:
        row = self._execute("select dc_id, server_address, port, auth_key, takeout_id, tmp_auth_key from sessions")
        if not row:
            return
        self._dc_id, self._server_address, self._port, key, self._takeout_id, tmp_key = row
        self._dc_id = self._dc_id or 0
        from telethon.crypto import AuthKey

        self._auth_key = AuthKey(key) if key else None
        if tmp_key and self.store_tmp_auth_key_on_disk:
            self._tmp_auth_key = AuthKey(tmp_key)

    def _upgrade_database(self, old: int) -> None:
        """Bring tables of version *old* up to date; done when opening, so there is nothing left to do by then."""
        from telethon.sessions import _sqliteschema

        conn = self._conn or self._open()
        with self._explained(), conn:
            _sqliteschema.upgrade(conn, old)

    @staticmethod
    def _create_table(c: sqlite3.Cursor, *definitions: str) -> None:
        """Make tables, each given as ``name (columns)``."""
        for definition in definitions:
            c.execute(f"create table {definition}")

    def _cursor(self) -> sqlite3.Cursor:
        """A new cursor of the database, which is opened again if it was closed."""
        return (self._conn or self._open()).cursor()

    def _execute(self, stmt: str, *values: Any) -> Any:
        """The first row that the statement gives; what it changes is stored by `save`."""
        conn = self._conn or self._open()
        try:
            return conn.execute(stmt, values).fetchone()
        except Exception as error:
            with self._explained():
                raise error

    def _explained(self) -> contextlib.AbstractContextManager[None]:
        from telethon.sessions._sqlitefile import explained

        return explained(self.filename)

    # -- the login

    def set_dc(self, dc_id: int, server_address: str | None, port: int | None) -> None:
        """Set the data centre to connect to from now on, and store that at once.

        Raises:
            SessionFileError: it could not be stored.
        """
        super().set_dc(dc_id, server_address, port)
        self._update_session_table()

    @property
    def auth_key(self) -> AuthKey | None:
        """The authorization key, or `None`. Assigning stores it at once.

        Raises:
            SessionFileError: at assigning, when it could not be stored.
        """
        return self._auth_key

    @auth_key.setter
    def auth_key(self, value: AuthKey | None) -> None:
        self._auth_key = value
        self._update_session_table()

    @property
    def tmp_auth_key(self) -> AuthKey | None:
        """The temporary key; stored only with *store_tmp_auth_key_on_disk*."""
        return self._tmp_auth_key

    @tmp_auth_key.setter
    def tmp_auth_key(self, value: AuthKey | None) -> None:
        self._tmp_auth_key = value
        if self.store_tmp_auth_key_on_disk:
            self._update_session_table()

    @property
    def takeout_id(self) -> int | None:
        """The id of the takeout that was begun and not ended, or `None`. Assigning stores it at once."""
        return self._takeout_id

    @takeout_id.setter
    def takeout_id(self, value: int | None) -> None:
        self._takeout_id = value
        self._update_session_table()

    def _update_session_table(self) -> None:
        """Store the login."""
        tmp_key = self._tmp_auth_key if self.store_tmp_auth_key_on_disk else None
        row = (
            self._dc_id,
            self._server_address,
            self._port,
            (self._auth_key.key if self._auth_key else None) or b"",
            self._takeout_id,
            (tmp_key.key if tmp_key else None) or b"",
        )
        with self._explained():
            conn = self._conn or self._open()
            with conn:
                conn.execute("delete from sessions")
                conn.execute(
                    "insert into sessions (dc_id, server_address, port, auth_key, takeout_id, tmp_auth_key) "
                    "values (?, ?, ?, ?, ?, ?)",
                    row,
                )
            if self._path is not None and self._has_cheap_commits:
                # People copy the file of a running client, without the log beside it. So the login is never in the
                # log only.
                conn.execute("pragma wal_checkpoint(truncate)").fetchone()

    # -- salts and time

    def get_key_state(self, dc_id: int) -> KeyState | None:  # noqa: D102
        waiting = super().get_key_state(dc_id)
        if waiting is not None:
            return waiting
        with self._explained():
            return _keyrows.read_key_state(self._conn or self._open(), dc_id)

    def set_key_state(self, dc_id: int, state: KeyState) -> None:
        """Keep salts and time; they are in a table of their own, which Telethon does not mind."""
        super().set_key_state(dc_id, state)
        self._write_soon()

    # -- keys with other data centres

    def get_other_key(self, dc_id: int) -> AuthKey | None:  # noqa: D102
        if dc_id in self._other_keys:
            return super().get_other_key(dc_id)
        with self._explained():
            home_key_id, key = _keyrows.read_other_key(self._conn or self._open(), dc_id)
        return key if self._is_home_key(home_key_id) else None

    def set_other_key(self, dc_id: int, key: AuthKey | None) -> None:
        """Keep the key; it is in a table of its own, which Telethon does not mind."""
        super().set_other_key(dc_id, key)
        self._write_soon()

    # -- states of updates

    def get_update_state(self, entity_id: int) -> types.updates.State | None:  # noqa: D102
        waiting = self._update_states.get(entity_id)
        if waiting is not None:
            return waiting
        row = self._execute("select pts, qts, date, seq from update_state where id = ?", entity_id)
        return _state(*row) if row else None

    def set_update_state(self, entity_id: int, state: types.updates.State) -> None:  # noqa: D102
        self._update_states[entity_id] = state
        self._write_soon()

    def get_update_states(self) -> Iterable[tuple[int, types.updates.State]]:  # noqa: D102
        with self._explained():
            cursor = self._cursor()
            try:
                rows = cursor.execute("select id, pts, qts, date, seq from update_state").fetchall()
            finally:
                cursor.close()
        states = {row[0]: _state(*row[1:]) for row in rows}
        states.update(self._update_states)
        return list(states.items())

    # -- updates that are not finished

    def get_unfinished_updates(self) -> list[StoredUpdate]:
        """The updates whose handlers have not all returned; see `DurableSession`."""
        self.save()
        with self._explained():
            return self._unfinished.read(self._conn or self._open())

    def write_updates(
        self,
        states: Iterable[tuple[int, types.updates.State]] = (),
        *,
        new: Iterable[StoredUpdate] = (),
        handed_out: Iterable[int] = (),
        finished: Iterable[int] = (),
    ) -> None:
        """Write at once how far updates were followed and which are not finished, as one; see `DurableSession`.

        Where the file cannot be written for a while, all of it is kept in memory until it can, as the log says.
        """
        self._update_states.update(states)
        self._unfinished.put(new, handed_out, finished)
        if not self._is_failing or time.monotonic() >= self._next_write:
            self._write()

    def finish_update(self, update_id: int, effect: Callable[[sqlite3.Connection], _T] | None = None) -> _T | None:
        """Forget an update, in one transaction with what *effect* does to the file; see `DurableSession`.

        Raises:
            SessionFileError: the file cannot be written.
            TypeError: *effect* is a coroutine function.
            RuntimeError: *effect* ended the transaction itself.
        """
        # What waits or was begun by others shall not be undone with it.
        self.save()
        with self._explained():
            conn = self._conn or self._open()
            conn.execute("begin immediate")
        try:
            result = self._unfinished.finish(conn, update_id, effect)
            with self._explained():
                conn.commit()
        except BaseException:
            conn.rollback()
            raise
        self._unfinished.forget(update_id)
        return result

    # -- writing

    def _write_soon(self) -> None:
        """Write what waits in memory: now, unless the disk is slow or could not be written a moment ago."""
        if time.monotonic() >= self._next_write:
            self._write()

    def _write(self) -> None:
        """Write entities and update states that wait in memory; when that fails, they go on waiting."""
        if not any((self._rows, self._update_states, self._key_states, self._other_keys, self._unfinished)):
            return
        import sqlite3

        from telethon.sessions.errors import SessionFileError

        conn = self._conn
        try:
            with self._explained():
                conn = conn or self._open()
                had_begun = conn.in_transaction
                try:
                    self._write_rows(conn)
                    conn.commit()
                except BaseException:
                    if not had_begun:
                        # Otherwise that would undo what somebody else began with `_execute`.
                        conn.rollback()
                    raise
        except (SessionFileError, sqlite3.Error) as error:
            self._next_write = time.monotonic() + _FAILURE_PAUSE
            if not self._is_failing:
                self._is_failing = True
                _log.warning("%s. What the session learns is kept in memory until it can be written", error)
            return
        self._rows.clear()
        self._update_states.clear()
        self._key_states.clear()
        self._other_keys.clear()
        self._unfinished.clear()
        self._next_write = 0.0 if self._has_cheap_commits else time.monotonic() + _SLOW_COMMIT_PAUSE
        if self._is_failing:
            self._is_failing = False
            _log.info("Session file %r could be written again", self.filename)

    def _write_rows(self, conn: sqlite3.Connection) -> None:
        now = int(time.time())
        owners = {row[2]: row[0] for row in self._rows if row[2]}
        names = list(owners)
        for start in range(0, len(names), _NAMES_AT_ONCE):
            some = names[start : start + _NAMES_AT_ONCE]
            marks = ", ".join("?" * len(some))
            # Who had one of these usernames before has it no longer.
            for loser, name in conn.execute(
                f"select id, username from entities where username in ({marks})", some
            ).fetchall():
                if owners[name] != loser:
                    conn.execute("update entities set username = null where id = ?", (loser,))
                    self._seen.forget(loser)
        conn.executemany(
            "insert or replace into entities (id, hash, username, phone, name, date) values (?, ?, ?, ?, ?, ?)",
            [(*row, now) for row in self._rows],
        )
        conn.executemany(
            "insert or replace into update_state (id, pts, qts, date, seq) values (?, ?, ?, ?, ?)",
            [
                (entity_id, state.pts, state.qts, _timestamp(state.date), state.seq)
                for entity_id, state in self._update_states.items()
            ],
        )

        # Each table is made when it is needed, so that a file without it stays as Telethon makes it.
        _keyrows.write_key_states(conn, self._key_states)
        _keyrows.write_other_keys(conn, self._other_keys)
        if self._unfinished:
            self._unfinished.write(conn)

    def save(self) -> None:
        """Store what still waits in memory, and what was changed with `_execute`.

        Raises:
            SessionFileError: the latter could not be stored.
        """
        self._write()
        if self._conn is not None and self._conn.in_transaction:
            with self._explained():
                self._conn.commit()

    def close(self) -> None:
        """Store what still waits and close the file. Using the session again opens it again."""
        if self._conn is None:
            return
        from telethon.sessions import _sqlitefile

        try:
            self.save()
        finally:
            conn, self._conn = self._conn, None
            _sqlitefile.close(conn)

    def delete(self) -> bool:
        """Delete the file, and what SQLite put beside it.

        Returns:
            Whether there is no file any longer. True for a database in memory.
        """
        from telethon.sessions import _sqlitefile

        self._rows.clear()
        self._update_states.clear()
        self._key_states.clear()
        self._other_keys.clear()
        self._unfinished.clear()
        conn, self._conn = self._conn, None
        if conn is not None:
            _sqlitefile.close(conn)
        path, self._path = self._path, None
        if path is None:
            return self.filename == ":memory:"
        try:
            os.remove(path)
        except OSError:
            return False
        for suffix in _sqlitefile.SIDE_FILES:
            with contextlib.suppress(FileNotFoundError):
                os.remove(path + suffix)
        return True

    def __del__(self) -> None:
        # Clients that were made but never used are not closed by anybody. All is committed, so nothing is lost.
        conn = getattr(self, "_conn", None)
        if conn is not None:
            conn.close()

    @classmethod
    def list_sessions(cls) -> list[str]:
        """The names of the session files in the current folder, without the extension."""
        return [name[: -len(EXTENSION)] for name in os.listdir() if name.endswith(EXTENSION)]

    # -- entities

    def process_entities(self, tlo: Any) -> None:  # noqa: D102
        if not self.save_entities:
            return
        entities = entities_in(tlo)
        if not entities:
            # Most answers hold none, and asking the file costs more than all else of a small one.
            return
        self._notice_others()
        rows = self._changed_rows(entities)
        if rows:
            for row in rows:
                self._add_row(row)
            self._write_soon()

    def _notice_others(self) -> None:
        """Forget what the file is known to hold, when somebody else has written to it."""
        if self._path is None:
            return
        version = self._execute("pragma data_version")
        if version != self._data_version:
            self._data_version = version
            self._seen.clear()

    def get_entity_rows_by_phone(self, phone: str) -> Any:  # noqa: D102
        waiting = self._rows and super().get_entity_rows_by_phone(phone)
        return waiting or self._execute("select id, hash from entities where phone = ?", phone)

    def get_entity_rows_by_username(self, username: str) -> Any:  # noqa: D102
        waiting = self._rows and super().get_entity_rows_by_username(username)
        # Files of other programs may have two rows with a username; the one seen last has it.
        return waiting or self._execute(
            "select id, hash from entities where username = ? order by date desc, id desc limit 1", username
        )

    def get_entity_rows_by_name(self, name: str) -> Any:  # noqa: D102
        waiting = self._rows and super().get_entity_rows_by_name(name)
        return waiting or self._execute("select id, hash from entities where name = ?", name)

    def get_entity_rows_by_id(self, id: int, exact: bool = True) -> Any:  # noqa: D102
        waiting = self._rows and super().get_entity_rows_by_id(id, exact)
        if waiting:
            return waiting
        for marked_id in (id,) if exact else _marked_ids(id):
            row = self._execute("select id, hash from entities where id = ?", marked_id)
            if row:
                return row
        return None

    # -- files

    def cache_file(self, md5_digest: bytes, file_size: int, instance: Any) -> None:  # noqa: D102
        kind = _file_kind(instance)
        with self._explained():
            conn = self._conn or self._open()
            with conn:
                conn.execute(
                    "insert or replace into sent_files (md5_digest, file_size, type, id, hash) values (?, ?, ?, ?, ?)",
                    (md5_digest, file_size, kind.value, instance.id, instance.access_hash),
                )

    def get_file(self, md5_digest: bytes, file_size: int, cls: type[Any]) -> Any:  # noqa: D102
        row = self._execute(
            "select id, hash from sent_files where md5_digest = ? and file_size = ? and type = ?",
            md5_digest,
            file_size,
            _SentFileType.from_type(cls).value,
        )
        return cls(row[0], row[1], b"") if row else None


def _state(pts: int, qts: int, date: int | None, seq: int) -> types.updates.State:
    return types.updates.State(pts, qts, datetime.fromtimestamp(date or 0, timezone.utc), seq, unread_count=0)


def _timestamp(date: datetime | int | None) -> int:
    if isinstance(date, datetime):
        return int(date.timestamp())
    return int(date or 0)
