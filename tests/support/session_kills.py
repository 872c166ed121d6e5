"""A process that writes a session file and is ended by kill -9 in the middle of it, again and again.

Nothing is judged here; tests and figures do that.
"""

from __future__ import annotations

import mmap
import os
import random
import signal
import sqlite3
import struct
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from telethon.crypto import AuthKey
from telethon.sessions import SessionFileError, SQLiteSession, StoredUpdate, _sqlitefile
from telethon.tl import types

__all__ = ["SessionCounts", "kill_writers"]

KEY = b"k" * 256
_TIME = struct.Struct("<d")
_PLACES = 1 << 20


@dataclass
class SessionCounts:
    """What became of the file.

    Attributes:
        kills: how often the process was killed.
        corrupt: how often the file was damaged after that.
        keys_lost: how often the key was gone.
        torn: how often the state and the updates that belong to it were not of the same moment.
        oldest: the seconds that had passed since the oldest state was set that was not in the file.
        states: how many states were set.
    """

    kills: int = 0
    corrupt: int = 0
    keys_lost: int = 0
    torn: int = 0
    oldest: float = 0.0
    states: int = 0


class _Log:
    """When each state was set, where the process that was killed cannot take it along."""

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, _PLACES * _TIME.size)

    def __setitem__(self, number: int, when: float) -> None:
        _TIME.pack_into(self._memory, number % _PLACES * _TIME.size, when)

    def __getitem__(self, number: int) -> float:
        (when,) = _TIME.unpack_from(self._memory, number % _PLACES * _TIME.size)
        return float(when)


def _write(path: str, log: _Log, start: int, is_slow: bool, is_durable: bool) -> None:
    """Write for ever: states, entities, updates that begin and end, and the login now and then."""
    if is_slow:
        _sqlitefile._use_log = lambda conn, path: False  # type: ignore[assignment]
    session = SQLiteSession(path)
    number = start
    while True:
        number += 1
        session.process_entities([types.User(number % 500 + 1, access_hash=number, username=f"user{number}")])
        state = types.updates.State(number, 0, None, 0, 0)
        if is_durable:
            # The number of the last update is that of the state.
            session.write_updates([(0, state)], new=[StoredUpdate(number, b"body", True)], finished=[number - 3])
        else:
            session.set_update_state(0, state)
        log[number] = time.monotonic()
        if number % 20 == 0:
            session.takeout_id = number
        if is_slow:
            time.sleep(0.0005)


def _fork(work: Callable[[], None]) -> int:
    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(1)
    return child


def kill_writers(kills: int, seed: int) -> SessionCounts:
    """Kill the writing process so often, and look at the file each time."""
    rand = random.Random(seed)
    counts = SessionCounts(kills=kills)
    with tempfile.TemporaryDirectory() as folder:
        for kind in ("log", "journal", "durable"):
            path = str(Path(folder) / kind)
            session = SQLiteSession(path)
            session.set_dc(2, "149.154.167.51", 443)
            session.auth_key = AuthKey(KEY)
            session.close()
        last = dict.fromkeys(("log", "journal", "durable"), 0)
        for number in range(kills):
            kind = ("log", "journal", "durable")[number % 3]
            path = str(Path(folder) / kind)
            log = _Log()
            start = last[kind] + 1
            child = _fork(
                lambda path=path, log=log, start=start, kind=kind: _write(
                    path, log, start, kind == "journal", kind == "durable"
                )
            )  # type: ignore[misc]
            # Some live for longer, so that there are states that should be in the file by then.
            time.sleep(1.3 if number % 10 == 9 else rand.uniform(0.01, 0.08))
            killed = time.monotonic()
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            last[kind] = _look(path, log, start, killed, kind == "durable", counts) or last[kind]
    return counts


def _look(path: str, log: _Log, start: int, killed: float, is_durable: bool, counts: SessionCounts) -> int:
    """See what is left; gives the number of the newest state in the file."""
    try:
        session = SQLiteSession(path)
    except SessionFileError:
        counts.corrupt += 1
        return 0
    try:
        counts.keys_lost += session.auth_key is None or session.auth_key.key != KEY
        counts.corrupt += session._execute("pragma integrity_check") != ("ok",)
        state = session.get_update_state(0)
        pts = state.pts if state is not None else 0
        if is_durable and pts:
            numbers = [one.id for one in session.get_unfinished_updates()]
            # In the transaction of a state its update begins, and the third one before it ends.
            counts.torn += not numbers or numbers[-1] != pts or pts - 3 in numbers
        newest = max(pts, start)
        while log[newest + 1]:
            newest += 1
        counts.states += newest - start
        missing = max(pts, start) + 1
        if log[missing]:
            counts.oldest = max(counts.oldest, killed - log[missing])
        return newest
    except sqlite3.DatabaseError:
        counts.corrupt += 1
        return 0
    finally:
        session.close()
