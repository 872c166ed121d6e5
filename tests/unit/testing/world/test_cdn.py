"""What a CDN of the test server stores, and how it lies."""

from __future__ import annotations

import hashlib
import os
import random

import pyaes
import pytest

from telethon.testing._rpc import RpcFault
from telethon.testing.world.cdn import CdnStore, HostedFile
from telethon.tl import types

CONTENT = random.Random(1).randbytes(5 * 4096 + 100)


@pytest.fixture
def store() -> CdnStore:
    return CdnStore(os.urandom, (203, 204))


@pytest.fixture
def file(store: CdnStore) -> HostedFile:
    return store.put(7, CONTENT, window=4096)


def token_of(store: CdnStore) -> bytes:
    redirect = store.redirect(7, "", 0)
    assert redirect is not None
    return redirect.file_token


@pytest.mark.parametrize("offset", [0, 4096, 3 * 4096])
def test_what_is_stored_is_encrypted_as_the_page_says(store: CdnStore, file: HostedFile, offset: int) -> None:
    redirect = store.redirect(7, "", 0)
    assert redirect is not None
    # The last four bytes of the vector are offset / 16, and another implementation of AES reads it.
    counter = int.from_bytes(redirect.encryption_iv[:12] + (offset // 16).to_bytes(4, "big"), "big")
    cipher = pyaes.AESModeOfOperationCTR(redirect.encryption_key, pyaes.Counter(counter))
    answer = store.read(203, redirect.file_token, offset, 4096)
    assert isinstance(answer, types.upload.CdnFile)
    assert answer.bytes != CONTENT[offset : offset + 4096]
    assert cipher.decrypt(answer.bytes) == CONTENT[offset : offset + 4096]


def test_hashes_are_those_of_windows_of_the_file(store: CdnStore, file: HostedFile) -> None:
    redirect = store.redirect(7, "", 4096 + 5)
    assert redirect is not None
    assert [hash.offset for hash in redirect.file_hashes] == [4096, 2 * 4096]
    every = file.hashes(0)
    assert [hash.limit for hash in every] == [4096] * 5 + [100]
    for hash in every:
        assert hash.hash == hashlib.sha256(CONTENT[hash.offset : hash.offset + hash.limit]).digest()
    assert file.hashes(len(CONTENT) + 4096) == []


def test_a_number_of_redirects(store: CdnStore) -> None:
    store.put(7, CONTENT, redirects=2)
    assert [store.redirect(7, "", 0) is not None for _ in range(4)] == [True, True, False, False]
    assert store.redirect(8, "", 0) is None
    assert store.redirect(7, "m", 0) is None


def test_tokens_end(store: CdnStore, file: HostedFile) -> None:
    token = token_of(store)
    store.expire_tokens()
    for ask in (lambda: store.by_token(token), lambda: store.read(203, token, 0, 4096)):
        with pytest.raises(RpcFault, match="FILE_TOKEN_INVALID"):
            ask()


def test_another_cdn_does_not_have_the_file(store: CdnStore, file: HostedFile) -> None:
    with pytest.raises(RpcFault, match="FILE_TOKEN_INVALID"):
        store.read(204, token_of(store), 0, 4096)


def test_a_dropped_file_is_brought_again(store: CdnStore, file: HostedFile) -> None:
    token = token_of(store)
    file.flip(3)
    file.forget()
    needed = store.read(203, token, 0, 4096)
    assert isinstance(needed, types.upload.CdnFileReuploadNeeded)
    with pytest.raises(RpcFault, match="REQUEST_TOKEN_INVALID"):
        store.reupload(token, b"another")
    assert store.reupload(token, needed.request_token)[0].offset == 0
    assert file.reuploads == 1
    # A token is good for one time.
    with pytest.raises(RpcFault, match="REQUEST_TOKEN_INVALID"):
        store.reupload(token, needed.request_token)
    assert isinstance(store.read(203, token, 0, 4096), types.upload.CdnFile)


def test_lies(file: HostedFile) -> None:
    honest = bytes(file.stored)
    file.flip(100, 7)
    assert file.stored[100] == honest[100] ^ 0x80
    file.upload()
    file.swap(0, 2)
    assert bytes(file.stored[:4096]) == honest[2 * 4096 : 3 * 4096]
    file.upload()
    assert bytes(file.stored) == honest
    with pytest.raises(ValueError, match="same length"):
        file.swap(0, 5)
    file.truncate(10)
    assert bytes(file.stored) == honest[:10]


def test_what_cannot_be(store: CdnStore) -> None:
    with pytest.raises(ValueError, match="no CDN 5"):
        store.put(7, CONTENT, dc_id=5)
    with pytest.raises(ValueError, match="cdn_dcs"):
        CdnStore(os.urandom).put(7, CONTENT)
    with pytest.raises(ValueError, match="multiple of 4096"):
        store.put(7, CONTENT, window=100)
