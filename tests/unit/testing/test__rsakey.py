from __future__ import annotations

import pytest

from telethon._core.rand import system_random
from telethon.crypto import rsa as crypto_rsa
from telethon.testing._rsakey import TEST_KEY, ServerRsaKey


def test_what_is_encrypted_with_the_public_key_can_be_read() -> None:
    for _ in range(20):
        block = b"\0" + system_random(255)
        encrypted = pow(int.from_bytes(block, "big"), TEST_KEY.e, TEST_KEY.n).to_bytes(256, "big")
        assert TEST_KEY.decrypt(encrypted) == block


def test_the_pem_is_the_public_key() -> None:
    rsa = pytest.importorskip("rsa")
    key = rsa.PublicKey.load_pkcs1(TEST_KEY.pem.encode())
    assert (key.n, key.e) == (TEST_KEY.n, TEST_KEY.e)


def test_the_fingerprint_is_the_one_a_client_computes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crypto_rsa, "_server_keys", {})
    crypto_rsa.add_key(TEST_KEY.pem, old=False)
    (number,) = crypto_rsa.current_keys()
    assert number & (1 << 64) - 1 == TEST_KEY.fingerprint & (1 << 64) - 1


def test_the_size_is_checked() -> None:
    with pytest.raises(ValueError, match="has 6"):
        ServerRsaKey(7, 5)


def test_nothing_secret_is_shown() -> None:
    assert repr(TEST_KEY) == f"ServerRsaKey(fingerprint={TEST_KEY.fingerprint:#x})"


def test_a_new_key_can_be_made(monkeypatch: pytest.MonkeyPatch) -> None:
    rsa = pytest.importorskip("rsa")
    # Making one takes seconds; that its numbers are used is all there is to see.
    made = rsa.PrivateKey(TEST_KEY.n, TEST_KEY.e, 1, TEST_KEY._p, TEST_KEY._q)
    monkeypatch.setattr(rsa, "newkeys", lambda bits: (None, made) if bits == 2048 else None)
    assert ServerRsaKey.generate().fingerprint == TEST_KEY.fingerprint
