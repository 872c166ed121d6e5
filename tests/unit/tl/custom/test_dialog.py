"""Lines of the list of chats. What is expected was seen on Telethon 1.45, but where a test says otherwise."""

from __future__ import annotations

from typing import Any

import pytest
from fakeclient import (
    ALICE,
    BROADCAST,
    CHANNEL,
    CHANNEL_ID,
    CHAT,
    ENTITIES,
    GROUP,
    INPUT_CHANNEL,
    INPUT_USER,
    NOW,
    SUPERGROUP,
    USER,
    FakeClient,
    message,
)

from telethon.tl import types
from telethon.tl.custom.dialog import Dialog

KINDS = ("is_user", "is_group", "is_channel", "is_community")
SETTINGS = types.PeerNotifySettings()


def original(peer: Any = None, **fields: Any) -> types.Dialog:
    return types.Dialog(
        peer=peer or types.PeerUser(ALICE),
        top_message=3,
        read_inbox_max_id=1,
        read_outbox_max_id=2,
        unread_count=4,
        unread_mentions_count=5,
        unread_reactions_count=6,
        unread_poll_votes_count=8,
        notify_settings=SETTINGS,
        **fields,
    )


def dialog(client: Any = None, **fields: Any) -> Dialog:
    return Dialog(client or FakeClient(), original(**fields), ENTITIES, message(id=3))


@pytest.mark.parametrize(
    ("peer", "entity", "marked_id", "name", "input_peer", "kinds"),
    [
        (types.PeerUser(ALICE), USER, ALICE, "a", INPUT_USER, ["is_user"]),
        (types.PeerChat(GROUP), CHAT, -GROUP, "g", types.InputPeerChat(GROUP), ["is_group"]),
        (types.PeerChannel(CHANNEL), BROADCAST, CHANNEL_ID, "t", INPUT_CHANNEL, ["is_channel"]),
        (types.PeerChannel(CHANNEL), SUPERGROUP, CHANNEL_ID, "t", INPUT_CHANNEL, ["is_group", "is_channel"]),
    ],
)
def test_kinds(peer: Any, entity: Any, marked_id: int, name: str, input_peer: Any, kinds: list[str]) -> None:
    found = Dialog(FakeClient(), original(peer), {marked_id: entity}, None)
    assert (found.entity, found.id, found.name, found.title) == (entity, marked_id, name, name)
    assert found.input_entity == input_peer
    assert [kind for kind in KINDS if getattr(found, kind)] == kinds
    assert (found.message, found.date) == (None, None)


def test_fields() -> None:
    found = dialog()
    assert found.dialog == original()
    assert (found.message, found.date) == (message(id=3), NOW)
    assert (found.unread_count, found.unread_mentions_count) == (4, 5)
    assert (found.unread_reactions_count, found.unread_poll_votes_count) == (6, 8)
    assert (found.pinned, found.folder_id, found.archived) == (False, None, False)
    assert found.draft.is_empty
    found = dialog(pinned=True, folder_id=1, draft=types.DraftMessage("hm", date=NOW))
    assert (found.pinned, found.folder_id, found.archived) == (True, 1, True)
    assert (found.draft.text, found.draft.entity) == ("hm", USER)


def test_line_for_a_folder() -> None:
    """On Telethon `AttributeError` is raised, as for communities."""
    folder = types.DialogFolder(
        folder=types.Folder(id=1, title="Archive"),
        peer=types.PeerUser(ALICE),
        top_message=3,
        unread_muted_peers_count=0,
        unread_unmuted_peers_count=0,
        unread_muted_messages_count=0,
        unread_unmuted_messages_count=0,
    )
    found = Dialog(FakeClient(), folder, ENTITIES, None)
    assert (found.name, found.unread_count, found.archived, found.draft.is_empty) == ("a", 0, False, True)


def test_line_for_a_community() -> None:
    community = types.CommunityForbidden(id=12, access_hash=3, title="c")
    line = types.DialogCommunity(community_id=12, notify_settings=SETTINGS, pinned=True)
    found = Dialog(FakeClient(), line, {-1000000000012: community}, None)
    assert (found.id, found.name, found.pinned) == (-1000000000012, "c", True)
    assert [kind for kind in KINDS if getattr(found, kind)] == ["is_community"]


async def test_methods() -> None:
    client = FakeClient(send_message="sent", EditPeerFolders="updates")
    found = dialog(client)
    assert await found.send_message("a", b=1) == "sent"
    await found.delete()
    await found.delete(revoke=True)
    assert await found.archive() == "updates"
    await found.archive(0)
    assert client.calls[:3] == [
        ("send_message", (INPUT_USER, "a"), {"b": 1}),
        ("delete_dialog", (USER,), {"revoke": False}),
        ("delete_dialog", (USER,), {"revoke": True}),
    ]
    folders = [call[1].folder_peers for call in client.calls[3:]]
    assert folders == [[types.InputFolderPeer(INPUT_USER, 1)], [types.InputFolderPeer(INPUT_USER, 0)]]


def test_as_text() -> None:
    found = dialog()
    assert found.to_dict() == {
        "_": "Dialog",
        "name": "a",
        "date": NOW,
        "draft": found.draft,
        "message": found.message,
        "entity": USER,
    }
    assert str(found).startswith("Dialog(name='a', date=datetime.datetime(2020, 1, 1, 0, 0, tzinfo=")
    assert "message=Message(id=3, peer_id=PeerUser(user_id=5)" in str(found)
    assert found.stringify().startswith("Dialog(\n\tname='a',\n\tdate=datetime.datetime(")
