"""Things that happen to a chat; calls are those that Telethon 1.45.0 makes."""

from __future__ import annotations

from typing import Any

import event_cases
import pytest

from telethon import events
from telethon.tl import types

GROUP, SUPER, BOB = types.InputPeerChat(22), types.InputPeerChannel(7, 70), types.InputPeerUser(50, 500)
ChatAction = events.ChatAction


async def test_answering_a_service_message(build, client):
    event = build(ChatAction, "action added")
    await event.respond("t")
    await event.reply("t")
    await event.delete(revoke=True)
    assert client.calls == [
        ("send_message", (GROUP, "t"), {}),
        ("send_message", (GROUP, "t"), {"reply_to": 5}),
        ("delete_messages", (GROUP, [event.action_message]), {"revoke": True}),
    ]
    assert event.action_message.client is client


async def test_answering_without_a_service_message(build, client):
    event = build(ChatAction, "participant added")
    await event.reply("t")
    assert await event.delete() is None
    assert client.calls == [("send_message", (GROUP, "t"), {})]


async def test_pinned_messages(build, client):
    event = build(ChatAction, "action pin in channel")
    pinned = event_cases.message(types, id=3)
    client.gives["get_messages"] = [pinned, None]
    assert await event.get_pinned_message() is pinned
    assert await event.get_pinned_messages() == [pinned]
    assert client.calls == [("get_messages", (SUPER,), {"ids": [3]})]


async def test_pinned_messages_that_are_gone(build, client):
    event = build(ChatAction, "unpinned")
    client.gives["get_messages"] = [None, None]
    assert await event.get_pinned_message() is None
    assert client.calls[0][2] == {"ids": [1, 2]}


async def test_no_pinned_message(build):
    event = build(ChatAction, "action added")
    assert await event.get_pinned_messages() is None
    assert await event.get_pinned_message() is None


async def test_known_people_are_not_asked_for(build, client):
    event = build(ChatAction, "action deleted")
    assert (await event.get_kicked_by()).id == 60
    assert await event.get_added_by() is None
    assert (await event.get_user()).id == 50
    assert await event.get_input_user() == BOB
    assert client.calls == []
    # The user, once found, is kept.
    assert event.kicked_by.id == 60


async def test_unknown_people_are_asked_for(build, client):
    event = build(ChatAction, "participant added", {})
    eve = types.User(60)
    client.gives["get_entity"] = eve
    assert event.added_by is None
    assert await event.get_added_by() is eve
    assert event.added_by is eve
    assert client.calls == [("get_entity", (60,), {})]


async def test_people_known_in_part_are_asked_for(build, client):
    event = build(ChatAction, "participant added", {60: types.User(60, min=True)})
    client.gives["get_entity"] = types.User(60, first_name="Eve")
    assert (await event.get_added_by()).first_name == "Eve"


async def test_a_client_that_is_not_connected_is_not_asked(build, client):
    client.connected = False
    event = build(ChatAction, "action added")
    assert await event.get_input_users() == [BOB]
    assert client.calls == []


async def test_unknown_users_come_with_the_service_message(build, client):
    event = build(ChatAction, "action added")
    again = event_cases.service(types, event.action_message.action)
    again._action_entities = [types.User(51, access_hash=510), None]
    client.gives["get_messages"] = again
    client.gives["get_entity"] = [types.User(51, access_hash=510)]
    assert [user.id for user in event.users] == [50]
    assert [user.id for user in await event.get_users()] == [50, 51]
    assert await event.get_input_users() == [BOB, types.InputPeerUser(51, 510)]
    assert client.calls == [
        ("get_messages", (None,), {"ids": 5}),
        ("get_entity", ([types.InputPeerUser(51, 510)],), {}),
    ]


async def test_unknown_users_of_a_channel_come_with_the_service_message(build, client):
    event = build(ChatAction, "action added in channel")
    client.gives["get_messages"] = None
    assert [user.id for user in await event.get_users()] == [50]
    assert client.calls == [("get_messages", (SUPER,), {"ids": 5})]


async def test_unknown_users_without_a_service_message(build, client):
    event = build(ChatAction, "participant added", {})
    assert await event.get_users() == []
    assert await event.get_user() is None
    assert await event.get_input_user() is None
    assert client.calls == []


async def test_nobody(build):
    event = build(ChatAction, "action score")
    assert (event.user, event.user_id, event.user_ids, event.users, event.input_user) == (None, None, None, [], None)
    assert await event.get_user() is None


def test_made_by_hand():
    event = ChatAction.Event(types.PeerChat(22), users=types.PeerUser(5), pin_ids=[3])
    assert (event.user_ids, event.new_pin, event.unpin, event._message_id) == ([5], True, False, 3)
    assert event.input_users == []
    user = types.User(5)
    assert ChatAction.Event(types.PeerChat(22), added_by=user).added_by is user


@pytest.mark.parametrize(
    ("pin", "unpin"),
    [(None, False), (True, False), (False, True)],
)
def test_only_taking_a_pin_away_is_that(pin, unpin):
    assert ChatAction.Event(types.PeerChat(22), pin_ids=[3], pin=pin).unpin is unpin


def service(action: Any, **fields: Any) -> Any:
    return types.UpdateNewMessage(event_cases.service(types, action, **fields), 1, 1)


def test_service_messages_that_do_not_say_who(build):
    event = build(ChatAction, service(types.MessageActionChatDeleteUser(50), from_id=None))
    assert (event.user_left, event.user_kicked) == (True, False)
    event = build(ChatAction, service(types.MessageActionChatAddUser([50]), from_id=None))
    assert (event.user_joined, event.user_added) == (True, False)
    event = build(ChatAction, service(types.MessageActionChatEditTitle("t"), from_id=None))
    assert (event.new_title, event.users) == ("t", [])


async def test_the_own_account_is_named_as_such(build):
    entities = {60: types.User(60, access_hash=600, is_self=True)}
    event = build(ChatAction, "action added self", entities)
    assert event.input_users == [types.InputPeerSelf()]
    assert await event.get_input_user() == types.InputPeerSelf()
