"""One result of an inline query. What is expected was seen on Telethon 1.45."""

from __future__ import annotations

from typing import Any

import pytest
from fakeclient import INPUT_CHANNEL, INPUT_USER, FakeClient, message
from media_samples import DOCUMENTS, PHOTO, WEB_DOCUMENT

from telethon.tl import types
from telethon.tl.custom.inlineresult import InlineResult

SEND = types.BotInlineMessageText(message="m")
CONTENT = types.WebDocument(url="c", access_hash=1, size=5, mime_type="image/gif", attributes=[])
ARTICLE = types.BotInlineResult(
    id="1", type="article", title="T", description="D", url="U", send_message=SEND, thumb=WEB_DOCUMENT, content=CONTENT
)
BARE = types.BotInlineResult(id="1", type="photo", send_message=SEND)
MEDIA = types.BotInlineMediaResult(id="2", type="photo", send_message=SEND, photo=PHOTO, title="M")
FILE = types.BotInlineMediaResult(id="3", type="file", send_message=SEND, document=DOCUMENTS["doc"], description="F")


@pytest.mark.parametrize(
    ("original", "expected"),
    [
        (ARTICLE, ("article", "T", "D", "U", WEB_DOCUMENT, CONTENT)),
        (BARE, ("photo", None, None, None, None, None)),
        (MEDIA, ("photo", "M", None, None, PHOTO, None)),
        (FILE, ("file", None, "F", None, None, DOCUMENTS["doc"])),
    ],
)
def test_what_a_result_tells(original: Any, expected: tuple[Any, ...]) -> None:
    found = InlineResult(FakeClient(), original, 777)
    assert (found.type, found.title, found.description, found.url, found.photo, found.document) == expected
    assert found.message is SEND
    assert found.result is original


def test_kinds() -> None:
    assert (InlineResult.ARTICLE, InlineResult.VIDEO_GIF, InlineResult.GIF) == ("article", "mpeg4_gif", "gif")


async def test_sending() -> None:
    client = FakeClient(get_input_entity=INPUT_USER, SendInlineBotResult="updates")
    sent: Any = await InlineResult(client, ARTICLE, 777).click("somebody")
    assert client.calls[0] == ("get_input_entity", ("somebody",), {})
    assert (sent.request, sent.result, sent.input_chat) == (client.calls[1][1], "updates", INPUT_USER)
    request = sent.request
    assert (request.peer, request.query_id, request.id, request.reply_to) == (INPUT_USER, 777, "1", None)
    assert (request.silent, request.clear_draft, request.hide_via, request.background) == (False, False, False, None)


@pytest.mark.parametrize("reply_to", [4, message(id=4)])
async def test_sending_as_reply_with_options(reply_to: Any) -> None:
    client = FakeClient(get_input_entity=INPUT_USER)
    await InlineResult(client, ARTICLE, 777).click(
        "somebody", reply_to, silent=True, clear_draft=True, hide_via=True, background=True
    )
    request = client.calls[1][1]
    assert request.reply_to == types.InputReplyToMessage(4)
    assert (request.silent, request.clear_draft, request.hide_via, request.background) == (True, True, True, True)


async def test_sending_as_comment() -> None:
    client = FakeClient(get_input_entity=INPUT_USER, _get_comment_data=(INPUT_CHANNEL, 55))
    await InlineResult(client, ARTICLE, 777).click("channel", comment_to=3)
    assert client.calls[1] == ("_get_comment_data", (INPUT_USER, 3), {})
    assert (client.calls[2][1].peer, client.calls[2][1].reply_to) == (INPUT_CHANNEL, types.InputReplyToMessage(55))


async def test_chat_of_the_query() -> None:
    client = FakeClient(get_input_entity=INPUT_CHANNEL)
    found = InlineResult(client, ARTICLE, 777, entity=INPUT_USER)
    await found.click()
    assert client.names == ["SendInlineBotResult"]
    assert client.calls[0][1].peer is INPUT_USER
    await found.click("other")
    assert client.calls[2][1].peer is INPUT_CHANNEL
    with pytest.raises(ValueError, match="You must provide the entity where the result should be sent to"):
        await InlineResult(client, ARTICLE, 777).click()


@pytest.mark.parametrize(("original", "media"), [(ARTICLE, CONTENT), (MEDIA, PHOTO), (FILE, DOCUMENTS["doc"])])
async def test_download(original: Any, media: Any) -> None:
    client = FakeClient(download_media="path")
    assert await InlineResult(client, original).download_media("f", thumb=1) == "path"
    assert client.calls == [("download_media", (media, "f"), {"thumb": 1})]


async def test_nothing_to_download() -> None:
    client = FakeClient()
    assert await InlineResult(client, BARE).download_media() is None
    assert client.calls == []
