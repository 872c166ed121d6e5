from __future__ import annotations

import pytest
import worldkit

from telethon.testing import RpcFault, tiny_png
from telethon.testing.world.rights import NOTHING_BANNED
from telethon.tl import functions, types


@pytest.fixture
def server():
    return worldkit.make_server()


@pytest.fixture
def ann(server):
    return worldkit.Device(server, server.create_user("Ann"))


@pytest.fixture
def bob(server):
    return worldkit.Device(server, server.create_user("Bob"))


def fault(device, request) -> str:
    with pytest.raises(RpcFault) as raised:
        device(request)
    return raised.value.message


_ids = iter(range(1, 1 << 30))


def post(device, room, text="text"):
    return device(functions.messages.SendMessageRequest(device.peer(room), text, random_id=next(_ids)))


# -- basic groups ----------------------------------------------------------------------------------------------------


def test_a_basic_group_from_beginning_to_end(server, ann, bob):
    made = ann(functions.messages.CreateChatRequest([ann.user.input_user(bob.user)], "Group"))
    assert made.missing_invitees == []
    chat_id = made.updates.chats[0].id
    group = server.world.groups[chat_id]
    assert isinstance(bob.user.chat(group).last().raw.action, types.MessageActionChatCreate)
    full = ann(functions.messages.GetFullChatRequest(chat_id)).full_chat
    assert [type(one).__name__ for one in full.participants.participants] == [
        "ChatParticipantCreator",
        "ChatParticipant",
    ]
    post(bob, group, "hello")
    assert ann.user.chat(group).last().text == "hello"
    ann(functions.messages.EditChatTitleRequest(chat_id, "Renamed"))
    assert fault(ann, functions.messages.EditChatTitleRequest(chat_id, "Renamed")) == "CHAT_NOT_MODIFIED"
    ann(functions.messages.EditChatAboutRequest(ann.peer(group), "about it"))
    ann(functions.messages.EditChatAdminRequest(chat_id, ann.user.input_user(bob.user), True))
    full = bob(functions.messages.GetFullChatRequest(chat_id)).full_chat
    assert full.about == "about it"
    assert isinstance(full.participants.participants[1], types.ChatParticipantAdmin)
    ann(functions.messages.DeleteChatUserRequest(chat_id, ann.user.input_user(bob.user)))
    with pytest.raises(RpcFault, match="CHAT_WRITE_FORBIDDEN"):
        post(bob, group)
    assert fault(ann, functions.messages.CreateChatRequest([], "Alone")) == "USERS_TOO_FEW"
    assert fault(ann, functions.messages.GetFullChatRequest(1)) == "CHAT_ID_INVALID"


def test_a_new_member_sees_the_last_messages_it_is_given(server, ann, bob):
    cleo = worldkit.Device(server, server.create_user("Cleo"))
    group = server.create_group("Group", ann.user, [bob.user])
    for number in range(5):
        post(ann, group, f"text {number}")
    ann(functions.messages.AddChatUserRequest(group.id, ann.user.input_user(cleo.user), 2))
    texts = [seen.text for seen in cleo.user.chat(group).messages()]
    assert texts == ["text 3", "text 4", ""]
    again = functions.messages.AddChatUserRequest(group.id, ann.user.input_user(cleo.user), 2)
    assert fault(ann, again) == "USER_ALREADY_PARTICIPANT"


def test_a_group_becomes_a_supergroup(server, ann, bob):
    group = server.create_group("Group", ann.user, [bob.user])
    answer = ann(functions.messages.MigrateChatRequest(group.id))
    channel = next(chat for chat in answer.chats if isinstance(chat, types.Channel))
    assert channel.megagroup
    moved = server.world.channels[channel.id]
    assert set(moved.present()) == {ann.user.id, bob.user.id}
    assert group.migrated_to == channel.id
    with pytest.raises(RpcFault):
        post(bob, group)
    post(bob, moved, "here")


# -- channels --------------------------------------------------------------------------------------------------------


def test_a_channel_is_made_found_joined_and_left(server, ann, bob):
    made = ann(functions.channels.CreateChannelRequest("News", "about", broadcast=True))
    channel = server.world.channels[made.chats[0].id]
    given = ann.user.input_channel(channel)
    assert ann(functions.channels.UpdateUsernameRequest(given, "news_one"))
    assert fault(ann, functions.channels.UpdateUsernameRequest(given, "news_one")) == "USERNAME_NOT_MODIFIED"
    found = bob(functions.contacts.ResolveUsernameRequest("NEWS_one"))
    assert (found.peer.channel_id, found.chats[0].left) == (channel.id, True)
    theirs = types.InputChannel(channel.id, found.chats[0].access_hash)
    joined = bob(functions.channels.JoinChannelRequest(theirs))
    assert isinstance(joined, types.messages.ChatInviteJoinResultOk)
    post(ann, channel, "post")
    (update,) = bob.updates()
    assert (update.message.post, update.message.from_id, update.message.views) == (True, None, 1)
    with pytest.raises(RpcFault, match="CHAT_ADMIN_REQUIRED"):
        post(bob, channel)
    full = ann(functions.channels.GetFullChannelRequest(given)).full_chat
    assert (full.participants_count, full.about, full.pts) == (2, "about", channel.box.pts)
    bob(functions.channels.LeaveChannelRequest(theirs))
    assert channel.present() == [ann.user.id]
    assert fault(bob, functions.channels.LeaveChannelRequest(theirs)) == "USER_NOT_PARTICIPANT"


def test_private_channels_are_hidden(server, ann, bob):
    channel = server.create_channel("Secret", ann.user)
    assert fault(bob, functions.channels.GetFullChannelRequest(bob.user.input_channel(channel))) == "CHANNEL_PRIVATE"
    wrong = types.InputChannel(channel.id, 1)
    assert fault(ann, functions.channels.GetFullChannelRequest(wrong)) == "CHANNEL_INVALID"
    assert fault(bob, functions.channels.JoinChannelRequest(bob.user.input_channel(channel))) == "CHANNEL_PRIVATE"


def test_members_are_listed_searched_and_looked_up(server, ann, bob):
    bot = server.create_bot()
    channel = server.create_channel("Talk", ann.user, [bob.user, bot], megagroup=True)
    given = ann.user.input_channel(channel)

    def listed(chosen) -> list[str]:
        answer = ann(functions.channels.GetParticipantsRequest(given, chosen, 0, 100, 0))
        return [type(one).__name__ for one in answer.participants]

    assert sorted(listed(types.ChannelParticipantsRecent())) == [
        "ChannelParticipant",
        "ChannelParticipant",
        "ChannelParticipantCreator",
    ]
    assert listed(types.ChannelParticipantsSearch("bo")) == ["ChannelParticipant"] * 2
    assert listed(types.ChannelParticipantsBots()) == ["ChannelParticipant"]
    assert listed(types.ChannelParticipantsAdmins()) == ["ChannelParticipantCreator"]
    me = bob(functions.channels.GetParticipantRequest(bob.user.input_channel(channel), types.InputPeerSelf()))
    assert isinstance(me.participant, types.ChannelParticipantSelf)
    stranger = server.create_user("Cleo")
    request = functions.channels.GetParticipantRequest(given, ann.peer(stranger))
    assert fault(ann, request) == "USER_NOT_PARTICIPANT"


def test_administrators_are_made_with_rights_and_the_log_tells(server, ann, bob):
    channel = server.create_channel("Talk", ann.user, [bob.user], megagroup=True)
    given, theirs = ann.user.input_channel(channel), bob.user.input_channel(channel)
    assert fault(bob, functions.channels.EditTitleRequest(theirs, "Mine")) == "CHAT_ADMIN_REQUIRED"
    rights = types.ChatAdminRights(change_info=True)
    ann(functions.channels.EditAdminRequest(given, ann.user.input_user(bob.user), rights, rank="boss"))
    assert any(isinstance(update, types.UpdateChannel) for update in bob.updates())
    bob(functions.channels.EditTitleRequest(theirs, "Mine"))
    assert fault(bob, functions.channels.EditTitleRequest(theirs, "Mine")) == "CHAT_NOT_MODIFIED"
    shown = ann(functions.channels.GetParticipantRequest(given, ann.peer(bob.user))).participant
    assert (type(shown).__name__, shown.rank, shown.can_edit) == ("ChannelParticipantAdmin", "boss", True)
    log = ann(functions.channels.GetAdminLogRequest(given, "", 0, 0, 100))
    assert [type(event.action).__name__ for event in log.events] == [
        "ChannelAdminLogEventActionChangeTitle",
        "ChannelAdminLogEventActionParticipantToggleAdmin",
    ]
    only = types.ChannelAdminLogEventsFilter(info=True)
    log = ann(functions.channels.GetAdminLogRequest(given, "", 0, 0, 100, events_filter=only))
    assert len(log.events) == 1
    ann(functions.channels.EditAdminRequest(given, ann.user.input_user(bob.user), types.ChatAdminRights()))
    assert fault(bob, functions.channels.GetAdminLogRequest(theirs, "", 0, 0, 100)) == "CHAT_ADMIN_REQUIRED"
    creator = functions.channels.EditBannedRequest(given, ann.peer(ann.user), types.ChatBannedRights(0))
    assert fault(ann, creator) == "USER_ADMIN_INVALID"


def test_restrictions_hold_until_they_end(server, ann, bob):
    channel = server.create_channel("Talk", ann.user, [bob.user], megagroup=True)
    given = ann.user.input_channel(channel)
    until = server.world.now() + 60
    mute = types.ChatBannedRights(until, send_messages=True)
    ann(functions.channels.EditBannedRequest(given, ann.peer(bob.user), mute))
    with pytest.raises(RpcFault, match="400 USER_BANNED_IN_CHANNEL"):
        post(bob, channel)
    server._given_clock.advance(61)
    post(bob, channel)
    kick = types.ChatBannedRights(0, view_messages=True)
    ann(functions.channels.EditBannedRequest(given, ann.peer(bob.user), kick))
    assert fault(bob, functions.channels.GetFullChannelRequest(bob.user.input_channel(channel))) == "CHANNEL_PRIVATE"
    kicked = ann(functions.channels.GetParticipantsRequest(given, types.ChannelParticipantsKicked(""), 0, 10, 0))
    assert kicked.count == 1
    request = functions.channels.InviteToChannelRequest(given, [ann.user.input_user(bob.user)])
    assert fault(ann, request) == "USER_KICKED"
    ann(functions.channels.EditBannedRequest(given, ann.peer(bob.user), NOTHING_BANNED))
    ann(request)
    assert bob.user.id in channel.present()
    assert fault(ann, request) == "USER_ALREADY_PARTICIPANT"


async def test_default_restrictions_and_their_errors(server, ann, bob):
    channel = server.create_channel("Talk", ann.user, [bob.user], megagroup=True)
    peer = ann.peer(channel)
    edit = functions.messages.EditChatDefaultBannedRightsRequest
    ann(edit(peer, types.ChatBannedRights(0, send_photos=True)))
    post(bob, channel)
    with pytest.raises(RpcFault, match="403 CHAT_SEND_PHOTOS_FORBIDDEN"):
        await bob.user.chat(channel).send_file(tiny_png())
    ann(edit(peer, types.ChatBannedRights(0, send_messages=True)))
    with pytest.raises(RpcFault, match="403 CHAT_WRITE_FORBIDDEN"):
        post(bob, channel)
    post(ann, channel)


def test_slow_mode_makes_members_wait(server, ann, bob):
    channel = server.create_channel("Talk", ann.user, [bob.user], megagroup=True)
    given = ann.user.input_channel(channel)
    ann(functions.channels.ToggleSlowModeRequest(given, 10))
    assert fault(ann, functions.channels.ToggleSlowModeRequest(given, 11)) == "SECONDS_INVALID"
    post(bob, channel)
    server._given_clock.advance(4)
    with pytest.raises(RpcFault, match="420 SLOWMODE_WAIT_6"):
        post(bob, channel)
    post(ann, channel)
    post(ann, channel)
    server._given_clock.advance(6)
    post(bob, channel)


def test_messages_of_others_are_deleted_by_administrators_only(server, ann, bob):
    channel = server.create_channel("Talk", ann.user, [bob.user], megagroup=True)
    post(ann, channel, "of Ann")
    post(bob, channel, "of Bob")
    theirs = bob.user.input_channel(channel)
    with pytest.raises(RpcFault, match="403 MESSAGE_DELETE_FORBIDDEN"):
        bob(functions.channels.DeleteMessagesRequest(theirs, [2]))
    assert bob(functions.channels.DeleteMessagesRequest(theirs, [3])).pts_count == 1
    assert ann(functions.channels.DeleteMessagesRequest(ann.user.input_channel(channel), [2])).pts == channel.box.pts
    assert [update.messages for update in bob.updates() if isinstance(update, types.UpdateDeleteChannelMessages)] == [
        [2]
    ]


def test_invite_links_lead_in_end_and_ask(server, ann, bob):
    channel = server.create_channel("Secret", ann.user)
    export = functions.messages.ExportChatInviteRequest
    link = ann(export(ann.peer(channel), usage_limit=1)).link
    code = link.rpartition("+")[2]
    shown = bob(functions.messages.CheckChatInviteRequest(code))
    assert (shown.title, shown.participants_count, shown.broadcast) == ("Secret", 1, True)
    bob(functions.messages.ImportChatInviteRequest(code))
    assert bob.user.id in channel.present()
    assert isinstance(
        bob(functions.messages.CheckChatInviteRequest(ann_link(ann, channel, export))), types.ChatInviteAlready
    )
    cleo = worldkit.Device(server, server.create_user("Cleo"))
    assert fault(cleo, functions.messages.ImportChatInviteRequest(code)) == "INVITE_HASH_EXPIRED"
    assert fault(cleo, functions.messages.ImportChatInviteRequest("nothing")) == "INVITE_HASH_INVALID"
    asking = ann(export(ann.peer(channel), request_needed=True)).link.rpartition("+")[2]
    assert fault(cleo, functions.messages.ImportChatInviteRequest(asking)) == "INVITE_REQUEST_SENT"
    ann(functions.messages.HideChatJoinRequestRequest(ann.peer(channel), ann.user.input_user(cleo.user), approved=True))
    assert cleo.user.id in channel.present()


def ann_link(ann, channel, export) -> str:
    return ann(export(ann.peer(channel))).link.rpartition("+")[2]


def test_members_that_come_later_do_not_see_a_hidden_history(server, ann, bob):
    channel = server.create_channel("Talk", ann.user, megagroup=True)
    ann(functions.channels.TogglePreHistoryHiddenRequest(ann.user.input_channel(channel), True))
    post(ann, channel, "before")
    ann(functions.channels.InviteToChannelRequest(ann.user.input_channel(channel), [ann.user.input_user(bob.user)]))
    post(ann, channel, "after")
    request = functions.messages.GetHistoryRequest(bob.peer(channel), 0, None, 0, 10, 0, 0, 0)
    assert [getattr(message, "message", None) for message in bob(request).messages][:1] == ["after"]
    assert "before" not in [getattr(message, "message", None) for message in bob(request).messages]
