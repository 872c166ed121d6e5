"""Passwords of accounts (2FA): the proof to log in with one, and what is stored of a new one.

The client's methods do all this by themselves (see `client.sign_in` and `client.edit_2fa`). The arithmetic is in
`telethon.crypto.srp`; this module gives it the shape of the API's objects.

Source: https://core.telegram.org/api/srp
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from telethon._core.rand import system_random
from telethon.crypto import dh, srp
from telethon.errors.common import SecurityError

if TYPE_CHECKING:
    from telethon.tl import types

__all__ = [
    "SIZE_FOR_HASH",
    "big_num_for_hash",
    "check_prime_and_good",
    "check_prime_and_good_check",
    "compute_check",
    "compute_digest",
    "compute_hash",
    "is_good_large",
    "is_good_mod_exp_first",
    "num_bytes_for_hash",
    "pbkdf2sha512",
    "sha256",
    "xor",
]

SIZE_FOR_HASH = srp.NUMBER_BYTES
"""With so many bytes every number goes into a hash."""


def compute_check(request: types.account.Password, password: str) -> types.InputCheckPasswordSRP:
    """The proof that a password is known, for `auth.checkPassword` and everything else that asks for one.

    Args:
        request: what `account.getPassword` gave just before; each one is good for one proof.
        password: what the user typed.

    Raises:
        ValueError: the account has no password, the algorithm is not known, or a number from the server is not safe.

    Example:
        >>> state = await client(functions.account.GetPasswordRequest())
        >>> proof = await asyncio.to_thread(compute_check, state, "correct horse")
        >>> await client(functions.auth.CheckPasswordRequest(proof))

    It computes for about a quarter of a second (longer when the server uses another prime than usual), so run it in
    a thread.

    Source: https://core.telegram.org/api/srp#checking-the-password-with-srp
    """
    from telethon.tl import types

    algorithm = _algorithm(request.current_algo)
    try:
        a, m1 = srp.proof(algorithm, password, int.from_bytes(request.srp_B or b"", "big"), system_random)
    except SecurityError as error:
        raise ValueError(f"No proof was made: {error}") from error
    return types.InputCheckPasswordSRP(request.srp_id or 0, a, m1)


def compute_digest(algo: types.TypePasswordKdfAlgo, password: str) -> bytes:
    """What is sent to be stored of a new password, for `account.updatePasswordSettings`.

    Args:
        algo: `new_algo` of what `account.getPassword` gave, with 32 random bytes added to its `salt1`.
        password: the new password.

    Returns:
        256 bytes.

    Raises:
        ValueError: the algorithm is not known, or the server's prime or generator is not safe.

    Source: https://core.telegram.org/api/srp#setting-a-new-2fa-password
    """
    try:
        return srp.verifier(_algorithm(algo), password)
    except SecurityError as error:
        raise ValueError(f"The password was not stored: {error}") from error


def compute_hash(algo: types.PasswordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow, password: str) -> bytes:
    """The 32 bytes that stand for a password; they never leave this machine.

    Args:
        algo: `current_algo` of what `account.getPassword` gave, which holds the two salts.
        password: what the user typed.
    """
    return srp.password_hash(password, algo.salt1, algo.salt2)


def check_prime_and_good(prime_bytes: bytes, g: int) -> None:
    """Refuse a prime, given as bytes, or a generator that is not safe.

    Args:
        prime_bytes: the prime, the most significant byte first.
        g: the generator.

    Raises:
        ValueError: what is wrong.
    """
    check_prime_and_good_check(int.from_bytes(prime_bytes, "big"), g)


def check_prime_and_good_check(prime: int, g: int) -> None:
    """Refuse a prime or a generator that is not safe. A prime that is not the usual one takes about a second.

    Args:
        prime: the prime.
        g: the generator.

    Raises:
        ValueError: what is wrong.
    """
    try:
        dh.check_group(prime, g)
    except SecurityError as error:
        raise ValueError(str(error)) from error


def is_good_large(number: int, p: int) -> bool:
    """Whether a number is between 0 and p.

    Args:
        number: the number.
        p: the prime.

    Example:
        >>> is_good_large(3, 7)
        True
    """
    return 0 < number < p


def is_good_mod_exp_first(modexp: int, prime: int) -> bool:
    """Whether a public value is far enough from 0 and from the prime.

    Args:
        modexp: the public value.
        prime: the prime, of 2048 bits.

    Example:
        >>> is_good_mod_exp_first(1, 2**2048 - 1)
        False
    """
    try:
        dh.check_public(modexp, prime, "modexp")
    except SecurityError:
        return False
    return True


def num_bytes_for_hash(number: bytes) -> bytes:
    """A number given as bytes, filled up with zeros on the left.

    Args:
        number: the number, the most significant byte first.

    Returns:
        256 bytes.

    Raises:
        ValueError: it has more than 256 bytes.

    Example:
        >>> len(num_bytes_for_hash(bytes([3])))
        256
    """
    if len(number) > SIZE_FOR_HASH:
        raise ValueError(f"A number of {len(number)} bytes is too long, it may have {SIZE_FOR_HASH}")
    return number.rjust(SIZE_FOR_HASH, b"\0")


def big_num_for_hash(g: int) -> bytes:
    """A number as 256 bytes, the most significant first.

    Args:
        g: the number, at most 2048 bits.

    Returns:
        256 bytes.

    Raises:
        OverflowError: it is negative or needs more.

    Example:
        >>> big_num_for_hash(3)[-1]
        3
    """
    return srp.number(g)


def sha256(*p: bytes) -> bytes:
    """The SHA-256 of all parts, one after the other.

    Args:
        p: the parts.

    Returns:
        32 bytes.

    Example:
        >>> sha256(b"ab", b"c") == sha256(b"abc")
        True
    """
    return hashlib.sha256(b"".join(p)).digest()


def xor(a: bytes, b: bytes) -> bytes:
    """The exclusive or of two strings of bytes, as long as the shorter one.

    Args:
        a: bytes.
        b: bytes.

    Example:
        >>> xor(b"ab", b"  ")
        b'AB'
    """
    return bytes(x ^ y for x, y in zip(a, b, strict=False))


def pbkdf2sha512(password: bytes, salt: bytes, iterations: int) -> bytes:
    """PBKDF2 with HMAC-SHA-512, 64 bytes.

    Args:
        password: the password.
        salt: the salt.
        iterations: how often.

    Example:
        >>> len(pbkdf2sha512(b"password", b"salt", 1))
        64
    """
    return hashlib.pbkdf2_hmac("sha512", password, salt, iterations)


def _algorithm(algo: object) -> srp.PasswordAlgorithm:
    from telethon.tl import types

    if not isinstance(algo, types.PasswordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow):
        raise ValueError(f"unsupported password algorithm {type(algo).__name__}")
    return srp.PasswordAlgorithm(algo.salt1, algo.salt2, algo.g, int.from_bytes(algo.p, "big"))
