"""messages: basic groups, and what groups of all kinds have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.testing.services._member_news import seat, tell_of_member
from telethon.testing.services._service import serves
from telethon.testing.services.users import bot_info
from telethon.testing.world import post
from telethon.testing.world.files import StoredPhoto
from telethon.testing.world.peerids import as_peer, bare_id, is_channel
from telethon.testing.world.records import Channel, Group, Member
from telethon.testing.world.rights import FULL_RIGHTS, check_admin, check_member, has_right
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon.testing._call import Call
    from telethon.testing.world.records import Account

MAX_MEMBERS = 200


# -- looking ---------------------------------------------------------------------------------------------------------


@serves(functions.messages.GetChatsRequest, who="both")
def get_chats(request: functions.messages.GetChatsRequest, call: Call) -> types.messages.Chats:
    """Basic groups by id."""
    groups = [call.group(chat_id) for chat_id in request.id]
    return types.messages.Chats([call.world.views.chat(group.peer, call.my_id) for group in groups])


def newest_pin(call: Call, peer: int) -> int | None:
    """The number of the last pinned message of a chat."""
    owner = call.owner(peer)
    box = call.world.channels[bare_id(peer)].box if is_channel(peer) else call.me.mailbox
    pinned = [
        number
        for number, letter in box.letters.items()
        if owner in letter.pinned_for and letter.peer_for(owner) == peer
    ]
    return max(pinned, default=None)


@serves(functions.messages.GetFullChatRequest, who="both")
def get_full_chat(request: functions.messages.GetFullChatRequest, call: Call) -> types.messages.ChatFull:
    """Everything about a basic group."""
    group = call.group(request.chat_id)
    views = call.world.views
    dialog = call.me.mailbox.dialogs.get(group.peer)
    present = group.present()
    bots = [bot_info(call.world.accounts[user_id]) for user_id in present]
    permanent = [invite for invite in group.invites.values() if invite.permanent and not invite.revoked]
    may_invite = has_right(group, call.my_id, "invite_users")
    full = types.ChatFull(
        id=group.id,
        about=group.about,
        participants=views.group_participants(group, call.my_id),
        notify_settings=(dialog.notify if dialog is not None else None) or types.PeerNotifySettings(),
        chat_photo=group.photo.tl() if group.photo is not None else None,
        exported_invite=views.invite(permanent[0]) if permanent and may_invite else None,
        bot_info=[info for info in bots if info is not None] or None,
        pinned_msg_id=newest_pin(call, group.peer),
        folder_id=(dialog.folder_id or None) if dialog is not None else None,
        available_reactions=group.reactions,
        call=group.call.input() if group.call is not None else None,
        groupcall_default_join_as=as_peer(dialog.join_as) if dialog is not None and dialog.join_as else None,
    )
    users, chats = call.split([*present, group.peer])
    return types.messages.ChatFull(full, chats, users)


@serves(functions.messages.GetCommonChatsRequest)
def get_common_chats(request: functions.messages.GetCommonChatsRequest, call: Call) -> types.messages._TypeChats:
    """Groups that the account is in together with somebody."""
    other = call.user(request.user_id)
    rooms: list[Group | Channel] = [*call.world.groups.values(), *call.world.channels.values()]
    common = [room.peer for room in rooms if {other.id, call.my_id} <= set(room.present())]
    _, chats = call.split(common[: request.limit or 100])
    return types.messages.Chats(chats)


# -- making and leaving ----------------------------------------------------------------------------------------------


def tell_participants(call: Call, group: Group) -> None:
    """Let everybody in a basic group know who is in it."""
    for user_id in group.present():
        update = types.UpdateChatParticipants(call.world.views.group_participants(group, user_id))
        call.delivery.note(user_id, update, (group.peer, *group.present()))


@serves(functions.messages.CreateChatRequest)
def create_chat(request: functions.messages.CreateChatRequest, call: Call) -> types.messages.InvitedUsers:
    """Make a basic group."""
    if not request.title.strip():
        raise RpcFault(400, "CHAT_TITLE_EMPTY")
    invited = [call.user(user) for user in request.users]
    members = [account.id for account in invited if account.id != call.my_id]
    if not members:
        raise RpcFault(400, "USERS_TOO_FEW")
    if len(members) >= MAX_MEMBERS:
        raise RpcFault(400, "USERS_TOO_MUCH")
    group = call.world.create_group(request.title.strip(), call.my_id, members)
    tell_participants(call, group)
    action = types.MessageActionChatCreate(group.title, members)
    post.service(call.world, call.delivery, call.me, group.peer, action)
    return types.messages.InvitedUsers(call.updates(), [])


def _may_change(call: Call, group: Group, right: str) -> None:
    check_member(group, call.my_id)
    banned = group.default_banned
    if banned is not None and getattr(banned, right, False):
        check_admin(group, call.my_id, right)


@serves(functions.messages.AddChatUserRequest)
def add_chat_user(request: functions.messages.AddChatUserRequest, call: Call) -> types.messages.InvitedUsers:
    """Bring somebody into a basic group."""
    group = call.group(request.chat_id)
    _may_change(call, group, "invite_users")
    account = call.user(request.user_id)
    if account.id in group.present():
        raise RpcFault(400, "USER_ALREADY_PARTICIPANT")
    if len(group.present()) >= MAX_MEMBERS:
        raise RpcFault(400, "USERS_TOO_MUCH")
    if account.bot is not None and account.bot.nochats:
        raise RpcFault(400, "BOT_GROUPS_BLOCKED")
    group.members[account.id] = Member(call.now, call.my_id)
    tell_of_member(call, group, account.id, None, seat(call, group, account.id))
    group.version += 1
    _copy_recent(call, group, account, request.fwd_limit)
    tell_participants(call, group)
    post.service(call.world, call.delivery, call.me, group.peer, types.MessageActionChatAddUser([account.id]))
    return types.messages.InvitedUsers(call.updates(), [])


def _copy_recent(call: Call, group: Group, account: Account, limit: int) -> None:
    """Show a new member the last messages."""
    from telethon.testing.world.boxes import Arrival

    ids = call.me.mailbox.by_peer.get(group.peer, [])
    for number in ids[len(ids) - min(limit, len(ids), 100) :]:
        letter = call.me.mailbox.letters[number]
        if account.id not in letter.copies:
            account.mailbox.add(letter, account.id, group.peer)
            arrival = Arrival(account.mailbox.step(), 1, letter, account.id)
            account.mailbox.record(arrival)
            call.delivery.tell(account.id, arrival)


@serves(functions.messages.DeleteChatUserRequest, who="both")
def delete_chat_user(request: functions.messages.DeleteChatUserRequest, call: Call) -> types.TypeUpdates:
    """Throw somebody out of a basic group, or leave it."""
    group = call.group(request.chat_id)
    check_member(group, call.my_id)
    account = call.user(request.user_id)
    member = group.members.get(account.id)
    if member is None or not member.present:
        raise RpcFault(400, "USER_NOT_PARTICIPANT")
    if account.id != call.my_id and member.inviter != call.my_id:
        check_admin(group, call.my_id, "ban_users")
    post.service(call.world, call.delivery, call.me, group.peer, types.MessageActionChatDeleteUser(account.id))
    before = seat(call, group, account.id)
    member.left = True
    member.admin = None
    tell_of_member(call, group, account.id, before, None)
    group.version += 1
    if request.revoke_history:
        ids = list(account.mailbox.by_peer.get(group.peer, ()))
        post.erase(call.world, call.delivery, account, ids, revoke=False)
    tell_participants(call, group)
    return call.updates(peers=[group.peer])


@serves(functions.messages.DeleteChatRequest)
def delete_chat(request: functions.messages.DeleteChatRequest, call: Call) -> bool:
    """Delete a basic group for everybody."""
    group = call.group(request.chat_id)
    if group.creator != call.my_id:
        raise RpcFault(400, "CHAT_ADMIN_REQUIRED")
    for user_id in group.present():
        account = call.world.accounts[user_id]
        post.erase(call.world, call.delivery, account, list(account.mailbox.by_peer.get(group.peer, ())), False)
    group.deactivated = True
    return True


@serves(functions.messages.MigrateChatRequest)
def migrate_chat(request: functions.messages.MigrateChatRequest, call: Call) -> types.TypeUpdates:
    """Make a supergroup of a basic group."""
    group, world = call.group(request.chat_id), call.world
    if group.creator != call.my_id:
        raise RpcFault(400, "CHAT_ADMIN_REQUIRED")
    if group.migrated_to is not None:
        raise RpcFault(400, "CHAT_ID_INVALID")
    channel = world.create_channel(group.title, group.creator, megagroup=True, about=group.about)
    channel.photo = group.photo
    channel.default_banned = group.default_banned
    for user_id, member in group.members.items():
        if member.present and user_id != group.creator:
            world.enter(channel, user_id, member.inviter).admin = member.admin
    to_action = types.MessageActionChatMigrateTo(channel.id)
    letter = post.service(world, call.delivery, call.me, group.peer, to_action)
    group.migrated_to, group.deactivated = channel.id, True
    channel.migrated_from, channel.migrated_max_id = group.id, post.box_number(letter, call.my_id)
    from_action = types.MessageActionChannelMigrateFrom(group.title, group.id)
    post.service(world, call.delivery, call.me, channel.peer, from_action)
    for user_id in channel.present():
        call.delivery.note(user_id, types.UpdateChannel(channel.id), (channel.peer, group.peer))
    return call.updates()


# -- changing --------------------------------------------------------------------------------------------------------


@serves(functions.messages.EditChatTitleRequest, who="both")
def edit_chat_title(request: functions.messages.EditChatTitleRequest, call: Call) -> types.TypeUpdates:
    """Give a basic group another title."""
    group = call.group(request.chat_id)
    _may_change(call, group, "change_info")
    if not request.title.strip():
        raise RpcFault(400, "CHAT_TITLE_EMPTY")
    if request.title.strip() == group.title:
        raise RpcFault(400, "CHAT_NOT_MODIFIED")
    group.title = request.title.strip()
    post.service(call.world, call.delivery, call.me, group.peer, types.MessageActionChatEditTitle(group.title))
    return call.updates(peers=[group.peer])


def take_chat_photo(call: Call, photo: types.TypeInputChatPhoto) -> tuple[StoredPhoto | None, types.TypeMessageAction]:
    """The new picture of a chat and the service message that tells of it.

    Raises:
        RpcFault: the picture cannot be used.
    """
    files = call.world.files
    if isinstance(photo, types.InputChatPhotoEmpty):
        return None, types.MessageActionChatDeletePhoto()
    if isinstance(photo, types.InputChatPhoto):
        if not isinstance(photo.id, types.InputPhoto):
            raise RpcFault(400, "PHOTO_INVALID")
        stored = files.photo(photo.id.id, photo.id.access_hash)
        files.check_reference(stored.id, photo.id.file_reference)
    elif photo.file is None:
        raise RpcFault(400, "PHOTO_FILE_MISSING")
    else:
        stored = files.add_photo(files.assemble(call.my_id, photo.file), call.dc_id)
    return stored, types.MessageActionChatEditPhoto(stored.tl())


@serves(functions.messages.EditChatPhotoRequest, who="both")
def edit_chat_photo(request: functions.messages.EditChatPhotoRequest, call: Call) -> types.TypeUpdates:
    """Give a basic group another picture."""
    group = call.group(request.chat_id)
    _may_change(call, group, "change_info")
    group.photo, action = take_chat_photo(call, request.photo)
    post.service(call.world, call.delivery, call.me, group.peer, action)
    return call.updates(peers=[group.peer])


@serves(functions.messages.EditChatAdminRequest)
def edit_chat_admin(request: functions.messages.EditChatAdminRequest, call: Call) -> bool:
    """Make somebody an administrator of a basic group, or no longer."""
    group = call.group(request.chat_id)
    if group.creator != call.my_id:
        raise RpcFault(400, "CHAT_ADMIN_REQUIRED")
    account = call.user(request.user_id)
    member = group.members.get(account.id)
    if member is None or not member.present:
        raise RpcFault(400, "USER_NOT_PARTICIPANT")
    member.admin = FULL_RIGHTS if request.is_admin else None
    member.promoted_by = call.my_id
    group.version += 1
    for user_id in group.present():
        update = types.UpdateChatParticipantAdmin(group.id, account.id, bool(request.is_admin), group.version)
        call.delivery.note(user_id, update, (group.peer, account.id))
    return True


@serves(functions.messages.EditChatAboutRequest, who="both")
def edit_chat_about(request: functions.messages.EditChatAboutRequest, call: Call) -> bool:
    """Change the text about a group or channel."""
    room = call.room(call.peer(request.peer))
    check_admin(room, call.my_id, "change_info")
    if len(request.about) > 255:
        raise RpcFault(400, "CHAT_ABOUT_TOO_LONG")
    if request.about == room.about:
        raise RpcFault(400, "CHAT_ABOUT_NOT_MODIFIED")
    if isinstance(room, Channel):
        from telethon.testing.services.admin_log import note_change

        note_change(call, room, types.ChannelAdminLogEventActionChangeAbout(room.about, request.about))
    room.about = request.about
    return True


@serves(functions.messages.EditChatDefaultBannedRightsRequest, who="both")
def edit_default_rights(
    request: functions.messages.EditChatDefaultBannedRightsRequest, call: Call
) -> types.TypeUpdates:
    """Change what ordinary members may not do."""
    peer = call.peer(request.peer)
    room = call.room(peer)
    check_admin(room, call.my_id, "ban_users")
    old = room.default_banned
    if bytes(request.banned_rights) == bytes(old or types.ChatBannedRights(until_date=0)):
        raise RpcFault(400, "CHAT_NOT_MODIFIED")
    if isinstance(room, Channel):
        from telethon.testing.services.admin_log import note_change

        before = old or types.ChatBannedRights(until_date=0)
        note_change(call, room, types.ChannelAdminLogEventActionDefaultBannedRights(before, request.banned_rights))
    room.default_banned = request.banned_rights
    version = 0
    if isinstance(room, Group):
        room.version += 1
        version = room.version
    update = types.UpdateChatDefaultBannedRights(as_peer(peer), request.banned_rights, version)
    for user_id in room.present():
        call.delivery.note(user_id, update, (peer,))
    return call.updates()


@serves(functions.messages.ToggleNoForwardsRequest)
def toggle_no_forwards(request: functions.messages.ToggleNoForwardsRequest, call: Call) -> types.TypeUpdates:
    """Allow or forbid to forward messages of a chat."""
    peer = call.peer(request.peer)
    room = call.room(peer)
    check_admin(room, call.my_id, "change_info")
    if room.noforwards == bool(request.enabled):
        raise RpcFault(400, "CHAT_NOT_MODIFIED")
    room.noforwards = bool(request.enabled)
    if isinstance(room, Channel):
        from telethon.testing.services.admin_log import note_change

        note_change(call, room, types.ChannelAdminLogEventActionToggleNoForwards(room.noforwards))
    update = types.UpdateChannel(room.id) if is_channel(peer) else types.UpdateChat(room.id)
    for user_id in room.present():
        call.delivery.note(user_id, update, (peer,))
    return call.updates()
