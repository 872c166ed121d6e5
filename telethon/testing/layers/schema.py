"""What the schemas of older layers say otherwise: one file of the folder `tables` for each layer that is known.

A file has definitions of types and of methods whose number is another one in later layers, and the names of types that
came with later layers. What a layer says is in its own file or, failing that, in the first later one that speaks of it.

Source: https://core.telegram.org/schema
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

from telethon.testing.layers.definition import Definition, parse

__all__ = ["Table", "tables"]

_FOLDER = Path(__file__).with_name("tables")


class Table(NamedTuple):
    """A layer, as far as later ones differ from it.

    Attributes:
        layer: its number.
        types: constructors that changed after it.
        methods: methods that changed after it.
        later: names of constructors that came after it, up to the next table.
    """

    layer: int
    types: tuple[Definition, ...]
    methods: tuple[Definition, ...]
    later: tuple[str, ...]


@cache
def tables() -> tuple[Table, ...]:
    """All that are known, the oldest first."""
    return tuple(sorted(_read(path) for path in _FOLDER.glob("layer*.tl")))


def _read(path: Path) -> Table:
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("//")]
    head, methods = "\n".join(lines).split("---functions---")
    methods, later = methods.split("---later---")
    _, types = head.split("---types---")
    layer = int(path.stem.removeprefix("layer"))
    return Table(layer, tuple(parse(types)), tuple(parse(methods)), tuple(later.split()))
