"""AES-256 in IGE mode, which encrypts every message and every file from a secret chat.

Source: https://core.telegram.org/mtproto/description#mtproto-encrypted-message
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon._core.oldnames import old_names
from telethon._core.rand import system_random
from telethon.crypto._backends import ige

if not TYPE_CHECKING:
    __getattr__ = old_names(__name__)

__all__ = ["AES"]


class AES:
    """AES-256-IGE by the fastest implementation that is installed.

    That is cryptg, else OpenSSL's library as Python itself uses it, else pyaes. It is looked for on the first call; all
    three give the same bytes and refuse the same lengths.
    """

    @staticmethod
    def decrypt_ige(cipher_text: bytes, key: bytes, iv: bytes) -> bytes:
        """The plaintext of some ciphertext, padding included.

        Args:
            cipher_text: whole blocks of 16 bytes.
            key: 32 bytes.
            iv: 32 bytes.

        Raises:
            ValueError: one of the lengths is wrong.
        """
        if not (type(cipher_text) is bytes and type(key) is bytes and type(iv) is bytes):
            cipher_text, key, iv = _as_bytes(cipher_text, key, iv)
        return ige().decrypt_ige(cipher_text, key, iv)

    @staticmethod
    def encrypt_ige(plain_text: bytes, key: bytes, iv: bytes) -> bytes:
        """The ciphertext of some plaintext.

        Args:
            plain_text: any bytes; an unfinished last block is filled up with random ones.
            key: 32 bytes.
            iv: 32 bytes.

        Raises:
            ValueError: key or iv is not 32 bytes long.

        Example:
            >>> cipher_text = AES.encrypt_ige(b"sixteen bytes...", bytes(32), bytes(32))
        """
        if not (type(plain_text) is bytes and type(key) is bytes and type(iv) is bytes):
            plain_text, key, iv = _as_bytes(plain_text, key, iv)
        missing = -len(plain_text) % 16
        if missing:
            plain_text += system_random(missing)
        return ige().encrypt_ige(plain_text, key, iv)


def _as_bytes(*values: bytes) -> tuple[bytes, ...]:
    """Other buffers as bytes; a number is not taken for a length."""
    return tuple(memoryview(value).tobytes() for value in values)
