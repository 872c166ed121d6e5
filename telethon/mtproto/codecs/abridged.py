"""The abridged transport: the smallest overhead.

    0         1                          0       1            4
    +---------+-----------+              +-------+------------+-----------+
    | length  | packet    |      or      | 0x7f  | length     | packet    |
    +---------+-----------+              +-------+------------+-----------+

Lengths count words of 4 bytes. The highest bit of the first byte asks for a quick acknowledgement (client), or says
that these four bytes are one, with the most significant byte first (server). Overhead: 1 or 4 bytes.

Source: https://core.telegram.org/mtproto/mtproto-transports#abridged
"""

from __future__ import annotations

from telethon.mtproto.codecs.base import Codec
from telethon.mtproto.side import Side

__all__ = ["AbridgedCodec"]


class AbridgedCodec(Codec):
    """See the head of this module; arguments as `Codec`."""

    tag = b"\xef"
    obfuscated_tag = b"\xef\xef\xef\xef"

    def encode(self, packet: bytes) -> bytes:
        """The bytes to write for a packet."""
        self._check_outgoing(packet)
        words = len(packet) >> 2
        if words < 0x7F:
            return bytes((words,)) + packet
        return b"\x7f" + words.to_bytes(3, "little") + packet

    def _cut(self, data: bytes, position: int, packets: list[bytes]) -> int:
        available = len(data) - position
        words = data[position]
        header = 1
        if words >= 0x7F:
            header = 4
            if words > 0x7F and self.side is Side.SERVER and words & 0x7F != 0x7F:
                header = 1
            if available < header:
                self._need = header
                return position
        wanted = words >= 0x80
        if wanted:
            if self.side is Side.CLIENT:
                self.quick_acks.append(int.from_bytes(data[position : position + 4], "big"))
                return position + 4
            words &= 0x7F
        if header == 4:
            words = int.from_bytes(data[position + 1 : position + 4], "little")
        self._check_incoming(words << 2)
        end = position + header + (words << 2)
        if end > len(data):
            self._need = end - position
            return position
        self.quick_ack_wanted = wanted
        packets.append(data[position + header : end])
        return end
