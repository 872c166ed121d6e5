"""The guard in front of native code, and the chain."""

from __future__ import annotations

from typing import Any

import pyaes
import pytest

from telethon.crypto import _ige

KEY = bytes(range(32))


@pytest.mark.parametrize("size", [n for n in range(201) if n % 16])
def test_M1_unfinished_blocks_are_refused(size: int) -> None:
    with pytest.raises(ValueError, match=f"{size} bytes are not"):
        _ige.check(bytes(size), KEY, KEY)


@pytest.mark.parametrize("size", range(0, 201, 16))
def test_M1_whole_blocks_pass(size: int) -> None:
    _ige.check(bytes(size), KEY, KEY)


@pytest.mark.parametrize(("key", "iv"), [(b"", KEY), (KEY[:16], KEY), (KEY + b"x", KEY), (KEY, b""), (KEY, KEY[:31])])
def test_M1_wrong_keys_are_refused(key: bytes, iv: bytes) -> None:
    with pytest.raises(ValueError, match=rf"len\(key\) = {len(key)}, len\(iv\) = {len(iv)}"):
        _ige.check(bytes(16), key, iv)


@pytest.mark.parametrize("place", range(3))
@pytest.mark.parametrize("value", [bytearray(32), memoryview(KEY), "x" * 32, 32, None])
def test_only_bytes_pass(place: int, value: Any) -> None:
    args: list[Any] = [bytes(32), KEY, KEY]
    args[place] = value
    with pytest.raises(TypeError):
        _ige.check(*args)


def test_more_than_a_native_function_can_count_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _ige.MAX_BYTES < 2**31
    monkeypatch.setattr(_ige, "MAX_BYTES", 32)
    _ige.check(bytes(32), KEY, KEY)
    with pytest.raises(ValueError, match="the most is 32"):
        _ige.check(bytes(48), KEY, KEY)
    _ige.check_size(bytes(32))
    with pytest.raises(ValueError, match="33 bytes are too many"):
        _ige.check_size(bytes(33))


# Published with OpenSSL's implementation; both are for AES-128.
OPENSSL_VECTORS = [
    (
        "000102030405060708090a0b0c0d0e0f",
        "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
        "00" * 32,
        "1a8519a6557be652e9da8e43da4ef4453cf456b4ca488aa383c79c98b34797cb",
    ),
    (
        b"This is an imple".hex(),
        b"mentation of IGE mode for OpenSS".hex(),
        "99706487a1cde613bc6de0b6f24b1c7aa448c8b9c3403e3467a8cad89340f53b",
        b"L. Let's hope Ben got it right!\n".hex(),
    ),
]


@pytest.mark.parametrize(("key", "iv", "plain", "cipher"), OPENSSL_VECTORS)
def test_the_chain_gives_the_vectors_of_openssl(key: str, iv: str, plain: str, cipher: str) -> None:
    aes = pyaes.AES(bytes.fromhex(key))
    first, second = bytes.fromhex(iv[:32]), bytes.fromhex(iv[32:])
    encrypted = _ige.chain(lambda block: bytes(aes.encrypt(block)), bytes.fromhex(plain), first, second)
    assert encrypted.hex() == cipher
    decrypted = _ige.chain(lambda block: bytes(aes.decrypt(block)), encrypted, second, first)
    assert decrypted.hex() == plain


def test_the_chain_of_nothing_is_nothing() -> None:
    assert _ige.chain(lambda block: block, b"", bytes(16), bytes(16)) == b""
