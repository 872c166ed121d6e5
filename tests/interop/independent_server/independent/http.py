"""The HTTP transport: the body of each request is a packet, that of its answer another.

Source: https://core.telegram.org/mtproto/transports#http
"""

from __future__ import annotations

import asyncio
import struct
from typing import TYPE_CHECKING

from independent.connection import Connection

if TYPE_CHECKING:
    from independent.server import Server


class HttpAnswer(Connection):
    """What is written in answer to one request, and no more than one packet."""

    def __init__(self, parent: Connection) -> None:
        super().__init__(parent.server, parent.reader, parent.writer)
        self.payload: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self.wait = 0.0

    @property
    def is_closed(self) -> bool:
        """Whether the packet was written already."""
        return self.payload.done() or self.writer.is_closing()

    async def write(self, payload: bytes) -> None:
        if not self.payload.done():
            self.payload.set_result(payload)


async def serve(server: Server, connection: Connection, first: bytes) -> None:
    """Answer requests until the client goes."""
    buffer = bytearray(first)
    while True:
        while b"\r\n\r\n" not in buffer:
            data = await connection.reader.read(1 << 16)
            if not data:
                return
            buffer += data
        head, _, rest = bytes(buffer).partition(b"\r\n\r\n")
        length = _length(head)
        while len(rest) < length:
            data = await connection.reader.read(1 << 16)
            if not data:
                return
            rest += data
        buffer = bytearray(rest[length:])
        connection.packets += 1
        answer = HttpAnswer(connection)
        answer.exchange = connection.exchange
        await server.packet(answer, rest[:length])
        connection.exchange = answer.exchange
        body = await _wait(answer)
        if len(body) == 4 and struct.unpack("<i", body)[0] < 0:
            code = -struct.unpack("<i", body)[0]
            connection.writer.write(b"HTTP/1.1 %d Error\r\nContent-Length: 0\r\n\r\n" % code)
        else:
            connection.writer.write(
                b"HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Type: application/octet-stream\r\n"
                b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
            )
        await connection.writer.drain()


async def _wait(answer: HttpAnswer) -> bytes:
    """The packet, or an empty container when nothing comes in time."""
    try:
        return await asyncio.wait_for(asyncio.shield(answer.payload), answer.wait or 25)
    except asyncio.TimeoutError:
        session = answer.sessions[0]
        return session.sealed(session.container([]))


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            return int(value)
    return 0
