"""The authorization key."""

from __future__ import annotations

import copy
import pickle
import traceback
from typing import Any

import pytest

from telethon.crypto import AuthKey

DATA = bytes(range(256))


def test_the_numbers_are_those_of_telethon() -> None:
    key = AuthKey(DATA)
    assert key.key == DATA
    assert key.key_id == 14474384091129631026
    assert key.aux_hash == 7534231595173418569
    assert key


@pytest.mark.parametrize(
    ("new_nonce", "number", "result"),
    [
        (5, 1, -42699523376042676512118693675877696070),
        (0, 2, 17426300879610393709872373993224913554),
        (1, 2, -72769850650358855890622987001747437541),
        (5, 2, 169984307960661656557680621515557967607),
        (-1, 2, -48266197603503244638137417529162409359),
        (2**64, 2, 38339930901663156653627021707657580156),
    ],
)
def test_H12_the_hash_of_the_nonce_is_that_of_telethon(new_nonce: int, number: int, result: int) -> None:
    assert AuthKey(DATA).calc_new_nonce_hash(new_nonce, number) == result


@pytest.mark.parametrize("nothing", [None, b""])
def test_there_may_be_no_key(nothing: Any) -> None:
    key = AuthKey(nothing)
    assert not key
    assert key.key == nothing
    assert key.key_id is None
    assert key.aux_hash is None
    with pytest.raises(ValueError, match="Without a key"):
        key.calc_new_nonce_hash(5, 1)


def test_the_key_can_be_replaced() -> None:
    key = AuthKey(None)
    key.key = DATA
    assert key.key_id == 14474384091129631026
    key.key = None
    assert (key.key_id, key.aux_hash, bool(key)) == (None, None, False)


def test_another_key_is_copied() -> None:
    first = AuthKey(DATA)
    second = AuthKey(first)
    assert second == first
    assert (second.key_id, second.aux_hash) == (first.key_id, first.aux_hash)
    first.key = bytes(256)
    assert second.key == DATA


def test_other_buffers_become_bytes() -> None:
    assert AuthKey(bytearray(DATA)).key == DATA
    assert type(AuthKey(bytearray(DATA)).key) is bytes


@pytest.mark.parametrize("value", [256, "x" * 256, [1]])
def test_other_things_are_refused(value: Any) -> None:
    with pytest.raises(TypeError):
        AuthKey(value)


def test_X11_equality() -> None:
    assert AuthKey(DATA) == AuthKey(DATA)
    assert AuthKey(DATA) != AuthKey(bytes(256))
    assert AuthKey(DATA) != AuthKey(None)
    assert AuthKey(None) != AuthKey(DATA)
    assert AuthKey(None) == AuthKey(None)
    assert AuthKey(b"") != AuthKey(None)
    assert AuthKey(DATA) != DATA


def test_it_has_no_hash_because_it_can_change() -> None:
    with pytest.raises(TypeError):
        hash(AuthKey(DATA))


def test_it_can_be_copied_and_pickled() -> None:
    assert copy.deepcopy(AuthKey(DATA)) == pickle.loads(pickle.dumps(AuthKey(DATA))) == AuthKey(DATA)


def test_X5_printing_it_shows_nothing() -> None:
    key = AuthKey(b"secret" * 42)
    for text in (repr(key), str(key), f"{key}"):
        assert "secret" not in text
        assert str(key.key_id) not in text
    try:
        key.calc_new_nonce_hash(2**300, 1)
    except OverflowError:
        assert "secret" not in traceback.format_exc()
