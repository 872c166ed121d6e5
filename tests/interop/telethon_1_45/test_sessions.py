"""Session files and string sessions go from Telethon 1.45 to this library and back."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from session_files import KEY, SCHEMAS, make_session_file

from telethon.crypto import AuthKey
from telethon.mtproto.salts import FutureSalt, KeyState
from telethon.sessions import SQLiteSession, StoredUpdate, StringSession

SCRIPT = Path(__file__).with_name("session_script.py")
Run = Callable[..., Any]


def _run(python: str, *args: str) -> Any:
    ours = python == sys.executable
    environment = {name: value for name, value in os.environ.items() if ours or not name.startswith("PYTHON")}
    if ours:
        environment["PYTHONPATH"] = str(Path(__file__).parents[3])
    done = subprocess.run(
        [python, str(SCRIPT), *args], capture_output=True, text=True, check=False, env=environment, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_file_of_telethon_is_read_here(anchor_python: str, tmp_path: Path) -> None:
    path = str(tmp_path / "name")
    told = _run(anchor_python, "write", path)
    assert _run(sys.executable, "read", path) == told
    # And there again, after it was opened here.
    assert _run(anchor_python, "read", path) == told


def test_a_file_from_here_is_read_by_telethon(anchor_python: str, tmp_path: Path) -> None:
    path = str(tmp_path / "name")
    told = _run(sys.executable, "write", path)
    assert _run(anchor_python, "read", path) == told
    assert _run(anchor_python, "write", path) == told
    assert _run(sys.executable, "read", path) == told


def test_telethon_reads_a_file_that_is_open_here(anchor_python: str, tmp_path: Path) -> None:
    path = str(tmp_path / "name")
    told = _run(sys.executable, "write", path)
    session = SQLiteSession(path)
    session.takeout_id = 99
    assert _run(anchor_python, "read", path) == told
    session.takeout_id = 100
    session.close()
    assert _run(anchor_python, "read", path)["login"][3] == 100


def test_both_write_what_the_other_reads_as_text(anchor_python: str, tmp_path: Path) -> None:
    told = _run(anchor_python, "write", str(tmp_path / "name"))
    session = StringSession(told["text"])
    assert session.save() == told["text"]
    assert session.auth_key is not None
    assert session.auth_key.key is not None
    assert session.auth_key.key.hex() == told["key"]


@pytest.mark.parametrize("version", [number for number in sorted(SCHEMAS) if number > 1])
def test_upgrades_of_old_files_give_the_same(anchor_python: str, tmp_path: Path, version: int) -> None:
    # Version 1 is left out, since Telethon 1.45 fails at it.
    def rows(path: Path) -> dict[str, Any]:
        conn = sqlite3.connect(path)
        tables = ("version", "sessions", "entities", "sent_files", "update_state")
        found = {name: conn.execute(f"select * from {name}").fetchall() for name in tables}
        conn.close()
        return found

    theirs = make_session_file(tmp_path / "theirs.session", version)
    ours = make_session_file(tmp_path / "ours.session", version)
    code = "import sys; from telethon.sessions import SQLiteSession; SQLiteSession(sys.argv[1]).close()"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    subprocess.run([anchor_python, "-c", code, str(theirs)], check=True, env=environment, timeout=60)
    session = SQLiteSession(str(ours))
    assert session.auth_key is not None
    assert session.auth_key.key == KEY
    session.close()
    assert rows(ours) == rows(theirs)


def test_S6_a_file_with_salts_is_read_and_written_by_telethon(anchor_python: str, tmp_path: Path) -> None:
    path = str(tmp_path / "name")
    told = _run(sys.executable, "write", path)
    state = KeyState(77, -5, (FutureSalt(1, 2, 3),), 0.5)
    session = SQLiteSession(path)
    session.set_key_state(4, state)
    session.close()
    assert _run(anchor_python, "read", path) == told
    assert _run(anchor_python, "write", path) == told
    session = SQLiteSession(path)
    assert session.get_key_state(4) == state
    # Also while it is open here, with salts that are still in the log beside the file.
    session.set_key_state(4, state._replace(salt=6))
    assert _run(anchor_python, "write", path) == told
    session.set_key_state(2, state)
    assert session.get_key_state(4) == state._replace(salt=6)
    session.close()
    assert _run(anchor_python, "read", path) == told


def test_a_file_with_keys_of_other_data_centres_is_read_and_written_by_telethon(
    anchor_python: str, tmp_path: Path
) -> None:
    path = str(tmp_path / "name")
    told = _run(sys.executable, "write", path)
    session = SQLiteSession(path)
    other = AuthKey(bytes([4]) * 256)
    session.set_other_key(4, other)
    session.close()
    assert _run(anchor_python, "read", path) == told
    assert _run(anchor_python, "write", path) == told
    session = SQLiteSession(path)
    assert session.get_other_key(4) == other
    session.close()


def test_U6_a_file_with_unfinished_updates_is_read_and_written_by_telethon(anchor_python: str, tmp_path: Path) -> None:
    path = str(tmp_path / "name")
    told = _run(sys.executable, "write", path)
    one = StoredUpdate(5, b"body", True)
    session = SQLiteSession(path)
    session.write_updates(new=[one])
    session.close()
    assert _run(anchor_python, "read", path) == told
    assert _run(anchor_python, "write", path) == told
    session = SQLiteSession(path)
    assert session.get_unfinished_updates() == [one]
    # Also while it is open here.
    session.write_updates(new=[one._replace(id=6)])
    assert _run(anchor_python, "write", path) == told
    session.write_updates(finished=[5])
    assert session.get_unfinished_updates() == [one._replace(id=6)]
    session.close()
    assert _run(anchor_python, "read", path) == told
