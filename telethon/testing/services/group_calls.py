"""phone: calls of groups and channels, from their beginning to their end. No sound is carried.

Source: https://core.telegram.org/api/group-calls
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.testing.services._service import serves
from telethon.testing.services.admin_log import note_change
from telethon.testing.world import post
from telethon.testing.world.groupcalls import GroupCall
from telethon.testing.world.peerids import as_peer, is_channel
from telethon.testing.world.records import Channel, Group
from telethon.testing.world.rights import check_admin, has_right, unix
from telethon.tl import functions, types

if TYPE_CHECKING:
    from collections.abc import Iterable

    from telethon.testing._call import Call

__all__ = ["find_call", "leads", "room_of", "running", "tell_call"]

_WEEK = 7 * 86_400


# -- finding and telling ---------------------------------------------------------------------------------------------


def room_of(call: Call, found: GroupCall) -> Group | Channel:
    """The chat that a call belongs to."""
    return call.room(found.room)


def find_call(call: Call, given: types.TypeInputGroupCall) -> GroupCall:
    """The call that a request names, when the account is in its chat.

    Raises:
        RpcFault: GROUPCALL_INVALID or GROUPCALL_FORBIDDEN.
    """
    found = call.world.group_calls.get(given.id) if isinstance(given, types.InputGroupCall) else None
    if found is None or not isinstance(given, types.InputGroupCall) or found.access_hash != given.access_hash:
        raise RpcFault(400, "GROUPCALL_INVALID")
    room = room_of(call, found)
    if call.my_id not in room.present() and getattr(room, "username", None) is None:
        raise RpcFault(403, "GROUPCALL_FORBIDDEN")
    return found


def running(call: Call, given: types.TypeInputGroupCall) -> GroupCall:
    """The same, when the call is not over.

    Raises:
        RpcFault: GROUPCALL_INVALID or GROUPCALL_FORBIDDEN.
    """
    found = find_call(call, given)
    if found.ended is not None:
        raise RpcFault(403, "GROUPCALL_FORBIDDEN")
    return found


def leads(call: Call, found: GroupCall) -> bool:
    """Whether the account leads a call."""
    return has_right(room_of(call, found), call.my_id, "manage_call")


def led(call: Call, given: types.TypeInputGroupCall) -> GroupCall:
    """A call that goes on and that the account leads.

    Raises:
        RpcFault: GROUPCALL_INVALID or GROUPCALL_FORBIDDEN.
    """
    found = running(call, given)
    if not leads(call, found):
        raise RpcFault(403, "GROUPCALL_FORBIDDEN")
    return found


def tell_call(call: Call, found: GroupCall) -> None:
    """Let all members of the chat know how the call is now."""
    room = room_of(call, found)
    for user_id in room.present():
        shown = found.tl(user_id, has_right(room, user_id, "manage_call"))
        call.delivery.note(user_id, types.UpdateGroupCall(shown, peer=as_peer(found.room)), (found.room,))


def _log(call: Call, found: GroupCall, action: types.TypeChannelAdminLogEventAction) -> None:
    room = room_of(call, found)
    if isinstance(room, Channel):
        note_change(call, room, action)


# -- beginning and end -----------------------------------------------------------------------------------------------


@serves(functions.phone.CreateGroupCallRequest)
def create_group_call(request: functions.phone.CreateGroupCallRequest, call: Call) -> types.TypeUpdates:
    """Begin a call in a chat, or say when it will begin."""
    peer = call.peer(request.peer)
    room = call.room(peer)
    check_admin(room, call.my_id, "manage_call")
    if room.call is not None:
        raise RpcFault(400, "CREATE_CALL_FAILED")
    scheduled = unix(request.schedule_date) or None
    if scheduled is not None and not call.now < scheduled <= call.now + _WEEK:
        raise RpcFault(400, "SCHEDULE_DATE_INVALID")
    made = GroupCall(
        call.world.new_id(),
        call.world.new_id(),
        peer,
        call.my_id,
        title=request.title or None,
        started=call.now if scheduled is None else None,
        scheduled=scheduled,
        rtmp=bool(request.rtmp_stream),
    )
    call.world.group_calls[made.id] = made
    room.call = made
    tell_call(call, made)
    action: types.TypeMessageAction = types.MessageActionGroupCall(made.input())
    if scheduled is not None:
        action = types.MessageActionGroupCallScheduled(made.input(), scheduled)
    post.service(call.world, call.delivery, call.me, peer, action)
    _log(call, made, types.ChannelAdminLogEventActionStartGroupCall(made.input()))
    return call.updates(peers=[peer])


@serves(functions.phone.StartScheduledGroupCallRequest)
def start_scheduled_group_call(
    request: functions.phone.StartScheduledGroupCallRequest, call: Call
) -> types.TypeUpdates:
    """Begin a call now that was to begin later."""
    found = led(call, request.call)
    if found.started is not None:
        raise RpcFault(403, "GROUPCALL_ALREADY_STARTED")
    found.started = call.now
    tell_call(call, found)
    post.service(call.world, call.delivery, call.me, found.room, types.MessageActionGroupCall(found.input()))
    return call.updates(peers=[found.room])


@serves(functions.phone.ToggleGroupCallStartSubscriptionRequest)
def toggle_group_call_start_subscription(
    request: functions.phone.ToggleGroupCallStartSubscriptionRequest, call: Call
) -> types.TypeUpdates:
    """Want to be told when a call begins, or not."""
    found = running(call, request.call)
    if found.started is not None:
        raise RpcFault(403, "GROUPCALL_ALREADY_STARTED")
    (found.subscribers.add if request.subscribed else found.subscribers.discard)(call.my_id)
    update = types.UpdateGroupCall(found.tl(call.my_id, leads(call, found)), peer=as_peer(found.room))
    call.delivery.note(call.my_id, update, (found.room,))
    return call.updates()


@serves(functions.phone.DiscardGroupCallRequest)
def discard_group_call(request: functions.phone.DiscardGroupCallRequest, call: Call) -> types.TypeUpdates:
    """End a call for everybody."""
    found = find_call(call, request.call)
    if found.ended is not None:
        raise RpcFault(400, "GROUPCALL_ALREADY_DISCARDED")
    found = led(call, request.call)
    found.ended = call.now
    found.participants.clear()
    room = room_of(call, found)
    room.call = None
    tell_call(call, found)
    if found.started is not None:
        action = types.MessageActionGroupCall(found.input(), duration=found.ended - found.started)
        post.service(call.world, call.delivery, call.me, found.room, action)
    _log(call, found, types.ChannelAdminLogEventActionDiscardGroupCall(found.input()))
    return call.updates(peers=[found.room])


# -- looking ---------------------------------------------------------------------------------------------------------


@serves(functions.phone.GetGroupCallRequest)
def get_group_call(request: functions.phone.GetGroupCallRequest, call: Call) -> types.phone.GroupCall:
    """A call with the first of those who take part."""
    found = find_call(call, request.call)
    limit = request.limit if request.limit > 0 else len(found.participants)
    people = list(found.participants.values())
    page = people[:limit]
    users, chats = call.split({found.room, *(one.peer for one in page)})
    return types.phone.GroupCall(
        found.tl(call.my_id, leads(call, found)),
        [one.tl(call.my_id) for one in page],
        str(limit) if limit < len(people) else "",
        chats,
        users,
    )


@serves(functions.phone.GetGroupParticipantsRequest)
def get_group_participants(
    request: functions.phone.GetGroupParticipantsRequest, call: Call
) -> types.phone.GroupParticipants:
    """Those who take part in a call, all or chosen ones."""
    found = find_call(call, request.call)
    people = list(found.participants.values())
    if request.ids or request.sources:
        wanted = {call.peer(peer) for peer in request.ids}
        people = [one for one in people if one.peer in wanted or one.source in request.sources]
    start = int(request.offset) if request.offset.isdecimal() else 0
    limit = request.limit if request.limit > 0 else len(people)
    page = people[start : start + limit]
    following = str(start + limit) if start + limit < len(people) else ""
    users, chats = call.split({found.room, *(one.peer for one in page)})
    shown: list[types.TypeGroupCallParticipant] = [one.tl(call.my_id) for one in page]
    return types.phone.GroupParticipants(len(people), shown, following, chats, users, found.version)


# -- settings --------------------------------------------------------------------------------------------------------


@serves(functions.phone.EditGroupCallTitleRequest)
def edit_group_call_title(request: functions.phone.EditGroupCallTitleRequest, call: Call) -> types.TypeUpdates:
    """Give a call another title, or none."""
    found = led(call, request.call)
    found.title = request.title or None
    tell_call(call, found)
    return call.updates()


@serves(functions.phone.ToggleGroupCallSettingsRequest)
def toggle_group_call_settings(
    request: functions.phone.ToggleGroupCallSettingsRequest, call: Call
) -> types.TypeUpdates:
    """Whether those who come are heard at once, whether one may write, and which invitations are good."""
    found = led(call, request.call)
    changed = bool(request.reset_invite_hash)
    if request.reset_invite_hash:
        found.hashes.clear()
    if request.join_muted is not None and request.join_muted != found.join_muted:
        found.join_muted, changed = request.join_muted, True
        _log(call, found, types.ChannelAdminLogEventActionToggleGroupCallSetting(found.join_muted))
    if request.messages_enabled is not None and request.messages_enabled != found.messages_enabled:
        found.messages_enabled, changed = request.messages_enabled, True
    if not changed:
        raise RpcFault(400, "GROUPCALL_NOT_MODIFIED")
    tell_call(call, found)
    return call.updates()


@serves(functions.phone.ToggleGroupCallRecordRequest)
def toggle_group_call_record(request: functions.phone.ToggleGroupCallRecordRequest, call: Call) -> types.TypeUpdates:
    """Begin or end to record a call."""
    found = led(call, request.call)
    if bool(request.start) == (found.recording is not None):
        raise RpcFault(400, "GROUPCALL_NOT_MODIFIED")
    found.recording = call.now if request.start else None
    tell_call(call, found)
    return call.updates()


@serves(functions.phone.ExportGroupCallInviteRequest)
def export_group_call_invite(
    request: functions.phone.ExportGroupCallInviteRequest, call: Call
) -> types.phone.ExportedGroupCallInvite:
    """A link into the call of a public chat."""
    found = running(call, request.call)
    username: str | None = getattr(room_of(call, found), "username", None)
    if username is None:
        raise RpcFault(400, "PUBLIC_CHANNEL_MISSING")
    link = f"https://t.me/{username}?voicechat"
    if request.can_self_unmute and leads(call, found):
        code = base64.urlsafe_b64encode(call.world.rand(9)).decode()
        found.hashes.add(code)
        link = f"{link}={code}"
    return types.phone.ExportedGroupCallInvite(link)


@serves(functions.phone.InviteToGroupCallRequest)
def invite_to_group_call(request: functions.phone.InviteToGroupCallRequest, call: Call) -> types.TypeUpdates:
    """Ask members of a chat to come into its call."""
    found = running(call, request.call)
    invited = [call.user(user).id for user in request.users]
    if invited and all(user_id in found.invited for user_id in invited):
        raise RpcFault(400, "USER_ALREADY_INVITED")
    found.invited.update(invited)
    action = types.MessageActionInviteToGroupCall(found.input(), invited)
    post.service(call.world, call.delivery, call.me, found.room, action)
    return call.updates()


@serves(functions.phone.GetGroupCallStreamRtmpUrlRequest)
def get_group_call_stream_rtmp_url(
    request: functions.phone.GetGroupCallStreamRtmpUrlRequest, call: Call
) -> types.phone.GroupCallStreamRtmpUrl:
    """Where other programs would stream to: nothing listens there, but the key is kept."""
    room = call.room(call.peer(request.peer))
    check_admin(room, call.my_id, "manage_call")
    keys = call.world.stream_keys
    if request.revoke or room.peer not in keys:
        keys[room.peer] = base64.urlsafe_b64encode(call.world.rand(15)).decode()
    return types.phone.GroupCallStreamRtmpUrl("rtmp://127.0.0.1/s/", keys[room.peer])


def join_as_peers(call: Call, peer: int) -> Iterable[int]:
    """As whom the account can take part in the call of a chat: itself, and channels it has made."""
    yield call.my_id
    for channel in call.world.channels.values():
        if channel.creator == call.my_id and not channel.deleted and (channel.broadcast or channel.peer == peer):
            yield channel.peer


@serves(functions.phone.GetGroupCallJoinAsRequest)
def get_group_call_join_as(request: functions.phone.GetGroupCallJoinAsRequest, call: Call) -> types.phone.JoinAsPeers:
    """As whom the account can take part."""
    peers = list(join_as_peers(call, call.room(call.peer(request.peer)).peer))
    users, chats = call.split(peers)
    return types.phone.JoinAsPeers([as_peer(peer) for peer in peers], chats, users)


@serves(functions.phone.SaveDefaultGroupCallJoinAsRequest)
def save_default_group_call_join_as(request: functions.phone.SaveDefaultGroupCallJoinAsRequest, call: Call) -> bool:
    """As whom it takes part unless it says otherwise."""
    room = call.room(call.peer(request.peer))
    chosen = call.peer(request.join_as)
    if chosen not in join_as_peers(call, room.peer):
        raise RpcFault(400, "JOIN_AS_PEER_INVALID")
    call.me.mailbox.dialog(room.peer).join_as = chosen
    update = types.UpdateChannel(room.id) if is_channel(room.peer) else types.UpdateChat(room.id)
    call.delivery.note(call.my_id, update, (room.peer,))
    return True
