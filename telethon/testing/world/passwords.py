"""Two-step verification on the side of the server: it keeps a verifier, never the password.

Source: https://core.telegram.org/api/srp
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field

from telethon.tl import types

__all__ = ["G", "P", "Password"]

P = bytes.fromhex(
    "c71caeb9c6b1c9048e6c522f70f13f73980d40238e3e21c14934d037563d930f48198a0aa7c14058229493d22530f4dbfa336f6e0ac9"
    "25139543aed44cce7c3720fd51f69458705ac68cd4fe6b6b13abdc9746512969328454f18faf8c595f642477fe96bb2a941d5bcd1d4a"
    "c8cc49880708fa9b378e3c4f3a9060bee67cf9a4a4a695811051907e162753b56b0f6b410dba74d8a84b2a14b3144e0ef1284754fd17"
    "ed950d5965b4b9dd46582db1178d169c6bc465b0d6ff9ca3928fef5b9ae4e418fc15e83ebea0f87fa9ff5eed70050ded2849f47bf959"
    "d956850ce929851f0d8115f635b105ee2e4e15d04b2454bf6f4fadf034b10403119cd8e3b92fcc5b"
)
"""The prime that Telegram uses, big-endian."""

G = 3
_PRIME = int.from_bytes(P, "big")
_ROUNDS = 100_000


def _number(value: int) -> bytes:
    return value.to_bytes(256, "big")


def _sha(*parts: bytes) -> bytes:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.digest()


@dataclass(slots=True, eq=False)
class Password:
    """The password of an account, as a verifier.

    Args:
        salt1: what the client mixes in first.
        salt2: what it mixes in last.
        verifier: ``g ^ x mod p`` as a number; None until the plain password was hashed.
        hint: the hint that is shown.
        email: where a recovery code would go.
        plain: a password set by the test itself; it is hashed when a client first asks, because that takes a while.
    """

    salt1: bytes
    salt2: bytes
    verifier: int | None = None
    hint: str | None = None
    email: str | None = None
    plain: str | None = field(default=None, repr=False)
    _open: dict[int, tuple[int, int]] = field(default_factory=dict, repr=False)

    def algorithm(self) -> types.PasswordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow:
        """How a client turns the password into `x`."""
        return types.PasswordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow(self.salt1, self.salt2, G, P)

    def challenge(self, srp_id: int, secret: bytes) -> bytes:
        """Begin a check: give `B` for a number by which the answer will name this check.

        Args:
            srp_id: the number.
            secret: 256 random bytes.
        """
        verifier = self._verifier()
        b = int.from_bytes(secret, "big")
        k = int.from_bytes(_sha(P, _number(G)), "big")
        big_b = (k * verifier + pow(G, b, _PRIME)) % _PRIME
        self._open = {srp_id: (b, big_b)}
        return _number(big_b)

    def check(self, answer: types.InputCheckPasswordSRP) -> str | None:
        """None when the answer proves the password, else the text of the error."""
        opened = self._open.get(answer.srp_id)
        if opened is None:
            return "SRP_ID_INVALID"
        b, big_b = opened
        big_a = int.from_bytes(answer.A, "big")
        if not 0 < big_a < _PRIME:
            return "SRP_A_INVALID"
        verifier = self._verifier()
        u = int.from_bytes(_sha(_number(big_a), _number(big_b)), "big")
        shared = pow(big_a * pow(verifier, u, _PRIME), b, _PRIME)
        mixed = bytes(left ^ right for left, right in zip(_sha(P), _sha(_number(G)), strict=True))
        proof = _sha(mixed, _sha(self.salt1), _sha(self.salt2), _number(big_a), _number(big_b), _sha(_number(shared)))
        if not hmac.compare_digest(proof, answer.M1):
            return "PASSWORD_HASH_INVALID"
        self._open.clear()
        return None

    def _verifier(self) -> int:
        if self.verifier is None:
            first = _sha(self.salt2, _sha(self.salt1, (self.plain or "").encode(), self.salt1), self.salt2)
            slow = hashlib.pbkdf2_hmac("sha512", first, self.salt1, _ROUNDS)
            x = int.from_bytes(_sha(self.salt2, slow, self.salt2), "big")
            self.verifier = pow(G, x, _PRIME)
            self.plain = None
        return self.verifier
