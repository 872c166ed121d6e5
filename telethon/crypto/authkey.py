"""The authorization key of a session and the numbers that follow from it.

Source: https://core.telegram.org/mtproto/auth_key
"""

from __future__ import annotations

from hashlib import sha1
from hmac import compare_digest
from struct import pack

__all__ = ["AuthKey"]


class AuthKey:
    """An authorization key, or the place for one that is not there yet.

    It is true when it holds a key. Printing it shows nothing of the key.

    Args:
        data: the 256 bytes, another `AuthKey` to copy, or None.

    Attributes:
        aux_hash: the first 8 bytes of the key's SHA-1 as an unsigned number, None without a key.
        key_id: the last 8 bytes of it, which name the key in every message, None without a key.

    Example:
        >>> AuthKey(client.session.auth_key.key) == client.session.auth_key
        True
    """

    _key: bytes | None
    aux_hash: int | None
    key_id: int | None

    def __init__(self, data: bytes | AuthKey | None) -> None:
        self.key = data

    @property
    def key(self) -> bytes | None:
        """The bytes of the key, None without one; assigning changes the other attributes too."""
        return self._key

    @key.setter
    def key(self, value: bytes | AuthKey | None) -> None:
        if isinstance(value, AuthKey):
            self._key = value._key
            self.aux_hash = value.aux_hash
            self.key_id = value.key_id
        elif not value:
            self._key = value
            self.aux_hash = self.key_id = None
        else:
            digest = sha1(value).digest()
            self._key = bytes(value)
            self.aux_hash = int.from_bytes(digest[:8], "little")
            self.key_id = int.from_bytes(digest[12:], "little")

    def calc_new_nonce_hash(self, new_nonce: int, number: int) -> int:
        """The number by which the server proves that it has the same key.

        Args:
            new_nonce: the 32 secret bytes of the client as a signed little-endian number.
            number: 1 when the key was taken, 2 when another one must be tried, 3 when it failed.

        Returns:
            16 bytes, again as a signed little-endian number.

        Raises:
            ValueError: there is no key.
        """
        if self.aux_hash is None:
            raise ValueError("Without a key there is nothing to prove")
        text = new_nonce.to_bytes(32, "little", signed=True) + pack("<BQ", number, self.aux_hash)
        return int.from_bytes(sha1(text).digest()[4:20], "little", signed=True)

    def __bool__(self) -> bool:
        return bool(self._key)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, type(self)):
            return False
        if self._key is None or other._key is None:
            return self._key is other._key
        return compare_digest(self._key, other._key)

    __hash__ = None  # type: ignore[assignment]  # the key can be replaced
