from __future__ import annotations

import hashlib
import os
import random
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from session_files import make_session_file

from telethon.crypto import AuthKey
from telethon.sessions import (
    SessionDamagedError,
    SessionFileError,
    SessionLockedError,
    SessionNotWritableError,
    SQLiteSession,
    _sqlitefile,
)
from telethon.tl import types

Open = Callable[..., SQLiteSession]

posix = pytest.mark.skipif(os.name != "posix", reason="rights and forks are those of POSIX systems")


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _modes(folder: Path) -> dict[str, int]:
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}


@pytest.fixture(params=["log", "journal"])
def slow_or_fast(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both ways of writing: to a log where that works, else with a journal."""
    if request.param == "journal":
        monkeypatch.setattr(_sqlitefile, "_use_log", lambda conn, path: False)
    mode: str = request.param
    return mode


# -- X1: rights


@posix
@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_X1_R12_only_the_owner_can_read_what_appears(
    open_session: Open, tmp_path: Path, umask: int, slow_or_fast: str, user: Any
) -> None:
    before = os.umask(umask)
    try:
        session = open_session("name")
        session.auth_key = AuthKey(b"k" * 256)
        session.process_entities([user(1)])
        # An open transaction keeps the journal there.
        session._execute("update sessions set port = 1")
        modes = _modes(tmp_path)
    finally:
        os.umask(before)
    assert set(modes) >= {"name.session", "name.session-wal" if slow_or_fast == "log" else "name.session-journal"}
    assert set(modes.values()) == {0o600}


@posix
@pytest.mark.parametrize("mode", [0o644, 0o666, 0o660, 0o640])
def test_X1_an_existing_file_is_tightened(open_session: Open, tmp_path: Path, mode: int) -> None:
    path = make_session_file(tmp_path / "name.session")
    path.chmod(mode)
    left_over = tmp_path / "name.session-shm"
    left_over.touch()
    left_over.chmod(mode)
    session = open_session("name")
    assert set(_modes(tmp_path).values()) == {0o600}
    session.close()
    assert _modes(tmp_path)["name.session"] == 0o600


@posix
def test_X1_a_file_that_is_tight_enough_is_not_touched(open_session: Open, tmp_path: Path) -> None:
    path = make_session_file(tmp_path / "name.session")
    path.chmod(0o700)
    open_session("name")
    assert _modes(tmp_path)["name.session"] == 0o700


# -- X3: files that cannot be used


def _truncated(data: bytes) -> list[bytes]:
    return [data[:size] for size in (1, 15, 16, 100, 1024, 4096, 8192, len(data) - 4096, len(data) - 1)]


def _damaged(data: bytes) -> list[bytes]:
    def flipped(at: int, size: int) -> bytes:
        return data[:at] + bytes(byte ^ 0xFF for byte in data[at : at + size]) + data[at + size :]

    return [
        b"not a database at all" * 100,
        b"\0" * 8192,
        flipped(0, 16),
        flipped(20, 80),
        flipped(100, 8),
        # The pages of sessions and of entities.
        flipped(4096 * 2, 64),
        flipped(4096 * 3, 64),
        os.urandom(len(data)),
    ]


@pytest.mark.parametrize("case", range(17))
def test_X3_a_damaged_file_is_an_error_that_names_it_and_is_left_alone(
    open_session: Open, tmp_path: Path, case: int
) -> None:
    path = make_session_file(tmp_path / "name.session")
    data = path.read_bytes()
    path.write_bytes([*_truncated(data), *_damaged(data)][case])
    before = _digest(path)
    with pytest.raises(SessionDamagedError, match=r"name\.session.*restore it from a copy") as caught:
        open_session("name")
    assert isinstance(caught.value, SessionFileError)
    # What programs handled so far.
    assert isinstance(caught.value, sqlite3.DatabaseError)
    assert caught.value.filename == str(path)
    assert _digest(path) == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["name.session"]


def test_X3_any_change_of_a_few_bytes_opens_or_is_an_error(tmp_path: Path) -> None:
    data = make_session_file(tmp_path / "whole.session").read_bytes()
    rand = random.Random(20240501)
    refused = 0
    for number in range(int(os.environ.get("SESSION_MUTATIONS", "300"))):
        changed = bytearray(data)
        for _ in range(rand.randint(1, 8)):
            changed[rand.randrange(len(changed))] ^= 1 << rand.randrange(8)
        path = tmp_path / f"{number}.session"
        path.write_bytes(changed)
        before = _digest(path)
        try:
            session = SQLiteSession(str(path))
        except SessionFileError as caught:
            error = caught
        else:
            session.close()
            continue
        assert error.filename == str(path)
        assert _digest(path) == before
        refused += 1
    assert refused


def test_X3_a_key_of_another_size_is_damage(open_session: Open, tmp_path: Path) -> None:
    path = make_session_file(tmp_path / "name.session")
    conn = sqlite3.connect(path)
    conn.execute("update sessions set auth_key = ?", (b"secret" * 10,))
    conn.commit()
    conn.close()
    with pytest.raises(SessionDamagedError, match="auth_key is not one of 256 bytes") as caught:
        open_session("name")
    assert "secret" not in str(caught.value)


def test_X3_an_empty_file_is_a_new_session(open_session: Open, tmp_path: Path) -> None:
    (tmp_path / "name.session").touch()
    assert open_session("name").dc_id == 0


def test_X3_a_missing_folder_is_told(open_session: Open, tmp_path: Path) -> None:
    with pytest.raises(SessionNotWritableError, match=r"name\.session.*folder does not exist"):
        open_session("missing/name")
    assert list(tmp_path.iterdir()) == []


def test_X3_a_folder_in_place_of_the_file_is_told(open_session: Open, tmp_path: Path) -> None:
    (tmp_path / "name.session").mkdir()
    with pytest.raises(SessionNotWritableError, match="is not a file"):
        open_session("name")


@posix
@pytest.mark.parametrize("what", ["file", "folder"])
def test_X3_a_read_only_file_is_told_and_left_alone(tmp_path: Path, what: str) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    path = make_session_file(folder / "name.session")
    before = _digest(path)
    path.chmod(0o444 if what == "file" else 0o666)
    folder.chmod(0o777 if what == "file" else 0o555)
    script = (
        "import os, sys\n"
        "from telethon.sessions import SessionNotWritableError, SQLiteSession\n"
        # Nothing is read-only for root.
        "if os.geteuid() == 0: os.setuid(65534)\n"
        "try: SQLiteSession(sys.argv[1])\n"
        "except SessionNotWritableError as error: print(error)\n"
    )
    for parent in (tmp_path, *tmp_path.parents[:3]):
        if parent.owner() != "root" or os.geteuid() == 0:
            parent.chmod(parent.stat().st_mode | 0o055)
    done = subprocess.run([sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=False)
    folder.chmod(0o755)
    assert "name.session" in done.stdout, done.stderr
    assert "cannot be" in done.stdout
    assert _digest(path) == before


def test_X3_a_full_disk_costs_nothing_but_the_file(
    open_session: Open, user: Any, caplog: pytest.LogCaptureFixture, slow_or_fast: str
) -> None:
    now = [time.monotonic()]
    session = open_session("name")
    session.set_dc(2, "149.154.167.51", 443)
    session.process_entities([user(1)])
    assert session._conn is not None
    used = session._execute("pragma page_count")[0]
    session._execute(f"pragma max_page_count = {used}")
    many = [user(number, first_name="A name that takes some room " * 20) for number in range(1, 300)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("telethon.sessions.sqlite.time.monotonic", lambda: now[0])
        now[0] += 10
        session.process_entities(many)
        session.set_update_state(0, types.updates.State(1, 2, None, 3, 0))
        now[0] += 10
        session.process_entities([user(7, 7777)])
        assert [record.levelname for record in caplog.records] == ["WARNING"]
        assert "name.session" in caplog.text
        assert "full" in caplog.text

        # All of it is there, from memory.
        assert session.get_entity_rows_by_id(200) == (200, 2200)
        assert session.get_entity_rows_by_id(7) == (7, 7777)
        assert session.get_update_state(0) is not None
        # The login, though, must not be thought to be stored.
        with pytest.raises(SessionNotWritableError, match=r"name\.session.*full"):
            session.cache_file(b"digest" * 10_000, 1, types.InputPhoto(1, 2, b""))

        # Space again.
        session._execute("pragma max_page_count = 100000")
        session.save()
    session.close()
    session = open_session("name")
    assert session.get_entity_rows_by_id(200) == (200, 2200)
    assert session.get_entity_rows_by_id(7) == (7, 7777)
    assert session.dc_id == 2


# -- X4: several users of a file


def test_X4_a_program_in_the_middle_of_writing_is_told_within_a_second(open_session: Open, tmp_path: Path) -> None:
    path = make_session_file(tmp_path / "name.session")
    other = sqlite3.connect(path)
    other.execute("update sessions set port = 80")
    before = time.monotonic()
    with pytest.raises(SessionLockedError, match=r"name\.session.*another program") as caught:
        open_session("name")
    assert time.monotonic() - before < 1
    assert isinstance(caught.value, sqlite3.OperationalError)
    other.rollback()
    assert open_session("name").port == 443
    other.close()


def test_X4_what_cannot_be_written_now_is_written_later(
    open_session: Open, tmp_path: Path, user: Any, caplog: pytest.LogCaptureFixture, slow_or_fast: str
) -> None:
    session = open_session("name")
    session._execute("pragma busy_timeout = 1")
    other = sqlite3.connect(tmp_path / "name.session")
    other.execute("update sessions set port = 80")
    session.process_entities([user(1, username="name")])
    session.set_update_state(0, types.updates.State(1, 2, None, 3, 0))
    session.save()
    assert len(caplog.records) == 1
    assert session.get_entity_rows_by_username("name") == (1, 11)
    with pytest.raises(SessionLockedError, match=r"name\.session"):
        session.set_dc(2, "149.154.167.51", 443)
    other.commit()
    session.save()
    session.set_dc(2, "149.154.167.51", 443)
    assert other.execute("select id, username from entities").fetchall() == [(1, "name")]
    assert other.execute("select pts from update_state").fetchall() == [(1,)]
    assert other.execute("select dc_id from sessions").fetchall() == [(2,)]
    other.close()


def test_X4_two_clients_of_one_process_see_each_others_writes(open_session: Open, user: Any, slow_or_fast: str) -> None:
    one, two = open_session("name"), open_session("name")
    one.process_entities([user(1, username="name")])
    one.save()
    assert two.get_entity_rows_by_username("name") == (1, 11)
    two.process_entities([user(1, username="other")])
    two.save()
    # Nothing has changed for the first one, yet what the file holds has.
    one.process_entities([user(1, username="name")])
    one.save()
    assert two.get_entity_rows_by_username("name") == (1, 11)


def _fork(work: Callable[[], None]) -> int:
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        work()
        status = 0
    finally:
        os._exit(status)


@posix
def test_X4_I31_no_write_of_two_processes_is_lost(
    open_session: Open, tmp_path: Path, user: Any, slow_or_fast: str
) -> None:
    open_session("name").close()

    def write(first: int) -> None:
        session = SQLiteSession(str(tmp_path / "name"))
        for number in range(first, first + 1000, 2):
            session.process_entities([user(number, username=f"user{number}")])
            session.set_update_state(-number, types.updates.State(number, 0, None, 0, 0))
        session.close()

    children = [_fork(lambda first=first: write(first)) for first in (1, 2)]  # type: ignore[misc]
    for child in children:
        assert os.waitpid(child, 0)[1] == 0
    session = open_session("name")
    assert session._execute("select count(*), count(distinct username) from entities") == (1000, 1000)
    assert session._execute("select count(*) from update_state") == (1000,)


# -- X2: crashes


@posix
def test_X2_R3_I32_killed_while_writing_the_file_keeps_the_key(
    open_session: Open, tmp_path: Path, user: Any, slow_or_fast: str
) -> None:
    session = open_session("name")
    session.set_dc(2, "149.154.167.51", 443)
    session.auth_key = AuthKey(b"k" * 256)
    session.close()
    rand = random.Random(7)
    kills = int(os.environ.get("SESSION_KILLS", "25"))
    saved = 0

    def write() -> None:
        mine = SQLiteSession(str(tmp_path / "name"))
        number = 0
        while True:
            number += 1
            mine.process_entities([user(number % 500 + 1, number, username=f"user{number}")])
            mine.set_update_state(0, types.updates.State(number, 0, None, 0, 0))
            if number % 10 == 0:
                mine.takeout_id = number
                mine.save()
                if number == 10:
                    os.write(saved, b"1")

    progress = 0
    for number in range(kills):
        waiting, saved = os.pipe()
        child = _fork(write)
        os.close(saved)
        if number % 2:
            # On a busy machine it takes a while until something is written. The others may die while they open it.
            os.read(waiting, 1)
        time.sleep(rand.uniform(0.01, 0.05))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(waiting)
        again = SQLiteSession(str(tmp_path / "name"))
        assert again.auth_key is not None
        assert again.auth_key.key == b"k" * 256
        assert again._execute("pragma integrity_check") == ("ok",)
        progress += again.takeout_id is not None
        again.close()
    assert progress, "the children were killed before they wrote anything"


def test_the_login_is_never_in_the_log_only(open_session: Open, tmp_path: Path) -> None:
    session = open_session("name")
    session.set_dc(2, "149.154.167.51", 443)
    session.auth_key = AuthKey(b"k" * 256)
    # As somebody would who makes a copy of a running client's session.
    (tmp_path / "copy.session").write_bytes((tmp_path / "name.session").read_bytes())
    copy = open_session("copy")
    assert copy.dc_id == 2
    assert copy.auth_key == session.auth_key


def test_closing_leaves_one_file_in_the_ordinary_mode(open_session: Open, tmp_path: Path, user: Any) -> None:
    session = open_session("name")
    assert session._execute("pragma journal_mode") == ("wal",)
    session.process_entities([user(1)])
    session.close()
    assert [path.name for path in tmp_path.iterdir()] == ["name.session"]
    assert (tmp_path / "name.session").read_bytes()[18:20] == b"\x01\x01"


def test_closing_does_not_disturb_another_user(open_session: Open, user: Any) -> None:
    one, two = open_session("name"), open_session("name")
    one.process_entities([user(1)])
    one.close()
    two.process_entities([user(2)])
    assert two.get_entity_rows_by_id(1) == (1, 11)
    assert two.get_entity_rows_by_id(2) == (2, 22)


@posix
def test_a_file_of_somebody_else_is_not_put_into_another_mode(
    open_session: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, user: Any
) -> None:
    make_session_file(tmp_path / "name.session")
    owner = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: owner + 1)
    session = open_session("name")
    assert session._execute("pragma journal_mode") == ("delete",)
    session.process_entities([user(1)])
    session.close()
    assert open_session("name").get_entity_rows_by_id(1) == (1, 11)


def test_a_file_system_without_shared_memory_is_written_with_a_journal(tmp_path: Path) -> None:
    make_session_file(tmp_path / "name.session")

    class Connection(sqlite3.Connection):
        def execute(self, statement: str, *args: Any) -> sqlite3.Cursor:  # type: ignore[override]
            if statement.startswith("select") and super().execute("pragma journal_mode").fetchone() == ("wal",):
                raise sqlite3.OperationalError("disk I/O error")
            return super().execute(statement, *args)

    conn = sqlite3.connect(tmp_path / "name.session", factory=Connection)
    assert _sqlitefile._use_log(conn, str(tmp_path / "name.session")) is False
    assert conn.execute("pragma journal_mode").fetchone() == ("delete",)
    conn.close()


def test_errors_of_programs_are_not_explained_away(tmp_path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError, match="no such table"), _sqlitefile.explained("name"):
        sqlite3.connect(":memory:").execute("select * from missing")
