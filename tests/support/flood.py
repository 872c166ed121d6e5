"""A flood of updates on a client whose handlers take their time: what was lost, and what it took in memory.

Nothing is judged here; tests and figures do that.
"""

from __future__ import annotations

import asyncio
import gc
import time
from dataclasses import dataclass
from typing import Any

from following import SELF
from updates_model import DATE

from telethon import TelegramClient, events
from telethon.tl import types

__all__ = ["FloodCounts", "flood"]

_TEXT = "a message as long as most of them are " * 3


@dataclass
class FloodCounts:
    """What became of a flood.

    Attributes:
        updates: how many updates there were.
        seconds: within how many of them they came.
        done_after: after how many all were handled.
        lost: how many never came to a handler.
        repeated: how many came twice.
        out_of_order: how many came before one that had happened earlier.
        growth: by how many MiB the process grew at most.
        waiting: how many containers waited at most.
        handlers: how many handlers ran at once at most.
    """

    updates: int = 0
    seconds: float = 0.0
    done_after: float = 0.0
    lost: int = 0
    repeated: int = 0
    out_of_order: int = 0
    growth: float = 0.0
    waiting: int = 0
    handlers: int = 0


class _Server:
    """The box of an account in which one message follows the other; they are made when somebody asks for them."""

    def __init__(self) -> None:
        self.pts = 10

    def update(self, number: int) -> Any:
        text = types.Message(id=number, peer_id=types.PeerUser(50), date=DATE, message=_TEXT)
        return types.UpdateNewMessage(text, number + 10, 1)

    def answer(self, request: Any) -> Any:
        name = type(request).__name__
        if name == "GetStateRequest":
            return types.updates.State(self.pts, 1, DATE, 0, 0)
        assert name == "GetDifferenceRequest", name
        first, last = request.pts - 10 + 1, self.pts - 10
        if first > last:
            return types.updates.DifferenceEmpty(DATE, 0)
        end = min(first + 99, last)
        messages = [self.update(number).message for number in range(first, end + 1)]
        state = types.updates.State(end + 10, 1, DATE, 0, 0)
        if end < last:
            return types.updates.DifferenceSlice(messages, [], [], [], [], intermediate_state=state)
        return types.updates.Difference(messages, [], [], [], [], state=state)


def _memory() -> float:
    with open("/proc/self/status", encoding="ascii") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmRSS"))


async def flood(count: int, seconds: float, pause: float, session: Any = None, **options: Any) -> FloodCounts:
    """Let *count* updates come within *seconds*, to a handler that takes *pause* seconds."""
    counts = FloodCounts(updates=count)
    server = _Server()
    client = TelegramClient(session, 1, "hash", **options)
    client._mb_entity_cache.set_self_user(SELF, False, 990)
    client._mb_entity_cache.extend([types.User(50, access_hash=5, first_name="Bob")], [])

    async def ask(request: Any) -> Any:
        await asyncio.sleep(0.01)
        return server.answer(request)

    client._engine._ask = ask
    seen = bytearray(count + 1)
    newest = 0

    @client.on(events.NewMessage)
    async def handler(event: Any) -> None:
        nonlocal newest
        number = event.id
        seen[number] = min(seen[number] + 1, 255)
        counts.out_of_order += number < newest
        newest = max(newest, number)
        await asyncio.sleep(pause)

    await client._engine.start()
    await asyncio.sleep(0.2)
    gc.collect()
    before = _memory()
    queue = client._updates_queue
    sender = client._sender
    start = time.monotonic()
    number = 0
    last_look = 0.0
    while True:
        now = time.monotonic() - start
        due = min(int(count * now / seconds), count)
        while number < due:
            number += 1
            server.pts += 1
            # As the connection does it, with what it does when there is no room.
            sender._put_update(types.Updates([server.update(number)], [], [], DATE, 0))
        if number == count and not counts.seconds:
            counts.seconds = now
        if now - last_look > 0.05:
            last_look = now
            counts.growth = max(counts.growth, _memory() - before)
        counts.waiting = max(counts.waiting, queue.qsize())
        counts.handlers = max(counts.handlers, len(client._event_handler_tasks))
        if number == count and sum(map(bool, seen)) == count and not client._event_handler_tasks:
            break
        if now > seconds + 120:
            break
        await asyncio.sleep(0.002 if number < count else 0.02)
    counts.done_after = time.monotonic() - start
    counts.lost = count - sum(map(bool, seen))
    counts.repeated = sum(one > 1 for one in seen)
    await client._engine.stop()
    client.session.close()
    return counts
