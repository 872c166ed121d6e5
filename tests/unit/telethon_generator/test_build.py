"""The output as a whole: the same every time, complete, and readable by Python."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from telethon_generator.build import build_tree, load_specs
from telethon_generator.layout import SERVICE, shards_of
from telethon_generator.writer import OutputTree

ROOT = Path(__file__).resolve().parents[3]
DIGEST = """
from hashlib import sha256
from telethon_generator.build import build_tree
digest = sha256()
for path, text in build_tree().files.items():
    digest.update(path.encode() + text.encode())
print(digest.hexdigest())
"""


@pytest.fixture(scope="module")
def tree() -> OutputTree:
    return build_tree()


def test_output_does_not_depend_on_the_hash_seed() -> None:
    def digest(seed: str) -> str:
        environment = {"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-c", DIGEST]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout

    assert digest("1") == digest("4242")


def test_every_file_is_python(tree: OutputTree) -> None:
    for path, text in tree.files.items():
        assert path.endswith((".py", ".pyi"))
        assert "do not edit" in text.splitlines()[0]
        ast.parse(text, path)


def test_shards_hold_every_class_once() -> None:
    _, specs = load_specs()
    shards = shards_of(specs)
    names = [shard.name for shard in shards]
    assert len(names) == len(set(names))
    assert sorted(spec.id for shard in shards for spec in shard.classes) == sorted(spec.id for spec in specs)
    assert {spec.id for spec in shards[0].classes} == {spec.id for spec in specs if spec.service}
    assert shards[0].name == SERVICE
    for shard in shards[1:]:
        assert len({(spec.namespace, spec.is_function) for spec in shard.classes}) == 1


def test_stubs_have_every_class(tree: OutputTree) -> None:
    _, specs = load_specs()
    overlaid = tree.files["telethon/tl/_generated/overlaid.pyi"]
    for spec in specs:
        path = spec.module.replace(".", "/")
        stub = tree.files.get(f"{path}.pyi") or tree.files[f"{path}/__init__.pyi"]
        assert f"\nclass {spec.name}(" in stub or f"\nclass {spec.name}(" in overlaid
