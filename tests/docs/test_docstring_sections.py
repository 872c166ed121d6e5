"""What docstrings say of arguments and errors: that these exist."""

from __future__ import annotations

import ast
import asyncio
import builtins
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

import telethon
from telethon import errors, sessions

PACKAGE = Path(telethon.__file__).parent
GENERATED = ("tl/types/", "tl/functions/", "tl/_generated", "errors/rpcerrorlist.py")
NAMES = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py"))
MODULES = [name for name in NAMES if not name.startswith(GENERATED)]


def section(docstring: str, title: str) -> list[str]:
    """The names that a section of a docstring is about."""
    found = re.search(rf"^{title}:\n((?:    .*\n?|\n)+)", docstring, re.MULTILINE)
    return re.findall(r"^    \*{0,2}([\w.]+):", found[1], re.MULTILINE) if found else []


def parameters(node: ast.AST) -> set[str]:
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        every = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs, node.args.vararg, node.args.kwarg]
        return {argument.arg for argument in every if argument is not None}
    # A class that takes what its base takes is left alone.
    made = [item for item in getattr(node, "body", ()) if isinstance(item, ast.FunctionDef) and item.name == "__init__"]
    return parameters(made[0]) if made else set()


def documented(name: str) -> Iterator[tuple[str, ast.AST, str]]:
    tree = ast.parse((PACKAGE / name).read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            docstring = ast.get_docstring(node)
            if docstring:
                yield node.name, node, docstring


@pytest.mark.parametrize("name", MODULES)
def test_arguments_that_are_described_exist(name: str) -> None:
    wrong = []
    for holder, node, docstring in documented(name):
        known = parameters(node)
        if known or not isinstance(node, ast.ClassDef):
            wrong += [f"{holder}: {one}" for one in section(docstring, "Args") if one not in known]
    assert wrong == []


@pytest.mark.parametrize("name", MODULES)
def test_errors_that_are_announced_exist(name: str) -> None:
    text = (PACKAGE / name).read_text(encoding="utf-8")
    wrong = []
    for holder, _, docstring in documented(name):
        for error in section(docstring, "Raises"):
            short = error.rpartition(".")[2]
            places = (errors, builtins, sessions, asyncio, sqlite3)
            # Those of the test server and of single modules are imported or made where they are raised.
            is_here = re.search(rf"^(?:class|from .* import .*\b|    )\s*\b{short}\b", text, re.MULTILINE) is not None
            if not any(hasattr(place, short) for place in places) and not is_here and short != "RpcFault":
                wrong.append(f"{holder}: {error}")
    assert wrong == []
