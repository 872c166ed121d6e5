"""One constructor or method as a line of a schema says it.

    name#id field:type field:flags.3?type = Result;

Source: https://core.telegram.org/mtproto/TL
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Any, NamedTuple

__all__ = ["Definition", "Field", "current_class", "parse"]

_RENAMED = {"self": "is_self", "from": "from_"}
"""Names that Python objects do not use for attributes."""


class Field(NamedTuple):
    """A field of a constructor.

    Attributes:
        name: what the attribute of an object is called.
        type: type of the value; `#` for a number of flags, `true` for what is only a flag.
        flags: name of the flags it depends on, or empty.
        bit: which of them.
    """

    name: str
    type: str
    flags: str
    bit: int


class Definition(NamedTuple):
    """A constructor or method of a schema.

    Attributes:
        id: its number.
        name: its name, as the schema writes it.
        fields: what follows the number, in this order.
    """

    id: int
    name: str
    fields: tuple[Field, ...]


def parse(text: str) -> Iterator[Definition]:
    """The definitions in a piece of a schema.

    Raises:
        ValueError: it is none.
    """
    for part in text.split(";"):
        words = part.split()
        if not words:
            continue
        name, _, number = words[0].partition("#")
        yield Definition(int(number, 16), name, tuple(map(_field, words[1 : words.index("=")])))


def _field(word: str) -> Field:
    name, _, kind = word.partition(":")
    name = _RENAMED.get(name, name)
    condition, question, value = kind.partition("?")
    if not question:
        return Field(name, kind, "", 0)
    flags, _, bit = condition.partition(".")
    return Field(name, value, flags, int(bit))


def current_class(name: str, method: bool) -> Any:
    """The class for a constructor of that name in the schema of this library, or None."""
    namespace, _, name = name.rpartition(".")
    module = "telethon.tl.functions" if method else "telethon.tl.types"
    cls = name[:1].upper() + name[1:] + ("Request" if method else "")
    try:
        found = getattr(import_module(f"{module}.{namespace}" if namespace else module), cls)
    except (ImportError, AttributeError):
        return None
    # Some names of older schemas can still be used, but what is made by them is of another constructor.
    return found if hasattr(found, "CONSTRUCTOR_ID") else None
