"""Requests in the form of an older schema: what is old in them is replaced by what means the same now."""

from __future__ import annotations

from struct import Struct
from typing import TYPE_CHECKING, Any

from telethon.errors.common import TLDecodeError, TypeNotFoundError
from telethon.testing.layers.buttons import new_button, new_row
from telethon.testing.layers.moved import as_now
from telethon.tl import _registry
from telethon.tl._codec import MAX_DEPTH, VECTOR_ID, bad_count, int_view, long_bytes, too_deep

if TYPE_CHECKING:
    from telethon.testing.layers.definition import Definition
    from telethon.testing.layers.dialect import Dialect

__all__ = ["read"]

_INT = Struct("<i")
_UINT = Struct("<I")
_LONG = Struct("<q")
_DOUBLE = Struct("<d")
_SIZES = {"int": _INT, "long": _LONG, "double": _DOUBLE}
_BOOLS = {0x997275B5: True, 0xBC799737: False}


def read(dialect: Dialect, body: bytes) -> tuple[Any, int]:
    """One object, as `telethon.tl._registry.read` gives it.

    Returns:
        The object and how many bytes are left behind it.

    Raises:
        TypeNotFoundError: a constructor is not known in this layer either.
        TLDecodeError: the bytes end too early or hold what no object can have.
    """
    reading = _Reading(dialect, body)
    value, end = reading.object(0)
    return value, len(reading.data) - end


class _Reading:
    """The bytes of a request, while old objects in them are replaced by new ones.

    Args:
        dialect: how the client speaks.
        data: the bytes.
    """

    def __init__(self, dialect: Dialect, data: bytes) -> None:
        self.dialect = dialect
        self.data = data
        self._depth = 0

    def object(self, start: int) -> tuple[Any, int]:
        """The object there, and where it ends; what stands behind it may have moved."""
        definition = self.dialect.numbered.get(self._number(start))
        if definition is not None:
            return self._fields(definition, start)
        while True:
            try:
                return _registry.read(self.data, start)
            except TypeNotFoundError as error:
                place = len(self.data) - len(error.remaining)
                definition = self.dialect.numbered.get(error.invalid_constructor_id)
                if definition is None:
                    raise
            made, end = self._fields(definition, place)
            self.data = self.data[:place] + bytes(made) + self.data[end:]

    def _fields(self, definition: Definition, start: int) -> tuple[Any, int]:
        if self._depth == MAX_DEPTH:
            too_deep()
        self._depth += 1
        values, offset = self._values(definition, start + 4)
        self._depth -= 1
        return self._made(definition, values), offset

    def _values(self, definition: Definition, offset: int) -> tuple[dict[str, Any], int]:
        flags: dict[str, int] = {}
        values: dict[str, Any] = {}
        for field in definition.fields:
            if field.type == "#":
                flags[field.name] = self._number(offset)
                offset += 4
            elif field.flags and not flags[field.flags] >> field.bit & 1:
                continue
            elif field.type == "true":
                values[field.name] = True
            else:
                values[field.name], offset = self._value(field.type, offset)
        return values, offset

    def _made(self, definition: Definition, values: dict[str, Any]) -> Any:
        if definition is self.dialect.row:
            return new_row(values["buttons"])
        button = new_button(definition.name, values)
        if button is not None:
            return button
        cls, fields = self.dialect.current(definition)
        try:
            return cls(**as_now(values, fields))
        except TypeError:
            # It does not say what has to be said now.
            raise TypeNotFoundError(definition.id, b"") from None

    def _value(self, kind: str, offset: int) -> tuple[Any, int]:
        fixed = _SIZES.get(kind)
        if fixed is not None:
            if offset + fixed.size > len(self.data):
                raise TLDecodeError("The bytes end in the middle of an object")
            return fixed.unpack_from(self.data, offset)[0], offset + fixed.size
        if kind in ("string", "bytes"):
            value, offset = self._bytes(offset)
            return (value if kind == "bytes" else value.decode("utf-8", "replace")), offset
        if kind == "Bool":
            number = self._number(offset)
            if number not in _BOOLS:
                raise TLDecodeError(f"A boolean was expected, but the bytes name constructor {number:08x}")
            return _BOOLS[number], offset + 4
        if kind.startswith("Vector<"):
            return self._vector(kind[7:-1], offset)
        return self.object(offset)

    def _vector(self, kind: str, offset: int) -> tuple[list[Any], int]:
        if self._number(offset) != VECTOR_ID:
            raise TLDecodeError("A vector was expected, but the bytes name another constructor")
        count = self._number(offset + 4)
        if count * 4 > len(self.data) - offset:
            bad_count(count)
        offset += 8
        items: list[Any] = []
        for _ in range(count):
            item, offset = self._value(kind, offset)
            items.append(item)
        return items, offset

    def _number(self, offset: int) -> int:
        if offset + 4 > len(self.data):
            raise TLDecodeError("The bytes end in the middle of an object")
        number: int = _UINT.unpack_from(self.data, offset)[0]
        return number

    def _bytes(self, offset: int) -> tuple[bytes, int]:
        length = self._number(offset) & 255
        if length >= 254:
            value, end = long_bytes(self.data, int_view(self.data), offset >> 2)
            end <<= 2
        else:
            value = self.data[offset + 1 : offset + 1 + length]
            end = offset + ((length >> 2) + 1 << 2)
        if end > len(self.data):
            raise TLDecodeError("The bytes end in the middle of an object")
        return value, end
