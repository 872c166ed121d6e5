"""Updates handed to handlers, against Telethon on the same updates in the same run.

Usage:

    python tests/benchmarks/bench_updates.py --anchor-python PYTHON-WITH-TELETHON [--rounds 7]

The updates are put into the queue of a client whose connection is a stand-in, so that what counts is the way from there
to the handler: putting them in order, remembering who came with them, making events, filters, calling. The figure is
updates per second of CPU time.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
GOAL = 3.0
COUNT = 4_000
CHUNK = 1_000
DATE = datetime.fromtimestamp(1_700_000_000, timezone.utc)


# -- one side ----------------------------------------------------------------------------------------------------------


def worker() -> None:
    """Measure one side: read the name of a case as a line, answer with a number."""
    for line in sys.stdin:
        print(json.dumps(asyncio.run(_measure(json.loads(line)))), flush=True)


class _Sender:
    """Stands for the connection: answers what a client asks when it begins."""

    def __init__(self, types: Any, auth_key: Any) -> None:
        self.types = types
        self.auth_key = auth_key
        self.connected = True
        self.disconnected = asyncio.get_running_loop().create_future()

    def is_connected(self) -> bool:
        return self.connected

    async def connect(self, connection: Any) -> bool:
        return True

    async def disconnect(self) -> None:
        self.connected = False

    def send(self, request: Any, ordered: bool = False) -> Any:
        types = self.types
        while hasattr(request, "query"):
            request = request.query
        name = type(request).__name__
        future = asyncio.get_running_loop().create_future()
        if name == "GetUsersRequest":
            future.set_result([types.User(id=9, is_self=True, access_hash=4, first_name="me")])
        elif name == "GetStateRequest":
            future.set_result(types.updates.State(1, 1, DATE, 1, 0))
        elif name == "GetDifferenceRequest":
            future.set_result(types.updates.DifferenceEmpty(DATE, 1))
        else:
            future.set_result(types.Config.__new__(types.Config))
        return future


async def _measure(case: str) -> float:
    from telethon import TelegramClient, events, types
    from telethon.crypto import AuthKey
    from telethon.sessions import MemorySession

    client = TelegramClient(MemorySession(), 1, "hash")
    client.session.auth_key = AuthKey(bytes(range(256)))
    client._sender = _Sender(types, client.session.auth_key)
    await client.connect()
    await asyncio.sleep(0.2)
    updates = [_decoded(one) for one in CASES[case](types, events, client)]
    done = asyncio.Event()
    left = 0

    async def last(event: Any) -> None:
        nonlocal left
        left -= 1
        if not left:
            done.set()

    kind = events.Raw if case == "unwanted" else events.NewMessage
    client.add_event_handler(last, kind() if case != "unwanted" else events.Raw(types.UpdateConfig))
    end = types.UpdateShort(types.UpdateConfig(), DATE)
    spent = 0.0
    for start in range(0, COUNT, CHUNK):
        chunk = updates[start : start + CHUNK]
        left = 1 if case == "unwanted" else len(chunk)
        done.clear()
        began = time.process_time()
        for one in chunk:
            client._updates_queue.put_nowait(one)
        if case == "unwanted":
            client._updates_queue.put_nowait(end)
        await done.wait()
        spent += time.process_time() - began
    await client.disconnect()
    return COUNT / spent


def _decoded(update: Any) -> Any:
    """The object as it comes from the wire, which may be another than the one that was made by hand."""
    from telethon.extensions import BinaryReader

    return BinaryReader(bytes(update)).tgread_object()


# -- what arrives ------------------------------------------------------------------------------------------------------


def _in_channel(types: Any, number: int, text: str) -> Any:
    message = types.Message(
        id=number, peer_id=types.PeerChannel(7), date=DATE, message=text, from_id=types.PeerUser(50 + number % 10)
    )
    user = types.User(id=50 + number % 10, access_hash=number % 10 + 5, first_name="Somebody", username="some_body")
    chat = types.Channel(id=7, title="t", photo=types.ChatPhotoEmpty(), date=DATE, access_hash=70, megagroup=True)
    update = types.UpdateNewChannelMessage(message, number + 2, 1)
    return types.Updates([update], [user], [chat], DATE, 0)


def _channel(types: Any, events: Any, client: Any) -> list[Any]:
    """Messages of a supergroup, as they mostly come."""
    return [_in_channel(types, number, f"message {number}") for number in range(COUNT)]


def _private(types: Any, events: Any, client: Any) -> list[Any]:
    """Plain private messages in their short form."""
    client._mb_entity_cache.set_self_user(9, False, 4)
    client._mb_entity_cache.extend([types.User(id=50, access_hash=5)], [])
    return [types.UpdateShortMessage(number, 50, "hi", number + 2, 1, DATE) for number in range(COUNT)]


def _commands(types: Any, events: Any, client: Any) -> list[Any]:
    """A bot with many commands, of which the message is none; another handler takes it."""

    async def never(event: Any) -> None:
        raise AssertionError

    for number in range(20):
        client.add_event_handler(never, events.NewMessage(incoming=True, pattern=f"/command{number}"))
    return _channel(types, events, client)


def _unwanted(types: Any, events: Any, client: Any) -> list[Any]:
    """Somebody types, and nobody wants to know."""

    async def never(event: Any) -> None:
        raise AssertionError

    client.add_event_handler(never, events.NewMessage)
    typing = types.SendMessageTypingAction()
    return [types.UpdateShort(types.UpdateUserTyping(50, typing), DATE) for _ in range(COUNT)]


CASES: dict[str, Callable[[Any, Any, Any], list[Any]]] = {
    "channel": _channel,
    "private": _private,
    "commands": _commands,
    "unwanted": _unwanted,
}


# -- both --------------------------------------------------------------------------------------------------------------


def main(argv: Sequence[str] | None = None) -> int:
    """Compare; the exit status is 1 when the goal is missed by more than 15 %."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--anchor-python", required=True, help="interpreter of an environment with Telethon 1.45")
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args(argv)
    sys.path.insert(0, str(Path(__file__).parent))
    from processes import Process, make_byte_code

    make_byte_code()
    ours = Process(sys.executable, __file__, ["--serve"], str(ROOT))
    theirs = Process(options.anchor_python, __file__, ["--serve"], None)
    missed = 0
    try:
        for case in CASES:
            rounds = [(ours.ask(case), theirs.ask(case)) for _ in range(options.rounds)]
            ratio = statistics.median(mine / other for mine, other in rounds)
            mine, other = (statistics.median(side) for side in zip(*rounds, strict=True))
            is_missed = case == "channel" and ratio < GOAL * 0.85
            missed += is_missed
            goal = f", goal {GOAL:.0f}x" + (" MISSED" if is_missed else "") if case == "channel" else ""
            print(f"{case}: {ratio:.1f}x ({mine:,.0f} against {other:,.0f} updates per CPU second){goal}")
    finally:
        ours.close()
        theirs.close()
    return int(bool(missed))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--serve"]:
        worker()
    else:
        sys.exit(main())
