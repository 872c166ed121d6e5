"""The access hashes that updates taught; expectations are what Telethon 1.45.0 keeps."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from telethon._updates import Entity, EntityCache, EntityType, entitycache
from telethon.tl import types

DATE = datetime.datetime(2024, 1, 1, tzinfo=datetime.timezone.utc)
GROUP = Entity(EntityType.MEGAGROUP, 7, 70)


def channel(channel_id: int, **fields: Any) -> types.Channel:
    return types.Channel(channel_id, "t", types.ChatPhotoEmpty(), DATE, **fields)


def test_users():
    cache = EntityCache()
    cache.extend(
        [
            types.User(5, access_hash=9),
            types.User(6, access_hash=7, bot=True),
            types.UserEmpty(3),
            types.User(1),
            types.User(2, access_hash=0),
        ],
        [],
    )
    assert cache.hash_map == {5: (9, EntityType.USER), 6: (7, EntityType.BOT)}
    assert len(cache) == 2
    assert str(cache.get(6)) == "B.6.7"
    assert cache.get(99) is None


def test_chats():
    cache = EntityCache()
    cache.extend(
        [],
        [
            channel(1, access_hash=4, broadcast=True),
            channel(2, access_hash=4, megagroup=True),
            channel(3, access_hash=4, gigagroup=True),
            channel(4, access_hash=4, megagroup=True, gigagroup=True),
            types.ChannelForbidden(5, 3, "x", broadcast=True),
            types.ChannelForbidden(6, 3, "x", megagroup=True),
            types.Community(7, "t", types.ChatPhotoEmpty(), DATE, access_hash=5),
            types.Chat(8, "t", types.ChatPhotoEmpty(), 3, DATE, 1),
            types.ChatForbidden(9, "x"),
            types.ChatEmpty(10),
            channel(11),
        ],
    )
    assert {key: (value, kind.name) for key, (value, kind) in cache.hash_map.items()} == {
        1: (4, "CHANNEL"),
        2: (4, "MEGAGROUP"),
        3: (4, "GIGAGROUP"),
        4: (4, "MEGAGROUP"),
        5: (3, "CHANNEL"),
        6: (3, "MEGAGROUP"),
        7: (5, "COMMUNITY"),
    }


def test_U10_min_forms_never_replace_full_ones():
    cache = EntityCache()
    cache.extend([types.User(5, access_hash=9)], [channel(7, access_hash=4)])
    cache.extend([types.User(5, access_hash=1, min=True)], [channel(7, access_hash=2, min=True)])
    assert cache.hash_map == {5: (9, EntityType.USER), 7: (4, EntityType.CHANNEL)}
    cache.extend([types.User(6, access_hash=1, min=True)], [channel(8, access_hash=2, min=True)])
    assert cache.get(6) is None
    assert cache.get(8) is None


def test_U10_the_message_where_a_min_user_was_seen():
    cache = EntityCache()
    cache.remember_min(types.User(6, access_hash=1, min=True), GROUP, 3)
    cache.remember_min(types.User(8, access_hash=1, min=True, bot=True), GROUP, 4)
    cache.remember_min(channel(9, access_hash=1, min=True, broadcast=True), GROUP, 5)
    where = types.InputPeerChannel(7, 70)
    assert cache.get_min(6)._as_input_peer() == types.InputPeerUserFromMessage(where, 3, 6)
    assert cache.get_min(8).ty == EntityType.BOT
    assert cache.get_min(9)._as_input_peer() == types.InputPeerChannelFromMessage(where, 5, 9)
    assert cache.get_min(10) is None
    # The newest message counts, and nothing of it does once more is known.
    cache.remember_min(types.User(6, access_hash=1, min=True), GROUP, 30)
    assert cache.get_min(6).msg_id == 30
    cache.extend([types.User(6, access_hash=9)], [])
    assert cache.get_min(6) is None
    cache.remember_min(types.User(6, access_hash=1, min=True), GROUP, 31)
    cache.retain(lambda _: False)
    assert cache.get_min(6).msg_id == 30


def test_what_has_no_hash_is_not_remembered_as_min():
    cache = EntityCache()
    cache.remember_min(types.UserEmpty(6), GROUP, 3)
    assert cache.get_min(6) is None


def test_I30_min_references_are_bounded(monkeypatch):
    monkeypatch.setattr(entitycache, "_MIN_LIMIT", 3)
    cache = EntityCache()
    for number in (1, 2, 3, 1, 4):
        cache.remember_min(types.User(number, min=True), GROUP, number)
    assert [number for number in range(6) if cache.get_min(number)] == [1, 3, 4]


def test_own_account():
    cache = EntityCache()
    assert (cache.self_id, cache.self_bot) == (None, None)
    cache.set_self_user(7, None, 5)
    assert cache.hash_map == {7: (5, EntityType.USER)}
    cache.set_self_user(8, False, 0)
    assert (cache.self_id, cache.self_bot, len(cache)) == (8, False, 1)
    cache.set_self_user(9, True, 6)
    assert cache.hash_map[9] == (6, EntityType.BOT)
    cache.set_self_user(None, None, None)
    assert (cache.self_id, cache.self_bot) == (None, None)


def test_put_and_retain():
    cache = EntityCache({1: (2, EntityType.USER)}, self_id=1, self_bot=False)
    cache.put(Entity(EntityType.GROUP, 22, 0))
    assert cache.hash_map == {1: (2, EntityType.USER), 22: (0, EntityType.GROUP)}
    cache.retain(lambda number: number == 22)
    assert cache.hash_map == {22: (0, EntityType.GROUP)}


def test_classes_of_programs_count_as_what_they_are_named():
    class User(types.User):
        pass

    cache = EntityCache()
    cache.extend([User(5, access_hash=9)], [])
    assert cache.get(5).hash == 9


def test_nothing_to_iterate():
    with pytest.raises(TypeError):
        EntityCache().extend(None, None)
