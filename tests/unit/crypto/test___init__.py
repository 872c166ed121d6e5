"""The package: its names, and what its files may use."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path

import pytest

import telethon.crypto

FOLDER = Path(telethon.crypto.__file__).parent
FILES = sorted(FOLDER.glob("*.py"))


@pytest.mark.parametrize("name", telethon.crypto._HOME)
def test_public_names(name: str) -> None:
    value = getattr(telethon.crypto, name)
    assert value.__name__ == name
    assert value.__module__ == telethon.crypto._HOME[name]
    assert name in dir(telethon.crypto)
    # The second time it is there without a search.
    assert vars(telethon.crypto)[name] is value


@pytest.mark.parametrize("name", ["aes", "aesctr", "authkey", "cdndecrypter", "factorization", "libssl", "rsa"])
def test_modules_are_there_without_an_import(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    importlib.import_module(f"telethon.crypto.{name}")
    monkeypatch.delattr(telethon.crypto, name)
    assert getattr(telethon.crypto, name).__name__ == f"telethon.crypto.{name}"
    assert name in dir(telethon.crypto)


def test_other_names_are_not() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        telethon.crypto.nothing  # noqa: B018


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_X10_no_file_has_hidden_inputs(path: Path) -> None:
    forbidden = {"os", "random", "secrets", "time", "asyncio", "socket", "ssl", "threading", "subprocess"}
    assert not imports(path) & forbidden


SECRET = ("key", "hash", "nonce", "digest", "proof")


@pytest.mark.parametrize(
    "path", [*FILES, FOLDER.parent / "mtproto" / "keyexchange.py", FOLDER.parent / "mtproto" / "cipher.py"],
    ids=lambda path: path.name,
)  # fmt: skip
def test_X11_secrets_are_compared_in_constant_time(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], (ast.Eq, ast.NotEq)):
            for side in (node.left, *node.comparators):
                if isinstance(side, (ast.Name, ast.Attribute)):
                    name = side.id if isinstance(side, ast.Name) else side.attr
                    assert not any(word in name.lower() for word in SECRET), f"line {node.lineno}: {ast.unparse(node)}"
