"""messages: what administrators do with invite links that exist.

Source: https://core.telegram.org/api/invites
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.testing.services._service import serves
from telethon.testing.services.invites import enter_by_link
from telethon.testing.world.rights import check_admin
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon.testing._call import Call
    from telethon.testing.world.records import Channel, Group, Invite


def _room(call: Call, peer: types.TypeInputPeer) -> Group | Channel:
    room = call.room(call.peer(peer))
    check_admin(room, call.my_id, "invite_users")
    return room


def _link(room: Group | Channel, link: str) -> Invite:
    invite = room.invites.get(link.rpartition("+")[2].rpartition("/")[2])
    if invite is None:
        raise RpcFault(400, "INVITE_HASH_EXPIRED")
    return invite


def _forget(call: Call, room: Group | Channel, invite: Invite) -> None:
    del room.invites[invite.hash]
    del call.world.invites[invite.hash]


@serves(functions.messages.GetExportedChatInviteRequest)
def get_exported_chat_invite(
    request: functions.messages.GetExportedChatInviteRequest, call: Call
) -> types.messages._TypeExportedChatInvite:
    """One link."""
    invite = _link(_room(call, request.peer), request.link)
    users, _ = call.split([invite.admin])
    return types.messages.ExportedChatInvite(call.world.views.invite(invite), users)


@serves(functions.messages.DeleteExportedChatInviteRequest)
def delete_exported_chat_invite(request: functions.messages.DeleteExportedChatInviteRequest, call: Call) -> bool:
    """Throw a link away that was made worthless before."""
    room = _room(call, request.peer)
    invite = _link(room, request.link)
    if not invite.revoked:
        raise RpcFault(400, "INVITE_REVOKED_MISSING")
    _forget(call, room, invite)
    return True


@serves(functions.messages.DeleteRevokedExportedChatInvitesRequest)
def delete_revoked_invites(request: functions.messages.DeleteRevokedExportedChatInvitesRequest, call: Call) -> bool:
    """Throw all such links of an administrator away."""
    room = _room(call, request.peer)
    admin = call.user(request.admin_id)
    for invite in [one for one in room.invites.values() if one.admin == admin.id and one.revoked]:
        _forget(call, room, invite)
    return True


@serves(functions.messages.GetAdminsWithInvitesRequest)
def get_admins_with_invites(
    request: functions.messages.GetAdminsWithInvitesRequest, call: Call
) -> types.messages.ChatAdminsWithInvites:
    """Who made how many links."""
    room = _room(call, request.peer)
    good = Counter(one.admin for one in room.invites.values() if not one.revoked)
    gone = Counter(one.admin for one in room.invites.values() if one.revoked)
    admins = list(dict.fromkeys([*good, *gone]))
    users, _ = call.split(admins)
    return types.messages.ChatAdminsWithInvites(
        [types.ChatAdminWithInvites(admin, good[admin], gone[admin]) for admin in admins], users
    )


@serves(functions.messages.HideAllChatJoinRequestsRequest)
def hide_all_chat_join_requests(
    request: functions.messages.HideAllChatJoinRequestsRequest, call: Call
) -> types.TypeUpdates:
    """Let everybody in who asks, or nobody."""
    room = _room(call, request.peer)
    invites = [_link(room, request.link)] if request.link else list(room.invites.values())
    if not any(invite.requests for invite in invites):
        raise RpcFault(400, "HIDE_REQUESTER_MISSING")
    for invite in invites:
        waiting = list(invite.requests)
        invite.requests.clear()
        if request.approved:
            for user_id in waiting:
                enter_by_link(call, room, invite, user_id)
    return call.updates(peers=[room.peer])
