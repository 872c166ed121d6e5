"""Pressing buttons. What is expected was seen on Telethon 1.45, but where a test says otherwise."""

from __future__ import annotations

import webbrowser
from typing import Any

import pytest
from fakeclient import INPUT_USER, SELF, FakeClient

from telethon import errors
from telethon.tl import types
from telethon.tl.custom.messagebutton import MessageButton

CALLBACK = types.InlineButtonTypeCallback(b"d")
URL = types.InlineButtonTypeUrl("http://u")
SWITCH = types.InlineButtonTypeSwitchInline("q")


def inline(kind: Any, client: Any = None, bot: Any = INPUT_USER) -> MessageButton:
    return MessageButton(client, types.KeyboardInlineButton("t", kind), INPUT_USER, bot, 44)


def key(kind: Any, client: Any = None) -> MessageButton:
    return MessageButton(client, types.KeyboardButton("t", kind), INPUT_USER, None, 44)


@pytest.mark.parametrize(
    ("button", "expected"),
    [
        (inline(CALLBACK), (b"d", None, None)),
        (inline(URL), (None, None, "http://u")),
        (inline(SWITCH), (None, "q", None)),
        (inline(types.InlineButtonTypeGame()), (None, None, None)),
        (key(types.ButtonTypeDefault()), (None, None, None)),
    ],
)
def test_what_a_button_tells(button: MessageButton, expected: tuple[Any, ...]) -> None:
    assert (button.data, button.inline_query, button.url) == expected
    assert button.text == "t"


def test_client() -> None:
    client = FakeClient()
    assert inline(URL, client).client is client  # type: ignore[comparison-overlap]


async def test_callback() -> None:
    answer = types.messages.BotCallbackAnswer(cache_time=0, message="hi")
    client = FakeClient(GetBotCallbackAnswer=answer)
    assert await inline(CALLBACK, client).click() is answer
    [(_, request)] = client.calls
    assert (request.peer, request.msg_id, request.data, request.game, request.password) == (
        INPUT_USER, 44, b"d", None, None,
    )  # fmt: skip


async def test_bot_that_does_not_answer() -> None:
    client = FakeClient(GetBotCallbackAnswer=errors.BotResponseTimeoutError(None))
    assert await inline(CALLBACK, client).click() is None
    assert await inline(types.InlineButtonTypeGame(), client).click() is None


async def test_callback_that_wants_the_password(monkeypatch: pytest.MonkeyPatch) -> None:
    import telethon.password

    seen: list[Any] = []
    proof = types.InputCheckPasswordEmpty()

    def compute_check(request: Any, password: str) -> Any:
        seen.append((request, password))
        return proof

    monkeypatch.setattr(telethon.password, "compute_check", compute_check)
    client = FakeClient(GetPassword="settings", GetBotCallbackAnswer=None)
    await inline(CALLBACK, client).click(password="secret")
    assert seen == [("settings", "secret")]
    assert client.names == ["GetPassword", "GetBotCallbackAnswer"]
    assert client.calls[1][1].password is proof


async def test_game() -> None:
    client = FakeClient()
    await inline(types.InlineButtonTypeGame(), client).click()
    [(_, request)] = client.calls
    assert (request.game, request.data) == (True, None)


async def test_inline_query() -> None:
    client = FakeClient(StartBot="updates")
    assert await inline(SWITCH, client).click() == "updates"
    [(_, request)] = client.calls
    assert (request.bot, request.peer, request.start_param) == (INPUT_USER, INPUT_USER, "q")


async def test_inline_query_of_an_unknown_bot() -> None:
    with pytest.raises(ValueError, match="bot"):
        await inline(SWITCH, FakeClient(), bot=None).click()


async def test_link(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", lambda url: opened.append(url) or True)
    assert await inline(URL, FakeClient()).click() == "http://u"
    assert await inline(URL, FakeClient()).click(open_url=False) == "http://u"
    assert opened == []
    assert await inline(URL, FakeClient()).click(open_url=True) is True
    assert opened == ["http://u"]


@pytest.mark.parametrize(
    "button",
    [
        inline(types.InlineButtonTypeBuy(), FakeClient()),
        inline(types.InlineButtonTypeCopy("c"), FakeClient()),
        inline(types.InlineButtonTypeUrlAuth("http://a", 7), FakeClient()),
        key(types.ButtonTypeRequestPoll(), FakeClient()),
        key(types.ButtonTypeSimpleWebView("http://s"), FakeClient()),
    ],
)
async def test_buttons_for_applications_only(button: MessageButton) -> None:
    assert await button.click(share_phone=True, share_geo=(1, 2), open_url=True) is None
    assert button._client.calls == []  # type: ignore[attr-defined]


async def test_key_sends_its_text() -> None:
    client = FakeClient(send_message="sent")
    assert await key(types.ButtonTypeDefault(), client).click() == "sent"
    assert client.calls == [("send_message", (INPUT_USER, "t"), {"parse_mode": None})]


@pytest.mark.parametrize(
    ("share", "number"), [(True, "123"), ("555", "555"), (types.InputMediaContact("1", "f", "l", ""), "1")]
)
async def test_phone_number(share: Any, number: str) -> None:
    client = FakeClient(get_me=SELF, send_file="sent")
    assert await key(types.ButtonTypeRequestPhone(), client).click(share_phone=share) == "sent"
    expected = types.InputMediaContact(number, "f", "l", "")
    assert client.calls[-1] == ("send_file", (INPUT_USER, expected), {})


PLACE = types.InputMediaGeoPoint(types.InputGeoPoint(lat=2.0, long=1.0))


@pytest.mark.parametrize(
    ("share", "sent"), [((1.0, 2.0), PLACE), (PLACE, PLACE), (types.GeoPoint(1, 2, 0), types.GeoPoint(1, 2, 0))]
)
async def test_place(share: Any, sent: Any) -> None:
    client = FakeClient(send_file="sent")
    assert await key(types.ButtonTypeRequestGeoLocation(), client).click(share_geo=share) == "sent"
    assert client.calls == [("send_file", (INPUT_USER, sent), {})]


async def test_nothing_private_is_sent_unasked() -> None:
    client = FakeClient()
    with pytest.raises(ValueError, match="cannot click on phone buttons unless share_phone=True"):
        await key(types.ButtonTypeRequestPhone(), client).click(share_phone=False)
    with pytest.raises(ValueError, match="cannot click on geo buttons unless share_geo"):
        await key(types.ButtonTypeRequestGeoLocation(), client).click(share_phone=True)
    assert client.calls == []
