"""Ctrl-C ends a program quietly, whatever it is doing, and leaves a session with which it goes on."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sqlite3
import sys
from pathlib import Path
from typing import Any

import pytest

from telethon.sessions import SQLiteSession

PROGRAM = Path(__file__).with_name("interrupted.py")
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no such signal")


async def line_of(process: asyncio.subprocess.Process) -> str:
    assert process.stdout is not None
    line = await asyncio.wait_for(process.stdout.readline(), 30)
    return line.decode().strip()


@pytest.mark.parametrize("way", ["with", "start", "loop", "coroutine"])
async def test_H11_ctrl_c_ends_a_program_quietly(telegram_server: Any, tmp_path: Path, way: str) -> None:
    server = telegram_server
    ann, bob = server.create_user("Ann"), server.create_user("Bob")
    made = server.client_session(ann)
    session = SQLiteSession(str(tmp_path / "ann"))
    session.set_dc(made.dc_id, made.server_address, made.port)
    session.auth_key = made.auth_key
    session.save()
    session.close()
    address = [made.server_address, made.port]
    arguments = [way, str(tmp_path / "ann"), str(made.dc_id), json.dumps(address), server.public_key_pem]
    pts = []
    for run in range(2):
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            str(PROGRAM),
            *arguments,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            assert await line_of(process) == "ready"
            await asyncio.sleep(0.5)
            await bob.chat(ann).send(f"hello {run}")
            assert await line_of(process) == f"hello {run}"
            process.send_signal(signal.SIGINT)
            out, err = await asyncio.wait_for(process.communicate(), 10)
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        assert err.decode() == ""
        assert out.decode().strip() == "over"
        assert process.returncode == 0
        with sqlite3.connect(tmp_path / "ann.session") as database:
            assert database.execute("pragma integrity_check").fetchone() == ("ok",)
            assert database.execute("select count(*) from sessions").fetchone() == (1,)
            [(state,)] = database.execute("select pts from update_state where id = 0").fetchall()
            pts.append(state)
            assert database.execute("select count(*) from entities where id = ?", (bob.id,)).fetchone() == (1,)
        database.close()
        # Whatever was a lock or a journal is put away.
        assert sorted(os.listdir(tmp_path)) == ["ann.session"]
    assert pts == [ann.account.mailbox.pts - 1, ann.account.mailbox.pts]
    assert server.sessions_of(ann.id) == [] or not any(one.is_connected for one in server.sessions_of(ann.id))
