"""The blocks of code in the documentation."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_BLOCK = re.compile(r"^( *)\.\. code-block:: python\n((?:\1   :\w+:.*\n)*)\n((?:\1   .*\n|\n)+)", re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """A block of Python.

    Attributes:
        page: the file it is in, from the root of the project.
        line: the line on which it begins.
        name: what it is called, such as `script-async`; what is before the dash says how it is run.
        code: what is in it.
    """

    page: str
    line: int
    name: str
    code: str

    @property
    def kind(self) -> str:
        """How it is run."""
        return self.name.partition("-")[0]


def blocks_of(page: Path) -> list[Block]:
    """The blocks of one page."""
    text = page.read_text(encoding="utf-8")
    found: list[Block] = []
    for match in _BLOCK.finditer(text):
        name = re.search(r":name: (\S+)", match[2])
        line = text.count("\n", 0, match.start(3)) + 1
        code = textwrap.dedent(match[3]).strip() + "\n"
        found.append(Block(page.relative_to(ROOT).as_posix(), line, name[1] if name else "", code))
    return found


def all_blocks() -> list[Block]:
    """The blocks of all pages."""
    return [block for page in sorted((ROOT / "docs").rglob("*.rst")) for block in blocks_of(page)]
