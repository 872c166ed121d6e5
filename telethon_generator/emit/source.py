"""Lines of Python with their indentation, and the small names that the generated bodies use."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["Names", "Source"]


class Names:
    """Precompiled `struct` formats and helpers that one generated module needs at its head."""

    def __init__(self) -> None:
        self._formats: set[tuple[str, str]] = set()
        self._helpers: set[str] = set()

    def unpack(self, formats: str) -> str:
        """The name of the function that reads these values at a byte offset."""
        self._formats.add(("unpack_from", formats))
        return f"_unpack_{formats}"

    def pack(self, formats: str) -> str:
        """The name of the function that writes these values."""
        self._formats.add(("pack", formats))
        return f"_pack_{formats}"

    def helper(self, name: str) -> str:
        """A name of `telethon.tl._codec`."""
        self._helpers.add(name)
        return name

    def lines(self) -> Iterator[str]:
        """What goes to the head of the module."""
        if self._formats:
            yield "from struct import Struct"
            yield ""
        if self._helpers:
            yield f"from telethon.tl._codec import {', '.join(sorted(self._helpers))}"

    def struct_lines(self) -> Iterator[str]:
        """The precompiled formats."""
        for method, formats in sorted(self._formats):
            name = self.unpack(formats) if method == "unpack_from" else self.pack(formats)
            yield f'{name} = Struct("<{formats}").{method}'


class Source:
    """Lines of Python in the making."""

    def __init__(self, depth: int = 0) -> None:
        self.lines: list[str] = []
        self._depth = depth

    def __call__(self, line: str = "") -> None:
        """Add a line at the current depth."""
        self.lines.append("    " * self._depth + line if line else "")

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        """Add a line and indent what follows."""
        self(head)
        self._depth += 1
        yield
        self._depth -= 1
