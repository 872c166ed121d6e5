"""Puts the helpers of the tests where tests can import them."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "support"))


def pytest_make_parametrize_id(val: object) -> str | None:
    """The same name for a case in every process: the default one may hold an address in memory, or a time."""
    if isinstance(val, bytes) and len(val) > 8:
        return f"{len(val)}bytes"
    if isinstance(val, (str, bytes, int, float, bool, type(None))):
        return None
    return f"{type(val).__name__}"
