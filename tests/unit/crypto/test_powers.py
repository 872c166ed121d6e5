"""Powers in steps are those that `pow` gives in one."""

from __future__ import annotations

import sys
import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telethon.crypto.powers import power

numbers = st.integers(0, 2**600)


@given(numbers, numbers, st.integers(1, 2**600))
def test_H7_powers_are_those_of_the_language(base: int, exponent: int, modulus: int) -> None:
    assert power(base, exponent, modulus) == pow(base, exponent, modulus)


@pytest.mark.parametrize("exponent", [2**256 - 1, 2**256, 2**256 + 1, 2**260 - 1, 2**260, 2**261 - 1, 31 << 255])
@pytest.mark.parametrize("modulus", [1, 2, 97, 2**521 - 1])
def test_H7_powers_at_the_edges_of_a_step(exponent: int, modulus: int) -> None:
    for base in (0, 1, 3, modulus - 1, modulus, modulus + 5, -3):
        assert power(base, exponent, modulus) == pow(base, exponent, modulus)


def test_H7_what_is_no_power_is_refused_as_ever() -> None:
    with pytest.raises(ValueError, match="argument cannot be 0"):
        power(3, 5, 0)
    assert power(3, -1, 7) == 5


def test_R14_another_thread_gets_its_turn_during_one_power() -> None:
    turns: list[int] = []
    is_over = threading.Event()

    def count() -> None:
        while not is_over.is_set():
            turns.append(1)
            time.sleep(0)

    number = 2**20_000 - 1
    interval = sys.getswitchinterval()
    thread = threading.Thread(target=count)
    sys.setswitchinterval(1e-5)
    try:
        thread.start()
        while not turns:
            time.sleep(0)
        turns.clear()
        power(3, 2**400 - 1, number)
        taken = len(turns)
    finally:
        sys.setswitchinterval(interval)
        is_over.set()
        thread.join()
    # `pow` gives none.
    assert taken >= 5
