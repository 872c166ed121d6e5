"""Calls of two, calls of groups, and secret chats: who is told what, and what is refused."""

from __future__ import annotations

import hashlib

import pytest
import worldkit
from worldkit import fault, place, told

from telethon.tl import functions, types

PROTOCOL = types.PhoneCallProtocol(65, 92, ["4.0.0"], udp_p2p=True, udp_reflector=True)
HALF = (1 << 2040).to_bytes(256, "big")


@pytest.fixture
def server():
    return worldkit.make_server()


@pytest.fixture
def ann(server):
    return worldkit.Device(server, server.create_user("Ann", username="ann_1"))


@pytest.fixture
def bob(server):
    return worldkit.Device(server, server.create_user("Bob"))


# -- two -------------------------------------------------------------------------------------------------------------


def ring(ann, bob, secret=b"a" * 256):
    other = ann.user.input_user(bob.user)
    hashed = hashlib.sha256(secret).digest()
    made = ann(functions.phone.RequestCallRequest(other, hashed, PROTOCOL, random_id=1)).phone_call
    coming = told(bob, types.UpdatePhoneCall)[0].phone_call
    return made, coming


def test_a_call_from_its_first_ring_to_its_end(server, ann, bob):
    tablet = worldkit.Device(server, ann.user)
    made, coming = ring(ann, bob)
    assert isinstance(made, types.PhoneCallWaiting)
    assert isinstance(coming, types.PhoneCallRequested)
    mine, theirs = types.InputPhoneCall(made.id, made.access_hash), types.InputPhoneCall(made.id, coming.access_hash)
    assert bob(functions.phone.ReceivedCallRequest(theirs)) is True
    assert told(ann, types.UpdatePhoneCall)[0].phone_call.receive_date is not None
    accepted = bob(functions.phone.AcceptCallRequest(theirs, b"b" * 256, PROTOCOL)).phone_call
    assert isinstance(accepted, types.PhoneCallWaiting)
    assert told(ann, types.UpdatePhoneCall)[0].phone_call.g_b == b"b" * 256
    assert fault(ann, functions.phone.ConfirmCallRequest(mine, b"x" * 256, 7, PROTOCOL)) == "DH_G_A_INVALID"
    talking = ann(functions.phone.ConfirmCallRequest(mine, b"a" * 256, 7, PROTOCOL)).phone_call
    assert (talking.g_a_or_b, talking.key_fingerprint) == (b"b" * 256, 7)
    assert told(bob, types.UpdatePhoneCall)[0].phone_call.g_a_or_b == b"a" * 256
    ann(functions.phone.SendSignalingDataRequest(mine, b"sdp"))
    assert told(bob, types.UpdatePhoneCallSignalingData)[0].data == b"sdp"
    tablet.updates()
    ended = ann(functions.phone.DiscardCallRequest(mine, 12, types.PhoneCallDiscardReasonHangup(), 0))
    assert {type(one) for one in ended.updates} == {types.UpdatePhoneCall, types.UpdateNewMessage}
    for device in (bob, tablet):
        kinds = {type(one) for one in device.updates()}
        assert kinds == {types.UpdatePhoneCall, types.UpdateNewMessage}
    action = bob.user.chat(ann.user).messages()[-1].raw.action
    assert (action.call_id, action.duration) == (made.id, 12)
    assert fault(bob, functions.phone.AcceptCallRequest(theirs, b"b", PROTOCOL)) == "CALL_ALREADY_DECLINED"
    assert isinstance(bob(functions.phone.SetCallRatingRequest(theirs, 5, "")), types.Updates)
    assert bob(functions.phone.SaveCallDebugRequest(theirs, types.DataJSON("{}"))) is True
    assert fault(bob, functions.phone.SaveCallDebugRequest(theirs, types.DataJSON("{"))) == "DATA_JSON_INVALID"
    bob(functions.upload.SaveFilePartRequest(1, 0, b"log"))
    assert bob(functions.phone.SaveCallLogRequest(theirs, types.InputFile(1, 1, "log.txt", ""))) is True
    gone = ann(functions.messages.DeletePhoneCallHistoryRequest(revoke=True))
    assert len(gone.messages) == 1
    assert bob.user.chat(ann.user).messages() == []


def test_calls_that_cannot_be(server, ann, bob):
    other = ann.user.input_user(bob.user)
    nothing = types.PhoneCallProtocol(65, 92, ["4.0.0"])

    def ask(protocol=PROTOCOL):
        return functions.phone.RequestCallRequest(other, b"h" * 32, protocol, random_id=2)

    assert fault(ann, ask(nothing)) == "CALL_PROTOCOL_FLAGS_INVALID"
    robot = server.create_bot()
    to_bot = functions.phone.RequestCallRequest(ann.user.input_user(robot), b"h" * 32, PROTOCOL, random_id=3)
    assert fault(ann, to_bot) == "USER_ID_INVALID"
    nobody = [types.InputPrivacyValueDisallowAll()]
    bob(functions.account.SetPrivacyRequest(types.InputPrivacyKeyPhoneCall(), nobody))
    assert fault(ann, ask()) == "USER_PRIVACY_RESTRICTED"
    contacts = [types.InputPrivacyValueAllowContacts(), types.InputPrivacyValueDisallowAll()]
    bob(functions.account.SetPrivacyRequest(types.InputPrivacyKeyPhoneCall(), contacts))
    bob(functions.contacts.AddContactRequest(bob.user.input_user(ann.user), "Ann", "", ""))
    made = ann(ask()).phone_call
    wrong = types.InputPhoneCall(made.id, 1)
    assert fault(ann, functions.phone.ReceivedCallRequest(wrong)) == "CALL_PEER_INVALID"
    bob(functions.contacts.BlockRequest(bob.peer(ann.user)))
    assert fault(ann, ask()) == "USER_IS_BLOCKED"
    assert "audio" in ann(functions.phone.GetCallConfigRequest()).data


# -- groups ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def group(server, ann, bob):
    return server.create_channel("Friends", ann.user, [bob.user], megagroup=True)


def begin(ann, group, **more):
    ann(functions.phone.CreateGroupCallRequest(ann.peer(group), random_id=1, **more))
    return group.call.input()


def come(device, call, source, **more):
    params = types.DataJSON(f'{{"ssrc": {source}}}')
    return device(functions.phone.JoinGroupCallRequest(call, types.InputPeerSelf(), params, **more))


def test_a_group_call_from_beginning_to_end(server, ann, bob, group):
    call = begin(ann, group, title="Tea")
    assert {type(one) for one in bob.updates()} >= {types.UpdateGroupCall, types.UpdateNewChannelMessage}
    full = bob(functions.channels.GetFullChannelRequest(place(bob, group)))
    assert (full.full_chat.call.id, full.chats[0].call_active) == (call.id, True)
    answer = come(ann, call, 11)
    assert any(isinstance(one, types.UpdateGroupCallConnection) for one in answer.updates)
    joined = told(bob, types.UpdateGroupCallParticipants)[0].participants[0]
    assert (joined.source, joined.just_joined, joined.muted) == (11, True, False)
    come(bob, call, 4294967290, muted=True)
    seen = ann(functions.phone.GetGroupCallRequest(call, 1))
    assert (seen.call.participants_count, seen.call.title, len(seen.participants)) == (2, "Tea", 1)
    assert seen.participants_next_offset == "1"
    people = ann(functions.phone.GetGroupParticipantsRequest(call, [], [], "1", 10))
    assert (people.count, [one.source for one in people.participants]) == (2, [-6])
    assert bob(functions.phone.CheckGroupCallRequest(call, [-6, 99])) == [-6]
    bob(functions.phone.LeaveGroupCallRequest(call, 0))
    assert told(ann, types.UpdateGroupCallParticipants)[-1].participants[0].left
    assert fault(bob, functions.phone.CheckGroupCallRequest(call, [])) == "GROUPCALL_JOIN_MISSING"
    ended = ann(functions.phone.DiscardGroupCallRequest(call))
    assert any(isinstance(one, types.UpdateGroupCall) for one in ended.updates)
    assert fault(ann, functions.phone.DiscardGroupCallRequest(call)) == "GROUPCALL_ALREADY_DISCARDED"
    assert fault(bob, functions.phone.EditGroupCallTitleRequest(call, "x")) == "GROUPCALL_FORBIDDEN"
    assert group.call is None


def test_who_leads_a_call_decides_who_is_heard(server, ann, bob, group):
    call = begin(ann, group)
    come(ann, call, 11)
    come(bob, call, 12)
    peer = ann.peer(bob.user)
    ann(functions.phone.EditGroupCallParticipantRequest(call, peer, muted=True))
    shown = told(bob, types.UpdateGroupCallParticipants)[-1].participants[0]
    assert (shown.muted, shown.can_self_unmute) == (True, False)
    own = types.InputPeerSelf()
    unmute = functions.phone.EditGroupCallParticipantRequest(call, own, muted=False)
    assert fault(bob, unmute) == "GROUPCALL_FORBIDDEN"
    bob(functions.phone.EditGroupCallParticipantRequest(call, own, raise_hand=True))
    assert told(ann, types.UpdateGroupCallParticipants)[-1].participants[0].raise_hand_rating
    ann(functions.phone.EditGroupCallParticipantRequest(call, peer, muted=False))
    bob(unmute)
    assert not group.call.participants[bob.user.id].muted
    ann(functions.phone.EditGroupCallParticipantRequest(call, peer, volume=5000))
    shown = told(bob, types.UpdateGroupCallParticipants)[-1].participants[0]
    assert (shown.volume, shown.volume_by_admin) == (5000, True)
    loud = functions.phone.EditGroupCallParticipantRequest(call, peer, volume=0)
    assert fault(ann, loud) == "USER_VOLUME_INVALID"
    assert fault(bob, functions.phone.EditGroupCallParticipantRequest(call, bob.peer(ann.user), muted=True)) == (
        "GROUPCALL_FORBIDDEN"
    )


def test_settings_of_a_group_call(server, ann, bob, group):
    assert fault(bob, functions.phone.CreateGroupCallRequest(bob.peer(group), random_id=1)) == "CHAT_ADMIN_REQUIRED"
    call = begin(ann, group)
    assert fault(ann, functions.phone.CreateGroupCallRequest(ann.peer(group), random_id=2)) == "CREATE_CALL_FAILED"
    ann(functions.phone.EditGroupCallTitleRequest(call, "Coffee"))
    assert told(bob, types.UpdateGroupCall)[-1].call.title == "Coffee"
    ann(functions.phone.ToggleGroupCallSettingsRequest(call, join_muted=True))
    same = functions.phone.ToggleGroupCallSettingsRequest(call, join_muted=True)
    assert fault(ann, same) == "GROUPCALL_NOT_MODIFIED"
    come(bob, call, 5)
    assert group.call.participants[bob.user.id].muted
    bad = functions.phone.JoinGroupCallRequest(call, types.InputPeerSelf(), types.DataJSON("{}"))
    assert fault(ann, bad) == "DATA_JSON_INVALID"
    twice = functions.phone.JoinGroupCallRequest(call, types.InputPeerSelf(), types.DataJSON('{"ssrc": 5}'))
    assert fault(ann, twice) == "GROUPCALL_SSRC_DUPLICATE_MUCH"
    ann(functions.phone.ToggleGroupCallRecordRequest(call, start=True, title="x"))
    assert told(bob, types.UpdateGroupCall)[-1].call.record_start_date
    again = functions.phone.ToggleGroupCallRecordRequest(call, start=True)
    assert fault(ann, again) == "GROUPCALL_NOT_MODIFIED"
    assert fault(ann, functions.phone.ExportGroupCallInviteRequest(call)) == "PUBLIC_CHANNEL_MISSING"
    group.username = "friends_1"
    assert ann(functions.phone.ExportGroupCallInviteRequest(call, can_self_unmute=True)).link.startswith(
        "https://t.me/friends_1?voicechat="
    )
    ann(functions.phone.InviteToGroupCallRequest(call, [ann.user.input_user(bob.user)]))
    invite = functions.phone.InviteToGroupCallRequest(call, [ann.user.input_user(bob.user)])
    assert fault(ann, invite) == "USER_ALREADY_INVITED"
    stream = functions.phone.GetGroupCallStreamRtmpUrlRequest
    first = ann(stream(ann.peer(group), False)).key
    assert ann(stream(ann.peer(group), False)).key == first != ann(stream(ann.peer(group), True)).key
    assert bob(functions.phone.GetGroupCallStreamChannelsRequest(call)).channels == []
    bob(functions.phone.JoinGroupCallPresentationRequest(call, types.DataJSON('{"ssrc": 9}')))
    bob(functions.phone.LeaveGroupCallPresentationRequest(call))
    missing = functions.phone.JoinGroupCallPresentationRequest(call, types.DataJSON('{"ssrc": 9}'))
    assert fault(ann, missing) == "PARTICIPANT_JOIN_MISSING"


def test_as_whom_one_takes_part(server, ann, bob, group):
    channel = server.create_channel("News", ann.user, username="news_1")
    call = begin(ann, group)
    offered = ann(functions.phone.GetGroupCallJoinAsRequest(ann.peer(group)))
    assert types.PeerChannel(channel.id) in offered.peers
    ann(functions.phone.SaveDefaultGroupCallJoinAsRequest(ann.peer(group), ann.peer(channel)))
    full = ann(functions.channels.GetFullChannelRequest(place(ann, group))).full_chat
    assert full.groupcall_default_join_as == types.PeerChannel(channel.id)
    params = types.DataJSON('{"ssrc": 3}')
    ann(functions.phone.JoinGroupCallRequest(call, ann.peer(channel), params))
    assert list(group.call.participants) == [channel.peer]
    wrong = functions.phone.JoinGroupCallRequest(call, bob.peer(channel), params)
    assert fault(bob, wrong) == "JOIN_AS_PEER_INVALID"
    ann(functions.phone.SaveDefaultSendAsRequest(call, ann.peer(channel)))
    assert fault(bob, functions.phone.SaveDefaultSendAsRequest(call, bob.peer(ann.user))) == "SEND_AS_PEER_INVALID"


def test_a_call_that_begins_later(server, ann, bob, group):
    now = server.world.now()
    late = functions.phone.CreateGroupCallRequest(ann.peer(group), random_id=1, schedule_date=now - 5)
    assert fault(ann, late) == "SCHEDULE_DATE_INVALID"
    call = begin(ann, group, schedule_date=now + 600)
    bob(functions.phone.ToggleGroupCallStartSubscriptionRequest(call, True))
    assert bob(functions.phone.GetGroupCallRequest(call, 0)).call.schedule_start_subscribed
    early = functions.phone.JoinGroupCallRequest(call, types.InputPeerSelf(), types.DataJSON('{"ssrc": 1}'))
    assert fault(bob, early) == "GROUPCALL_FORBIDDEN"
    ann(functions.phone.StartScheduledGroupCallRequest(call))
    assert fault(ann, functions.phone.StartScheduledGroupCallRequest(call)) == "GROUPCALL_ALREADY_STARTED"
    come(bob, call, 1)


def test_what_is_written_in_a_call(server, ann, bob, group):
    call = begin(ann, group)
    text = types.TextWithEntities("hello", [])
    send = functions.phone.SendGroupCallMessageRequest
    assert fault(bob, send(call, text, random_id=1)) == "GROUPCALL_JOIN_MISSING"
    come(ann, call, 1)
    come(bob, call, 2)
    sent = bob(send(call, text, random_id=2))
    number = next(one.id for one in sent.updates if isinstance(one, types.UpdateMessageID))
    assert told(ann, types.UpdateGroupCallMessage)[0].message.message.text == "hello"
    bob(functions.phone.SendGroupCallEncryptedMessageRequest(call, b"secret"))
    assert told(ann, types.UpdateGroupCallEncryptedMessage)[0].encrypted_message == b"secret"
    own = ann(send(call, text, random_id=3)).updates
    other = next(one.id for one in own if isinstance(one, types.UpdateMessageID))
    assert fault(bob, functions.phone.DeleteGroupCallMessagesRequest(call, [other])) == "GROUPCALL_FORBIDDEN"
    ann(functions.phone.DeleteGroupCallMessagesRequest(call, [other]))
    bob.updates()
    ann(functions.phone.DeleteGroupCallParticipantMessagesRequest(call, ann.peer(bob.user)))
    assert told(bob, types.UpdateDeleteGroupCallMessages)[0].messages == [number]
    ann(functions.phone.ToggleGroupCallSettingsRequest(call, messages_enabled=False))
    assert fault(bob, send(call, text, random_id=4)) == "GROUPCALL_FORBIDDEN"
    assert ann(functions.phone.GetGroupCallStarsRequest(call)).total_stars == 0


# -- secret chats ----------------------------------------------------------------------------------------------------


def agree(ann, bob):
    ask = functions.messages.RequestEncryptionRequest(ann.user.input_user(bob.user), HALF, random_id=77)
    waiting = ann(ask)
    coming = told(bob, types.UpdateEncryption)[0].chat
    theirs = types.InputEncryptedChat(77, coming.access_hash)
    made = bob(functions.messages.AcceptEncryptionRequest(theirs, HALF, 5))
    assert isinstance(made, types.EncryptedChat)
    return types.InputEncryptedChat(77, waiting.access_hash), theirs


def test_a_secret_chat(server, ann, bob):
    config = ann(functions.messages.GetDhConfigRequest(0, 16))
    assert (config.g, len(config.p), len(config.random)) == (3, 256, 16)
    again = ann(functions.messages.GetDhConfigRequest(config.version, 4))
    assert isinstance(again, types.messages.DhConfigNotModified)
    assert fault(ann, functions.messages.GetDhConfigRequest(0, -1)) == "RANDOM_LENGTH_INVALID"
    mine, theirs = agree(ann, bob)
    ready = told(ann, types.UpdateEncryption)[0].chat
    assert (ready.g_a_or_b, ready.key_fingerprint) == (HALF, 5)
    before = bob(functions.updates.GetStateRequest())
    data = b"k" * 24 + b"x" * 32
    ann(functions.messages.SendEncryptedRequest(mine, data, random_id=1))
    ann(functions.messages.SendEncryptedServiceRequest(mine, data, random_id=2))
    got = told(bob, types.UpdateNewEncryptedMessage)
    assert [one.qts for one in got] == [before.qts + 1, before.qts + 2]
    told_of = [(one.message.chat_id, one.message.random_id, one.message.date.timestamp()) for one in got]
    assert told_of == [(77, 1, server.world.now()), (77, 2, server.world.now())]
    assert [type(one.message) for one in got] == [types.EncryptedMessage, types.EncryptedMessageService]
    difference = bob(functions.updates.GetDifferenceRequest(before.pts, before.date, before.qts))
    assert [one.bytes for one in difference.new_encrypted_messages] == [data, data]
    assert bob(functions.messages.ReceivedQueueRequest(before.qts + 2)) == []
    later = bob(functions.updates.GetDifferenceRequest(before.pts, before.date, before.qts))
    assert getattr(later, "new_encrypted_messages", []) == []
    assert fault(bob, functions.messages.ReceivedQueueRequest(10_000)) == "MAX_QTS_INVALID"
    ann(functions.messages.SetEncryptedTypingRequest(mine, True))
    ann(functions.messages.ReadEncryptedHistoryRequest(mine, 5))
    assert {type(one) for one in bob.updates()} == {types.UpdateEncryptedChatTyping, types.UpdateEncryptedMessagesRead}
    assert fault(ann, functions.messages.SendEncryptedRequest(mine, b"short", random_id=3)) == "DATA_INVALID"
    assert bob(functions.messages.ReportEncryptedSpamRequest(theirs)) is True
    bob(functions.messages.DiscardEncryptionRequest(77, delete_history=True))
    assert told(ann, types.UpdateEncryption)[0].chat.history_deleted
    assert fault(ann, functions.messages.SendEncryptedRequest(mine, data, random_id=4)) == "ENCRYPTION_DECLINED"
    assert fault(bob, functions.messages.DiscardEncryptionRequest(77)) == "ENCRYPTION_ALREADY_DECLINED"


def test_files_of_a_secret_chat(server, ann, bob):
    mine, _ = agree(ann, bob)
    body = b"0123456789abcdef"
    ann(functions.upload.SaveFilePartRequest(9, 0, body))
    given = types.InputEncryptedFileUploaded(9, 1, hashlib.md5(body).hexdigest(), 42)
    data = b"k" * 24 + b"x" * 16
    sent = ann(functions.messages.SendEncryptedFileRequest(mine, data, given, random_id=1))
    file = told(bob, types.UpdateNewEncryptedMessage)[0].message.file
    assert (file.size, file.key_fingerprint, file.id) == (16, 42, sent.file.id)
    where = types.InputEncryptedFileLocation(file.id, file.access_hash)
    assert bob(functions.upload.GetFileRequest(where, 0, 4096)).bytes == body
    known = types.InputEncryptedFile(file.id, file.access_hash)
    ann(functions.messages.SendEncryptedFileRequest(mine, data, known, random_id=2))
    assert told(bob, types.UpdateNewEncryptedMessage)[0].message.file.key_fingerprint == 42
    kept = ann(functions.messages.UploadEncryptedFileRequest(mine, given))
    assert kept.size == 16
    nothing = functions.messages.SendEncryptedFileRequest(mine, data, types.InputEncryptedFileEmpty(), random_id=3)
    assert fault(ann, nothing) == "FILE_EMTPY"


def test_secret_chats_that_cannot_be(server, ann, bob):
    other = ann.user.input_user(bob.user)
    weak = functions.messages.RequestEncryptionRequest(other, b"\x01", random_id=1)
    assert fault(ann, weak) == "DH_G_A_INVALID"
    ann(functions.messages.RequestEncryptionRequest(other, HALF, random_id=2))
    chat = told(bob, types.UpdateEncryption)[0].chat
    wrong = types.InputEncryptedChat(2, chat.access_hash + 1)
    assert fault(bob, functions.messages.AcceptEncryptionRequest(wrong, HALF, 1)) == "CHAT_ID_INVALID"
    assert fault(bob, functions.messages.DiscardEncryptionRequest(0)) == "CHAT_ID_EMPTY"
    right = types.InputEncryptedChat(2, chat.access_hash)
    bob(functions.messages.AcceptEncryptionRequest(right, HALF, 1))
    assert fault(bob, functions.messages.AcceptEncryptionRequest(right, HALF, 1)) == "ENCRYPTION_ALREADY_ACCEPTED"
    robot = ann.user.input_user(server.create_bot())
    to_bot = functions.messages.RequestEncryptionRequest(robot, HALF, random_id=3)
    assert fault(ann, to_bot) == "USER_ID_INVALID"
