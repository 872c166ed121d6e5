"""Each requirement has a test, and the page about security says which."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest
import requirements

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "security.md"
ROW = re.compile(r"^\| ([A-Z]\d+) \| (.+?) \| (.+) \|$", re.MULTILINE)
TEST = re.compile(r"`(test_\w+)`")


@cache
def all_tests() -> dict[str, list[str]]:
    """The names of all tests, with the files they are in."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name.startswith("test_"):
                found[node.name].append(path.relative_to(ROOT).as_posix())
    return found


@cache
def rows() -> dict[str, tuple[str, list[str]]]:
    """What the page says of each requirement: a sentence, and tests."""
    found: dict[str, tuple[str, list[str]]] = {}
    for one, sentence, proof in ROW.findall(PAGE.read_text(encoding="utf-8")):
        assert one not in found, f"{one} stands twice in the page"
        found[one] = sentence, TEST.findall(proof)
    return found


@pytest.mark.parametrize("one", requirements.IDS)
def test_every_requirement_has_a_test(one: str) -> None:
    assert any(one in requirements.ids_in(name) for name in all_tests()), f"no test has {one} in its name"


@pytest.mark.parametrize("one", requirements.IDS)
def test_the_page_names_a_test_of_every_requirement(one: str) -> None:
    assert one in rows(), f"{PAGE.name} does not say what {one} is"
    sentence, named = rows()[one]
    assert sentence.endswith(".")
    assert named, f"{PAGE.name} names no test of {one}"
    for name in named:
        assert name in all_tests(), f"{PAGE.name} names {name}, which does not exist"
        assert one in requirements.ids_in(name), f"{name} does not say that it is a test of {one}"


def test_the_page_has_nothing_else() -> None:
    assert set(rows()) == set(requirements.IDS)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("test_M4_length_and_padding_grid", ("M4",)),
        ("tests/unit/test_x.py::TestIt::test_R2_S8_I3_nothing_is_lost[M5-H1]", ("R2", "S8", "I3")),
        ("test_what_M4_M4_is", ("M4",)),
        ("test_H99_X255_m4_M4x_4A_no_msg_id", ()),
        ("test_the_rest", ()),
        ("test_that_ends_with_I38", ("I38",)),
    ],
)
def test_numbers_are_found_in_names(name: str, wanted: tuple[str, ...]) -> None:
    assert requirements.ids_in(name) == wanted


def test_the_table_counts_what_passed_and_what_failed() -> None:
    lines = list(requirements.table({"H1": 3, "M2": 1, "R2": 1}, {"M2": 2}))
    text = "\n".join(lines)
    assert "H1: 3, H2: none" in text
    assert "M2: 1 (2 failed)" in text
    assert "R2: 1" in text
    assert "R1:" not in text
    assert lines[-1] == f"1 of {len(requirements.IDS)} requirements proven"
    assert all(len(line) <= 110 for line in lines)


ACKS = "tests/unit/mtproto/test_acks.py"
WAYS = (["-m", "requirement"], ["-k", "requirement"], ["--requirements"], ["-n", "2", "-m", "requirement"])


@pytest.mark.parametrize("chosen", WAYS, ids=" ".join)
def test_a_run_tells_what_it_has_proven(chosen: list[str]) -> None:
    if "-n" in chosen:
        pytest.importorskip("xdist")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        *chosen,
        "tests/unit/mtproto/test_acks.py",
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=50)
    assert done.returncode == 0, done.stdout
    of_m16 = [name for name, files in all_tests().items() if "M16" in requirements.ids_in(name) and ACKS in files]
    assert "M11: 1" in done.stdout
    assert f"M16: {len(of_m16)}" in done.stdout
    assert "M12: none" in done.stdout
    assert f"2 of {len(requirements.IDS)} requirements proven" in done.stdout
