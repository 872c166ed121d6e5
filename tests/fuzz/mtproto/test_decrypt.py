"""What may be decrypted, against a plain reference; see tests/support/fuzztargets/decrypt.py."""

from __future__ import annotations

from fuzztargets.decrypt import run
from fuzztargets.strategies import hostile, often
from hypothesis import given


@given(hostile("decrypt"))
@often(500)
def test_M1_M2_M3_M4_accepted_is_what_the_reference_accepts(data: bytes) -> None:
    run(data)
