"""The figures that the library is held to: `python -m tests.figures [--size gate|nightly] [--json] [NAME ...]`.

    python -m tests.figures                  # all of them, in the size for each change
    python -m tests.figures r1 r10           # only these
    python -m tests.figures --size nightly   # ten to a hundred times as much

Each figure is measured in a process of its own, one after the other, so that none disturbs the memory or the time of
another. The status is 1 when one is missed.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import subprocess
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))

from .figure import Row  # noqa: E402 - the helpers of the figures have to be found first

PATIENCE = {"gate": 300, "nightly": 4 * 3600}
"""Seconds that a figure may take; what takes longer is taken to hang."""


def names() -> dict[str, str]:
    """By the name of a figure, like R1, that of its module."""
    found = {path.stem.partition("_")[0].upper(): path.stem for path in HERE.glob("[ru][0-9]*_*.py")}
    return dict(sorted(found.items(), key=lambda item: (item[0][0], int(item[0][1:]))))


def work(name: str, size: str) -> None:
    """Measure one figure in this process, and print it for the process above."""
    module = import_module(f"{__package__}.{names()[name]}")
    rows: list[Row] = module.measure(size)
    print(json.dumps([dataclasses.asdict(row) for row in rows]))


def measure(name: str, size: str) -> list[Row]:
    """Measure one figure in a process of its own."""
    command = [sys.executable, "-m", "tests.figures", "--work", "--size", size, name]
    try:
        done = subprocess.run(
            command, cwd=HERE.parents[1], capture_output=True, text=True, timeout=PATIENCE[size], check=False
        )
    except subprocess.TimeoutExpired:
        return [Row("measuring", f"not done after {PATIENCE[size]} s", "done", False)]
    lines = done.stdout.strip().splitlines()
    if done.returncode or not lines:
        last = (done.stderr.strip().splitlines() or ["nothing was said"])[-1]
        return [Row("measuring", last[:200], "done", False)]
    return [Row(**row) for row in json.loads(lines[-1])]


def title(name: str) -> str:
    """What a figure is called, without importing what it measures."""
    source = (HERE / f"{names()[name]}.py").read_text(encoding="utf-8")
    return next(line for line in source.splitlines() if line.startswith("TITLE")).split('"')[1]


def show(found: dict[str, list[Row]], seconds: dict[str, float]) -> None:
    """A table of all of it."""
    from rich.console import Console
    from rich.table import Table

    table = Table("figure", "what", "measured", "goal", "")
    for name, rows in found.items():
        table.add_section()
        table.add_row(f"[bold]{name}[/]", f"[bold]{title(name)}[/]", f"in {seconds[name]:.0f} s", "", "")
        for row in rows:
            mark = "[green]met[/]" if row.met else "[bold red]MISSED[/]"
            table.add_row("", row.what, row.measured, row.goal, mark)
    # A file has no width; nothing shall be cut off there.
    Console(width=None if sys.stdout.isatty() else 132).print(table)


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m tests.figures", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("names", nargs="*", type=str.upper, metavar="NAME", help=f"some of {', '.join(names())}")
    parser.add_argument("--size", choices=tuple(PATIENCE), default="gate", help="how much; gate takes minutes")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--work", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    chosen: list[str] = options.names or list(names())
    unknown = [name for name in chosen if name not in names()]
    if unknown:
        parser.error(f"there is no figure {', '.join(unknown)}; there are {', '.join(names())}")
    if options.work:
        work(chosen[0], options.size)
        return 0
    found: dict[str, list[Row]] = {}
    seconds: dict[str, float] = {}
    for name in chosen:
        print(f"{name}: {title(name)} ...", file=sys.stderr, flush=True)
        start = time.monotonic()
        found[name] = measure(name, options.size)
        seconds[name] = time.monotonic() - start
    missed = [name for name, rows in found.items() if not all(row.met for row in rows)]
    if options.json:
        told: dict[str, Any] = {
            name: {
                "title": title(name),
                "met": name not in missed,
                "seconds": round(seconds[name], 1),
                "rows": [dataclasses.asdict(row) for row in rows],
            }
            for name, rows in found.items()
        }
        print(json.dumps(told, indent=2))
    else:
        show(found, seconds)
        print(f"missed: {', '.join(missed)}" if missed else "all goals met")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
