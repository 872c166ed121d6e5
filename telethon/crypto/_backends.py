"""Which implementation of AES is used: the first one that is there and gives the right bytes.

It is looked for on first use, never while importing. For IGE that is cryptg, else OpenSSL, else pyaes; for counter mode
OpenSSL, else pyaes.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any, Protocol

__all__ = ["CtrBackend", "IgeBackend", "ctr", "ige"]

_HINT = {
    "cryptg": "",
    "libssl": "; installing cryptg would make it faster",
    "pyaes": "; this is very slow, installing cryptg makes it a thousand times faster",
}

# A known answer for each mode, which every implementation has to give before it is trusted.
_KEY = bytes(range(32))
_PLAIN = bytes(32)
_IGE_CIPHER = bytes.fromhex("4a7f16441cee6781e8374f261edeb88dc77147ebd5121de8d0fae7762423b6bf")
_CTR_CIPHER = bytes.fromhex("5a6e045708fb7196f02e553d02c3a692")


class IgeBackend(Protocol):
    """A module that does AES-256-IGE.

    Its functions raise ValueError for a wrong length before any native code sees it.
    """

    NAME: str

    def encrypt_ige(self, plain_text: bytes, key: bytes, iv: bytes) -> bytes:
        """Whole blocks, encrypted."""
        ...

    def decrypt_ige(self, cipher_text: bytes, key: bytes, iv: bytes) -> bytes:
        """Whole blocks, decrypted."""
        ...


class CtrBackend(Protocol):
    """A module that does AES in counter mode."""

    NAME: str

    def ctr(self, key: bytes, iv: bytes) -> Callable[[bytes], bytes]:
        """A function that en- or decrypts the next bytes of a stream."""
        ...


@cache
def ige() -> IgeBackend:
    """The best implementation of IGE.

    Raises:
        RuntimeError: there is none.
    """
    backend: IgeBackend = _first(("_cryptg", "libssl", "_pyaes"), _does_ige)
    from logging import getLogger

    getLogger("telethon.crypto.aes").info("%s is used for encryption%s", backend.NAME, _HINT[backend.NAME])
    return backend


@cache
def ctr() -> CtrBackend:
    """The best implementation of counter mode.

    Raises:
        RuntimeError: there is none.
    """
    backend: CtrBackend = _first(("libssl", "_pyaes"), _does_ctr)
    return backend


def _first(modules: tuple[str, ...], works: Callable[[Any], bool]) -> Any:
    for name in modules:
        try:
            backend = import_module(f"telethon.crypto.{name}")
            if works(backend):
                return backend
        except (ImportError, OSError, RuntimeError):
            # Not installed, made for another Python, or forbidden by the settings of the machine.
            continue
    raise RuntimeError("There is no implementation of AES on this machine; install cryptg or pyaes")


def _does_ige(backend: IgeBackend) -> bool:
    return (
        backend.encrypt_ige(_PLAIN, _KEY, _KEY) == _IGE_CIPHER
        and backend.decrypt_ige(_IGE_CIPHER, _KEY, _KEY) == _PLAIN
    )


def _does_ctr(backend: CtrBackend) -> bool:
    return backend.ctr(_KEY, _KEY[:16])(_PLAIN[:16]) == _CTR_CIPHER
