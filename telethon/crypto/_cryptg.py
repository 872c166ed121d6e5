"""AES-IGE by cryptg, an optional extension module: the fastest one.

Importing this module fails with ImportError where cryptg is not installed.
"""

from __future__ import annotations

import cryptg

from telethon.crypto._ige import check

__all__ = ["NAME", "decrypt_ige", "encrypt_ige"]

NAME = "cryptg"


def encrypt_ige(plain_text: bytes, key: bytes, iv: bytes) -> bytes:
    """Whole blocks, encrypted."""
    check(plain_text, key, iv)
    return cryptg.encrypt_ige(plain_text, key, iv)


def decrypt_ige(cipher_text: bytes, key: bytes, iv: bytes) -> bytes:
    """Whole blocks, decrypted."""
    check(cipher_text, key, iv)
    return cryptg.decrypt_ige(cipher_text, key, iv)
