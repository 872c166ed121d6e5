"""Keys made from keys."""

from __future__ import annotations

from hashlib import sha1, sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telethon.crypto import kdf

AUTH_KEY = bytes((i * 7 + 3) & 255 for i in range(256))
MSG_KEY = bytes(range(16))


# What Telethon 1.45 derives from the same bytes.
@pytest.mark.parametrize(
    ("x", "key", "iv"),
    [
        (
            0,
            "992e00c2379b82a0ef00c4229f63321265c1866cf6eceaacf402ae8c7ba16942",
            "c83e5d56adb08c2520ebc8ed8406fa9e929a8bcf4cac6f7fc774c60d5ee4c19c",
        ),
        (
            8,
            "1c2b51563cfcd1c6fefce1060f4f870abe564504aba57255e232a6ab4216c2cc",
            "3f5f917edda76ce6c64047eb2ec62024cbc1997e0f1069f799a13aa67f616441",
        ),
    ],
)
def test_M3_version_2_is_what_telethon_derives(x: int, key: str, iv: str) -> None:
    assert [part.hex() for part in kdf.aes_key_iv_v2(AUTH_KEY, MSG_KEY, x)] == [key, iv]


def substr(data: bytes, start: int, length: int) -> bytes:
    return data[start:][:length]


@given(st.binary(min_size=256, max_size=256), st.binary(max_size=200), st.sampled_from([0, 8]))
def test_M3_version_2_is_what_the_page_says(auth_key: bytes, plaintext: bytes, x: int) -> None:
    msg_key_large = sha256(substr(auth_key, 88 + x, 32) + plaintext).digest()
    msg_key = substr(msg_key_large, 8, 16)
    assert kdf.msg_key_v2(auth_key, plaintext, x) == msg_key
    sha256_a = sha256(msg_key + substr(auth_key, x, 36)).digest()
    sha256_b = sha256(substr(auth_key, 40 + x, 36) + msg_key).digest()
    aes_key = substr(sha256_a, 0, 8) + substr(sha256_b, 8, 16) + substr(sha256_a, 24, 8)
    aes_iv = substr(sha256_b, 0, 8) + substr(sha256_a, 8, 16) + substr(sha256_b, 24, 8)
    assert kdf.aes_key_iv_v2(auth_key, msg_key, x) == (aes_key, aes_iv)


@given(st.binary(min_size=256, max_size=256), st.binary(max_size=200), st.sampled_from([0, 8]))
def test_H17_version_1_is_what_the_page_says(auth_key: bytes, plaintext: bytes, x: int) -> None:
    msg_key = substr(sha1(plaintext).digest(), 4, 16)
    assert kdf.msg_key_v1(plaintext) == msg_key
    sha1_a = sha1(msg_key + substr(auth_key, x, 32)).digest()
    sha1_b = sha1(substr(auth_key, 32 + x, 16) + msg_key + substr(auth_key, 48 + x, 16)).digest()
    sha1_c = sha1(substr(auth_key, 64 + x, 32) + msg_key).digest()
    sha1_d = sha1(msg_key + substr(auth_key, 96 + x, 32)).digest()
    aes_key = substr(sha1_a, 0, 8) + substr(sha1_b, 8, 12) + substr(sha1_c, 4, 12)
    aes_iv = substr(sha1_a, 8, 12) + substr(sha1_b, 0, 8) + substr(sha1_c, 16, 4) + substr(sha1_d, 0, 8)
    assert kdf.aes_key_iv_v1(auth_key, msg_key, x) == (aes_key, aes_iv)
    assert len(aes_key) == len(aes_iv) == 32


def test_the_sides_have_different_keys() -> None:
    assert kdf.msg_key_v2(AUTH_KEY, b"text", 0) != kdf.msg_key_v2(AUTH_KEY, b"text", 8)
    assert kdf.aes_key_iv_v1(AUTH_KEY, MSG_KEY, 0) != kdf.aes_key_iv_v1(AUTH_KEY, MSG_KEY, 8)


def test_the_key_exchange_has_the_keys_of_the_official_sample() -> None:
    # https://core.telegram.org/mtproto/samples-auth_key
    new_nonce = bytes.fromhex("311C85DB234AA2640AFC4A76A735CF5B1F0FD68BD17FA181E1229AD867CC024D")
    server_nonce = bytes.fromhex("A5CF4D33F4A11EA877BA4AA573907330")
    key, iv = kdf.tmp_aes_key_iv(new_nonce, server_nonce)
    assert key == bytes.fromhex("F011280887C7BB01DF0FC4E17830E0B91FBB8BE4B2267CB985AE25F33B527253")
    assert iv == bytes.fromhex("3212D579EE35452ED23E0D0C92841AA7D31B2E9BDEF2151E80D15860311C85DB")
