"""What the documentation says of the code must be true of it."""

from __future__ import annotations

import ast
import re
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

from telethon import TelegramClient

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
CODE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
PATH = re.compile(r"\.?[\w.-]+(/[\w.-]+)*/?")
TOP = ("telethon/", "telethon_generator/", "tests/", "docs/", "examples/")
FILE_TYPES = (".py", ".toml", ".tl", ".csv", ".txt", ".rst", ".md")
PLACEHOLDERS = {"telethon/x/y.py", "tests/unit/x/test_y.py"}


def paths_in(text: str) -> set[str]:
    """The names of files and folders in a page of Markdown."""
    found: set[str] = set()
    for line in text.splitlines():
        names = [name for name in CODE.findall(line) if PATH.fullmatch(name)]
        # In a row of a table, names of files are those of files in the folder that it begins with.
        folder = names[0] if line.startswith("| `") and names and names[0].endswith("/") else ""
        for name in names:
            if name.startswith(TOP):
                found.add(name)
            elif "/" not in name and name.endswith(FILE_TYPES):
                found.add(name if name == "pyproject.toml" else folder + name)
    return found - PLACEHOLDERS


PAGES = sorted(path.relative_to(ROOT).as_posix() for path in DOCS.rglob("*.md") if "_build" not in path.parts)
NAMED = [(page, path) for page in PAGES for path in sorted(paths_in((ROOT / page).read_text(encoding="utf-8")))]


def test_paths_are_found() -> None:
    assert ("docs/architecture.md", "telethon/client/_invoker.py") in NAMED
    assert ("docs/architecture.md", "telethon/_core/clock.py") in NAMED
    assert len(NAMED) > 100


@pytest.mark.parametrize(("page", "path"), NAMED)
def test_every_file_that_is_named_exists(page: str, path: str) -> None:
    assert (ROOT / path).exists(), f"{page} names {path}"
    assert (ROOT / path).is_dir() == path.endswith("/"), f"{page}: folders end in a slash, files do not"


@cache
def names_in(path: str) -> frozenset[str]:
    """The classes and functions of a file, those of classes with the name of the class in front."""
    found: set[str] = set()
    for node in ast.parse((ROOT / path).read_text(encoding="utf-8")).body:
        if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            found.add(node.name)
        if isinstance(node, ast.ClassDef):
            found |= {
                f"{node.name}.{one.name}"
                for one in node.body
                if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)
            }
    return frozenset(found)


IN_FILE = re.compile(r"`([\w.]+)` in\s+`(telethon/[\w/]+\.py)`")
ARCHITECTURE = (DOCS / "architecture.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "path"), sorted({*IN_FILE.findall(ARCHITECTURE)} - {("OVERLAY", "telethon/tl/_registry.py")})
)
def test_everything_that_is_named_is_in_that_file(name: str, path: str) -> None:
    assert name in names_in(path)


def test_each_package_is_on_the_map() -> None:
    packages = {path.parent.relative_to(ROOT).as_posix() + "/" for path in (ROOT / "telethon").rglob("__init__.py")}
    generated = {name for name in packages if name.startswith(("telethon/tl/types/", "telethon/tl/functions/"))}
    assert packages - generated - {"telethon/", "telethon/tl/_generated/"} <= paths_in(ARCHITECTURE)


# -- reference --------------------------------------------------------------------------------------------------------

DIRECTIVE = re.compile(r"^\.\. autoclass:: ([\w.]+).*\n((?:   :.*\n)*)", re.MULTILINE)


def documented_classes() -> dict[object, str]:
    """The classes of the reference, with the options they are shown with."""
    found: dict[object, str] = {}
    for page in sorted((DOCS / "api").glob("*.rst")):
        for match in DIRECTIVE.finditer(page.read_text(encoding="utf-8")):
            module, _, name = match[1].rpartition(".")
            found[getattr(import_module(module), name)] = match[2]
    return found


PUBLIC = sorted(name for name in dir(TelegramClient) if not name.startswith("_"))


def test_there_are_methods() -> None:
    assert len(PUBLIC) > 60
    assert "send_message" in PUBLIC


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_method_of_the_client_is_in_the_reference(name: str) -> None:
    owner = next(cls for cls in TelegramClient.__mro__ if name in vars(cls))
    assert ":members:\n" in documented_classes().get(owner, ""), f"docs/api/client.rst does not show {owner.__name__}"
    # What has no docstring is not shown.
    assert getattr(vars(owner)[name], "__doc__", None), f"{owner.__name__}.{name} has no docstring"
