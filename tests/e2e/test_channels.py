from __future__ import annotations

import pytest

from telethon import errors, events
from telethon.tl import functions, types


@pytest.fixture
async def pair(telegram_server, telegram_clients):
    ann = telegram_server.create_user("Ann", username="ann_1")
    bob = telegram_server.create_user("Bob", username="bob_1")
    return await telegram_clients(ann), await telegram_clients(bob)


async def make(client, title, *, username=None, megagroup=False):
    answer = await client(
        functions.channels.CreateChannelRequest(title, "", broadcast=not megagroup, megagroup=megagroup)
    )
    if username is not None:
        await client(functions.channels.UpdateUsernameRequest(answer.chats[0], username))
    return answer.chats[0]


async def test_posts_are_read_by_who_joined(pair, eventually):
    ann, bob = pair
    channel = await make(ann, "News", username="news_one")
    await ann.send_message(channel, "first")
    heard = []

    @bob.on(events.NewMessage(chats="news_one"))
    async def keep(event):
        heard.append(event)

    await bob(functions.channels.JoinChannelRequest("news_one"))
    await ann.send_message(channel, "second")
    await eventually(lambda: heard)
    assert (heard[0].raw_text, heard[0].is_channel, heard[0].post) == ("second", True, True)
    texts = [message.raw_text async for message in bob.iter_messages("news_one") if message.raw_text]
    assert texts == ["second", "first"]
    with pytest.raises(errors.ChatAdminRequiredError):
        await bob.send_message("news_one", "no")


async def test_members_come_are_promoted_restricted_and_thrown_out(pair):
    ann, bob = pair
    group = await make(ann, "Talk", megagroup=True)
    await ann(functions.channels.InviteToChannelRequest(group, ["bob_1"]))
    members = await ann.get_participants(group)
    assert {member.first_name for member in members} == {"Ann", "Bob"}
    assert members.total == 2
    await ann.edit_admin(group, "bob_1", change_info=True, title="boss")
    permissions = await ann.get_permissions(group, "bob_1")
    assert (permissions.is_admin, permissions.change_info, permissions.delete_messages) == (True, True, False)
    await ann.edit_admin(group, "bob_1", is_admin=False)
    await ann.edit_permissions(group, "bob_1", send_messages=False)
    await bob.get_dialogs()
    with pytest.raises(errors.UserBannedInChannelError):
        await bob.send_message(types.PeerChannel(group.id), "hi")
    await ann.edit_permissions(group, "bob_1", send_messages=True)
    await bob.send_message(types.PeerChannel(group.id), "hi")
    await ann.kick_participant(group, "bob_1")
    assert [member.first_name for member in await ann.get_participants(group)] == ["Ann"]
    kinds = [type(entry.action).__name__ async for entry in ann.iter_admin_log(group)]
    assert "ChannelAdminLogEventActionParticipantToggleAdmin" in kinds


async def test_basic_groups(pair, eventually):
    ann, bob = pair
    seen = []

    @bob.on(events.ChatAction)
    async def keep(event):
        seen.append(event)

    made = await ann(functions.messages.CreateChatRequest(["bob_1"], "Group"))
    chat = made.updates.chats[0]
    await eventually(lambda: seen)
    assert seen[0].created
    await ann.send_message(chat, "hello")
    assert (await bob.get_messages(types.PeerChat(chat.id)))[0].raw_text == "hello"
    await bob.delete_dialog(types.PeerChat(chat.id))
    assert [member.first_name for member in await ann.get_participants(chat)] == ["Ann"]
