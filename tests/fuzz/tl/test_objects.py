"""Objects of all constructors that were changed; see tests/support/fuzztargets/tl.py."""

from __future__ import annotations

from fuzztargets.strategies import hostile, often
from fuzztargets.tl import run
from hypothesis import given


@given(hostile("tl"))
@often(1000)
def test_M14_only_errors_of_the_library_and_what_was_read_is_written_again(data: bytes) -> None:
    run(data)
