"""Kinds, sizes, places and names of files."""

from __future__ import annotations

import io
import pathlib
from typing import Any

import pytest

from telethon import utils
from telethon.tl import types


def photo(*sizes: Any) -> types.Photo:
    return types.Photo(1, 2, b"ref", None, list(sizes), 4)


def document(mime_type: str = "video/mp4") -> types.Document:
    return types.Document(1, 2, b"ref", None, mime_type, 9, 3, [])


def named(name: str) -> io.BytesIO:
    stream = io.BytesIO(b"data")
    stream.name = name  # type: ignore[attr-defined]
    return stream


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        ("a.png", "image"),
        ("a.PNG", "image"),
        ("a.jpeg", "image"),
        (pathlib.Path("b.jpg"), "image"),
        (named("c.jpg"), "image"),
        ("https://x/y.png", "image"),
        ("a.gif", "gif"),
        ("a.mp3", "audio"),
        ("a.oga", "audio"),
        ("a.opus", "audio"),
        ("a.flac", "audio"),
        ("a.mp4", "video"),
        ("a.mkv", "video"),
        ("a.webm", "video"),
        ("a.webp", None),
        ("a.txt", None),
        (".png", None),
        ("a", None),
        (b"\xff\xd8\xff", None),
        (io.BytesIO(), None),
        (None, None),
    ],
)
def test_kinds_of_files(file: Any, kind: str | None) -> None:
    found = {
        "image": utils.is_image(file),
        "gif": utils.is_gif(file),
        "audio": utils.is_audio(file),
        "video": utils.is_video(file),
    }
    assert [name for name, holds in found.items() if holds] == ([kind] if kind else [])


def test_extensions_of_files() -> None:
    assert utils._get_extension("a.tar.gz") == ".gz"
    assert utils._get_extension(pathlib.Path("x/b.PNG")) == ".PNG"
    assert utils._get_extension(named("c.jpg")) == ".jpg"
    assert utils._get_extension(types.InputFile(1, 1, "d.zip", "")) == ".zip"
    assert utils._get_extension(b"data") == ""


@pytest.mark.parametrize(
    ("media", "extension"),
    [
        (photo(), ".jpg"),
        (types.MessageMediaPhoto(photo=photo()), ".jpg"),
        (types.UserProfilePhoto(1, 2), ".jpg"),
        (types.ChatPhoto(1, 2), ".jpg"),
        (types.MessageMediaPhoto(), ""),
        (document(), ".mp4"),
        (types.MessageMediaDocument(document=document("audio/ogg")), ".oga"),
        (document("application/x-tgsticker"), ".tgs"),
        (document("video/x-matroska"), ".mkv"),
        (document("text/plain"), ".txt"),
        (document("application/octet-stream"), ""),
        (document("no/such"), ""),
        (None, ""),
    ],
)
def test_extensions_of_media(media: Any, extension: str) -> None:
    assert utils.get_extension(media) == extension


@pytest.mark.parametrize(
    ("size", "count"),
    [
        (types.PhotoSize("m", 1, 1, 500), 500),
        (types.PhotoSizeProgressive("y", 1, 1, [1, 900, 5]), 900),
        (types.PhotoCachedSize("s", 1, 1, b"12"), 2),
        (types.PhotoStrippedSize("i", b"\x01ab"), 625),
        (types.PhotoStrippedSize("i", b"ab"), 2),
        (types.PhotoSizeEmpty("e"), 0),
        (types.PhotoPathSize("j", b"zz"), None),
        (None, None),
    ],
)
def test_bytes_of_photo_sizes(size: Any, count: int | None) -> None:
    assert utils._photo_size_byte_count(size) == count


def test_a_stripped_thumbnail_becomes_a_jpeg() -> None:
    picture = utils.stripped_photo_to_jpg(b"\x01\x10\x20abc")
    assert picture.startswith(b"\xff\xd8\xff\xe0")
    assert picture.endswith(b"abc\xff\xd9")
    assert (picture[164], picture[166]) == (0x10, 0x20)
    assert len(picture) == utils._photo_size_byte_count(types.PhotoStrippedSize("i", b"\x01\x10\x20abc"))
    assert utils.stripped_photo_to_jpg(b"\x02abc") == b"\x02abc"
    assert utils.stripped_photo_to_jpg(b"") == b""


def test_where_files_are() -> None:
    sizes = (types.PhotoSize("s", 1, 1, 5), types.PhotoSize("m", 1, 1, 500))
    in_photo = types.InputPhotoFileLocation(1, 2, b"ref", "m")
    assert utils._get_file_info(photo(*sizes)) == (4, in_photo, 500)
    assert utils.get_input_location(types.MessageMediaPhoto(photo=photo(*sizes))) == (4, in_photo)
    in_document = types.InputDocumentFileLocation(1, 2, b"ref", "")
    message = types.Message(
        id=1, peer_id=types.PeerUser(1), date=None, message="", media=types.MessageMediaDocument(document=document())
    )
    assert utils._get_file_info(message) == (3, in_document, 9)
    assert utils.get_input_location(in_document) == (None, in_document)
    with pytest.raises(TypeError, match="to any kind of InputFileLocation"):
        utils.get_input_location(photo())


@pytest.mark.parametrize(
    ("size", "kib"),
    [(0, 128), (100 << 20, 128), ((100 << 20) + 1, 256), (750 << 20, 256), ((750 << 20) + 1, 512), (4 << 30, 512)],
)
def test_part_sizes(size: int, kib: int) -> None:
    assert utils.get_appropriated_part_size(size) == kib


@pytest.mark.parametrize(
    ("media", "extension", "kinds"),
    [
        (types.Document(1, 2, b"", None, "image/gif", 1, 1, []), ".gif", (False, True, False, False)),
        (types.Document(1, 2, b"", None, "image/png", 1, 1, []), ".png", (True, False, False, False)),
        (types.MessageMediaDocument(document=types.Document(1, 2, b"", None, "video/mp4", 1, 1, [])), ".mp4",
         (False, False, False, True)),
        (types.Document(1, 2, b"", None, "audio/mpeg", 1, 1, []), ".mp3", (False, False, True, False)),
        (types.Document(1, 2, b"", None, "x/y", 1, 1, []), "", (False, False, False, False)),
        (types.Photo(1, 2, b"", None, [], 1), ".jpg", (True, False, False, False)),
        (types.UserProfilePhoto(1, 2), ".jpg", (True, False, False, False)),
        (types.User(1), "", (False, False, False, False)),
    ],
)  # fmt: skip
def test_kinds_of_media(media: Any, extension: str, kinds: tuple[bool, ...]) -> None:
    assert utils._get_extension(media) == extension
    assert (utils.is_image(media), utils.is_gif(media), utils.is_audio(media), utils.is_video(media)) == kinds
