"""AES by libcrypto; that it gives the same bytes as the others is checked in `test_aes` and `test_aesctr`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from telethon.crypto import _libcrypto, libssl


@pytest.fixture
def no_library(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(_libcrypto, "_candidates", list)
    libssl._library.cache_clear()
    yield
    libssl._library.cache_clear()


def test_the_library_is_opened_once() -> None:
    assert libssl._library() is libssl._library()


@pytest.mark.usefixtures("no_library")
def test_without_a_library_the_error_says_so() -> None:
    for call in (libssl.encrypt_ige, libssl.decrypt_ige):
        with pytest.raises(RuntimeError, match="without an OpenSSL library"):
            call(bytes(16), bytes(32), bytes(32))
    with pytest.raises(RuntimeError, match="without an OpenSSL library"):
        libssl.ctr(bytes(32), bytes(16))


@pytest.mark.usefixtures("no_library")
def test_M1_lengths_are_checked_before_the_library_is_looked_for() -> None:
    for call in (libssl.encrypt_ige, libssl.decrypt_ige):
        with pytest.raises(ValueError, match="whole blocks"):
            call(bytes(15), bytes(32), bytes(32))
        assert call(b"", bytes(32), bytes(32)) == b""


@pytest.mark.parametrize("has_ige", [True, False])
@pytest.mark.parametrize("size", [16, 32, 48, 160])
def test_there_and_back(monkeypatch: pytest.MonkeyPatch, size: int, has_ige: bool) -> None:
    monkeypatch.setattr(libssl._library(), "has_ige", has_ige)
    data, key, iv = bytes(range(size)), bytes(range(32)), bytes(range(50, 82))
    encrypted = libssl.encrypt_ige(data, key, iv)
    assert len(encrypted) == size
    assert libssl.decrypt_ige(encrypted, key, iv) == data
    assert iv == bytes(range(50, 82)), "the argument was written to"


def test_M1_the_chain_without_the_old_function_keeps_its_arguments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libssl._library(), "has_ige", False)
    plain = bytes.fromhex("00112233445566778899aabbccddeeff")
    assert libssl.decrypt_ige(bytes.fromhex("8ea2b7ca516745bfeafc49904b496089"), bytes(range(32)), bytes(32)) == plain


def test_counter_mode_takes_every_size_of_key() -> None:
    for size in (16, 24, 32):
        assert len(libssl.ctr(bytes(size), bytes(16))(bytes(5))) == 5


def test_it_has_a_name() -> None:
    assert libssl.NAME == "libssl"
