"""A stream reader whose bytes can be taken as they arrive, without a task that waits for them."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable
from typing import SupportsIndex

from telethon.network._allocator import LARGE, expect_large_blocks

__all__ = ["BufferedReaderProtocol", "DivertableReader"]

_BUFFER = 128 * 1024
"""Bytes that are taken from the socket at a time."""

_LARGEST_BUFFER = 1024 * 1024
"""Those that are taken once so many at a time come that a smaller buffer was full."""


class DivertableReader(asyncio.StreamReader):
    """An ordinary `asyncio.StreamReader` until `divert` is called.

    After that every piece that comes from the socket goes straight to a function, several packets at a time. That
    saves two waits for each packet, which is most of what reading small packets costs.
    """

    _sink: Callable[[bytes], None] | None = None
    _ended: Callable[[BaseException | None], None] | None = None
    _unwrap: Callable[[bytes], bytes] | None = None
    _early = 0
    _over = False

    async def go_through(self, unwrap: Callable[[bytes], bytes], is_ready: Callable[[], bool]) -> None:
        """Take everything that comes through a function from now on, for a stream inside of another one.

        Args:
            unwrap: gives the bytes inside of those that came.
            is_ready: whether the other end has said all that must come before those; this returns when it has.

        Raises:
            ConnectionResetError: the other end closed the connection before that.
        """
        inside = b""
        while not is_ready():
            data = await self.read(_BUFFER)
            if not data:
                raise ConnectionResetError("The other end closed the connection during its greeting")
            self._early -= len(data)
            inside = unwrap(data)
        self._unwrap = unwrap
        if inside:
            self._early += len(inside)
            super().feed_data(inside)

    async def divert(self, sink: Callable[[bytes], None], ended: Callable[[BaseException | None], None]) -> None:
        """Hand everything to *sink* from now on, beginning with what has arrived already.

        Args:
            sink: takes the bytes.
            ended: called once when there will be no more, with the error if one is the reason.
        """
        early = await self.read(self._early) if self._early else b""
        self._sink = sink if self._unwrap is None else self._unwrapping(self._unwrap, sink)
        self._ended = ended
        if early:
            # It has been unwrapped already.
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
        elif self._unwrap is not None:
            self._unwrapping(self._unwrap, self._keep)(taken)
        else:
            self._keep(taken)

    def feed_eof(self) -> None:
        """Called by the transport when the other side has closed."""
        super().feed_eof()
        self._finish(None)

    def set_exception(self, exc: Exception) -> None:
        """Called by the transport when the connection broke."""
        super().set_exception(exc)
        self._finish(exc)

    def _keep(self, data: bytes) -> None:
        self._early += len(data)
        super().feed_data(data)

    def _unwrapping(self, unwrap: Callable[[bytes], bytes], sink: Callable[[bytes], None]) -> Callable[[bytes], None]:
        def take(data: bytes) -> None:
            if self._over:
                return
            try:
                # What stands before a fault comes first, and the fault with the second call.
                while inside := unwrap(data):
                    sink(inside)
                    data = b""
            except Exception as error:  # noqa: BLE001 - whatever is wrong with the bytes, the reader must learn it
                self.set_exception(error)

        return take

    def _finish(self, error: BaseException | None) -> None:
        if not self._over:
            self._over = True
            if self._ended is not None:
                self._ended(error)


class _Buffer(threading.local):
    """Where the connections of a thread put what arrives: it is taken out again before another one can arrive."""

    def __init__(self) -> None:
        self.bytes = bytearray(_BUFFER)


_buffer = _Buffer()


class BufferedReaderProtocol(asyncio.StreamReaderProtocol, asyncio.BufferedProtocol):
    """Feeds a stream reader out of one buffer, which all connections of the thread share.

    An ordinary protocol gets every piece in a new buffer of the largest size, and asking the system for so much memory
    takes longer than all the rest of receiving a small packet. A buffer for each connection would be most of what a
    client needs that only waits.

    Args:
        reader: what to feed.
        loop: the event loop.
    """

    def __init__(self, reader: DivertableReader, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(reader, loop=loop)
        self._fed = reader

    def get_buffer(self, sizehint: int) -> bytearray:
        """Called by the transport: where to put what arrives."""
        return _buffer.bytes

    def buffer_updated(self, nbytes: int) -> None:
        """Called by the transport: so much has arrived."""
        if nbytes > LARGE:
            expect_large_blocks()
        buffer = _buffer.bytes
        data = bytes(memoryview(buffer)[:nbytes])
        if nbytes == len(buffer) < _LARGEST_BUFFER:
            # A file is coming: a part of it shall need no more than a turn or two of the event loop.
            _buffer.bytes = bytearray(2 * nbytes)
        if self._fed._sink is not None:
            self._fed._sink(data)
        else:
            self._fed.feed_data(data)


def _ignore(data: bytes) -> None:
    """Nobody wants these."""
