"""The padded intermediate transport: as the intermediate one, with 0 to 15 random bytes behind each packet.

    0         4            length of the packet
    +---------+-----------+----------+
    | length  | packet    | padding  |
    +---------+-----------+----------+

The length counts packet and padding; where the packet ends follows from what it is. A quick acknowledgement is a packet
of its own here, with all bits set in front of the token:

    0         4            8           12
    +---------+------------+-----------+---------+
    | length  | 0xffffffff | token     | padding |
    +---------+------------+-----------+---------+

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
_QUICK_ACK = b"\xff\xff\xff\xff"
_MAX_QUICK_ACK = 16
"""Bytes of the longest quick acknowledgement."""


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

    def encode_quick_ack(self, token: bytes) -> bytes:
        """The bytes to write for the 4 bytes of a quick acknowledgement; for the server."""
        padding = self._rand(self._rand(1)[0] & (_MAX_QUICK_ACK - 8 - 1))
        packet = _QUICK_ACK + token + padding
        return len(packet).to_bytes(4, "little") + packet

    def _unwrap(self, packet: bytes) -> bytes | None:
        size = len(packet)
        if 8 <= size <= _MAX_QUICK_ACK and packet.startswith(_QUICK_ACK) and self.side is Side.CLIENT:
            self.quick_acks.append(int.from_bytes(packet[4:8], "little"))
            return None
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
