"""The table of Telegram's error names: which class stands for each, and what that class says.

`data/errors.csv` holds the facts, `data/error_sentences.csv` our sentence for each class.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from pathlib import Path

DATA = Path(__file__).with_name("data")
FAMILIES = {
    303: "InvalidDCError",
    400: "BadRequestError",
    401: "UnauthorizedError",
    403: "ForbiddenError",
    404: "NotFoundError",
    406: "AuthKeyError",
    420: "FloodError",
    500: "ServerError",
    503: "TimedOutError",
}
DEFAULT_SENTENCE = "Telegram refused the request"
NUMBER = re.compile(r"(?<=_)X(?=_|MIN|$)")


@dataclass
class ErrorClass:
    """One class to generate, with all the texts of the server that it stands for."""

    name: str
    code: int
    base: str
    capture: str
    texts: list[str]
    sentence: str


class ErrorTableError(ValueError):
    """A row of the tables is malformed; the text names file, line and reason."""


def pattern_of(text: str) -> str | None:
    """The regular expression for a text that carries a number, or None for a plain text."""
    if not NUMBER.search(text):
        return None
    return NUMBER.sub(lambda _: r"(\d+)", re.escape(text))


def family_code(codes: str) -> int:
    """The code whose family a class joins when Telegram uses several: a redirection wins, else the most specific one."""
    numbers = {abs(int(code)) for code in codes.split()}
    return 303 if 303 in numbers else max(numbers)


def read_sentences(path: Path = DATA / "error_sentences.csv") -> dict[str, str]:
    """Our sentence for each class name."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {row["class"]: row["sentence"] for row in rows}


def read_errors(path: Path = DATA / "errors.csv", sentences: dict[str, str] | None = None) -> list[ErrorClass]:
    """All classes, sorted by the server's first text for each.

    Raises:
        ErrorTableError: a row has an unknown code, or two rows of one class disagree on the family.
    """
    known = read_sentences() if sentences is None else sentences
    classes: dict[str, ErrorClass] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for line, row in enumerate(csv.DictReader(file), start=2):
            name = row["class_in_telethon_1_45"]
            if not name:
                continue
            code = family_code(row["codes"])
            base = FAMILIES.get(code, "RPCError")
            found = classes.get(name)
            if found is None:
                sentence = known.get(name, DEFAULT_SENTENCE)
                if row["capture"] and "{capture}" not in sentence and name != "EmailUnconfirmedError":
                    raise ErrorTableError(f"{path.name}:{line}: the sentence of {name} does not use {{capture}}")
                classes[name] = ErrorClass(name, code, base, row["capture"], [row["name"]], sentence)
                continue
            if found.base != base:
                raise ErrorTableError(f"{path.name}:{line}: {name} belongs to {found.base} and to {base}")
            found.capture = found.capture or row["capture"]
            found.texts.append(row["name"])
    return list(classes.values())
