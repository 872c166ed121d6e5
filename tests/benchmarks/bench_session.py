"""Sessions against Telethon: storing users that are known already, and finding one among many.

Usage:

    python tests/benchmarks/bench_session.py --anchor-python PYTHON-WITH-TELETHON [--rounds 7] [--entities 100000]
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SLACK = 1.15
#: Part of Telethon's time for storing 200 known users, and milliseconds for a look-up by username.
MAX_KNOWN, MAX_LOOK_UP = 0.2, 0.05
BATCH = 200


def best(work: Callable[[], object], seconds: float = 0.2) -> float:
    """The shortest of the times in seconds that *work* takes, tried for that long."""
    end = time.perf_counter() + seconds
    shortest = float("inf")
    while True:
        begin = time.perf_counter()
        work()
        now = time.perf_counter()
        shortest = min(shortest, now - begin)
        if now > end:
            return shortest


def serve(count: int) -> None:
    """One side of the comparison: fills sessions, then answers names of things to do with a time in seconds."""
    import json

    from telethon import types
    from telethon.sessions import MemorySession, SQLiteSession

    users = [
        types.User(
            number, access_hash=number * 77, username=f"user{number}", phone=str(10**9 + number), first_name="First",
            last_name=f"Last {number}",
        )
        for number in range(1, count + 1)
    ]  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        stored, memory = SQLiteSession(f"{folder}/name"), MemorySession()
        for session in (stored, memory):
            begin = time.perf_counter()
            for start in range(0, count, BATCH):
                session.process_entities(users[start : start + BATCH])
            session.save()
            if session is stored:
                fill = time.perf_counter() - begin
        known = users[:BATCH]
        middle = count // 2
        things: dict[str, Callable[[], object]] = {
            "known": lambda: stored.process_entities(known),
            "known in memory": lambda: memory.process_entities(known),
            "by id": lambda: stored.get_entity_rows_by_id(middle),
            "by username": lambda: stored.get_entity_rows_by_username(f"user{middle}"),
            "by phone": lambda: stored.get_entity_rows_by_phone(str(10**9 + middle)),
            "unknown username": lambda: stored.get_entity_rows_by_username("nobody"),
            "by id in memory": lambda: memory.get_entity_rows_by_id(middle),
            "by username in memory": lambda: memory.get_entity_rows_by_username(f"user{middle}"),
        }
        stored.process_entities(known)
        print(json.dumps(fill), flush=True)
        for line in sys.stdin:
            print(json.dumps(best(things[json.loads(line)])), flush=True)
        stored.close()


def main(argv: Sequence[str] | None = None) -> int:
    """Compare; the result is the number of goals that were missed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--anchor-python", required=True, help="interpreter of an environment with Telethon 1.45")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--entities", type=int, default=100_000)
    options = parser.parse_args(argv)
    sys.path.insert(0, str(Path(__file__).parent))
    from processes import Process

    arguments = ["--serve", str(options.entities)]
    ours = Process(options.anchor_python, __file__, arguments, str(ROOT))
    theirs = Process(options.anchor_python, __file__, arguments, None)
    print(f"storing {options.entities} new users: {ours.read():.2f} s against {theirs.read():.2f} s")
    missed = 0
    for name in (
        "known", "known in memory", "by id", "by username", "by phone", "unknown username", "by id in memory",
        "by username in memory",
    ):  # fmt: skip
        pairs = [(ours.ask(name), theirs.ask(name)) for _ in range(options.rounds)]
        ratio = statistics.median(mine / its for mine, its in pairs)
        mine, its = (statistics.median(times) for times in zip(*pairs, strict=True))
        aim = ""
        if name == "known":
            bad = ratio > MAX_KNOWN * SLACK
            missed += bad
            aim = f", goal {MAX_KNOWN}x {'MISSED' if bad else 'met'}"
        elif name == "by username":
            bad = mine * 1e3 > MAX_LOOK_UP * SLACK
            missed += bad
            aim = f", goal {MAX_LOOK_UP} ms {'MISSED' if bad else 'met'}"
        what = f"storing {BATCH} {name} users" if name == "known" else name
        print(f"{what}: {ratio:.4f}x Telethon's time ({mine * 1e6:.1f} us against {its * 1e6:.1f} us){aim}")
    ours.close()
    theirs.close()
    return missed


if __name__ == "__main__":
    if sys.argv[1:2] == ["--serve"]:
        serve(int(sys.argv[2]))
    else:
        sys.exit(main())
