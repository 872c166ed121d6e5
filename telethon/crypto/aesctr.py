"""AES in counter mode, for obfuscated connections and files from a CDN.

Source: https://core.telegram.org/mtproto/mtproto-transports#transport-obfuscation
"""

from __future__ import annotations

from telethon.crypto._backends import ctr

__all__ = ["AESModeCTR"]


class AESModeCTR:
    """One stream in counter mode; what was given to it so far decides how the next bytes are changed.

    Both methods do the same and move the same counter, so each direction of a connection needs an object of its own.

    Args:
        key: 32 bytes (16 and 24 work too).
        iv: the first value of the counter, 16 bytes, most significant byte first.

    Raises:
        ValueError: one of the lengths is wrong.

    Example:
        >>> AESModeCTR(bytes(32), bytes(16)).encrypt(b"hello")
    """

    def __init__(self, key: bytes, iv: bytes) -> None:
        # The built-in bytes() would take a number for a length.
        key = memoryview(key).tobytes()
        iv = memoryview(iv).tobytes()
        if len(key) not in (16, 24, 32) or len(iv) != 16:
            raise ValueError(
                f"AES-CTR needs a key of 16, 24 or 32 bytes and an iv of 16; these have {len(key)} and {len(iv)}"
            )
        self._update = ctr().ctr(key, iv)

    def encrypt(self, data: bytes) -> bytes:
        """The next bytes of the stream, encrypted."""
        return self._update(data if type(data) is bytes else memoryview(data).tobytes())

    def decrypt(self, data: bytes) -> bytes:
        """The next bytes of the stream, decrypted."""
        return self.encrypt(data)
