"""The results that a bot gives to an inline query."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from telethon.tl.custom.inlineresult import InlineResult

if TYPE_CHECKING:
    from telethon.tl import types

__all__ = ["InlineResults"]


class InlineResults(list[InlineResult]):
    """A list of `InlineResult`, with what the bot says about all of them.

    Attributes:
        result: the ``messages.BotResults`` itself.
        query_id: the id of the query.
        cache_time: how many seconds the results may be kept.
        users: the users that the results mention.
        gallery: whether they are to be shown as pictures.
        next_offset: the offset to ask for more; None when there are no more.
        switch_pm: the button above the results that leads to the private chat with the bot.

    Example:
        >>> results = await client.inline_query("gif", "cats")
        >>> for result in results:
        ...     print(result.title)

    Source: https://core.telegram.org/constructor/messages.botResults
    """

    def __init__(self, client: Any, original: types.messages.BotResults, *, entity: Any = None) -> None:
        super().__init__(InlineResult(client, found, original.query_id, entity=entity) for found in original.results)
        self.result = original
        self.query_id = original.query_id
        self.cache_time = original.cache_time
        self._valid_until = time.monotonic() + original.cache_time
        self.users = original.users
        self.gallery = bool(original.gallery)
        self.next_offset = original.next_offset
        self.switch_pm = original.switch_pm

    def results_valid(self) -> bool:
        """Whether the results can still be sent; after `cache_time` the query must be made anew."""
        return time.monotonic() < self._valid_until

    def __str__(self) -> str:
        return f"[{', '.join(str(found) for found in self)}]"

    def __repr__(self) -> str:
        return f"[{', '.join(repr(found) for found in self)}]"
