"""Making results for inline queries. What is expected was seen on Telethon 1.45, but where a test says otherwise."""

from __future__ import annotations

from typing import Any

import pytest
from fakeclient import FakeClient
from media_samples import DOCUMENTS, MEDIA, PHOTO

from telethon.tl import types
from telethon.tl.custom.button import Button
from telethon.tl.custom.inlinebuilder import InlineBuilder

INPUT_PHOTO = types.InputPhoto(3, 4, b"x")
INPUT_DOCUMENT = types.InputDocument(10, 1, b"r")
POINT = types.InputGeoPoint(lat=2, long=1)
BUTTON = Button.inline("b")
MARKUP = types.ReplyInlineMarkup([types.KeyboardInlineButtonRow([BUTTON])])
FILE = types.InputFile(1, 2, "n", "")


def builder(media: Any = None) -> tuple[InlineBuilder, FakeClient]:
    """A builder whose client uploads whatever it is given as *media*."""
    uploaded = (isinstance(media, types.InputMediaUploadedPhoto) and MEDIA["photo"]) or MEDIA["doc"]
    client = FakeClient(_file_to_media=(None, media, None), UploadMedia=uploaded)
    return InlineBuilder(client), client


async def article(**fields: Any) -> Any:
    return await builder()[0].article("T", **fields)


async def test_article() -> None:
    thumb, content = types.InputWebDocument("a", 1, "b", []), types.InputWebDocument("c", 1, "b", [])
    made = await builder()[0].article(
        "T", "D", url="u", thumb=thumb, content=content, id="ID", text="*x", link_preview=False, buttons=BUTTON
    )
    assert made == types.InputBotInlineResult(
        id="ID",
        type="article",
        send_message=types.InputBotInlineMessageText(
            message="x", no_webpage=True, entities=[types.MessageEntityBold(0, 1)], reply_markup=MARKUP
        ),
        title="T",
        description="D",
        url="u",
        thumb=thumb,
        content=content,
    )


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"text": "x"}, types.InputBotInlineMessageText("x", no_webpage=False, entities=[])),
        ({"text": ""}, types.InputBotInlineMessageText("", no_webpage=False, entities=[])),
        ({"geo": POINT}, types.InputBotInlineMessageMediaGeo(POINT, period=60)),
        ({"geo": types.GeoPoint(1, 2, 0), "period": 100}, types.InputBotInlineMessageMediaGeo(POINT, period=100)),
        (
            {"geo": types.InputMediaVenue(POINT, "t", "a", "p", "v", "vt")},
            types.InputBotInlineMessageMediaVenue(POINT, "t", "a", "p", "v", "vt"),
        ),
        (
            {"contact": types.InputMediaContact("1", "a", "b", "")},
            types.InputBotInlineMessageMediaContact("1", "a", "b", ""),
        ),
        ({"contact": MEDIA["contact"]}, types.InputBotInlineMessageMediaContact("1", "a", "b", "")),
        ({"game": True}, types.InputBotInlineMessageGame()),
    ],
)
async def test_what_is_sent(fields: Any, expected: Any) -> None:
    assert (await article(**fields)).send_message == expected


@pytest.mark.parametrize(
    ("geo", "expected"),
    [
        (
            MEDIA["venue"],
            types.InputBotInlineMessageMediaVenue(types.InputGeoPoint(2.5, 1.5), "t", "a", "p", "v", "vt"),
        ),
        (MEDIA["geo"], types.InputBotInlineMessageMediaGeo(types.InputGeoPoint(2.5, 1.5), period=60)),
    ],
)
async def test_places_of_messages(geo: Any, expected: Any) -> None:
    """On Telethon the place of such a venue cannot be sent, and other places are refused."""
    made = await article(geo=geo)
    assert made.send_message == expected
    assert bytes(made)


async def test_parse_mode_is_handed_on() -> None:
    found, client = builder()
    await found.article("T", text="x", parse_mode="html")
    await found.article("T", text="x")
    assert [call[1] for call in client.calls] == [("x", "html"), ("x", ())]


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({}, r"Must set exactly one of text, geo, contact or game \(set none\)"),
        ({"text": "x", "game": True}, r"exactly one of text, geo, contact or game \(set text, game\)"),
        ({"geo": (1, 2)}, "No text, game or valid geo or contact given"),
        ({"contact": types.User(5)}, "No text, game or valid geo or contact given"),
    ],
)
async def test_what_cannot_be(fields: Any, text: str) -> None:
    with pytest.raises(ValueError, match=text):
        await article(**fields)


async def test_ids_are_made_of_the_content() -> None:
    first, second, other = await article(text="x"), await article(text="x"), await article(text="y")
    assert first.id == second.id != other.id
    plain = types.InputBotInlineMessageText("x", no_webpage=False, entities=[])
    from hashlib import sha256

    made = types.InputBotInlineResult(id="", type="article", send_message=plain, title="T")
    assert first.id == sha256(bytes(made)).hexdigest()
    assert (await article(text="x", id="")).id == ""


# ---- photos and documents


@pytest.mark.parametrize("file", [PHOTO, MEDIA["photo"], INPUT_PHOTO])
async def test_photo_on_telegram(file: Any) -> None:
    found, client = builder()
    made = await found.photo(file, id="i", text="*x", buttons=BUTTON)
    assert made == types.InputBotInlineResultPhoto(
        id="i",
        type="photo",
        photo=INPUT_PHOTO,
        send_message=types.InputBotInlineMessageMediaAuto(
            "x", entities=[types.MessageEntityBold(0, 1)], reply_markup=MARKUP
        ),
    )
    assert client.names == ["_parse_message_text"]


async def test_photo_is_uploaded() -> None:
    media = types.InputMediaUploadedPhoto(FILE)
    found, client = builder(media)
    made = await found.photo("photo.jpg")
    assert made.photo == INPUT_PHOTO
    assert made.send_message == types.InputBotInlineMessageMediaAuto("", entities=[])
    assert client.calls[0] == ("_file_to_media", ("photo.jpg",), {"allow_cache": True, "as_image": True})
    assert (client.calls[1][1].peer, client.calls[1][1].media) == (types.InputPeerSelf(), media)


async def test_photo_that_was_uploaded_before() -> None:
    found, client = builder(types.InputMediaPhoto(INPUT_PHOTO))
    assert (await found.photo("photo.jpg")).photo == INPUT_PHOTO
    assert "UploadMedia" not in client.names


async def test_photo_that_sends_something_else() -> None:
    """With a place, Telethon says that there is a text, too."""
    found, _ = builder()
    made = await found.photo(PHOTO, include_media=False, text="x")
    assert made.send_message == types.InputBotInlineMessageText("x", no_webpage=False, entities=[])
    made = await found.photo(PHOTO, geo=POINT)
    assert made.send_message == types.InputBotInlineMessageMediaGeo(POINT, period=60)


@pytest.mark.parametrize("file", [DOCUMENTS["doc"], MEDIA["doc"], INPUT_DOCUMENT])
async def test_document_on_telegram(file: Any) -> None:
    found, client = builder()
    made = await found.document(file, "T", description="D", id="i", text="x", type="gif")
    assert made == types.InputBotInlineResultDocument(
        id="i",
        type="gif",
        document=INPUT_DOCUMENT,
        send_message=types.InputBotInlineMessageMediaAuto("x", entities=[]),
        title="T",
        description="D",
    )
    assert client.names == ["_parse_message_text"]


@pytest.mark.parametrize(("options", "kind"), [({}, "file"), ({"voice_note": True}, "voice"), ({"type": "gif"}, "gif")])
async def test_document_is_uploaded(options: Any, kind: str) -> None:
    found, client = builder(types.InputMediaUploadedDocument(FILE, "a/b", []))
    made = await found.document("a.pdf", mime_type="x/y", attributes=[], use_cache=False, **options)
    assert (made.type, made.document) == (kind, INPUT_DOCUMENT)
    assert client.calls[0] == (
        "_file_to_media",
        ("a.pdf",),
        {
            "mime_type": "x/y",
            "attributes": [],
            "force_document": False,
            "voice_note": options.get("voice_note", False),
            "video_note": False,
            "allow_cache": False,
        },
    )
    assert client.names == ["_file_to_media", "UploadMedia", "_parse_message_text"]


async def test_document_that_was_uploaded_before() -> None:
    found, client = builder(types.InputMediaDocument(INPUT_DOCUMENT))
    assert (await found.document("a.pdf")).document == INPUT_DOCUMENT
    assert "UploadMedia" not in client.names


# ---- games


async def test_game() -> None:
    """Without anything to send, Telethon raises `ValueError`."""
    found, _ = builder()
    made = await found.game("chess", id="i", buttons=BUTTON)
    assert made == types.InputBotInlineResultGame(
        id="i", short_name="chess", send_message=types.InputBotInlineMessageGame(reply_markup=MARKUP)
    )
    made = await found.game("chess", text="x")
    assert made.send_message == types.InputBotInlineMessageText("x", no_webpage=False, entities=[])
