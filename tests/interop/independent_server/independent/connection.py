"""One TCP connection of a client."""

from __future__ import annotations

import asyncio
import struct
from typing import TYPE_CHECKING

from independent.exchange import Exchange, Refused
from independent.rsakey import NotPadded
from independent.transports import BadStream, Stream

if TYPE_CHECKING:
    from independent.server import Server
    from independent.session import Session


class Connection:
    """Reads packets and hands them to the server, writes what the server says."""

    def __init__(self, server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.server = server
        self.reader = reader
        self.writer = writer
        self.stream = Stream(server.proxy_secret)
        self.exchange: Exchange | None = None
        self.sessions: list[Session] = []
        self.packets = 0
        self.closing: asyncio.TimerHandle | None = None
        self.is_deaf = False
        """It reads nothing any more, and keeps the connection."""
        self.is_mute = False
        """What it should say is thrown away."""
        self._lock = asyncio.Lock()

    @property
    def is_closed(self) -> bool:
        """Whether nothing can be sent any more."""
        return self.writer.is_closing()

    async def run(self) -> None:
        """Read until the client goes."""
        while not self.is_closed:
            data = await self.reader.read(1 << 16)
            if not data:
                break
            if self.is_deaf:
                continue
            packets = self.stream.feed(data)
            if self.stream.is_http:
                await self.server.http(self, bytes(self.stream.first))
                return
            for packet, quick in packets:
                self.packets += 1
                await self.server.packet(self, packet, quick)

    async def plain(self, body: bytes, msg_id: int) -> None:
        """Send a message that is not encrypted."""
        await self.write(bytes(8) + struct.pack("<qi", msg_id, len(body)) + body)

    async def error(self, code: int) -> None:
        """Send a transport error, like -404."""
        await self.write(struct.pack("<i", code))

    async def write(self, payload: bytes) -> None:
        """Send a packet."""
        if self.is_mute or self.is_closed:
            return
        async with self._lock:
            try:
                await self.raw(self.stream.frame(payload))
            except ConnectionError:
                self.writer.close()

    async def raw(self, data: bytes) -> None:
        """Send bytes, slowly where the server is slow."""
        quirks = self.server.quirks
        step = quirks.piece or len(data) or 1
        for at in range(0, len(data), step):
            self.writer.write(data[at : at + step])
            if quirks.pause:
                await asyncio.sleep(quirks.pause)
        await self.writer.drain()

    def reset(self) -> None:
        """Cut it, so that the client sees a reset."""
        sock = self.writer.get_extra_info("socket")
        if sock is not None and sock.fileno() >= 0:
            linger = struct.pack("ii", 1, 0)
            sock.setsockopt(1, 13, linger)  # SOL_SOCKET, SO_LINGER
        self.writer.transport.abort()

    def close(self) -> None:
        """Close it in good order."""
        if self.closing:
            self.closing.cancel()
        self.writer.close()


EXPECTED = (BadStream, Refused, NotPadded, ConnectionError, asyncio.IncompleteReadError)
"""What a client can bring about; the connection ends."""
