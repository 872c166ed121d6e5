"""A stream reader whose bytes can be taken as they arrive, without a task that waits for them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import SupportsIndex

from telethon.network._allocator import LARGE, expect_large_blocks

__all__ = ["BufferedReaderProtocol", "DivertableReader"]

_BUFFER = 128 * 1024
"""Bytes that are taken from the socket at a time."""


class DivertableReader(asyncio.StreamReader):
    """An ordinary `asyncio.StreamReader` until `divert` is called.

    After that every piece that comes from the socket goes straight to a function, several packets at a time. That
    saves two waits for each packet, which is most of what reading small packets costs.
    """

    _sink: Callable[[bytes], None] | None = None
    _ended: Callable[[BaseException | None], None] | None = None
    _early = 0
    _over = False

    async def divert(self, sink: Callable[[bytes], None], ended: Callable[[BaseException | None], None]) -> None:
        """Hand everything to *sink* from now on, beginning with what has arrived already.

        Args:
            sink: takes the bytes.
            ended: called once when there will be no more, with the error if one is the reason.
        """
        early = await self.read(self._early) if self._early else b""
        self._sink = sink
        self._ended = ended
        if early:
            sink(early)
        if self._over:
            ended(self.exception())

    def release(self) -> None:
        """Tell nobody anything from now on."""
        self._sink = _ignore
        self._ended = None

    def feed_data(self, data: Iterable[SupportsIndex]) -> None:
        """Called by the transport, with bytes of some kind."""
        taken = bytes(data)
        if self._sink is not None:
            self._sink(taken)
        else:
            self._early += len(taken)
            super().feed_data(taken)

    def feed_eof(self) -> None:
        """Called by the transport when the other side has closed."""
        super().feed_eof()
        self._finish(None)

    def set_exception(self, exc: Exception) -> None:
        """Called by the transport when the connection broke."""
        super().set_exception(exc)
        self._finish(exc)

    def _finish(self, error: BaseException | None) -> None:
        if not self._over:
            self._over = True
            if self._ended is not None:
                self._ended(error)


class BufferedReaderProtocol(asyncio.StreamReaderProtocol, asyncio.BufferedProtocol):
    """Feeds a stream reader out of one buffer.

    An ordinary protocol gets every piece in a new buffer of the largest size, and asking the system for so much memory
    takes longer than all the rest of receiving a small packet.

    Args:
        reader: what to feed.
        loop: the event loop.
    """

    def __init__(self, reader: DivertableReader, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(reader, loop=loop)
        self._fed = reader
        self._buffer = bytearray(_BUFFER)
        self._view = memoryview(self._buffer)

    def get_buffer(self, sizehint: int) -> bytearray:
        """Called by the transport: where to put what arrives."""
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        """Called by the transport: so much has arrived."""
        if nbytes > LARGE:
            expect_large_blocks()
        data = bytes(self._view[:nbytes])
        if self._fed._sink is not None:
            self._fed._sink(data)
        else:
            self._fed.feed_data(data)


def _ignore(data: bytes) -> None:
    """Nobody wants these."""
