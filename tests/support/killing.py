"""A program that follows updates, ended again and again, half of the times by kill -9; and what came of the updates.

Nothing is judged here; tests and figures do that.
"""

from __future__ import annotations

import asyncio
import json
import random
import sqlite3
import sys
import tempfile
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from telethon.sessions import SQLiteSession
from telethon.testing import TelegramTestServer

__all__ = ["KillCounts", "Program", "restarts", "store_session"]

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "tests" / "e2e" / "killed.py"


class Program:
    """The program in a process of its own, and the lines that it has printed."""

    def __init__(self, arguments: list[str], lines: list[Any]) -> None:
        self._arguments = arguments
        self._lines = lines
        self.kill = True

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
                self._lines.append(json.loads(line))

    async def __aexit__(self, *_: Any) -> None:
        if self.kill:
            self._process.kill()
        else:
            self._process.terminate()
        await self._process.wait()
        await self._reading


def store_session(server: TelegramTestServer, user: Any, path: Path) -> list[str]:
    """Store a log-in in a file; gives what the program has to be told to use it."""
    stored = server.client_session(user)
    session = SQLiteSession(str(path))
    session.set_dc(stored.dc_id, stored.server_address, stored.port)
    session.auth_key = stored.auth_key
    session.save()
    session.close()
    info = server.connection_info()
    return [str(path), str(stored.dc_id), json.dumps(list(info.addresses[stored.dc_id])), info.public_key_pem]


async def wait_until(condition: Any, seconds: float) -> bool:
    """Wait until something is so; whether it was in time."""
    end = asyncio.get_running_loop().time() + seconds
    while not condition():
        if asyncio.get_running_loop().time() > end:
            return False
        await asyncio.sleep(0.005)
    return True


@dataclass
class KillCounts:
    """What became of the messages.

    Attributes:
        restarts: how often the program was ended and begun again.
        kills: how often by kill -9.
        messages: how many messages were sent.
        lost: how many never came to the end of the handler.
        repeated: how many came once more after their handler was interrupted, and said so.
        repeated_unflagged: how many came once more without saying so.
        repeated_done: how many came once more although the handler had acknowledged them.
        repeated_returned: how many came once more although their handler had printed its last line.
        effects: how many effects were committed.
        effects_repeated: how many of them twice.
        out_of_order: runs in which messages of a chat came in another order.
        interrupted: how many handlers had begun and not ended when the program did.
        most_in_flight: the most of them at once.
        faults: how much was done to the connection, by kind.
    """

    restarts: int = 0
    kills: int = 0
    messages: int = 0
    lost: int = 0
    repeated: int = 0
    repeated_unflagged: int = 0
    repeated_done: int = 0
    repeated_returned: int = 0
    effects: int = 0
    effects_repeated: int = 0
    out_of_order: int = 0
    interrupted: int = 0
    most_in_flight: int = 0
    faults: Counter[str] = field(default_factory=Counter)


async def restarts(count: int, seed: int, mode: str = "durable") -> KillCounts:
    """Restart the program *count* times while messages come over a line that loses, repeats and reorders."""
    counts = KillCounts(restarts=count)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "killed"
        async with TelegramTestServer(strict_handshake=True, init_per_session=True) as server:
            runs = await _runs(server, path, random.Random(seed), mode, counts)
        _judge(runs, counts)
        connection = sqlite3.connect(f"{path}.session")
        counts.effects, distinct = connection.execute("select count(*), count(distinct id) from seen").fetchone()
        counts.effects_repeated = counts.effects - distinct
        connection.close()
    return counts


async def _runs(
    server: TelegramTestServer, path: Path, rand: random.Random, mode: str, counts: KillCounts
) -> list[list[Any]]:
    ann, bob = server.create_user("Ann"), server.create_user("Bob")
    groups = [server.create_channel(f"Group {number}", ann, [bob], megagroup=True) for number in range(2)]
    chats = {"private": ann.chat(bob), **{f"group{number}": ann.chat(group) for number, group in enumerate(groups)}}
    arguments = [*store_session(server, bob, path), mode]
    said: list[str] = []

    async def say(where: str | None = None) -> None:
        where = where or rand.choice(list(chats))
        said.append(f"{where} {len(said)}")
        await chats[where].send(said[-1])

    def disturb() -> None:
        kind = rand.choice(("swallow", "duplicate", "reorder", "disconnect", "forget_sessions", "none", "none"))
        counts.faults[kind] += 1
        if kind == "forget_sessions":
            server.faults.forget_sessions()
            server.faults.disconnect()
        elif kind != "none":
            getattr(server.faults, kind)()

    runs: list[list[Any]] = [[]]
    async with Program(arguments, runs[0]) as program:
        program.kill = False
        # Where it stands, and that there are groups, has to be known before anything can be missed.
        await wait_until(lambda: any(one.method == "updates.getState" for one in server.requests), 30)
        await asyncio.sleep(0.3)
        for where in chats:
            await say(where)
        await wait_until(lambda: sum(line[0] == "end" for line in runs[0]) == len(chats), 30)
    for number in range(counts.restarts):
        lines: list[Any] = []
        runs.append(lines)
        async with Program(arguments, lines) as program:
            program.kill = number % 2 == 0
            counts.kills += program.kill
            if rand.random() < 0.7:
                # Otherwise the end may come at any time, also while it begins.
                await wait_until(lambda lines=lines: bool(lines), 30)
            for _ in range(rand.randrange(1, 15)):
                if rand.random() < 0.3:
                    disturb()
                await say()
                await asyncio.sleep(rand.random() * 0.08)
        server.faults.clear()
        for _ in range(rand.randrange(3)):
            await say()
    counts.messages = len(said)
    last: list[Any] = []
    runs.append(last)
    async with Program(arguments, last) as program:
        program.kill = False
        await wait_until(lambda: {line[1] for run in runs for line in run if line[0] == "end"} >= set(said), 30)
        await asyncio.sleep(0.3)
    counts.lost = len(set(said) - {line[1] for run in runs for line in run if line[0] == "end"})
    return runs


def _judge(runs: list[list[Any]], counts: KillCounts) -> None:
    began: set[str] = set()
    ended: dict[str, int] = {}
    for run in runs:
        per_chat: defaultdict[str, list[int]] = defaultdict(list)
        here: set[str] = set()
        for line in run:
            if line == "ready":
                continue
            step, text, number, is_again = line
            if step == "end":
                ended[text] = number
                here.discard(text)
                continue
            where, place = text.split()
            per_chat[where].append(int(place))
            if text in began:
                counts.repeated += is_again
                counts.repeated_unflagged += not is_again
                if text in ended:
                    counts.repeated_returned += 1
                    # Those with odd numbers are acknowledged by the handler, before it ends.
                    counts.repeated_done += ended[text] % 2
            began.add(text)
            here.add(text)
        counts.interrupted += len(here)
        counts.most_in_flight = max(counts.most_in_flight, len(here))
        counts.out_of_order += any(places != sorted(places) for places in per_chat.values())
