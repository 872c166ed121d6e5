"""Compressed objects."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any

from telethon.errors.common import TLDecodeError
from telethon.tl._codec import text
from telethon.tl.tlobject import TLObject

if TYPE_CHECKING:
    from telethon.extensions.binaryreader import BinaryReader

__all__ = ["MAXIMUM_RATIO", "MAXIMUM_UNPACKED", "GzipPacked"]

MAXIMUM_UNPACKED = 1 << 25
"""How many bytes an object may have when unpacked (32 MiB): a short message could otherwise fill the memory."""

MAXIMUM_RATIO = 1000
"""By how much it may grow."""

_PIECE = 1 << 20
_WORTH_TRYING = 512
_LEVEL = 6


class GzipPacked(TLObject):
    """An object in compressed form.

    | 0x3072cfa1 (4) | packed_data (bytes) |

    Args:
        data: the bytes of the object, not compressed.

    Source: https://core.telegram.org/mtproto/service_messages#packed-object
    """

    CONSTRUCTOR_ID = 0x3072CFA1

    def __init__(self, data: bytes) -> None:
        self.data = data

    @staticmethod
    def gzip_if_smaller(content_related: bool, data: bytes) -> bytes:
        """The bytes in compressed form when that is shorter, else as they are.

        Args:
            content_related: whether they are a request; others are left alone.
            data: the bytes of an object.
        """
        if content_related and len(data) > _WORTH_TRYING:
            packed = bytes(GzipPacked(data))
            return packed if len(packed) < len(data) else data
        return data

    def _bytes(self) -> bytes:
        packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, 31)
        return b"\xa1\xcf\x72\x30" + text(packer.compress(self.data) + packer.flush())

    @staticmethod
    def read(reader: BinaryReader) -> bytes:
        """The unpacked bytes of the compressed object that stands at the reader's position, id included.

        Raises:
            TLDecodeError: there is no such object, or it cannot be unpacked.
        """
        found = reader.read_int(signed=False)
        if found != GzipPacked.CONSTRUCTOR_ID:
            raise TLDecodeError(f"A compressed object was expected, but the bytes name constructor {found:08x}")
        return GzipPacked.from_reader(reader).data

    @classmethod
    def from_reader(cls, reader: BinaryReader) -> GzipPacked:
        """Read and unpack.

        Raises:
            TLDecodeError: the data is damaged, cut off, or larger than `MAXIMUM_UNPACKED` or
                `MAXIMUM_RATIO` allow.
        """
        return cls(_unpack(reader.tgread_bytes()))

    def to_dict(self) -> dict[str, Any]:
        """The object as a dictionary, with the unpacked bytes."""
        return {"_": "GzipPacked", "data": self.data}


def _unpack(packed: bytes) -> bytes:
    unpacker = zlib.decompressobj(31)
    most = min(MAXIMUM_UNPACKED, len(packed) * MAXIMUM_RATIO)
    size = 0
    try:
        # Counted at first: zlib needs twice the memory when it does not know the size.
        part = packed
        while not unpacker.eof and (piece := unpacker.decompress(part, _PIECE)):
            part = unpacker.unconsumed_tail
            size += len(piece)
            if size > most:
                raise TLDecodeError(f"A compressed object unpacks to more than {most} bytes")
        if not unpacker.eof:
            raise TLDecodeError("A compressed object is cut off")
        return zlib.decompress(packed, 31, max(size, 1))
    except zlib.error as error:
        raise TLDecodeError(f"A compressed object is damaged ({error})") from None
