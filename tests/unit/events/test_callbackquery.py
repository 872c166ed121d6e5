"""Buttons that were pressed; calls are those that Telethon 1.45.0 makes."""

from __future__ import annotations

import asyncio
import logging
import re
from typing import Any

import pytest

from telethon import events
from telethon.tl import functions, types

SUPER = types.InputPeerChannel(7, 70)
CallbackQuery = events.CallbackQuery


def answered(**fields: Any) -> Any:
    defaults = {"cache_time": 0, "alert": False, "message": None, "url": None}
    return functions.messages.SetBotCallbackAnswerRequest(query_id=1, **{**defaults, **fields})


# -- filters -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("wrong", [{"data": 5}, {"pattern": 5}])
def test_wrong_data(wrong):
    with pytest.raises(TypeError, match="Invalid data or pattern type given"):
        CallbackQuery(**wrong)


def test_data_and_pattern():
    with pytest.raises(ValueError, match="Only pass either data or pattern not both"):
        CallbackQuery(data=b"x", pattern=b"y")


@pytest.mark.parametrize(
    ("given", "data", "wanted"),
    [
        ({}, b"xyz", True),
        ({"data": b"xyz"}, b"xyz", True),
        ({"data": "xyz"}, b"xyz", True),
        ({"data": b"x"}, b"xyz", False),
        ({"data": re.compile(b"x.")}, b"xyz", True),
        ({"data": re.compile("x.", re.I)}, b"XYZ", True),
        ({"data": re.compile(b"y")}, b"xyz", False),
        ({"data": lambda data: data.endswith(b"z")}, b"xyz", True),
        ({"data": lambda data: None}, b"xyz", False),
        ({"pattern": "x."}, b"xyz", True),
        ({"pattern": b"y"}, b"xyz", False),
        ({"pattern": lambda data: data == b"xyz"}, b"xyz", True),
        ({"data": b"x"}, None, False),
        ({"data": re.compile(b"x")}, None, False),
        ({"data": lambda data: data is None}, None, True),
        ({"func": lambda event: event.data == b"xyz"}, b"xyz", True),
        ({"func": lambda event: False}, b"xyz", False),
    ],
)
def test_wanted_data(build, given, data, wanted):
    event = build(CallbackQuery, types.UpdateBotCallbackQuery(1, 50, types.PeerUser(50), 5, 9, data=data))
    builder = CallbackQuery(**given)
    builder.resolved = True
    assert bool(builder.filter(event)) == wanted


def test_what_matched(build):
    event = build(CallbackQuery, "button")
    builder = CallbackQuery(pattern=b"(x)")
    assert builder.filter(event)
    assert event.data_match is event.pattern_match
    assert event.data_match.group(1) == b"x"


def test_wanted_chats(build):
    event = build(CallbackQuery, "inline button")
    for chats, blacklist, wanted in (
        ({7}, False, True),
        ({9}, False, True),
        ({8}, False, False),
        ({7}, True, False),
        ({8}, True, True),
    ):
        builder = CallbackQuery(chats=chats, blacklist_chats=blacklist)
        assert bool(builder.filter(event)) == wanted
    nowhere = build(CallbackQuery, types.UpdateInlineBotCallbackQuery(1, 50, types.InputBotInlineMessageID(2, 5, 6), 9))
    assert not CallbackQuery(chats={0, 5}).filter(nowhere)


# -- inline messages ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("inline", "peer"),
    [
        (types.InputBotInlineMessageID(2, 5 + (7 << 32), 6), types.PeerUser(7)),
        (types.InputBotInlineMessageID(2, 5 + (-7 << 32), 6), types.PeerChannel(7)),
        (types.InputBotInlineMessageID64(2, 7, 5, 6), types.PeerUser(7)),
        (types.InputBotInlineMessageID64(2, -7, 5, 6), types.PeerChannel(7)),
        (types.InputBotInlineMessageID64(2, -1000000000007, 5, 6), types.PeerChannel(7)),
    ],
)
def test_where_an_inline_message_is(build, inline, peer):
    event = build(CallbackQuery, types.UpdateInlineBotCallbackQuery(1, 50, inline, 9))
    assert event._chat_peer == peer
    assert (event.message_id, event.via_inline) == (5, True)


# -- answering ---------------------------------------------------------------------------------------------------------


async def test_answer_once(build, client):
    event = build(CallbackQuery, "button")
    assert await event.answer("x", 5, alert=True, url="u") is True
    assert await event.answer("again") is None
    assert client.requests == [answered(message="x", cache_time=5, alert=True, url="u")]


async def test_calls(build, client):
    for call in ("respond", "reply", "edit", "delete"):
        await getattr(build(CallbackQuery, "button"), call)(*([] if call == "delete" else ["t"]))
    await asyncio.sleep(0.01)
    assert client.calls == [
        ("send_message", (SUPER, "t"), {}),
        ("send_message", (SUPER, "t"), {"reply_to": 5}),
        ("edit_message", (SUPER, 5, "t"), {}),
        ("delete_messages", (SUPER, [5]), {}),
    ]
    assert client.requests == [answered()] * 4
    assert client._event_handler_tasks == set()


async def test_calls_of_inline_messages(build, client):
    event = build(CallbackQuery, "inline button")
    await event.edit("t")
    with pytest.raises(TypeError, match="Inline messages cannot be deleted"):
        await event.delete()
    await asyncio.sleep(0.01)
    assert client.calls == [("edit_message", (event.query.msg_id, "t"), {})]
    assert client.requests == [answered()]


@pytest.mark.parametrize("error", [ConnectionError("lost"), asyncio.CancelledError()])
async def test_an_answer_that_could_not_be_sent_is_none(build, client, monkeypatch, error):
    event = build(CallbackQuery, "button")

    async def fail(request: Any) -> Any:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(type(client), "__call__", lambda self, request: fail(request))
        with pytest.raises(type(error)):
            await event.answer("x")
    assert await event.answer("x") is True
    assert client.requests == [answered(message="x")]


async def test_an_answer_that_comes_too_late_disturbs_nobody(build, client, caplog):
    client.gives["request"] = ValueError("too old")
    client._log = {"telethon.events.callbackquery": logging.getLogger("telethon.test")}
    with caplog.at_level(logging.DEBUG):
        await build(CallbackQuery, "button").respond("t")
        await asyncio.sleep(0.01)
    assert caplog.messages == ["Could not answer a query: ValueError"]


async def test_the_message(build, client):
    message = object()
    client.gives["get_messages"] = message
    event = build(CallbackQuery, "button")
    assert await event.get_message() is message
    assert await event.get_message() is message
    assert client.calls == [("get_messages", (SUPER,), {"ids": 5})]


async def test_the_message_of_a_private_chat(build, client):
    await build(CallbackQuery, "game button").get_message()
    assert client.calls == [("get_messages", (None,), {"ids": 5})]


async def test_a_message_that_cannot_be_read(build, client):
    client.gives["get_messages"] = ValueError("no such chat")
    assert await build(CallbackQuery, "inline button").get_message() is None


# -- the sender --------------------------------------------------------------------------------------------------------


async def test_a_known_sender(build, client):
    event = build(CallbackQuery, "button")
    assert await event.get_input_sender() == types.InputPeerUser(50, 500)
    event._input_sender = None
    await event._refetch_sender()
    assert event._input_sender == types.InputPeerUser(50, 500)
    assert client.calls == []


async def test_a_sender_who_wrote_the_message(build, client):
    event = build(CallbackQuery, "button", {})
    message = types.Message(id=5, peer_id=types.PeerUser(50), date=None, message="")
    message._input_sender = types.InputPeerUser(50, 5)
    client.gives["get_messages"] = message
    event._chat_peer = types.PeerUser(50)
    assert await event.get_input_sender() == types.InputPeerUser(50, 5)


async def test_a_sender_whom_the_session_knows(build, client):
    event = build(CallbackQuery, "game button", {50: types.User(50, access_hash=1, min=True)})
    client.gives["get_messages"] = None
    client.gives["get_input_entity"] = types.InputPeerUser(50, 6)
    assert await event.get_input_sender() == types.InputPeerUser(50, 6)


async def test_a_sender_whom_nobody_knows(build, client):
    event = build(CallbackQuery, "game button", {})
    client.gives["get_messages"] = None
    client.gives["get_input_entity"] = ValueError("unknown")
    assert await event.get_input_sender() is None
