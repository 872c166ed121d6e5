"""Sending files, against scripted answers."""

from __future__ import annotations

import datetime
import os
import pathlib
from collections.abc import Callable
from typing import Any

import pytest

from telethon import errors
from telethon.tl import functions, types

DATE = datetime.datetime(2024, 5, 6, 7, 8, 9, tzinfo=datetime.timezone.utc)
USER = types.InputPeerUser(2, 20)
MEGABYTE = 1 << 20


def photo(photo_id: int = 1) -> types.Photo:
    return types.Photo(photo_id, 2, b"r", DATE, [types.PhotoSize("m", 1, 1, 5)], 4)


def message(message_id: int) -> types.Message:
    return types.Message(id=message_id, peer_id=types.PeerUser(2), date=DATE, message="")


def updates(*found: Any) -> types.Updates:
    return types.Updates(updates=list(found), users=[], chats=[], date=DATE, seq=0)


def one(request: Any) -> Any:
    return updates(types.UpdateMessageID(50, request.random_id), types.UpdateNewMessage(message(50), 1, 1))


def album(request: Any) -> Any:
    found: list[Any] = []
    for place, media in enumerate(request.multi_media):
        found += [types.UpdateNewMessage(message(60 + place), 1, 1), types.UpdateMessageID(60 + place, media.random_id)]
    return updates(*reversed(found))


def stored(request: Any) -> Any:
    if isinstance(request.media, (types.InputMediaUploadedPhoto, types.InputMediaPhotoExternal)):
        return types.MessageMediaPhoto(photo=photo(44))
    return types.MessageMediaDocument(document=types.Document(45, 5, b"q", DATE, "a/b", 3, 2, []))


@pytest.fixture
def client(scripted: Callable[..., Any]) -> Any:
    made = scripted(
        {
            "SaveFilePart": True,
            "SaveBigFilePart": True,
            "SendMedia": one,
            "SendMultiMedia": album,
            "UploadMedia": stored,
        }
    )
    made._mb_entity_cache.set_self_user(1, False, 10)
    return made


def sent(client: Any, name: str | None = None) -> list[Any]:
    return [
        request for request in client._sender.sent if name in (None, type(request).__name__.removesuffix("Request"))
    ]


async def test_pictures_are_photos_unless_told_otherwise(client: Any, tmp_path: pathlib.Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(b"not really")
    found = await client.send_file(USER, str(path), caption="**hi**", reply_to=4, silent=True)
    await client.send_file(USER, path, force_document=True)
    as_photo, as_file = sent(client, "SendMedia")
    assert isinstance(as_photo.media, types.InputMediaUploadedPhoto)
    assert (as_photo.message, as_photo.entities) == ("hi", [types.MessageEntityBold(0, 2)])
    assert (as_photo.reply_to.reply_to_msg_id, as_photo.silent) == (4, True)
    assert as_file.media.mime_type == "image/png"
    assert not as_file.media.force_file
    assert (found.id, found.client) == (50, client)


async def test_documents(client: Any, tmp_path: pathlib.Path) -> None:
    path, thumb = tmp_path / "a.mp4", tmp_path / "t.jpg"
    path.write_bytes(b"video")
    thumb.write_bytes(b"thumb")
    await client.send_file(USER, str(path), thumb=str(thumb), ttl=7, supports_streaming=True, nosound_video=True)
    await client.send_file(USER, b"data", force_document=True, nosound_video=True)
    video, plain = sent(client, "SendMedia")
    assert (video.media.mime_type, video.media.ttl_seconds, video.media.nosound_video) == ("video/mp4", 7, True)
    assert video.media.thumb.name == "t.jpg"
    assert video.media.attributes[1].supports_streaming is True
    assert (plain.media.force_file, plain.media.nosound_video) == (True, None)


@pytest.mark.parametrize(
    ("file", "media"),
    [
        ("http://x/a.png", types.InputMediaPhotoExternal("http://x/a.png")),
        ("https://x/a.pdf", types.InputMediaDocumentExternal("https://x/a.pdf")),
        (photo(), types.InputMediaPhoto(types.InputPhoto(1, 2, b"r"))),
        (types.InputMediaDice("x"), types.InputMediaDice("x")),
        (
            "BQADAwADh0sRdjDJf0x5tMjTCqj9vwI",
            types.InputMediaDocument(types.InputDocument(5512345678901234567, -4612345678901234567, b"")),
        ),
    ],
)
async def test_what_needs_no_upload(client: Any, file: Any, media: Any) -> None:
    await client.send_file(USER, file)
    (request,) = sent(client)
    assert request.media == media


@pytest.mark.parametrize(
    ("file", "error"),
    [
        (None, TypeError),
        ("", TypeError),
        ([], TypeError),
        (5, TypeError),
        (types.MessageMediaWebPage(types.WebPageEmpty(1)), TypeError),
        ("no such file", ValueError),
    ],
)
async def test_what_cannot_be_sent(client: Any, file: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        await client.send_file(USER, file)


async def test_albums(client: Any, tmp_path: pathlib.Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(b"data")
    progress: list[tuple[float, int]] = []
    found = await client.send_file(
        USER,
        [str(path), photo(), "http://x/a.zip"],
        caption=["**a**", "b"],
        ttl=3,
        progress_callback=lambda done, total: progress.append((done, total)),
    )
    (request,) = sent(client, "SendMultiMedia")
    assert [one.id for one in found] == [60, 61, 62]
    assert [media.message for media in request.multi_media] == ["a", "b", ""]
    assert request.multi_media[0].entities == [types.MessageEntityBold(0, 1)]
    assert request.multi_media[0].media == types.InputMediaPhoto(
        types.InputPhoto(44, 2, b"r"), ttl_seconds=3, spoiler=None
    )
    assert isinstance(request.multi_media[2].media, types.InputMediaDocument)
    assert progress == [(1, 3)]


async def test_more_than_ten_files_are_several_albums(client: Any) -> None:
    found = await client.send_file(USER, [photo(i) for i in range(12)], caption=[str(i) for i in range(12)])
    first, second = sent(client, "SendMultiMedia")
    assert (len(first.multi_media), len(second.multi_media), len(found)) == (10, 2, 12)
    assert [media.message for media in second.multi_media] == ["10", "11"]


async def test_entities_of_albums(client: Any) -> None:
    bold, italic = types.MessageEntityBold(0, 1), types.MessageEntityItalic(0, 1)
    await client.send_file(USER, [photo(), photo()], caption=["a", "b"], formatting_entities=[[bold], [italic]])
    await client.send_file(USER, [photo(), photo()], caption=["a", "b"], formatting_entities=[bold])
    each, only_first = sent(client)
    assert [media.entities for media in each.multi_media] == [[bold], [italic]]
    assert [media.entities for media in only_first.multi_media] == [[bold], None]


async def test_parts_servers_lost_are_sent_again(client: Any) -> None:
    data = os.urandom(300_000)
    client._sender.answers["SendMedia"] = [errors.FilePartMissingError(None, capture=1), one]
    await client.send_file(USER, data)
    parts = sent(client, "SaveFilePart")
    assert [part.file_part for part in parts] == [0, 1, 2, 1]
    assert parts[3].bytes == data[131072:262144]


async def test_parts_that_stay_lost_are_an_error(client: Any) -> None:
    client._sender.answers["SendMedia"] = [errors.FilePartMissingError(None, capture=0)]
    with pytest.raises(errors.FilePartMissingError):
        await client.send_file(USER, b"data")
    assert isinstance(sent(client)[-1], functions.messages.SendMediaRequest)


# ---- captions that are too long


async def test_a_long_caption_goes_on_in_messages(client: Any) -> None:
    client._sender.answers["SendMessage"] = [one]
    keyboard = types.ReplyKeyboardHide()
    found = await client.send_file(
        USER, b"data", caption="word " * 1200, split=True, ttl=7, silent=True, reply_to=4, clear_draft=True,
        message_effect_id=5, buttons=keyboard, link_preview=False,
    )  # fmt: skip
    file, second, third = sent(client)[-3:]
    assert [type(request).__name__ for request in (file, second, third)] == [
        "SendMediaRequest",
        "SendMessageRequest",
        "SendMessageRequest",
    ]
    assert len(file.message) <= 1024
    assert " ".join(request.message for request in (file, second, third)) == ("word " * 1200).rstrip()
    assert (file.media.ttl_seconds, file.clear_draft, file.effect) == (7, True, 5)
    assert (second.clear_draft, second.effect, second.no_webpage) == (False, None, True)
    assert [request.reply_markup for request in (file, second, third)] == [None, None, keyboard]
    assert all(request.silent and request.reply_to.reply_to_msg_id == 4 for request in (file, second, third))
    assert [message.id for message in found] == [50, 50, 50]


async def test_split_gives_a_list_for_short_captions_too(client: Any) -> None:
    assert [message.id for message in await client.send_file(USER, b"data", split=True)] == [50]
    with pytest.raises(TypeError, match="one caption for all files"):
        await client.send_file(USER, [photo()], caption=["a"], split=True)
