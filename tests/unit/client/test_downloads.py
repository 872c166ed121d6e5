"""Downloading media and photos of chats, against scripted answers."""

from __future__ import annotations

import io
import pathlib
from collections.abc import Callable
from typing import Any

import pytest
from downloadkit import DATA, DATE, HOME, Files, content_of, document, message, names_in, photo

from telethon import errors
from telethon.tl import types


@pytest.fixture
def files() -> Files:
    return Files()


@pytest.fixture
def client(scripted: Callable[..., Any], files: Files) -> Any:
    made = scripted({"GetFile": files}, request_retries=1, raise_last_call_error=True)
    made._mb_entity_cache.set_self_user(1, False, 10)
    made.session.set_dc(HOME, "127.0.0.1", 443)
    return made


# ---- download_media


@pytest.mark.parametrize("media", [document(), photo(), types.MessageMediaDocument(document=document())])
async def test_bytes(client: Any, media: Any) -> None:
    assert await client.download_media(media, bytes) == DATA


async def test_paths(client: Any, tmp_path: pathlib.Path) -> None:
    media = message(types.MessageMediaDocument(document=document(types.DocumentAttributeFilename("clip.mp4"))))
    path = await client.download_media(media, tmp_path)
    assert path == str(tmp_path / "clip.mp4")
    assert content_of(path) == DATA
    assert await client.download_media(media, str(tmp_path)) == str(tmp_path / "clip (1).mp4")
    assert await client.download_media(media, str(tmp_path / "new" / "stem")) == str(tmp_path / "new" / "stem.mp4")
    assert names_in(tmp_path) == ["clip (1).mp4", "clip.mp4", "new"]


async def test_the_current_folder(client: Any, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert (
        await client.download_media(message(types.MessageMediaPhoto(photo=photo()))) == "photo_2024-05-06_07-08-09.jpg"
    )


async def test_streams(client: Any) -> None:
    stream = io.BytesIO()
    assert await client.download_media(photo(), stream) is stream
    assert stream.getvalue() == DATA

    class Later:
        data = b""

        async def write(self, part: bytes) -> None:
            self.data += part

    later = Later()
    assert await client.download_media(photo(), later) is later
    assert later.data == DATA


@pytest.mark.parametrize(
    ("name", "saved"),
    [
        ("../../evil.txt", "evil.txt"),
        ("/etc/passwd", "passwd.txt"),
        ("C:\\x\\y.txt", "y.txt"),
        ("..", "document_2024-05-06_07-08-09.txt"),
        ("a\0b.txt", "ab.txt"),
    ],
)
async def test_names_cannot_leave_the_folder(client: Any, tmp_path: pathlib.Path, name: str, saved: str) -> None:
    media = message(
        types.MessageMediaDocument(document=document(types.DocumentAttributeFilename(name), mime_type="text/plain"))
    )
    assert await client.download_media(media, str(tmp_path)) == str(tmp_path / saved)


async def test_a_failed_download_leaves_nothing(client: Any, files: Files, tmp_path: pathlib.Path) -> None:
    files.faults = [None, errors.LocationInvalidError(None)]
    with pytest.raises(errors.LocationInvalidError):
        await client.download_media(document(), str(tmp_path / "clip.mp4"))
    assert names_in(tmp_path) == []


async def test_thumbnails(client: Any) -> None:
    cached = types.PhotoCachedSize("c", 3, 3, b"CACHED")
    stripped = types.PhotoStrippedSize("i", b"\x01\x10\x10abc")
    sizes = photo(cached, stripped, types.PhotoSize("y", 9, 9, len(DATA)))
    assert await client.download_media(sizes, bytes, thumb="c") == b"CACHED"
    assert (await client.download_media(sizes, bytes, thumb="i")).startswith(b"\xff\xd8")
    assert await client.download_media(sizes, bytes, thumb="none") is None
    assert (
        await client.download_media(document(thumbs=[types.PhotoSize("m", 1, 1, len(DATA))]), bytes, thumb=-1) == DATA
    )
    assert client._sender.sent[-1].location.thumb_size == "m"
    assert await client.download_media(document(), bytes, thumb=-1) is None


async def test_contacts_become_cards(client: Any, tmp_path: pathlib.Path) -> None:
    contact = types.MessageMediaContact("+12 3", "A;\nB", "L", "", 5)
    card = (await client.download_media(message(contact), bytes)).decode()
    assert "N:A\\;\\nB;L;;;\n" in card
    assert "tel:+123\n" in card
    assert await client.download_media(contact, str(tmp_path / "card")) == str(tmp_path / "card.vcard")


async def test_media_inside_other_things(client: Any) -> None:
    page = types.WebPage(id=1, url="u", display_url="d", hash=0, photo=photo())
    assert await client.download_media(message(types.MessageMediaWebPage(page)), bytes) == DATA
    service = types.MessageService(
        id=4, peer_id=types.PeerUser(2), date=DATE, action=types.MessageActionChatEditPhoto(photo())
    )
    assert await client.download_media(service, bytes) == DATA


@pytest.mark.parametrize(
    "media",
    [
        message(None),
        message(types.MessageMediaGeo(types.GeoPointEmpty())),
        types.PhotoEmpty(1),
        photo(types.PhotoSizeEmpty("e")),
        "not a file id",
        5,
    ],
)
async def test_nothing_to_download(client: Any, media: Any) -> None:
    assert await client.download_media(media, bytes) is None


async def test_a_size_that_is_not_known_or_wrong(client: Any) -> None:
    for size in (0, 1000, len(DATA) * 2):
        assert await client.download_media(document(size=size), bytes) == DATA


# ---- profile photos


def user(**fields: Any) -> types.User:
    return types.User(id=2, access_hash=22, username="two", **fields)


async def test_profile_photos(client: Any, tmp_path: pathlib.Path) -> None:
    somebody = user(photo=types.UserProfilePhoto(9, HOME), min=True)
    assert await client.download_profile_photo(somebody, str(tmp_path)) == str(tmp_path / "two.jpg")
    assert client._sender.sent[0].location == types.InputPeerPhotoFileLocation(types.InputPeerUser(2, 22), 9, big=True)
    assert await client.download_profile_photo(somebody, bytes, download_big=False) == DATA
    assert client._sender.sent[-1].location.big is False
    assert await client.download_profile_photo(user(), bytes) is None


async def test_profile_photos_of_full_forms(client: Any) -> None:
    settings = types.PeerNotifySettings()
    full = types.ChannelFull(
        id=8,
        about="",
        read_inbox_max_id=0,
        read_outbox_max_id=0,
        unread_count=0,
        chat_photo=photo(),
        notify_settings=settings,
        bot_info=[],
        pts=1,
    )
    assert await client.download_profile_photo(full, bytes) == DATA


async def test_some_channels_only_give_their_photo_in_full(client: Any, files: Files) -> None:
    channel = types.Channel(id=8, title="c", photo=types.ChatPhoto(9, HOME), date=DATE, access_hash=80)
    full = types.ChannelFull(
        id=8,
        about="",
        read_inbox_max_id=0,
        read_outbox_max_id=0,
        unread_count=0,
        chat_photo=photo(),
        notify_settings=types.PeerNotifySettings(),
        bot_info=[],
        pts=1,
    )
    client._sender.answers["GetFullChannel"] = [types.messages.ChatFull(full, [], [])]
    files.faults = [errors.LocationInvalidError(None)]
    assert await client.download_profile_photo(channel, bytes) == DATA
