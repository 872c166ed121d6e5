"""channels: who is in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.testing.services._member_news import seat, tell_of_member
from telethon.testing.services._service import serves
from telethon.testing.services.admin_log import note_change
from telethon.testing.services.contacts import list_hash
from telethon.testing.world import post
from telethon.testing.world.peerids import is_user
from telethon.testing.world.rights import check_admin, has_right, in_channel, is_restricted
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon.testing._call import Call
    from telethon.testing.world.records import Account, Channel, Member

_PAGE = 200


def admit(call: Call, channel: Channel, account: Account, inviter: int, via_invite: str | None = None) -> None:
    """Let somebody into a channel and tell everybody."""
    before = seat(call, channel, account.id)
    call.world.enter(channel, account.id, inviter, via_invite)
    invited = channel.invites.get(via_invite) if via_invite is not None else None
    tell_of_member(call, channel, account.id, before, seat(call, channel, account.id), invite=invited)
    call.delivery.note(account.id, types.UpdateChannel(channel.id), (channel.peer,))
    joined: types.TypeChannelAdminLogEventAction = types.ChannelAdminLogEventActionParticipantJoin()
    if via_invite is not None:
        invite = call.world.views.invite(channel.invites[via_invite])
        joined = types.ChannelAdminLogEventActionParticipantJoinByInvite(invite)
    if channel.broadcast:
        # Members of a channel are not announced in it.
        note_change(call, channel, joined, account.id)
        return
    action: types.TypeMessageAction
    if via_invite is not None:
        action = types.MessageActionChatJoinedByLink(inviter)
    else:
        action = types.MessageActionChatAddUser([account.id])
        if inviter != account.id:
            after = call.world.views.participant(channel, account.id, inviter)
            if after is not None:
                note_change(call, channel, types.ChannelAdminLogEventActionParticipantInvite(after), inviter)
    writer = account if inviter == account.id or via_invite is not None else call.world.accounts[inviter]
    post.service(call.world, call.delivery, writer, channel.peer, action)
    if inviter == account.id or via_invite is not None:
        note_change(call, channel, joined, account.id)


@serves(functions.channels.JoinChannelRequest)
def join_channel(
    request: functions.channels.JoinChannelRequest, call: Call
) -> types.messages._TypeChatInviteJoinResult:
    """Go into a public channel."""
    channel = call.channel(request.channel)
    member = channel.members.get(call.my_id)
    if member is not None and member.present:
        return types.messages.ChatInviteJoinResultOk(call.updates(peers=[channel.peer]))
    if channel.username is None:
        raise RpcFault(400, "CHANNEL_PRIVATE")
    if channel.join_request:
        raise RpcFault(400, "INVITE_REQUEST_SENT")
    admit(call, channel, call.me, inviter=call.my_id)
    return types.messages.ChatInviteJoinResultOk(call.updates(peers=[channel.peer]))


@serves(functions.channels.LeaveChannelRequest, who="both")
def leave_channel(request: functions.channels.LeaveChannelRequest, call: Call) -> types.TypeUpdates:
    """Go out of a channel."""
    channel = call.channel(request.channel, member=True)
    if channel.megagroup:
        action = types.MessageActionChatDeleteUser(call.my_id)
        post.service(call.world, call.delivery, call.me, channel.peer, action)
    note_change(call, channel, types.ChannelAdminLogEventActionParticipantLeave())
    member = channel.members[call.my_id]
    before = seat(call, channel, call.my_id)
    member.left, member.admin = True, None
    tell_of_member(call, channel, call.my_id, before, None)
    call.delivery.note(call.my_id, types.UpdateChannel(channel.id), (channel.peer,))
    return call.updates()


@serves(functions.channels.InviteToChannelRequest)
def invite_to_channel(request: functions.channels.InviteToChannelRequest, call: Call) -> types.messages.InvitedUsers:
    """Bring people into a channel."""
    channel = call.channel(request.channel, member=True)
    if channel.broadcast or is_restricted(channel, call.my_id, "invite_users", call.now):
        check_admin(channel, call.my_id, "invite_users")
    missing: list[types.TypeMissingInvitee] = []
    for account in [call.user(user) for user in request.users]:
        member = channel.members.get(account.id)
        if account.bot is not None and channel.broadcast:
            raise RpcFault(400, "USER_BOT")
        if account.bot is not None and account.bot.nochats:
            raise RpcFault(400, "BOT_GROUPS_BLOCKED")
        if member is not None and member.banned is not None and member.banned.view_messages:
            raise RpcFault(400, "USER_KICKED")
        if member is not None and member.present:
            if len(request.users) == 1:
                raise RpcFault(400, "USER_ALREADY_PARTICIPANT")
            continue
        if call.my_id in account.blocked:
            missing.append(types.MissingInvitee(account.id))
            continue
        admit(call, channel, account, inviter=call.my_id)
    return types.messages.InvitedUsers(call.updates(peers=[channel.peer]), missing)


# -- the list --------------------------------------------------------------------------------------------------------


def _chosen(call: Call, channel: Channel, chosen: types.TypeChannelParticipantsFilter) -> list[tuple[int, Member]]:
    members = list(channel.members.items())
    accounts = call.world.accounts
    wanted = getattr(chosen, "q", None) or ""
    if isinstance(chosen, types.ChannelParticipantsKicked):
        found = [(user, one) for user, one in members if one.banned is not None and one.banned.view_messages]
    elif isinstance(chosen, types.ChannelParticipantsBanned):
        found = [(user, one) for user, one in members if one.banned is not None and not one.banned.view_messages]
    else:
        found = [(user, one) for user, one in members if one.present]
        if isinstance(chosen, types.ChannelParticipantsAdmins):
            found = [(user, one) for user, one in found if one.admin is not None or user == channel.creator]
        elif isinstance(chosen, types.ChannelParticipantsBots):
            found = [(user, one) for user, one in found if accounts[user].bot is not None]
        elif isinstance(chosen, types.ChannelParticipantsContacts):
            found = [(user, one) for user, one in found if user in call.me.contacts]
        elif isinstance(chosen, types.ChannelParticipantsRecent):
            found.sort(key=lambda entry: -entry[1].date)
    if wanted:
        words = wanted.lower()
        found = [
            (user, one)
            for user, one in found
            if words in accounts[user].name.lower() or words in (accounts[user].username or "").lower()
        ]
    return found


@serves(functions.channels.GetParticipantsRequest, who="both")
def get_participants(
    request: functions.channels.GetParticipantsRequest, call: Call
) -> types.channels._TypeChannelParticipants:
    """The members of a channel."""
    channel = call.channel(request.channel)
    admin = has_right(channel, call.my_id, "change_info") or _is_admin(channel, call.my_id)
    secret = isinstance(request.filter, (types.ChannelParticipantsKicked, types.ChannelParticipantsBanned))
    hidden = channel.participants_hidden and not isinstance(request.filter, types.ChannelParticipantsAdmins)
    if not admin and (channel.broadcast or secret or hidden):
        raise RpcFault(400, "CHAT_ADMIN_REQUIRED")
    found = _chosen(call, channel, request.filter)
    page = found[max(0, request.offset) : max(0, request.offset) + max(0, min(request.limit, _PAGE))]
    if request.hash and request.hash == list_hash(user for user, _ in page):
        return types.channels.ChannelParticipantsNotModified()
    views = call.world.views
    participants = [views.participant(channel, user, call.my_id) for user, _ in page]
    peers = {user for user, _ in page} | {one.promoted_by for _, one in page} | {one.banned_by for _, one in page}
    users, chats = call.split(peer for peer in peers if peer)
    return types.channels.ChannelParticipants(
        len(found), [participant for participant in participants if participant is not None], chats, users
    )


def _is_admin(channel: Channel, user_id: int) -> bool:
    member = channel.members.get(user_id)
    return channel.creator == user_id or (member is not None and member.present and member.admin is not None)


@serves(functions.channels.GetParticipantRequest, who="both")
def get_participant(request: functions.channels.GetParticipantRequest, call: Call) -> types.channels.ChannelParticipant:
    """What somebody is in a channel."""
    channel = call.channel(request.channel)
    peer = call.peer(request.participant)
    if not is_user(peer):
        raise RpcFault(400, "PARTICIPANT_ID_INVALID")
    if channel.broadcast and peer != call.my_id and not _is_admin(channel, call.my_id):
        raise RpcFault(400, "CHAT_ADMIN_REQUIRED")
    if channel.username is None:
        in_channel(channel, call.my_id)
    participant = call.world.views.participant(channel, peer, call.my_id)
    if participant is None or isinstance(participant, types.ChannelParticipantLeft):
        raise RpcFault(400, "USER_NOT_PARTICIPANT")
    member = channel.members[peer]
    peers = {peer, member.inviter, member.promoted_by, member.banned_by} - {0}
    users, chats = call.split(peers)
    return types.channels.ChannelParticipant(participant, chats, users)
