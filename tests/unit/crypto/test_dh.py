"""Checks of Diffie-Hellman groups and public values."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telethon.crypto import dh
from telethon.errors import SecurityError

# RFC 3526, group 14: a safe prime that is not the one of Telegram.
RFC3526 = int(
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B"
    "302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7EDEE386BFB5A899FA5AE9F24117C4B1FE6"
    "49286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F83655D23DCA3AD961C62F356208552BB9ED529077096966D"
    "670C354E4ABC9804F1746C08CA18217C32905E462E36CE3BE39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF695581718"
    "3995497CEA956AE515D2261898FA051015728E5A8AACAA68FFFFFFFFFFFFFFFF",
    16,
)

# Two numbers that only just miss: p is a prime but (p - 1) / 2 is none, and the other way round.
HALF_SAFE = int(
    "decf1f6b1c3d1e252a2031a3bd8c3212a14a05d1a43623a73921d3dd3914d53752d83efd73812bff03f910b2f6c3b3241780dc1418b5b4ac"
    "61dd1e8d459d7ff0a85c8f93f8582d131ec506c9cd54cb95e684ee55fd0b2422fb064f0eed150f24247f04f3a5a6694bc54f18d82ecf8da5"
    "3742059537e7b2eedc125ac5cf773b04764a7927e94f26170b9b47b1db174f0977e3f4c7e09944e5abd0bcf32db5b5b651ddfb42e9f25857"
    "7f4f5cd9aec6d61f13963ee2b320ea982571188f1a8081f353a835dbb6810142b384967a41aaa4151c6020d9a9b46a0b77fa4e2c80c890f2"
    "8a423451de8f7724e243321b7c7f475378661d8685169e1fa66d52a12902b667",
    16,
)
ONLY_HALF = 1 + 2 * int(
    "7bb2d3b00e66881dfa95c28af0a5c9e977eb46d17ab6840bf6c7a0a62a9310018f46dc9da60d88fa0aa620f058c03cde100e89d78c066c98"
    "7a91be91e4b305ef79689a637e8461a110195a2165a015996d0c08a9673de7987a09ece2e47fd768d7af1e11e9338bc3dcf79cb88e4ec6e1"
    "2ce9f3720001572e49b4786efef349638e37c7e988b19aecbfd58a6779bd8c5e57763527d56e3c9acb18b24ed1612fbab53f8b8d3569e523"
    "407af6ec3b352908d76a2a293c024e904ca774d1463007b160da1187e8ac73d7819f2de8e790db814c1d6b6a02b63d2300f3ae8a09abdc11"
    "d2a7df3a224ef0a14682ee89e8ee302d8d52b495ee662996d199b43bb7d8cd47",
    16,
)

BAD = {
    "composite": RFC3526 - 12,
    "even": RFC3526 - 1,
    "only p is a prime": HALF_SAFE,
    "only (p - 1) / 2 is a prime": ONLY_HALF,
    "product of two primes": (2**1024 - 105) * (2**1024 - 105 - 2**900 * 7),
    "smooth": 3**1292,
    "2047 bits": RFC3526 >> 1,
    "2049 bits": RFC3526 * 2 + 1,
    "4096 bits": RFC3526**2,
    "small": 23,
    "zero": 0,
    "negative": -RFC3526,
}


@pytest.fixture
def forget() -> None:
    dh.is_safe_prime.cache_clear()


def test_H7_the_known_prime_is_one() -> None:
    assert dh.is_safe_prime(dh.KNOWN_PRIME)
    assert dh.KNOWN_PRIME.bit_length() == 2048


@pytest.mark.usefixtures("forget")
def test_H7_another_safe_prime_is_accepted_and_remembered() -> None:
    draws: list[int] = []

    def rand(count: int) -> bytes:
        draws.append(count)
        return random.Random(len(draws)).randbytes(count)

    assert dh.is_safe_prime(RFC3526, rand)
    rounds = len(draws)
    assert rounds >= 32
    assert dh.is_safe_prime(RFC3526, rand)
    assert len(draws) == rounds


def test_H7_the_known_prime_needs_no_proof(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dh, "is_safe_prime", lambda p: pytest.fail("not the short cut"))
    dh.check_group(dh.KNOWN_PRIME, 3)


@pytest.mark.usefixtures("forget")
@pytest.mark.parametrize("p", BAD.values(), ids=list(BAD))
def test_H7_everything_else_is_refused_with_little_work(monkeypatch: pytest.MonkeyPatch, p: int) -> None:
    rounds: list[int] = []
    may_be_prime = dh._may_be_prime
    monkeypatch.setattr(dh, "_may_be_prime", lambda n, base: rounds.append(base) or may_be_prime(n, base))
    assert not dh.is_safe_prime(p)
    assert len(rounds) <= 1
    for g in range(2, 8):
        with pytest.raises(SecurityError):
            dh.check_group(p, g)


def test_H7_the_error_says_what_is_wrong() -> None:
    with pytest.raises(SecurityError, match="not a safe prime of 2048 bits"):
        dh.check_group(BAD["smooth"], 4)
    with pytest.raises(SecurityError, match="7 does not create"):
        dh.check_group(BAD["smooth"] - BAD["smooth"] % 7, 7)


def test_H7_random_bases_are_below_the_number() -> None:
    for rand in (lambda count: bytes(count), lambda count: b"\xff" * count):
        assert 2 <= dh._base(rand) < RFC3526 >> 1


@pytest.mark.parametrize("p", [dh.KNOWN_PRIME, RFC3526], ids=["known", "rfc3526"])
@pytest.mark.parametrize("g", range(-1, 17))
def test_H8_the_generators(p: int, g: int) -> None:
    # Euler's criterion instead of a table of remainders.
    wanted = 2 <= g <= 7 and pow(g, p >> 1, p) == 1
    assert dh.is_generator(p, g) == wanted
    if wanted:
        dh.check_group(p, g)
    else:
        with pytest.raises(SecurityError, match=f"{g} does not create"):
            dh.check_group(p, g)


def test_H8_the_remainders_for_every_kind_of_prime() -> None:
    primes = [n for n in range(11, 3000) if all(n % d for d in range(2, int(n**0.5) + 1))]
    safe = [p for p in primes if p % 2 and all((p >> 1) % d for d in range(2, int((p >> 1) ** 0.5) + 1))]
    assert len(safe) > 20
    for p in safe:
        for g in range(2, 8):
            assert dh.is_generator(p, g) == (pow(g, p >> 1, p) == 1), (p, g)


P = dh.KNOWN_PRIME


@pytest.mark.parametrize("value", [2**1984, 2**1984 + 1, P // 2, P - 2**1984 - 1, P - 2**1984])
def test_H9_good_public_values(value: int) -> None:
    dh.check_public(value, P, "g_a")


@pytest.mark.parametrize(
    "value", [-1, 0, 1, 2, 2**1983, 2**1984 - 1, P - 2**1984 + 1, P - 2, P - 1, P, P + 1, 2**2048, 2**4096]
)
def test_H9_bad_public_values(value: int) -> None:
    with pytest.raises(SecurityError, match="g_a is too small or too large"):
        dh.check_public(value, P, "g_a")


@given(st.integers(3, 100_000).filter(lambda n: n % 2), st.integers(2, 1000))
def test_miller_rabin_never_refuses_a_prime(n: int, base: int) -> None:
    prime = all(n % d for d in range(3, int(n**0.5) + 1, 2))
    if prime and base % n:
        assert dh._may_be_prime(n, base % n)


def test_miller_rabin_finds_witnesses() -> None:
    # 2047 is a strong pseudoprime to base 2 only; 561 and 1105 are Carmichael numbers.
    assert dh._may_be_prime(2047, 2)
    assert not dh._may_be_prime(2047, 3)
    assert not dh._may_be_prime(561, 2)
    assert not dh._may_be_prime(1105, 2)
    assert dh._may_be_prime(13, 5)
    assert dh._may_be_prime(17, 3)


def test_H7_bases_come_from_the_whole_range() -> None:
    assert dh._base(bytes) == 2
    assert dh._base(lambda count: b"\xff" * count) == 2**2046 + 1


def test_H7_miller_rabin_is_what_its_definition_says() -> None:
    for n in range(3, 600, 2):
        for base in range(1, n):
            odd, powers = n - 1, [pow(base, n - 1, n)]
            while odd % 2 == 0:
                odd //= 2
                powers.append(pow(base, odd, n))
            wanted = powers[-1] == 1 or n - 1 in powers[1:]
            assert dh._may_be_prime(n, base) is wanted, (n, base)


def test_H7_H8_H9_the_errors_in_full() -> None:
    with pytest.raises(SecurityError) as prime:
        dh.check_group(BAD["smooth"], 4)
    assert str(prime.value) == "the dh_prime is not a safe prime of 2048 bits; it is not used"
    with pytest.raises(SecurityError) as generator:
        dh.check_group(P, 8)
    assert str(generator.value) == "8 does not create the right group for this dh_prime; it is not used"
    with pytest.raises(SecurityError) as public:
        dh.check_public(1, P, "g_b")
    assert str(public.value) == "g_b is too small or too large; it is not used"
