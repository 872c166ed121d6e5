"""What members are and may do. What is expected was seen on Telethon 1.45, but where a test says otherwise."""

from __future__ import annotations

from typing import Any

import pytest
from fakeclient import ALICE, NOW

from telethon.tl import types
from telethon.tl.custom.participantpermissions import ParticipantPermissions

KINDS = ("is_admin", "is_creator", "has_default_permissions", "is_banned", "has_left")
RIGHTS = [
    "add_admins",
    "anonymous",
    "ban_users",
    "change_info",
    "delete_messages",
    "edit_messages",
    "invite_users",
    "manage_call",
    "pin_messages",
    "post_messages",
]
PEER = types.PeerUser(ALICE)
BANNED = types.ChatBannedRights(until_date=NOW, view_messages=True)


def true(found: ParticipantPermissions, names: Any) -> set[str]:
    return {name for name in names if getattr(found, name)}


@pytest.mark.parametrize(
    ("participant", "kinds"),
    [
        (types.ChannelParticipant(ALICE, NOW), {"has_default_permissions"}),
        (types.ChannelParticipantSelf(ALICE, 6, NOW), {"has_default_permissions"}),
        (types.ChannelParticipantBanned(PEER, 6, NOW, BANNED), {"is_banned"}),
        (types.ChannelParticipantLeft(PEER), {"has_left"}),
        (types.ChatParticipant(ALICE, 6, NOW), {"has_default_permissions"}),
    ],
)
@pytest.mark.parametrize("is_chat", [False, True])
def test_members_without_rights(participant: Any, kinds: set[str], is_chat: bool) -> None:
    found = ParticipantPermissions(participant, is_chat)
    assert true(found, KINDS) == kinds
    assert [getattr(found, name) for name in RIGHTS] == [False] * len(RIGHTS)
    assert (found.participant, found.is_chat) == (participant, is_chat)


def test_rights_in_channels_are_granted_one_by_one() -> None:
    rights = types.ChatAdminRights(ban_users=True, add_admins=True, manage_call=False)
    found = ParticipantPermissions(types.ChannelParticipantAdmin(ALICE, 6, NOW, rights), False)
    assert true(found, KINDS) == {"is_admin"}
    assert true(found, RIGHTS) == {"ban_users", "add_admins"}
    assert (found.manage_call, found.pin_messages) == (False, None)


def test_creators_of_channels() -> None:
    rights = types.ChatAdminRights(anonymous=True, change_info=True)
    found = ParticipantPermissions(types.ChannelParticipantCreator(ALICE, rights), False)
    assert true(found, KINDS) == {"is_admin", "is_creator"}
    assert true(found, RIGHTS) == {"anonymous", "change_info"}


def test_administrators_of_groups_may_do_all_but_make_others() -> None:
    found = ParticipantPermissions(types.ChatParticipantAdmin(ALICE, 6, NOW), True)
    assert true(found, KINDS) == {"is_admin"}
    assert true(found, RIGHTS) == set(RIGHTS) - {"add_admins"}
    found = ParticipantPermissions(types.ChatParticipantCreator(ALICE), True)
    assert true(found, KINDS) == {"is_admin", "is_creator"}
    assert true(found, RIGHTS) == set(RIGHTS)


def test_administrators_without_a_list_of_rights() -> None:
    """On Telethon `AttributeError` is raised when the kind of chat does not fit."""
    assert ParticipantPermissions(types.ChatParticipantAdmin(ALICE, 6, NOW), False).ban_users is True
