"""Objects of TL as dictionaries: what `_` names is the combinator, the rest are its fields.

Source: https://core.telegram.org/mtproto/serialize
"""

from __future__ import annotations

import struct
from typing import Any

from independent.schema import Combinator, Field, Schema, both

Object = dict[str, Any]

VECTOR, TRUE, FALSE, NULL = 0x1CB5C415, 0x997275B5, 0xBC799737, 0x56730BCC
_FIXED = {"int": "<i", "long": "<q", "double": "<d", "#": "<I"}
_RAW = {"int128": 16, "int256": 32}


class BadTL(ValueError):
    """Bytes that are no object of the schema."""


class Reader:
    """Takes objects from bytes."""

    def __init__(self, data: bytes, schema: Schema | None = None) -> None:
        self.data = data
        self.at = 0
        self.schema = schema or both()

    def left(self) -> int:
        """Bytes that were not read yet."""
        return len(self.data) - self.at

    def raw(self, count: int) -> bytes:
        """The next bytes."""
        if count < 0 or count > self.left():
            raise BadTL(f"{count} bytes are wanted where {self.left()} are")
        self.at += count
        return self.data[self.at - count : self.at]

    def number(self) -> int:
        """The next word as the number of a combinator."""
        return int.from_bytes(self.raw(4), "little")

    def string(self) -> bytes:
        """The next string."""
        first = self.raw(1)[0]
        head, length = (1, first) if first < 254 else (4, int.from_bytes(self.raw(3), "little"))
        value = self.raw(length)
        self.raw(-(head + length) % 4)
        return value

    def object(self) -> Any:
        """The next boxed object, whatever it is."""
        number = self.number()
        if number in (TRUE, FALSE):
            return number == TRUE
        if number == NULL:
            return None
        if number == VECTOR:
            return [self.object() for _ in range(self._count())]
        made = self.schema.by_number.get(number)
        if made is None:
            raise BadTL(f"constructor {number:08x} is not in the schema")
        return self.bare(made)

    def bare(self, made: Combinator) -> Object:
        """The fields of a combinator."""
        value: Object = {"_": made.name}
        for one in made.fields:
            if one.flags and not value[one.flags] >> one.bit & 1:
                continue
            value[one.name] = True if one.flags and one.kind == "true" else self.value(one.kind)
        return value

    def value(self, kind: str) -> Any:
        """The next value of a type."""
        if kind in _FIXED:
            form = _FIXED[kind]
            return struct.unpack(form, self.raw(struct.calcsize(form)))[0]
        if kind in _RAW:
            return self.raw(_RAW[kind])
        if kind == "bytes":
            return self.string()
        if kind == "string":
            text = self.string()
            try:
                return text.decode()
            except UnicodeDecodeError:
                return text
        if kind.lower().startswith("vector<"):
            if kind[0] == "V" and self.number() != VECTOR:
                raise BadTL("a vector was expected")
            return [self.value(kind[7:-1]) for _ in range(self._count())]
        if kind == "future_salt":
            return self.bare(self.schema.types[kind])
        return self.object()

    def _count(self) -> int:
        count: int = self.value("int")
        if not 0 <= count <= self.left() // 4 + 1:
            raise BadTL(f"a vector of {count}")
        return count


def string(value: bytes | str) -> bytes:
    """A string with its length and padding."""
    data = value.encode() if isinstance(value, str) else value
    head = bytes([len(data)]) if len(data) < 254 else b"\xfe" + len(data).to_bytes(3, "little")
    return head + data + bytes(-(len(head) + len(data)) % 4)


def dump(value: Any, schema: Schema | None = None) -> bytes:
    """The bytes of a boxed object, a list of such or a bool."""
    known = schema or both()
    if isinstance(value, bool):
        return struct.pack("<I", TRUE if value else FALSE)
    if isinstance(value, bytes):
        return value
    if isinstance(value, list):
        return struct.pack("<II", VECTOR, len(value)) + b"".join(dump(one, known) for one in value)
    made = known.named(value["_"])
    return struct.pack("<I", made.number) + _dump_fields(made, value, known)


def _dump_fields(made: Combinator, value: Object, schema: Schema) -> bytes:
    names = {one.name for one in made.fields} | {"_"}
    if stray := value.keys() - names:
        raise BadTL(f"{made.name} has no {sorted(stray)}")
    parts: list[bytes] = []
    for one in made.fields:
        if one.kind == "#":
            parts.append(struct.pack("<I", _flags(made, one.name, value)))
        elif not one.flags or (one.kind != "true" and _is_there(one, value)):
            parts.append(_dump_value(one.kind, value[one.name], schema))
    return b"".join(parts)


def _is_there(one: Field, value: Object) -> bool:
    given = value.get(one.name)
    return bool(given) if one.kind == "true" else given is not None


def _flags(made: Combinator, name: str, value: Object) -> int:
    return sum({1 << one.bit for one in made.fields if one.flags == name and _is_there(one, value)})


def _dump_value(kind: str, value: Any, schema: Schema) -> bytes:
    if kind in _FIXED:
        return struct.pack(_FIXED[kind], value)
    if kind in _RAW:
        return bytes(value)
    if kind in ("bytes", "string"):
        return string(value)
    if kind.lower().startswith("vector<"):
        items = b"".join(_dump_value(kind[7:-1], one, schema) for one in value)
        return (struct.pack("<I", VECTOR) if kind[0] == "V" else b"") + struct.pack("<I", len(value)) + items
    if kind == "future_salt":
        return _dump_fields(schema.types[kind], value, schema)
    return dump(value, schema)


def load(data: bytes, schema: Schema | None = None) -> Any:
    """The object in these bytes."""
    return Reader(data, schema).object()
