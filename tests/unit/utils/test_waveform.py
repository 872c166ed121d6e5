"""Waveforms of voice notes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from telethon import utils


def test_known_waveforms() -> None:
    assert utils.encode_waveform(b"\0" * 10) == b"\0" * 7
    assert utils.encode_waveform(bytes(range(8))) == b"\x20\x88\x41\x8a\x39"
    assert utils.decode_waveform(b"\x20\x88\x41\x8a\x39") == bytes(range(8))
    assert utils.encode_waveform(b"\xff") == b"\x1f"
    assert utils.encode_waveform(b"") == utils.decode_waveform(b"") == b""


@given(st.lists(st.integers(0, 31)).map(bytes))
def test_volumes_round_trip(volumes: bytes) -> None:
    assert utils.decode_waveform(utils.encode_waveform(volumes))[: len(volumes)] == volumes
