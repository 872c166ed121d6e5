"""Streams of every transport that were changed, in any cuts; see tests/support/fuzztargets/transports.py."""

from __future__ import annotations

from fuzztargets.strategies import hostile, often
from fuzztargets.transports import run
from hypothesis import given


@given(hostile("transports"))
@often(300)
def test_T1_T2_T3_T4_the_cuts_of_a_stream_change_nothing(data: bytes) -> None:
    run(data)
