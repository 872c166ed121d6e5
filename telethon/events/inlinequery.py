"""Inline queries: somebody types ``@bot something`` in any chat."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from telethon.events.common import EventBuilder, EventCommon, name_inner_event, pattern_matcher
from telethon.tl import functions, types
from telethon.tl.custom.sendergetter import SenderGetter

if TYPE_CHECKING:
    import re

    from telethon.events.common import Chats, Func
    from telethon.tl.custom.inlinebuilder import InlineBuilder

__all__ = ["InlineQuery", "InlineQueryEvent"]


class InlineQueryEvent(EventCommon, SenderGetter):
    """An inline query.

    Args:
        query: the update.

    Attributes:
        query: as above.
        pattern_match: what the pattern of the builder gave, a match object as a rule.
    """

    query: types.UpdateBotInlineQuery
    pattern_match: Any

    def __init__(self, query: types.UpdateBotInlineQuery) -> None:
        super().__init__(chat_peer=types.PeerUser(query.user_id))
        SenderGetter.__init__(self, query.user_id)
        self.query = query
        self.pattern_match = None

    def _set_client(self, client: Any) -> None:
        super()._set_client(client)
        self._sender = self._entities.get(self._sender_id or 0)

    @property
    def id(self) -> int:
        """The id of the query."""
        return self.query.query_id

    @property
    def text(self) -> str:
        """What was typed after the name of the bot."""
        return self.query.query

    @property
    def offset(self) -> str:
        """Where to go on, as the answer before said in ``next_offset``; empty for the first results."""
        return self.query.offset

    @property
    def geo(self) -> types.TypeGeoPoint | None:
        """Where the user is, when the bot asks for that."""
        return self.query.geo

    @property
    def builder(self) -> InlineBuilder:
        """A new `InlineBuilder`, which makes the results to answer with."""
        from telethon.tl.custom.inlinebuilder import InlineBuilder

        return InlineBuilder(cast("Any", self._client))

    async def answer(
        self,
        results: Any = None,
        cache_time: int = 0,
        *,
        gallery: bool = False,
        next_offset: str | None = None,
        private: bool = False,
        switch_pm: str | None = None,
        switch_pm_param: str = "",
    ) -> bool:
        """Answer with results.

        Args:
            results: what `builder` made, awaited or not yet; one or several.
            cache_time: seconds for which Telegram may give the same answer to the same text.
            gallery: whether to show the results as a grid of pictures.
            next_offset: what `offset` shall be when the user wants more.
            private: whether the answer may be kept only for this user.
            switch_pm: the text of a button above the results that leads to a chat with the bot.
            switch_pm_param: what the bot gets with ``/start`` when it is pressed.

        Example:
            >>> builder = event.builder
            >>> await event.answer([builder.article("Hello", text="Hello, world!")])

        Network: one request, and those that the results need for their files.
        Source: https://core.telegram.org/method/messages.setInlineBotResults
        """
        if results is None:
            several: list[Any] = []
        elif isinstance(results, Iterable):
            several = list(results)  # pyright: ignore[reportUnknownArgumentType]
        else:
            several = [results]
        waiting = [_as_task(one) for one in several]
        try:
            made = await asyncio.gather(*waiting)
        except BaseException:
            for task in waiting:
                task.cancel()
            raise
        return await self.client(
            functions.messages.SetInlineBotResultsRequest(
                query_id=self.query.query_id,
                results=list(made),
                cache_time=cache_time,
                gallery=gallery,
                next_offset=next_offset,
                private=private,
                switch_pm=types.InlineBotSwitchPM(switch_pm, switch_pm_param) if switch_pm else None,
            )
        )


async def _given(result: Any) -> Any:
    return await result if inspect.isawaitable(result) else result


def _as_task(result: Any) -> asyncio.Future[Any]:
    """The result, being made if it has to be awaited."""
    return asyncio.ensure_future(_given(result))


@name_inner_event
class InlineQuery(EventBuilder[InlineQueryEvent]):
    """Happens when somebody types ``@bot something``. Only bots for which it was switched on get it.

    Args:
        users: whose queries are wanted; None for everybody's.
        blacklist_users: whether it is these users whose queries are *not* wanted.
        func: only events for which it gives something true are wanted. It may be asynchronous.
        pattern: text or compiled pattern that is matched from the start of the query; or a function of its text.

    Raises:
        TypeError: the pattern is of another kind.

    Example:
        >>> @client.on(events.InlineQuery)
        ... async def handler(event):
        ...     await event.answer([event.builder.article("Echo", text=event.text)])

    Source: https://core.telegram.org/constructor/updateBotInlineQuery
    """

    Event: TypeAlias = InlineQueryEvent

    pattern: Callable[[str], Any] | None

    def __init__(
        self,
        users: Chats | None = None,
        *,
        blacklist_users: bool = False,
        func: Func | None = None,
        pattern: str | re.Pattern[str] | Callable[[str], Any] | None = None,
    ) -> None:
        super().__init__(users, blacklist_chats=blacklist_users, func=func)
        self.pattern = pattern_matcher(pattern)

    @classmethod
    def build(cls, update: Any, others: list[Any] | None = None, self_id: int | None = None) -> InlineQueryEvent | None:
        """The event of an inline query; None for other updates."""
        return cls.Event(update) if isinstance(update, types.UpdateBotInlineQuery) else None

    def filter(self, event: Any) -> Any:
        """Whether the event is wanted: something true, or what has to be awaited to know."""
        if self.pattern is not None:
            match = self.pattern(event.text)
            if not match:
                return None
            event.pattern_match = match
        return super().filter(event)
