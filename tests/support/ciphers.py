"""AES-256-IGE written down a second time, block by block over pyaes, to check the fast ones against.

Where thousands of exchanges are played, `encrypt_ige` and `decrypt_ige` take cryptg itself when it is installed: no
code of the library either.
"""

from __future__ import annotations

import pyaes

try:
    import cryptg
except ImportError:
    cryptg = None


def _blocks(data: bytes) -> list[bytes]:
    return [data[i : i + 16] for i in range(0, len(data), 16)]


def _xor(a: bytes, b: bytes) -> bytes:
    return bytes(x ^ y for x, y in zip(a, b, strict=True))


def slow_encrypt_ige(plain: bytes, key: bytes, iv: bytes) -> bytes:
    aes = pyaes.AES(key)
    c_before, m_before = iv[:16], iv[16:]
    out = []
    for m in _blocks(plain):
        c_before = _xor(bytes(aes.encrypt(_xor(m, c_before))), m_before)
        m_before = m
        out.append(c_before)
    return b"".join(out)


def slow_decrypt_ige(cipher: bytes, key: bytes, iv: bytes) -> bytes:
    aes = pyaes.AES(key)
    c_before, m_before = iv[:16], iv[16:]
    out = []
    for c in _blocks(cipher):
        m_before = _xor(bytes(aes.decrypt(_xor(c, m_before))), c_before)
        c_before = c
        out.append(m_before)
    return b"".join(out)


def encrypt_ige(plain: bytes, key: bytes, iv: bytes) -> bytes:
    """As fast as it goes; only whole blocks, because cryptg would fill up the last one."""
    if len(plain) % 16:
        raise ValueError(f"{len(plain)} bytes are no whole blocks")
    return cryptg.encrypt_ige(plain, key, iv) if cryptg else slow_encrypt_ige(plain, key, iv)


def decrypt_ige(cipher: bytes, key: bytes, iv: bytes) -> bytes:
    """As fast as it goes; only whole blocks."""
    if len(cipher) % 16:
        raise ValueError(f"{len(cipher)} bytes are no whole blocks")
    return cryptg.decrypt_ige(cipher, key, iv) if cryptg else slow_decrypt_ige(cipher, key, iv)
