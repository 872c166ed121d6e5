"""channels: the log of what administrators did.

Source: https://core.telegram.org/api/recent-actions
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.testing.services._service import serves
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon.testing._call import Call
    from telethon.testing.world.records import Channel

__all__ = ["note_change"]

_PREFIX = "ChannelAdminLogEventAction"
_MAX_PAGE = 100

_FLAGS: dict[str, str] = {
    "ParticipantJoin": "join",
    "ParticipantJoinByInvite": "join invites",
    "ParticipantJoinByRequest": "join invites",
    "ParticipantLeave": "leave",
    "ParticipantInvite": "invite",
    "ParticipantEditRank": "edit_rank",
    "ParticipantSubExtend": "sub_extend",
    "EditMessage": "edit",
    "StopPoll": "edit",
    "DeleteMessage": "delete",
    "UpdatePinned": "pinned",
    "SendMessage": "send",
    "ExportedInviteDelete": "invites",
    "ExportedInviteEdit": "invites",
    "ExportedInviteRevoke": "invites",
    "CreateTopic": "forums",
    "DeleteTopic": "forums",
    "EditTopic": "forums",
    "PinTopic": "forums",
    "StartGroupCall": "group_call",
    "DiscardGroupCall": "group_call",
    "ParticipantMute": "group_call",
    "ParticipantUnmute": "group_call",
    "ParticipantVolume": "group_call",
    "ToggleGroupCallSetting": "group_call",
    "ToggleInvites": "settings",
    "ToggleSignatures": "settings",
    "ToggleSignatureProfiles": "settings",
    "TogglePreHistoryHidden": "settings",
    "ToggleSlowMode": "settings",
    "ToggleForum": "settings",
    "ToggleNoForwards": "settings",
    "ToggleAntiSpam": "settings",
    "ToggleAutotranslation": "settings",
    "DefaultBannedRights": "settings",
    "ChangeHistoryTTL": "settings",
    "ChangeAvailableReactions": "settings",
}
"""The flags of a filter that choose a kind of entry; what is not here changes what a channel looks like."""


def note_change(
    call: Call, channel: Channel, action: types.TypeChannelAdminLogEventAction, user_id: int | None = None
) -> None:
    """Write something down in the log of a channel.

    Args:
        call: the request.
        channel: the channel.
        action: what was done.
        user_id: who did it, by default whoever asks.
    """
    number = call.world.count("event")
    channel.admin_log.append((number, call.now, call.my_id if user_id is None else user_id, action))


def _out(participant: types.TypeChannelParticipant) -> bool:
    return isinstance(participant, types.ChannelParticipantBanned) and bool(participant.banned_rights.view_messages)


def _flags(action: types.TypeChannelAdminLogEventAction) -> set[str]:
    """By which flags of a filter an entry is chosen."""
    if isinstance(action, types.ChannelAdminLogEventActionParticipantToggleAdmin):
        admins = (types.ChannelParticipantAdmin, types.ChannelParticipantCreator)
        return {"promote" if isinstance(action.new_participant, admins) else "demote"}
    if isinstance(action, types.ChannelAdminLogEventActionParticipantToggleBan):
        before, after = action.prev_participant, action.new_participant
        if _out(before) != _out(after):
            return {"kick" if _out(after) else "unkick"}
        return {"ban" if isinstance(after, types.ChannelParticipantBanned) else "unban"}
    return set(_FLAGS.get(type(action).__name__.removeprefix(_PREFIX), "info").split())


def _wanted(chosen: types.ChannelAdminLogEventsFilter | None) -> set[str] | None:
    if chosen is None:
        return None
    return {name for name, value in chosen.to_dict().items() if value is True}


def _concerned(action: types.TypeChannelAdminLogEventAction) -> set[int]:
    """The accounts that an entry speaks of."""
    found: set[int] = set()
    for name in ("participant", "prev_participant", "new_participant"):
        participant = getattr(action, name, None)
        user_id = getattr(participant, "user_id", None) or getattr(getattr(participant, "peer", None), "user_id", None)
        if user_id is not None:
            found.add(user_id)
    for name in ("message", "prev_message", "new_message"):
        sender = getattr(getattr(action, name, None), "from_id", None)
        if isinstance(sender, types.PeerUser):
            found.add(sender.user_id)
    admin = getattr(getattr(action, "invite", None), "admin_id", None)
    if isinstance(admin, int):
        found.add(admin)
    return found


def _speaks_of(call: Call, action: types.TypeChannelAdminLogEventAction, user_id: int, query: str) -> bool:
    words = query.lower()
    for one in (user_id, *_concerned(action)):
        account = call.world.accounts[one]
        if words in account.name.lower() or words in (account.username or "").lower():
            return True
    texts = [getattr(getattr(action, name, None), "message", "") for name in ("message", "prev_message", "new_message")]
    return any(words in text.lower() for text in texts if isinstance(text, str))


@serves(functions.channels.GetAdminLogRequest)
def get_admin_log(request: functions.channels.GetAdminLogRequest, call: Call) -> types.channels.AdminLogResults:
    """What administrators did lately, newest first."""
    channel = call.channel(request.channel, member=True)
    member = channel.members[call.my_id]
    if channel.creator != call.my_id and member.admin is None:
        raise RpcFault(400, "CHAT_ADMIN_REQUIRED")
    flags = _wanted(request.events_filter)
    admins = {call.user(user).id for user in request.admins} if request.admins else None
    events: list[types.ChannelAdminLogEvent] = []
    peers: set[int] = {channel.peer}
    for number, date, user_id, action in reversed(channel.admin_log):
        if (request.max_id and number >= request.max_id) or (request.min_id and number <= request.min_id):
            continue
        if (flags is not None and not _flags(action) & flags) or (admins is not None and user_id not in admins):
            continue
        if request.q and not _speaks_of(call, action, user_id, request.q):
            continue
        events.append(types.ChannelAdminLogEvent(number, date, user_id, action))
        peers.update({user_id, *_concerned(action)})
        if len(events) >= min(request.limit or _MAX_PAGE, _MAX_PAGE):
            break
    users, chats = call.split(peers)
    return types.channels.AdminLogResults(events, chats, users)
