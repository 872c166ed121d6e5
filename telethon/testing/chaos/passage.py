"""One connection through the pipe: a socket to the client, a socket to the server, and a line for each direction."""

from __future__ import annotations

import asyncio
import socket
import struct
from typing import TYPE_CHECKING, Any, Literal

from telethon.testing.chaos.framing import Detector, Framing
from telethon.testing.chaos.line import Line

if TYPE_CHECKING:
    from telethon.testing.chaos.pipe import ChaosPipe

__all__ = ["Passage"]

_FULL = 1024 * 1024
"""Bytes on their way from which on the sender has to wait, as it would with a real line."""

_RESET = struct.pack("ii", 1, 0)


class _End(asyncio.Protocol):
    """One of the two sockets."""

    def __init__(self, passage: Passage, way: Literal["up", "down"]) -> None:
        self.passage = passage
        self.way: Literal["up", "down"] = way
        self.transport: Any = None
        self.is_full = False
        self.has_ended = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by the event loop."""
        self.transport = transport
        self.passage.opened(self)

    def data_received(self, data: bytes) -> None:
        """Called by the event loop."""
        self.passage.received(self, data)

    def eof_received(self) -> bool:
        """Called by the event loop; the other direction stays open."""
        self._ended()
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        """Called by the event loop."""
        self._ended()
        self.transport = None
        self.passage.lost(self)

    def _ended(self) -> None:
        if not self.has_ended:
            self.has_ended = True
            self.passage.ended(self)

    def pause_writing(self) -> None:
        """Called by the event loop."""
        self.is_full = True
        self.passage.balance()

    def resume_writing(self) -> None:
        """Called by the event loop."""
        self.is_full = False
        self.passage.balance()

    def read(self, wanted: bool) -> None:
        """Read from the socket, or let the sender wait."""
        transport = self.transport
        if transport is None or transport.is_closing() or self.has_ended:
            return
        if wanted and not transport.is_reading():
            transport.resume_reading()
        elif not wanted and transport.is_reading():
            transport.pause_reading()

    def write(self, data: bytes) -> None:
        """Write to the socket, if there still is one."""
        if self.transport is not None and not self.transport.is_closing():
            self.transport.write(data)

    def write_end(self) -> None:
        """Say that nothing more will come; when the other side has said so too, that was all."""
        if self.transport is not None and not self.transport.is_closing():
            if self.has_ended:
                self.transport.close()
            else:
                self.transport.write_eof()

    def drop(self, *, reset: bool = False) -> None:
        """Close the socket at once."""
        transport = self.transport
        if transport is None:
            return
        if reset:
            sock = transport.get_extra_info("socket")
            if sock is not None and sock.fileno() >= 0:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        transport.abort()


class Passage:
    """See the head of this module.

    Args:
        pipe: the pipe.
        dc_id: which of its ways it is.
        number: the how many-th connection it is.

    Attributes:
        dc_id: as given.
        number: as given.
        transport: the name of the transport that the client speaks; empty before it is known, or where it has no
            frames.
        stalled: the directions in which nothing is read, so that the sender cannot get rid of anything.
    """

    def __init__(self, pipe: ChaosPipe, dc_id: int, number: int) -> None:
        self.dc_id = dc_id
        self.number = number
        self.transport = ""
        self.stalled: set[str] = set()
        self._pipe = pipe
        self._detector: Detector | None = Detector(pipe.random_for(number, "padding").randbytes, pipe.secret)
        self._near = _End(self, "up")
        self._far = _End(self, "down")
        self._lines: dict[str, Line] = {}
        self._address: tuple[Any, ...] | None = None
        self._closed = False
        for way, target in (("up", self._far), ("down", self._near)):
            self._lines[way] = self._make_line(way, target)  # type: ignore[arg-type]

    def __repr__(self) -> str:
        return f"Passage({self.number} to dc {self.dc_id}, {self.transport or 'without frames'})"

    def _make_line(self, way: Literal["up", "down"], target: _End) -> Line:
        pipe = self._pipe
        return Line(
            way,
            pipe.up if way == "up" else pipe.down,
            pipe.faults,
            pipe.random_for(self.number, way),
            pipe.clock,
            pipe.counts,
            deliver=target.write,
            end=self.cut,
            on_room=self.balance,
            on_altered=lambda: self._tell(altered=way == "up"),
            on_lost=self._tell,
        )

    # -- opening -----------------------------------------------------------------------------------------------------

    @property
    def near(self) -> asyncio.Protocol:
        """The end that the client connects to."""
        return self._near

    def opened(self, end: _End) -> None:
        """One of the sockets is connected."""
        if end is self._far:
            self._address = end.transport.get_extra_info("sockname")
            self.balance()
            return
        # Nothing is read before there is somebody to hand it to. Some event loops start to read after this call,
        # whatever was asked for in it, so they are asked in the turn that follows, which comes before any bytes.
        asyncio.get_running_loop().call_soon(self.balance)
        if not self._pipe.welcome(self):
            self.cut(True)
        elif not self._lines["up"].is_hole:
            self._pipe.start_task(self._connect())

    async def _connect(self) -> None:
        host, port = self._pipe.targets[self.dc_id]
        try:
            await asyncio.get_running_loop().create_connection(lambda: self._far, host, port)
        except OSError:
            self.cut(True)

    # -- bytes -------------------------------------------------------------------------------------------------------

    def received(self, end: _End, data: bytes) -> None:
        """Bytes have come."""
        line = self._lines[end.way]
        detector = self._detector
        if detector is None:
            line.put(data)
        elif end.way == "down":
            # Who speaks before the client has, has no frames.
            line.put_raw(data)
        else:
            found = detector.feed(data)
            if found is not None:
                self._detector = None
                self._on_found(*found)
        self.balance()

    def _on_found(self, framing: Framing, start: bytes, rest: bytes) -> None:
        self.transport = framing.name
        up = self._lines["up"]
        up.put_raw(start)
        up.frames_are(framing.up)
        self._lines["down"].frames_are(framing.down)
        if rest:
            up.put(rest)

    def balance(self) -> None:
        """Read where there is room for more."""
        for end, other in ((self._near, self._far), (self._far, self._near)):
            line = self._lines[end.way]
            ready = line.is_hole or (other.transport is not None and not other.is_full and line.waiting < _FULL)
            end.read(ready and end.way not in self.stalled)

    def line(self, way: str) -> Line:
        """The line of one direction."""
        return self._lines[way]

    def stall(self, way: str, stalled: bool) -> None:
        """Read no more of what goes this way, or do it again."""
        (self.stalled.add if stalled else self.stalled.discard)(way)
        self.balance()

    @property
    def has_lost(self) -> bool:
        """Whether something vanished, so that what follows makes no sense."""
        return any(line.lost or line.is_hole for line in self._lines.values())

    # -- the end -----------------------------------------------------------------------------------------------------

    def ended(self, end: _End) -> None:
        """One of the sockets says that nothing more will come."""
        other = self._far if end is self._near else self._near
        if end is self._near and self._detector is not None:
            self._lines["up"].put_raw(self._detector.start)
            self._detector = None
        self._lines[end.way].finish(lambda: self._pass_end(end, other))

    def _pass_end(self, end: _End, other: _End) -> None:
        other.write_end()
        if other.has_ended and end.transport is not None:
            end.transport.close()

    def lost(self, end: _End) -> None:
        """One of the sockets is gone."""
        other = self._far if end is self._near else self._near
        if other.transport is None:
            self._close()
        elif not self._lines[end.way].is_hole:
            self._lines[end.way].finish(lambda: other.drop() if end.transport is None else None)

    def cut(self, reset: bool = False) -> None:
        """End the connection at both ends, at once."""
        if not self._closed:
            self._tell()
        for line in self._lines.values():
            line.close()
        for end in (self._near, self._far):
            end.drop(reset=reset)

    def _close(self) -> None:
        if not self._closed:
            self._closed = True
            if self._address is not None:
                self._pipe.forget(self._address)
            for line in self._lines.values():
                line.close()
            self._pipe.closed(self)

    def _tell(self, *, altered: bool = False) -> None:
        """Let a server of ours know that the client is not to blame for what it sees from here on."""
        if self._address is not None and not self._closed:
            self._pipe.tell_server(self._address, altered=altered)
