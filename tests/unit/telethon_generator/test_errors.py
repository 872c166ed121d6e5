"""The tables of error names: each name has a sentence, and the two agree."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from telethon_generator.errors import (
    ErrorTableError,
    pattern_of,
    pattern_of_sentence,
    read_errors,
    read_notes,
    read_sentences,
)

HEAD = "name,codes,class_in_telethon_1_45,capture\n"


def table(path: Path, *rows: str, head: str = HEAD) -> Path:
    path.write_text(head + "".join(row + "\n" for row in rows), encoding="utf-8")
    return path


def sentences(tmp_path: Path, *rows: str) -> dict[str, str]:
    errors = table(tmp_path / "errors.csv", "A_FULL,400,,", "B_X_LOST,420,,", "C_WAIT_X,420,CWaitError,seconds")
    return read_sentences(table(tmp_path / "sentences.csv", *rows, head="name,sentence\n"), errors)


def test_the_tables_of_the_project_are_complete() -> None:
    assert len(read_errors()) == len(read_notes())
    assert len(read_sentences()) == 366


def test_names_without_a_class_have_sentences(tmp_path: Path) -> None:
    found = sentences(tmp_path, "A_FULL,It is full", "B_X_LOST,Number {value} is lost")
    assert found == {"A_FULL": "It is full", "B_X_LOST": "Number {value} is lost"}


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (["A_FULL,It is full"], "B_X_LOST has no sentence"),
        (["A_FULL,", "B_X_LOST,Lost"], "A_FULL has no sentence"),
        (["A_FULL,It takes {value}", "B_X_LOST,Lost"], "A_FULL has a {value} that the name has not"),
        (["A_FULL,It is full", "B_X_LOST,Lost", "C_WAIT_X,Wait"], "C_WAIT_X has a class, or does not exist"),
    ],
)
def test_a_sentence_without_a_name_and_the_other_way_round_are_refused(
    tmp_path: Path, rows: list[str], says: str
) -> None:
    with pytest.raises(ErrorTableError, match=re.escape(says)):
        sentences(tmp_path, *rows)


def test_a_class_without_a_sentence_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ErrorTableError, match="no sentence for AFullError"):
        read_errors(table(tmp_path / "errors.csv", "A_FULL,400,AFullError,"), {})


@pytest.mark.parametrize(
    ("name", "sentence", "text", "value"),
    [
        ("B_X_LOST", "Number {value} is lost", "B_12_LOST", "12"),
        ("B_X_LOST", "Number {value} is lost", "B_LOST", None),
        ("B_X_LOST", "Number {value} is lost", "B_TWO_LOST", None),
        ("CHECK_X", "A check is wanted", "CHECK_LOGIN__KEY-7", "LOGIN__KEY-7"),
        ("CHECK_X", "A check is wanted", "CHECK_", None),
    ],
)
def test_x_is_a_number_when_the_sentence_uses_it(name: str, sentence: str, text: str, value: str | None) -> None:
    pattern = pattern_of_sentence(name, sentence)
    assert pattern is not None
    match = re.fullmatch(pattern, text)
    assert (match and match.group(1)) == value


def test_plain_names_need_no_pattern() -> None:
    assert pattern_of("A_FULL") is None
    assert pattern_of_sentence("MAX_SIZE", "Too big") is None
