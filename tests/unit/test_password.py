"""The public functions about passwords."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import pytest

from telethon import password
from telethon.crypto import dh
from telethon.tl import types

P = dh.KNOWN_PRIME.to_bytes(256, "big")
ALGO = types.PasswordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow(b"salt-one", b"salt-two", 3, P)
SMOOTH = (3**1292).to_bytes(256, "big")


def state(algo: Any = ALGO, srp_B: bytes | None = None, srp_id: int | None = 77) -> types.account.Password:
    return types.account.Password(
        new_algo=ALGO,
        new_secure_algo=types.SecurePasswordKdfAlgoUnknown(),
        secure_random=b"",
        has_password=True,
        current_algo=algo,
        srp_B=srp_B,
        srp_id=srp_id,
    )


def server_B(b: int) -> bytes:
    v = int.from_bytes(password.compute_digest(ALGO, "pässword"), "big")
    k = int.from_bytes(password.sha256(P, password.big_num_for_hash(3)), "big")
    return ((k * v + pow(3, b, dh.KNOWN_PRIME)) % dh.KNOWN_PRIME).to_bytes(256, "big")


def test_X6_the_proof_is_that_of_telethon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(password, "system_random", lambda count: bytes((i * 5 + 1) & 255 for i in range(count)))
    proof = password.compute_check(state(srp_B=server_B(int.from_bytes(bytes(range(256)), "big"))), "pässword")
    assert isinstance(proof, types.InputCheckPasswordSRP)
    assert proof.srp_id == 77
    assert sha256(proof.A).hexdigest() == "535a55217d397b4bc34836ac37af658947ab34ce9c73deb198f0c0bc4dd2de75"
    assert proof.M1.hex() == "755ed9225123b6663f3d6ae10af065aa27e8cace349855d23a216fd5399ba0bd"


def test_X6_every_proof_is_another_one() -> None:
    given = state(srp_B=server_B(2**2000 + 1))
    first, second = (password.compute_check(given, "pässword") for _ in range(2))
    assert first.A != second.A
    assert first.M1 != second.M1


def test_X7_the_hash_is_that_of_telethon() -> None:
    digest = "0a7bdd42e23f11feb1c0e104d7a6ec906364113d2b45f2e6efeff0d4edafdcc7"
    assert password.compute_hash(ALGO, "pässword").hex() == digest


def test_X7_what_is_stored_is_that_of_telethon() -> None:
    stored = password.compute_digest(ALGO, "pässword")
    assert len(stored) == 256
    assert stored.hex().startswith("1a6cd8173814fe0025fe2ec4814342699168f0dedfb6a83a9e966f495fa7000e")
    assert stored.hex().endswith("7c406814e47e96e7ca7da6780d87180a6c09c8fa22f7bfc8f0c565fefe17d")


@pytest.mark.parametrize("algo", [types.PasswordKdfAlgoUnknown(), None])
def test_X6_unknown_algorithms_are_refused(algo: Any) -> None:
    with pytest.raises(ValueError, match=f"unsupported password algorithm {type(algo).__name__}"):
        password.compute_check(state(algo), "x")
    with pytest.raises(ValueError, match=f"unsupported password algorithm {type(algo).__name__}"):
        password.compute_digest(algo, "x")


@pytest.mark.parametrize(("prime", "g"), [(SMOOTH, 4), (P, 2), (P, 5), (P, 6), (P, 0), (P[1:], 3), (b"", 3)])
def test_X6_groups_that_are_not_safe_are_refused(prime: bytes, g: int) -> None:
    algo = types.PasswordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow(b"1", b"2", g, prime)
    with pytest.raises(ValueError, match=r"No proof was made: .* it is not used"):
        password.compute_check(state(algo, bytes(255) + b"\5"), "x")
    with pytest.raises(ValueError, match=r"The password was not stored: .* it is not used"):
        password.compute_digest(algo, "x")
    with pytest.raises(ValueError, match="it is not used"):
        password.check_prime_and_good(prime, g)
    with pytest.raises(ValueError, match="it is not used"):
        password.check_prime_and_good_check(int.from_bytes(prime, "big"), g)


@pytest.mark.parametrize("public", [None, b"", bytes(256), P, b"\xff" * 256, b"\1" + bytes(256)])
def test_X6_a_bad_B_is_refused(public: bytes | None) -> None:
    with pytest.raises(ValueError, match="srp_B is not a number below the prime"):
        password.compute_check(state(srp_B=public), "x")


def test_a_missing_id_is_zero() -> None:
    proof = password.compute_check(state(srp_B=server_B(2**2000 + 1), srp_id=None), "x")
    assert proof.srp_id == 0
    assert bytes(proof)


def test_good_groups_pass() -> None:
    for g in (3, 4, 7):
        password.check_prime_and_good(P, g)
        password.check_prime_and_good_check(dh.KNOWN_PRIME, g)


@pytest.mark.parametrize(("number", "good"), [(-1, False), (0, False), (1, True), (22, True), (23, False), (24, False)])
def test_is_good_large(number: int, good: bool) -> None:
    assert password.is_good_large(number, 23) is good


@pytest.mark.parametrize(
    ("value", "good"),
    [
        (0, False),
        (1, False),
        (2**1984 - 1, False),
        (2**1984, True),
        (dh.KNOWN_PRIME // 2, True),
        (dh.KNOWN_PRIME - 2**1984, True),
        (dh.KNOWN_PRIME - 2**1984 + 1, False),
        (dh.KNOWN_PRIME - 1, False),
    ],
)
def test_H9_is_good_mod_exp_first(value: int, good: bool) -> None:
    assert password.is_good_mod_exp_first(value, dh.KNOWN_PRIME) is good


def test_numbers_for_hashes() -> None:
    assert password.SIZE_FOR_HASH == 256
    assert password.num_bytes_for_hash(b"") == bytes(256)
    assert password.num_bytes_for_hash(b"abc") == bytes(253) + b"abc"
    assert password.num_bytes_for_hash(P) == P
    with pytest.raises(ValueError, match="257 bytes is too long"):
        password.num_bytes_for_hash(bytes(257))
    assert password.big_num_for_hash(3) == bytes(255) + b"\3"
    with pytest.raises(OverflowError):
        password.big_num_for_hash(1 << 2048)


def test_small_helpers() -> None:
    assert password.sha256(b"a", b"b").hex() == sha256(b"ab").hexdigest()
    assert password.sha256() == sha256().digest()
    assert password.xor(b"abc", b"xyz") == b"\x19\x1b\x19"
    assert password.xor(b"abc", b"abcd") == bytes(3)
    assert password.pbkdf2sha512(b"pw", b"salt", 5).hex() == (
        "d33dd31c8286e23a73fcacb5b4fdff8cf8623f51724e818b9e4a2e806b44b328"
        "a8720f0b450313f11cb6001ff1b24cd990ba093199b4ead090b34fc9ae9f7ae6"
    )


def test_X5_the_password_is_in_no_error() -> None:
    with pytest.raises(ValueError) as caught:
        password.compute_check(state(srp_B=P), "hunter2")
    assert "hunter2" not in str(caught.value)
