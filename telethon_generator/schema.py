"""The schema as values: what a line of a `.tl` file says, and nothing about Python.

Source: https://core.telegram.org/mtproto/TL
"""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = ["Definition", "FlagBit", "Parameter", "Schema", "TypeRef"]

BARE = frozenset({"int", "long", "double", "int128", "int256", "string", "bytes", "true"})
"""Types whose values carry no constructor id in front."""


@dataclass(frozen=True)
class TypeRef:
    """What a parameter holds.

    Attributes:
        name: the type as written, without `Vector<>`, `%` or `!`; it may have a namespace in front.
        vector: None for one value, "boxed" for `Vector<...>`, "bare" for `vector<...>`.
        bare: whether a value comes without constructor id.
        generic: whether it was written `!X`, that is, any request.
    """

    name: str
    vector: str | None = None
    bare: bool = False
    generic: bool = False


@dataclass(frozen=True)
class FlagBit:
    """The bit that says whether an optional parameter is there: bit `index` of the parameter `word`."""

    word: str
    index: int

    @property
    def mask(self) -> int:
        """The value of the bit."""
        return 1 << self.index


@dataclass(frozen=True)
class Parameter:
    """One `name:type` of a definition.

    Attributes:
        name: as the schema writes it.
        type: None for a word of flags (`flags:#`).
        flag: the bit it depends on, or None when it is always there.
    """

    name: str
    type: TypeRef | None
    flag: FlagBit | None = None

    @property
    def is_flags(self) -> bool:
        """Whether it is a word of flags and not a value of its own."""
        return self.type is None

    @property
    def is_true(self) -> bool:
        """Whether it takes no bytes: its flag bit is the value."""
        return self.type is not None and self.type.name == "true"


@dataclass(frozen=True)
class Definition:
    """One line of a schema: a constructor or a function.

    Attributes:
        name: full name as written, such as `messages.sendMessage`.
        constructor_id: unsigned 32 bits.
        parameters: in wire order.
        result: the type it belongs to (constructors) or gives (functions).
        is_function: whether it stands below `---functions---`.
        text: the line itself, for the conformance record.
    """

    name: str
    constructor_id: int
    parameters: tuple[Parameter, ...]
    result: TypeRef
    is_function: bool
    text: str

    @property
    def namespace(self) -> str:
        """The part before the dot, or an empty text."""
        return self.name.rpartition(".")[0]


@dataclass(frozen=True)
class Schema:
    """Everything that was read from one file."""

    definitions: tuple[Definition, ...]
    layer: int | None = None
    source: str = field(default="", compare=False)
