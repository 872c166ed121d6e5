"""channels: making them, looking at them, their settings.

Source: https://core.telegram.org/api/channel
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.testing.services._service import serves
from telethon.testing.services.account import check_name
from telethon.testing.services.admin_log import note_change
from telethon.testing.services.chats import newest_pin, take_chat_photo
from telethon.testing.services.topics import open_general
from telethon.testing.services.users import bot_info
from telethon.testing.world import post
from telethon.testing.world.peerids import as_peer
from telethon.testing.world.rights import check_admin, has_right, in_channel
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon.testing._call import Call
    from telethon.testing.world.records import Channel


def tell_changed(call: Call, channel: Channel) -> None:
    """Let all members know that the channel looks different."""
    update = types.UpdateChannel(channel.id)
    for user_id in channel.present():
        call.delivery.note(user_id, update, (channel.peer,))


# -- looking ---------------------------------------------------------------------------------------------------------


@serves(functions.channels.GetChannelsRequest, who="both")
def get_channels(request: functions.channels.GetChannelsRequest, call: Call) -> types.messages.Chats:
    """Channels by id."""
    found = [call.channel(channel) for channel in request.id]
    return types.messages.Chats([call.world.views.chat(channel.peer, call.my_id) for channel in found])


@serves(functions.channels.GetFullChannelRequest, who="both")
def get_full_channel(request: functions.channels.GetFullChannelRequest, call: Call) -> types.messages.ChatFull:
    """Everything about a channel."""
    channel, me, views = call.channel(request.channel), call.my_id, call.world.views
    dialog = call.me.mailbox.dialogs.get(channel.peer)
    read_in = dialog.read_in if dialog is not None else 0
    present = channel.present()
    member = channel.members.get(me)
    admin = channel.creator == me or (member is not None and member.admin is not None)
    bots = [bot_info(call.world.accounts[user_id]) for user_id in present] if channel.megagroup else []
    permanent = [invite for invite in channel.invites.values() if invite.permanent and not invite.revoked]
    removed = [one for one in channel.members.values() if one.banned is not None]
    full = types.ChannelFull(
        id=channel.id,
        about=channel.about,
        read_inbox_max_id=read_in,
        read_outbox_max_id=channel.box.read_out,
        unread_count=channel.box.unread(read_in, me),
        chat_photo=channel.photo.tl() if channel.photo is not None else types.PhotoEmpty(0),
        notify_settings=(dialog.notify if dialog is not None else None) or types.PeerNotifySettings(),
        bot_info=[info for info in bots if info is not None],
        pts=channel.box.pts,
        can_view_participants=(channel.megagroup and (admin or not channel.participants_hidden)) or admin,
        can_set_username=channel.creator == me,
        hidden_prehistory=channel.prehistory_hidden,
        participants_hidden=channel.participants_hidden,
        can_delete_channel=channel.creator == me,
        participants_count=len(present),
        admins_count=sum(1 for one in channel.members.values() if one.admin is not None) + 1 if admin else None,
        kicked_count=sum(1 for one in removed if one.banned and one.banned.view_messages) if admin else None,
        banned_count=sum(1 for one in removed if one.banned and not one.banned.view_messages) if admin else None,
        online_count=sum(1 for user_id in present if call.world.accounts[user_id].seen > call.now),
        exported_invite=views.invite(permanent[0]) if permanent and admin else None,
        migrated_from_chat_id=channel.migrated_from,
        migrated_from_max_id=channel.migrated_max_id if channel.migrated_from is not None else None,
        pinned_msg_id=newest_pin(call, channel.peer),
        available_min_id=(dialog.cleared or None) if dialog is not None else None,
        folder_id=(dialog.folder_id or None) if dialog is not None else None,
        linked_chat_id=channel.linked,
        slowmode_seconds=channel.slowmode or None,
        available_reactions=channel.reactions,
        can_set_stickers=channel.megagroup and channel.creator == me,
        stickerset=channel.stickers.tl(me) if channel.stickers is not None else None,
        antispam=channel.traits.antispam,
        paid_reactions_available=channel.traits.paid_reactions,
        restricted_sponsored=channel.traits.sponsored_restricted,
        view_forum_as_messages=channel.peer in call.me.settings.get("forums_as_messages", ()),
        location=channel.traits.location,
        boosts_applied=(me in channel.boosts) or None,
        boosts_unrestrict=channel.traits.boosts_unrestrict or None,
        send_paid_messages_stars=channel.traits.paid_price or None,
        main_tab=channel.traits.main_tab,
        emojiset=channel.emoji_stickers.tl(me) if channel.emoji_stickers is not None else None,
        call=channel.call.input() if channel.call is not None else None,
        groupcall_default_join_as=as_peer(dialog.join_as) if dialog is not None and dialog.join_as else None,
        default_send_as=as_peer(dialog.send_as) if dialog is not None and dialog.send_as else None,
    )
    linked = [call.world.channels[channel.linked].peer] if channel.linked in call.world.channels else []
    users, chats = call.split({channel.peer, *linked, *(info.user_id for info in bots if info and info.user_id)})
    return types.messages.ChatFull(full, chats, users)


@serves(functions.channels.GetAdminedPublicChannelsRequest)
def get_admined_channels(
    request: functions.channels.GetAdminedPublicChannelsRequest, call: Call
) -> types.messages._TypeChats:
    """Public channels that the account made."""
    mine = [one.peer for one in call.world.channels.values() if one.creator == call.my_id and one.username]
    _, chats = call.split(mine)
    return types.messages.Chats(chats)


@serves(functions.channels.GetLeftChannelsRequest)
def get_left_channels(request: functions.channels.GetLeftChannelsRequest, call: Call) -> types.messages._TypeChats:
    """Channels that the account has left; only in a takeout."""
    if call.context.takeout_id is None:
        raise RpcFault(403, "TAKEOUT_REQUIRED")
    left = [
        one.peer for one in call.world.channels.values() if call.my_id in one.members and one.members[call.my_id].left
    ]
    _, chats = call.split(left[request.offset :])
    return types.messages.Chats(chats)


@serves(functions.channels.ExportMessageLinkRequest)
def export_message_link(request: functions.channels.ExportMessageLinkRequest, call: Call) -> types.ExportedMessageLink:
    """The address of a message."""
    channel = call.channel(request.channel)
    if request.id not in channel.box.letters:
        raise RpcFault(400, "MESSAGE_ID_INVALID")
    place = channel.username or f"c/{channel.id}"
    link = f"https://t.me/{place}/{request.id}"
    return types.ExportedMessageLink(link, link)


@serves(functions.channels.GetSendAsRequest)
def get_send_as(request: functions.channels.GetSendAsRequest, call: Call) -> types.channels.SendAsPeers:
    """Under which names the account can write in a chat."""
    peers = [call.my_id]
    for channel in call.world.channels.values():
        if channel.creator == call.my_id and channel.username is not None:
            peers.append(channel.peer)
    users, chats = call.split(peers)
    return types.channels.SendAsPeers([types.SendAsPeer(as_peer(peer)) for peer in peers], chats, users)


# -- making and ending -----------------------------------------------------------------------------------------------


@serves(functions.channels.CreateChannelRequest)
def create_channel(request: functions.channels.CreateChannelRequest, call: Call) -> types.TypeUpdates:
    """Make a channel or supergroup."""
    if not request.title.strip():
        raise RpcFault(400, "CHAT_TITLE_EMPTY")
    if len(request.about) > 255:
        raise RpcFault(400, "CHAT_ABOUT_TOO_LONG")
    if not (request.broadcast or request.megagroup or request.forum):
        raise RpcFault(400, "CHANNEL_INVALID")
    channel = call.world.create_channel(
        request.title.strip(), call.my_id, megagroup=not request.broadcast, about=request.about
    )
    channel.forum = bool(request.forum)
    if channel.forum:
        open_general(channel)
    call.delivery.note(call.my_id, types.UpdateChannel(channel.id), (channel.peer,))
    action = types.MessageActionChannelCreate(channel.title)
    post.service(call.world, call.delivery, call.me, channel.peer, action)
    return call.updates()


@serves(functions.channels.DeleteChannelRequest)
def delete_channel(request: functions.channels.DeleteChannelRequest, call: Call) -> types.TypeUpdates:
    """Delete a channel for everybody."""
    channel = call.channel(request.channel)
    if channel.creator != call.my_id:
        raise RpcFault(400, "CHAT_ADMIN_REQUIRED")
    tell_changed(call, channel)
    call.world.drop_username(channel.username)
    channel.deleted = True
    return call.updates(peers=[channel.peer])


@serves(functions.channels.DeleteMessagesRequest, who="both")
def delete_messages(request: functions.channels.DeleteMessagesRequest, call: Call) -> types.messages.AffectedMessages:
    """Delete messages of a channel."""
    channel = call.channel(request.channel, member=True)
    if not has_right(channel, call.my_id, "delete_messages"):
        for number in request.id:
            letter = channel.box.letters.get(number)
            if letter is not None and letter.sender != call.my_id:
                raise RpcFault(403, "MESSAGE_DELETE_FORBIDDEN")
    if any(
        (letter := channel.box.letters.get(number)) is not None and letter.sender != call.my_id for number in request.id
    ):
        for number in request.id:
            letter = channel.box.letters.get(number)
            if letter is not None:
                shown = call.world.views.message(letter, channel.peer, call.my_id)
                note_change(call, channel, types.ChannelAdminLogEventActionDeleteMessage(shown))
    return call.affected(*post.erase_in_channel(call.world, call.delivery, channel, request.id))


@serves(functions.channels.DeleteParticipantHistoryRequest)
def delete_participant_history(
    request: functions.channels.DeleteParticipantHistoryRequest, call: Call
) -> types.messages.AffectedHistory:
    """Delete everything somebody wrote in a supergroup."""
    channel = call.channel(request.channel, member=True)
    check_admin(channel, call.my_id, "delete_messages")
    author = call.peer(request.participant)
    ids = [number for number, letter in channel.box.letters.items() if letter.author == author]
    pts, count = post.erase_in_channel(call.world, call.delivery, channel, ids)
    call.delivery.answered()
    return types.messages.AffectedHistory(pts, count, 0)


# -- settings --------------------------------------------------------------------------------------------------------


@serves(functions.channels.EditTitleRequest, who="both")
def edit_title(request: functions.channels.EditTitleRequest, call: Call) -> types.TypeUpdates:
    """Give a channel another title."""
    channel = call.channel(request.channel)
    check_admin(channel, call.my_id, "change_info")
    title = request.title.strip()
    if not title:
        raise RpcFault(400, "CHAT_TITLE_EMPTY")
    if title == channel.title:
        raise RpcFault(400, "CHAT_NOT_MODIFIED")
    note_change(call, channel, types.ChannelAdminLogEventActionChangeTitle(channel.title, title))
    channel.title = title
    post.service(call.world, call.delivery, call.me, channel.peer, types.MessageActionChatEditTitle(title))
    return call.updates(peers=[channel.peer])


@serves(functions.channels.EditPhotoRequest, who="both")
def edit_photo(request: functions.channels.EditPhotoRequest, call: Call) -> types.TypeUpdates:
    """Give a channel another picture."""
    channel = call.channel(request.channel)
    check_admin(channel, call.my_id, "change_info")
    photo, action = take_chat_photo(call, request.photo)
    empty = types.PhotoEmpty(0)
    change = types.ChannelAdminLogEventActionChangePhoto(
        channel.photo.tl() if channel.photo is not None else empty, photo.tl() if photo is not None else empty
    )
    note_change(call, channel, change)
    channel.photo = photo
    post.service(call.world, call.delivery, call.me, channel.peer, action)
    return call.updates(peers=[channel.peer])


@serves(functions.channels.CheckUsernameRequest)
def check_username(request: functions.channels.CheckUsernameRequest, call: Call) -> bool:
    """Whether a username is free for a channel."""
    check_name(request.username)
    return request.username.lower() not in call.world.usernames


@serves(functions.channels.UpdateUsernameRequest)
def update_username(request: functions.channels.UpdateUsernameRequest, call: Call) -> bool:
    """Make a channel public under a name, or private."""
    channel = call.channel(request.channel)
    if channel.creator != call.my_id:
        raise RpcFault(400, "CHAT_ADMIN_REQUIRED")
    if request.username == (channel.username or ""):
        raise RpcFault(400, "USERNAME_NOT_MODIFIED")
    if request.username:
        check_name(request.username)
        if request.username.lower() in call.world.usernames:
            raise RpcFault(400, "USERNAME_OCCUPIED")
    note_change(call, channel, types.ChannelAdminLogEventActionChangeUsername(channel.username or "", request.username))
    call.world.drop_username(channel.username)
    channel.username = request.username or None
    if channel.username is not None:
        call.world.take_username(channel.username, channel.peer)
    tell_changed(call, channel)
    return True


def _toggle(call: Call, given: types.TypeInputChannel, field: str, value: object) -> Channel:
    channel = call.channel(given, member=True)
    check_admin(channel, call.my_id, "change_info")
    if getattr(channel, field) == value:
        raise RpcFault(400, "CHAT_NOT_MODIFIED")
    setattr(channel, field, value)
    tell_changed(call, channel)
    return channel


@serves(functions.channels.ToggleSignaturesRequest)
def toggle_signatures(request: functions.channels.ToggleSignaturesRequest, call: Call) -> types.TypeUpdates:
    """Whether posts say who wrote them."""
    wanted = bool(request.signatures_enabled)
    channel = _toggle(call, request.channel, "signatures", wanted)
    note_change(call, channel, types.ChannelAdminLogEventActionToggleSignatures(wanted))
    return call.updates()


@serves(functions.channels.TogglePreHistoryHiddenRequest)
def toggle_prehistory(request: functions.channels.TogglePreHistoryHiddenRequest, call: Call) -> types.TypeUpdates:
    """Whether new members see what was written before."""
    channel = _toggle(call, request.channel, "prehistory_hidden", bool(request.enabled))
    note_change(call, channel, types.ChannelAdminLogEventActionTogglePreHistoryHidden(bool(request.enabled)))
    return call.updates()


@serves(functions.channels.ToggleSlowModeRequest)
def toggle_slow_mode(request: functions.channels.ToggleSlowModeRequest, call: Call) -> types.TypeUpdates:
    """How long members have to wait between messages."""
    if request.seconds not in (0, 5, 10, 30, 60, 300, 900, 3600):
        raise RpcFault(400, "SECONDS_INVALID")
    old = call.channel(request.channel).slowmode
    channel = _toggle(call, request.channel, "slowmode", request.seconds)
    note_change(call, channel, types.ChannelAdminLogEventActionToggleSlowMode(old, request.seconds))
    return call.updates()


@serves(functions.channels.ToggleJoinRequestRequest)
def toggle_join_request(request: functions.channels.ToggleJoinRequestRequest, call: Call) -> types.TypeUpdates:
    """Whether administrators decide who joins."""
    _toggle(call, request.channel, "join_request", bool(request.enabled))
    return call.updates()


@serves(functions.channels.ToggleJoinToSendRequest)
def toggle_join_to_send(request: functions.channels.ToggleJoinToSendRequest, call: Call) -> types.TypeUpdates:
    """Whether only members write."""
    _toggle(call, request.channel, "join_to_send", bool(request.enabled))
    return call.updates()


@serves(functions.channels.ToggleParticipantsHiddenRequest, who="both")
def toggle_participants_hidden(
    request: functions.channels.ToggleParticipantsHiddenRequest, call: Call
) -> types.TypeUpdates:
    """Whether members see each other in the list."""
    _toggle(call, request.channel, "participants_hidden", bool(request.enabled))
    return call.updates()


@serves(functions.channels.SetDiscussionGroupRequest)
def set_discussion_group(request: functions.channels.SetDiscussionGroupRequest, call: Call) -> bool:
    """Give a channel a group to talk about its posts."""
    if isinstance(request.broadcast, types.InputChannelEmpty) or isinstance(request.group, types.InputChannelEmpty):
        given = request.group if isinstance(request.broadcast, types.InputChannelEmpty) else request.broadcast
        channel = call.channel(given)
        check_admin(channel, call.my_id, "change_info")
        other = call.world.channels.get(channel.linked or 0)
        if other is None:
            raise RpcFault(400, "LINK_NOT_MODIFIED")
        channel.linked = other.linked = None
        return True
    broadcast, group = call.channel(request.broadcast), call.channel(request.group)
    if not broadcast.broadcast:
        raise RpcFault(400, "BROADCAST_ID_INVALID")
    if not group.megagroup:
        raise RpcFault(400, "MEGAGROUP_ID_INVALID")
    check_admin(broadcast, call.my_id, "change_info")
    in_channel(group, call.my_id)
    broadcast.linked, group.linked = group.id, broadcast.id
    tell_changed(call, broadcast)
    tell_changed(call, group)
    return True
