"""Which size of a photo is meant."""

from __future__ import annotations

from typing import Any

import pytest

from telethon.client._photosizes import byte_count, choose, file_reference_in
from telethon.tl import types

STRIPPED = types.PhotoStrippedSize("i", b"\x01\x10\x10abc")
SMALL = types.PhotoSize("s", 10, 10, 5000)
PROGRESSIVE = types.PhotoSizeProgressive("y", 90, 90, [10, 512000])
MEDIUM = types.PhotoSize("m", 10, 10, 200000)
EMPTY = types.PhotoSizeEmpty("e")
VIDEO = types.VideoSize("u", 1, 1, 700)
SIZES = [STRIPPED, SMALL, PROGRESSIVE, MEDIUM, types.PhotoPathSize("j", b"zz"), EMPTY]


@pytest.mark.parametrize(
    ("wanted", "size"),
    [
        (None, PROGRESSIVE),
        (-1, PROGRESSIVE),
        (0, EMPTY),
        (1, STRIPPED),
        (3, MEDIUM),
        ("m", MEDIUM),
        ("j", None),
        ("q", None),
        (SMALL, SMALL),
        (1.5, None),
    ],
)
def test_sizes_are_counted_from_small_to_big(wanted: Any, size: Any) -> None:
    assert choose(SIZES, wanted) == size


def test_videos_come_after_pictures() -> None:
    assert choose([VIDEO, *SIZES], None) == VIDEO
    assert byte_count(VIDEO) == 700
    assert byte_count(PROGRESSIVE) == 512000


def test_without_sizes_there_is_nothing_to_choose() -> None:
    assert choose([], 0) is None
    with pytest.raises(IndexError):
        choose([SMALL], 5)


def test_a_new_file_reference_is_found_wherever_the_file_is() -> None:
    photo = types.Photo(1, 2, b"new", None, [], 3)
    document = types.Document(4, 5, b"doc", None, "a/b", 1, 2, [])
    page = types.WebPage(id=1, url="u", display_url="d", hash=0, document=document)

    def message(media: Any) -> Any:
        return types.Message(id=1, peer_id=types.PeerUser(1), date=None, message="", media=media)

    assert file_reference_in(message(types.MessageMediaPhoto(photo=photo)), 1) == b"new"
    assert file_reference_in(message(types.MessageMediaDocument(document=document)), 4) == b"doc"
    assert file_reference_in(message(types.MessageMediaWebPage(page)), 4) == b"doc"
    assert file_reference_in(message(types.MessageMediaPhoto(photo=photo)), 99) is None
    service = types.MessageService(
        id=1, peer_id=types.PeerUser(1), date=None, action=types.MessageActionChatEditPhoto(photo)
    )
    assert file_reference_in(service, 1) == b"new"
    assert file_reference_in(None, 1) is None
