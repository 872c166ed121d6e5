"""The table of Telegram's error names: which class stands for each, and what that class says.

`data/errors.csv` holds the facts, `data/error_classes.csv` our sentence for each class, and the family of those that
Telegram sends with more than one code, `data/error_sentences.csv` our sentence for each name without a class.
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


@dataclass(frozen=True)
class ClassNotes:
    """What we say of one class: the code of its family where Telegram uses several, and its sentence."""

    code: int | None
    sentence: str


NO_NOTES = ClassNotes(None, "")


def read_notes(path: Path = DATA / "error_classes.csv") -> dict[str, ClassNotes]:
    """Our notes by class name."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {row["class"]: ClassNotes(int(row["code"]) if row["code"] else None, row["sentence"]) for row in rows}


def read_errors(path: Path = DATA / "errors.csv", notes: dict[str, ClassNotes] | None = None) -> list[ErrorClass]:
    """All classes, sorted by the server's first text for each.

    Raises:
        ErrorTableError: a row has several codes and no note says which counts, a sentence does not use the number that
            its error carries, or two rows of one class disagree on the family.
    """
    known = read_notes() if notes is None else notes
    classes: dict[str, ErrorClass] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for line, row in enumerate(csv.DictReader(file), start=2):
            name = row["class_in_telethon_1_45"]
            if not name:
                continue
            where = f"{path.name}:{line}"
            note = known.get(name, NO_NOTES)
            code = _family_code(row["codes"], note, f"{where}: {name}")
            base = FAMILIES.get(code, "RPCError")
            found = classes.get(name)
            if found is None:
                sentence = note.sentence
                if not sentence:
                    raise ErrorTableError(f"{where}: error_classes.csv has no sentence for {name}")
                if row["capture"] and "{capture}" not in sentence and name != "EmailUnconfirmedError":
                    raise ErrorTableError(f"{where}: the sentence of {name} does not use {{capture}}")
                classes[name] = ErrorClass(name, code, base, row["capture"], [row["name"]], sentence)
                continue
            if found.base != base:
                raise ErrorTableError(f"{where}: {name} belongs to {found.base} and to {base}")
            found.capture = found.capture or row["capture"]
            found.texts.append(row["name"])
    return list(classes.values())


def read_sentences(path: Path = DATA / "error_sentences.csv", errors: Path = DATA / "errors.csv") -> dict[str, str]:
    """Our sentence for each name without a class. `{value}` in it stands for the X of the name, which is a number then.

    Raises:
        ErrorTableError: a name has no sentence, a sentence has no name without a class, or speaks of a value that the
            name does not have.
    """
    with errors.open(encoding="utf-8", newline="") as file:
        names = [row["name"] for row in csv.DictReader(file) if not row["class_in_telethon_1_45"]]
    with path.open(encoding="utf-8", newline="") as file:
        sentences = {row["name"]: row["sentence"] for row in csv.DictReader(file)}
    for name in names:
        if not sentences.get(name):
            raise ErrorTableError(f"{path.name}: {name} has no sentence")
        if "{value}" in sentences[name] and not NUMBER.search(name):
            raise ErrorTableError(f"{path.name}: the sentence of {name} has a {{value}} that the name has not")
    for name in sentences:
        if name not in names:
            raise ErrorTableError(f"{path.name}: {name} has a class, or does not exist")
    return sentences


def pattern_of_sentence(name: str, sentence: str) -> str | None:
    """The regular expression for the texts that *sentence* explains, or None when it is *name* alone."""
    if not NUMBER.search(name):
        return None
    return NUMBER.sub(lambda _: r"(\d+)" if "{value}" in sentence else "(.+)", re.escape(name.upper()))


def _family_code(codes: str, note: ClassNotes, where: str) -> int:
    numbers = {abs(int(code)) for code in codes.split()}
    if len(numbers) == 1:
        return numbers.pop()
    if note.code not in numbers:
        raise ErrorTableError(f"{where} comes with the codes {codes}; error_classes.csv must say which one counts")
    return note.code
