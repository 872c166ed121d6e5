"""Random bytes."""

from __future__ import annotations

from telethon._core.rand import random_long, system_random


def test_H10_X10_bytes_of_the_system() -> None:
    assert system_random(0) == b""
    drawn = {system_random(16) for _ in range(1000)}
    assert len(drawn) == 1000
    assert all(len(one) == 16 for one in drawn)


def test_random_long_is_signed() -> None:
    assert random_long(lambda count: b"\xff" * count) == -1
    assert random_long(lambda count: b"\1" + bytes(count - 1)) == 1
    assert len({random_long() for _ in range(100)}) == 100
    assert all(-(2**63) <= random_long() < 2**63 for _ in range(100))
