"""Files of messages. What is expected was seen on Telethon 1.45, but where a test says otherwise."""

from __future__ import annotations

from typing import Any

import pytest
from fakeclient import NOW
from media_samples import DOCUMENTS, PHOTO, SIZE, VIDEO, VOICE, WEB_DOCUMENT, document

from telethon.tl import types
from telethon.tl.custom.file import File

NAMES = [
    "id",
    "name",
    "ext",
    "mime_type",
    "width",
    "height",
    "duration",
    "title",
    "performer",
    "emoji",
    "sticker_set",
    "size",
]


def known(media: Any) -> dict[str, Any]:
    found = File(media)
    assert found.media is media
    return {name: value for name in NAMES if (value := getattr(found, name)) is not None}


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("doc", {"id": "BQADAgADCgAHAQAHAg", "name": "f.pdf", "ext": ".pdf", "mime_type": "application/pdf"}),
        (
            "video",
            {
                "id": "BAADAgADCgAHAQAHAg",
                "name": "f.pdf",
                "ext": ".mp4",
                "mime_type": "video/mp4",
                "width": 640,
                "height": 480,
                "duration": 12.5,
            },
        ),
        (
            "round",
            {
                "id": "DQADAgADCgAHAQAHAg",
                "ext": ".mp4",
                "mime_type": "video/mp4",
                "width": 240,
                "height": 240,
                "duration": 3,
            },
        ),
        (
            "audio",
            {
                "id": "CQADAgADCgAHAQAHAg",
                "ext": ".mp3",
                "mime_type": "audio/mpeg",
                "duration": 200,
                "title": "T",
                "performer": "P",
            },
        ),
        ("voice", {"id": "AwADAgADCgAHAQAHAg", "ext": ".oga", "mime_type": "audio/ogg", "duration": 5}),
        (
            "sticker",
            {
                "id": "CAADAgADCgAHAQAHAg",
                "name": "f.pdf",
                "ext": ".webp",
                "mime_type": "image/webp",
                "width": 50,
                "height": 60,
                "emoji": "🙂",
                "sticker_set": types.InputStickerSetID(1, 2),
            },
        ),
        ("bare", {"id": "BQADAgADCgAHAQAHAg", "mime_type": "x/y"}),
    ],
)
def test_documents(kind: str, expected: dict[str, Any]) -> None:
    assert known(DOCUMENTS[kind]) == {**expected, "size": 999}


def test_photos() -> None:
    """On Telethon the id raises `AttributeError`, because the old form of ids knows no photos without a place."""
    assert known(PHOTO) == {"ext": ".jpg", "mime_type": "image/jpeg", "width": 1280, "height": 800, "size": 90000}


SIZES = {
    "empty": types.PhotoSizeEmpty("s"),
    "stripped": types.PhotoStrippedSize("i", b"\x01" * 10),
    "cached": types.PhotoCachedSize("m", 32, 20, b"abc"),
    "plain": types.PhotoSize("m", 320, 200, 5000),
    "large": types.PhotoSize("x", 800, 900, 4000),
    "path": types.PhotoPathSize("j", b"123"),
}


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("empty",), (0, 0, None)),
        (("stripped",), (0, 0, 632)),
        (("cached",), (32, 20, 3)),
        (("plain", "large"), (800, 900, 5000)),
        (("large", "plain"), (800, 900, 5000)),
        (("cached", "stripped"), (32, 20, 632)),
        (("plain", "path", "empty"), (320, 200, 5000)),
        ((), (None, None, None)),
    ],
)
def test_the_largest_form_of_a_photo_counts(names: tuple[str, ...], expected: tuple[int | None, ...]) -> None:
    """Without any form, Telethon raises `ValueError`."""
    found = File(
        types.Photo(id=3, access_hash=4, file_reference=b"x", date=NOW, dc_id=1, sizes=[SIZES[name] for name in names])
    )
    assert (found.width, found.height, found.size) == expected


@pytest.mark.parametrize(
    ("mime_type", "name", "expected"),
    [
        ("image/png", None, ".png"),
        ("image/png", "x.TAR.GZ", ".png"),
        ("application/x-tgsticker", None, ".tgs"),
        ("foo/bar", "x.TAR.GZ", ".GZ"),
        ("foo/bar", "noext", None),
        ("foo/bar", None, None),
    ],
)
def test_extension(mime_type: str, name: str | None, expected: str | None) -> None:
    attributes = [] if name is None else [types.DocumentAttributeFilename(name)]
    assert File(document(*attributes, mime_type=mime_type)).ext == expected


def test_the_first_attribute_that_tells_counts() -> None:
    assert File(document(SIZE, VIDEO)).width == 50
    assert File(document(VIDEO, SIZE)).width == 640
    assert File(document(VOICE, VIDEO)).duration == 5


def test_files_of_the_web_and_nothing() -> None:
    """On Telethon nothing is known of them."""
    assert known(WEB_DOCUMENT) == {"ext": ".png", "mime_type": "image/png", "width": 50, "height": 60, "size": 77}
    assert known(None) == {}
