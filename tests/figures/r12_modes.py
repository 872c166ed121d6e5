"""Who may read what a client puts on the disk, whatever the umask is."""

from __future__ import annotations

import asyncio
import os
import shutil
import stat
import tempfile
from pathlib import Path
from typing import Any

from telethon import TelegramClient
from telethon.sessions import SQLiteSession
from telethon.testing import TelegramTestServer

from .figure import Row, Size, at_least, exactly

TITLE = "rights of files"
MASKS = (0o000, 0o022, 0o077)


async def use(folder: Path, modes: dict[str, int]) -> None:
    """A client with a session file logs in and works; what lies on the disk is looked at all the time."""
    path = folder / "client.session"
    async with TelegramTestServer(dcs=(2,)) as server:
        user, other = server.create_user("Ann"), server.create_user("Bob", username="bob_1")
        session = SQLiteSession(str(path))
        known = server.client_session(user)
        session.set_dc(known.dc_id, known.server_address, known.port)
        session.auth_key = known.auth_key
        look(folder, modes)
        client = TelegramClient(session, server.api_id, server.api_hash)
        await client.connect()
        for number in range(20):
            await client.send_message("bob_1", str(number))
            session.save()
            look(folder, modes)
        await other.chat(user).send("hello")
        # An open transaction keeps the files there that belong to it.
        session._execute("update sessions set port = port")
        look(folder, modes)
        await client.disconnect()
        look(folder, modes)


def look(folder: Path, modes: dict[str, int]) -> None:
    """Note the rights of all files, the widest ones of each."""
    for path in folder.iterdir():
        mode = stat.S_IMODE(path.stat().st_mode)
        modes[path.name] = modes.get(path.name, 0) | mode


def measure(size: Size) -> list[Row]:
    """See the head of this module."""
    rows: list[Row] = []
    before = os.umask(0o022)
    try:
        for mask in MASKS:
            folder = Path(tempfile.mkdtemp())
            modes: dict[str, int] = {}
            os.umask(mask)
            try:
                asyncio.run(use(folder, modes))
                rows += told(f"umask {mask:03o}", modes)
            finally:
                os.umask(before)
                shutil.rmtree(folder)
    finally:
        os.umask(before)
    return rows


def told(where: str, modes: dict[str, Any]) -> list[Row]:
    """One row for each file."""
    return [
        at_least(f"{where}: files that appeared", len(modes), 2),
        *(exactly(f"{where}: {name}", f"{mode:04o}", "0600") for name, mode in sorted(modes.items())),
    ]
