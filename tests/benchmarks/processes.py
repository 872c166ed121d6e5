"""Processes that take and give lines of JSON: one for each side of a comparison, and one for their server."""

from __future__ import annotations

import compileall
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def make_byte_code(*pythons: str) -> None:
    """Make the byte code of the package, so that compiling it is not measured, whatever ran here before.

    Args:
        pythons: other interpreters that will run it.
    """
    compileall.compile_dir(ROOT / "telethon", quiet=1)
    for python in pythons:
        if python != sys.executable:
            subprocess.run([python, "-m", "compileall", "-q", str(ROOT / "telethon")], check=False)


class Process:
    """A script that runs by itself.

    Args:
        python: the interpreter.
        script: the script.
        arguments: what it is given.
        path: folder to import from besides what the interpreter has installed; None for nothing, so that the
            interpreter of another environment uses its own packages only.
    """

    def __init__(self, python: str, script: str, arguments: Sequence[str], path: str | None) -> None:
        environment = {"PYTHONDONTWRITEBYTECODE": "1", "PATH": "/usr/bin:/bin"}
        if path is not None:
            environment["PYTHONPATH"] = path
        self._process = subprocess.Popen(
            [python, script, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
            # Not in the project's folder, or the other side would import this package instead of its own.
            cwd=tempfile.gettempdir(),
        )

    def read(self) -> Any:
        """The next line it prints."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit("a process of the benchmark has ended early")
        return json.loads(line)

    def ask(self, message: object) -> Any:
        """What it answers to a line."""
        assert self._process.stdin is not None
        print(json.dumps(message), file=self._process.stdin, flush=True)
        return self.read()

    def close(self) -> None:
        """End its input, and wait for its end."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(10)
