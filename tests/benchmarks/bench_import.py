"""What it costs to begin: CPU time and peak memory of whole processes, in turn, against `asyncio` alone and Telethon.

Usage:

    python tests/benchmarks/bench_import.py --anchor-python PYTHON-WITH-TELETHON [--rounds 15]

Both libraries run in the interpreter given, so that what its environment loads by itself is the same for both. Byte
code is made before the clock starts; the last figures are of a first start without any, as in a read-only image.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from processes import ROOT, make_byte_code

CODE = "from telethon import TelegramClient"
MAX_RATIO, MAX_PEAK = 1.6, 26.0
MAX_FIRST_CPU, MAX_FIRST_PEAK = 0.4, 40.0
SLACK = 1.15


class Cost(NamedTuple):
    """CPU seconds and peak memory in MiB of one process."""

    cpu: float
    peak: float


def run(python: str, code: str, path: str | None, *, byte_code: str | None = None) -> Cost:
    """Run a piece of code by itself."""
    environment = {"PATH": os.environ.get("PATH", ""), "PYTHONDONTWRITEBYTECODE": "1"}
    if path is not None:
        environment["PYTHONPATH"] = path
    if byte_code is not None:
        environment["PYTHONPYCACHEPREFIX"] = byte_code
    process = subprocess.Popen([python, "-c", code], env=environment, cwd=tempfile.gettempdir())
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"{code!r} ended with {process.returncode}")
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def main(argv: Sequence[str] | None = None) -> int:
    """Compare; the result is the number of goals that were missed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--anchor-python", required=True, help="interpreter of an environment with Telethon 1.45")
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args(argv)
    python, ours = options.anchor_python, str(ROOT)
    where = subprocess.run(
        [python, "-c", "import telethon; print(telethon.__file__)"],
        cwd=tempfile.gettempdir(),
        capture_output=True,
        text=True,
    ).stdout.strip()
    if not where or where.startswith(ours):
        parser.error("--anchor-python must have the other library installed")
    subprocess.run([python, "-m", "compileall", "-q", str(Path(where).parent)], check=False)
    make_byte_code(python)

    rows = [
        (run(python, "import asyncio", None), run(python, CODE, ours), run(python, CODE, None))
        for _ in range(options.rounds)
    ]
    ratio = statistics.median(mine.cpu / base.cpu for base, mine, _ in rows)
    other = statistics.median(theirs.cpu / base.cpu for base, _, theirs in rows)
    peak = statistics.median(mine.peak for _, mine, _ in rows)
    other_peak = statistics.median(theirs.peak for _, _, theirs in rows)
    cold: dict[str | None, list[Cost]] = {ours: [], None: []}
    with tempfile.TemporaryDirectory() as empty:
        for _ in range(3):
            for path, costs in cold.items():
                costs.append(run(python, CODE, path, byte_code=empty))
    first = Cost(*(statistics.median(values) for values in zip(*cold[ours], strict=True)))
    theirs = Cost(*(statistics.median(values) for values in zip(*cold[None], strict=True)))

    missed = 0
    for name, mine, its, goal, unit in (
        ("import, CPU of `import asyncio`", ratio, other, MAX_RATIO, "x"),
        ("import, peak memory", peak, other_peak, MAX_PEAK, " MiB"),
        ("first start without byte code, CPU", first.cpu, theirs.cpu, MAX_FIRST_CPU, " s"),
        ("first start without byte code, peak", first.peak, theirs.peak, MAX_FIRST_PEAK, " MiB"),
    ):
        bad = mine > goal * SLACK
        missed += bad
        word = "MISSED" if bad else "met" if mine <= goal else "met within the slack"
        print(f"{name}: {mine:.2f}{unit} (Telethon {its:.2f}{unit}), goal {goal}{unit} {word}")
    return missed


if __name__ == "__main__":
    sys.exit(main())
