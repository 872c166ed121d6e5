"""Nonsense under the right key, message by message; see tests/support/fuzztargets/frames.py."""

from __future__ import annotations

from fuzztargets.frames import run
from fuzztargets.strategies import hostile, often
from hypothesis import given


@given(hostile("frames"))
@often(300)
def test_R1_M14_a_session_survives_or_ends_with_a_typed_error(data: bytes) -> None:
    run(data)
