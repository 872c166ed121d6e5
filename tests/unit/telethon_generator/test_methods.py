"""The table of methods."""

from __future__ import annotations

from pathlib import Path

import pytest

from telethon_generator.build import DATA, load_specs
from telethon_generator.methods import MethodTableError, read_methods


def test_the_table_of_this_layer() -> None:
    methods = read_methods(DATA / "methods.csv")
    names = {spec.definition.name for spec in load_specs()[1] if spec.is_function and not spec.service}
    assert set(methods) <= names
    assert "PHONE_CODE_INVALID" in methods["auth.signIn"].errors
    assert methods["auth.signIn"].usability == "for users"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("a.b,sometimes,", "'sometimes' is none of both, user, bot, unknown"),
        ("a.b", "a row is `method,usability,errors`"),
        ("a.b,both,\na.b,both,", "a.b stands twice"),
    ],
)
def test_malformed_rows(tmp_path: Path, row: str, reason: str) -> None:
    path = tmp_path / "methods.csv"
    path.write_text(f"method,usability,errors\n{row}\n")
    with pytest.raises(MethodTableError, match=r"methods\.csv:\d: ") as caught:
        read_methods(path)
    assert reason in str(caught.value)
