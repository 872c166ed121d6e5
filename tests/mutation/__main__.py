"""How many faults, put into the checks one by one, the tests notice: `python -m tests.mutation [MODULE...]`.

Works in a copy of the tree, with mutmut (`pip install -e .[dev,mutation]`), one module after the other, each with the
tests that stand beside it. Printed are two figures: of all mutants, and without those that equivalent.toml lists with a
reason because no test can tell them from the original. Ends with 1 when a group misses the goal. Needs Python 3.11.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import tomllib
from rich.console import Console
from rich.table import Table

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
GOAL = 85.0
"""Least percentage of the mutants of a group that have to be killed."""

GROUPS = {
    "messages": (
        "mtproto.cipher",
        "mtproto.state",
        "mtproto.packed",
        "mtproto.packer",
        "mtproto.wire",
        "mtproto.acks",
        "mtproto.salts",
    ),
    "window": ("mtproto.msgwindow",),
    "handshake": (
        "mtproto.keyexchange",
        "crypto.dh",
        "crypto.powers",
        "crypto.rsa",
        "mtproto.plain",
        "mtproto.tempkey",
        "crypto.factorization",
        "crypto.srp",
        "crypto.kdf",
    ),
    "gaps": ("_updates.boxstate", "_updates.gaps"),
}
MORE_TESTS = {"crypto.kdf": ("tests/unit/mtproto/test_cipher.py",)}
"""Tests of a module besides those in the file that mirrors it."""

TOO_SLOW = "million or gibibytes or bomb_takes_little or not_more_than_five_times[retry] or keep_their_length[2]"
"""Tests that take so long that they would be most of the run; what they prove beyond the others are amounts."""

CONFIG = """
[tool.mutmut]
source_paths = ["telethon"]
timeout_multiplier = 5.0
timeout_constant = 3.0
only_mutate = [{module}]
pytest_add_cli_args = ["-p", "no:cacheprovider", "-k", "not ({slow})"]
pytest_add_cli_args_test_selection = {tests}
"""
KILLED = frozenset({1, 3})
TIMEOUT = frozenset({36, -24, 24, 152, 255})


def mutants(work: Path, module: str, sample: int | None) -> tuple[int, int, int, dict[str, tuple[str, str, str]]]:
    """Mutants tried of a module, how many were killed, how many of these by time, and the others by name: function, old
    and new lines."""
    path = "telethon/" + module.replace(".", "/") + ".py"
    folder, _, name = module.replace(".", "/").rpartition("/")
    tests = [f"tests/unit/{folder}/test_{name}.py", *MORE_TESTS.get(module, ())]
    shutil.rmtree(work / "mutants", ignore_errors=True)
    config = (ROOT / "pyproject.toml").read_text() + CONFIG.format(
        module=json.dumps(path), tests=json.dumps(tests), slow=TOO_SLOW
    )
    (work / "pyproject.toml").write_text(config)
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
    mutmut = [sys.executable, "-m", "mutmut"]
    meta = work / "mutants" / f"{path}.meta"
    names: list[str] = []
    if sample is not None:
        # Asked for one that is not there, it makes them all and tries none.
        subprocess.run([*mutmut, "run", "no_such_mutant"], cwd=work, env=environment, capture_output=True)
        everyone = sorted(json.loads(meta.read_text())["exit_code_by_key"])
        names = random.Random(module).sample(everyone, min(sample, len(everyone)))
    run = subprocess.run(
        [*mutmut, "run", "--max-children", "1", *names], cwd=work, env=environment, capture_output=True, text=True
    )
    if run.returncode:
        raise SystemExit(f"mutmut failed on {module}:\n{run.stdout[-3000:]}{run.stderr[-3000:]}")
    codes = {
        key: code for key, code in json.loads(meta.read_text())["exit_code_by_key"].items() if not names or key in names
    }
    late = sum(code in TIMEOUT for code in codes.values())
    survivors = {}
    for key, code in codes.items():
        if code in KILLED or code in TIMEOUT:
            continue
        shown = subprocess.run([*mutmut, "show", key], cwd=work, env=environment, capture_output=True, text=True)
        survivors[key] = (function_of(key), *changed(shown.stdout))
    return len(codes), len(codes) - len(survivors), late, survivors


def function_of(key: str) -> str:
    """`MsgWindow.add` from `telethon.mtproto.msgwindow.xǁMsgWindowǁadd__mutmut_10`."""
    mangled = re.sub(r"__mutmut_\d+$", "", key.rpartition(".")[2])
    return mangled.removeprefix("xǁ").replace("ǁ", ".") if "ǁ" in mangled else mangled.removeprefix("x_")


def changed(diff: str) -> tuple[str, str]:
    """The lines that a diff takes away and those that it adds."""
    lines = [line for line in diff.splitlines() if not line.startswith(("+++", "---"))]
    return tuple(  # type: ignore[return-value]
        "\n".join(line[1:].strip() for line in lines if line.startswith(sign)) for sign in "-+"
    )


def load_equivalents() -> dict[tuple[str, str, str, str], str]:
    """Why no test can kill a mutant, by its module, function, old and new lines."""
    listed = tomllib.loads((HERE / "equivalent.toml").read_text()).get("mutant", [])
    return {(one["module"], one["function"], one["old"], one["new"]): one["reason"] for one in listed}


def percent(part: int, whole: int) -> float:
    """How much of a whole, 100 of nothing."""
    return 100 * part / whole if whole else 100.0


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__.splitlines()[0])
    parser.add_argument("module", nargs="*", help="such as mtproto.cipher, or a group such as window; all without any")
    parser.add_argument("--survivors", action="store_true", help="show each mutant that lives and is not listed")
    parser.add_argument("--sample", type=int, metavar="N", help="try N mutants of each module only, always the same")
    options = parser.parse_args()
    known = {module for group in GROUPS.values() for module in group}
    chosen = {module for name in options.module for module in GROUPS.get(name, (name,))} or known
    if chosen - known:
        parser.error(
            f"there is nothing named {', '.join(sorted(chosen - known))}; choose from {', '.join(GROUPS)}, "
            f"{', '.join(sorted(known))}"
        )
    equivalents = load_equivalents()
    console = Console()
    table = Table(*("module", "mutants", "killed", "equivalent", "survived", "raw %", "without equivalents %"))
    missed = 0
    everything: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        for name in ("telethon", "tests", "docs"):
            shutil.copytree(ROOT / name, work / name, ignore=shutil.ignore_patterns("__pycache__", "_build"))
        for group, modules in GROUPS.items():
            total: Counter[str] = Counter()
            for module in modules:
                if module not in chosen:
                    continue
                count, killed, late, survivors = mutants(work, module, options.sample)
                excused = 0
                for key, (function, old, new) in survivors.items():
                    if (module, function, old, new) in equivalents:
                        excused += 1
                    elif options.survivors:
                        console.print(f"{module} {function} ({key.rpartition('_')[2]})", style="bold", markup=False)
                        console.print(f"  - {old}\n  + {new}", markup=False, highlight=False, soft_wrap=True)
                figures = Counter(mutants=count, killed=killed, equivalent=excused)
                add_row(table, module, figures)
                total += figures
                console.print(
                    f"{module}: {killed} of {count} killed, {late} of them by taking too long, {excused} of the others "
                    f"equivalent"
                )
            if total:
                missed += percent(total["killed"], total["mutants"] - total["equivalent"]) < GOAL
                add_row(table, group, total, "bold")
                table.add_section()
            everything += total
    add_row(table, "all", everything, "bold")
    console.print(table)
    console.print(f"{missed} groups miss the goal of {GOAL} %" if missed else f"each group reaches {GOAL} %")
    return 1 if missed else 0


def add_row(table: Table, name: str, figures: Counter[str], style: str = "") -> None:
    """One line of the table."""
    count, killed, excused = figures["mutants"], figures["killed"], figures["equivalent"]
    numbers = (count, killed, excused, count - killed - excused)
    rates = (percent(killed, count), percent(killed, count - excused))
    table.add_row(name, *map(str, numbers), *(f"{rate:.1f}" for rate in rates), style=style)


if __name__ == "__main__":
    sys.exit(main())
