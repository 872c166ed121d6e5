"""One open connection in use: packets go in and come out without waiting wherever that is possible."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from telethon.network._allocator import LARGE, expect_large_blocks

if TYPE_CHECKING:
    from telethon.network.connection.connection import Connection

__all__ = ["Link"]

_FULL = 1024 * 1024
"""Bytes waiting in the socket's buffer from which on nothing more is written until it has emptied."""

_CLOSE_PATIENCE = 0.7
"""Seconds a connection gets to close. Its own limit is shorter, but the class may be somebody else's."""


class Link:
    """Moves packets over a connection that is open.

    A connection of the library needs no task for this: what arrives is handed on from within the event loop, and
    what leaves is written at once. One that reads or writes in its own way gets a task for that.

    Args:
        connection: an open connection.
        on_packets: takes what arrives, one or more packets at a time.
        on_lost: called once when the connection ends, unless `close` was called before.
        on_progress: called when a part of a packet has arrived.
        on_room: called when packets may be written again after `is_full` was true.
    """

    def __init__(
        self,
        connection: Connection,
        *,
        on_packets: Callable[[list[bytes]], None],
        on_lost: Callable[[BaseException], None],
        on_progress: Callable[[], None],
        on_room: Callable[[], None],
    ) -> None:
        self.connection = connection
        self._on_packets = on_packets
        self._on_lost: Callable[[BaseException], None] | None = on_lost
        self._on_progress = on_progress
        self._on_room = on_room
        self._tasks: set[asyncio.Task[None]] = set()
        self._waiting: deque[bytes] = deque()
        self._direct = connection._writes_at_once()
        self._unchecked = 0
        self.is_full = False
        """Whether nothing should be written now."""
        self.must_poll: Callable[[], bool] | None = getattr(connection, "_must_poll", None)
        """Whether the server has to be asked for more; None where it speaks by itself."""

    def start(self) -> None:
        """Begin to receive."""
        if not self.connection._hand_over(self._on_packets, self._end, self._on_progress):
            self._spawn(self._receive())

    def write(self, packets: list[bytes]) -> None:
        """Send packets; what goes wrong with that is reported as the end of the connection."""
        if not self._direct:
            self._waiting.extend(packets)
            if not self.is_full:
                self.is_full = True
                self._spawn(self._send_waiting())
            return
        connection = self.connection
        try:
            for packet in packets:
                connection._send(packet)
                self._unchecked += len(packet)
        except Exception as error:  # noqa: BLE001 - the class of connection may be anybody's
            self._end(error)
            return
        if self._unchecked < LARGE:
            return
        self._unchecked = 0
        expect_large_blocks()
        writer = connection._writer
        # A connection of somebody else may write to something without a socket.
        transport: Any = getattr(writer, "transport", None)
        if writer is not None and transport is not None and transport.get_write_buffer_size() > _FULL:
            self.is_full = True
            self._spawn(self._drain(writer))

    async def close(self) -> None:
        """Close the connection; takes a second at most."""
        self._on_lost = None
        own = asyncio.current_task()
        tasks = [task for task in self._tasks if task is not own]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
        await close_connection(self.connection)

    def _end(self, error: BaseException) -> None:
        lost, self._on_lost = self._on_lost, None
        if lost is not None:
            lost(error)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _receive(self) -> None:
        try:
            while True:
                self._on_packets([await self.connection.recv()])
        except Exception as error:  # noqa: BLE001 - whatever it is, the connection is of no further use
            self._end(error)

    async def _send_waiting(self) -> None:
        try:
            while self._waiting:
                await self.connection.send(self._waiting.popleft())
        except Exception as error:  # noqa: BLE001 - as above
            self._end(error)
        else:
            self.is_full = False
            self._on_room()

    async def _drain(self, writer: asyncio.StreamWriter) -> None:
        try:
            await writer.drain()
        except OSError as error:
            self._end(error)
        else:
            self.is_full = False
            self._on_room()


async def close_connection(connection: Connection) -> None:
    """Close a connection; when that takes long or fails, its socket is thrown away."""
    closing = asyncio.ensure_future(connection.disconnect())
    try:
        await asyncio.wait((closing,), timeout=_CLOSE_PATIENCE)
    finally:
        closing.cancel()
    if not closing.done() or closing.cancelled() or closing.exception() is not None:
        transport: Any = getattr(connection._writer, "transport", None)
        if transport is not None:
            transport.abort()
