"""Server keys and RSA_PAD."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from hashlib import sha1, sha256

import pytest
import rsakey
from ciphers import slow_decrypt_ige
from hypothesis import given
from hypothesis import strategies as st

from telethon._core.rand import system_random
from telethon.crypto import rsa
from telethon.crypto.rsa import ServerKey
from telethon.mtproto.wire import write_bytes

PRODUCTION = 0xD09D1D85DE64FD85 - (1 << 64)
TEST = 0xB25898DF208D2603 - (1 << 64)


@pytest.fixture(autouse=True)
def keep_the_keys() -> Iterator[None]:
    before = dict(rsa._server_keys)
    yield
    rsa._server_keys.clear()
    rsa._server_keys.update(before)


def to_pem(key: ServerKey) -> str:
    import rsa as package

    return package.PublicKey(key.n, key.e).save_pkcs1().decode()


def seeded(seed: int) -> Callable[[int], bytes]:
    return random.Random(seed).randbytes


def opened(block: bytes, size: int) -> bytes:
    """Undo RSA_PAD after RSA, as a server does."""
    temp_key_xor, aes_encrypted = block[:32], block[32:]
    temp_key = bytes(a ^ b for a, b in zip(temp_key_xor, sha256(aes_encrypted).digest(), strict=True))
    data_with_hash = slow_decrypt_ige(aes_encrypted, temp_key, bytes(32))
    data_pad_reversed, digest = data_with_hash[:192], data_with_hash[192:]
    data_with_padding = data_pad_reversed[::-1]
    assert digest == sha256(temp_key + data_with_padding).digest()
    return data_with_padding[:size]


def test_H3_the_built_in_keys_are_those_of_today() -> None:
    assert set(rsa.current_keys()) == {PRODUCTION, TEST}
    for fingerprint, key in rsa.current_keys().items():
        assert key.fingerprint == fingerprint
        assert key.n.bit_length() == 2048
        assert key.e == 65537


@pytest.mark.parametrize("size", [0, 1, 104, 143, 144])
def test_H4_the_holder_of_the_key_reads_the_data(size: int) -> None:
    for seed in range(20):
        data = random.Random(seed).randbytes(size)
        encrypted = rsa.rsa_pad(data, rsakey.KEY, system_random)
        assert len(encrypted) == 256
        assert opened(rsakey.decrypt(encrypted), size) == data


def test_H4_ten_thousand_blocks_have_the_right_form() -> None:
    # With the exponent 1 nothing is hidden, so that no private key is needed. The modulus refuses half of the blocks.
    key = ServerKey((1 << 2047) + 1, 1)
    data = bytes(range(104))
    seen = set()
    for seed in range(10_000):
        block = rsa.rsa_pad(data, key, seeded(seed))
        assert int.from_bytes(block, "big") < key.n
        seen.add(block)
        if not seed % 50:
            assert opened(block, len(data)) == data
    assert len(seen) == 10_000


def test_H4_a_block_that_is_too_large_is_made_again_with_another_temp_key() -> None:
    asked: list[int] = []
    # Blocks are below such a modulus in one of two cases.
    key = ServerKey((1 << 2047) + 1, 1)
    retried = 0
    for seed in range(50):
        asked.clear()
        source = seeded(seed)
        block = rsa.rsa_pad(b"data", key, lambda count, source=source: asked.append(count) or source(count))
        assert asked[0] == 188
        assert set(asked[1:]) == {32}
        retried += len(asked) > 2
        assert opened(block, 4) == b"data"
    assert 10 < retried < 40


def test_H4_more_than_144_bytes_are_refused() -> None:
    with pytest.raises(ValueError, match="at most 144 bytes, these are 145"):
        rsa.rsa_pad(bytes(145), rsakey.KEY, system_random)


@pytest.mark.parametrize("bits", [1024, 2047, 2049, 4096])
def test_H4_other_sizes_of_keys_are_refused(bits: int) -> None:
    with pytest.raises(ValueError, match=f"needs a key of 2048 bits, this one has {bits}"):
        rsa.rsa_pad(b"", ServerKey((1 << bits) - 1, 65537), system_random)


def test_H10_a_broken_random_source_does_not_hang() -> None:
    # The block that consists of zeros only is above this modulus, and there never is another one.
    with pytest.raises(RuntimeError, match="same bytes over and over"):
        rsa.rsa_pad(b"", ServerKey((1 << 2047) + 1, 1), bytes)
    assert rsa.rsa_pad(b"", ServerKey((1 << 2048) - 1, 1), bytes)[0] >= 0x80


def test_encrypt_uses_known_keys() -> None:
    rsa.add_key(to_pem(rsakey.KEY), old=False)
    encrypted = rsa.encrypt(rsakey.KEY.fingerprint, b"data")
    assert encrypted is not None
    assert opened(rsakey.decrypt(encrypted), 4) == b"data"
    assert rsa.encrypt(rsakey.KEY.fingerprint, b"data") != encrypted


def test_encrypt_gives_nothing_for_unknown_keys() -> None:
    assert rsa.encrypt(5, b"data") is None
    assert rsa.encrypt(rsakey.KEY.fingerprint, b"data") is None


def test_H3_old_keys_are_used_only_when_asked_for() -> None:
    rsa.add_key(to_pem(rsakey.KEY), old=True)
    assert rsakey.KEY.fingerprint in rsa._server_keys
    assert rsakey.KEY.fingerprint not in rsa.current_keys()
    assert rsa.encrypt(rsakey.KEY.fingerprint, b"data") is None
    encrypted = rsa.encrypt(rsakey.KEY.fingerprint, b"data", use_old=True)
    assert encrypted is not None
    # The padding of before 2021: SHA-1, data, random bytes; the first byte of the block is 0.
    block = rsakey.decrypt(encrypted)
    assert block[:25] == b"\0" + sha1(b"data").digest() + b"data"
    with pytest.raises(ValueError, match="at most 235 bytes, these are 236"):
        rsa.encrypt(rsakey.KEY.fingerprint, bytes(236), use_old=True)


def test_a_key_of_today_has_the_padding_of_today_whatever_is_allowed() -> None:
    rsa.add_key(to_pem(rsakey.KEY), old=False)
    encrypted = rsa.encrypt(rsakey.KEY.fingerprint, b"data", use_old=True)
    assert encrypted is not None
    assert opened(rsakey.decrypt(encrypted), 4) == b"data"


def test_H3_the_built_in_old_keys_are_what_their_fingerprints_say() -> None:
    old = {fingerprint: key for fingerprint, (key, is_old) in rsa._server_keys.items() if is_old}
    assert len(old) == 4
    for fingerprint, key in old.items():
        assert key.fingerprint == fingerprint
        assert key.n.bit_length() == 2048
        assert rsa.encrypt(fingerprint, b"data") is None
        assert len(rsa.encrypt(fingerprint, b"data", use_old=True) or b"") == 256


def test_a_key_can_be_added_as_text_and_as_bytes() -> None:
    for pem in (to_pem(rsakey.KEY), to_pem(rsakey.KEY).encode(), "some text before\n" + to_pem(rsakey.KEY) + "\nafter"):
        rsa._server_keys.pop(rsakey.KEY.fingerprint, None)
        rsa.add_key(pem, old=False)
        assert rsa.current_keys()[rsakey.KEY.fingerprint] == rsakey.KEY


@pytest.mark.parametrize("n", [1, 127, 128, 255, 256, 2**64, (1 << 2048) - 1, 1 << 4095])
@pytest.mark.parametrize("e", [3, 65537, 2**31 + 1])
def test_keys_of_any_size_are_read(n: int, e: int) -> None:
    assert ServerKey.from_pem(to_pem(ServerKey(n, e))) == (n, e)


def wrapped(der: bytes) -> str:
    from base64 import encodebytes

    text = encodebytes(der).decode()
    return f"-----BEGIN RSA PUBLIC KEY-----\n{text}-----END RSA PUBLIC KEY-----"


BROKEN = {
    "empty": "",
    "something else": "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----",
    "no end": "-----BEGIN RSA PUBLIC KEY-----\nAAAA",
    "no base64": "-----BEGIN RSA PUBLIC KEY-----\nA\n-----END RSA PUBLIC KEY-----",
    "nothing inside": wrapped(b""),
    "one byte": wrapped(b"\x30"),
    "no sequence": wrapped(b"\x31\x06\x02\x01\x05\x02\x01\x03"),
    "one number": wrapped(b"\x30\x03\x02\x01\x05"),
    "three numbers": wrapped(b"\x30\x09\x02\x01\x05\x02\x01\x03\x02\x01\x03"),
    "more behind": wrapped(b"\x30\x06\x02\x01\x05\x02\x01\x03\x00"),
    "no number": wrapped(b"\x30\x06\x04\x01\x05\x02\x01\x03"),
    "empty number": wrapped(b"\x30\x05\x02\x00\x02\x01\x03"),
    "empty exponent": wrapped(b"\x30\x05\x02\x01\x05\x02\x00"),
    "negative": wrapped(b"\x30\x06\x02\x01\x85\x02\x01\x03"),
    "negative exponent": wrapped(b"\x30\x06\x02\x01\x05\x02\x01\x83"),
    "too short": wrapped(b"\x30\x06\x02\x01\x05\x02\x01"),
    "less than the sequence says": wrapped(b"\x30\x07\x02\x01\x05\x02\x01\x03"),
    "less than the number says": wrapped(b"\x30\x06\x02\x01\x05\x02\x02\x03"),
    "length of the length": wrapped(b"\x30\xff\x02\x01\x05"),
    "no definite length": wrapped(b"\x30\x80\x02\x01\x05\x02\x01\x03\x00\x00"),
}


@pytest.mark.parametrize("pem", BROKEN.values(), ids=list(BROKEN))
def test_what_is_no_key_is_refused(pem: str) -> None:
    before = dict(rsa._server_keys)
    with pytest.raises(ValueError, match="no RSA public key"):
        rsa.add_key(pem, old=False)
    assert rsa._server_keys == before


@given(st.binary(max_size=300))
def test_no_bytes_give_another_error(der: bytes) -> None:
    try:
        key = ServerKey.from_pem(wrapped(der))
    except ValueError:
        return
    assert key.n >= 0


@pytest.mark.parametrize(
    ("number", "result"), [(0, b""), (1, b"\1"), (255, b"\xff"), (256, b"\1\0"), (2**64, b"\1" + bytes(8))]
)
def test_numbers_as_bytes(number: int, result: bytes) -> None:
    assert rsa.get_byte_array(number) == result


def test_negative_numbers_are_refused() -> None:
    with pytest.raises(OverflowError):
        rsa.get_byte_array(-5)


def test_the_fingerprint_takes_the_short_form_of_bytes_too() -> None:
    # Written by hand: 08 + 8 bytes of n + 3 zeros, then 01 03 00 00.
    text = b"\x08" + (2**63 + 1).to_bytes(8, "big") + bytes(3) + b"\x01\x03\0\0"
    digest = sha1(text).digest()
    assert ServerKey(2**63 + 1, 3).fingerprint == int.from_bytes(digest[12:], "little", signed=True)


def test_H3_byte_strings_in_a_fingerprint_are_those_of_tl() -> None:
    for size in range(600):
        value = bytes(index * 7 & 255 for index in range(size))
        assert rsa._tl_bytes(value) == write_bytes(value)


def test_the_first_key_of_a_text_is_read() -> None:
    first, second = ServerKey(2**64 + 1, 3), ServerKey(2**65 + 1, 5)
    assert ServerKey.from_pem(to_pem(first) + to_pem(second)) == first


def test_the_errors_in_full() -> None:
    def text_of(data: str) -> str:
        with pytest.raises(ValueError) as caught:
            ServerKey.from_pem(data)
        return str(caught.value)

    start = "This is no RSA public key: "
    assert text_of("") == start + "the lines that begin and end one are missing"
    assert text_of(BROKEN["no base64"]) == start + "the text between its first and last line is not base64"
    assert text_of(BROKEN["more behind"]) == start + "it does not consist of two positive numbers"
    assert text_of(BROKEN["no sequence"]) == start + "its bytes are not what such a key consists of"
    with pytest.raises(RuntimeError) as broken:
        rsa.rsa_pad(b"", ServerKey((1 << 2047) + 1, 1), bytes)
    assert str(broken.value) == "The random source gives the same bytes over and over; it must not be used for keys"
    with pytest.raises(ValueError) as long:
        rsa.rsa_pad(bytes(145), rsakey.KEY, system_random)
    assert str(long.value) == "RSA_PAD takes at most 144 bytes, these are 145"
    with pytest.raises(ValueError) as size:
        rsa.rsa_pad(b"", ServerKey((1 << 1024) - 1, 3), system_random)
    assert str(size.value) == "RSA_PAD needs a key of 2048 bits, this one has 1024"


def test_H4_a_block_equal_to_the_modulus_is_made_again() -> None:
    # With the exponent 1 the block itself comes out; a key whose modulus is that block must not take it.
    block = int.from_bytes(rsa.rsa_pad(b"data", ServerKey((1 << 2048) - 1, 1), seeded(3)), "big")
    assert block.bit_length() == 2048, "the seed has to be one for which this holds"
    assert int.from_bytes(rsa.rsa_pad(b"data", ServerKey(block, 1), seeded(3)), "big") not in (0, block)
