"""The log of a group or channel. What is expected was seen on Telethon 1.45, but where a test says otherwise."""

from __future__ import annotations

from typing import Any

import pytest
from fakeclient import ALICE, ENTITIES, INPUT_USER, NOW, USER, message

from telethon.tl import types
from telethon.tl.custom.adminlogevent import AdminLogEvent

A, B = message(id=1), message(id=2)
CALL = types.InputGroupCall(1, 2)
INVITE = types.ChatInviteExported("l", ALICE, NOW)
MEMBER = types.ChannelParticipant(ALICE, NOW)
ADMIN = types.ChannelParticipantAdmin(ALICE, 6, NOW, types.ChatAdminRights())
SPEAKER = types.GroupCallParticipant(types.PeerUser(ALICE), NOW, 3)
RIGHTS = types.ChatBannedRights(NOW)
PLACE = types.ChannelLocationEmpty()
PHOTO = types.PhotoEmpty(1)
SET = types.InputStickerSetEmpty()

#: Property that is true, action without the beginning of its name, its fields, old, new.
EVENTS: list[tuple[str, str, tuple[Any, ...], Any, Any]] = [
    ("changed_about", "ChangeAbout", ("a", "b"), "a", "b"),
    ("changed_title", "ChangeTitle", ("a", "b"), "a", "b"),
    ("changed_username", "ChangeUsername", ("a", "b"), "a", "b"),
    ("changed_photo", "ChangePhoto", (PHOTO, PHOTO), PHOTO, PHOTO),
    ("changed_sticker_set", "ChangeStickerSet", (SET, SET), SET, SET),
    ("changed_message", "EditMessage", (A, B), A, B),
    ("deleted_message", "DeleteMessage", (A,), A, None),
    ("changed_admin", "ParticipantToggleAdmin", (MEMBER, ADMIN), MEMBER, ADMIN),
    ("changed_restrictions", "ParticipantToggleBan", (MEMBER, ADMIN), MEMBER, ADMIN),
    ("changed_invites", "ToggleInvites", (True,), False, True),
    ("changed_invites", "ToggleInvites", (False,), True, False),
    ("changed_location", "ChangeLocation", (PLACE, PLACE), PLACE, PLACE),
    ("joined", "ParticipantJoin", (), None, None),
    ("joined_invite", "ParticipantInvite", (MEMBER,), None, MEMBER),
    ("joined_by_invite", "ParticipantJoinByInvite", (INVITE,), INVITE, None),
    ("left", "ParticipantLeave", (), None, None),
    ("changed_hide_history", "TogglePreHistoryHidden", (True,), False, True),
    ("changed_signatures", "ToggleSignatures", (False,), True, False),
    ("changed_default_banned_rights", "DefaultBannedRights", (RIGHTS, RIGHTS), RIGHTS, RIGHTS),
    ("stopped_poll", "StopPoll", (A,), None, A),
    ("started_group_call", "StartGroupCall", (CALL,), None, CALL),
    ("discarded_group_call", "DiscardGroupCall", (CALL,), CALL, None),
    ("user_muted", "ParticipantMute", (SPEAKER,), None, SPEAKER),
    ("user_unmutted", "ParticipantUnmute", (SPEAKER,), None, SPEAKER),
    ("changed_call_settings", "ToggleGroupCallSetting", (True,), None, True),
    ("changed_history_ttl", "ChangeHistoryTTL", (1, 2), 1, 2),
    ("deleted_exported_invite", "ExportedInviteDelete", (INVITE,), INVITE, None),
    ("edited_exported_invite", "ExportedInviteEdit", (INVITE, INVITE), INVITE, INVITE),
    ("revoked_exported_invite", "ExportedInviteRevoke", (INVITE,), INVITE, None),
    ("changed_user_volume", "ParticipantVolume", (SPEAKER,), None, SPEAKER),
]
NAMES = sorted({name for name, *_ in EVENTS} | {"changed_pin"})


def event(action: str, *fields: Any, user_id: int = ALICE) -> AdminLogEvent:
    made = getattr(types, f"ChannelAdminLogEventAction{action}")(*fields)
    original = types.ChannelAdminLogEvent(id=3, date=NOW, user_id=user_id, action=made)
    return AdminLogEvent(original, ENTITIES)


@pytest.mark.parametrize(("name", "action", "fields", "old", "new"), EVENTS)
def test_what_happened(name: str, action: str, fields: Any, old: Any, new: Any) -> None:
    found = event(action, *fields)
    assert [other for other in NAMES if getattr(found, other)] == [name]
    assert (found.old, found.new) == (old, new)


@pytest.mark.parametrize(
    ("action", "fields", "old", "new"),
    [
        ("UpdatePinned", (A,), None, A),
        ("SendMessage", (A,), None, A),
        ("ToggleForum", (True,), False, True),
        ("ToggleSlowMode", (0, 10), 0, 10),
        ("ParticipantEditRank", (ALICE, "a", "b"), "a", "b"),
        ("ParticipantJoinByRequest", (INVITE, 7), INVITE, None),
    ],
)
def test_before_and_after_of_the_other_events(action: str, fields: Any, old: Any, new: Any) -> None:
    """On Telethon both are None."""
    found = event(action, *fields)
    assert [name for name in NAMES if getattr(found, name)] == (["changed_pin"] if action == "UpdatePinned" else [])
    assert (found.old, found.new) == (old, new)


def test_who_and_when() -> None:
    found = event("ParticipantLeave")
    assert (found.id, found.date, found.user_id, found.user, found.input_user) == (3, NOW, ALICE, USER, INPUT_USER)
    assert found.action == types.ChannelAdminLogEventActionParticipantLeave()
    assert found.entities is ENTITIES
    assert (str(found), found.stringify()) == (str(found.original), found.original.stringify())


def test_user_that_did_not_come_with_the_event() -> None:
    """On Telethon `KeyError` is raised."""
    found = event("ParticipantLeave", user_id=99)
    assert (found.user_id, found.user, found.input_user) == (99, None, None)


def test_user_known_in_part() -> None:
    part = types.User(id=ALICE, access_hash=6, min=True)
    original = event("ParticipantLeave").original
    found = AdminLogEvent(original, {ALICE: part})
    assert (found.user, found.input_user) == (part, None)
