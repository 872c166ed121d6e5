"""Walking through answers that come in pages."""

from __future__ import annotations

import abc
import asyncio
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from telethon.helpers import TotalList

if TYPE_CHECKING:
    from typing_extensions import Self

__all__ = ["RequestIter"]

_T = TypeVar("_T")


class RequestIter(abc.ABC, Generic[_T]):
    """An iterator over items that a server hands out in pages, one request for each page.

    It works with ``async for``, and with a plain ``for`` where no event loop runs. Each loop starts again at the first
    item. `reversed` gives the same iterator, going the other way. Between two requests it waits as long as
    *wait_time* asks for, less the time that has passed since.

    A subclass fills `buffer` in `_load_next_chunk`, in the order in which items are to be given.

    Args:
        client: makes the requests.
        limit: the most items to give; `None` for all there are.
        reverse: whether to go from the oldest item to the newest.
        wait_time: seconds between requests; `None` lets the subclass choose.
        **kwargs: handed to `_init` when iterating begins.

    Attributes:
        limit: the most items to give, infinite when there is no limit.
        left: how many items may still come; a page with more than that is not worth asking for.
        buffer: the items of the current page.
        index: the place in *buffer* of the item that comes next.
        total: how many items exist in all, once a page told; else `None`.
        last_load: when the last page was asked for, in seconds of the loop's clock.
    """

    def __init__(
        self, client: Any, limit: float | None, *, reverse: bool = False, wait_time: float | None = None, **kwargs: Any
    ) -> None:
        if limit is not None and not isinstance(limit, (int, float)):
            raise TypeError(f"limit is a number, or None for everything, not {type(limit).__name__}")
        self.client = client
        self.reverse = reverse
        self.wait_time = wait_time
        self.kwargs = kwargs
        self.limit: float = max(float("inf") if limit is None else limit, 0)
        self.total: int | None = None
        self._rewind()

    def _rewind(self) -> None:
        self.left = self.limit
        self.buffer: list[_T] = []
        self.index = 0
        self.last_load = float("-inf")
        self._is_started = False

    async def _init(self, **kwargs: Any) -> bool | None:
        """Get ready for the first page; called when iterating begins, with the keyword arguments of the constructor.

        Returns:
            True when *buffer* was filled with all there is, so that no page has to be loaded.

        Raises:
            StopAsyncIteration: when there is nothing to iterate over.
        """

    @abc.abstractmethod
    async def _load_next_chunk(self) -> bool | None:
        """Put the items of the next page into *buffer*, which is empty by then.

        Returns:
            True when this was the last page.

        Raises:
            StopAsyncIteration: when there is no further page.
        """
        raise NotImplementedError

    async def __anext__(self) -> _T:
        if not self._is_started:
            try:
                is_all = await self._init(**self.kwargs)
            except StopAsyncIteration:
                self._is_started = True
                self.left = 0
                raise
            # Only now: what was cut off or has failed on the way is done again when it is asked for again.
            self._is_started = True
            if is_all:
                self.left = len(self.buffer)
        if self.left <= 0:
            raise StopAsyncIteration

        if self.index == len(self.buffer):
            now = asyncio.get_running_loop().time
            if self.wait_time:
                seconds = self.last_load + self.wait_time - now()
                if seconds > 0:
                    await asyncio.sleep(seconds)
            self.last_load = now()
            self.index = 0
            self.buffer = []
            if await self._load_next_chunk():
                self.left = len(self.buffer)
            if not self.buffer:
                raise StopAsyncIteration

        item = self.buffer[self.index]
        self.left -= 1
        self.index += 1
        return item

    def __next__(self) -> _T:
        loop = self._idle_loop()
        try:
            return loop.run_until_complete(self.__anext__())
        except StopAsyncIteration:
            raise StopIteration from None

    def __aiter__(self) -> Self:
        self._rewind()
        return self

    def __iter__(self) -> Self:
        self._idle_loop()
        self._rewind()
        return self

    def _idle_loop(self) -> asyncio.AbstractEventLoop:
        loop: asyncio.AbstractEventLoop = self.client.loop
        if loop.is_running():
            raise RuntimeError(
                'You must use "async for" if the event loop is running (i.e. you are inside an "async def")'
            )
        if loop.is_closed():
            raise RuntimeError("Event loop is closed")
        return loop

    async def collect(self) -> TotalList[_T]:
        """All items as one list, whose *total* is that of this iterator.

        Network: one request for each page.
        """
        result: TotalList[_T] = TotalList()
        async for item in self:
            result.append(item)
        result.total = self.total
        return result

    def __reversed__(self) -> Self:
        self.reverse = True
        return self
