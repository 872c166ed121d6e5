"""The table of methods: who may call each, and which errors Telegram answers with."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Method", "MethodTableError", "read_methods"]

USABILITY = {
    "both": "for users and bots",
    "user": "for users",
    "bot": "for bots",
    "unknown": "",
}


class MethodTableError(ValueError):
    """A row of the table is malformed; the text names file, line and reason."""


@dataclass(frozen=True)
class Method:
    """One row.

    Attributes:
        usability: a few words about who may call it, or an empty text.
        errors: the texts of the errors it is known to give.
    """

    usability: str = ""
    errors: tuple[str, ...] = ()


def read_methods(path: Path) -> dict[str, Method]:
    """The rows by the name of the method in the schema.

    Raises:
        MethodTableError: a column is missing, a method stands twice, or its usability is not known.
    """
    methods: dict[str, Method] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for line, row in enumerate(csv.DictReader(file), start=2):
            name, usability, errors = row.get("method"), row.get("usability"), row.get("errors")
            if not name or usability is None or errors is None:
                raise MethodTableError(f"{path.name}:{line}: a row is `method,usability,errors`")
            if name in methods:
                raise MethodTableError(f"{path.name}:{line}: {name} stands twice")
            if usability not in USABILITY:
                raise MethodTableError(f"{path.name}:{line}: {usability!r} is none of {', '.join(USABILITY)}")
            methods[name] = Method(USABILITY[usability], tuple(errors.split()))
    return methods
