"""The HTTP transport: each packet is the body of a request, and the server's of an answer.

The server can only speak when it is asked, and it answers the requests on one socket in their order. So there is always
a request that it may answer when it has something to say (a long poll), and packets that are sent meanwhile go through
further sockets:

    socket 1    http_wait -> .......................... an update
    socket 2    a request -> its answer   another -> its answer

Each of them carries one request at a time. Which answer carries what is up to the server.

Sources: https://core.telegram.org/mtproto/transports#http,
https://core.telegram.org/mtproto/service_messages#http-wait-long-poll
"""

from __future__ import annotations

import asyncio
from collections import deque
from functools import partial
from typing import TYPE_CHECKING, Any

from telethon.network.connection._codecs import CorePacketCodec
from telethon.network.connection.connection import Connection

if TYPE_CHECKING:
    import logging
    from collections.abc import Mapping
    from ssl import SSLContext

    from telethon.mtproto.codecs.base import Codec

__all__ = ["SSL_PORT", "ConnectionHttp", "HttpPacketCodec"]

SSL_PORT = 443

_MAX_SOCKETS = 8
"""Most sockets of one connection; packets for which there is none wait for an answer on one of them."""

_TIMEOUT = 10.0
"""Seconds a further socket may take to open."""

_PATIENCE = 28.0
"""Seconds until each request must have an answer: the 25 that the server may wait, and what the way takes."""


class HttpPacketCodec(CorePacketCodec):
    """Makes a POST request of each packet. An answer without success becomes a transport error of its number."""

    def _make_core(self) -> Codec:
        from telethon.mtproto.codecs.http import HttpCodec

        return HttpCodec(self._conn._ip, self._conn._port)


class _Line(Connection):
    """A further socket."""

    packet_codec = HttpPacketCodec
    owed = 0
    """How many answers are still to come."""
    asked_at = 0.0
    """When it was asked last."""


class ConnectionHttp(Connection):
    """A connection by HTTP, for networks that let nothing else through; by HTTPS on port 443."""

    packet_codec = HttpPacketCodec

    _ssl: bool | SSLContext = False
    _owed = 0
    _asked_at = 0.0
    _opening: asyncio.Task[None] | None = None
    _timer: asyncio.TimerHandle | None = None

    def __init__(
        self,
        ip: str,
        port: int,
        dc_id: int,
        *,
        loggers: Mapping[str, logging.Logger],
        proxy: Any = None,
        local_addr: str | tuple[str, int] | None = None,
    ) -> None:
        super().__init__(ip, port, dc_id, loggers=loggers, proxy=proxy, local_addr=local_addr)
        self._lines: list[_Line] = []
        self._queued: deque[bytes] = deque()

    async def connect(self, timeout: float | None = None, ssl: bool | SSLContext | None = None) -> None:
        """Connect; see `Connection.connect`.

        Args:
            timeout: seconds it may take; None for no limit.
            ssl: by default TLS is used on port 443.
        """
        self._ssl = self._port == SSL_PORT if ssl is None else ssl
        await super().connect(timeout=timeout, ssl=self._ssl)

    async def disconnect(self) -> None:
        """Close the connection, all of its sockets."""
        self._stop_timer()
        opening, self._opening = self._opening, None
        if opening is not None:
            opening.cancel()
            await asyncio.wait((opening,))
        lines, self._lines = self._lines, []
        for line in lines:
            await line._close_writer(patience=0)
        await super().disconnect()

    def _forget(self) -> None:
        super()._forget()
        self._stop_timer()
        self._owed = 0
        self._queued.clear()

    # -- packets -----------------------------------------------------------------------------------------------------

    async def _begin(self) -> None:
        await super()._begin()
        if self._diverted:
            self._feed = self._counted

    def _counted(self, data: bytes) -> list[bytes]:
        packets: list[bytes] = self._codec.feed(data)
        if packets:
            self._owed -= len(packets)
            self._send_queued()
        return packets

    def _must_poll(self) -> bool:
        """Whether the server could say nothing, because it owes no answer."""
        return self._diverted and self._connected and not (self._owed or self._queued or self._owed_elsewhere())

    def _owed_elsewhere(self) -> bool:
        return any(line.owed for line in self._lines)

    def _send(self, data: bytes) -> None:
        if not self._diverted:
            # Somebody else reads, who alone knows what has been answered.
            super()._send(data)
            return
        self._queued.append(data)
        self._send_queued()
        if self._queued and self._opening is None and len(self._lines) + 1 < _MAX_SOCKETS:
            self._opening = asyncio.get_running_loop().create_task(self._open_line())

    def _send_queued(self) -> None:
        """Send what waits, in its order, through the sockets that have nothing to do."""
        if not self._queued:
            return
        loop = asyncio.get_running_loop()
        if not self._owed:
            self._owed = 1
            self._asked_at = loop.time()
            super()._send(self._queued.popleft())
        for line in self._lines:
            if self._queued and not line.owed:
                line.owed = 1
                line.asked_at = loop.time()
                line._send(self._queued.popleft())
        if self._timer is None:
            self._timer = loop.call_later(_PATIENCE, self._on_timer)

    # -- sockets that are dead -----------------------------------------------------------------------------------------

    def _on_timer(self) -> None:
        """See whether an answer is overdue. The other sockets may be well, so nobody else would notice."""
        self._timer = None
        waiting: list[tuple[float, asyncio.StreamWriter | None]] = [
            (line.asked_at, line._writer) for line in self._lines if line.owed
        ]
        if self._owed:
            waiting.append((self._asked_at, self._writer))
        if not waiting or not self._connected:
            return
        loop = asyncio.get_running_loop()
        now = loop.time()
        for asked_at, writer in waiting:
            # What is still being sent cannot have been answered.
            if now - asked_at >= _PATIENCE and not (writer and writer.transport.get_write_buffer_size()):
                self._on_end(ConnectionResetError(f"{self} did not answer within {_PATIENCE:.0f} s"))
                return
        oldest = min(asked_at for asked_at, _ in waiting)
        self._timer = loop.call_later(max(oldest + _PATIENCE - now, 1.0), self._on_timer)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    # -- further sockets ---------------------------------------------------------------------------------------------

    async def _open_line(self) -> None:
        """Open sockets until nothing waits for one."""
        local = self._local_address()
        try:
            while self._queued and self._connected and len(self._lines) + 1 < _MAX_SOCKETS:
                line = _Line(
                    self._ip,
                    self._port,
                    self._dc_id,
                    loggers={Connection.__module__: self._log},
                    proxy=self._proxy,
                    # A port can only be used once.
                    local_addr=None if local is None else local[0],
                )
                await line.connect(_TIMEOUT, self._ssl)
                self._lines.append(line)
                line._hand_over(
                    partial(self._on_line_packets, line),
                    partial(self._on_line_lost, line),
                    self._on_line_progress,
                )
                self._send_queued()
        except (OSError, asyncio.TimeoutError) as error:
            self._on_end(error)
        finally:
            self._opening = None

    def _on_line_packets(self, line: _Line, packets: list[bytes]) -> None:
        line.owed -= len(packets)
        self._send_queued()
        self._deliver(packets, sum(map(len, packets)))

    def _on_line_progress(self) -> None:
        if self._progress is not None:
            self._progress()

    def _on_line_lost(self, line: _Line, error: BaseException) -> None:
        if line not in self._lines:
            return
        if line.owed:
            # Nobody knows what became of what was asked.
            self._on_end(error)
        else:
            self._lines.remove(line)
            if line._writer is not None:
                line._writer.transport.abort()
