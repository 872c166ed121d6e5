"""Session files that were damaged; see tests/support/fuzztargets/sessions.py."""

from __future__ import annotations

from fuzztargets.sessions import run
from fuzztargets.strategies import hostile, often
from hypothesis import given


@given(hostile("sessions"))
@often(120)
def test_X3_it_opens_or_a_typed_error_leaves_the_file_as_it_is(data: bytes) -> None:
    run(data)
