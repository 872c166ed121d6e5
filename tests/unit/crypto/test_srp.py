"""Password proofs, checked from the server's side."""

from __future__ import annotations

import random
from hashlib import sha256
from typing import Any

import pytest

from telethon._core.rand import system_random
from telethon.crypto import dh, srp
from telethon.crypto.srp import PasswordAlgorithm
from telethon.errors import SecurityError

P = dh.KNOWN_PRIME
ALGORITHM = PasswordAlgorithm(b"salt-one", b"salt-two", 3, P)
PASSWORD = "pässword"
SECRET_B = int.from_bytes(bytes(range(256)), "big")


@pytest.fixture(autouse=True)
def few_iterations(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hash that takes little time, for all but the tests that know what comes out."""
    if not request.node.name.endswith("that_of_telethon"):
        monkeypatch.setattr(srp, "_ITERATIONS", 10)


def H(*parts: bytes) -> bytes:
    return sha256(b"".join(parts)).digest()


def big(number: int) -> bytes:
    return number.to_bytes(256, "big")


class Server:
    """What the server computes, from the page about SRP."""

    def __init__(self, algorithm: PasswordAlgorithm, verifier: bytes, b: int = SECRET_B >> 1792) -> None:
        self.algorithm = algorithm
        self.v = int.from_bytes(verifier, "big")
        self.b = b
        p, g = algorithm.p, algorithm.g
        self.k = int.from_bytes(H(big(p), big(g)), "big")
        self.public = (self.k * self.v + pow(g, b, p)) % p

    def accepts(self, a: bytes, m1: bytes) -> bool:
        salt1, salt2, g, p = self.algorithm
        u = int.from_bytes(H(a, big(self.public)), "big")
        s = pow(int.from_bytes(a, "big") * pow(self.v, u, p), self.b, p)
        mixed = bytes(x ^ y for x, y in zip(H(big(p)), H(big(g)), strict=True))
        return m1 == H(mixed, H(salt1), H(salt2), a, big(self.public), H(big(s)))


def test_X7_the_hash_is_that_of_telethon() -> None:
    digest = srp.password_hash(PASSWORD, b"salt-one", b"salt-two")
    assert digest.hex() == "0a7bdd42e23f11feb1c0e104d7a6ec906364113d2b45f2e6efeff0d4edafdcc7"


def test_X7_what_is_stored_is_that_of_telethon() -> None:
    assert srp.verifier(ALGORITHM, PASSWORD).hex() == (
        "1a6cd8173814fe0025fe2ec4814342699168f0dedfb6a83a9e966f495fa7000e85e0371af9ff2b04b726baea6bae67214ca8eb1cce7c77a8"
        "3db9a871ffb7dd252985304782575771acef520b5448dbcc19825dee1041d4cd8105e28a36b376800fcd9310ce97483e3023a2f8f1bfeb4d"
        "297acd8f5e9732ad84e9fb49cfb69299999ae73b881fd89c2d09c3a4fd636ad1308b6b5fa50592aed853ae96141262af3c91537fedd49336"
        "5b46ba7732931a670de6f993ac0ca5a1bd78803c662e9cb82d29e39759c1789df9a54d93bf6c769147096b50e93681a2c862c09010ca7c1f"
        "daf7c406814e47e96e7ca7da6780d87180a6c09c8fa22f7bfc8f0c565fefe17d"
    )


def test_X6_the_proof_is_that_of_telethon() -> None:
    server = Server(ALGORITHM, srp.verifier(ALGORITHM, PASSWORD), SECRET_B)
    # The same "random" bytes as Telethon was given.
    a, m1 = srp.proof(ALGORITHM, PASSWORD, server.public, lambda count: bytes((i * 5 + 1) & 255 for i in range(count)))
    assert a.hex() == (
        "60c240aa81fc71e36074ae1bcb31d756d932ba869b49445c411f27ed0977c5436ab36025b26ea49183a1d3bb33bcfc714a42527cbcdbcfa0"
        "1940b5e1a272a3acc3edd3e6a0dfb0afc1b2382a2d8fb66f63900eff96188043769d33259f4c572d5a20695af129bb4b15be8318d00b756e"
        "84c5203748275ebca0ffbd22af9527d6e9a6e233162ea0299f77a6af15d073d0cd7011e397fc08a40fc7e927c363465422be9956ee9a2e1d"
        "e16be3551d1f244a1a214a3ac5f377bad3a8ed5c14b53dc999257894420d2b64060d376902c30d13ff51c522f415d23707612e08d57bee58"
        "51c7d2bd118352b427390400a92db074840761179d984e0e9accf05b1ea71a52"
    )
    assert m1.hex() == "755ed9225123b6663f3d6ae10af065aa27e8cace349855d23a216fd5399ba0bd"


@pytest.mark.parametrize("password", ["", "a", "correct horse battery staple", "пароль", "🔑" * 50, PASSWORD])
def test_X6_the_server_accepts_the_proof(password: str) -> None:
    algorithm = PasswordAlgorithm(system_random(40), system_random(16), 3, P)
    server = Server(algorithm, srp.verifier(algorithm, password), random.getrandbits(2048))
    assert server.accepts(*srp.proof(algorithm, password, server.public, system_random))


@pytest.mark.parametrize("g", [4, 7])
def test_X6_other_generators(g: int) -> None:
    algorithm = ALGORITHM._replace(g=g)
    server = Server(algorithm, srp.verifier(algorithm, PASSWORD))
    assert server.accepts(*srp.proof(algorithm, PASSWORD, server.public, system_random))


def test_X6_the_server_refuses_the_proof_of_another_password() -> None:
    server = Server(ALGORITHM, srp.verifier(ALGORITHM, PASSWORD))
    assert not server.accepts(*srp.proof(ALGORITHM, "password", server.public, system_random))


def test_X6_two_proofs_have_nothing_in_common() -> None:
    server = Server(ALGORITHM, srp.verifier(ALGORITHM, PASSWORD))
    first = srp.proof(ALGORITHM, PASSWORD, server.public, system_random)
    second = srp.proof(ALGORITHM, PASSWORD, server.public, system_random)
    assert not set(first) & set(second)


@pytest.mark.parametrize("g", [0, 1, 2, 5, 6, 8, 12345])
def test_X6_bad_generators_are_refused_before_the_password_is_touched(monkeypatch: pytest.MonkeyPatch, g: int) -> None:
    monkeypatch.setattr(srp, "password_hash", lambda *args: pytest.fail("hashed"))
    with pytest.raises(SecurityError, match="right group"):
        srp.proof(ALGORITHM._replace(g=g), PASSWORD, 5, system_random)
    with pytest.raises(SecurityError, match="right group"):
        srp.verifier(ALGORITHM._replace(g=g), PASSWORD)


@pytest.mark.parametrize("p", [3**1292, P - 2, 23, 0, P >> 1])
def test_X6_bad_primes_are_refused(p: int) -> None:
    with pytest.raises(SecurityError):
        srp.proof(ALGORITHM._replace(p=p, g=4), PASSWORD, 5, system_random)
    with pytest.raises(SecurityError):
        srp.verifier(ALGORITHM._replace(p=p, g=4), PASSWORD)


@pytest.mark.parametrize("public", [0, P, P + 1, 2 * P, 2**2048, 2**4096, -1])
def test_X6_a_bad_B_is_refused(public: int) -> None:
    with pytest.raises(SecurityError, match="srp_B is not a number below"):
        srp.proof(ALGORITHM, PASSWORD, public, system_random)


@pytest.mark.parametrize("t", [0, 1, 2**1984 - 1, P - 1, P - 2**1984 + 1])
def test_X6_a_B_that_leaves_a_bad_number_is_refused(t: int) -> None:
    server = Server(ALGORITHM, srp.verifier(ALGORITHM, PASSWORD))
    with pytest.raises(SecurityError, match="srp_B is too small or too large"):
        srp.proof(ALGORITHM, PASSWORD, (server.k * server.v + t) % P, system_random)


def test_H9_a_broken_random_source_is_noticed() -> None:
    with pytest.raises(SecurityError, match="A is too small"):
        srp.proof(ALGORITHM, PASSWORD, 2**2000, lambda count: bytes(count))


def test_X6_u_is_never_zero(monkeypatch: pytest.MonkeyPatch) -> None:
    class Zero:
        def digest(self) -> bytes:
            return bytes(32)

    def no_hash(data: bytes) -> Any:
        return Zero()

    monkeypatch.setattr(srp, "sha256", no_hash)
    with pytest.raises(SecurityError, match="cancel the password out"):
        srp.proof(ALGORITHM, PASSWORD, 2**2000, system_random)


def test_numbers() -> None:
    assert srp.number(3) == bytes(255) + b"\3"
    for value in (-1, 1 << 2048):
        with pytest.raises(OverflowError):
            srp.number(value)


def test_X5_the_password_is_in_no_error() -> None:
    with pytest.raises(SecurityError) as caught:
        srp.proof(ALGORITHM, "hunter2", 0, system_random)
    assert "hunter2" not in str(caught.value)


def test_X6_the_errors_in_full(monkeypatch: pytest.MonkeyPatch) -> None:
    def text_of(public: int, rand: Any = system_random) -> str:
        with pytest.raises(SecurityError) as caught:
            srp.proof(ALGORITHM, PASSWORD, public, rand)
        return str(caught.value)

    server = Server(ALGORITHM, srp.verifier(ALGORITHM, PASSWORD))
    assert text_of(0) == "srp_B is not a number below the prime; it is not used"
    assert text_of(server.k * server.v % P) == "srp_B is too small or too large; it is not used"
    assert text_of(5, bytes) == "A is too small or too large; it is not used"
    monkeypatch.setattr(srp, "_hash", lambda *parts: bytes(32))
    assert text_of(5) == "the two public numbers would cancel the password out; try again"


@pytest.mark.parametrize("public", [1, P - 1])
def test_X6_every_B_below_the_prime_may_be_the_one(public: int) -> None:
    g_a, m1 = srp.proof(ALGORITHM, PASSWORD, public, system_random)
    assert (len(g_a), len(m1)) == (256, 32)
