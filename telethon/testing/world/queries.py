"""What bots are asked and have to answer in time: pressed buttons and inline queries.

Source: https://core.telegram.org/api/bots/buttons
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from telethon.testing._rpc import RpcFault

if TYPE_CHECKING:
    from telethon.testing.world.letters import Letter
    from telethon.testing.world.world import World
    from telethon.tl import types

__all__ = ["InlineMessage", "Prepared", "Queries", "Query", "WebQuery"]


@dataclass(slots=True, eq=False)
class Query:
    """One question to a bot."""

    id: int
    bot: int
    user: int
    answer: asyncio.Future[Any] = field(repr=False)
    text: str = ""
    offset: str = ""
    peer: int = 0


@dataclass(slots=True, eq=False)
class InlineMessage:
    """A message that a person sent through a bot; the bot can edit it by this number."""

    id: int
    access_hash: int
    dc_id: int
    bot: int
    letter: Letter


@dataclass(slots=True, eq=False)
class WebQuery:
    """A page of a bot that is open in a chat."""

    id: int
    bot: int
    user: int
    peer: int
    expires: int


@dataclass(slots=True, eq=False)
class Prepared:
    """What a bot lets somebody send."""

    bot: int
    user: int
    result: types.TypeInputBotInlineResult
    message: types.TypeBotInlineMessage
    shown: types.TypeBotInlineResult
    peer_types: list[types.TypeInlineQueryPeerType]
    expires: int


class Queries:
    """All open questions and their answers.

    Args:
        world: where the bots are.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self.open: dict[int, Query] = {}
        self.results: dict[int, tuple[Query, Any, dict[str, Any]]] = {}
        self.inline_messages: dict[int, InlineMessage] = {}
        self.web: dict[int, WebQuery] = {}
        self.prepared: dict[str, Prepared] = {}
        self.buttons: dict[str, tuple[int, int, types.TypeKeyboardButton]] = {}

    @staticmethod
    def answered() -> asyncio.Future[Any]:
        """What stands for the answer of a question that nobody waits for."""
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        future.set_result(None)
        return future

    def ask(self, bot: int, user: int, text: str = "", offset: str = "", peer: int = 0) -> Query:
        """Begin a question. It must be awaited with `wait`."""
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        query = Query(self._world.new_id(), bot, user, future, text, offset, peer)
        self.open[query.id] = query
        return query

    async def wait(self, query: Query) -> Any:
        """The bot's answer.

        Raises:
            RpcFault: BOT_RESPONSE_TIMEOUT.
        """
        try:
            return await asyncio.wait_for(query.answer, self._world.options.bot_timeout)
        except asyncio.TimeoutError:
            raise RpcFault(400, "BOT_RESPONSE_TIMEOUT") from None
        finally:
            self.open.pop(query.id, None)

    def reply(self, query_id: int, bot: int, answer: Any) -> Query:
        """Hand in an answer.

        Raises:
            RpcFault: QUERY_ID_INVALID, when the question is not known, is another bot's, or was given up.
        """
        query = self.open.get(query_id)
        if query is None or query.bot != bot or query.answer.done():
            raise RpcFault(400, "QUERY_ID_INVALID")
        query.answer.set_result(answer)
        return query
