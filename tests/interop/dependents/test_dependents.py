"""Published packages that need Telethon, unchanged, with this package and with the real one in its place."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path

import pytest

from telethon import TelegramClient
from telethon.sessions import SQLiteSession

pytestmark = [pytest.mark.interop, pytest.mark.timeout(240)]

HERE = Path(__file__).parent
ROOT = HERE.parents[2]

OURS, THEIRS = "this package", "Telethon 1.45.0"


@pytest.fixture(params=[OURS, THEIRS])
def library(request):
    """Variables that let the package find one library or the other, and a check of the file it says it came from."""
    ours = request.param == OURS
    return (
        {"PYTHONPATH": str(ROOT)} if ours else {}
    ), lambda path: Path(path).is_relative_to(ROOT / "telethon") is ours


async def test_sessions_in_sql(cast, play, package_python, library):
    server, info = cast
    await server.actor(info["user"]["id"]).chat(info["bot"]["id"]).send("/start")
    variables, is_right = library
    python = package_python("sqlalchemy-telethon-session==0.0.1", "SQLAlchemy==2.0.*")
    played = await play(server, python, HERE / "sessions_in_sql.py", info, variables)
    assert played.finished, played.stderr
    first, second = played.details["first"], played.details["second"]
    assert is_right(first.pop("module"))
    assert first == {"text": "from the first run"}
    assert second == {"text": "from the second run", "peer": "InputPeerUser", "same": True}
    # The second run had nothing to log in for: the key came out of the database.
    imports = [request for request in server.requests if "ImportBotAuthorization" in type(request.request).__name__]
    assert len(imports) == 1


async def test_files_over_several_connections(cast, play, package_python, library):
    server, info = cast
    await server.actor(info["user"]["id"]).chat(info["bot"]["id"]).send("/start")
    variables, is_right = library
    python = package_python("aiofasttelethonhelper==0.1.4")
    played = await play(server, python, HERE / "fast_files.py", info, variables)
    assert played.finished, played.stderr
    assert is_right(played.details["up"]["module"])
    assert played.details["up"]["size"] == 11 * 1024 * 1024 + 123
    assert played.details["down"] == {"same": True}


async def test_a_command_that_uploads_and_downloads(cast, package_python, library, tmp_path):
    server, info = cast
    variables, _ = library
    python = package_python("telegram-upload==0.7.1", "setuptools<70")
    home = tmp_path / "home"
    (home / ".config").mkdir(parents=True)
    (home / ".config" / "telegram-upload.json").write_text(
        json.dumps({"api_id": server.api_id, "api_hash": server.api_hash})
    )
    # The command finds somebody logged in, as after its first use; nothing else in it is prepared.
    session = SQLiteSession(str(home / ".config" / "telegram-upload"))
    ready = server.client_session(server.actor(info["user"]["id"]))
    session.set_dc(ready.dc_id, ready.server_address, ready.port)
    session.auth_key = ready.auth_key
    session.save()
    session.close()
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "HTTP", "http"))}

    async def run(command: str, *arguments: str) -> str:
        process = await asyncio.create_subprocess_exec(
            str(Path(python).with_name(command)),
            *arguments,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env={**clean, **variables, "HOME": str(home)},
            cwd=tmp_path,
        )
        try:
            output = (await asyncio.wait_for(process.communicate(), 100))[0].decode()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        assert process.returncode == 0, output
        return output

    data = os.urandom(700_001)
    (tmp_path / "report.bin").write_bytes(data)
    (tmp_path / "note.txt").write_text("a few words")
    to = info["bot"]["username"]
    # For a caption of one's own it takes parts of pathlib that are gone in Python 3.12; its own are the names.
    own = sys.version_info < (3, 12)
    caption = ("--caption", "Here it is") if own else ()
    output = await run("telegram-upload", "report.bin", "note.txt", "--to", to, *caption, "--print-file-id")
    assert output.count("file_id") == 2, output
    reader = server.client(server.actor(info["user"]["id"]))
    assert isinstance(reader, TelegramClient)
    async with reader:
        messages = await reader.get_messages(to, limit=10)
        assert [(message.file.name, message.text) for message in messages] == [
            ("note.txt", "Here it is" if own else "note"),
            ("report.bin", "Here it is" if own else "report"),
        ]
        assert await messages[1].download_media(bytes) == data
    (tmp_path / "report.bin").unlink()
    (tmp_path / "note.txt").unlink()
    await run("telegram-download", "--from", to)
    assert (tmp_path / "report.bin").read_bytes() == data
    assert (tmp_path / "note.txt").read_text() == "a few words"
