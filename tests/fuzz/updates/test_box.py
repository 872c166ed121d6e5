"""The message box on bad links; see tests/support/fuzztargets/updates.py."""

from __future__ import annotations

from fuzztargets.strategies import hostile, often
from fuzztargets.updates import run
from hypothesis import given


@given(hostile("updates"))
@often(150)
def test_U1_U2_delivered_is_the_truth_whatever_the_link_does(data: bytes) -> None:
    run(data)
