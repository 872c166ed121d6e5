"""A connection inside the process: two transports that hand bytes to each other through the event loop."""

from __future__ import annotations

import asyncio

__all__ = ["connect_pair"]


class _MemoryTransport(asyncio.Transport):
    """One end; what is written to it arrives at the protocol of the other end in the next turn of the loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop, protocol: asyncio.BaseProtocol, name: tuple[str, int]) -> None:
        super().__init__({"peername": name, "sockname": name})
        self._loop = loop
        self._protocol = protocol
        self._peer: _MemoryTransport | None = None
        self._arrived: list[bytes] = []
        self._ended = False
        self._closing = False
        self._paused = False
        self._scheduled = False

    def link(self, peer: _MemoryTransport) -> None:
        """Say where what is written goes."""
        self._peer = peer

    # -- writing -----------------------------------------------------------------------------------------------------

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Send bytes."""
        if self._peer is not None and not self._closing and data:
            self._peer._take(bytes(data))

    def can_write_eof(self) -> bool:
        """Always."""
        return True

    def write_eof(self) -> None:
        """Say that nothing more will be sent."""
        if self._peer is not None:
            self._peer._take_end()

    def get_write_buffer_size(self) -> int:
        """Nothing waits here."""
        return 0

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        """Without effect, because nothing waits here."""

    # -- reading -----------------------------------------------------------------------------------------------------

    def _take(self, data: bytes) -> None:
        if not self._closing:
            self._arrived.append(data)
            self._schedule()

    def _take_end(self) -> None:
        self._ended = True
        self._schedule()

    def _schedule(self) -> None:
        if not self._scheduled and not self._paused:
            self._scheduled = True
            self._loop.call_soon(self._deliver)

    def _deliver(self) -> None:
        self._scheduled = False
        if self._paused:
            return
        protocol = self._protocol
        if self._arrived and not self._closing:
            data = b"".join(self._arrived)
            self._arrived.clear()
            if isinstance(protocol, asyncio.Protocol):
                protocol.data_received(data)
        if self._ended and not self._closing:
            self._ended = False
            keep_open = protocol.eof_received() if isinstance(protocol, asyncio.Protocol) else False
            if not keep_open:
                self.close()

    def is_reading(self) -> bool:
        """Whether bytes are handed on."""
        return not self._paused and not self._closing

    def pause_reading(self) -> None:
        """Let bytes wait."""
        self._paused = True

    def resume_reading(self) -> None:
        """Hand bytes on again."""
        self._paused = False
        if self._arrived or self._ended:
            self._schedule()

    # -- the end -----------------------------------------------------------------------------------------------------

    def is_closing(self) -> bool:
        """Whether it is closed or about to be."""
        return self._closing

    def close(self) -> None:
        """Close; what was written still arrives."""
        self._finish(None)
        if self._peer is not None:
            self._peer._take_end()

    def abort(self) -> None:
        """Close both ends; what is on its way is lost."""
        self._finish(None)
        if self._peer is not None:
            self._peer._finish(ConnectionResetError("the other end of the connection was dropped"))

    def _finish(self, error: Exception | None) -> None:
        if self._closing:
            return
        self._closing = True
        self._arrived.clear()
        self._loop.call_soon(self._protocol.connection_lost, error)

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        """Hand bytes to another protocol from now on."""
        self._protocol = protocol

    def get_protocol(self) -> asyncio.BaseProtocol:
        """Who gets the bytes."""
        return self._protocol


def connect_pair(server: asyncio.Protocol, client: asyncio.Protocol, name: tuple[str, int]) -> asyncio.Transport:
    """Connect two protocols.

    Args:
        server: protocol of the server.
        client: protocol of the client.
        name: what either end sees as address of the other one.

    Returns:
        The transport of the client.
    """
    loop = asyncio.get_running_loop()
    near = _MemoryTransport(loop, client, name)
    far = _MemoryTransport(loop, server, name)
    near.link(far)
    far.link(near)
    server.connection_made(far)
    client.connection_made(near)
    return near
