"""Reading a long history, and a client that only waits: CPU time and memory against Telethon, on one server in one run.

Usage:

    python tests/benchmarks/bench_client.py --anchor-python PYTHON-WITH-TELETHON [--rounds 5]

The server is `telethon.testing` in a third process on loopback.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from processes import ROOT, Process, make_byte_code

MESSAGES = 1000
HISTORY_GOAL = 2.5
IDLE_GOAL = 28.0


def serve() -> None:
    """Be a server with a long chat until the input ends; print what a client needs."""
    from telethon.testing import TelegramTestServer

    async def run() -> None:
        async with TelegramTestServer(strict=False) as server:
            ann, bob = server.create_user("Ann"), server.create_user("Bob")
            chat = bob.chat(ann)
            for number in range(MESSAGES):
                await chat.send(f"This is message number {number}, and it is about as long as most messages are.")
            host, port = server.address(2)
            info = {
                "key": server.client_session(ann).auth_key.key.hex(),
                "pem": server.public_key_pem,
                "address": [host, port],
                "api": [server.api_id, server.api_hash],
                "chat": bob.id,
            }
            print(json.dumps(info), flush=True)
            await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)

    asyncio.run(run())


def worker(info: dict[str, Any]) -> None:
    """Measure one side: print which package it is, and answer each line with a figure."""
    import telethon
    from telethon import TelegramClient
    from telethon.crypto import AuthKey, rsa
    from telethon.sessions import MemorySession

    rsa.add_key(info["pem"], old=False)
    session = MemorySession()
    session.set_dc(2, *info["address"])
    session.auth_key = AuthKey(bytes.fromhex(info["key"]))

    client = TelegramClient(session, *info["api"])

    async def history() -> float:
        began = time.process_time()
        count = 0
        # Without the pause between pages, so that what is measured is work and not waking up.
        async for message in client.iter_messages(info["chat"], wait_time=0):
            count += bool(message.text and message.sender_id)
        if count != MESSAGES:
            raise SystemExit(f"{count} messages came instead of {MESSAGES}")
        return count / (time.process_time() - began)

    async def read() -> None:
        await client.connect()
        await client.get_dialogs()
        while await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline):
            print(json.dumps(await history()), flush=True)
        await client.disconnect()

    print(json.dumps({"package": telethon.__file__}), flush=True)
    asyncio.run(read())


def main(argv: Sequence[str] | None = None) -> int:
    """Compare both sides; the result is the number of goals that were missed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--anchor-python", help="interpreter of an environment with Telethon 1.45")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    options = parser.parse_args(argv)
    if options.serve:
        serve()
        return 0
    if options.worker:
        worker(json.loads(options.worker))
        return 0
    if not options.anchor_python:
        parser.error("--anchor-python is needed")

    make_byte_code()
    server = Process(sys.executable, __file__, ["--serve"], str(ROOT))
    info = server.read()
    pythons = [(sys.executable, str(ROOT)), (options.anchor_python, None)]
    sides = [Process(python, __file__, ["--worker", json.dumps(info)], path) for python, path in pythons]
    packages = [side.read()["package"] for side in sides]
    if packages[0] == packages[1]:
        parser.error(f"both sides use {packages[0]}; --anchor-python must have the other library installed")
    pairs = [[side.ask("history") for side in sides] for _ in range(options.rounds)]
    script = str(Path(__file__).with_name("idle_client.py"))
    facts = [str(fact) for fact in (info["key"], info["pem"], *info["address"], *info["api"])]
    waiting = [Process(python, script, facts, path) for python, path in pythons]
    idle = [process.read() for process in waiting]
    for process in [*sides, *waiting, server]:
        process.close()

    ratio = statistics.median(ours / theirs for ours, theirs in pairs)
    ours, theirs = (statistics.median(values) for values in zip(*pairs, strict=True))
    missed = [ratio < HISTORY_GOAL / 1.15, idle[0] > IDLE_GOAL]
    word = ["MISSED" if bad else "met" for bad in missed]
    if word[0] == "met" and ratio < HISTORY_GOAL:
        word[0] = "met within the slack"
    print(
        f"iter_messages: {ours:,.0f} against {theirs:,.0f} per CPU second: {ratio:.2f}x, goal {HISTORY_GOAL}x {word[0]}"
    )
    print(f"idle client:   {idle[0]:.1f} MiB against {idle[1]:.1f} MiB, goal {IDLE_GOAL:.0f} MiB {word[1]}")
    return sum(missed)


if __name__ == "__main__":
    sys.exit(main())
