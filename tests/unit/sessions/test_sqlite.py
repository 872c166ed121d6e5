from __future__ import annotations

import gc
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

import telethon.sessions
from telethon.crypto import AuthKey
from telethon.mtproto.salts import FutureSalt, KeyState
from telethon.sessions import MemorySession, SessionFileError, SQLiteSession, _sqlitefile
from telethon.sessions import sqlite as module
from telethon.tl import types

Open = Callable[..., SQLiteSession]
KEY = AuthKey(b"k" * 256)
TMP_KEY = AuthKey(b"t" * 256)


def test_names_of_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for given, filename in [
        ("a", "a.session"),
        ("b.session", "b.session"),
        ("c.db", "c.db.session"),
        (Path("d"), "d.session"),
        (None, ":memory:"),
        ("", ":memory:"),
    ]:
        session = SQLiteSession(given)
        assert session.filename == filename
        session.close()
    assert sorted(SQLiteSession.list_sessions()) == ["a", "b", "c.db", "d"]
    with pytest.raises(TypeError):
        SQLiteSession(5)  # type: ignore[arg-type]


def test_the_file_stays_the_same_when_the_program_changes_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    session = SQLiteSession("name")
    session.close()
    (tmp_path / "other").mkdir()
    monkeypatch.chdir(tmp_path / "other")
    session.set_dc(2, "149.154.167.51", 443)
    session.close()
    assert list((tmp_path / "other").iterdir()) == []
    monkeypatch.chdir(tmp_path)
    again = SQLiteSession("name")
    assert again.dc_id == 2
    again.close()


def test_everything_is_there_after_opening_again(open_session: Open, user: Any) -> None:
    session = open_session()
    session.set_dc(4, "149.154.167.91", 80)
    session.auth_key = KEY
    session.takeout_id = 7
    session.process_entities([user(1, username="Name", phone="49123")])
    moment = datetime(2021, 2, 3, 4, 5, 6, tzinfo=timezone.utc)
    session.set_update_state(0, types.updates.State(1, 2, moment, 3, 9))
    session.cache_file(b"digest", 5, types.InputPhoto(1, 2, b"reference"))
    session.close()

    session = open_session()
    assert (session.dc_id, session.server_address, session.port) == (4, "149.154.167.91", 80)
    assert session.auth_key == KEY
    assert session.takeout_id == 7
    assert session.get_entity_rows_by_username("name") == (1, 11)
    assert session.get_entity_rows_by_phone("49123") == (1, 11)
    assert session.get_update_state(0) == types.updates.State(1, 2, moment, 3, 0)
    assert session.get_file(b"digest", 5, types.InputPhoto) == types.InputPhoto(1, 2, b"")


@pytest.mark.parametrize("date", [None, 0, 1577836800, datetime(2020, 1, 1, tzinfo=timezone.utc)])
def test_dates_of_update_states(open_session: Open, date: Any) -> None:
    session = open_session()
    session.set_update_state(5, types.updates.State(1, 2, date, 3, 0))
    session.close()
    state = open_session().get_update_state(5)
    assert state is not None
    expected = date if isinstance(date, datetime) else datetime.fromtimestamp(date or 0, timezone.utc)
    assert state.date == expected


@pytest.mark.parametrize("name", ["set_dc", "auth_key", "takeout_id", "entities", "update_state"])
def test_what_is_set_is_stored_at_once(open_session: Open, tmp_path: Path, user: Any, name: str) -> None:
    session = open_session()
    other = sqlite3.connect(tmp_path / "name.session")
    if name == "set_dc":
        session.set_dc(2, "149.154.167.51", 443)
        assert other.execute("select dc_id, port from sessions").fetchall() == [(2, 443)]
    elif name == "auth_key":
        session.auth_key = KEY
        assert other.execute("select auth_key from sessions").fetchall() == [(KEY.key,)]
    elif name == "takeout_id":
        session.takeout_id = 7
        assert other.execute("select takeout_id from sessions").fetchall() == [(7,)]
    elif name == "entities":
        session.process_entities([user(1)])
        assert other.execute("select id from entities").fetchall() == [(1,)]
    else:
        session.set_update_state(0, types.updates.State(1, 2, None, 3, 0))
        assert other.execute("select pts, qts, seq from update_state").fetchall() == [(1, 2, 3)]
    # And nobody is kept from writing by it.
    other.execute("update version set version = 8")
    other.rollback()
    other.close()


def test_with_a_journal_writes_are_gathered_for_a_second(
    open_session: Open, tmp_path: Path, user: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1000.0]
    monkeypatch.setattr("telethon.sessions.sqlite.time.monotonic", lambda: now[0])
    monkeypatch.setattr(_sqlitefile, "_use_log", lambda conn, path: False)
    session = open_session()
    other = sqlite3.connect(tmp_path / "name.session")

    def stored() -> int:
        count: int = other.execute("select count(*) from entities").fetchone()[0]
        return count

    session.process_entities([user(1)])
    assert stored() == 1
    now[0] += 0.5
    session.process_entities([user(2)])
    assert stored() == 1
    assert session.get_entity_rows_by_id(2) == (2, 22)
    now[0] += 0.5
    session.process_entities([user(3)])
    assert stored() == 3
    session.process_entities([user(4)])
    session.save()
    assert stored() == 4
    session.process_entities([user(5)])
    session.close()
    assert stored() == 5
    other.close()


def test_P14_answers_without_entities_do_not_touch_the_file(open_session: Open) -> None:
    session = open_session()
    assert session._conn is not None
    statements: list[str] = []
    session._conn.set_trace_callback(statements.append)
    session.process_entities(types.NearestDc("xx", 2, 2))
    session.process_entities(types.contacts.ResolvedPeer(types.PeerUser(1), [], []))
    assert statements == []


def test_P14_known_entities_are_not_written_again(open_session: Open, user: Any) -> None:
    session = open_session()
    users = [user(number, username=f"user{number}") for number in range(200)]
    session.process_entities(users)
    assert session._conn is not None
    statements: list[str] = []
    session._conn.set_trace_callback(statements.append)
    session.process_entities(users)
    assert statements == ["pragma data_version"]
    session.process_entities([*users[:100], user(100, 5), *users[101:]])
    assert [text for text in statements if "into entities" in text and ", 5, " not in text] == []
    assert sum("into entities" in text for text in statements) == 1


def test_temporary_keys_are_stored_only_when_asked_for(open_session: Open, tmp_path: Path) -> None:
    session = open_session()
    session.tmp_auth_key = TMP_KEY
    session.takeout_id = 1
    assert session.tmp_auth_key == TMP_KEY
    session.close()
    session = open_session(store_tmp_auth_key_on_disk=True)
    assert session.tmp_auth_key is None
    session.tmp_auth_key = TMP_KEY
    session.close()
    assert open_session(store_tmp_auth_key_on_disk=True).tmp_auth_key == TMP_KEY
    assert open_session().tmp_auth_key is None
    session = open_session(store_tmp_auth_key_on_disk=True)
    session.tmp_auth_key = None
    session.close()
    assert open_session(store_tmp_auth_key_on_disk=True).tmp_auth_key is None


def test_saving_entities_can_be_switched_off(open_session: Open, user: Any) -> None:
    session = open_session()
    session.save_entities = False
    session.process_entities([user(1)])
    assert session.get_entity_rows_by_id(1) is None
    copy = session.clone()
    assert copy.save_entities is False
    assert copy.filename == ":memory:"
    copy.close()
    memory = MemorySession()
    assert session.clone(memory) is memory


def test_closing_twice_and_using_it_again(open_session: Open, user: Any) -> None:
    session = open_session()
    session.process_entities([user(1)])
    session.close()
    session.close()
    session.save()
    assert session._conn is None
    assert session.get_entity_rows_by_id(1) == (1, 11)
    session.process_entities([user(2)])
    assert session.get_entity_rows_by_id(2) == (2, 22)


def test_what_waited_when_the_file_was_closed_is_written_when_it_is_used_again(
    open_session: Open, tmp_path: Path, user: Any
) -> None:
    session = open_session()
    session._execute("pragma busy_timeout = 1")
    other = sqlite3.connect(tmp_path / "name.session")
    other.execute("update version set version = 8")
    session.process_entities([user(1)])
    session.close()
    other.rollback()
    other.close()
    session.save()
    session.close()
    assert open_session().get_entity_rows_by_id(1) == (1, 11)


def test_deleting(open_session: Open, tmp_path: Path, user: Any) -> None:
    session = open_session()
    session.set_dc(2, "149.154.167.51", 443)
    assert session.delete() is True
    assert list(tmp_path.iterdir()) == []
    assert session.delete() is False
    # It does not come back.
    session.process_entities([user(1)])
    session.save()
    session.close()
    assert list(tmp_path.iterdir()) == []
    memory = SQLiteSession()
    assert memory.delete() is True


def test_what_other_packages_do_to_the_database(open_session: Open) -> None:
    # The secret chat plug-in keeps a table of its own here.
    session = open_session()
    cursor = session._cursor()
    session._create_table(cursor, "secret_chats (id integer primary key, key blob)", "other (id)")
    cursor.execute("insert into secret_chats values (1, ?)", (b"key",))
    cursor.close()
    assert session._execute("select key from secret_chats where id = ?", 1) == (b"key",)
    assert session._execute("select key from secret_chats where id = ?", 2) is None
    session.save()
    session.close()
    session = open_session()
    assert session._execute("select key from secret_chats") == (b"key",)
    assert isinstance(session._conn, sqlite3.Connection)
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        session._execute("select * from missing")


def test_what_others_have_begun_is_not_undone(open_session: Open, user: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    session = open_session()
    session._execute("update sessions set port = 80")
    with monkeypatch.context() as patch:

        def fail(conn: sqlite3.Connection) -> None:
            raise sqlite3.OperationalError("database is locked")

        patch.setattr(session, "_write_rows", fail)
        session.process_entities([user(1)])
    session.save()
    session.close()
    session = open_session()
    assert session.port == 80
    assert session.get_entity_rows_by_id(1) == (1, 11)


def test_it_may_be_made_in_one_thread_and_used_in_another(open_session: Open, user: Any) -> None:
    session = open_session()
    failures: list[BaseException] = []

    def use() -> None:
        try:
            session.process_entities([user(1)])
            session.close()
        except BaseException as error:
            failures.append(error)

    thread = threading.Thread(target=use)
    thread.start()
    thread.join()
    assert failures == []
    assert session.get_entity_rows_by_id(1) == (1, 11)


@pytest.mark.filterwarnings("error")
def test_one_that_is_dropped_without_closing_closes_its_file(tmp_path: Path) -> None:
    session = SQLiteSession(str(tmp_path / "name"))
    session.set_dc(2, "149.154.167.51", 443)
    del session
    gc.collect()
    again = SQLiteSession(str(tmp_path / "name"))
    assert again.dc_id == 2
    again.close()


def test_one_that_could_not_be_made_can_be_dropped(tmp_path: Path) -> None:
    with pytest.raises(SessionFileError):
        SQLiteSession(str(tmp_path / "missing" / "name"))
    SQLiteSession.__new__(SQLiteSession).__del__()


def test_X5_nothing_secret_is_shown(open_session: Open, user: Any) -> None:
    session = open_session()
    session.auth_key = AuthKey(b"secretkey" * 28 + b"0123")
    session.process_entities([user(1, username="secretname", phone="4912345")])
    for text in (repr(session), str(session), repr(session._entities), repr(session._conn)):
        assert "secret" not in text
        assert "4912345" not in text


def test_names_that_others_import() -> None:
    assert module.EXTENSION == ".session"
    assert module.CURRENT_VERSION == 8
    assert module.sqlite3 is sqlite3
    with pytest.raises(AttributeError, match="nothing"):
        _ = module.nothing
    assert telethon.sessions.sqlite is module
    assert set(telethon.sessions.__all__) <= set(dir(telethon.sessions))
    with pytest.raises(AttributeError, match="nothing"):
        _ = telethon.sessions.nothing


def test_sqlite3_is_loaded_only_when_a_session_file_is_opened() -> None:
    script = (
        "import sys\n"
        "from telethon.sessions import MemorySession, SQLiteSession, StringSession\n"
        "StringSession()\n"
        "assert 'sqlite3' not in sys.modules\n"
        "SQLiteSession().close()\n"
        "assert 'sqlite3' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


STATE = KeyState(2**64 - 3, -77, (FutureSalt(10, 20, -(2**63)), FutureSalt(20, 30, 2**63 - 1)), -1.5)


def test_S6_salts_and_time_are_stored_by_data_centre(open_session: Open) -> None:
    session = open_session()
    assert session.get_key_state(2) is None
    session.set_key_state(2, STATE)
    session.set_key_state(4, STATE._replace(salt=5, future_salts=()))
    assert session.get_key_state(2) == STATE
    session.close()
    again = open_session()
    assert again.get_key_state(2) == STATE
    assert again.get_key_state(4) == KeyState(2**64 - 3, 5, (), -1.5)
    assert again.get_key_state(3) is None


def test_a_file_has_no_table_for_salts_before_there_are_any(open_session: Open, tmp_path: Path) -> None:
    session = open_session()
    session.get_key_state(2)
    session.close()
    conn = sqlite3.connect(tmp_path / "name.session")
    assert not conn.execute("select 1 from sqlite_master where name = 'key_state'").fetchone()
    conn.close()


@pytest.mark.parametrize(
    "row",
    [
        (2, b"short", 1, b"", 1.0),
        (2, bytes(8), "text", b"", 1.0),
        (2, bytes(8), 1, b"odd", 1.0),
        (2, bytes(8), 1, None, 1.0),
        (2, bytes(8), 1, b"", "text"),
        (2, None, None, None, None),
    ],
)
def test_S6_salts_that_make_no_sense_are_no_salts(open_session: Open, tmp_path: Path, row: Any) -> None:
    session = open_session()
    session.set_key_state(2, STATE)
    session.close()
    conn = sqlite3.connect(tmp_path / "name.session")
    conn.execute("delete from key_state")
    conn.execute("insert into key_state values (?, ?, ?, ?, ?)", row)
    conn.commit()
    conn.close()
    assert open_session().get_key_state(2) is None


def test_S6_another_table_of_that_name_costs_the_salts_only(open_session: Open, tmp_path: Path, user: Any) -> None:
    open_session().close()
    conn = sqlite3.connect(tmp_path / "name.session")
    conn.execute("create table key_state (something text)")
    conn.commit()
    conn.close()
    session = open_session()
    assert session.get_key_state(2) is None
    session.set_key_state(2, STATE)
    session.process_entities([user(5, 56)])
    session.close()
    assert open_session().get_entity_rows_by_id(5) == (5, 56)


def test_S6_salts_that_cannot_be_written_now_are_written_later(open_session: Open, tmp_path: Path) -> None:
    session = open_session()
    other = sqlite3.connect(tmp_path / "name.session")
    other.execute("begin immediate")
    session.set_key_state(2, STATE)
    assert session.get_key_state(2) == STATE
    other.rollback()
    other.close()
    session.close()
    assert open_session().get_key_state(2) == STATE


def test_X5_a_file_that_is_deleted_forgets_its_salts(open_session: Open) -> None:
    session = open_session()
    session.set_key_state(2, STATE)
    session.delete()
    assert session.get_key_state(2) is None


# -- keys with other data centres ----------------------------------------------------------------------------------

HOME_KEY, OTHER_KEY = AuthKey(bytes([1]) * 256), AuthKey(bytes([4]) * 256)


def test_keys_with_other_data_centres_are_stored(open_session: Open) -> None:
    session = open_session()
    session.auth_key = HOME_KEY
    assert session.get_other_key(4) is None
    session.set_other_key(4, OTHER_KEY)
    assert session.get_other_key(4) == OTHER_KEY
    session.close()
    again = open_session()
    assert again.get_other_key(4) == OTHER_KEY
    assert again.get_other_key(2) is None
    again.set_other_key(4, None)
    assert again.get_other_key(4) is None
    again.close()
    assert open_session().get_other_key(4) is None


def test_they_are_worth_nothing_with_another_key(open_session: Open) -> None:
    session = open_session()
    session.auth_key = HOME_KEY
    session.set_other_key(4, OTHER_KEY)
    session.auth_key = AuthKey(bytes([2]) * 256)
    session.close()
    again = open_session()
    assert again.get_other_key(4) is None
    again.auth_key = None
    assert again.get_other_key(4) is None
    again.auth_key = HOME_KEY
    assert again.get_other_key(4) == OTHER_KEY


def test_a_file_has_no_table_for_them_before_there_are_any(open_session: Open, tmp_path: Path) -> None:
    session = open_session()
    session.get_other_key(4)
    session.close()
    conn = sqlite3.connect(tmp_path / "name.session")
    assert not conn.execute("select 1 from sqlite_master where name = 'other_keys'").fetchone()
    conn.close()


@pytest.mark.parametrize("row", [(4, b"short", bytes(8)), (4, "text", bytes(8)), (4, bytes(256), 5), (4, None, None)])
def test_one_that_makes_no_sense_is_none(open_session: Open, tmp_path: Path, row: Any) -> None:
    session = open_session()
    session.auth_key = HOME_KEY
    session.set_other_key(4, OTHER_KEY)
    session.close()
    conn = sqlite3.connect(tmp_path / "name.session")
    conn.execute("delete from other_keys")
    conn.execute("insert into other_keys values (?, ?, ?)", row)
    conn.commit()
    conn.close()
    assert open_session().get_other_key(4) is None


def test_another_table_of_that_name_costs_these_keys_only(open_session: Open, tmp_path: Path, user: Any) -> None:
    open_session().close()
    conn = sqlite3.connect(tmp_path / "name.session")
    conn.execute("create table other_keys (something text)")
    conn.commit()
    conn.close()
    session = open_session()
    session.auth_key = HOME_KEY
    assert session.get_other_key(4) is None
    session.set_other_key(4, OTHER_KEY)
    session.process_entities([user(5, 56)])
    session.close()
    assert open_session().get_entity_rows_by_id(5) == (5, 56)


def test_X5_a_file_that_is_deleted_forgets_these_keys(open_session: Open) -> None:
    session = open_session()
    session.auth_key = HOME_KEY
    session.set_other_key(4, OTHER_KEY)
    session.delete()
    assert session.get_other_key(4) is None
