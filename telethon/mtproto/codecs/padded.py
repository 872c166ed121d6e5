"""The padded intermediate transport: as the intermediate one, with 0 to 15 random bytes behind each packet.

    0         4            length of the packet
    +---------+-----------+----------+
    | length  | packet    | padding  |
    +---------+-----------+----------+

The length counts packet and padding; where the packet ends follows from what it is.

Source: https://core.telegram.org/mtproto/mtproto-transports#padded-intermediate
"""

from __future__ import annotations

from telethon._core.rand import RandomBytes
from telethon.mtproto.codecs.base import MAX_PACKET, FrameError
from telethon.mtproto.codecs.intermediate import IntermediateCodec
from telethon.mtproto.side import Side

__all__ = ["PaddedIntermediateCodec"]

_MAX_PADDING = 15
_NO_KEY = bytes(8)


class PaddedIntermediateCodec(IntermediateCodec):
    """See the head of this module.

    Args:
        rand: where the padding comes from.
        side: which end we are.
        max_packet: largest packet in bytes, padding included.
    """

    tag = b"\xdd\xdd\xdd\xdd"
    obfuscated_tag = tag

    def __init__(self, rand: RandomBytes, side: Side = Side.CLIENT, *, max_packet: int = MAX_PACKET) -> None:
        super().__init__(side, max_packet=max_packet)
        self._rand = rand

    def encode(self, packet: bytes) -> bytes:
        """The bytes to write for a packet."""
        self._check_outgoing(packet)
        padding = self._rand(self._rand(1)[0] & _MAX_PADDING)
        return (len(packet) + len(padding)).to_bytes(4, "little") + packet + padding

    def _unwrap(self, packet: bytes) -> bytes:
        size = len(packet)
        if size < 20:
            # Shorter than any message, so it can only be a transport error.
            return packet[:4]
        if packet[:8] != _NO_KEY:
            # An encrypted packet is 8 + 16 bytes and whole blocks of 16.
            return packet[: size - (size - 8) % 16]
        end = 20 + int.from_bytes(packet[16:20], "little")
        if not end <= size <= end + _MAX_PADDING:
            raise FrameError(f"an unencrypted message of {end} bytes came in a packet of {size}")
        return packet[:end]
