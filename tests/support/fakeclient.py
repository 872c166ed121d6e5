"""A client that only notes what friendly objects ask of it, and samples of what they are made from."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timezone
from types import SimpleNamespace
from typing import Any

from telethon._updates import EntityCache
from telethon.client.buttons import ButtonMethods
from telethon.tl import types

NOW = datetime(2020, 1, 1, tzinfo=timezone.utc)
ME, ALICE, GROUP, CHANNEL = 1, 5, 4, 9
CHANNEL_ID = -1000000000009

USER = types.User(id=ALICE, access_hash=6, first_name="a")
BOT = types.User(id=ALICE, access_hash=6, first_name="b", bot=True)
SELF = types.User(id=ME, access_hash=11, is_self=True, phone="123", first_name="f", last_name="l")
CHAT = types.Chat(id=GROUP, title="g", photo=types.ChatPhotoEmpty(), participants_count=1, date=NOW, version=1)
BROADCAST = types.Channel(id=CHANNEL, title="t", photo=types.ChatPhotoEmpty(), date=NOW, access_hash=77, broadcast=True)
SUPERGROUP = types.Channel(
    id=CHANNEL, title="t", photo=types.ChatPhotoEmpty(), date=NOW, access_hash=77, megagroup=True
)
ENTITIES: dict[int, Any] = {ALICE: USER, ME: SELF, -GROUP: CHAT, CHANNEL_ID: BROADCAST}
INPUT_USER = types.InputPeerUser(ALICE, 6)
INPUT_CHANNEL = types.InputPeerChannel(CHANNEL, 77)


def message(**fields: Any) -> types.Message:
    """A message in the private chat with Alice."""
    return types.Message(**{"id": 7, "peer_id": types.PeerUser(ALICE), "date": NOW, "message": "hi", **fields})


class Stars:
    """A parse mode: a text that begins with a star is bold as a whole."""

    @staticmethod
    def parse(text: str) -> tuple[str, list[Any]]:
        if not text.startswith("*"):
            return text, []
        return text[1:], [types.MessageEntityBold(0, len(text) - 1)]

    @staticmethod
    def unparse(text: str, entities: Any) -> str:
        return f"*{text}" if entities else text


class FakeClient:
    """Gives what it is told to for each method and each request, and notes every call.

    Args:
        answers: by the name of a method, or of a request without its ending: what to give. It may be a function of what
            the method is called with, or an error to raise.
    """

    def __init__(self, **answers: Any) -> None:
        self.answers = answers
        self.calls: list[tuple[Any, ...]] = []
        self.dialogs: list[Any] = []
        self.handlers: list[Callable[..., Any]] = []
        self._mb_entity_cache = EntityCache()
        self._mb_entity_cache.set_self_user(ME, False, 11)
        self._conversations: defaultdict[int, set[Any]] = defaultdict(set)
        self.parse_mode: Any = Stars
        self.api_id = 1
        self.api_hash = "hash"

    @property
    def _self_id(self) -> int | None:
        return self._mb_entity_cache.self_id

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        return asyncio.get_running_loop()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)

        async def method(*args: Any, **kwargs: Any) -> Any:
            self.calls.append((name, args, kwargs))
            return self._answer(name, *args, **kwargs)

        return method

    async def __call__(self, request: Any) -> Any:
        self.calls.append((type(request).__name__.removesuffix("Request"), request))
        return self._answer(self.calls[-1][0], request)

    def _answer(self, name: str, *args: Any, **kwargs: Any) -> Any:
        found = self.answers.get(name)
        if isinstance(found, BaseException):
            raise found
        return found(*args, **kwargs) if callable(found) else found

    @property
    def names(self) -> list[str]:
        """The names of the methods and requests used so far."""
        return [call[0] for call in self.calls]

    async def iter_dialogs(self, limit: float | None = None) -> AsyncIterator[Any]:
        self.calls.append(("iter_dialogs", (limit,), {}))
        self._answer("iter_dialogs", limit)
        for dialog in self.dialogs:
            yield dialog

    async def _parse_message_text(self, text: str, parse_mode: Any) -> tuple[str, list[Any]]:
        self.calls.append(("_parse_message_text", (text, parse_mode), {}))
        return Stars.parse(text)

    build_reply_markup = staticmethod(ButtonMethods.build_reply_markup)

    def _get_response_message(self, request: Any, result: Any, input_chat: Any) -> Any:
        return SimpleNamespace(request=request, result=result, input_chat=input_chat)

    def add_event_handler(self, callback: Callable[..., Any], event: Any = None) -> None:
        self.handlers.append(callback)

    def remove_event_handler(self, callback: Callable[..., Any], event: Any = None) -> int:
        self.handlers.remove(callback)
        return 1


def bound(client: Any = None, known: Any = None, input_chat: Any = None, **fields: Any) -> types.Message:
    """A message that came to a client."""
    found = message(**fields)
    found._finish_init(client or FakeClient(), ENTITIES if known is None else known, input_chat)
    return found
