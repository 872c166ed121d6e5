"""OpenSSL's libcrypto through ctypes: the few functions that `libssl` needs.

Python's own hashing and TLS run on that library already. So it is opened by the file name of the extension modules that
are linked to it: nothing is searched for, no process is started, and it is the copy that is loaded anyway.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from ctypes import CDLL, byref, c_char, c_char_p, c_int, c_size_t, c_void_p, create_string_buffer
from importlib import import_module
from typing import Any

from telethon.crypto._ige import check_size

__all__ = ["Cipher", "Libcrypto", "open_library"]

_LINKED_TO_IT = ("_hashlib", "_ssl")
_WINDOWS_NAMES = ("libcrypto-3", "libcrypto-3-x64", "libcrypto-3-arm64", "libcrypto-1_1", "libcrypto-1_1-x64")

_AES_KEY_SIZE = 256
"""Room for a structure of 244 bytes whose fields nobody here looks at."""


def open_library() -> Libcrypto:
    """The libcrypto of this Python.

    Raises:
        RuntimeError: it has none, or hides the functions needed.
    """
    for candidate in _candidates():
        try:
            return Libcrypto(candidate)
        except AttributeError:
            continue
    raise RuntimeError("This Python comes without an OpenSSL library that others can use")


def _candidates() -> Iterator[CDLL]:
    for name in _LINKED_TO_IT:
        try:
            # A module that is part of the interpreter has no file; then the interpreter itself is looked into.
            yield CDLL(getattr(import_module(name), "__file__", None))
        except (ImportError, OSError, TypeError):
            continue
    if sys.platform == "win32":
        # There a module does not show what it is linked to, but names of loaded libraries are known.
        kernel32 = CDLL("kernel32")
        kernel32.GetModuleHandleW.restype = c_void_p
        for name in _WINDOWS_NAMES:
            handle = kernel32.GetModuleHandleW(name)
            if handle:
                yield CDLL(name, handle=handle)


def _succeeded(result: int) -> None:
    if result != 1:
        raise RuntimeError("OpenSSL refused to encrypt or decrypt; it may be restricted to other ciphers")


class Libcrypto:
    """The functions of one loaded library.

    Args:
        library: where they are.

    Attributes:
        has_ige: whether `decrypt_ige` works. It is an old function, and may be left out of a build.

    Raises:
        AttributeError: it does not have them.
    """

    def __init__(self, library: Any) -> None:
        self.library = library
        for name in ("EVP_aes_256_cbc", "EVP_aes_256_ctr", "EVP_aes_256_ecb", "EVP_CIPHER_CTX_new"):
            getattr(library, name).restype = c_void_p
        library.EVP_CIPHER_CTX_free.argtypes = [c_void_p]
        library.EVP_CIPHER_CTX_free.restype = None
        library.EVP_CIPHER_CTX_set_padding.argtypes = [c_void_p, c_int]
        library.EVP_CipherInit_ex.argtypes = [c_void_p, c_void_p, c_void_p, c_char_p, c_char_p, c_int]
        library.EVP_CipherInit_ex.restype = _succeeded
        library.EVP_CipherUpdate.argtypes = [c_void_p, c_void_p, c_void_p, c_char_p, c_int]
        library.EVP_CipherUpdate.restype = _succeeded
        try:
            library.AES_set_decrypt_key.argtypes = [c_char_p, c_int, c_void_p]
            library.AES_ige_encrypt.argtypes = [c_char_p, c_void_p, c_size_t, c_void_p, c_void_p, c_int]
            library.AES_ige_encrypt.restype = None
            self.has_ige = True
        except AttributeError:
            self.has_ige = False

    def cipher(self, name: str, key: bytes, iv: bytes | None, *, encrypt: bool = True) -> Cipher:
        """A cipher at the start of its data.

        Args:
            name: function that gives the cipher, like `EVP_aes_256_cbc`.
            key: as long as that cipher wants it.
            iv: 16 bytes, None for a cipher without one.
            encrypt: the direction.

        Raises:
            RuntimeError: OpenSSL refuses.
        """
        return Cipher(self.library, name, key, iv, encrypt)

    def decrypt_ige(self, cipher_text: bytes, key: bytes, iv: bytes) -> bytes:
        """AES-256-IGE, decrypted. The lengths must have been checked."""
        schedule = create_string_buffer(_AES_KEY_SIZE)
        self.library.AES_set_decrypt_key(key, 256, schedule)
        result = bytearray(len(cipher_text))
        self.library.AES_ige_encrypt(
            cipher_text, _address(result), len(cipher_text), schedule, create_string_buffer(iv, 32), 0
        )
        return bytes(result)


class Cipher:
    """One cipher, its key, and how far it is in its data.

    Args:
        library: where the functions are.
        name: function that gives the cipher.
        key: as long as that cipher wants it.
        iv: 16 bytes or None.
        encrypt: the direction.
    """

    def __init__(self, library: Any, name: str, key: bytes, iv: bytes | None, encrypt: bool) -> None:
        self._free = library.EVP_CIPHER_CTX_free
        self._update = library.EVP_CipherUpdate
        self._context = library.EVP_CIPHER_CTX_new()
        if not self._context:
            raise MemoryError
        function = getattr(library, name)
        function.restype = c_void_p
        library.EVP_CipherInit_ex(self._context, function(), None, key, iv, encrypt)
        library.EVP_CIPHER_CTX_set_padding(self._context, 0)

    def update(self, data: bytes) -> bytes:
        """The next bytes; as many come back as go in, which have to be whole blocks unless the cipher is a stream."""
        check_size(data)
        if not data:
            return b""
        result = bytearray(len(data))
        self._update(self._context, _address(result), byref(c_int()), data, len(data))
        return bytes(result)

    def __del__(self) -> None:
        self._free(self._context)


def _address(buffer: bytearray) -> Any:
    """A pointer to the bytes of a buffer that is not empty."""
    return byref(c_char.from_buffer(buffer))
