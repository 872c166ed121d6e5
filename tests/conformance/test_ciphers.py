"""Many random blocks, by every implementation of AES and through RSA_PAD."""

from __future__ import annotations

import hashlib
import os
import random

import pytest
from ciphers import slow_decrypt_ige
from slow import slow

from telethon.crypto import _pyaes, aes, libssl, rsa
from telethon.crypto.rsa import ServerKey

try:
    from telethon.crypto import _cryptg
except ImportError:  # it is optional
    _cryptg = None  # type: ignore[assignment]


def blocks(count: int) -> bytes:
    return random.Random(count).randbytes(16 * count)


def all_the_same(data: bytes) -> None:
    key, iv = os.urandom(32), os.urandom(32)
    used = [backend for backend in (_cryptg, libssl, _pyaes) if backend is not None]
    assert len(used) >= 2
    assert len({backend.encrypt_ige(data, key, iv) for backend in used}) == 1
    assert len({backend.decrypt_ige(data, key, iv) for backend in used}) == 1


def test_X12_two_thousand_random_blocks_by_all_three() -> None:
    all_the_same(blocks(2000))


@slow
@pytest.mark.timeout(600)
def test_X12_a_hundred_thousand_random_blocks_by_all_three() -> None:
    all_the_same(blocks(100_000))


def test_H4_each_of_ten_thousand_blocks_can_be_opened() -> None:
    """With the exponent 1 RSA hides nothing, and this modulus refuses half of the blocks, which are made again."""
    key = ServerKey((1 << 2047) + 1, 1)
    asked = 0
    seen: set[bytes] = set()
    for seed in range(10_000):
        source = random.Random(seed)

        def rand(count: int, source: random.Random = source) -> bytes:
            nonlocal asked
            asked += count == 32
            return source.randbytes(count)

        data = seed.to_bytes(4, "big") * (1 + seed % 36)
        block = rsa.rsa_pad(data, key, rand)
        assert len(block) == 256
        assert int.from_bytes(block, "big") < key.n
        encrypted = block[32:]
        temp_key = bytes(a ^ b for a, b in zip(block[:32], hashlib.sha256(encrypted).digest(), strict=True))
        opened = aes.AES.decrypt_ige(encrypted, temp_key, bytes(32))
        if seed < 20:
            assert opened == slow_decrypt_ige(encrypted, temp_key, bytes(32))
        padded = opened[:192][::-1]
        assert padded[: len(data)] == data
        assert opened[192:] == hashlib.sha256(temp_key + padded).digest()
        seen.add(temp_key)
    assert len(seen) == 10_000
    assert 15_000 < asked < 25_000, "about every second block is made again"
