"""The programs in `examples/`, run as the README says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def last_line(folder: Path, *arguments: str) -> str:
    """The last line that an example prints; it must end well and complain of nothing."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "examples" / arguments[0]), *arguments[1:]],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stderr + done.stdout
    # Nothing is left behind.
    assert list(folder.iterdir()) == []
    return done.stdout.splitlines()[-1]


def test_demo(tmp_path: Path) -> None:
    pytest.importorskip("rich")
    line = last_line(tmp_path, "demo.py")
    assert re.fullmatch(r"Done: 10 steps in \d+\.\d s, 0 broken rules of the protocol\.", line), line


def test_echo_bot(tmp_path: Path) -> None:
    assert last_line(tmp_path, "echo_bot.py", "--offline") == "bot:  It works **offline**."
