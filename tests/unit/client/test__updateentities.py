"""The users and chats that come with updates."""

from __future__ import annotations

from typing import Any

from telethon import utils
from telethon._updates import EntityCache
from telethon.client._updateentities import entities_of, note_min
from telethon.tl import types

PHOTO = types.ChatPhotoEmpty()


def test_entities_by_marked_id():
    users = [types.User(1), types.UserEmpty(2)]
    chats = [
        types.Chat(3, "t", PHOTO, 1, None, 1),
        types.ChatForbidden(4, "t"),
        types.ChatEmpty(5),
        types.Channel(6, "t", PHOTO, None),
        types.ChannelForbidden(7, 1, "t"),
    ]
    found = entities_of(users, chats)
    assert found == {utils.get_peer_id(one): one for one in (*users, *chats)}
    assert list(found) == [1, 2, -3, -4, -5, -1000000000006, -1000000000007]


def test_classes_of_programs_count_as_what_they_are_named():
    class Chat(types.Chat):
        pass

    assert list(entities_of([], [Chat(3, "t", PHOTO, 1, None, 1)])) == [-3]


def test_U10_only_what_a_message_names_is_seen_in_it():
    cache = EntityCache()
    cache.extend([], [types.Channel(7, "t", PHOTO, None, access_hash=70, megagroup=True)])
    fields: dict[str, Any] = {"date": None, "message": "x"}
    update = types.UpdateNewChannelMessage(
        types.Message(id=3, peer_id=types.PeerChannel(7), from_id=types.PeerUser(1), **fields), 1, 1
    )
    bold = types.Message(
        id=4,
        peer_id=types.PeerChannel(7),
        entities=[types.MessageEntityBold(0, 1)],
        from_id=types.PeerChat(1),
        **fields,
    )
    users = [types.User(1, access_hash=5, min=True), types.User(2, access_hash=5, min=True)]
    note_min(cache, [update, types.UpdateNewChannelMessage(bold, 2, 1), types.UpdateConfig()], users, [])
    assert cache.get_min(1).msg_id == 3
    assert cache.get_min(2) is None
    # Full ones need nothing of that kind.
    note_min(cache, [update], [types.User(1, access_hash=5)], [])
    assert cache.get_min(1).msg_id == 3
