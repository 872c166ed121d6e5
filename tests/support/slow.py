"""Tests that take minutes run when they are asked for: `TELETHON_SLOW_TESTS=1 python -m pytest ...`."""

from __future__ import annotations

import os

import pytest

SLOW = bool(os.environ.get("TELETHON_SLOW_TESTS"))

slow = pytest.mark.skipif(not SLOW, reason="set TELETHON_SLOW_TESTS=1 to run it")
