"""File ids of the Bot API."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telethon import utils
from telethon.tl import types

ID, HASH = 5512345678901234567, -4612345678901234567


def document(*attributes: Any) -> types.Document:
    return types.Document(ID, HASH, b"ref", None, "x/y", 9, 3, list(attributes))


@pytest.mark.parametrize(
    ("attributes", "file_id"),
    [
        ((), "BQADAwADh0sRdjDJf0x5tMjTCqj9vwI"),
        ((types.DocumentAttributeAudio(0, voice=True),), "AwADAwADh0sRdjDJf0x5tMjTCqj9vwI"),
        ((types.DocumentAttributeAudio(0, voice=False),), "CQADAwADh0sRdjDJf0x5tMjTCqj9vwI"),
        ((types.DocumentAttributeVideo(0, 0, 0, round_message=False),), "BAADAwADh0sRdjDJf0x5tMjTCqj9vwI"),
        ((types.DocumentAttributeVideo(0, 0, 0, round_message=True),), "DQADAwADh0sRdjDJf0x5tMjTCqj9vwI"),
        ((types.DocumentAttributeSticker("", types.InputStickerSetEmpty()),), "CAADAwADh0sRdjDJf0x5tMjTCqj9vwI"),
        ((types.DocumentAttributeAnimated(),), "CgADAwADh0sRdjDJf0x5tMjTCqj9vwI"),
    ],
)
def test_documents(attributes: tuple[Any, ...], file_id: str) -> None:
    assert utils.pack_bot_file_id(document(*attributes)) == file_id
    assert utils.pack_bot_file_id(types.MessageMediaDocument(document=document(*attributes))) == file_id
    found = utils.resolve_bot_file_id(file_id)
    assert isinstance(found, types.Document)
    assert (found.id, found.access_hash, found.dc_id, found.file_reference) == (ID, HASH, 3, b"")
    assert found.attributes == list(attributes)


def test_photos_can_be_read_but_not_made() -> None:
    found = utils.resolve_bot_file_id("AQADAgADAQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAhIiMkAg")
    assert isinstance(found, types.Photo)
    assert (found.id, found.access_hash, found.dc_id) == (578437695752307201, 1157159078456920585, 2)
    assert utils.pack_bot_file_id(types.Photo(1, 2, b"", None, [types.PhotoSize("m", 1, 1, 1)], 4)) is None


@pytest.mark.parametrize("file_id", ["", "zzz", "abc!", "AgADBAAD", "BAACAgIAAxkBAAEBQ2Vf", None, 5])
def test_other_ids_are_not_understood(file_id: Any) -> None:
    assert utils.resolve_bot_file_id(file_id) is None


@pytest.mark.parametrize("file", [None, 5, "x", types.PhotoEmpty(1)])
def test_other_objects_have_no_id(file: Any) -> None:
    assert utils.pack_bot_file_id(file) is None


def test_known_encodings() -> None:
    assert utils._rle_encode(b"abc\0\0\0d\0") == b"abc\0\x03d\0\x01"
    assert utils._rle_decode(b"abc\0\x03d") == b"abc\0\0\0d"
    assert utils._rle_decode(b"\0") == b"\0"
    assert utils._encode_telegram_base64(b"\xff" * 7) == "_________w"
    assert utils._decode_telegram_base64("_-8") == b"\xff\xef"
    assert utils._decode_telegram_base64("a") is None


@given(st.lists(st.sampled_from([b"\0" * 300, b"\0", b"\x01", b"ab"])).map(b"".join))
def test_runs_of_zeros_round_trip(data: bytes) -> None:
    assert utils._rle_decode(utils._rle_encode(data)) == data


@given(st.binary())
def test_base64_round_trips(data: bytes) -> None:
    assert utils._decode_telegram_base64(utils._encode_telegram_base64(data)) == data
