"""The users and chats that come with updates."""

from __future__ import annotations

from typing import Any

from telethon import utils
from telethon._updates import EntityCache
from telethon.client._updateentities import entities_of, note_min, note_min_of
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


def _message(message_id: int, peer: Any, user_id: int) -> types.Message:
    return types.Message(id=message_id, peer_id=peer, from_id=types.PeerUser(user_id), date=None, message="x")


def test_U10_answers_with_messages_tell_where_somebody_was_seen():
    cache = EntityCache()
    group = types.Channel(7, "t", PHOTO, None, access_hash=70, megagroup=True)
    users = [types.User(one, access_hash=5, min=True) for one in (1, 2, 3)] + [types.User(9, access_hash=90)]
    messages = [
        _message(3, types.PeerChannel(7), 1),
        _message(4, types.PeerChat(8), 2),
        types.MessageEmpty(5, types.PeerChannel(7)),
        _message(6, types.PeerChannel(11), 3),
        types.Message(
            id=7,
            peer_id=types.PeerUser(9),
            date=None,
            message="x",
            fwd_from=types.MessageFwdHeader(None, from_id=types.PeerUser(3)),
        ),
    ]
    note_min_of(cache, types.messages.Messages(messages, [], [group], users))
    peers = [cache.get_min(one)._as_input_peer() for one in (1, 2, 3)]
    assert peers == [
        types.InputPeerUserFromMessage(types.InputPeerChannel(7, 70), 3, 1),
        types.InputPeerUserFromMessage(types.InputPeerChat(8), 4, 2),
        types.InputPeerUserFromMessage(types.InputPeerUser(9, 90), 7, 3),
    ]
    # Who is known as a whole needs no message, and a min form takes nothing away.
    cache.extend([types.User(1, access_hash=10)], [])
    note_min_of(cache, types.messages.Messages(messages, [], [group], users))
    cache.extend(users, [])
    assert cache.get(1).hash == 10
    assert cache.get_min(1) is None


def test_U10_a_group_of_which_only_a_part_is_told_is_no_place():
    cache = EntityCache()
    group = types.Channel(7, "t", PHOTO, None, access_hash=70, megagroup=True, min=True)
    seen = types.messages.Messages(
        [_message(3, types.PeerChannel(7), 1)], [], [group], [types.User(1, access_hash=5, min=True)]
    )
    note_min_of(cache, seen)
    assert cache.get_min(1) is None
