"""The intermediate transport: lengths that keep packets aligned.

    0         4
    +---------+-----------+
    | length  | packet    |
    +---------+-----------+

The highest bit of the length asks for a quick acknowledgement (client), or says that these four bytes are one
(server). Overhead: 4 bytes.

Source: https://core.telegram.org/mtproto/mtproto-transports#intermediate
"""

from __future__ import annotations

from telethon.mtproto.codecs.base import Codec
from telethon.mtproto.side import Side

__all__ = ["IntermediateCodec"]


class IntermediateCodec(Codec):
    """See the head of this module; arguments as `Codec`."""

    tag = b"\xee\xee\xee\xee"
    obfuscated_tag = tag

    def encode(self, packet: bytes) -> bytes:
        """The bytes to write for a packet."""
        self._check_outgoing(packet)
        return len(packet).to_bytes(4, "little") + packet

    def _cut(self, data: bytes, position: int, packets: list[bytes]) -> int:
        if len(data) - position < 4:
            self._need = 4
            return position
        length = int.from_bytes(data[position : position + 4], "little")
        wanted = length >= 0x80000000
        if wanted:
            if self.side is Side.CLIENT:
                self.quick_acks.append(length)
                return position + 4
            length &= 0x7FFFFFFF
        self._check_incoming(length)
        end = position + 4 + length
        if end > len(data):
            self._need = 4 + length
            return position
        self.quick_ack_wanted = wanted
        packet = self._unwrap(data[position + 4 : end])
        if packet is not None:
            packets.append(packet)
        return end

    def _unwrap(self, packet: bytes) -> bytes | None:
        """What is given out of a packet, None for nothing."""
        return packet
