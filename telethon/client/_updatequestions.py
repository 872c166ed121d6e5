"""The questions of a message box as requests.

Source: https://core.telegram.org/api/updates#recovering-gaps
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final

from telethon._updates import EntityCache, Wanted
from telethon._updates.defs import BOT_CHANNEL_DIFF_LIMIT, USER_CHANNEL_DIFF_LIMIT
from telethon.client._updatestore import UpdateStore
from telethon.tl import functions, types

__all__ = ["TIMEOUT", "Questions"]

#: Seconds an answer may take.
TIMEOUT: Final = 60.0


class Questions:
    """Asks what a message box wants to know.

    Args:
        ask: sends a request and gives its answer.
        store: knows the channels that memory does not.
        cache: gives the access hashes in memory.
    """

    def __init__(
        self, ask: Callable[[Any], Awaitable[Any]], store: UpdateStore, cache: Callable[[], EntityCache]
    ) -> None:
        self._ask = ask
        self._store = store
        self._cache = cache

    async def ask(self, wanted: Wanted) -> Any:
        """The answer to a question; None when it is about a channel that cannot be named.

        Raises:
            TimeoutError: it did not come in time.
        """
        request = await self._request(wanted)
        if request is None:
            return None
        # Not by wait_for: the request may be told to ask another data centre, and then the client ends every task
        # of its own but the one that runs, which must be this one.
        task = asyncio.current_task()
        is_late = False

        def give_up() -> None:
            nonlocal is_late
            is_late = True
            if task is not None:
                task.cancel()

        timer = asyncio.get_running_loop().call_later(TIMEOUT, give_up)
        try:
            return await self._ask(request)
        except asyncio.CancelledError:
            if is_late:
                raise TimeoutError("no answer in time") from None
            raise
        finally:
            timer.cancel()

    async def _request(self, wanted: Wanted) -> Any:
        if wanted.state_only:
            return functions.updates.GetStateRequest()
        if wanted.channel_id is None:
            return functions.updates.GetDifferenceRequest(pts=wanted.pts, date=wanted.date, qts=wanted.qts)
        channel = await self._input_channel(wanted.channel_id)
        if channel is None:
            return None
        limit = BOT_CHANNEL_DIFF_LIMIT if self._cache().self_bot else USER_CHANNEL_DIFF_LIMIT
        return functions.updates.GetChannelDifferenceRequest(
            channel=channel, filter=types.ChannelMessagesFilterEmpty(), pts=wanted.pts, limit=limit
        )

    async def _input_channel(self, channel_id: int) -> types.TypeInputChannel | None:
        known = self._cache().get(channel_id)
        if known is not None and not known.is_user:
            return types.InputChannel(known.id, known.hash)
        return await self._store.input_channel(channel_id)
