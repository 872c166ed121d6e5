from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from telethon.testing._keys import SaltSchedule

PERIOD = 1800


@given(st.integers(0, 1 << 31), st.integers(0, 20 * PERIOD))
def test_a_salt_is_accepted_in_its_period_and_the_next(start: int, later: int) -> None:
    salts = SaltSchedule(b"seed", PERIOD)
    first = salts.at(start)
    assert salts.current == first
    passed = (start + later) // PERIOD - start // PERIOD
    assert salts.accepts(first, start + later) is (passed <= 1)


@given(st.integers(0, 1 << 31))
def test_what_is_foretold_becomes_true(start: int) -> None:
    salts = SaltSchedule(b"seed", PERIOD)
    foretold = salts.future(64, start)
    assert foretold[0].valid_since <= start < foretold[0].valid_until
    assert len({future.salt for future in foretold}) == 64
    for future in foretold:
        assert salts.at(future.valid_since) == future.salt
        assert salts.accepts(future.salt, future.valid_until - 1)
        assert not salts.accepts(future.salt, future.valid_until)


def test_time_may_go_back() -> None:
    salts = SaltSchedule(b"seed", PERIOD)
    first = salts.at(100)
    assert salts.at(10 * PERIOD) != first
    assert salts.at(100) == first


def test_the_first_salt_can_be_given() -> None:
    salts = SaltSchedule(b"seed", PERIOD)
    salts.begin(42, 100)
    assert salts.at(100) == 42
    assert salts.accepts(42, 2 * PERIOD - 1)
    assert not salts.accepts(42, 2 * PERIOD)


def test_all_salts_can_be_replaced() -> None:
    salts = SaltSchedule(b"seed", PERIOD)
    salts.begin(42, 100)
    future = salts.future(3, 100)
    salts.replace(100)
    assert not salts.accepts(42, 100)
    assert salts.accepts(salts.at(100), 100)
    assert not {salt.salt for salt in future} & {salt.salt for salt in salts.future(3, 100)}


def test_seeds_differ() -> None:
    assert SaltSchedule(b"a", PERIOD).at(0) != SaltSchedule(b"b", PERIOD).at(0)
