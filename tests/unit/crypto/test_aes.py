"""AES-IGE by every back end, and the class in front of them."""

from __future__ import annotations

from hashlib import sha256
from types import SimpleNamespace
from typing import Any

import pytest
from ciphers import slow_decrypt_ige, slow_encrypt_ige
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from telethon.crypto import AES, aes

KEY = bytes(range(32))
IV = bytes(range(100, 132))


def test_one_block_is_the_vector_of_fips_197(backend: Any) -> None:
    plain = bytes.fromhex("00112233445566778899aabbccddeeff")
    cipher = bytes.fromhex("8ea2b7ca516745bfeafc49904b496089")
    assert backend.encrypt_ige(plain, KEY, bytes(32)) == cipher
    assert backend.decrypt_ige(cipher, KEY, bytes(32)) == plain


def test_two_blocks_are_the_vector_of_another_library(backend: Any) -> None:
    cipher = bytes.fromhex("4a7f16441cee6781e8374f261edeb88dc77147ebd5121de8d0fae7762423b6bf")
    assert backend.encrypt_ige(bytes(32), KEY, KEY) == cipher
    assert backend.decrypt_ige(cipher, KEY, KEY) == bytes(32)


def test_a_longer_text_is_what_telethon_gives(backend: Any) -> None:
    data = bytes((i * i + i) & 255 for i in range(4096))
    key = bytes(range(16)) + bytes(range(15, -1, -1))
    encrypted = sha256(backend.encrypt_ige(data, key, IV)).hexdigest()
    assert encrypted == "3a972c74f3bda1ba1d7c244afa83fa4fd744f638ed9339dea18e6095c75ad7af"
    decrypted = sha256(backend.decrypt_ige(data, key, IV)).hexdigest()
    assert decrypted == "b221eb8ad3bf583c3b6e2bc702df9891fa1f0bb02b7ee51c14649d616204238e"


@given(
    st.binary(max_size=320).map(lambda data: data[: len(data) // 16 * 16]),
    st.binary(min_size=32, max_size=32),
    st.binary(min_size=32, max_size=32),
)
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_X12_all_back_ends_give_the_same_bytes(all_backends: list[Any], data: bytes, key: bytes, iv: bytes) -> None:
    encrypted = slow_encrypt_ige(data, key, iv)
    decrypted = slow_decrypt_ige(data, key, iv)
    for backend in all_backends:
        assert backend.encrypt_ige(data, key, iv) == encrypted
        assert backend.decrypt_ige(data, key, iv) == decrypted


def test_X12_a_hundred_thousand_blocks_are_the_same_by_all_fast_ones(all_backends: list[Any]) -> None:
    data = b"".join(sha256(i.to_bytes(4, "big")).digest() for i in range(50_000))
    fast = all_backends[:2]
    assert len({backend.encrypt_ige(data, KEY, IV) for backend in fast}) == 1
    assert len({backend.decrypt_ige(data, KEY, IV) for backend in fast}) == 1
    # The slow ones on the last part of it, which depends on everything before.
    encrypted, start = fast[0].encrypt_ige(data, KEY, IV), len(data) - 16_000
    iv = encrypted[start - 16 : start] + data[start - 16 : start]
    for backend in all_backends[2:]:
        assert backend.encrypt_ige(data[start:], KEY, iv) == encrypted[start:]
        assert backend.decrypt_ige(encrypted[start:], KEY, iv) == data[start:]


@pytest.mark.parametrize("size", [n for n in range(201) if n % 16] + [511, 4095])
def test_M1_X12_bad_lengths_are_refused_before_the_call(backend: Any, size: int) -> None:
    # Native code would abort the process, so that this test is still running says something too.
    for function in (backend.encrypt_ige, backend.decrypt_ige):
        with pytest.raises(ValueError, match="whole blocks"):
            function(bytes(size), KEY, IV)


@pytest.mark.parametrize(("key", "iv"), [(KEY[:16], IV), (KEY, IV[:16]), (b"", b"")])
def test_M1_X12_bad_keys_are_refused_before_the_call(backend: Any, key: bytes, iv: bytes) -> None:
    for function in (backend.encrypt_ige, backend.decrypt_ige):
        with pytest.raises(ValueError, match="32 bytes"):
            function(bytes(16), key, iv)


def test_nothing_stays_nothing(backend: Any) -> None:
    assert backend.encrypt_ige(b"", KEY, IV) == backend.decrypt_ige(b"", KEY, IV) == b""


@pytest.mark.parametrize("size", range(1, 50))
def test_the_last_block_is_filled_up(size: int) -> None:
    plain = bytes(range(size))
    cipher = AES.encrypt_ige(plain, KEY, IV)
    assert len(cipher) == (size + 15) // 16 * 16
    assert AES.decrypt_ige(cipher, KEY, IV)[:size] == plain


def test_X10_the_filling_is_random() -> None:
    assert len({AES.encrypt_ige(b"x", KEY, IV) for _ in range(20)}) == 20


def test_whole_blocks_are_not_filled_up() -> None:
    assert AES.encrypt_ige(bytes(32), KEY, KEY).hex().startswith("4a7f16441cee6781")
    assert len(AES.encrypt_ige(bytes(32), KEY, KEY)) == 32


def test_M1_decryption_refuses_unfinished_blocks() -> None:
    with pytest.raises(ValueError, match="17 bytes are not"):
        AES.decrypt_ige(bytes(17), KEY, IV)


@pytest.mark.parametrize("kind", [bytearray, memoryview])
def test_any_buffer_will_do(kind: Any) -> None:
    cipher = AES.encrypt_ige(kind(bytes(32)), kind(KEY), kind(KEY))
    assert cipher.hex().startswith("4a7f16441cee6781")
    assert AES.decrypt_ige(kind(cipher), kind(KEY), kind(KEY)) == bytes(32)


@pytest.mark.parametrize("value", [32, "x" * 32, None])
def test_a_number_is_not_a_length(value: Any) -> None:
    with pytest.raises(TypeError):
        AES.encrypt_ige(value, KEY, IV)
    with pytest.raises(TypeError):
        AES.encrypt_ige(bytes(16), value, IV)
    with pytest.raises(TypeError):
        AES.decrypt_ige(bytes(16), KEY, value)


def test_the_chosen_back_end_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = SimpleNamespace(encrypt_ige=lambda *args: b"encrypted", decrypt_ige=lambda *args: b"decrypted")
    monkeypatch.setattr(aes, "ige", lambda: fake)
    assert AES.encrypt_ige(bytes(16), KEY, IV) == b"encrypted"
    assert AES.decrypt_ige(bytes(16), KEY, IV) == b"decrypted"
