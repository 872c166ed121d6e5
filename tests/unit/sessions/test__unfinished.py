"""Updates that are not finished, in the file of a session."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from telethon.crypto import AuthKey
from telethon.sessions import SessionLockedError, SQLiteSession, StoredUpdate
from telethon.tl import types

ONE = StoredUpdate(1, b"one", False)
TWO = StoredUpdate(2, b"two", True)


def state(pts: int) -> types.updates.State:
    return types.updates.State(pts, 0, None, 0, 0)


def test_what_is_written_is_read_in_order(open_session):
    session = open_session()
    assert session.get_unfinished_updates() == []
    session.write_updates(new=[TWO, ONE])
    assert session.get_unfinished_updates() == [ONE, TWO]
    session.write_updates(handed_out=[1], finished=[2])
    session.close()
    assert session.get_unfinished_updates() == [ONE._replace(is_handed_out=True)]
    session.write_updates(finished=[1])
    assert session.get_unfinished_updates() == []


def test_finished_before_it_was_written(open_session):
    session = open_session()
    session.write_updates(new=[ONE], handed_out=[1], finished=[1])
    assert session.get_unfinished_updates() == []


def test_U6_state_and_updates_are_one_transaction(open_session, tmp_path: Path):
    session = open_session()
    session.write_updates(new=[ONE])
    trace: list[str] = []
    session._conn.set_trace_callback(trace.append)
    session.write_updates([(0, state(5)), (7, state(6))], new=[TWO], finished=[1])
    assert [one.lower() for one in trace].count("commit") == 1
    other = sqlite3.connect(tmp_path / "name.session")
    assert other.execute("select id, pts from update_state order by id").fetchall() == [(0, 5), (7, 6)]
    assert other.execute("select id from unfinished_updates").fetchall() == [(2,)]
    other.close()


def test_the_file_has_the_table_only_when_it_is_needed(open_session):
    session = open_session()
    session.set_update_state(0, state(1))
    tables = "select count(*) from sqlite_master where name = 'unfinished_updates'"
    assert session._execute(tables) == (0,)
    session.write_updates([(0, state(2))])
    assert session._execute(tables) == (0,)
    session.write_updates(new=[ONE])
    assert session._execute(tables) == (1,)


def test_while_the_file_is_locked_it_is_kept(open_session, tmp_path: Path, caplog: pytest.LogCaptureFixture):
    session = open_session()
    other = sqlite3.connect(tmp_path / "name.session")
    session._conn.execute("pragma busy_timeout = 0")
    other.execute("begin immediate")
    session.write_updates([(0, state(5))], new=[ONE])
    assert "kept in memory until it can be written" in caplog.text
    assert session.get_update_state(0).pts == 5
    with pytest.raises(SessionLockedError):
        session.finish_update(1)
    other.rollback()
    assert session.get_unfinished_updates() == [ONE]
    other.close()


def test_a_slow_disk_is_no_reason_to_write_later(open_session, tmp_path: Path):
    session = open_session()
    session._has_cheap_commits = False
    session.set_update_state(0, state(1))
    session.write_updates([(0, state(2))], new=[ONE])
    other = sqlite3.connect(tmp_path / "name.session")
    assert other.execute("select pts from update_state").fetchone() == (2,)
    other.close()


def test_finishing_takes_along_what_the_effect_does(open_session):
    session = open_session()
    session.write_updates(new=[ONE, TWO])
    session._execute("create table mine (number)")

    def effect(connection):
        connection.execute("insert into mine values (5)")
        return "done"

    assert session.finish_update(1, effect) == "done"
    assert session.finish_update(2) is None
    assert session.get_unfinished_updates() == []
    assert session._execute("select * from mine") == (5,)
    # One that is not there does no harm.
    assert session.finish_update(3) is None


@pytest.mark.parametrize("error", [ValueError("no"), sqlite3.IntegrityError("twice")])
def test_an_effect_that_fails_undoes_only_itself(open_session, error):
    session = open_session()
    session.write_updates(new=[ONE])
    session._execute("create table mine (number)")
    session._execute("insert into mine values (1)")

    def effect(connection):
        connection.execute("insert into mine values (5)")
        raise error

    with pytest.raises(type(error)) as raised:
        session.finish_update(1, effect)
    assert raised.value is error
    assert session.get_unfinished_updates() == [ONE]
    # What somebody began before is not undone.
    assert session._execute("select count(*) from mine") == (1,)


async def _asynchronous(connection):
    raise AssertionError


@pytest.mark.parametrize(
    ("effect", "error", "text"),
    [
        (_asynchronous, TypeError, "plain function"),
        (lambda connection: connection.commit(), RuntimeError, "must not commit"),
        (lambda connection: connection.executescript("create table x (y)"), RuntimeError, "executescript"),
    ],
)
def test_effects_that_cannot_be(open_session, effect, error, text):
    session = open_session()
    session.write_updates(new=[ONE])
    with pytest.raises(error, match=text):
        session.finish_update(1, effect)
    assert session.get_unfinished_updates() == [ONE]


def test_deleting_the_file_takes_them_along(open_session, tmp_path: Path):
    session = open_session()
    session.write_updates(new=[ONE])
    session.delete()
    assert list(tmp_path.iterdir()) == []


def test_in_memory():
    session = SQLiteSession()
    session.auth_key = AuthKey(b"k" * 256)
    session.write_updates([(0, state(3))], new=[ONE])
    assert session.get_unfinished_updates() == [ONE]
    session.close()
