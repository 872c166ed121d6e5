"""channels: administrators and restrictions.

Source: https://core.telegram.org/api/rights
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.testing.services._member_news import tell_of_member
from telethon.testing.services._service import serves
from telethon.testing.services.admin_log import note_change
from telethon.testing.world import post
from telethon.testing.world.peerids import is_user
from telethon.testing.world.records import Member
from telethon.testing.world.rights import FULL_RIGHTS, check_admin
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon.testing._call import Call
    from telethon.testing.world.records import Channel


def _before(call: Call, channel: Channel, user_id: int) -> types.TypeChannelParticipant:
    known = call.world.views.participant(channel, user_id, call.my_id)
    return known if known is not None else types.ChannelParticipantLeft(types.PeerUser(user_id))


@serves(functions.channels.EditAdminRequest, who="both")
def edit_admin(request: functions.channels.EditAdminRequest, call: Call) -> types.TypeUpdates:
    """Give somebody rights of an administrator, or take them away."""
    channel = call.channel(request.channel, member=True)
    check_admin(channel, call.my_id, "add_admins")
    account = call.user(request.user_id)
    member = channel.members.get(account.id)
    if account.id == channel.creator and account.id != call.my_id:
        raise RpcFault(400, "USER_CREATOR")
    if request.rank is not None and len(request.rank) > 16:
        raise RpcFault(400, "ADMIN_RANK_INVALID")
    others = member is not None and member.admin is not None and member.promoted_by != call.my_id
    if others and channel.creator != call.my_id:
        raise RpcFault(400, "USER_ADMIN_INVALID")
    before = _before(call, channel, account.id)
    if member is None or not member.present:
        if channel.megagroup and account.bot is None:
            raise RpcFault(400, "USER_NOT_PARTICIPANT")
        member = call.world.enter(channel, account.id, call.my_id)
    given = request.admin_rights
    any_right = bytes(given) != bytes(types.ChatAdminRights())
    if account.id != channel.creator:
        member.admin = given if any_right else None
        member.promoted_by = call.my_id if any_right else 0
    elif any_right:
        member.admin = _as_creator(given)
    member.banned = None
    if request.rank is not None:
        member.rank = request.rank or None
    after = _before(call, channel, account.id)
    note_change(call, channel, types.ChannelAdminLogEventActionParticipantToggleAdmin(before, after))
    tell_of_member(call, channel, account.id, before, after)
    call.delivery.note(account.id, types.UpdateChannel(channel.id), (channel.peer,))
    return call.updates(peers=[channel.peer, account.id])


def _as_creator(given: types.ChatAdminRights) -> types.ChatAdminRights:
    """A creator keeps all rights; only being anonymous is a choice."""
    rights = FULL_RIGHTS.to_dict()
    rights.pop("_")
    rights["anonymous"] = bool(given.anonymous)
    return types.ChatAdminRights(**rights)


@serves(functions.channels.EditBannedRequest, who="both")
def edit_banned(request: functions.channels.EditBannedRequest, call: Call) -> types.TypeUpdates:
    """Restrict somebody, throw them out, or lift that."""
    channel = call.channel(request.channel, member=True)
    check_admin(channel, call.my_id, "ban_users")
    peer = call.peer(request.participant)
    if not is_user(peer):
        raise RpcFault(400, "PARTICIPANT_ID_INVALID")
    if peer == channel.creator:
        raise RpcFault(400, "USER_ADMIN_INVALID")
    member = channel.members.get(peer)
    others = member is not None and member.admin is not None and member.promoted_by != call.my_id
    if others and channel.creator != call.my_id:
        raise RpcFault(400, "USER_ADMIN_INVALID")
    before = _before(call, channel, peer)
    if member is None:
        member = channel.members[peer] = Member(call.now, call.my_id, left=True)
    rights = request.banned_rights
    anything = bytes(types.ChatBannedRights(until_date=rights.until_date)) != bytes(rights)
    was_present = member.present
    member.banned = rights if anything else None
    member.banned_by = call.my_id if anything else 0
    if anything:
        member.admin = None
    if rights.view_messages:
        member.left = True
        if was_present and channel.megagroup:
            action = types.MessageActionChatDeleteUser(peer)
            post.service(call.world, call.delivery, call.me, channel.peer, action)
    after = _before(call, channel, peer)
    note_change(call, channel, types.ChannelAdminLogEventActionParticipantToggleBan(before, after))
    tell_of_member(call, channel, peer, before, after)
    call.delivery.note(peer, types.UpdateChannel(channel.id), (channel.peer,))
    return call.updates(peers=[channel.peer, peer])
