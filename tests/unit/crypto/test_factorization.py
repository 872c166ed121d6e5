"""The server's proof of work."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telethon.crypto import Factorization, factorization
from telethon.errors import SecurityError


@pytest.fixture(params=["cryptg", "python"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "python":
        monkeypatch.setattr(factorization, "_cryptg", lambda: None)
    return str(request.param)


SMALL = [n for n in range(3, 300) if all(n % d for d in range(2, n))]
# The largest primes below some powers of two.
LARGE = [2**n - minus for n, minus in ((16, 15), (20, 3), (24, 3), (28, 57), (30, 35), (31, 1), (32, 5))]


def test_H2_the_numbers_of_the_official_sample(way: str) -> None:
    # https://core.telegram.org/mtproto/samples-auth_key
    assert Factorization.factorize(0x17ED48941A08F981) == (0x494C553B, 0x53911073)


def test_H2_every_pair_of_small_primes() -> None:
    for i, p in enumerate(SMALL):
        for q in SMALL[i + 1 :]:
            assert Factorization.factorize(p * q) == (p, q)


@pytest.mark.parametrize("p", LARGE)
@pytest.mark.parametrize("q", LARGE)
def test_H2_pairs_of_large_primes(way: str, p: int, q: int) -> None:
    if p < q and p * q < 2**63:
        assert Factorization.factorize(p * q) == (p, q)
    elif p != q and p * q < 2**63:
        assert Factorization.factorize(p * q) == (q, p)
    else:  # a square, or too large
        with pytest.raises(SecurityError):
            Factorization.factorize(p * q)


@pytest.mark.parametrize("p", [3, 5, 1009, 65537])
def test_H2_a_small_and_a_large_prime(way: str, p: int) -> None:
    q = 2**61 - 1 if p == 3 else 2**44 - 17
    assert Factorization.factorize(p * q) == (p, q)


REFUSED = {
    "zero": 0,
    "one": 1,
    "two": 2,
    "negative": -15,
    "even": 2 * 1000003,
    "even and large": 2**62,
    "prime": 2**61 - 1,
    "small prime": 13,
    "square": (2**31 - 1) ** 2,
    "small square": 9,
    "64 bits": 4294967291 * 4294967279,
    "65 bits": 2**64 + 13,
    "256 bits": 2**255 + 1,
    "megabytes": 1 << 8_000_000,
}


def test_H2_the_error_in_full() -> None:
    with pytest.raises(SecurityError) as caught:
        Factorization.factorize(6)
    assert str(caught.value) == "pq is not the product of two different odd primes below 2^63; it is not used"


@pytest.mark.parametrize("pq", REFUSED.values(), ids=list(REFUSED))
def test_H2_everything_else_is_refused_without_a_search(monkeypatch: pytest.MonkeyPatch, pq: int) -> None:
    monkeypatch.setattr(factorization, "_cryptg", lambda: pytest.fail("cryptg was asked"))
    monkeypatch.setattr(factorization, "_rho", lambda n, constant: pytest.fail("searched for"))
    with pytest.raises(SecurityError, match="not the product of two different odd primes") as caught:
        Factorization.factorize(pq)
    assert len(str(caught.value)) < 100


@pytest.mark.parametrize("pq", [1000003 * 1000033 * 10007, 1048573**3, 105, 3 * 5 * 5, 10007**2 * 1000003])
def test_H2_more_than_two_primes_are_refused(way: str, pq: int) -> None:
    with pytest.raises(SecurityError, match="not the product of two different odd primes"):
        Factorization.factorize(pq)


@given(st.integers(2, 2**63))
@settings(max_examples=300, deadline=None)
def test_H2_the_answer_is_right_or_an_error(pq: int) -> None:
    try:
        p, q = Factorization.factorize(pq)
    except SecurityError:
        return
    assert p * q == pq
    assert 1 < p < q
    assert factorization._is_prime(p)
    assert factorization._is_prime(q)


@given(st.integers(2, 100_000))
def test_primes(n: int) -> None:
    assert factorization._is_prime(n) == all(n % d for d in range(2, int(n**0.5) + 1))


@pytest.mark.parametrize("n", [2047, 3215031751, 3825123056546413051, 318665857834031151167461 % 2**63, 561, 1729])
def test_pseudoprimes_are_no_primes(n: int) -> None:
    assert not factorization._is_prime(n)


class Panic(BaseException):
    """What comes out of cryptg when it finds nothing."""


Panic.__module__ = "pyo3_runtime"

PQ = (2**31 - 1) * 1073741789


@pytest.mark.parametrize("answer", [Panic("gave up"), (1, PQ), (PQ, 1), (7, PQ // 7), (0, 0)], ids=repr)
def test_X12_cryptg_is_not_trusted(monkeypatch: pytest.MonkeyPatch, answer: Any) -> None:
    def factorize(pq: int) -> Any:
        if isinstance(answer, BaseException):
            raise answer
        return answer

    monkeypatch.setattr(factorization, "_cryptg", lambda: factorize)
    assert Factorization.factorize(PQ) == (1073741789, 2**31 - 1)


def test_X12_other_errors_of_cryptg_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    def factorize(pq: int) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(factorization, "_cryptg", lambda: factorize)
    with pytest.raises(KeyboardInterrupt):
        Factorization.factorize(PQ)


def test_X12_a_right_answer_of_cryptg_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(factorization, "_cryptg", lambda: lambda pq: (1073741789, 2**31 - 1))
    monkeypatch.setattr(factorization, "_divisor", lambda n: pytest.fail("searched for"))
    assert Factorization.factorize(PQ) == (1073741789, 2**31 - 1)


def test_X12_small_numbers_do_not_go_to_cryptg(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(factorization, "_cryptg", lambda: pytest.fail)
    assert Factorization.factorize(10007 * 1000003) == (10007, 1000003)


@pytest.fixture
def look_again() -> Iterator[None]:
    factorization._cryptg.cache_clear()
    yield
    factorization._cryptg.cache_clear()


@pytest.mark.usefixtures("look_again")
def test_cryptg_may_be_missing_or_old(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("cryptg")
    assert callable(factorization._cryptg())
    factorization._cryptg.cache_clear()
    monkeypatch.setitem(sys.modules, "cryptg", object())
    assert factorization._cryptg() is None
    factorization._cryptg.cache_clear()
    monkeypatch.setitem(sys.modules, "cryptg", None)
    assert factorization._cryptg() is None


def test_H2_the_search_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(factorization, "_cryptg", lambda: None)
    monkeypatch.setattr(factorization, "_MAX_STEPS", 4)
    with pytest.raises(SecurityError):
        Factorization.factorize(PQ)


def last_round(p: int, constant: int) -> int:
    """In which round (1, 2, 4, ...) a walk from 2 is seen to come back modulo p, by its definition.

    Round r looks at a place that is 2(r - 1) steps from the start, and from there at those after r + 1 to 2r steps.
    """
    seen: dict[int, int] = {}
    y = 2 % p
    while y not in seen:
        seen[y] = len(seen)
        y = (y * y + constant) % p
    tail, cycle = seen[y], len(seen) - seen[y]
    steps = 1
    while 2 * (steps - 1) < tail or 2 * steps // cycle == steps // cycle:
        steps *= 2
    return steps


@pytest.mark.parametrize("constant", [1, 3])
def test_H2_the_search_ends_in_the_round_that_it_has_to(monkeypatch: pytest.MonkeyPatch, constant: int) -> None:
    primes = [*SMALL[20:], 10007, 20011, 30011, 65537, 1000003, 2**24 - 3]
    rounds = set()
    for p, q in zip(primes, reversed(primes), strict=True):
        steps = min(last_round(p, constant), last_round(q, constant))
        rounds.add(steps)
        monkeypatch.setattr(factorization, "_MAX_STEPS", steps // 2)
        assert factorization._rho(p * q, constant) == 1
        monkeypatch.setattr(factorization, "_MAX_STEPS", steps)
        assert factorization._rho(p * q, constant) in (p, q, p * q)
    assert len(rounds) > 2
    large = 2**31 - 1, 2**30 - 35
    steps = min(last_round(p, constant) for p in large)
    assert steps > 4096
    monkeypatch.setattr(factorization, "_MAX_STEPS", steps // 2)
    assert factorization._rho(large[0] * large[1], constant) == 1
    monkeypatch.setattr(factorization, "_MAX_STEPS", steps)
    assert factorization._rho(large[0] * large[1], constant) in large


def test_the_search_tries_another_constant(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[int] = []

    def rho(n: int, constant: int) -> int:
        tried.append(constant)
        return n if len(tried) == 1 else 3

    monkeypatch.setattr(factorization, "_rho", rho)
    assert factorization._divisor(15) == 3
    assert tried == [1, 3]


@pytest.mark.parametrize(("a", "b", "result"), [(12, 18, 6), (0, 5, 5), (7, 13, 1), (48, 0, 48)])
def test_gcd(a: int, b: int, result: int) -> None:
    assert Factorization.gcd(a, b) == result
