"""New messages: what is wanted, and how an event stands for its message."""

from __future__ import annotations

import copy
import pickle
import re
from typing import Any

import event_cases
import pytest

from telethon import events
from telethon.extensions import BinaryReader
from telethon.tl import types

NewMessage = events.NewMessage


def wants(builder: Any, event: Any) -> Any:
    builder.resolved = True
    return builder.filter(event)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({}, (None, None)),
        ({"incoming": True}, (True, False)),
        ({"incoming": False}, (False, True)),
        ({"outgoing": True}, (False, True)),
        ({"outgoing": False}, (True, False)),
        ({"incoming": True, "outgoing": True}, (None, None)),
        ({"incoming": True, "outgoing": False}, (True, False)),
        ({"incoming": False, "outgoing": True}, (False, True)),
    ],
)
def test_directions(given, kept):
    builder = NewMessage(**given)
    assert (builder.incoming, builder.outgoing) == kept


def test_no_direction():
    with pytest.raises(ValueError, match="neither incoming nor outgoing"):
        NewMessage(incoming=False, outgoing=False)


def test_wrong_pattern():
    with pytest.raises(TypeError, match="Invalid pattern type given"):
        NewMessage(pattern=5)  # type: ignore[arg-type]


def test_everything_is_wanted_without_looking(build):
    event = build(NewMessage, "private")
    # Even before it is resolved, as there is nothing to resolve.
    assert NewMessage().filter(event) is event


def test_wanted_directions(build):
    incoming, outgoing = build(NewMessage, "private"), build(NewMessage, "private out")
    assert wants(NewMessage(incoming=True), incoming)
    assert not wants(NewMessage(incoming=True), outgoing)
    assert wants(NewMessage(outgoing=True), outgoing)
    assert not wants(NewMessage(outgoing=True), incoming)


def test_wanted_forwards(build):
    header = types.MessageFwdHeader(event_cases.DATE, from_name="x")
    plain = build(NewMessage, "private")
    forward = build(NewMessage, types.UpdateNewMessage(event_cases.message(types, fwd_from=header), 1, 1))
    assert wants(NewMessage(forwards=True), forward)
    assert not wants(NewMessage(forwards=True), plain)
    assert wants(NewMessage(forwards=False), plain)
    assert not wants(NewMessage(forwards=False), forward)


async def test_wanted_senders(build, client):
    builder = NewMessage(from_users=["somebody", 3])
    client.gives["get_input_entity"] = types.InputPeerUser(50, 1)
    await builder.resolve(client)
    assert builder.from_users == {50, 3, -3, -1000000000003}
    assert wants(builder, build(NewMessage, "group"))
    builder.from_users = {51}
    assert not wants(builder, build(NewMessage, "group"))


async def test_wanted_chats(build, client):
    builder = NewMessage(chats=7)
    await builder.resolve(client)
    assert builder.filter(build(NewMessage, "supergroup"))
    assert not builder.filter(build(NewMessage, "private"))


@pytest.mark.parametrize(
    ("pattern", "match"),
    [("hi", "hi"), ("there", None), (re.compile("HI", re.I), "hi"), ("(?s).*there", "hi **there")],
)
def test_wanted_patterns(build, pattern, match):
    event = build(NewMessage, "private")
    found = wants(NewMessage(pattern=pattern), event)
    assert bool(found) == (match is not None)
    assert (event.pattern_match and event.pattern_match.group()) == match


def test_wanted_by_function_of_the_text(build):
    event = build(NewMessage, "private")
    assert wants(NewMessage(pattern=str.upper), event)
    assert event.pattern_match == "HI **THERE**"


def test_messages_without_text_have_an_empty_one(build):
    event = build(NewMessage, types.UpdateNewMessage(event_cases.message(types, message=None), 1, 1))
    assert wants(NewMessage(pattern=""), event)
    assert not wants(NewMessage(pattern="."), event)


def test_wanted_by_function(build):
    event = build(NewMessage, "private")
    assert wants(NewMessage(func=lambda event: event.id == 5), event)
    assert not wants(NewMessage(func=lambda event: event.id == 6), event)


@pytest.mark.parametrize("name", ["empty", "scheduled", "edited", "action added", "typing in group"])
def test_other_updates_are_no_new_messages(name):
    update = dict(event_cases.updates(types))[name]
    assert NewMessage.build(update, None, 9) is None


def test_short_forms():
    fields: dict[str, Any] = {
        "mentioned": True,
        "media_unread": True,
        "silent": True,
        "fwd_from": types.MessageFwdHeader(event_cases.DATE),
        "via_bot_id": 3,
        "reply_to": types.MessageReplyHeader(reply_to_msg_id=4),
        "entities": [types.MessageEntityBold(0, 2)],
        "ttl_period": 6,
    }
    private = types.UpdateShortMessage(5, 50, "hi", 1, 1, event_cases.DATE, **fields)
    message = NewMessage.build(private, None, 99).message
    expected = types.Message(
        id=5, peer_id=types.PeerUser(50), from_id=types.PeerUser(50), date=event_cases.DATE, message="hi", **fields
    )
    assert message == expected
    private.out = True
    assert NewMessage.build(private, None, 99).message.from_id == types.PeerUser(99)
    group = types.UpdateShortChatMessage(5, 50, 22, "hi", 1, 1, event_cases.DATE, **fields)
    expected.peer_id = types.PeerChat(22)
    assert NewMessage.build(group, None, 99).message == expected
    group.out = True
    assert NewMessage.build(group, None, 99).message.from_id == types.PeerUser(99)


def test_the_message_of_a_short_form_that_was_read_holds_what_one_made_by_hand_does():
    update = types.UpdateShortMessage(5, 50, "hi", 1, 1, event_cases.DATE)
    peer = types.PeerUser(50)
    expected = types.Message(
        id=5,
        peer_id=peer,
        from_id=peer,
        date=event_cases.DATE,
        message="hi",
        out=False,
        mentioned=False,
        media_unread=False,
        silent=False,
    )
    message = NewMessage.build(BinaryReader(bytes(update)).tgread_object(), None, 99).message
    assert message.to_dict() == expected.to_dict()
    assert bytes(message) == bytes(expected)
    assert message.out is False
    assert message.post is None, "nothing is said of it"
    by_hand = NewMessage.build(update, None, 99).message
    assert by_hand.out is False
    assert by_hand.silent is None
    # What is not there takes no room either: a client keeps many of these.
    assert len(vars(message)) < 20


def test_an_event_stands_for_its_message(build, client):
    event = build(NewMessage, "supergroup")
    assert event.id == event.message.id == 5
    assert event.client is event.message.client is client
    event.own = 7
    assert event.message.own == event.own == 7
    assert "own" not in vars(event)
    event.pattern_match = "mine"
    assert event.pattern_match == "mine"
    assert not hasattr(event.message, "pattern_match")
    with pytest.raises(AttributeError, match="'Message' object has no attribute 'nope'"):
        event.nope  # noqa: B018


def test_the_message_can_be_replaced(build):
    event = build(NewMessage, "supergroup")
    event.message = event_cases.message(types, id=6)
    assert event.id == 6


def test_chat_is_that_of_the_message(build):
    event = build(NewMessage, "supergroup")
    assert event.chat is event.message.chat
    assert (event._message_id, event._broadcast) == (5, event.message._broadcast)
    event.message._chat = "another"
    assert event.chat == "another"


async def test_methods_of_the_message(build, client):
    event = build(NewMessage, "supergroup")
    await event.reply("x")
    assert client.calls == [("send_message", (types.InputPeerChannel(7, 70), "x"), {"reply_to": 5})]


def test_events_can_be_copied(build):
    event = build(NewMessage, "private")
    assert copy.copy(event).message is event.message
    plain = NewMessage.build(event.original_update)
    plain.message._client = None
    assert pickle.loads(pickle.dumps(plain)).id == 5


def test_shown_attributes(build):
    event = build(NewMessage, "private")
    assert list(event.to_dict()) == ["original_update", "pattern_match", "message", "_"]
    assert str(event).startswith("NewMessage.Event(original_update=UpdateNewMessage(message=Message(id=5")


def test_edited_messages(build):
    event = build(events.MessageEdited, "edited")
    assert isinstance(event, NewMessage.Event)
    assert isinstance(events.MessageEdited(), NewMessage)
    assert event.edit_date == event_cases.DATE
    assert wants(events.MessageEdited(pattern="hi"), event)
    empty = types.UpdateEditMessage(types.MessageEmpty(id=3, peer_id=None), 1, 1)
    assert build(events.MessageEdited, empty).id == 3
