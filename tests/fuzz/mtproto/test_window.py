"""Repeated messages, against the definition; see tests/support/fuzztargets/window.py."""

from __future__ import annotations

from fuzztargets.strategies import hostile, often
from fuzztargets.window import run
from hypothesis import given


@given(hostile("window"))
@often(500)
def test_M7_equal_to_the_definition(data: bytes) -> None:
    run(data)
