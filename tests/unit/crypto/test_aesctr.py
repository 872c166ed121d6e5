"""AES in counter mode by every back end."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telethon.crypto import AESModeCTR, _pyaes, aesctr, libssl

# NIST SP 800-38A, F.5.
COUNTER = bytes.fromhex("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff")
PLAIN = bytes.fromhex(
    "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
    "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710"
)
NIST = {
    "2b7e151628aed2a6abf7158809cf4f3c": (
        "874d6191b620e3261bef6864990db6ce9806f66b7970fdff8617187bb9fffdff"
        "5ae4df3edbd5d35e5b4f09020db03eab1e031dda2fbe03d1792170a0f3009cee"
    ),
    "8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b": (
        "1abc932417521ca24f2b0459fe7e6e0b090339ec0aa6faefd5ccc2c6f4ce8e94"
        "1e36b26bd1ebc670d1bd1d665620abf74f78a7f6d29809585a97daec58c6b050"
    ),
    "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4": (
        "601ec313775789a5b7a7f504bbf3d228f443e3ca4d62b59aca84e990cacaf5c5"
        "2b0930daa23de94ce87017ba2d84988ddfc9c58db67aada613c2dd08457941a6"
    ),
}
KEY = bytes.fromhex(list(NIST)[-1])


@pytest.fixture(params=[libssl, _pyaes], ids=["libssl", "pyaes"])
def backend(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(aesctr, "ctr", lambda: request.param)
    return request.param


@pytest.mark.parametrize(("key", "cipher"), NIST.items())
def test_the_vectors_of_nist(backend: Any, key: str, cipher: str) -> None:
    assert AESModeCTR(bytes.fromhex(key), COUNTER).encrypt(PLAIN).hex() == cipher
    assert AESModeCTR(bytes.fromhex(key), COUNTER).decrypt(bytes.fromhex(cipher)) == PLAIN


def test_it_is_a_stream(backend: Any) -> None:
    cipher = bytes.fromhex(NIST[KEY.hex()])
    stream = AESModeCTR(KEY, COUNTER)
    pieces = [stream.encrypt(PLAIN[at : at + 7]) for at in range(0, 64, 7)]
    assert b"".join(pieces) == cipher
    assert all(type(piece) is bytes for piece in pieces)


def test_both_methods_move_the_same_counter(backend: Any) -> None:
    stream = AESModeCTR(bytes(range(32)), bytes(range(16)))
    assert stream.encrypt(bytes(5)).hex() == "5a6e045708"
    assert stream.decrypt(bytes(5)).hex() == "fb7196f02e"
    assert stream.encrypt(bytes(5)).hex() == "553d02c3a6"


def test_nothing_stays_nothing(backend: Any) -> None:
    stream = AESModeCTR(KEY, COUNTER)
    assert stream.encrypt(b"") == b""
    assert stream.encrypt(PLAIN).hex() == NIST[KEY.hex()]


def test_the_counter_begins_again_after_its_end(backend: Any) -> None:
    streams = [AESModeCTR(KEY, b"\xff" * 16), AESModeCTR(KEY, bytes(16))]
    assert streams[0].encrypt(bytes(32))[16:] == streams[1].encrypt(bytes(16))


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=16, max_size=16), st.lists(st.binary(max_size=70)))
@settings(max_examples=100, deadline=None)
def test_X12_both_back_ends_give_the_same_bytes(key: bytes, iv: bytes, pieces: list[bytes]) -> None:
    fast, slow = libssl.ctr(key, iv), _pyaes.ctr(key, iv)
    assert [fast(piece) for piece in pieces] == [slow(piece) for piece in pieces]


@pytest.mark.parametrize(("key", "iv"), [(b"", 16), (b"x" * 31, 16), (b"x" * 33, 16), (KEY, 0), (KEY, 15), (KEY, 32)])
def test_M1_bad_lengths_are_refused(key: bytes, iv: int) -> None:
    with pytest.raises(ValueError, match=f"{len(key)} and {iv}"):
        AESModeCTR(key, bytes(iv))


@pytest.mark.parametrize("kind", [bytearray, memoryview])
def test_any_buffer_will_do(kind: Any) -> None:
    assert AESModeCTR(kind(KEY), kind(COUNTER)).encrypt(kind(PLAIN)).hex() == NIST[KEY.hex()]


@pytest.mark.parametrize("value", [16, "x" * 16, None])
def test_a_number_is_not_a_length(value: Any) -> None:
    with pytest.raises(TypeError):
        AESModeCTR(value, COUNTER)
    with pytest.raises(TypeError):
        AESModeCTR(KEY, value)
    with pytest.raises(TypeError):
        AESModeCTR(KEY, COUNTER).encrypt(value)
