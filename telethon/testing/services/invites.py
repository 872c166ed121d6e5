"""messages: invite links.

Source: https://core.telegram.org/api/invites
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.testing.services._member_news import seat, tell_of_member
from telethon.testing.services._service import serves
from telethon.testing.services.channel_members import admit
from telethon.testing.services.chats import tell_participants
from telethon.testing.world import post
from telethon.testing.world.botnews import admin_bots, tell_bot
from telethon.testing.world.peerids import as_peer
from telethon.testing.world.records import Channel, Group, Invite, Member
from telethon.testing.world.rights import check_admin, unix
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon.testing._call import Call


def new_invite(call: Call, room: Group | Channel, permanent: bool = False) -> Invite:
    """Make a link."""
    code = base64.urlsafe_b64encode(call.world.rand(12)).decode()
    invite = Invite(code, call.my_id, call.now, permanent=permanent)
    room.invites[code] = invite
    call.world.invites[code] = (room.peer, invite)
    return invite


def find_invite(call: Call, code: str) -> tuple[Group | Channel, Invite]:
    """The link with that code and where it leads.

    Raises:
        RpcFault: INVITE_HASH_EMPTY, INVITE_HASH_INVALID or INVITE_HASH_EXPIRED.
    """
    if not code:
        raise RpcFault(400, "INVITE_HASH_EMPTY")
    found = call.world.invites.get(code)
    if found is None:
        raise RpcFault(400, "INVITE_HASH_INVALID")
    peer, invite = found
    over = invite.expires is not None and invite.expires <= call.now
    full = invite.limit is not None and len(invite.used) >= invite.limit
    if invite.revoked or over or full:
        raise RpcFault(400, "INVITE_HASH_EXPIRED")
    room = call.world.room(peer)
    if isinstance(room, Channel):
        if room.deleted:
            raise RpcFault(400, "INVITE_HASH_EXPIRED")
        return room, invite
    if not isinstance(room, Group) or room.deactivated:
        raise RpcFault(400, "INVITE_HASH_EXPIRED")
    return room, invite


@serves(functions.messages.ExportChatInviteRequest, who="both")
def export_chat_invite(request: functions.messages.ExportChatInviteRequest, call: Call) -> types.TypeExportedChatInvite:
    """Make a link into a chat."""
    room = call.room(call.peer(request.peer))
    check_admin(room, call.my_id, "invite_users")
    if request.legacy_revoke_permanent:
        for known in room.invites.values():
            known.revoked = known.revoked or known.permanent
    invite = new_invite(call, room, permanent=bool(request.legacy_revoke_permanent))
    invite.title = request.title
    invite.expires = unix(request.expire_date) or None
    invite.limit = request.usage_limit
    invite.request_needed = bool(request.request_needed)
    return call.world.views.invite(invite)


@serves(functions.messages.GetExportedChatInvitesRequest)
def get_exported_chat_invites(
    request: functions.messages.GetExportedChatInvitesRequest, call: Call
) -> types.messages.ExportedChatInvites:
    """The links of an administrator."""
    room = call.room(call.peer(request.peer))
    check_admin(room, call.my_id, "invite_users")
    admin = call.user(request.admin_id)
    found = [
        invite
        for invite in room.invites.values()
        if invite.admin == admin.id and invite.revoked == bool(request.revoked)
    ]
    users, _ = call.split([admin.id])
    shown: list[types.TypeExportedChatInvite] = [call.world.views.invite(one) for one in found[: request.limit or 50]]
    return types.messages.ExportedChatInvites(len(found), shown, users)


@serves(functions.messages.EditExportedChatInviteRequest, who="both")
def edit_exported_chat_invite(
    request: functions.messages.EditExportedChatInviteRequest, call: Call
) -> types.messages._TypeExportedChatInvite:
    """Change a link, or make it worthless."""
    room = call.room(call.peer(request.peer))
    check_admin(room, call.my_id, "invite_users")
    invite = room.invites.get(request.link.rpartition("+")[2].rpartition("/")[2])
    if invite is None:
        raise RpcFault(400, "INVITE_HASH_EXPIRED")
    if request.revoked:
        invite.revoked = True
    if request.expire_date is not None:
        invite.expires = unix(request.expire_date) or None
    if request.usage_limit is not None:
        invite.limit = request.usage_limit or None
    if request.title is not None:
        invite.title = request.title
    if request.request_needed is not None:
        invite.request_needed = request.request_needed
    users, _ = call.split([invite.admin])
    return types.messages.ExportedChatInvite(call.world.views.invite(invite), users)


@serves(functions.messages.CheckChatInviteRequest)
def check_chat_invite(request: functions.messages.CheckChatInviteRequest, call: Call) -> types.TypeChatInvite:
    """Where a link leads."""
    room, invite = find_invite(call, request.hash)
    present = room.present()
    if call.my_id in present:
        return types.ChatInviteAlready(call.world.views.chat(room.peer, call.my_id))
    users, _ = call.split(present[:5])
    channel = room if isinstance(room, Channel) else None
    return types.ChatInvite(
        title=room.title,
        photo=room.photo.tl() if room.photo is not None else types.PhotoEmpty(0),
        participants_count=len(present),
        color=0,
        channel=channel is not None,
        broadcast=channel is not None and channel.broadcast,
        megagroup=channel is not None and channel.megagroup,
        public=channel is not None and channel.username is not None,
        request_needed=invite.request_needed,
        about=room.about or None,
        participants=users if channel is None or channel.megagroup else None,
    )


@serves(functions.messages.ImportChatInviteRequest)
def import_chat_invite(
    request: functions.messages.ImportChatInviteRequest, call: Call
) -> types.messages._TypeChatInviteJoinResult:
    """Go where a link leads."""
    room, invite = find_invite(call, request.hash)
    if call.my_id in room.present():
        raise RpcFault(400, "USER_ALREADY_PARTICIPANT")
    member = room.members.get(call.my_id)
    if member is not None and member.banned is not None and member.banned.view_messages:
        raise RpcFault(400, "INVITE_HASH_EXPIRED")
    if invite.request_needed:
        invite.requests[call.my_id] = call.now
        _tell_requests(call, room, invite)
        # An answer that is an error tells nobody of anything by itself.
        call.delivery.flush()
        raise RpcFault(400, "INVITE_REQUEST_SENT")
    enter_by_link(call, room, invite, call.my_id)
    return types.messages.ChatInviteJoinResultOk(call.updates(peers=[room.peer]))


def enter_by_link(call: Call, room: Group | Channel, invite: Invite, user_id: int) -> None:
    """Let somebody in through a link."""
    invite.used[user_id] = call.now
    account = call.world.accounts[user_id]
    if isinstance(room, Channel):
        admit(call, room, account, inviter=invite.admin, via_invite=invite.hash)
        return
    room.members[user_id] = Member(call.now, invite.admin)
    tell_of_member(call, room, user_id, None, seat(call, room, user_id), invite=invite)
    room.version += 1
    tell_participants(call, room)
    post.service(call.world, call.delivery, account, room.peer, types.MessageActionChatJoinedByLink(invite.admin))


def _tell_requests(call: Call, room: Group | Channel, invite: Invite) -> None:
    waiting = list(invite.requests)
    update = types.UpdatePendingJoinRequests(as_peer(room.peer), len(waiting), waiting[-3:])
    user = call.my_id

    def ask(qts: int) -> types.UpdateBotChatInviteRequester:
        about, shown = call.me.about or "", call.world.views.invite(invite)
        return types.UpdateBotChatInviteRequester(as_peer(room.peer), call.now, user, about, shown, qts)

    bots = admin_bots(call.world.accounts, room, "invite_users")
    for bot in bots if user in invite.requests else ():
        tell_bot(call.delivery, bot, ask, (room.peer, user))
    for user_id, member in room.members.items():
        if call.world.accounts[user_id].bot is not None:
            continue
        if user_id == room.creator or (member.admin is not None and member.admin.invite_users):
            call.delivery.note(user_id, update, (room.peer, *waiting[-3:]))


@serves(functions.messages.GetChatInviteImportersRequest)
def get_chat_invite_importers(
    request: functions.messages.GetChatInviteImportersRequest, call: Call
) -> types.messages.ChatInviteImporters:
    """Who came through a link, or asks to."""
    room = call.room(call.peer(request.peer))
    check_admin(room, call.my_id, "invite_users")
    wanted = request.link.rpartition("+")[2].rpartition("/")[2] if request.link else None
    importers: list[types.TypeChatInviteImporter] = []
    for invite in room.invites.values():
        if wanted is None or invite.hash == wanted:
            entries = invite.requests if request.requested else invite.used
            importers.extend(
                types.ChatInviteImporter(user_id, date, requested=bool(request.requested))
                for user_id, date in entries.items()
            )
    users, _ = call.split([importer.user_id for importer in importers])
    return types.messages.ChatInviteImporters(len(importers), importers[: request.limit or 100], users)


@serves(functions.messages.HideChatJoinRequestRequest, who="both")
def hide_chat_join_request(request: functions.messages.HideChatJoinRequestRequest, call: Call) -> types.TypeUpdates:
    """Let somebody who asks in, or not."""
    room = call.room(call.peer(request.peer))
    check_admin(room, call.my_id, "invite_users")
    user_id = call.user(request.user_id).id
    for invite in room.invites.values():
        if user_id in invite.requests:
            del invite.requests[user_id]
            if request.approved:
                enter_by_link(call, room, invite, user_id)
            return call.updates(peers=[room.peer])
    raise RpcFault(400, "HIDE_REQUESTER_MISSING")
