"""The key exchange against a server that changes its words; see tests/support/fuzztargets/handshake.py."""

from __future__ import annotations

from fuzztargets.handshake import run
from fuzztargets.strategies import hostile, often
from hypothesis import given


@given(hostile("handshake"))
@often(150)
def test_H1_H2_H3_H6_H7_H8_H9_H12_there_is_no_key_unless_all_checks_hold(data: bytes) -> None:
    run(data)
