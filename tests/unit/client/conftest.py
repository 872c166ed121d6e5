"""A client whose connection is a script: each kind of request has its answers, nothing is sent."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from telethon import errors
from telethon.tl import types


def user(user_id: int, **fields: Any) -> types.User:
    """A user of whom everything needed is known."""
    return types.User(**{"id": user_id, "access_hash": user_id * 10, "first_name": f"U{user_id}", **fields})


class ScriptedSender:
    """Gives each request the next answer of its kind; the last one is given again and again.

    An answer may be an exception, its class, or a function of the request.
    """

    def __init__(self, answers: dict[str, Any]) -> None:
        self.answers = {name: list(found) if isinstance(found, list) else [found] for name, found in answers.items()}
        self.sent: list[Any] = []
        self.auth_key = None
        self.connected = True

    @property
    def names(self) -> list[str]:
        """The names of the requests sent so far."""
        return [type(request).__name__.removesuffix("Request") for request in self.sent]

    def is_connected(self) -> bool:
        return self.connected

    async def disconnect(self) -> None:
        self.connected = False

    def send(self, request: Any, ordered: bool = False) -> Any:
        if isinstance(request, list):
            return [self.send(one, ordered) for one in request]
        future = asyncio.get_running_loop().create_future()
        self.sent.append(request)
        found = self.answers.get(type(request).__name__.removesuffix("Request"))
        if found is None:
            future.set_exception(AssertionError(f"no answer for {request}"))
            return future
        answer = found.pop(0) if len(found) > 1 else found[0]
        if (isinstance(answer, type) and issubclass(answer, errors.RPCError)) or callable(answer):
            answer = answer(request)
        if isinstance(answer, BaseException):
            future.set_exception(answer)
        else:
            future.set_result(answer)
        return future


@pytest.fixture
def scripted() -> Callable[..., Any]:
    """Makes a `TelegramClient` in memory that answers by a script: ``scripted({"GetConfig": config})``."""

    def make(answers: dict[str, Any], *, session: Any = None, **options: Any) -> Any:
        from telethon import TelegramClient

        client = TelegramClient(session, 1, "hash", **options)
        client._sender = ScriptedSender(answers)  # type: ignore[assignment]
        client.pauses = []  # type: ignore[attr-defined]

        async def pause(seconds: float) -> None:
            client.pauses.append(seconds)  # type: ignore[attr-defined]

        client._sleep = pause  # type: ignore[method-assign]
        return client

    return make
