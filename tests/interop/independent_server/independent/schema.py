"""The lines of a TL schema, read as text.

Source: https://core.telegram.org/mtproto/TL
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

_LINE = re.compile(r"^([\w.]+)#([0-9a-f]{1,8})\s+(.*?)=\s*([\w.<> %!]+);$")
_DATA = Path(__file__).resolve().parents[4] / "telethon_generator" / "data"


@dataclass(frozen=True)
class Field:
    """One parameter: its name, its type, and the bit that says whether it is there."""

    name: str
    kind: str
    flags: str = ""
    bit: int = -1


@dataclass(frozen=True)
class Combinator:
    """A constructor or a function."""

    name: str
    number: int
    fields: tuple[Field, ...]
    result: str
    is_function: bool


@dataclass
class Schema:
    """Combinators by name and by number, and those that can make each type."""

    by_number: dict[int, Combinator] = field(default_factory=dict)
    types: dict[str, Combinator] = field(default_factory=dict)
    functions: dict[str, Combinator] = field(default_factory=dict)

    def add(self, text: str) -> None:
        """Read the lines of a schema."""
        is_function = False
        for raw in text.splitlines():
            line = raw.partition("//")[0].strip()
            if line == "---functions---":
                is_function = True
            elif line == "---types---":
                is_function = False
            elif match := _LINE.match(line):
                name, number, middle, result = match.groups()
                made = Combinator(name, int(number, 16), tuple(_fields(middle)), result.strip(), is_function)
                self.by_number[made.number] = made
                (self.functions if is_function else self.types)[name] = made

    def named(self, name: str) -> Combinator:
        """The constructor or function of that name."""
        return self.types.get(name) or self.functions[name]


def _fields(middle: str) -> list[Field]:
    found: list[Field] = []
    for part in middle.split():
        if part.startswith("{"):
            continue
        name, _, kind = part.partition(":")
        optional = re.match(r"^(\w+)\.(\d+)\?(.+)$", kind)
        if optional:
            found.append(Field(name, optional[3], optional[1], int(optional[2])))
        else:
            found.append(Field(name, kind))
    return found


@lru_cache(maxsize=1)
def both() -> Schema:
    """The schema of the service messages together with that of the API."""
    schema = Schema()
    for name in ("mtproto.tl", "api.tl"):
        schema.add((_DATA / name).read_text(encoding="utf-8"))
    return schema
