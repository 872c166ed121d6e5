"""AES by pyaes, in pure Python: works everywhere, at half a megabyte in a second.

Importing this module fails with ImportError where pyaes is not installed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyaes

from telethon.crypto._ige import chain, check

__all__ = ["NAME", "ctr", "decrypt_ige", "encrypt_ige"]

NAME = "pyaes"

# It has no annotations.
_pyaes: Any = pyaes


def encrypt_ige(plain_text: bytes, key: bytes, iv: bytes) -> bytes:
    """Whole blocks, encrypted."""
    check(plain_text, key, iv)
    cipher = _pyaes.AES(key)
    return chain(lambda block: bytes(cipher.encrypt(block)), plain_text, iv[:16], iv[16:])


def decrypt_ige(cipher_text: bytes, key: bytes, iv: bytes) -> bytes:
    """Whole blocks, decrypted."""
    check(cipher_text, key, iv)
    cipher = _pyaes.AES(key)
    return chain(lambda block: bytes(cipher.decrypt(block)), cipher_text, iv[16:], iv[:16])


def ctr(key: bytes, iv: bytes) -> Callable[[bytes], bytes]:
    """A function that en- or decrypts the next bytes of a stream in counter mode."""
    mode = _pyaes.AESModeOfOperationCTR(key, _pyaes.Counter(int.from_bytes(iv, "big")))

    def update(data: bytes) -> bytes:
        return bytes(mode.encrypt(data))

    return update
