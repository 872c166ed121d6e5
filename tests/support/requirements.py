"""The requirements that tests carry in their names: `test_M4_length_and_padding_grid` is a test of M4."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping

# How many there are of each letter. What each of them asks for is in docs/security.md.
COUNTS = {"H": 17, "M": 16, "S": 15, "T": 10, "U": 12, "F": 9, "E": 7, "X": 12, "I": 38}
# Figures that are measured; some of them by a command, and not by a test.
FIGURES = {"R": 16}
ALL = COUNTS | FIGURES
IDS = tuple(f"{letter}{number}" for letter, count in COUNTS.items() for number in range(1, count + 1))
KNOWN = frozenset(IDS) | {f"R{number}" for number in range(1, FIGURES["R"] + 1)}
_TOKEN = re.compile(r"_([A-Z]\d{1,2})(?=_|$)")


def ids_in(name: str) -> tuple[str, ...]:
    """The requirements in the name of a test, or in its node id, in the order in which they stand there."""
    function = name.partition("[")[0].rpartition("::")[2]
    return tuple(dict.fromkeys(token for token in _TOKEN.findall(function) if token in KNOWN))


def table(passed: Mapping[str, int], failed: Mapping[str, int]) -> Iterator[str]:
    """Every requirement with the number of its tests that passed, those of one letter together, and a sum."""
    for letter, count in ALL.items():
        cells: list[str] = []
        for one in (f"{letter}{number}" for number in range(1, count + 1)):
            if letter in COUNTS or passed.get(one) or failed.get(one):
                cell = f"{one}: {passed.get(one) or 'none'}"
                cells.append(f"{cell} ({failed[one]} failed)" if failed.get(one) else cell)
        # What belongs together stays on one line.
        text = ", ".join(cell.replace(" ", "\xa0") for cell in cells)
        yield from (line.replace("\xa0", " ") for line in textwrap.wrap(text, 110))
    proven = sum(1 for one in IDS if passed.get(one) and not failed.get(one))
    yield f"{proven} of {len(IDS)} requirements proven"
