"""What the tests of the network shell share: loggers, a server, and a loop whose time is its own."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

import pytest
from fakeserver import FakeServer
from sendersetup import Setup


class Loggers(dict[str, logging.Logger]):
    def __missing__(self, key: str) -> logging.Logger:
        return logging.getLogger(key)


@pytest.fixture
def loggers() -> Loggers:
    return Loggers()


@pytest.fixture
async def server() -> AsyncIterator[FakeServer]:
    made = await FakeServer().start()
    yield made
    await made.stop()


@pytest.fixture
def setup(loggers: Loggers) -> Any:
    """Makes a sender with its server: ``async with setup(delay=0) as made``."""
    return lambda **options: Setup(loggers, **options)


@pytest.fixture
def virtual() -> Callable[[Callable[[], Coroutine[Any, Any, Any]]], Any]:
    """Runs a test in a loop whose time jumps; nothing may be left when it ends."""
    from telethon.testing.clock import VirtualTimeLoop, run_virtual

    def run(main: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
        async def checked() -> Any:
            loop = asyncio.get_running_loop()
            assert isinstance(loop, VirtualTimeLoop)
            try:
                return await main()
            finally:
                for _ in range(10):
                    await asyncio.sleep(0)
                left = asyncio.all_tasks() - {asyncio.current_task()}
                assert not left, left

        return run_virtual(checked())

    return run
