"""The full transport: numbered packets with a checksum.

    0         4        8           length - 4   length
    +---------+--------+-----------+------------+
    | length  | seq    | packet    | crc32      |
    +---------+--------+-----------+------------+

The length counts everything, the sequence number the packets of this connection in one direction, and the checksum
covers all before it. A negative length is a transport error. Overhead: 12 bytes.

Source: https://core.telegram.org/mtproto/mtproto-transports#full
"""

from __future__ import annotations

from struct import Struct
from zlib import crc32

from telethon.errors.common import InvalidChecksumError
from telethon.mtproto.codecs.base import MAX_PACKET, Codec, FrameError
from telethon.mtproto.side import Side

__all__ = ["FullCodec"]

_HEADER = Struct("<ii")
_LENGTH = Struct("<i")
_CRC = Struct("<I")


class FullCodec(Codec):
    """See the head of this module; arguments as `Codec`."""

    def __init__(self, side: Side = Side.CLIENT, *, max_packet: int = MAX_PACKET) -> None:
        super().__init__(side, max_packet=max_packet)
        self._sent = 0
        self._received = 0

    def encode(self, packet: bytes) -> bytes:
        """The bytes to write for a packet."""
        self._check_outgoing(packet)
        header = _HEADER.pack(len(packet) + 12, self._sent)
        self._sent += 1
        return b"".join((header, packet, _CRC.pack(crc32(packet, crc32(header)))))

    def _cut(self, data: bytes, position: int, packets: list[bytes]) -> int:
        available = len(data) - position
        if available < 4:
            self._need = 4
            return position
        length: int = _LENGTH.unpack_from(data, position)[0]
        if length < 0:
            packets.append(data[position : position + 4])
            return position + 4
        self._check_incoming(length - 12)
        if available < length:
            self._need = length
            return position
        end = position + length
        _, seq = _HEADER.unpack_from(data, position)
        (checksum,) = _CRC.unpack_from(data, end - 4)
        with memoryview(data) as view:
            valid = crc32(view[position : end - 4])
        if checksum != valid:
            raise InvalidChecksumError(checksum, valid)
        if seq != self._received:
            raise FrameError(f"packet number {seq} came where number {self._received} was expected")
        self._received += 1
        packets.append(data[position + 8 : end - 4])
        return end
