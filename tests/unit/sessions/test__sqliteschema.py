from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from session_files import ADDRESS, KEY, SCHEMAS, make_session_file

from telethon.sessions import SessionDamagedError, SessionVersionError, SQLiteSession, _sqlitefile
from telethon.sessions import _sqliteschema as schema
from telethon.tl import types

Open = Callable[..., SQLiteSession]


def _tables(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    conn = sqlite3.connect(path)
    try:
        return {name: conn.execute(f"select * from {name}").fetchall() for name in schema.TABLES}
    finally:
        conn.close()


def _columns(path: Path) -> dict[str, list[tuple[str, str]]]:
    conn = sqlite3.connect(path)
    try:
        return {
            name: [(row[1], row[2].lower()) for row in conn.execute(f"pragma table_info({name})")]
            for name in schema.TABLES
        }
    finally:
        conn.close()


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("version", sorted(SCHEMAS))
def test_every_version_is_opened_and_becomes_the_current_one(open_session: Open, tmp_path: Path, version: int) -> None:
    path = make_session_file(tmp_path / "name.session", version)
    session = open_session("name")
    assert (session.dc_id, session.server_address, session.port) == (2, ADDRESS, 443)
    assert session.auth_key is not None
    assert session.auth_key.key == KEY
    assert session.takeout_id == (77 if version >= 5 else None)
    # Hashes stored before version 6 could be wrong.
    assert session.get_entity_rows_by_username("someone") == ((5, 55) if version >= 6 else None)
    state = session.get_update_state(0)
    assert (state and (state.pts, state.qts, state.seq)) == ((10, 20, 30) if version >= 4 else None)
    assert session.get_file(b"digest", 1, types.InputDocument) is None
    session.close()

    tables = _tables(path)
    assert tables["version"] == [(8,)]
    assert tables["sessions"] == [(2, ADDRESS, 443, KEY, 77 if version >= 5 else None, None)]
    assert tables["sent_files"] == ([(b"digest", 1, 2, 3, 4)] if version >= 3 else [])
    new = tmp_path / "new.session"
    open_session("new").close()
    assert _columns(path) == _columns(new)


@pytest.mark.parametrize("version", sorted(SCHEMAS))
def test_an_upgraded_file_can_be_used(open_session: Open, tmp_path: Path, version: int, user: Any) -> None:
    make_session_file(tmp_path / "name.session", version)
    session = open_session("name")
    session.process_entities([user(5, 56, username="someone")])
    session.set_update_state(0, types.updates.State(11, 21, None, 31, 0))
    session.cache_file(b"digest", 1, types.InputPhoto(1, 2, b""))
    session.takeout_id = 78
    session.close()
    session = open_session("name")
    assert session.get_entity_rows_by_username("someone") == (5, 56)
    assert session.takeout_id == 78


def test_a_new_file_has_the_columns_of_telethon(open_session: Open, tmp_path: Path) -> None:
    open_session("name").close()
    make_session_file(tmp_path / "theirs.session", 8)
    assert _columns(tmp_path / "name.session") == _columns(tmp_path / "theirs.session")
    assert _tables(tmp_path / "name.session") == {
        "version": [(8,)],
        "sessions": [(0, None, None, b"", None, b"")],
        "entities": [],
        "sent_files": [],
        "update_state": [],
    }


def test_P15_look_ups_use_indices(open_session: Open, tmp_path: Path) -> None:
    # Also in a file that Telethon made.
    make_session_file(tmp_path / "name.session", 8)
    session = open_session("name")
    for column in ("username", "phone", "name"):
        plan = session._execute(f"explain query plan select id, hash from entities where {column} = ?", "x")
        assert f"USING INDEX entities_by_{column}" in plan[-1]


@pytest.mark.parametrize("version", [9, 100])
def test_X3_a_newer_version_is_refused_and_left_alone(open_session: Open, tmp_path: Path, version: int) -> None:
    path = make_session_file(tmp_path / "name.session", 8)
    conn = sqlite3.connect(path)
    conn.execute("update version set version = ?", (version,))
    conn.commit()
    conn.close()
    before = _digest(path)
    with pytest.raises(SessionVersionError, match=f"name.session.*version {version}.*up to 8") as caught:
        open_session("name")
    assert caught.value.version == version
    assert caught.value.filename == str(path)
    assert _digest(path) == before


FOREIGN = {
    "another program": ["create table notes (text)"],
    "another library": [
        "create table sessions (dc_id integer primary key, api_id integer, test_mode integer, auth_key blob)",
        "create table version (number integer primary key)",
        "insert into version values (3)",
    ],
    "no sessions": ["create table version (version integer)", "insert into version values (8)"],
    "no number": [*SCHEMAS[1], "insert into version values ('text')"],
    "version 0": [*SCHEMAS[8], "insert into version values (0)"],
    "a login but no version": [*SCHEMAS[8], "insert into sessions (dc_id, auth_key) values (2, x'01')"],
}


@pytest.mark.parametrize("name", FOREIGN)
def test_X3_a_database_of_something_else_is_refused_and_left_alone(
    open_session: Open, tmp_path: Path, name: str
) -> None:
    path = tmp_path / "name.session"
    conn = sqlite3.connect(path)
    for statement in FOREIGN[name]:
        conn.execute(statement)
    conn.commit()
    conn.close()
    before = _digest(path)
    with pytest.raises(SessionDamagedError, match=r"name\.session.*use another session name"):
        open_session("name")
    assert _digest(path) == before


@pytest.mark.parametrize("done", range(6))
def test_X2_making_the_tables_goes_on_where_it_was_interrupted(open_session: Open, tmp_path: Path, done: int) -> None:
    # Telethon makes them one by one, so it may have been killed in between.
    conn = sqlite3.connect(tmp_path / "name.session")
    for statement in SCHEMAS[8][:done]:
        conn.execute(statement)
    conn.commit()
    conn.close()
    session = open_session("name")
    assert session.dc_id == 0
    session.set_dc(2, ADDRESS, 443)
    session.close()
    assert open_session("name").dc_id == 2


@pytest.mark.parametrize("version", [1, 2, 4, 6, 7])
def test_X2_an_upgrade_that_fails_changes_nothing(
    open_session: Open, tmp_path: Path, version: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make_session_file(tmp_path / "name.session", version)
    before = _digest(path)

    def fail(conn: sqlite3.Connection) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    with monkeypatch.context() as patch:
        # The last step, when everything else has been done.
        patch.setattr(schema, "create_indices", fail)
        with pytest.raises(sqlite3.OperationalError, match=r"name\.session"):
            open_session("name")
    assert _digest(path) == before
    assert open_session("name").dc_id == 2


def test_upgrading_through_the_old_name_of_the_method(open_session: Open, tmp_path: Path) -> None:
    session = open_session("name")
    session._upgrade_database(8)
    session._upgrade_database(7)
    session.set_dc(2, ADDRESS, 443)
    assert session._execute("select * from version") == (8,)


def test_somebody_faster_with_the_upgrade_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make_session_file(tmp_path / "name.session", 7)
    versions = iter([7])
    real = schema.read_version
    # As if the other one had been at it between the two looks at the version.
    first = SQLiteSession(str(path))
    first.close()
    monkeypatch.setattr(schema, "read_version", lambda conn: next(versions, None) or real(conn))
    conn, _ = _sqlitefile.open_file(str(path))
    _sqlitefile.close(conn)
    assert _tables(path)["version"] == [(8,)]
