"""Updates that are handled one after the other: each waits until the handlers of the one before it are done."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

from telethon._updates import ChannelState, SessionState
from telethon.client._dispatch import LIMIT, STALL, Dispatcher, EventBuilderDict, finish, until

__all__ = ["Changes", "UpdateLine"]

Changes: TypeAlias = tuple[SessionState | None, list[ChannelState]]
"""What has changed in a message box, see `MessageBox.take_changes`."""


class UpdateLine:
    """Updates in line, and between them the states that hold once those before are handled.

    Args:
        dispatcher: calls the handlers.
        on_state: called with each state when its turn has come.

    Attributes:
        on_turn: called with the events of an update when their turn has come, if it is not None.
    """

    def __init__(self, dispatcher: Dispatcher, on_state: Callable[[Changes], None]) -> None:
        self._dispatcher = dispatcher
        self._on_state = on_state
        self._line: deque[EventBuilderDict | Changes] = deque()
        self._wake: asyncio.Future[None] | None = None
        self._room: asyncio.Future[None] | None = None
        self._limit = LIMIT
        self.on_turn: Callable[[EventBuilderDict], None] | None = None
        #: When the update began whose turn it is; None when it is nobody's.
        self.since: float | None = None

    def __len__(self) -> int:
        return len(self._line)

    @property
    def updates(self) -> int:
        """How many updates stand in line."""
        return sum(isinstance(one, EventBuilderDict) for one in self._line)

    @property
    def is_waiting(self) -> bool:
        """Whether anything stands in line."""
        return bool(self._line)

    @property
    def is_long(self) -> bool:
        """Whether more should wait elsewhere, see `shorten`."""
        return len(self._line) >= self._limit

    def add(self, updates: Iterable[Any]) -> None:
        """Put updates at the end. Conversations get them at once: the handler whose turn it is may wait for them."""
        several = list(updates)
        self._line.extend(self._dispatcher.prepare(update, several) for update in several)
        finish(self._wake)

    def put(self, built: EventBuilderDict) -> None:
        """Put the events of one update at the end; whoever has to know of them at once does."""
        self._line.append(built)
        finish(self._wake)

    def clear(self) -> None:
        """Forget everything that stands in line."""
        self._line.clear()
        finish(self._room)

    def add_state(self, changes: Changes) -> None:
        """Put a state at the end."""
        self._line.append(changes)

    async def run(self) -> None:
        """Handle what stands in line, for ever."""
        line = self._line
        while True:
            while line:
                first = line.popleft()
                if not self.is_long:
                    finish(self._room)
                if isinstance(first, EventBuilderDict):
                    if self.on_turn is not None:
                        self.on_turn(first)
                    task = self._dispatcher.start(first)
                    if task is not None:
                        self.since = asyncio.get_running_loop().time()
                        try:
                            await asyncio.wait([task])
                        finally:
                            self.since = None
                else:
                    self._on_state(first)
            self._wake = asyncio.get_running_loop().create_future()
            await self._wake

    async def shorten(self) -> None:
        """Wait until fewer updates stand in line, for a while; see `Dispatcher.make_room`."""
        self._room = asyncio.get_running_loop().create_future()
        try:
            await until(self._room, STALL)
        finally:
            self._room = None
        if self.is_long:
            self._limit += LIMIT
