"""Clients and callers in different threads."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest

from telethon.client._loops import is_in_loop
from telethon.testing import TelegramTestServer


def test_whether_a_loop_calls() -> None:
    async def main() -> tuple[bool, bool]:
        return is_in_loop(), await asyncio.to_thread(is_in_loop)

    assert not is_in_loop()
    assert asyncio.run(main()) == (True, False)


async def test_another_thread_sees_the_loop_of_the_client(telegram_client: Any) -> None:
    loop = asyncio.get_running_loop()

    def elsewhere() -> str:
        assert telegram_client.loop is loop
        work = asyncio.run_coroutine_threadsafe(telegram_client.get_me(), telegram_client.loop)
        assert telegram_client.health().connection == "connected"
        return str(work.result(10).first_name)

    assert telegram_client.loop is loop
    assert await asyncio.to_thread(elsewhere) == "Test"


async def test_what_blocks_is_refused_in_another_thread(telegram_client: Any) -> None:
    def elsewhere() -> None:
        with pytest.raises(RuntimeError, match="run_coroutine_threadsafe"):
            telegram_client.start()
        with pytest.raises(RuntimeError, match='"async with" must be used'):
            telegram_client.__enter__()

    await asyncio.to_thread(elsewhere)


async def test_another_loop_in_another_thread_is_that_of_its_callers(telegram_client: Any) -> None:
    seen: list[bool] = []

    async def inside() -> None:
        seen.append(telegram_client.loop is asyncio.get_running_loop())

    await asyncio.to_thread(asyncio.run, inside())
    assert seen == [True]


def test_a_client_that_is_not_connected_works_in_any_thread() -> None:
    names: list[str] = []

    async def serve(ready: threading.Event, done: threading.Event, clients: list[Any]) -> None:
        async with TelegramTestServer() as server:
            clients.append(server.client(server.create_user("Ann")))
            ready.set()
            await asyncio.to_thread(done.wait, 20)

    ready, done, clients = threading.Event(), threading.Event(), []  # type: ignore[var-annotated]
    serving = threading.Thread(target=lambda: asyncio.run(serve(ready, done, clients)))
    serving.start()
    try:
        assert ready.wait(20)
        [client] = clients
        client.start()
        names.append(client.loop.run_until_complete(client.get_me()).first_name)
        client.disconnect()
        client.loop.close()
    finally:
        done.set()
        serving.join(20)
    assert names == ["Ann"]
