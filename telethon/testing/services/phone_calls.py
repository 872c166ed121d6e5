"""phone: calls from one account to another. The two get to know each other's keys; sound goes another way.

Source: https://core.telegram.org/api/end-to-end/video-calls
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.testing.services._service import serves
from telethon.testing.services.privacy import allows, person_to_reach
from telethon.testing.world import post
from telethon.testing.world.phonecalls import PhoneCall
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon.testing._call import Call


def _call(call: Call, peer: types.TypeInputPhoneCall) -> PhoneCall:
    found = call.world.phone_calls.get(peer.id)
    if found is None or found.hashes.get(call.my_id) != peer.access_hash:
        raise RpcFault(400, "CALL_PEER_INVALID")
    return found


def _going_on(call: Call, peer: types.TypeInputPhoneCall) -> PhoneCall:
    found = _call(call, peer)
    if found.state == "discarded":
        raise RpcFault(400, "CALL_ALREADY_DECLINED")
    return found


def _check(protocol: types.TypePhoneCallProtocol) -> None:
    if not (protocol.udp_p2p or protocol.udp_reflector) or protocol.min_layer > protocol.max_layer:
        raise RpcFault(400, "CALL_PROTOCOL_FLAGS_INVALID")


def _tell(call: Call, found: PhoneCall, account_id: int) -> None:
    update = types.UpdatePhoneCall(found.tl(account_id))
    call.delivery.note(account_id, update, (found.admin, found.participant))


def _shown(call: Call, found: PhoneCall) -> types.phone.PhoneCall:
    users, _ = call.split([found.admin, found.participant])
    return types.phone.PhoneCall(found.tl(call.my_id), users)


@serves(functions.phone.GetCallConfigRequest)
def get_call_config(request: functions.phone.GetCallConfigRequest, call: Call) -> types.DataJSON:
    """Settings for the sound of calls."""
    return types.DataJSON(json.dumps({"audio_frame_size": 60, "jitter_min_delay_60": 2, "use_sys_ns": True}))


@serves(functions.phone.RequestCallRequest)
def request_call(request: functions.phone.RequestCallRequest, call: Call) -> types.phone.PhoneCall:
    """Call somebody."""
    other = person_to_reach(call, request.user_id)
    if not allows(other, types.InputPrivacyKeyPhoneCall, call.me):
        raise RpcFault(403, "USER_PRIVACY_RESTRICTED")
    _check(request.protocol)
    hashes = {call.my_id: call.world.new_id(), other.id: call.world.new_id()}
    made = PhoneCall(
        call.world.new_id(),
        hashes,
        call.my_id,
        other.id,
        call.now,
        bool(request.video),
        request.g_a_hash,
        request.protocol,
    )
    call.world.phone_calls[made.id] = made
    _tell(call, made, other.id)
    return _shown(call, made)


@serves(functions.phone.ReceivedCallRequest)
def received_call(request: functions.phone.ReceivedCallRequest, call: Call) -> bool:
    """Say that a device rings."""
    found = _going_on(call, request.peer)
    if found.received is None:
        found.received = call.now
        _tell(call, found, found.admin)
    return True


@serves(functions.phone.AcceptCallRequest)
def accept_call(request: functions.phone.AcceptCallRequest, call: Call) -> types.phone.PhoneCall:
    """Answer a call."""
    found = _going_on(call, request.peer)
    if found.admin == call.my_id:
        raise RpcFault(400, "CALL_PEER_INVALID")
    if found.state != "requested":
        raise RpcFault(400, "CALL_ALREADY_ACCEPTED")
    _check(request.protocol)
    found.g_b, found.state = request.g_b, "accepted"
    _tell(call, found, found.admin)
    return _shown(call, found)


@serves(functions.phone.ConfirmCallRequest)
def confirm_call(request: functions.phone.ConfirmCallRequest, call: Call) -> types.phone.PhoneCall:
    """Show the half of the key that was promised by its hash."""
    found = _going_on(call, request.peer)
    if found.admin != call.my_id or found.state != "accepted":
        raise RpcFault(400, "CALL_PEER_INVALID")
    if hashlib.sha256(request.g_a).digest() != found.g_a_hash:
        raise RpcFault(400, "DH_G_A_INVALID")
    found.g_a, found.fingerprint, found.started = request.g_a, request.key_fingerprint, call.now
    found.state = "confirmed"
    _tell(call, found, found.participant)
    return _shown(call, found)


@serves(functions.phone.DiscardCallRequest)
def discard_call(request: functions.phone.DiscardCallRequest, call: Call) -> types.TypeUpdates:
    """End a call, or do not answer it."""
    found = _call(call, request.peer)
    if found.state == "discarded":
        return call.updates([types.UpdatePhoneCall(found.tl(call.my_id))], [found.other(call.my_id)])
    found.reason, found.state = request.reason, "discarded"
    found.duration = request.duration or None
    for account_id in (found.admin, found.participant):
        _tell(call, found, account_id)
    action = types.MessageActionPhoneCall(found.id, video=found.video, reason=found.reason, duration=found.duration)
    caller = call.world.accounts[found.admin]
    post.service(call.world, call.delivery, caller, found.participant, action)
    return call.updates()


@serves(functions.phone.SetCallRatingRequest)
def set_call_rating(request: functions.phone.SetCallRatingRequest, call: Call) -> types.TypeUpdates:
    """Say how well one could hear."""
    _call(call, request.peer)
    if not 1 <= request.rating <= 5:
        raise RpcFault(400, "CALL_PEER_INVALID")
    return call.updates()


@serves(functions.phone.SaveCallDebugRequest)
def save_call_debug(request: functions.phone.SaveCallDebugRequest, call: Call) -> bool:
    """Hand in what a client noted down of a call."""
    _call(call, request.peer)
    try:
        json.loads(request.debug.data)
    except ValueError:
        raise RpcFault(400, "DATA_JSON_INVALID") from None
    return True


@serves(functions.phone.SaveCallLogRequest)
def save_call_log(request: functions.phone.SaveCallLogRequest, call: Call) -> bool:
    """The same as a file."""
    _call(call, request.peer)
    call.world.files.assemble(call.my_id, request.file)
    return True


@serves(functions.phone.SendSignalingDataRequest)
def send_signaling_data(request: functions.phone.SendSignalingDataRequest, call: Call) -> bool:
    """Pass something on to the other client."""
    found = _going_on(call, request.peer)
    update = types.UpdatePhoneCallSignalingData(found.id, request.data)
    call.delivery.note(found.other(call.my_id), update)
    return True


@serves(functions.messages.DeletePhoneCallHistoryRequest)
def delete_phone_call_history(
    request: functions.messages.DeletePhoneCallHistoryRequest, call: Call
) -> types.messages.AffectedFoundMessages:
    """Delete all messages that tell of calls."""
    mailbox = call.me.mailbox
    ids = [
        number for number, letter in mailbox.letters.items() if isinstance(letter.action, types.MessageActionPhoneCall)
    ]
    pts, count = post.erase(call.world, call.delivery, call.me, ids, bool(request.revoke))
    call.delivery.answered()
    return types.messages.AffectedFoundMessages(pts, count, 0, ids)
