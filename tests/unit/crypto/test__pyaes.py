"""AES by pyaes."""

from __future__ import annotations

import pytest

from telethon.crypto import _pyaes


def test_one_block_is_the_vector_of_fips_197() -> None:
    plain = bytes.fromhex("00112233445566778899aabbccddeeff")
    cipher = _pyaes.encrypt_ige(plain, bytes(range(32)), bytes(32))
    assert cipher.hex() == "8ea2b7ca516745bfeafc49904b496089"
    assert _pyaes.decrypt_ige(cipher, bytes(range(32)), bytes(32)) == plain


def test_bad_lengths_are_refused() -> None:
    for function in (_pyaes.encrypt_ige, _pyaes.decrypt_ige):
        with pytest.raises(ValueError, match="whole blocks"):
            function(bytes(15), bytes(32), bytes(32))


def test_counter_mode_goes_on_where_it_was() -> None:
    key, iv = bytes(range(32)), bytes(range(16))
    whole = _pyaes.ctr(key, iv)(bytes(100))
    update = _pyaes.ctr(key, iv)
    assert update(bytes(33)) + update(b"") + update(bytes(67)) == whole
    assert whole.hex().startswith("5a6e045708fb7196f02e553d02c3a692")


def test_it_has_a_name() -> None:
    assert _pyaes.NAME == "pyaes"
