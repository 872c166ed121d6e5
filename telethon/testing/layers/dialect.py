"""How a client speaks whose schema is older than the server's.

The server of Telegram answers each client in the layer that it named. This one knows what some layers from 158 on say
otherwise (`telethon.testing.layers.schema`); a client of a layer between two of them gets the form of the later one,
which it cannot read where a constructor changed in between, and one of an older layer than all gets that of the oldest.

Source: https://core.telegram.org/api/invoking#layers
"""

from __future__ import annotations

import inspect
from copy import copy
from functools import cache
from typing import Any

from telethon.testing.layers._reading import read
from telethon.testing.layers._writing import write
from telethon.testing.layers.buttons import ROW
from telethon.testing.layers.definition import Definition, current_class, parse
from telethon.testing.layers.moved import METHODS
from telethon.testing.layers.schema import tables
from telethon.tl import types
from telethon.tl.tlobject import TLObject

__all__ = ["Dialect", "dialect_of"]


class Dialect:
    """An older schema, as far as it is another one.

    Args:
        layer: its number.

    Attributes:
        layer: as given.
        named: definitions of constructors by name.
        numbered: definitions of constructors and methods by number.
        row: definition of a row of buttons.
    """

    def __init__(self, layer: int) -> None:
        self.layer = layer
        self.named: dict[str, Definition] = {}
        self.row = next(parse(ROW))
        self.numbered: dict[int, Definition] = {self.row.id: self.row}
        self._classes: dict[int, Definition] = {}
        self._current: dict[int, tuple[Any, frozenset[str]]] = {}
        self._later: set[int] = set()
        for table in tables():
            if layer <= table.layer:
                for definition in table.types:
                    self._take(definition, current_class(definition.name, False), True)
                for definition in table.methods:
                    name = METHODS.get(definition.name, definition.name)
                    self._take(definition, current_class(name, True), False)
                classes = (current_class(name, False) for name in table.later)
                self._later.update(cls.CONSTRUCTOR_ID for cls in classes if cls is not None)

    def _take(self, definition: Definition, cls: Any, is_type: bool) -> None:
        self.numbered.setdefault(definition.id, definition)
        if cls is not None:
            self._current[definition.id] = cls, frozenset(inspect.signature(cls.__init__).parameters)
        if is_type:
            self.named.setdefault(definition.name, definition)
            if cls is not None:
                self._classes.setdefault(cls.CONSTRUCTOR_ID, definition)

    def lacks(self, obj: TLObject) -> bool:
        """Whether the type of that object came with a later layer."""
        return obj.CONSTRUCTOR_ID in self._later

    def of_class(self, obj: TLObject) -> Definition | None:
        """How an object of that class was written, or None when it still is written so."""
        return self._classes.get(obj.CONSTRUCTOR_ID)

    def current(self, definition: Definition) -> tuple[Any, frozenset[str]]:
        """The class that took the place of a definition, and which arguments it takes."""
        return self._current[definition.id]

    def encode(self, answer: Any, encoded: bytes) -> bytes:
        """An answer as bytes.

        Args:
            answer: an object, or a list of them; everything else has the same form in all layers.
            encoded: its form in the schema of the server.
        """
        if isinstance(answer, TLObject):
            return write(self, answer)
        items: list[Any] = answer if isinstance(answer, list) else []  # pyright: ignore[reportUnknownVariableType]
        return write(self, items) if any(isinstance(item, TLObject) for item in items) else encoded

    def encode_updates(self, updates: TLObject) -> bytes:
        """What is pushed to a client, without the updates that its layer has no words for."""
        try:
            return write(self, updates)
        except TypeError:
            if isinstance(updates, types.UpdateShort):
                return write(self, types.Updates([], [], [], updates.date, 0))
            if not isinstance(updates, (types.Updates, types.UpdatesCombined)):
                raise
        rest = copy(updates)
        rest.updates = [update for update in updates.updates if self._can_say(update)]
        return write(self, rest)

    def _can_say(self, obj: TLObject) -> bool:
        try:
            write(self, obj)
        except TypeError:
            return False
        return True

    def read(self, body: bytes) -> tuple[Any, int]:
        """A request in the words of the current schema, and how many bytes stand behind it.

        Raises:
            TypeNotFoundError: a constructor is not known in this layer either.
            TLDecodeError: the bytes end too early or hold what no object can have.
        """
        return read(self, body)


@cache
def dialect_of(layer: int) -> Dialect | None:
    """How a client of a layer speaks; None when it speaks as the server does, as far as that is known."""
    return Dialect(layer) if 0 < layer <= tables()[-1].layer else None
