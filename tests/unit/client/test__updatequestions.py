"""The questions of a message box as requests."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest

from telethon._updates import Entity, EntityCache, EntityType, Wanted
from telethon.client._updatequestions import TIMEOUT, Questions
from telethon.client._updatestore import UpdateStore
from telethon.sessions import MemorySession
from telethon.testing.clock import run_virtual
from telethon.tl import functions, types


class Asked:
    """Notes requests, and answers each after some seconds."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.requests: list[Any] = []
        self.seconds = seconds

    async def __call__(self, request: Any) -> str:
        self.requests.append(request)
        await asyncio.sleep(self.seconds)
        return "answer"


def make(asked: Asked, cache: EntityCache | None = None) -> Questions:
    session, known = MemorySession(), cache or EntityCache()
    return Questions(asked, UpdateStore(lambda: session, logging.getLogger("x")), lambda: known)


@pytest.mark.parametrize(
    ("wanted", "request_"),
    [
        (Wanted(None, 0, state_only=True), functions.updates.GetStateRequest()),
        (Wanted(None, 5, 6), functions.updates.GetDifferenceRequest(pts=5, date=None, qts=6)),
        (
            Wanted(7, 5),
            functions.updates.GetChannelDifferenceRequest(
                types.InputChannel(7, 70), types.ChannelMessagesFilterEmpty(), 5, 100
            ),
        ),
    ],
)
async def test_requests(wanted, request_):
    cache = EntityCache()
    cache.put(Entity(EntityType.CHANNEL, 7, 70))
    asked = Asked()
    assert await make(asked, cache).ask(wanted) == "answer"
    assert asked.requests == [request_]


async def test_a_channel_that_cannot_be_named():
    asked = Asked()
    assert await make(asked).ask(Wanted(7, 5)) is None
    assert asked.requests == []


def test_an_answer_in_time():
    async def run() -> None:
        loop = asyncio.get_running_loop()
        assert await make(Asked(TIMEOUT - 1)).ask(Wanted(None, 5)) == "answer"
        start = loop.time()
        with pytest.raises(TimeoutError):
            await make(Asked(1e9)).ask(Wanted(None, 5))
        assert loop.time() - start == pytest.approx(TIMEOUT)

    run_virtual(run())


def test_being_cancelled_is_something_else():
    async def run() -> None:
        task = asyncio.create_task(make(Asked(1e9)).ask(Wanted(None, 5)))
        await asyncio.sleep(1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    run_virtual(run())
