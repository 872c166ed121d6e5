"""The examples in the docstrings of the package."""

from __future__ import annotations

import ast
import doctest
from dataclasses import dataclass
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2] / "telethon"
_PARSER = doctest.DocTestParser()


@dataclass(frozen=True)
class Example:
    """The example of one docstring.

    Attributes:
        name: what it explains, such as `client.chats.ChatMethods.edit_admin`.
        path: the file it is in.
        line: where the docstring begins.
        code: its statements.
        wanted: for a last statement that has one, what it shows.
    """

    name: str
    path: str
    line: int
    code: str
    wanted: str


def examples() -> list[Example]:
    """All examples of the package, but for those of generated files."""
    found: list[Example] = []
    for path in sorted(PACKAGE.rglob("*.py")):
        module = ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")
        if "_generated" not in module:
            tree = ast.parse(path.read_text(encoding="utf-8"))
            _collect(tree, module, path.relative_to(PACKAGE.parent).as_posix(), found)
    return found


def _collect(node: ast.AST, prefix: str, path: str, found: list[Example]) -> None:
    if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
        parsed = _PARSER.get_examples(ast.get_docstring(node) or "")
        if parsed:
            line = node.body[0].lineno
            code = "".join(one.source for one in parsed)
            found.append(Example(prefix, path, line, code, parsed[-1].want))
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            _collect(child, f"{prefix}.{child.name}", path, found)
        elif isinstance(child, (ast.If, ast.Try)):
            _collect(child, prefix, path, found)
