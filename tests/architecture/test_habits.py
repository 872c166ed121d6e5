"""Habits that no linter knows, checked on the source itself."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GENERATED = ("telethon/tl/types/", "telethon/tl/functions/", "telethon/tl/_generated/")
GENERATED_FILES = ("telethon/tl/alltlobjects.py", "telethon/errors/rpcerrorlist.py")


def hand_written() -> Iterator[str]:
    for folder in ("telethon", "telethon_generator"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if not name.startswith(GENERATED) and name not in GENERATED_FILES:
                yield name


FILES = list(hand_written())


def tree_of(name: str) -> ast.Module:
    return ast.parse((ROOT / name).read_text(encoding="utf-8"), name)


def test_there_is_something_to_check() -> None:
    assert "telethon/client/users.py" in FILES
    assert len(FILES) > 100


@pytest.mark.parametrize("name", FILES)
def test_every_module_says_what_it_is(name: str) -> None:
    assert ast.get_docstring(tree_of(name)), f"{name} has no docstring"


@pytest.mark.parametrize("name", FILES)
def test_nothing_is_checked_with_assert(name: str) -> None:
    lines = [node.lineno for node in ast.walk(tree_of(name)) if isinstance(node, ast.Assert)]
    assert not lines, f"{name} uses assert, which -O removes, in lines {lines}"


@pytest.mark.parametrize("name", FILES)
def test_no_mixin_takes_itself_for_the_whole_client(name: str) -> None:
    for cls in (node for node in ast.walk(tree_of(name)) if isinstance(node, ast.ClassDef)):
        for node in cls.body:
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.args.args:
                first = node.args.args[0]
                annotation = ast.unparse(first.annotation) if first.annotation is not None else ""
                assert "Client" not in annotation, f"{name}:{node.lineno} annotates {first.arg} with {annotation}"


def _imported_names(tree: ast.Module) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("telethon"):
            names.update(alias.asname or alias.name for alias in node.names)
    return names


@pytest.mark.parametrize("name", [name for name in FILES if name != "telethon/sync.py"])
def test_no_module_changes_the_classes_of_another(name: str) -> None:
    tree = tree_of(name)
    foreign = {imported for imported in _imported_names(tree) if imported[:1].isupper()}
    for node in ast.walk(tree):
        targets = node.targets if isinstance(node, ast.Assign) else []
        for target in targets:
            if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
                assert target.value.id not in foreign, f"{name}:{node.lineno} assigns to {ast.unparse(target)}"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "setattr":
            first = node.args[0]
            assert not (isinstance(first, ast.Name) and first.id in foreign), f"{name}:{node.lineno}"


_BUSY = {"open", "print", "input", "Popen", "run", "system", "find_library", "CDLL", "connect", "start"}


def _calls_at_import(body: list[ast.stmt]) -> Iterator[ast.Call]:
    for statement in body:
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        if isinstance(statement, ast.ClassDef):
            yield from _calls_at_import(statement.body)
            continue
        if isinstance(statement, ast.If) and "__main__" in ast.unparse(statement.test):
            continue
        for node in ast.walk(statement):
            if isinstance(node, ast.Call):
                yield node


@pytest.mark.parametrize("name", [name for name in FILES if not name.endswith("__main__.py")])
def test_importing_opens_and_starts_nothing(name: str) -> None:
    for call in _calls_at_import(tree_of(name).body):
        called = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        assert called not in _BUSY, f"{name}:{call.lineno} calls {ast.unparse(call.func)} while it is imported"


def test_the_readme_shows_exactly_two_commands() -> None:
    text = (ROOT / "README.rst").read_text(encoding="utf-8")
    blocks = re.findall(r"\.\. code-block:: sh\n\n((?:    .+\n)+)", text)
    commands = [line.strip() for block in blocks for line in block.splitlines()]
    assert len(commands) == 2
    assert "examples/demo.py" in commands[0]
    assert "pytest" in commands[1]


PLACE = re.compile(r"(?<![\w./])(?:/root|/home|/opt|/work|/usr/local)/")


def test_nothing_names_a_place_of_one_machine() -> None:
    suffixes = {".py", ".md", ".rst", ".toml", ".csv", ".in", ".yaml"}
    for folder in ("telethon", "telethon_generator", "docs", "examples", "tests"):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in suffixes and "_build" not in path.parts and path != Path(__file__).resolve():
                found = PLACE.search(path.read_text(encoding="utf-8"))
                assert found is None, f"{path.relative_to(ROOT)} names {found and found.group()}"
