"""Objects in the form of an older schema."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from struct import pack
from typing import TYPE_CHECKING, Any, cast

from telethon.testing.layers.buttons import old_name
from telethon.testing.layers.moved import as_then
from telethon.tl import types
from telethon.tl._codec import VECTOR_ID, text, unix_time
from telethon.tl.tlobject import TLObject

if TYPE_CHECKING:
    from telethon.testing.layers.definition import Definition, Field
    from telethon.testing.layers.dialect import Dialect

__all__ = ["write"]

_Out = Callable[[bytes], object]

_TRUE = pack("<I", 0x997275B5)
_FALSE = pack("<I", 0xBC799737)
_EMPTY: dict[str, Any] = {"int": 0, "long": 0, "double": 0.0, "string": "", "bytes": b"", "Bool": False}
_PYTHON_TYPES: dict[str, Any] = {
    "int": (int, date, timedelta),
    "long": int,
    "double": (int, float),
    "string": (str, bytes),
    "bytes": (str, bytes),
    "Bool": bool,
}


class _Written:
    """Stands for an object within another one; it is bytes already."""

    __slots__ = ("data",)

    def __init__(self, data: bytes) -> None:
        self.data = data

    def _write(self, out: _Out) -> None:
        out(self.data)


def write(dialect: Dialect, said: Any) -> bytes:
    """An object, or a list of objects, as bytes.

    Raises:
        TypeError: the layer has no words for it.
    """
    parts: list[bytes] = []
    _said(dialect, said, parts.append)
    return b"".join(parts)


def _said(dialect: Dialect, said: Any, out: _Out) -> None:
    if isinstance(said, bool):
        out(_TRUE if said else _FALSE)
    elif isinstance(said, list):
        items = _known(dialect, said)  # pyright: ignore[reportUnknownArgumentType]
        out(pack("<Ii", VECTOR_ID, len(items)))
        for item in items:
            _object(dialect, item, out)
    else:
        _object(dialect, said, out)


def _known(dialect: Dialect, items: Sequence[Any]) -> list[Any]:
    """Without objects that came later, such as updates of a new kind."""
    return [item for item in items if not isinstance(item, TLObject) or as_then(dialect, item) is not None]


def _object(dialect: Dialect, obj: TLObject, out: _Out) -> None:
    then = as_then(dialect, obj)
    if then is None:
        raise TypeError(f"layer {dialect.layer} has no {type(obj).__name__}, and nothing to say instead")
    if then is not obj:
        _said(dialect, then, out)
    elif isinstance(obj, (types.KeyboardButton, types.KeyboardInlineButton)):
        _fields(dialect, dialect.named[old_name(obj.type)], (obj.type, obj), out)
    elif isinstance(obj, types.KeyboardInlineButtonRow):
        _fields(dialect, dialect.row, (obj,), out)
    elif (definition := dialect.of_class(obj)) is not None:
        _fields(dialect, definition, (obj,), out)
    else:
        _unchanged(dialect, obj, out)


def _unchanged(dialect: Dialect, obj: TLObject, out: _Out) -> None:
    """Write an object by its own writer; only what is in it may be of another form."""
    copy = object.__new__(type(obj))
    copy.__dict__.update(obj.__dict__)
    for name in obj._FIELDS:
        value: Any = obj.__dict__.get(name)
        if isinstance(value, TLObject):
            known = as_then(dialect, value) is not None
            copy.__dict__[name] = _Written(write(dialect, value)) if known else None
        elif isinstance(value, (list, tuple)):
            items = _known(dialect, cast("Sequence[Any]", value))
            copy.__dict__[name] = [
                _Written(write(dialect, item)) if isinstance(item, TLObject) else item for item in items
            ]
    copy._write(out)


def _fields(dialect: Dialect, definition: Definition, sources: tuple[object, ...], out: _Out) -> None:
    values: dict[str, Any] = {}
    flags: dict[str, int] = {}
    for field in definition.fields:
        if field.type == "#":
            flags[field.name] = 0
        elif field.flags:
            value = _look_up(sources, field.name)
            # Where a field had another type then, or what is in it came later, it is left out.
            if isinstance(value, TLObject) and as_then(dialect, value) is None:
                continue
            if value is not None and (value is not False or field.type == "Bool") and _fits(field.type, value):
                values[field.name] = value
                flags[field.flags] |= 1 << field.bit
    out(pack("<I", definition.id))
    for field in definition.fields:
        if field.type == "#":
            out(pack("<I", flags[field.name]))
        elif field.flags:
            if field.type != "true" and field.name in values:
                _value(dialect, field.type, values[field.name], out)
        else:
            _required(dialect, definition, field, _look_up(sources, field.name), out)


def _look_up(sources: tuple[object, ...], name: str) -> Any:
    for source in sources:
        value = getattr(source, name, None)
        if value is not None:
            return value
    return None


def _fits(kind: str, value: object) -> bool:
    if kind == "true":
        return bool(value)
    if kind.startswith("Vector<"):
        return isinstance(value, (list, tuple))
    return isinstance(value, _PYTHON_TYPES.get(kind, TLObject))


def _required(dialect: Dialect, definition: Definition, field: Field, value: Any, out: _Out) -> None:
    if value is None:
        value = [] if field.type.startswith("Vector<") else _EMPTY.get(field.type)
    if value is None or not _fits(field.type, value):
        raise TypeError(f"layer {dialect.layer} cannot say this {definition.name}: there is no {field.name} for it")
    _value(dialect, field.type, value, out)


def _value(dialect: Dialect, kind: str, value: Any, out: _Out) -> None:
    if kind.startswith("Vector<"):
        items = _known(dialect, value)
        out(pack("<Ii", VECTOR_ID, len(items)))
        for item in items:
            _value(dialect, kind[7:-1], item, out)
    elif kind == "int":
        out(pack("<i", value if isinstance(value, int) else unix_time(value)))
    elif kind == "long":
        out(pack("<q", value))
    elif kind == "double":
        out(pack("<d", value))
    elif kind in ("string", "bytes"):
        out(text(value))
    elif kind == "Bool":
        out(_TRUE if value else _FALSE)
    else:
        _object(dialect, value, out)
