"""How a client speaks whose schema is older than the server's.

The server of Telegram answers each client in the layer that it named. This one knows what layers 198 and 227 say
differently, of all that it sends and is asked; a client of a layer between two of them gets the form of the later one,
which it cannot read where a constructor changed in between, and one before layer 198 gets that of layer 198.

Source: https://core.telegram.org/api/invoking#layers
"""

from __future__ import annotations

import inspect
from functools import cache
from struct import pack
from typing import Any

from telethon.testing.layers import layer198, layer227
from telethon.testing.layers._reading import read
from telethon.testing.layers._writing import write
from telethon.testing.layers.buttons import ROW
from telethon.testing.layers.definition import Definition, current_class, parse
from telethon.tl._codec import VECTOR_ID
from telethon.tl.tlobject import TLObject

__all__ = ["Dialect", "dialect_of"]

_LAYERS = ((198, layer198), (227, layer227))


class Dialect:
    """An older schema, as far as it is another one.

    Args:
        layer: its number.

    Attributes:
        layer: as given.
        named: definitions of constructors by name.
        numbered: definitions of constructors and methods by number.
        row: definition of a row of buttons.
        has_join_results: whether joining a chat is answered with a type of its own.
    """

    def __init__(self, layer: int) -> None:
        self.layer = layer
        self.named: dict[str, Definition] = {}
        self.row = next(parse(ROW))
        self.numbered: dict[int, Definition] = {self.row.id: self.row}
        self.has_join_results = layer > 198
        self._classes: dict[int, Definition] = {}
        self._current: dict[int, tuple[Any, frozenset[str]]] = {}
        for last, texts in _LAYERS:
            if layer <= last:
                self._take(texts.TYPES, False)
                self._take(texts.METHODS, True)

    def _take(self, text: str, methods: bool) -> None:
        for definition in parse(text):
            self.numbered.setdefault(definition.id, definition)
            cls = current_class(definition.name, methods)
            if cls is not None:
                self._current[definition.id] = cls, frozenset(inspect.signature(cls.__init__).parameters)
            if not methods:
                self.named.setdefault(definition.name, definition)
                if cls is not None:
                    self._classes.setdefault(cls.CONSTRUCTOR_ID, definition)

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
        if isinstance(answer, list):
            items: list[Any] = answer  # pyright: ignore[reportUnknownVariableType]
            if any(isinstance(item, TLObject) for item in items):
                return pack("<Ii", VECTOR_ID, len(items)) + b"".join(write(self, item) for item in items)
        return encoded

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
    return Dialect(layer) if 0 < layer <= _LAYERS[-1][0] else None
