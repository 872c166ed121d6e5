"""What messages carry. What is expected was seen on Telethon 1.45."""

from __future__ import annotations

from typing import Any

import pytest
from fakeclient import message
from media_samples import DOCUMENTS, GAME, MEDIA, PHOTO, POINT

from telethon.tl import types

VIEWS = [
    "photo",
    "document",
    "web_preview",
    "audio",
    "voice",
    "video",
    "video_note",
    "gif",
    "sticker",
    "contact",
    "game",
    "geo",
    "invoice",
    "poll",
    "venue",
    "dice",
]


def views(found: types.Message) -> dict[str, Any]:
    return {name: value for name in VIEWS if (value := getattr(found, name)) is not None}


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("doc", ()),
        ("video", ("video",)),
        ("round", ("video", "video_note")),
        ("gif", ("video", "gif")),
        ("audio", ("audio",)),
        ("voice", ("voice",)),
        ("sticker", ("sticker",)),
        ("video sticker", ("video", "sticker")),
        ("image", ()),
        ("bare", ()),
    ],
)
def test_documents(kind: str, names: tuple[str, ...]) -> None:
    found = message(media=MEDIA[kind])
    assert views(found) == dict.fromkeys(("document", *names), DOCUMENTS[kind])
    assert found.file is not None
    assert found.file.media is DOCUMENTS[kind]
    assert found.file is found.file


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("photo", {"photo": PHOTO}),
        ("no photo", {}),
        ("empty photo", {}),
        ("no document", {}),
        ("empty document", {}),
        ("page", {"web_preview": MEDIA["page"].webpage}),
        ("page with photo", {"web_preview": MEDIA["page with photo"].webpage, "photo": PHOTO}),
        (
            "page with document",
            {
                "web_preview": MEDIA["page with document"].webpage,
                "document": DOCUMENTS["video"],
                "video": DOCUMENTS["video"],
            },
        ),
        ("empty page", {}),
        ("pending page", {}),
        ("game", {"game": GAME}),
        ("invoice", {"invoice": MEDIA["invoice"]}),
        ("contact", {"contact": MEDIA["contact"]}),
        ("geo", {"geo": POINT}),
        ("live", {"geo": POINT}),
        ("venue", {"geo": POINT, "venue": MEDIA["venue"]}),
        ("dice", {"dice": MEDIA["dice"]}),
        ("unsupported", {}),
        ("empty", {}),
        ("poll", {"poll": MEDIA["poll"]}),
        ("story", {}),
    ],
)
def test_other_media(kind: str, expected: dict[str, Any]) -> None:
    assert views(message(media=MEDIA[kind])) == expected


@pytest.mark.parametrize("kind", ["page", "empty page", "game", "invoice", "contact", "geo", "poll", "empty photo"])
def test_no_file(kind: str) -> None:
    assert message(media=MEDIA[kind]).file is None


def test_photo_of_a_page_is_its_file() -> None:
    found = message(media=MEDIA["page with both"])
    assert found.file is not None
    assert found.file.media is PHOTO
    assert found.audio is DOCUMENTS["audio"]


def test_new_photo_of_a_chat() -> None:
    def service(action: Any) -> types.MessageService:
        return types.MessageService(id=1, peer_id=types.PeerUser(5), action=action)

    found = service(types.MessageActionChatEditPhoto(photo=PHOTO))
    assert views(found) == {"photo": PHOTO}
    assert found.file is not None
    assert found.file.size == 90000
    assert views(service(types.MessageActionSuggestProfilePhoto(photo=PHOTO))) == {}
    assert service(types.MessageActionPinMessage()).file is None


def test_message_without_media() -> None:
    assert views(message()) == {}
    assert message().file is None
    assert views(types.MessageEmpty(1, types.PeerUser(5))) == {}
