"""RSA as the key exchange uses it: the public keys of Telegram's servers, and RSA_PAD.

A key is named by its fingerprint, the last 8 bytes of the SHA-1 over its modulus and exponent as TL byte strings. The
key exchange uses keys that take RSA_PAD; those of before 2021 are only known to `encrypt`.

    data_with_padding       data, filled up to 192 bytes with random ones
    data_with_hash          data_with_padding backwards, then SHA256(temp_key + data_with_padding)
    aes_encrypted           AES-256-IGE(data_with_hash, temp_key, iv = 0)
    to encrypt, 256 bytes   temp_key xor SHA256(aes_encrypted), then aes_encrypted

Source: https://core.telegram.org/mtproto/auth_key#41-rsa-paddata-server-public-key-mentioned-above-is-implemented-as-follows
"""

from __future__ import annotations

from hashlib import sha1, sha256
from typing import TYPE_CHECKING, NamedTuple

from telethon._core.oldnames import old_names
from telethon._core.rand import RandomBytes, system_random
from telethon.crypto._oldkeys import MODULI, E
from telethon.crypto.aes import AES

if not TYPE_CHECKING:
    __getattr__ = old_names(__name__)

__all__ = ["RSA_PAD_MAX", "ServerKey", "add_key", "current_keys", "encrypt", "get_byte_array", "rsa_pad"]

RSA_PAD_MAX = 144
"""Most bytes that RSA_PAD takes."""

_KEY_BYTES = 256
_OLD_MAX = 235
_TRIES = 256

_PRODUCTION = """-----BEGIN RSA PUBLIC KEY-----
MIIBCgKCAQEA6LszBcC1LGzyr992NzE0ieY+BSaOW622Aa9Bd4ZHLl+TuFQ4lo4g
5nKaMBwK/BIb9xUfg0Q29/2mgIR6Zr9krM7HjuIcCzFvDtr+L0GQjae9H0pRB2OO
62cECs5HKhT5DZ98K33vmWiLowc621dQuwKWSQKjWf50XYFw42h21P2KXUGyp2y/
+aEyZ+uVgLLQbRA1dEjSDZ2iGRy12Mk5gpYc397aYp438fsJoHIgJ2lgMv5h7WY9
t6N/byY9Nw9p21Og3AoXSL2q/2IJ1WRUhebgAdGVMlV1fkuOQoEzR7EdpqtQD9Cs
5+bfo3Nhmcyvk5ftB0WkJ9z6bNZ7yxrP8wIDAQAB
-----END RSA PUBLIC KEY-----"""

_TEST = """-----BEGIN RSA PUBLIC KEY-----
MIIBCgKCAQEAyMEdY1aR+sCR3ZSJrtztKTKqigvO/vBfqACJLZtS7QMgCGXJ6XIR
yy7mx66W0/sOFa7/1mAZtEoIokDP3ShoqF4fVNb6XeqgQfaUHd8wJpDWHcR2OFwv
plUUI1PLTktZ9uW2WE23b+ixNwJjJGwBDJPQEQFBE+vfmH0JP503wr5INS1poWg/
j25sIWeYPHYeOrFp/eXaqhISP6G+q2IeTaWTXpwZj4LzXq5YOpk4bYEQ6mvRq7D1
aHWfYmlEGepfaYR8Q0YqvvhYtMte3ITnuSJs171+GDqpdKcSwHnd6FudwGO4pcCO
j4WcDuXc2CTHgH8gFTNhp/Y8/SpDOhvn9QIDAQAB
-----END RSA PUBLIC KEY-----"""


class ServerKey(NamedTuple):
    """A public key.

    Attributes:
        n: modulus.
        e: exponent.
    """

    n: int
    e: int

    @classmethod
    def from_pem(cls, pem: str | bytes) -> ServerKey:
        """The key in a PEM text, `-----BEGIN RSA PUBLIC KEY-----` (PKCS#1).

        Raises:
            ValueError: the text holds no such key.
        """
        return cls(*_numbers(_decode(pem.encode() if isinstance(pem, str) else pem)))

    @property
    def fingerprint(self) -> int:
        """The number that names the key, signed, as in resPQ."""
        text = _tl_bytes(get_byte_array(self.n)) + _tl_bytes(get_byte_array(self.e))
        return int.from_bytes(sha1(text).digest()[-8:], "little", signed=True)


# By fingerprint: the key, and whether it is one that the key exchange must not use any more.
_server_keys: dict[int, tuple[ServerKey, bool]] = {
    fingerprint: (ServerKey(n, E), True) for fingerprint, n in MODULI.items()
}


def add_key(pub: str | bytes, *, old: bool) -> None:
    """Make another server key known, as those of the CDN are.

    Args:
        pub: the key as PEM text, `-----BEGIN RSA PUBLIC KEY-----`.
        old: the key takes only the padding of before 2021. The key exchange never uses such a key.

    Raises:
        ValueError: the text holds no RSA public key.
    """
    key = ServerKey.from_pem(pub)
    _server_keys[key.fingerprint] = (key, old)


def current_keys() -> dict[int, ServerKey]:
    """The keys that may be used, by signed fingerprint."""
    return {fingerprint: key for fingerprint, (key, old) in _server_keys.items() if not old}


def encrypt(fingerprint: int, data: bytes, *, use_old: bool = False) -> bytes | None:
    """Data encrypted for the server with a known key.

    Args:
        fingerprint: the signed number of the key.
        data: at most 144 bytes, for an old key at most 235.
        use_old: whether a key marked as old may be used, with the padding that goes with it. It protects less.

    Returns:
        256 bytes, or None when there is no such key.

    Raises:
        ValueError: *data* is too long.
    """
    key, old = _server_keys.get(fingerprint, (None, False))
    if key is None or (old and not use_old):
        return None
    return _pad_as_before_2021(data, key) if old else rsa_pad(data, key, system_random)


def rsa_pad(data: bytes, key: ServerKey, rand: RandomBytes) -> bytes:
    """Data encrypted for the holder of a key.

    Args:
        data: at most 144 bytes.
        key: its 2048-bit key.
        rand: where padding and temporary keys come from.

    Returns:
        256 bytes.

    Raises:
        ValueError: *data* is too long, or the key does not have 2048 bits.
        RuntimeError: the random source gives the same bytes over and over.
    """
    if len(data) > RSA_PAD_MAX:
        raise ValueError(f"RSA_PAD takes at most {RSA_PAD_MAX} bytes, these are {len(data)}")
    if key.n.bit_length() != 8 * _KEY_BYTES:
        raise ValueError(f"RSA_PAD needs a key of {8 * _KEY_BYTES} bits, this one has {key.n.bit_length()}")
    padded = data + rand(192 - len(data))
    # A block that is not below the modulus happens in less than half of the cases; then another temp_key is tried.
    for _ in range(_TRIES):
        temp_key = rand(32)
        aes_encrypted = AES.encrypt_ige(padded[::-1] + sha256(temp_key + padded).digest(), temp_key, bytes(32))
        mask = int.from_bytes(temp_key, "big") ^ int.from_bytes(sha256(aes_encrypted).digest(), "big")
        block = int.from_bytes(mask.to_bytes(32, "big") + aes_encrypted, "big")
        if block < key.n:
            return pow(block, key.e, key.n).to_bytes(_KEY_BYTES, "big")
    raise RuntimeError("The random source gives the same bytes over and over; it must not be used for keys")


def _pad_as_before_2021(data: bytes, key: ServerKey) -> bytes:
    """Data with its SHA-1 before and random bytes behind it, encrypted."""
    if len(data) > _OLD_MAX:
        raise ValueError(f"An old key takes at most {_OLD_MAX} bytes, these are {len(data)}")
    block = sha1(data).digest() + data + system_random(_OLD_MAX - len(data))
    return pow(int.from_bytes(block, "big"), key.e, key.n).to_bytes(_KEY_BYTES, "big")


def get_byte_array(integer: int) -> bytes:
    """A number as its shortest big-endian bytes; none for 0.

    Raises:
        OverflowError: it is negative.
    """
    return integer.to_bytes((integer.bit_length() + 7) // 8, "big")


def _tl_bytes(value: bytes) -> bytes:
    """As TL writes `bytes`."""
    size = len(value)
    head = bytes((size,)) if size < 254 else b"\xfe" + size.to_bytes(3, "little")
    return head + value + bytes(-(len(head) + size) % 4)


def _decode(pem: bytes) -> bytes:
    """The bytes inside a PEM text."""
    from binascii import Error, a2b_base64

    _, begin, rest = pem.partition(b"-----BEGIN RSA PUBLIC KEY-----")
    text, end, _ = rest.partition(b"-----END RSA PUBLIC KEY-----")
    if not begin or not end:
        raise ValueError("This is no RSA public key: the lines that begin and end one are missing")
    try:
        return a2b_base64(text)
    except Error as error:
        raise ValueError("This is no RSA public key: the text between its first and last line is not base64") from error


def _numbers(der: bytes) -> tuple[int, int]:
    """Modulus and exponent of a DER sequence of just these two numbers."""
    body, rest = _der(der, 0x30)
    n, after_n = _der(body, 0x02)
    e, after_e = _der(after_n, 0x02)
    if rest or after_e or not n or not e or (n[0] | e[0]) & 0x80:
        raise ValueError("This is no RSA public key: it does not consist of two positive numbers")
    return int.from_bytes(n, "big"), int.from_bytes(e, "big")


def _der(data: bytes, tag: int) -> tuple[bytes, bytes]:
    """The content of the first DER value and what follows it."""
    start = 2
    size = data[1] if len(data) > 1 else 0
    if size & 0x80:
        start += size & 0x7F
        size = int.from_bytes(data[2:start], "big")
    if data[:1] != bytes((tag,)) or len(data) < start + size:
        raise ValueError("This is no RSA public key: its bytes are not what such a key consists of")
    return data[start : start + size], data[start + size :]


for _pem in (_PRODUCTION, _TEST):
    add_key(_pem, old=False)
