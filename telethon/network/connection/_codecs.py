"""Telethon's codec classes, as shells over the transport codecs of the protocol core."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from telethon.network.connection._packetcodec import AsyncReader, PacketCodec

if TYPE_CHECKING:
    from telethon.mtproto.codecs.base import Codec
    from telethon.network.connection.connection import Connection

__all__ = ["CorePacketCodec"]


class CorePacketCodec(PacketCodec):
    """A codec that leaves the work to one of `telethon.mtproto.codecs`.

    Args:
        connection: the connection it works for.

    Attributes:
        obfuscate_tag: what tells an obfuscated connection's other end which codec this is; None when there is none.
    """

    obfuscate_tag: bytes | None = None

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self._core = self._make_core()
        self._whole: deque[bytes] = deque()

    def _make_core(self) -> Codec:
        raise NotImplementedError

    def encode_packet(self, data: bytes) -> bytes:
        """The bytes to write for a packet.

        Raises:
            LocalProtocolError: the packet is too large for the transport.
        """
        return self._core.encode(data)

    async def read_packet(self, reader: AsyncReader) -> bytes:
        """The next packet; one of four bytes is a transport error.

        Args:
            reader: anything with an ``async readexactly(n)``.

        Raises:
            InvalidBufferError: a length cannot be right.
            InvalidChecksumError: a packet was damaged on its way.
        """
        while not self._whole:
            # Never more than the packet has, so that nothing of what follows it is taken.
            self._whole.extend(self._core.feed(await reader.readexactly(self._core.missing)))
        return self._whole.popleft()

    def feed(self, data: bytes) -> list[bytes]:
        """The packets that are completed by what has arrived."""
        return self._core.feed(data)


def feeder(codec: Any) -> Callable[[bytes], list[bytes]] | None:
    """What takes the bytes for a codec; None for one that reads them in a way of its own."""
    cls: Any = codec.__class__
    if not isinstance(codec, CorePacketCodec) or cls.read_packet is not CorePacketCodec.read_packet:
        return None
    return codec._core.feed if cls.feed is CorePacketCodec.feed else codec.feed
