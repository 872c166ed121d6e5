"""What all codecs share: collecting bytes until a packet is whole."""

from __future__ import annotations

from collections import deque

from telethon.errors.common import InvalidBufferError, InvalidChecksumError, LocalProtocolError
from telethon.mtproto.side import Side

__all__ = ["MAX_PACKET", "Codec", "FrameError"]

MAX_PACKET = 16 * 1024 * 1024
"""Default for the largest packet, in bytes, that is accepted."""


class FrameError(InvalidBufferError):
    """The bytes of the stream cannot be cut into packets; the connection is of no further use."""

    def __init__(self, message: str) -> None:
        super().__init__(b"")
        self.args = (message,)


class Codec:
    """Cuts a byte stream into packets and wraps packets for it.

    A new connection needs a new codec. However the stream is split, the same packets come out. What is wrong with it
    is raised by `feed`, after everything before the fault was given out; a packet of 4 bytes is a transport error.

    Args:
        side: which end we are.
        max_packet: largest packet in bytes; a header that announces more is refused before anything is collected.

    Attributes:
        tag: what the client sends before the first packet.
        obfuscated_tag: what it puts into an obfuscated header instead; empty when the codec cannot be obfuscated.
        error: why the stream cannot be read any more, if so.
        quick_acks: tokens of messages that the server has taken; for the client.
        quick_ack_wanted: whether the sender of the last packet asked for such a token; for the server.
    """

    tag: bytes = b""
    obfuscated_tag: bytes = b""

    def __init__(self, side: Side = Side.CLIENT, *, max_packet: int = MAX_PACKET) -> None:
        self.side = side
        self.error: InvalidBufferError | InvalidChecksumError | None = None
        self.quick_acks: deque[int] = deque(maxlen=256)
        self.quick_ack_wanted = False
        self._max_packet = max_packet
        self._buffer = bytearray()
        self._need = 0

    def encode(self, packet: bytes) -> bytes:
        """The bytes to write for a packet.

        Raises:
            LocalProtocolError: the packet is too large for the transport.
        """
        raise NotImplementedError

    def feed(self, data: bytes) -> list[bytes]:
        """Take what has arrived and give the packets that it completes.

        Raises:
            InvalidBufferError: a length cannot be right.
            InvalidChecksumError: a packet was damaged on its way.
        """
        if self.error is not None:
            # Without the old traceback, which keeps what was fed in those calls.
            raise self.error.with_traceback(None)
        buffer = self._buffer
        if buffer:
            buffer += data
            if len(buffer) < self._need:
                return []
            data = bytes(buffer)
            buffer.clear()
        packets: list[bytes] = []
        position = 0
        size = len(data)
        try:
            while position < size:
                end = self._cut(data, position, packets)
                if end == position:
                    buffer += data[position:]
                    break
                position = end
        except (InvalidBufferError, InvalidChecksumError) as error:
            self.error = error
            if not packets:
                raise
        return packets

    @property
    def missing(self) -> int:
        """How many more bytes are needed at least, for those who read exactly as many as they are told to."""
        have = len(self._buffer)
        return max(self._need - have, 1) if have else 1

    def _cut(self, data: bytes, position: int, packets: list[bytes]) -> int:
        """Take one frame that begins at `position`; gives its end.

        When it is not whole, `_need` is set to the bytes it needs at least, and `position` is given back.
        """
        raise NotImplementedError

    def _check_incoming(self, length: int) -> None:
        if not 4 <= length <= self._max_packet:
            raise FrameError(f"a packet of {length} bytes was announced, allowed are 4 to {self._max_packet}")

    def _check_outgoing(self, packet: bytes) -> None:
        if not 4 <= len(packet) <= self._max_packet or len(packet) % 4:
            raise LocalProtocolError(
                f"a packet has 4 to {self._max_packet} bytes, a multiple of 4; this one has {len(packet)}"
            )
