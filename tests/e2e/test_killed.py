"""R4: a program that is killed at any moment and begins again gets every update."""

from __future__ import annotations

import asyncio
import json
import random
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from telethon.sessions import SQLiteSession

PROGRAM = Path(__file__).with_name("killed.py")
ROOT = Path(__file__).resolve().parents[2]


class Program:
    """The program in a process of its own, and what it has printed."""

    def __init__(self, arguments: list[str], texts: list[str]) -> None:
        self._arguments = arguments
        self._texts = texts

    async def __aenter__(self) -> Program:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            str(PROGRAM),
            *self._arguments,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={"PYTHONPATH": str(ROOT)},
        )
        self._reading = asyncio.create_task(self._read())
        return self

    async def _read(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            if line.endswith(b"\n"):
                self._texts.append(json.loads(line))

    async def __aexit__(self, *_: Any) -> None:
        self._process.kill()
        await self._process.wait()
        await self._reading


def check_run(number: int, said: list[str], heard: list[str], known: set[str]) -> None:
    """What one run was told: in each chat messages in a row, each once, beginning at the first new one or earlier."""
    for where in ("private", "group"):
        spoken = [text for text in said if text.startswith(where)]
        places = [spoken.index(text) for text in heard if text.startswith(where)]
        if places:
            assert places == list(range(places[0], places[-1] + 1)), f"run {number}, {where}: {places}"
            assert all(text in known for text in spoken[: places[0]]), f"run {number}, {where}: begins at {places[0]}"


@pytest.mark.timeout(180)
async def test_R4_U6_twenty_kills_lose_nothing(telegram_server, tmp_path, eventually):
    server = telegram_server
    ann, bob = server.create_user("Ann"), server.create_user("Bob")
    group = server.create_channel("Group", ann, [bob], megagroup=True)
    stored = server.client_session(bob)
    session = SQLiteSession(str(tmp_path / "killed"))
    session.set_dc(stored.dc_id, stored.server_address, stored.port)
    session.auth_key = stored.auth_key
    session.save()
    session.close()
    info = server.connection_info()
    address = json.dumps(list(info.addresses[stored.dc_id]))
    arguments = [str(tmp_path / "killed"), str(stored.dc_id), address, info.public_key_pem]
    rand = random.Random(11)
    said: list[str] = []
    texts: list[str] = []
    starts: list[int] = []

    async def say() -> None:
        where = rand.choice(("private", "group"))
        said.append(f"{where} {len(said)}")
        await ann.chat(bob if where == "private" else group).send(said[-1])

    # Where it stands, and that there is a group, has to be known before anything can be missed.
    async with Program(arguments, texts):
        await eventually(lambda: any("GetState" in str(one) for one in server.requests), 20)
        await asyncio.sleep(0.2)
        for chat in (ann.chat(bob), ann.chat(group)):
            said.append(f"{'group' if chat.peer < 0 else 'private'} {len(said)}")
            await chat.send(said[-1])
        await eventually(lambda: len(texts) == 2, 20)
        await asyncio.sleep(1)

    for _ in range(20):
        starts.append(len(texts))
        async with Program(arguments, texts):
            for _ in range(rand.randrange(1, 12)):
                await say()
                await asyncio.sleep(rand.random() * 0.1)
        for _ in range(rand.randrange(3)):
            await say()

    starts.append(len(texts))
    async with Program(arguments, texts):
        await eventually(lambda: set(texts) == set(said), 30)
        await asyncio.sleep(0.5)
    repeated = sum(count - 1 for count in Counter(texts).values())
    # How much is told again depends on how busy the machine is: all that was handled since the state was last written.
    assert repeated <= 20, f"{repeated} of {len(said)} came more than once"
    for number, (start, end) in enumerate(zip(starts, [*starts[1:], len(texts)], strict=True)):
        check_run(number, said, texts[start:end], set(texts[:start]))
    # What was handled a second before the kill is always written by then.
    assert not set(said[:2]) & set(texts[2:])
