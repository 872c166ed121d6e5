"""AES by OpenSSL's libcrypto: the second choice for IGE, the first for counter mode.

OpenSSL has hardware AES only behind its EVP functions, and they do not know IGE. Encryption can be written as CBC,
though. With y[i] = c[i] ^ m[i-1] the chain of IGE becomes

    y[i] = E(x[i] ^ y[i-1])     x[i] = m[i] ^ m[i-2]     y[-1] = iv[0:16], m[-1] = iv[16:32], m[-2] = 0

which is CBC of x: three passes over the buffer, two of them an exclusive or. Decryption feeds plaintext back into the
cipher and has no such form; `AES_ige_encrypt` does it where the library has it, else it goes block after block.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from telethon.crypto._ige import BLOCK, chain, check

if TYPE_CHECKING:
    from telethon.crypto._libcrypto import Libcrypto

__all__ = ["NAME", "ctr", "decrypt_ige", "encrypt_ige"]

NAME = "libssl"


def encrypt_ige(plain_text: bytes, key: bytes, iv: bytes) -> bytes:
    """Whole blocks, encrypted with AES-256-IGE.

    Args:
        plain_text: whole blocks of 16 bytes.
        key: 32 bytes.
        iv: 32 bytes.

    Raises:
        ValueError: one of the lengths is wrong.
        RuntimeError: this Python comes without a libcrypto that can be used.
    """
    check(plain_text, key, iv)
    if not plain_text:
        return b""
    before = iv[BLOCK:] + plain_text[:-BLOCK]
    mixed = _xor(plain_text, bytes(BLOCK) + before[:-BLOCK])
    return _xor(_library().cipher("EVP_aes_256_cbc", key, iv[:BLOCK]).update(mixed), before)


def decrypt_ige(cipher_text: bytes, key: bytes, iv: bytes) -> bytes:
    """Whole blocks, decrypted with AES-256-IGE; arguments and errors as `encrypt_ige`."""
    check(cipher_text, key, iv)
    if not cipher_text:
        return b""
    library = _library()
    if library.has_ige:
        return library.decrypt_ige(cipher_text, key, iv)
    block = library.cipher("EVP_aes_256_ecb", key, None, encrypt=False).update
    return chain(block, cipher_text, iv[BLOCK:], iv[:BLOCK])


def ctr(key: bytes, iv: bytes) -> Callable[[bytes], bytes]:
    """A function that en- or decrypts the next bytes of a stream in counter mode.

    Raises:
        RuntimeError: this Python comes without a libcrypto that can be used.
    """
    return _library().cipher(f"EVP_aes_{len(key) * 8}_ctr", key, iv).update


@cache
def _library() -> Libcrypto:
    # In here, so that ctypes is only loaded where there is no cryptg, or for an obfuscated connection.
    from telethon.crypto._libcrypto import open_library

    return open_library()


def _xor(one: bytes, other: bytes) -> bytes:
    """Two buffers of one size; as numbers, because that is the fastest way without a dependency."""
    return (int.from_bytes(one, "little") ^ int.from_bytes(other, "little")).to_bytes(len(one), "little")
