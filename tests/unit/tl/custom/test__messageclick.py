"""Buttons of messages. What is expected was seen on Telethon 1.45, but where a test says otherwise."""

from __future__ import annotations

from typing import Any

import pytest
from fakeclient import (
    ALICE,
    BOT,
    BROADCAST,
    CHANNEL,
    CHANNEL_ID,
    INPUT_CHANNEL,
    INPUT_USER,
    USER,
    FakeClient,
    bound,
    message,
)
from media_samples import MEDIA

from telethon.tl import types


def button(text: str, kind: Any) -> types.KeyboardInlineButton:
    return types.KeyboardInlineButton(text, kind)


def inline(*rows: list[Any]) -> types.ReplyInlineMarkup:
    return types.ReplyInlineMarkup([types.KeyboardInlineButtonRow(row) for row in rows])


INLINE = inline(
    [button("a", types.InlineButtonTypeCallback(b"da")), button("u", types.InlineButtonTypeUrl("http://u"))],
    [button("a", types.InlineButtonTypeCallback(b"db"))],
)
SWITCH = inline(
    [button("a", types.InlineButtonTypeCallback(b"da"))], [button("s", types.InlineButtonTypeSwitchInline("q"))]
)
KEYBOARD = types.ReplyKeyboardMarkup(
    [
        types.KeyboardButtonRow([types.KeyboardButton(text, types.ButtonTypeDefault()) for text in "xy"]),
        types.KeyboardButtonRow([types.KeyboardButton("p", types.ButtonTypeRequestPhone())]),
    ]
)
CHANNEL_PEER = types.PeerChannel(CHANNEL)


def texts(buttons: Any) -> Any:
    return buttons and [[each.text for each in row] for row in buttons]


# ---- which buttons there are


@pytest.mark.parametrize(
    ("markup", "expected", "count"),
    [
        (INLINE, [["a", "u"], ["a"]], 3),
        (KEYBOARD, [["x", "y"], ["p"]], 3),
        (inline(), [], 0),
        (types.ReplyKeyboardHide(), None, 0),
        (types.ReplyKeyboardForceReply(), None, 0),
        (None, None, 0),
    ],
)
async def test_buttons(markup: Any, expected: Any, count: int) -> None:
    assert message(reply_markup=markup).button_count == count
    assert message(reply_markup=markup).buttons is None
    found = bound(reply_markup=markup)
    assert texts(found.buttons) == expected
    assert found.button_count == count
    assert texts(await found.get_buttons()) == expected
    assert found.buttons is found.buttons


def test_buttons_know_where_they_are() -> None:
    found = bound(known={ALICE: BOT}, reply_markup=SWITCH)
    assert found.buttons is not None
    switch = found.buttons[1][0]
    assert (switch._chat, switch._bot, switch._msg_id) == (INPUT_USER, INPUT_USER, 7)
    assert bound(reply_markup=INLINE).buttons[0][0]._bot is None  # type: ignore[index]


async def test_chat_that_is_not_known() -> None:
    client = FakeClient()
    found = bound(client, known={}, reply_markup=INLINE)
    assert found.buttons is None
    assert await found.get_buttons() is None
    assert await found.click() is None
    assert set(client.names) == {"iter_dialogs"}


def test_bot_of_a_message_sent_through_it() -> None:
    """On Telethon these buttons are not there, because it takes the user who sent the message for the bot."""
    known = {CHANNEL_ID: BROADCAST, ALICE: BOT}
    found = bound(known=known, peer_id=CHANNEL_PEER, via_bot_id=ALICE, reply_markup=SWITCH)
    assert found.buttons is not None
    assert found.buttons[1][0]._bot == INPUT_USER


async def test_bot_is_learnt_from_the_message_itself() -> None:
    again = bound(peer_id=CHANNEL_PEER, from_id=types.PeerUser(ALICE))
    client = FakeClient(get_messages=again)
    found = bound(
        client,
        known={CHANNEL_ID: BROADCAST},
        peer_id=CHANNEL_PEER,
        from_id=types.PeerUser(ALICE),
        reply_markup=SWITCH,
    )
    assert found.buttons is None
    buttons = await found.get_buttons()
    assert buttons is not None
    assert buttons[1][0]._bot == INPUT_USER
    assert client.calls == [("get_messages", (INPUT_CHANNEL,), {"ids": 7})]


async def test_unknown_bot_takes_no_other_button_away() -> None:
    """On Telethon `ValueError` is raised."""
    client = FakeClient(GetBotCallbackAnswer="answer")
    found = bound(client, known={CHANNEL_ID: BROADCAST}, peer_id=CHANNEL_PEER, reply_markup=SWITCH)
    assert texts(await found.get_buttons()) == [["a"], ["s"]]
    assert await found.click(0) == "answer"
    with pytest.raises(ValueError, match="bot"):
        await found.click(text="s")


# ---- which one is pressed


@pytest.mark.parametrize(
    ("args", "kwargs", "data"),
    [
        ((), {}, b"da"),
        ((0,), {}, b"da"),
        ((2,), {}, b"db"),
        ((-1,), {}, b"db"),
        ((1, 0), {}, b"db"),
        ((-1, -1), {}, b"db"),
        ((), {"text": "a"}, b"da"),
        ((), {"text": lambda text: text == "a"}, b"da"),
        ((), {"filter": lambda button: button.data == b"db"}, b"db"),
        ((), {"data": b"other"}, b"other"),
        ((), {"data": "other"}, b"other"),
        ((0,), {"data": b"other"}, b"other"),
        ((), {"share_phone": True}, b"da"),
    ],
)
async def test_choice(args: Any, kwargs: Any, data: bytes) -> None:
    client = FakeClient(GetBotCallbackAnswer="answer")
    assert await bound(client, reply_markup=INLINE).click(*args, **kwargs) == "answer"
    [(_, request)] = client.calls
    assert (request.peer, request.msg_id, request.data) == (INPUT_USER, 7, data)


@pytest.mark.parametrize(("args", "kwargs"), [((1,), {}), ((0, 1), {}), ((), {"j": 1}), ((), {"text": "u"})])
async def test_choice_of_a_link(args: Any, kwargs: Any) -> None:
    assert await bound(reply_markup=INLINE).click(*args, **kwargs) == "http://u"


@pytest.mark.parametrize("args", [(3,), (99,), (1, 1), (5, 5)])
async def test_no_button_with_that_number(args: Any) -> None:
    with pytest.raises(IndexError):
        await bound(reply_markup=INLINE).click(*args)


@pytest.mark.parametrize("kwargs", [{"text": "zz"}, {"filter": lambda button: False}])
async def test_no_button_that_fits(kwargs: Any) -> None:
    client = FakeClient()
    assert await bound(client, reply_markup=INLINE).click(**kwargs) is None
    assert client.calls == []


@pytest.mark.parametrize("kwargs", [{"i": 0, "text": "a"}, {"text": "a", "filter": bool}, {"i": 0, "filter": bool}])
async def test_only_one_choice(kwargs: Any) -> None:
    with pytest.raises(ValueError, match="You can only set either of i, text or filter"):
        await bound(reply_markup=INLINE).click(**kwargs)


async def test_keys() -> None:
    client = FakeClient(send_message="sent")
    found = bound(client, reply_markup=KEYBOARD)
    assert await found.click(1) == "sent"
    assert client.calls == [("send_message", (INPUT_USER, "y"), {"parse_mode": None})]
    with pytest.raises(ValueError, match="share_phone=True"):
        await found.click(2)


async def test_nothing_to_press() -> None:
    assert await bound().click() is None
    assert await message(reply_markup=INLINE).click() is None
    assert await bound(known={CHANNEL_ID: USER}).click(data=b"x") is None


# ---- polls


@pytest.mark.parametrize(
    ("args", "kwargs", "options"),
    [
        ((), {}, []),
        ((0,), {}, [b"x"]),
        ((-1,), {}, [b"y"]),
        (([1, 0],), {}, [b"y", b"x"]),
        (([],), {}, []),
        ((), {"filter": lambda answer: answer.option == b"y"}, [b"y"]),
        ((), {"filter": lambda answer: True}, [b"x"]),
    ],
)
async def test_vote(args: Any, kwargs: Any, options: list[bytes]) -> None:
    client = FakeClient(SendVote="updates")
    assert await bound(client, media=MEDIA["poll"], reply_markup=INLINE).click(*args, **kwargs) == "updates"
    [(_, request)] = client.calls
    assert (request.peer, request.msg_id, request.options) == (INPUT_USER, 7, options)


@pytest.mark.parametrize("wanted", ["y", lambda text: text == "y"])
async def test_vote_by_text(wanted: Any) -> None:
    """On Telethon no answer has the text, because it compares it with an object."""
    client = FakeClient()
    await bound(client, media=MEDIA["poll"]).click(text=wanted)
    assert client.calls[0][1].options == [b"y"]


@pytest.mark.parametrize("kwargs", [{"text": "nope"}, {"filter": lambda answer: False}])
async def test_no_answer_that_fits_takes_no_vote_back(kwargs: Any) -> None:
    """On Telethon the vote is taken back."""
    client = FakeClient()
    assert await bound(client, media=MEDIA["poll"]).click(**kwargs) is None
    assert client.calls == []


async def test_data_counts_for_polls_too() -> None:
    client = FakeClient()
    await bound(client, media=MEDIA["poll"]).click(data=b"q")
    assert client.names == ["GetBotCallbackAnswer"]


async def test_poll_in_a_chat_that_is_not_known() -> None:
    client = FakeClient()
    assert await bound(client, known={}, media=MEDIA["poll"]).click(0) is None
    assert client.names == ["iter_dialogs"]


def test_bot_that_only_the_cache_knows() -> None:
    client = FakeClient()
    found = bound(client, known={CHANNEL_ID: BROADCAST}, peer_id=CHANNEL_PEER, via_bot_id=ALICE, reply_markup=SWITCH)
    assert found.buttons is None
    client._mb_entity_cache.extend([BOT], [])
    assert found.buttons is not None
    assert found.buttons[1][0]._bot == INPUT_USER
