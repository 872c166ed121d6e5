"""Text from other people; see tests/support/fuzztargets/texts.py."""

from __future__ import annotations

from fuzztargets.strategies import hostile, often
from fuzztargets.texts import run
from hypothesis import given


@given(hostile("texts"))
@often(1000)
def test_F8_no_text_does_harm(data: bytes) -> None:
    run(data)
