"""All benchmarks in one run: `python -m tests.benchmarks [--anchor-python PYTHON-WITH-TELETHON]`.

Each one measures this library and Telethon 1.45 in turn and prints the ratios with their goals. Without
``--anchor-python`` an environment with Telethon is made in a temporary folder (from the package registry). Timings are
no tests: run this on a quiet machine, and read ratios, not absolute figures.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ANCHOR = ("Telethon==1.45.0", "cryptg")


def make_anchor(folder: str) -> str:
    """An environment with the library to compare with; gives its interpreter."""
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    python = str(Path(folder) / "bin" / "python")
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *ANCHOR], check=True)
    return python


def run_all(python: str, only: list[str]) -> int:
    """Run every script; gives how many missed a goal."""
    missed = 0
    for script in sorted(HERE.glob("bench_*.py")):
        name = script.stem.removeprefix("bench_")
        if only and name not in only:
            continue
        print(f"== {name}", flush=True)
        missed += subprocess.run([sys.executable, str(script), "--anchor-python", python]).returncode != 0
    print(f"{missed} benchmarks missed a goal" if missed else "all goals met")
    return missed


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__.splitlines()[0])
    parser.add_argument("--anchor-python", help="interpreter of an environment with Telethon 1.45")
    parser.add_argument("only", nargs="*", help="names of benchmarks, such as codec; all without any")
    options = parser.parse_args()
    if options.anchor_python:
        return 1 if run_all(options.anchor_python, options.only) else 0
    with tempfile.TemporaryDirectory() as folder:
        return 1 if run_all(make_anchor(folder), options.only) else 0


if __name__ == "__main__":
    sys.exit(main())
