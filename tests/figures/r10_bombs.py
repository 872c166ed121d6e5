"""Small messages that want to become large, each of them in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from .figure import Row, Size, at_most, exactly

TITLE = "bombs"
CASES = (
    "announced-gibibyte",
    "announced-gibibyte-http",
    "gzip-200-mebibytes",
    "gzip-10-gibibytes",
    "gzip-20-times",
    "gzip-many-in-a-container",
    "gzip-many-in-an-update",
    "containers-10000-deep",
    "container-of-2147483647",
    "vectors-900-deep",
    "vector-of-2147483647",
)


def measure(size: Size) -> list[Row]:
    """See the head of this module."""
    rows: list[Row] = []
    for name in CASES:
        done = subprocess.run(
            [sys.executable, "-m", "tests.figures.bomb", name],
            cwd=Path(__file__).parents[2],
            capture_output=True,
            text=True,
            check=True,
            timeout=100,
        )
        found = json.loads(done.stdout)
        label = name.replace("-", " ")
        rows.append(exactly(f"{label}: refused", found["refused"], True))
        rows.append(at_most(f"{label}: memory", found["memory"], 40, "MiB"))
        rows.append(at_most(f"{label}: time", found["seconds"], 1, "s"))
    return rows
