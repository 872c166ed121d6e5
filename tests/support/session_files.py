"""Session files as older versions of Telethon made them.

The statements were read out of files that these versions wrote: 0.16 (version 1), 0.16.1 (2), 0.16.2 and 0.18 (3),
1.0 and 1.4 (4), 1.8 (5), 1.10 (6), 1.17 to 1.42 (7), 1.45 (8).
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

_SESSIONS = "dc_id integer primary key, server_address text, port integer, auth_key blob"
_ENTITIES = "id integer primary key, hash integer not null, username text, phone integer, name text"
_SENT_FILES = (
    "md5_digest blob, file_size integer, type integer, id integer, hash integer, "
    "primary key(md5_digest, file_size, type)"
)
_UPDATE_STATE = "id integer primary key, pts integer, qts integer, date integer, seq integer"

SCHEMAS: dict[int, list[str]] = {
    1: [
        "CREATE TABLE version (version integer)",
        f"CREATE TABLE sessions ({_SESSIONS}) without rowid",
        f"CREATE TABLE entities ({_ENTITIES}) without rowid",
    ],
    2: [
        "CREATE TABLE version (version integer primary key) without rowid",
        f"CREATE TABLE sessions ({_SESSIONS}) without rowid",
        f"CREATE TABLE entities ({_ENTITIES}) without rowid",
        "CREATE TABLE sent_files (md5_digest blob, file_size integer, file_id integer, part_count integer, "
        "primary key(md5_digest, file_size)) without rowid",
    ],
    3: [
        "CREATE TABLE version (version integer primary key) without rowid",
        f"CREATE TABLE sessions ({_SESSIONS}) without rowid",
        f"CREATE TABLE entities ({_ENTITIES}) without rowid",
        f"CREATE TABLE sent_files ({_SENT_FILES}) without rowid",
    ],
    4: [
        "CREATE TABLE version (version integer primary key)",
        f"CREATE TABLE sessions ({_SESSIONS})",
        f"CREATE TABLE entities ({_ENTITIES})",
        f"CREATE TABLE sent_files ({_SENT_FILES})",
        f"CREATE TABLE update_state ({_UPDATE_STATE})",
    ],
    5: [
        "CREATE TABLE version (version integer primary key)",
        f"CREATE TABLE sessions ({_SESSIONS}, takeout_id integer)",
        f"CREATE TABLE entities ({_ENTITIES})",
        f"CREATE TABLE sent_files ({_SENT_FILES})",
        f"CREATE TABLE update_state ({_UPDATE_STATE})",
    ],
    7: [
        "CREATE TABLE version (version integer primary key)",
        f"CREATE TABLE sessions ({_SESSIONS}, takeout_id integer)",
        f"CREATE TABLE entities ({_ENTITIES}, date integer)",
        f"CREATE TABLE sent_files ({_SENT_FILES})",
        f"CREATE TABLE update_state ({_UPDATE_STATE})",
    ],
    8: [
        "CREATE TABLE version (version integer primary key)",
        f"CREATE TABLE sessions ({_SESSIONS}, takeout_id integer, tmp_auth_key blob)",
        f"CREATE TABLE entities ({_ENTITIES}, date integer)",
        f"CREATE TABLE sent_files ({_SENT_FILES})",
        f"CREATE TABLE update_state ({_UPDATE_STATE})",
    ],
}
# Only what the hashes mean changed here.
SCHEMAS[6] = SCHEMAS[5]

KEY = bytes(range(256))
ADDRESS = "149.154.167.51"


def make_session_file(path: Path, version: int = 8) -> Path:
    """A file of that version with a login, one entity, and one row in the other tables it has."""
    conn = sqlite3.connect(path)
    for statement in SCHEMAS[version]:
        conn.execute(statement)
    conn.execute("insert into version values (?)", (version,))
    conn.execute("insert into sessions (dc_id, server_address, port, auth_key) values (2, ?, 443, ?)", (ADDRESS, KEY))
    conn.execute(
        "insert into entities (id, hash, username, phone, name) values (5, 55, 'someone', 4912345, 'Some One')"
    )
    if version >= 2:
        width = 4 if version == 2 else 5
        marks = ", ".join("?" * width)
        conn.execute(f"insert into sent_files values ({marks})", (b"digest", *range(1, width)))
    if version >= 4:
        conn.execute("insert into update_state values (0, 10, 20, 1577836800, 30)")
    if version >= 5:
        conn.execute("update sessions set takeout_id = 77")
    if version >= 7:
        conn.execute("update entities set date = 1577836800")
    conn.commit()
    conn.close()
    return path
