"""What somebody became in a chat."""

from __future__ import annotations

import event_cases
import pytest

from telethon import events
from telethon.tl import types

DATE, USER = event_cases.DATE, types.PeerUser(50)
MEMBER = types.ChannelParticipant(50, DATE)
ADMIN = types.ChannelParticipantAdmin(50, 60, DATE, types.ChatAdminRights())
CREATOR = types.ChannelParticipantCreator(50, types.ChatAdminRights())
LEFT = types.ChannelParticipantLeft(USER)
BANNED = types.ChannelParticipantBanned(USER, 60, DATE, types.ChatBannedRights(None, view_messages=True), left=True)
MUTED = types.ChannelParticipantBanned(USER, 60, DATE, types.ChatBannedRights(None, send_messages=True))
SILENT = types.ChannelParticipantBanned(USER, 60, DATE, types.ChatBannedRights(None, send_media=True))
MUTED_OUTSIDE = types.ChannelParticipantBanned(USER, 60, DATE, MUTED.banned_rights, left=True)
NAMES = ["joined", "added", "left", "kicked", "banned", "unbanned", "restricted", "promoted", "demoted"]


def change(before, after, actor=60):
    return types.UpdateChannelParticipant(7, DATE, actor, 50, 1, prev_participant=before, new_participant=after)


@pytest.mark.parametrize(
    ("before", "after", "actor", "happened"),
    [
        (None, MEMBER, 50, ["joined"]),
        (LEFT, MEMBER, 60, ["added"]),
        (MEMBER, None, 50, ["left"]),
        (MEMBER, LEFT, 60, ["kicked"]),
        (MEMBER, BANNED, 60, ["kicked", "banned"]),
        (None, BANNED, 60, ["banned"]),
        (BANNED, None, 60, ["unbanned"]),
        (BANNED, MEMBER, 60, ["added", "unbanned"]),
        (MEMBER, MUTED, 60, ["restricted"]),
        (MUTED, SILENT, 60, ["restricted"]),
        (MUTED, MUTED, 60, []),
        (MUTED, MEMBER, 60, []),
        (MUTED, MUTED_OUTSIDE, 50, ["left"]),
        (MEMBER, ADMIN, 60, ["promoted"]),
        (ADMIN, MEMBER, 60, ["demoted"]),
        (ADMIN, CREATOR, 60, []),
        (ADMIN, None, 50, ["left", "demoted"]),
    ],
)
def test_what_happened(build, before, after, actor, happened):
    event = build(events.ChatMember, change(before, after, actor))
    assert [name for name in NAMES if getattr(event, name)] == happened


def test_basic_groups(build):
    member, admin = types.ChatParticipant(50, 60, DATE), types.ChatParticipantAdmin(50, 60, DATE)
    invite = types.ChatInviteExported("https://t.me/+x", 60, DATE)
    update = types.UpdateChatParticipant(
        22, DATE, 60, 50, 1, prev_participant=member, new_participant=admin, invite=invite
    )
    event = build(events.ChatMember, update)
    assert (event.chat_id, event.old_status, event.new_status, event.promoted) == (-22, "member", "admin", True)
    assert (event.invite, event.date) == (invite, DATE)
    owner = types.UpdateChatParticipant(22, DATE, 60, 50, 1, new_participant=types.ChatParticipantCreator(50))
    assert build(events.ChatMember, owner).new_status == "creator"


async def test_who(build, client):
    event = build(events.ChatMember, change(None, MEMBER))
    assert (event.user_id, event.sender_id, event.is_self) == (50, 60, False)
    assert ((await event.get_user()).first_name, (await event.get_sender()).first_name) == ("Bob", "Eve")
    assert await event.get_input_user() == types.InputPeerUser(50, 500)
    assert client.calls == []
    own = types.UpdateChannelParticipant(7, DATE, 60, event_cases.SELF_ID, 1, new_participant=MEMBER)
    assert build(events.ChatMember, own).is_self


async def test_somebody_who_is_not_told_is_asked_for(build, client):
    client.gives["get_input_entity"] = types.InputPeerUser(50, 500)
    client.gives["get_entity"] = "Bob himself"
    event = build(events.ChatMember, change(None, MEMBER), {})
    assert event.user is event.input_user is None
    assert await event.get_user() == "Bob himself"
    client.gives["get_input_entity"] = ValueError("unknown")
    nobody = build(events.ChatMember, change(None, MEMBER), {})
    assert await nobody.get_user() is None
    assert await nobody.get_input_user() is None


def test_other_updates():
    assert events.ChatMember.build(types.UpdateChannel(7)) is None
