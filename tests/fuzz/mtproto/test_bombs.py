"""Small messages that want to become large; see tests/support/fuzztargets/bombs.py."""

from __future__ import annotations

from fuzztargets.bombs import run
from fuzztargets.strategies import hostile, often
from hypothesis import given


@given(hostile("bombs"))
@often(80)
def test_R10_M12_M13_M14_time_and_memory_are_bounded(data: bytes) -> None:
    run(data)
