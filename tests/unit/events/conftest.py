"""Events bound to a client that notes what it is asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import event_cases
import pytest

from telethon import events
from telethon.tl import types


class NotingClient:
    """Stands for a client: every method notes how it was called and gives what it was told to give."""

    _self_id = event_cases.SELF_ID
    parse_mode = None

    def __init__(self) -> None:
        self._mb_entity_cache = event_cases.Cache()
        self._albums: dict[Any, Any] = {}
        self._albums_delivered: dict[Any, float] = {}
        self._event_builders: list[Any] = [(events.Album(), None)]
        self._event_handler_tasks: set[asyncio.Task[Any]] = set()
        self._log: Any = {}
        self.calls: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = []
        self.requests: list[Any] = []
        self.gives: dict[str, Any] = {}
        self.dispatched: list[Any] = []
        self.connected = True

    def is_connected(self) -> bool:
        return self.connected

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)

        async def method(*args: Any, **kwargs: Any) -> Any:
            self.calls.append((name, args, kwargs))
            found = self.gives.get(name, name)
            if isinstance(found, Exception):
                raise found
            return found

        return method

    async def __call__(self, request: Any) -> Any:
        self.requests.append(request)
        if isinstance(found := self.gives.get("request", True), Exception):
            raise found
        return found

    async def iter_dialogs(self, *args: Any, **kwargs: Any) -> Any:
        for dialog in ():
            yield dialog

    async def _dispatch_event(self, event: Any) -> None:
        self.dispatched.append(event)


@pytest.fixture
def client() -> NotingClient:
    """A client that notes what it is asked for."""
    return NotingClient()


@pytest.fixture
def build(client: NotingClient) -> Callable[..., Any]:
    """Gives the event that a builder makes of one of the updates in `event_cases`, or of any update."""
    named = dict(event_cases.updates(types))

    def make(builder: Any, update: Any, entities: dict[int, Any] | None = None) -> Any:
        update = named[update] if isinstance(update, str) else update
        event = builder.build(update, [update], event_cases.SELF_ID)
        event.original_update = update
        event._entities = event_cases.entities(types) if entities is None else entities
        event._set_client(client)
        return event

    return make
