"""phone: coming into the call of a chat, leaving it, and what those who are in it do.

Source: https://core.telegram.org/api/group-calls
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from telethon.testing._rpc import RpcFault
from telethon.testing.services._service import serves
from telethon.testing.services.group_calls import find_call, join_as_peers, leads, room_of, running, tell_call
from telethon.testing.world.groupcalls import GroupCall, Participant
from telethon.testing.world.peerids import as_peer, is_user
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon.testing._call import Call

_LOUDEST = 20_000


def _mine(call: Call, found: GroupCall) -> Participant:
    """The account among those who take part.

    Raises:
        RpcFault: GROUPCALL_JOIN_MISSING.
    """
    for one in found.participants.values():
        if one.user == call.my_id:
            return one
    raise RpcFault(400, "GROUPCALL_JOIN_MISSING")


def _tell(call: Call, found: GroupCall, one: Participant, *, joined: bool = False, left: bool = False) -> None:
    """Let all members of the chat know of somebody in its call."""
    if joined or left:
        found.version += 1
    for user_id in {*room_of(call, found).present(), one.user}:
        shown = one.tl(user_id, joined=joined, left=left)
        update = types.UpdateGroupCallParticipants(found.input(), [shown], found.version)
        call.delivery.note(user_id, update, (found.room, one.peer))


def _source(params: types.TypeDataJSON) -> int:
    try:
        source: Any = json.loads(params.data)["ssrc"]
        number = int(source)
    except (ValueError, KeyError, TypeError):
        raise RpcFault(400, "DATA_JSON_INVALID") from None
    # It goes out as a signed number.
    return (number + (1 << 31)) % (1 << 32) - (1 << 31)


def _connection(call: Call, presentation: bool) -> types.UpdateGroupCallConnection:
    """How to reach what mixes the sound: there is no such thing here, so it offers no addresses."""
    transport: dict[str, str | list[str]] = {
        "ufrag": call.world.rand(4).hex(),
        "pwd": call.world.rand(12).hex(),
        "fingerprints": [],
        "candidates": [],
    }
    return types.UpdateGroupCallConnection(
        types.DataJSON(json.dumps({"transport": transport})), presentation=presentation
    )


@serves(functions.phone.JoinGroupCallRequest)
def join_group_call(request: functions.phone.JoinGroupCallRequest, call: Call) -> types.TypeUpdates:
    """Come into a call; who is in it comes in anew."""
    found = running(call, request.call)
    if found.started is None:
        raise RpcFault(403, "GROUPCALL_FORBIDDEN")
    chosen = call.peer(request.join_as)
    if chosen not in join_as_peers(call, found.room):
        raise RpcFault(400, "JOIN_AS_PEER_INVALID")
    source = _source(request.params)
    others = [one for one in found.participants.values() if one.user != call.my_id]
    if any(one.source == source for one in others):
        raise RpcFault(400, "GROUPCALL_SSRC_DUPLICATE_MUCH")
    may_speak = leads(call, found) or not found.join_muted or request.invite_hash in found.hashes
    known = [one for one in found.participants.values() if one.user == call.my_id]
    for one in known:
        del found.participants[one.peer]
    me = Participant(chosen, call.my_id, call.now, source, bool(request.muted) or not may_speak, may_speak)
    found.participants[chosen] = me
    _tell(call, found, me, joined=not known)
    tell_call(call, found)
    call.delivery.note(call.my_id, _connection(call, presentation=False))
    return call.updates()


@serves(functions.phone.LeaveGroupCallRequest)
def leave_group_call(request: functions.phone.LeaveGroupCallRequest, call: Call) -> types.TypeUpdates:
    """Go out of a call."""
    found = find_call(call, request.call)
    me = _mine(call, found)
    del found.participants[me.peer]
    _tell(call, found, me, left=True)
    tell_call(call, found)
    return call.updates()


@serves(functions.phone.CheckGroupCallRequest)
def check_group_call(request: functions.phone.CheckGroupCallRequest, call: Call) -> list[int]:
    """Which sources of the account are still in the call."""
    me = _mine(call, find_call(call, request.call))
    return [source for source in request.sources if source == me.source]


@serves(functions.phone.EditGroupCallParticipantRequest)
def edit_group_call_participant(
    request: functions.phone.EditGroupCallParticipantRequest, call: Call
) -> types.TypeUpdates:
    """Change how somebody takes part: who leads the call for all, everybody else for itself."""
    found = running(call, request.call)
    one = found.participants.get(call.peer(request.participant))
    if one is None:
        raise RpcFault(400, "PARTICIPANT_JOIN_MISSING")
    own, leading = one.user == call.my_id, leads(call, found)
    if request.volume is not None and not 1 <= request.volume <= _LOUDEST:
        raise RpcFault(400, "USER_VOLUME_INVALID")
    if request.muted is not None:
        _mute(one, request.muted, own, leading)
    if request.volume is not None:
        one.volumes[call.my_id] = request.volume
        if leading:
            one.volume = request.volume
    if request.raise_hand is not None:
        if not own and not leading:
            raise RpcFault(403, "GROUPCALL_FORBIDDEN")
        one.raised = call.now if request.raise_hand else None
    if request.video_stopped is not None and own:
        one.video = not request.video_stopped
    _tell(call, found, one)
    return call.updates()


def _mute(one: Participant, muted: bool, own: bool, leading: bool) -> None:
    if leading and not own:
        # Who was let speak may, but has to unmute itself.
        one.may_unmute = not muted
        one.muted, one.raised = True, one.raised if muted else None
    elif own:
        if not muted and not one.may_unmute:
            raise RpcFault(403, "GROUPCALL_FORBIDDEN")
        one.muted = muted
    else:
        raise RpcFault(403, "GROUPCALL_FORBIDDEN")


@serves(functions.phone.JoinGroupCallPresentationRequest)
def join_group_call_presentation(
    request: functions.phone.JoinGroupCallPresentationRequest, call: Call
) -> types.TypeUpdates:
    """Show one's screen."""
    found = running(call, request.call)
    _source(request.params)
    me = _presenter(call, found)
    me.presentation = True
    _tell(call, found, me)
    call.delivery.note(call.my_id, _connection(call, presentation=True))
    return call.updates()


@serves(functions.phone.LeaveGroupCallPresentationRequest)
def leave_group_call_presentation(
    request: functions.phone.LeaveGroupCallPresentationRequest, call: Call
) -> types.TypeUpdates:
    """Show it no more."""
    found = running(call, request.call)
    me = _presenter(call, found)
    me.presentation = False
    _tell(call, found, me)
    return call.updates()


def _presenter(call: Call, found: GroupCall) -> Participant:
    try:
        return _mine(call, found)
    except RpcFault:
        raise RpcFault(400, "PARTICIPANT_JOIN_MISSING") from None


@serves(functions.phone.GetGroupCallStreamChannelsRequest)
def get_group_call_stream_channels(
    request: functions.phone.GetGroupCallStreamChannelsRequest, call: Call
) -> types.phone.GroupCallStreamChannels:
    """What is streamed in a call: nothing ever is."""
    found = find_call(call, request.call)
    _mine(call, found)
    return types.phone.GroupCallStreamChannels([])


# -- writing ---------------------------------------------------------------------------------------------------------


def _tell_all(call: Call, found: GroupCall, update: types.TypeUpdate, writer: int) -> None:
    for one in found.participants.values():
        call.delivery.note(one.user, update, (writer,))


@serves(functions.phone.SendGroupCallMessageRequest, who="both")
def send_group_call_message(request: functions.phone.SendGroupCallMessageRequest, call: Call) -> types.TypeUpdates:
    """Write something that those in the call see for a while."""
    found = running(call, request.call)
    me = _mine(call, found)
    if not found.messages_enabled and not leads(call, found):
        raise RpcFault(403, "GROUPCALL_FORBIDDEN")
    if not request.message.text.strip():
        raise RpcFault(400, "MESSAGE_EMPTY")
    writer = me.peer if request.send_as is None else call.peer(request.send_as)
    number = max(found.messages, default=0) + 1
    found.messages[number] = (writer, request.message)
    message = types.GroupCallMessage(number, as_peer(writer), call.now, request.message, from_admin=leads(call, found))
    _tell_all(call, found, types.UpdateGroupCallMessage(found.input(), message), writer)
    return call.updates([types.UpdateMessageID(number, request.random_id)])


@serves(functions.phone.SendGroupCallEncryptedMessageRequest, who="both")
def send_group_call_encrypted_message(
    request: functions.phone.SendGroupCallEncryptedMessageRequest, call: Call
) -> bool:
    """The same in a way that the server cannot read."""
    found = running(call, request.call)
    me = _mine(call, found)
    update = types.UpdateGroupCallEncryptedMessage(found.input(), as_peer(me.peer), request.encrypted_message)
    for one in found.participants.values():
        if one is not me:
            call.delivery.note(one.user, update, (me.peer,))
    return True


def _erase(call: Call, found: GroupCall, numbers: list[int]) -> types.TypeUpdates:
    gone = [number for number in numbers if number in found.messages]
    if not leads(call, found) and any(found.messages[number][0] != call.my_id for number in gone):
        raise RpcFault(403, "GROUPCALL_FORBIDDEN")
    for number in gone:
        del found.messages[number]
    _tell_all(call, found, types.UpdateDeleteGroupCallMessages(found.input(), gone), call.my_id)
    return call.updates()


@serves(functions.phone.DeleteGroupCallMessagesRequest, who="both")
def delete_group_call_messages(
    request: functions.phone.DeleteGroupCallMessagesRequest, call: Call
) -> types.TypeUpdates:
    """Delete what was written."""
    return _erase(call, running(call, request.call), request.messages)


@serves(functions.phone.DeleteGroupCallParticipantMessagesRequest, who="both")
def delete_group_call_participant_messages(
    request: functions.phone.DeleteGroupCallParticipantMessagesRequest, call: Call
) -> types.TypeUpdates:
    """Delete all that somebody wrote."""
    found = running(call, request.call)
    writer = call.peer(request.participant)
    return _erase(call, found, [number for number, entry in found.messages.items() if entry[0] == writer])


@serves(functions.phone.GetGroupCallStarsRequest, who="both")
def get_group_call_stars(request: functions.phone.GetGroupCallStarsRequest, call: Call) -> types.phone.GroupCallStars:
    """How many stars were paid in a call: messages cost none here."""
    find_call(call, request.call)
    return types.phone.GroupCallStars(0, [], [], [])


@serves(functions.phone.SaveDefaultSendAsRequest, who="both")
def save_default_send_as(request: functions.phone.SaveDefaultSendAsRequest, call: Call) -> bool:
    """As whom the account writes in the call of a chat unless it says otherwise."""
    found = find_call(call, request.call)
    chosen = call.peer(request.send_as)
    if chosen not in join_as_peers(call, found.room) or (is_user(chosen) and chosen != call.my_id):
        raise RpcFault(400, "SEND_AS_PEER_INVALID")
    call.me.mailbox.dialog(found.room).send_as = chosen
    return True
