"""When the state of updates is written."""

from __future__ import annotations

import asyncio
import itertools
import time
from typing import Any

from following import Following, Telegram

from telethon import events
from telethon.testing.clock import run_virtual


def writes(following: Following) -> list[float]:
    """The moments at which the session is written from now on."""
    found: list[float] = []
    write = following.engine._store.write

    async def noted() -> None:
        found.append(asyncio.get_running_loop().time())
        await write()

    following.engine._store.write = noted  # type: ignore[method-assign]
    return found


def test_U6_writing_follows_at_once_when_the_machine_is_busy_with_something_else(monkeypatch):
    """What counts is the work of writing, and not the time that passes meanwhile."""

    async def main() -> None:
        async with Following(Telegram()) as following:
            following.note()
            await asyncio.sleep(1)
            found = writes(following)
            monkeypatch.setattr(time, "thread_time", lambda: 5.0)
            for _ in range(10):
                following.happen()
                await asyncio.sleep(0.05)
            assert len(found) == 10

    run_virtual(main())


def test_U6_writing_that_is_much_work_is_done_twice_a_second(monkeypatch):
    async def main() -> None:
        async with Following(Telegram()) as following:
            following.note()
            await asyncio.sleep(1)
            found = writes(following)
            work = iter(range(1000))
            monkeypatch.setattr(time, "thread_time", lambda: float(next(work)))
            for _ in range(100):
                following.happen()
                await asyncio.sleep(0.05)
            assert 9 <= len(found) <= 11
            assert max(after - before for before, after in itertools.pairwise(found)) < 1

    run_virtual(main())


def test_U6_a_slow_handler_holds_it_up_for_less_than_a_second():
    async def main() -> None:
        async with Following(Telegram()) as following:

            @following.client.on(events.NewMessage)
            async def handler(event: Any) -> None:
                await asyncio.sleep(100)

            await asyncio.sleep(1)
            found = writes(following)
            following.happen()
            start = asyncio.get_running_loop().time()
            await asyncio.sleep(2)
            assert 0.3 < found[0] - start < 1

    run_virtual(main())


def test_writing_turns_no_wheel_when_nothing_is_left_to_do():
    async def main() -> None:
        async with Following(Telegram()) as following:
            following.note()
            await asyncio.sleep(1)
            found = writes(following)
            turns = []
            turn = following.engine._turn
            following.engine._turn = lambda: turns.append(0) or turn()  # type: ignore[func-returns-value,method-assign]
            following.happen()
            await asyncio.sleep(1)
            assert (len(found), len(turns)) == (1, 1)

    run_virtual(main())
