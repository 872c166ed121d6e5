"""The tables in the file of a session, and how older files become newer ones.

Version 8 is what Telethon 1.45 reads and writes. Telethon has written versions from 1 on; what changed is:

======= ==============================================================================================
version change
======= ==============================================================================================
2       ``sent_files`` is new
3       ``sent_files`` has other columns
4       ``update_state`` is new
5       ``sessions.takeout_id`` is new
6       the same columns, but access hashes stored before could be wrong, so entities were forgotten
7       ``entities.date`` is new
8       ``sessions.tmp_auth_key`` is new
======= ==============================================================================================

Indices over the entities are added to every file. Once there is something to keep in them there are tables, too:
``key_state`` with salts and time, ``other_keys`` with the keys of other data centres, and ``unfinished_updates``.
Nothing else minds them.
"""

from __future__ import annotations

from types import NoneType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sqlite3 import Connection

__all__ = [
    "CURRENT_VERSION",
    "INDICES",
    "KEY_SIZE",
    "KEY_STATES",
    "OTHER_KEYS",
    "TABLES",
    "UNFINISHED",
    "NotASession",
    "check",
    "create",
    "create_indices",
    "has_indices",
    "has_key_states",
    "has_other_keys",
    "has_unfinished",
    "read_version",
    "upgrade",
]

CURRENT_VERSION: Final = 8
KEY_SIZE: Final = 256

TABLES: Final = {
    "version": "version integer primary key",
    "sessions": (
        "dc_id integer primary key, server_address text, port integer, auth_key blob, takeout_id integer, "
        "tmp_auth_key blob"
    ),
    "entities": (
        "id integer primary key, hash integer not null, username text, phone integer, name text, date integer"
    ),
    "sent_files": (
        "md5_digest blob, file_size integer, type integer, id integer, hash integer, "
        "primary key(md5_digest, file_size, type)"
    ),
    "update_state": "id integer primary key, pts integer, qts integer, date integer, seq integer",
}
KEY_STATES: Final = "key_state"
"""A table that is no part of any version: it is made when there is something to keep in it."""
_KEY_STATE_COLUMNS: Final = (
    "dc_id integer primary key, auth_key_id blob, salt integer, future_salts blob, time_offset real"
)
OTHER_KEYS: Final = "other_keys"
"""As above: keys with other data centres, each with the id of the key of the session that vouched for it."""
_OTHER_KEYS_COLUMNS: Final = "dc_id integer primary key, auth_key blob, home_key_id blob"
UNFINISHED: Final = "unfinished_updates"
"""As above: updates whose handlers have not all returned."""
_UNFINISHED_COLUMNS: Final = "id integer primary key, body blob not null, handed_out integer not null"
INDICES: Final = {
    "entities_by_username": "entities(username)",
    "entities_by_phone": "entities(phone)",
    "entities_by_name": "entities(name)",
}

#: Columns that came later, and so have to be added: version, table, column and its type.
_ADDED_COLUMNS: Final = (
    (5, "sessions", "takeout_id", "integer"),
    (7, "entities", "date", "integer"),
    (8, "sessions", "tmp_auth_key", "blob"),
)
#: Tables that came later, or in another form.
_ADDED_TABLES: Final = {"sent_files": 3, "update_state": 4}
_FIRST_COLUMNS: Final = frozenset(("dc_id", "server_address", "port", "auth_key"))


class NotASession(Exception):
    """The database holds something else than a session."""


def read_version(conn: Connection) -> int:
    """The version of the tables; 0 for an empty database.

    Raises:
        NotASession: the database has other tables than those of a session.
    """
    tables = {name for (name,) in conn.execute("select name from sqlite_master where type = 'table'")}
    if not tables:
        return 0
    if "version" not in tables or not _columns(conn, "sessions") >= _FIRST_COLUMNS:
        if "version" in tables and "sessions" not in tables and not conn.execute("select * from version").fetchone():
            # Its making was interrupted before there was anything in it.
            return 0
        raise NotASession("is a database of something else, not of a session")
    row = conn.execute("select * from version").fetchone()
    if row is None and not conn.execute("select * from sessions").fetchone():
        return 0
    if row is None or not isinstance(row[0], int) or row[0] < 1:
        raise NotASession("does not tell the version of its tables")
    return row[0]


def check(conn: Connection, version: int) -> None:
    """See whether the tables have their columns, and whether the login in them can be one.

    Raises:
        NotASession: something is missing or makes no sense.
    """
    for table, columns in TABLES.items():
        if version < _ADDED_TABLES.get(table, 1):
            continue
        later = {column for since, owner, column, _ in _ADDED_COLUMNS if owner == table and version < since}
        # Each is "name kind", except for the key at the end.
        names = {column.split()[0] for column in columns.split(", primary key")[0].split(", ")}
        if not _columns(conn, table) >= names - later:
            raise NotASession(f"is damaged: its table {table} has not all of its columns")
    for dc_id, address, port, key in conn.execute("select dc_id, server_address, port, auth_key from sessions"):
        if not isinstance(dc_id, int) or not isinstance(address, (str, NoneType)):
            raise NotASession("is damaged: its data centre makes no sense")
        if not isinstance(port, (int, NoneType)):
            raise NotASession("is damaged: its port makes no sense")
        if key and (not isinstance(key, bytes) or len(key) != KEY_SIZE):
            raise NotASession(f"is damaged: its auth_key is not one of {KEY_SIZE} bytes")


def create(conn: Connection) -> None:
    """Make all tables and indices that are missing."""
    for name, columns in TABLES.items():
        conn.execute(f"create table if not exists {name} ({columns})")
    create_indices(conn)
    conn.execute("delete from version")
    conn.execute("insert into version values (?)", (CURRENT_VERSION,))
    if conn.execute("select * from sessions").fetchone() is None:
        # Other programs expect one row.
        conn.execute(
            "insert into sessions (dc_id, server_address, port, auth_key, takeout_id, tmp_auth_key) "
            "values (0, null, null, ?, null, ?)",
            (b"", b""),
        )


def create_indices(conn: Connection) -> None:
    """Make the indices that are missing."""
    for name, columns in INDICES.items():
        conn.execute(f"create index if not exists {name} on {columns}")


def has_indices(conn: Connection) -> bool:
    """Whether `create_indices` would do nothing."""
    names = {name for (name,) in conn.execute("select name from sqlite_master where type = 'index'")}
    return names >= INDICES.keys()


def has_key_states(conn: Connection, *, make: bool = False) -> bool:
    """Whether there is a table for salts and time, which somebody else may have made in another form.

    Args:
        conn: the database.
        make: make one, when there is none.
    """
    return _has_side_table(conn, KEY_STATES, _KEY_STATE_COLUMNS, make)


def has_other_keys(conn: Connection, *, make: bool = False) -> bool:
    """Whether there is a table for keys with other data centres; *make* as in `has_key_states`."""
    return _has_side_table(conn, OTHER_KEYS, _OTHER_KEYS_COLUMNS, make)


def has_unfinished(conn: Connection, *, make: bool = False) -> bool:
    """Whether there is a table for updates that are not finished; *make* as in `has_key_states`."""
    return _has_side_table(conn, UNFINISHED, _UNFINISHED_COLUMNS, make)


def _has_side_table(conn: Connection, table: str, definition: str, make: bool) -> bool:
    columns = _columns(conn, table)
    if not columns and make:
        conn.execute(f"create table {table} ({definition})")
        return True
    return columns >= {column.split()[0] for column in definition.split(", ")}


def upgrade(conn: Connection, version: int) -> None:
    """Turn tables of an older *version* into current ones."""
    if version < 3:
        conn.execute("drop table if exists sent_files")
    if version < 6:
        conn.execute("delete from entities")
    for since, table, column, kind in _ADDED_COLUMNS:
        if version < since and column not in _columns(conn, table):
            conn.execute(f"alter table {table} add column {column} {kind}")
    create(conn)


def _columns(conn: Connection, table: str) -> frozenset[str]:
    return frozenset(row[1] for row in conn.execute(f"pragma table_info({table})"))
