"""Telethon's reader of binary data, over the codec of the TL layer.

Source: https://core.telegram.org/mtproto/serialize
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from struct import Struct
from types import TracebackType
from typing import TYPE_CHECKING, Any

from telethon.errors.common import TLDecodeError
from telethon.tl._codec import MAX_DEPTH, VECTOR_ID, from_unix_time, int_view
from telethon.tl._registry import decode

if TYPE_CHECKING:
    from typing_extensions import Self

__all__ = ["BinaryReader"]

_TRUE, _FALSE = 0x997275B5, 0xBC799737
_INT, _UINT, _LONG, _ULONG = Struct("<i"), Struct("<I"), Struct("<q"), Struct("<Q")
_FLOAT, _DOUBLE = Struct("<f"), Struct("<d")


class BinaryReader:
    """Reads values one after the other.

    Args:
        data: the bytes to read.
        depth: how many levels of nesting objects may have.
    """

    def __init__(self, data: bytes, *, depth: int = MAX_DEPTH) -> None:
        self.stream = data
        self.position = 0
        self._last: bytes | None = None
        self._depth = depth

    def _take(self, layout: Struct) -> Any:
        end = self.position + layout.size
        if end > len(self.stream):
            raise TLDecodeError(f"{layout.size} bytes are needed, but only {len(self.stream) - self.position} are left")
        value = layout.unpack_from(self.stream, self.position)[0]
        self.position = end
        return value

    def read_byte(self) -> int:
        """One unsigned byte."""
        return self.read(1)[0]

    def read_int(self, signed: bool = True) -> int:
        """A 32-bit integer."""
        value: int = self._take(_INT if signed else _UINT)
        return value

    def read_long(self, signed: bool = True) -> int:
        """A 64-bit integer."""
        value: int = self._take(_LONG if signed else _ULONG)
        return value

    def read_float(self) -> float:
        """A number of four bytes."""
        value: float = self._take(_FLOAT)
        return value

    def read_double(self) -> float:
        """A number of eight bytes."""
        value: float = self._take(_DOUBLE)
        return value

    def read_large_int(self, bits: int, signed: bool = True) -> int:
        """An integer of so many bits."""
        return int.from_bytes(self.read(bits // 8), "little", signed=signed)

    def read(self, length: int = -1) -> bytes:
        """So many bytes, or all that are left.

        Raises:
            TLDecodeError: fewer are left.
        """
        left = len(self.stream) - self.position
        if length < 0:
            length = max(left, 0)
        elif length > left:
            raise TLDecodeError(f"No more data left to read: {length} bytes are needed, but only {left} are left")
        start = self.position
        self.position += length
        self._last = self.stream[start : self.position]
        return self._last

    def get_bytes(self) -> bytes:
        """All the bytes, from the start."""
        return self.stream

    def tgread_bytes(self) -> bytes:
        """A byte string with its length in front."""
        first = self.read_byte()
        if first == 255:
            raise TLDecodeError("A string starts with the byte 255, which no length starts with")
        length = first if first < 254 else int.from_bytes(self.read(3), "little")
        data = self.read(length)
        padding = -(length + (1 if first < 254 else 4)) % 4
        # The last padding may be missing, as Telethon accepts it.
        self.read(min(padding, len(self.stream) - self.position))
        return data

    def tgread_string(self) -> str:
        """Text; what is not UTF-8 is replaced."""
        return str(self.tgread_bytes(), encoding="utf-8", errors="replace")

    def tgread_bool(self) -> bool:
        """A boolean.

        Raises:
            TLDecodeError: another constructor stands here.
        """
        value = self.read_int(signed=False)
        if value in (_TRUE, _FALSE):
            return value == _TRUE
        raise TLDecodeError(f"A boolean was expected, but the bytes name constructor {value:08x}")

    def tgread_date(self) -> datetime:
        """A date, in UTC."""
        return from_unix_time(self.read_int())

    def tgread_object(self) -> Any:
        """An object with its constructor id in front; also a boolean or a vector.

        Raises:
            TypeNotFoundError: the id is not known; the position stays where it was.
            TLDecodeError: the bytes end too early or hold what no object can have.
        """
        start = self.position
        if start & 3 or self.stream.__class__ is not bytes:
            return self._decode(None)
        value, self.position = decode(self.stream, int_view(self.stream), start, None, self._depth)
        return value

    def tgread_vector(self) -> list[Any]:
        """A list of objects.

        Raises:
            TLDecodeError: another constructor stands here, or the count does not fit the bytes left.
        """
        identifier = self.read_int(signed=False)
        if identifier != VECTOR_ID:
            raise TLDecodeError(f"A vector was expected, but the bytes name constructor {identifier:08x}")
        self.position -= 4
        value: list[Any] = self.tgread_object()
        return value

    def _decode(self, reader: Callable[..., Any] | None) -> Any:
        start = self.position
        if start & 3 or self.stream.__class__ is not bytes:
            data = bytes(self.stream[start:])
            value, end = decode(data, int_view(data), 0, reader, self._depth)
            self.position = start + end
        else:
            value, self.position = decode(self.stream, int_view(self.stream), start, reader, self._depth)
        return value

    def _read_fields(self, reader: Callable[..., Any]) -> Any:
        """What a generated `_read` finds here."""
        return self._decode(reader)

    def _read_plain_vector(self, items: Callable[[bytes, memoryview[int], int], tuple[list[int], int]]) -> list[int]:
        """A vector of numbers, with its id in front."""
        identifier = self.read_int(signed=False)
        if identifier != VECTOR_ID:
            raise TLDecodeError(f"A vector was expected, but the bytes name constructor {identifier:08x}")

        def read(b: bytes, m: memoryview[int], o: int, d: int) -> tuple[list[int], int]:
            return items(b, m, o)

        value: list[int] = self._decode(read)
        return value

    def close(self) -> None:
        """Let go of the bytes."""
        self.stream = b""

    def tell_position(self) -> int:
        """How many bytes have been read."""
        return self.position

    def set_position(self, position: int) -> None:
        """Go on reading at that byte."""
        self.position = position

    def seek(self, offset: int) -> None:
        """Skip so many bytes, or go back."""
        self.position += offset

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc_val: BaseException | None, exc_tb: TracebackType | None
    ) -> None:
        self.close()
