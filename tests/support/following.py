"""A client that follows updates of a model server, without a connection, in virtual time."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from typing import Any

from updates_model import ACCOUNT, DATE, Server, name_of

from telethon import TelegramClient, events
from telethon._updates import Wanted
from telethon.sessions import MemorySession
from telethon.testing.clock import run_virtual
from telethon.tl import functions, types

SELF = 99
BOB = types.User(50, access_hash=500, first_name="Bob")


class Telegram:
    """Answers the questions of a client, as the model knows, or as it is told to.

    Attributes:
        server: the model.
        asked: the time and the request of each question.
        failures: errors to answer with instead, the next one first; None stands for no error.
        delay: the seconds an answer takes.
    """

    def __init__(self) -> None:
        self.server = Server()
        self.asked: list[tuple[float, Any]] = []
        self.failures: list[BaseException | None] = []
        self.delay = 0.05

    async def ask(self, request: Any) -> Any:
        self.asked.append((asyncio.get_running_loop().time(), request))
        failure = self.failures.pop(0) if self.failures else None
        await asyncio.sleep(self.delay / 2)
        if failure is not None:
            raise failure
        answer = self._answer(request)
        await asyncio.sleep(self.delay / 2)
        return answer

    def _answer(self, request: Any) -> Any:
        if isinstance(request, functions.updates.GetStateRequest):
            return self.server.state()
        if isinstance(request, functions.updates.GetDifferenceRequest):
            return self.server.answer(Wanted(None, request.pts, request.qts, request.date))
        if isinstance(request, functions.updates.GetChannelDifferenceRequest):
            return self.server.answer(Wanted(request.channel.channel_id, request.pts))
        assert isinstance(request, functions.users.GetUsersRequest)
        return [types.User(SELF, is_self=True, access_hash=990, first_name="Me")]

    @property
    def names(self) -> list[str]:
        """The names of the requests that were sent."""
        return [type(request).__name__.removesuffix("Request") for _, request in self.asked]


class Following:
    """A client that follows the updates of a model."""

    def __init__(self, telegram: Telegram, session: Any = None, *, own: bool = True, **options: Any) -> None:
        self.telegram = telegram
        self.server = telegram.server
        self.client = TelegramClient(session or MemorySession(), 1, "hash", **options)
        if own:
            self.client._mb_entity_cache.set_self_user(SELF, False, 990)
        self.engine = self.client._engine
        self.engine._ask = telegram.ask
        self.got: list[Any] = []
        self.names: list[tuple[Any, int]] = []
        self._is_noting = False

    async def __aenter__(self) -> Following:
        await self.engine.start()
        await asyncio.sleep(0.2)
        return self

    async def __aexit__(self, *_: Any) -> None:
        await self.engine.stop()
        running = [task for task in self.client._event_handler_tasks]
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    def note(self) -> Following:
        """Note every update that is handed out."""
        if self._is_noting:
            return self
        self._is_noting = True

        async def handler(update: Any) -> None:
            self.got.append(update)
            if (name := name_of(update)) is not None:
                self.names.append(name)

        self.client.add_event_handler(handler, events.Raw)
        return self

    def put(self, *updates: Any, users: Any = (BOB,), chats: Any = (), own: bool = False) -> None:
        """Let updates arrive."""
        container = types.Updates(list(updates), list(users), list(chats), DATE, 0)
        if own:
            container._self_outgoing = True
        self.client._updates_queue.put_nowait(container)

    def happen(self, box: Any = ACCOUNT, count: int = 1) -> Any:
        """Let something happen and arrive."""
        event = self.server.add(box, count)
        self.put(event.as_update())
        return event


def virtual(test: Callable[..., Awaitable[None]]) -> Callable[..., None]:
    """A test that is a coroutine and takes no time; it must leave no task behind."""

    def run(**arguments: Any) -> None:
        async def main() -> None:
            await test(**arguments)
            left = asyncio.all_tasks() - {asyncio.current_task()}
            assert not left, f"left behind: {left}"

        run_virtual(main())

    run.__name__ = test.__name__
    run.__signature__ = inspect.signature(test)  # type: ignore[attr-defined]  # so that pytest gives it arguments
    return run
