"""How an object looks as text, and what to say when it cannot be serialised."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeGuard, cast

if TYPE_CHECKING:
    from telethon.tl.tlobject import TLObject

__all__ = ["pretty_format", "serialization_error"]


def pretty_format(obj: object, indent: int | None = None) -> str:
    """Text like the call that makes the object; see `TLObject.pretty_format`."""
    parts: list[str] = []
    (_one_line if indent is None else _indented)(obj, parts.append, indent or 0)
    return "".join(parts)


_PLAIN = frozenset({bool, int, float, str, bytes, datetime, type(None)})
"""What is shown as Python shows it; most values are one of these."""

# Values can be anything, so the two functions below are typed for what they look into only.


def _one_line(obj: Any, out: Callable[[str], object], _: int) -> None:
    if _is_object(obj):
        obj = obj.to_dict()
    if isinstance(obj, dict):
        items = cast("dict[str, Any]", obj)
        out(f"{items.get('_', 'dict')}(")
        separator = ""
        for name, value in items.items():
            if name == "_":
                continue
            if value.__class__ in _PLAIN:
                out(f"{separator}{name}={value!r}")
            else:
                out(f"{separator}{name}=")
                _one_line(value, out, 0)
            separator = ", "
        out(")")
    elif _is_sequence(obj):
        out("[")
        for number, item in enumerate(obj):
            if number:
                out(", ")
            _one_line(item, out, 0)
        out("]")
    else:
        out(repr(obj))


def _indented(obj: Any, out: Callable[[str], object], indent: int) -> None:
    if _is_object(obj):
        obj = obj.to_dict()
    if isinstance(obj, dict):
        content = cast("dict[str, Any]", obj)
        out(f"{content.get('_', 'dict')}(")
        if content:
            start = "\n" + "\t" * (indent + 1)
            separator = start
            for name, value in content.items():
                if name == "_":
                    continue
                if value.__class__ in _PLAIN:
                    out(f"{separator}{name}={value!r}")
                else:
                    out(f"{separator}{name}=")
                    _indented(value, out, indent + 1)
                separator = "," + start
            out("\n" + "\t" * indent)
        out(")")
    elif _is_sequence(obj):
        out("[\n")
        start = "\t" * (indent + 1)
        for item in obj:
            out(start)
            _indented(item, out, indent + 1)
            out(",\n")
        out("\t" * indent + "]")
    else:
        out(repr(obj))


def _is_object(value: object) -> TypeGuard[TLObject]:
    # Not by its class: that module loads this one.
    return hasattr(type(value), "CONSTRUCTOR_ID")


def _is_sequence(value: object) -> TypeGuard[Iterable[Any]]:
    return isinstance(value, Iterable) and not isinstance(value, (str, bytes))


def serialization_error(obj: TLObject, error: Exception) -> Exception:
    """An error like `error` that also names the innermost object that cannot become bytes, and the types it holds."""
    for child in _children(obj):
        try:
            child._bytes()
        except (AttributeError, TypeError, OverflowError, ValueError, struct.error) as inner:
            return inner
    held = ", ".join(f"{name}: {type(getattr(obj, name, None)).__name__}" for name in getattr(obj, "_FIELDS", ()))
    if isinstance(error, AttributeError):
        error = TypeError("a TLObject was expected but found something else")
    return type(error)(f"{error} (while serialising {type(obj).__name__}, which holds {held})")


def _children(obj: TLObject) -> Iterable[TLObject]:
    for name in getattr(obj, "_FIELDS", ()):
        value: Any = getattr(obj, name, None)
        for item in cast("Iterable[Any]", value if isinstance(value, (list, tuple)) else (value,)):
            if _is_object(item):
                yield item
