"""Command line: `python -m telethon_generator gen | check | clean | record`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from telethon_generator.build import DATA, build_tree, load_specs
from telethon_generator.errors import ErrorTableError
from telethon_generator.manifest import MANIFEST, Manifest, source_digest
from telethon_generator.methods import MethodTableError
from telethon_generator.parser import SchemaError
from telethon_generator.record import record_lines
from telethon_generator.writer import remove

ROOT = Path(__file__).resolve().parent.parent
COMMANDS = ("gen", "check", "clean", "record")


def main(argv: Sequence[str] | None = None, root: Path = ROOT, data: Path = DATA) -> int:
    """Run one command; the answer is the exit status (0 fine, 1 not fine, 2 wrong call)."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if len(arguments) != 1 or arguments[0] not in COMMANDS:
        print(f"usage: python -m telethon_generator {'|'.join(COMMANDS)}", file=sys.stderr)
        return 2
    return {"gen": generate, "check": check, "clean": clean, "record": record}[arguments[0]](root, data)


def generate(root: Path = ROOT, data: Path = DATA) -> int:
    """Write all generated files below `root`; a malformed schema changes nothing on disk."""
    try:
        tree = build_tree(data)
    except (SchemaError, MethodTableError, ErrorTableError) as error:
        print(f"nothing was written: {error}", file=sys.stderr)
        return 1
    tree.write(root, Manifest(source_digest(Path(__file__).resolve().parent)))
    print(f"{len(tree.files)} files generated")
    return 0


def check(root: Path = ROOT, data: Path = DATA) -> int:
    """Say whether the generated files fit the schema and the generator."""
    problems = list(Manifest.load(root).problems(root, source_digest(Path(__file__).resolve().parent)))
    for problem in problems:
        print(problem)
    if problems:
        print("run `python -m telethon_generator gen`")
    return 1 if problems else 0


def clean(root: Path = ROOT, data: Path = DATA) -> int:
    """Remove the files that `gen` wrote."""
    for path in [*Manifest.load(root).files, MANIFEST]:
        remove(root, path)
    return 0


def record(root: Path = ROOT, data: Path = DATA) -> int:
    """Write `tests/conformance/layer.txt`, which a new layer changes on purpose."""
    try:
        lines = list(record_lines(*load_specs(data)))
    except SchemaError as error:
        print(f"nothing was written: {error}", file=sys.stderr)
        return 1
    path = root / "tests" / "conformance" / "layer.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
