"""One of everything that a message can carry."""

from __future__ import annotations

from typing import Any

from fakeclient import ALICE, NOW

from telethon.tl import types

PHOTO = types.Photo(
    id=3,
    access_hash=4,
    file_reference=b"x",
    date=NOW,
    dc_id=1,
    sizes=[
        types.PhotoStrippedSize("i", b"\x01" * 10),
        types.PhotoSize("m", 320, 200, 5000),
        types.PhotoSizeProgressive("y", 1280, 800, [100, 500, 90000]),
    ],
)
VIDEO = types.DocumentAttributeVideo(duration=12.5, w=640, h=480)
ROUND = types.DocumentAttributeVideo(duration=3, w=240, h=240, round_message=True)
AUDIO = types.DocumentAttributeAudio(duration=200, title="T", performer="P")
VOICE = types.DocumentAttributeAudio(duration=5, voice=True, waveform=b"w")
STICKER = types.DocumentAttributeSticker(alt="🙂", stickerset=types.InputStickerSetID(1, 2))
FILENAME = types.DocumentAttributeFilename("f.pdf")
ANIMATED = types.DocumentAttributeAnimated()
SIZE = types.DocumentAttributeImageSize(50, 60)


def document(*attributes: Any, mime_type: str = "application/pdf") -> types.Document:
    return types.Document(
        id=10,
        access_hash=1,
        file_reference=b"r",
        date=NOW,
        mime_type=mime_type,
        size=999,
        dc_id=2,
        attributes=list(attributes),
    )


def page(**fields: Any) -> types.MessageMediaWebPage:
    return types.MessageMediaWebPage(webpage=types.WebPage(id=1, url="u", display_url="d", hash=0, **fields))


TEXT = types.TextWithEntities
POINT = types.GeoPoint(1.5, 2.5, 0)
GAME = types.Game(id=1, access_hash=2, short_name="s", title="t", description="d", photo=PHOTO)
WEB_DOCUMENT = types.WebDocument(url="u", access_hash=1, size=77, mime_type="image/png", attributes=[SIZE])

DOCUMENTS: dict[str, types.Document] = {
    "doc": document(FILENAME),
    "video": document(VIDEO, FILENAME, mime_type="video/mp4"),
    "round": document(ROUND, mime_type="video/mp4"),
    "gif": document(VIDEO, ANIMATED, FILENAME, mime_type="video/mp4"),
    "audio": document(AUDIO, mime_type="audio/mpeg"),
    "voice": document(VOICE, mime_type="audio/ogg"),
    "sticker": document(SIZE, STICKER, FILENAME, mime_type="image/webp"),
    "video sticker": document(VIDEO, STICKER, mime_type="video/webm"),
    "image": document(SIZE, FILENAME, mime_type="image/png"),
    "bare": document(mime_type="x/y"),
}

MEDIA: dict[str, Any] = {
    "photo": types.MessageMediaPhoto(photo=PHOTO),
    "no photo": types.MessageMediaPhoto(photo=None),
    "empty photo": types.MessageMediaPhoto(photo=types.PhotoEmpty(1)),
    "no document": types.MessageMediaDocument(document=None),
    "empty document": types.MessageMediaDocument(document=types.DocumentEmpty(5)),
    "page": page(),
    "page with photo": page(photo=PHOTO),
    "page with document": page(document=DOCUMENTS["video"]),
    "page with both": page(photo=PHOTO, document=DOCUMENTS["audio"]),
    "empty page": types.MessageMediaWebPage(webpage=types.WebPageEmpty(1)),
    "pending page": types.MessageMediaWebPage(webpage=types.WebPagePending(1, NOW)),
    "game": types.MessageMediaGame(game=GAME),
    "invoice": types.MessageMediaInvoice(
        title="t", description="d", currency="EUR", total_amount=5, start_param="s", photo=WEB_DOCUMENT
    ),
    "contact": types.MessageMediaContact(phone_number="1", first_name="a", last_name="b", vcard="", user_id=1),
    "geo": types.MessageMediaGeo(geo=POINT),
    "live": types.MessageMediaGeoLive(geo=POINT, period=3),
    "venue": types.MessageMediaVenue(geo=POINT, title="t", address="a", provider="p", venue_id="v", venue_type="vt"),
    "dice": types.MessageMediaDice(value=3, emoticon="🎲"),
    "unsupported": types.MessageMediaUnsupported(),
    "empty": types.MessageMediaEmpty(),
    "poll": types.MessageMediaPoll(
        poll=types.Poll(
            id=1,
            question=TEXT("q", []),
            answers=[types.PollAnswer(TEXT("x", []), b"x"), types.PollAnswer(TEXT("y", []), b"y")],
            hash=0,
        ),
        results=types.PollResults(),
    ),
    "story": types.MessageMediaStory(peer=types.PeerUser(ALICE), id=1),
    **{name: types.MessageMediaDocument(document=found) for name, found in DOCUMENTS.items()},
}
