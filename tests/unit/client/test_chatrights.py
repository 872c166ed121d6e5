"""Administrators, restrictions, permissions and removing members, against scripted answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from chatkit import (
    CHANNEL,
    DATE,
    GROUP,
    GROUP_OF_THREE,
    USER,
    channel,
    full_channel,
    full_group,
    group,
    knowing,
    sent,
    updates,
    users,
)

from telethon import errors
from telethon.tl import types


@pytest.fixture
def make(scripted: Callable[..., Any]) -> Callable[..., Any]:
    return lambda **answers: knowing(scripted(answers))


async def test_administrators_of_a_channel(make: Any) -> None:
    client = make(EditAdmin=updates(), GetChannels=types.messages.Chats([channel(megagroup=True)]))
    await client.edit_admin(CHANNEL, USER, is_admin=True, add_admins=False)
    await client.edit_admin(CHANNEL, USER, pin_messages=True, title="T")
    await client.edit_admin(CHANNEL, USER, post_messages=True)
    first, second, _, third = sent(client)
    assert (first.admin_rights.change_info, first.admin_rights.add_admins, first.rank) == (True, False, "")
    assert (second.admin_rights, second.rank) == (types.ChatAdminRights(pin_messages=True), "T")
    assert not third.admin_rights.post_messages


async def test_administrators_of_a_group(make: Any) -> None:
    client = make(EditChatAdmin=True)
    await client.edit_admin(GROUP, USER, is_admin=True)
    await client.edit_admin(GROUP, USER, ban_users=True)
    await client.edit_admin(GROUP, USER, ban_users=False)
    assert [request.is_admin for request in sent(client)] == [True, True, False]
    with pytest.raises(ValueError, match="groups and channels"):
        await client.edit_admin(USER, USER, is_admin=True)


async def test_restrictions(make: Any) -> None:
    client = make(EditBanned=updates(), EditChatDefaultBannedRights=updates())
    await client.edit_permissions(CHANNEL, USER, DATE, send_messages=False, embed_link_previews=False)
    await client.edit_permissions(CHANNEL, send_polls=False)
    first, second = sent(client)
    assert first.participant == USER
    assert first.banned_rights.until_date == DATE
    assert (first.banned_rights.send_messages, first.banned_rights.embed_links) == (True, True)
    assert not first.banned_rights.view_messages
    assert second.banned_rights.send_polls is True
    with pytest.raises(ValueError, match="channel or a supergroup"):
        await client.edit_permissions(GROUP, USER)


async def test_removing_members(make: Any) -> None:
    told = types.MessageService(
        id=8, peer_id=types.PeerChannel(7), date=DATE, action=types.MessageActionChatDeleteUser(2)
    )
    client = make(
        EditBanned=[updates(types.UpdateNewChannelMessage(told, 1, 1)), updates()],
        DeleteChatUser=updates(),
        LeaveChannel=updates(),
    )
    assert await client.kick_participant(CHANNEL, USER) is told
    assert [request.banned_rights.view_messages for request in sent(client)] == [True, None]
    assert client.pauses == [0.5]
    assert await client.kick_participant(GROUP, USER) is None
    assert await client.kick_participant(CHANNEL, "me") is None
    assert client._sender.names[2:] == ["DeleteChatUser", "LeaveChannel"]
    with pytest.raises(ValueError, match="channel or a chat"):
        await client.kick_participant(USER, USER)


async def test_permissions_of_a_member(make: Any) -> None:
    admin = types.ChannelParticipantAdmin(2, 1, DATE, types.ChatAdminRights(ban_users=True))
    client = make(
        GetParticipant=types.channels.ChannelParticipant(admin, [channel()], users()),
        GetFullChat=full_group(*GROUP_OF_THREE),
        GetFullChannel=full_channel(),
        GetChannels=types.messages.Chats([channel()]),
        GetChats=types.messages.Chats([group()]),
        GetUsers=[[users()[1]]],
    )
    permissions = await client.get_permissions(channel(), USER)
    assert (permissions.is_admin, permissions.ban_users) == (True, True)
    assert (await client.get_permissions(group(), "me")).is_creator
    assert not (await client.get_permissions(group(), users()[2])).is_admin
    with pytest.raises(errors.UserNotParticipantError):
        await client.get_permissions(group(), types.InputPeerUser(55, 5))
    assert (await client.get_permissions(channel())).send_polls is True
    assert await client.get_permissions(users()[1]) is None
    with pytest.raises(ValueError, match="channel or a chat"):
        await client.get_permissions(users()[1], USER)
