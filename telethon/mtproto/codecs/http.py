"""The HTTP transport: a packet is the body of a request or of its answer.

Source: https://core.telegram.org/mtproto/transports#http
"""

from __future__ import annotations

from telethon.mtproto.codecs.base import MAX_PACKET, Codec, FrameError
from telethon.mtproto.side import Side

__all__ = ["HttpCodec"]

_END = b"\r\n\r\n"
_MAX_HEADER = 16 * 1024


class HttpCodec(Codec):
    """See the head of this module.

    An answer with another status than 200 becomes a transport error of that number.

    Args:
        host: name or address of the server, for the requests.
        port: its port.
        side: which end we are.
        max_packet: largest packet in bytes.
    """

    def __init__(
        self, host: str = "", port: int = 80, side: Side = Side.CLIENT, *, max_packet: int = MAX_PACKET
    ) -> None:
        super().__init__(side, max_packet=max_packet)
        if side is Side.CLIENT:
            self._head = (
                f"POST /api HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                "Connection: keep-alive\r\nKeep-Alive: timeout=100000, max=10000000\r\nContent-Length: "
            ).encode("ascii")
        else:
            self._head = (
                b"HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n"
                b"Connection: keep-alive\r\nContent-Length: "
            )

    def encode(self, packet: bytes) -> bytes:
        """The request (client) or answer (server) that carries a packet."""
        self._check_outgoing(packet)
        return b"%b%d%b%b" % (self._head, len(packet), _END, packet)

    def _cut(self, data: bytes, position: int, packets: list[bytes]) -> int:
        body = data.find(_END, position, position + _MAX_HEADER) + len(_END)
        if body < len(_END):
            self._need = len(data) - position + 1
            if self._need > _MAX_HEADER:
                raise FrameError(f"an HTTP header has more than {_MAX_HEADER} bytes")
            # Nobody waits for the end of what is no header.
            start = b"POST " if self.side is Side.SERVER else b"HTTP/1."
            if not start.startswith(data[position : position + len(start)]):
                raise FrameError("what came is not HTTP")
            return position
        first, *lines = data[position:body].split(b"\r\n")
        length = _content_length(lines)
        status = self._status(first)
        if status == 200 or length:
            self._check_incoming(length)
        end = body + length
        if end > len(data):
            self._need = end - position
            return position
        if status == 200:
            packets.append(data[body:end])
        else:
            packets.append((-status).to_bytes(4, "little", signed=True))
        return end

    def _status(self, first: bytes) -> int:
        words = first.split(b" ", 2)
        if self.side is Side.SERVER:
            if words[0] == b"POST":
                return 200
        elif len(words) > 1 and words[0].startswith(b"HTTP/1.") and words[1].isdigit() and len(words[1]) == 3:
            return int(words[1])
        raise FrameError("what came is not HTTP")


def _content_length(lines: list[bytes]) -> int:
    for line in lines:
        name, _, value = line.partition(b":")
        value = value.strip()
        if name.strip().lower() == b"content-length" and value.isdigit() and len(value) < 10:
            return int(value)
    raise FrameError("an HTTP header names no length")
