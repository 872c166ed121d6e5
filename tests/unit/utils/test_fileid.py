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


# ---- today's form. The identifiers are from programs that bots were written for, so other clients made them.

TODAY: list[tuple[str, Any]] = [
    (
        "AgACAgIAAxkBAAOsZOkrfpjWUWYlpwABb8IyVMqQJO3RAAKEyjEbs7tIS6t3ZX2Gu_kMAQADAgADcwADMAQ",
        types.Photo(
            5424792129097550468,
            934984583959902123,
            bytes.fromhex("01000000ac64e92b7e98d6516625a7006fc23254ca9024edd1"),
            None,
            [types.PhotoSize("s", 0, 0, 0)],
            2,
        ),
    ),
    (
        "AgACAgIAAxkBAAP2YGbrEA1dh9-0sfVPcr_q4RyUL9MAAn2wMRu_XTlLQTM4AgJRuqSKwCmbLgADAQADAgADeQADCtMFAAEeBA",
        types.Photo(
            5420466701893480573,
            -6576855236752166079,
            bytes.fromhex("01000000f66066eb100d5d87dfb4b1f54f72bfeae11c942fd3"),
            None,
            [types.PhotoSize("y", 0, 0, 0)],
            2,
        ),
    ),
    (
        "CAACAgQAAxkDAAJEsl44nl3yxPZ8biI8uhaA7rbQceOSAAKtAQACsTisUXvMEbVnTuQkGAQ",
        types.Document(
            5885141145926762925,
            2658335887381875835,
            bytes.fromhex("03000044b25e389e5df2c4f67c6e223cba1680eeb6d071e392"),
            None,
            "",
            0,
            4,
            [types.DocumentAttributeSticker("", types.InputStickerSetEmpty())],
        ),
    ),
    (
        "AwACAgIAAxkBAAIJrWOg2WUvLwrf7ahyJxQHB8_nqllwAAL5JQAC2_IJSbhfQIO5YnVmLAQ",
        types.Document(
            5263004661970904569,
            7382915713054302136,
            bytes.fromhex("01000009ad63a0d9652f2f0adfeda87227140707cfe7aa5970"),
            None,
            "",
            0,
            2,
            [types.DocumentAttributeAudio(0, voice=True)],
        ),
    ),
]


@pytest.mark.parametrize(("file_id", "file"), TODAY)
def test_identifiers_of_today(file_id: str, file: Any) -> None:
    assert utils.resolve_bot_file_id(file_id) == file


def test_the_thumbnail_of_a_document() -> None:
    found = utils.resolve_bot_file_id("AAMCAgADGQEAAx1mK2s8k_uhCnMuDtbFRFgLQYTePAAC5kwAAmgiYUlLmdHpIFLscQEAB20AAzQE")
    # The identifier of the document itself came with it.
    whole = utils.resolve_bot_file_id("BQACAgIAAxkBAAMdZitrPJP7oQpzLg7WxURYC0GE3jwAAuZMAAJoImFJS5nR6SBS7HE0BA")
    assert isinstance(found, types.Document)
    assert isinstance(whole, types.Document)
    assert (found.id, found.access_hash, found.dc_id) == (whole.id, whole.access_hash, whole.dc_id)
    assert found.thumbs == [types.PhotoSize("m", 0, 0, 0)]
    assert whole.thumbs is None


@pytest.mark.parametrize(
    "file_id", ["AQADAgAD_sMxGzTD8UoACAIAAz67270W____djcjKbxOVuQvBA", "AQADAgADqacxGxDbwRkACAIAAxDbwRkABEy3GnwiU0F6IgQ"]
)
def test_pictures_of_chats_are_no_files(file_id: str) -> None:
    assert utils.resolve_bot_file_id(file_id) is None


@pytest.mark.parametrize("size", [0, 1, 25, 253, 254, 300])
@pytest.mark.parametrize("attributes", [(), (types.DocumentAttributeAnimated(),)])
def test_documents_in_the_form_of_today(size: int, attributes: tuple[Any, ...]) -> None:
    given = types.Document(ID, HASH, bytes(size), None, "", 0, 3, list(attributes))
    for file in (given, types.MessageMediaDocument(document=given)):
        file_id = utils.pack_bot_file_id(file, current=True)
        assert file_id is not None
        assert utils.resolve_bot_file_id(file_id) == given


def test_what_is_written_is_what_other_clients_write() -> None:
    for file_id, file in TODAY:
        if isinstance(file, types.Document):
            made = utils.pack_bot_file_id(file, current=True)
            assert made is not None
            # But for the version of the layout.
            ours, theirs = (utils._rle_decode(utils._decode_telegram_base64(one) or b"") for one in (made, file_id))
            assert ours[:-2] == theirs[:-2]


def test_photos_in_the_form_of_today() -> None:
    sizes: list[Any] = [
        types.PhotoStrippedSize("i", b"x"),
        types.PhotoSize("m", 320, 200, 5),
        types.PhotoSizeProgressive("y", 1280, 800, [1, 2]),
        types.PhotoCachedSize("z", 9999, 9999, b""),
    ]
    photo = types.Photo(ID, HASH, b"ref", None, sizes, 4)
    for file in (photo, types.MessageMediaPhoto(photo=photo)):
        file_id = utils.pack_bot_file_id(file, current=True)
        assert file_id is not None
        found = utils.resolve_bot_file_id(file_id)
        assert found == types.Photo(ID, HASH, b"ref", None, [types.PhotoSize("y", 0, 0, 0)], 4)
    assert utils.pack_bot_file_id(types.Photo(ID, HASH, b"ref", None, sizes[:1], 4), current=True) is None


@given(st.binary(max_size=80))
def test_any_bytes_are_read(data: bytes) -> None:
    utils.resolve_bot_file_id(utils._encode_telegram_base64(utils._rle_encode(data + b"\x30\x04")))
