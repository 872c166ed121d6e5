"""What is remembered of peers; the texts and bytes are those that Telethon 1.45.0 gives."""

from __future__ import annotations

import pytest

from telethon._updates import ChannelState, Entity, EntityType, MinEntity, SessionState
from telethon.tl import types

LETTERS = {"USER": "U", "BOT": "B", "GROUP": "G", "CHANNEL": "C", "MEGAGROUP": "M", "GIGAGROUP": "E", "COMMUNITY": "N"}


@pytest.mark.parametrize("name", LETTERS)
def test_entity_as_text_and_bytes(name):
    entity = Entity(EntityType[name], 5, -9)
    assert str(entity) == f"{LETTERS[name]}.5.-9"
    assert bytes(entity) == LETTERS[name].encode() + b"\x05" + bytes(7) + b"\xf7" + b"\xff" * 7
    for again in (Entity.from_str(str(entity)), Entity.from_bytes(bytes(entity))):
        assert (again.ty, again.id, again.hash) == (entity.ty, 5, -9)


def test_repr_hides_the_hash():
    assert repr(Entity(EntityType.USER, 5, 123456)) == "Entity(USER, 5)"


@pytest.mark.parametrize("text", ["U.1", "U.a.2", "U.1.2.3", ".1.2", ""])
def test_malformed_text(text):
    with pytest.raises(ValueError, match="malformed entity str"):
        Entity.from_str(text)


def test_unknown_letter():
    with pytest.raises(ValueError, match="88 is not a valid EntityType"):
        Entity.from_str("X.1.2")
    with pytest.raises(ValueError, match="88 is not a valid EntityType"):
        Entity.from_bytes(b"X" + bytes(16))


def test_malformed_bytes():
    with pytest.raises(ValueError, match="malformed entity data"):
        Entity.from_bytes(b"ab")


@pytest.mark.parametrize(
    ("name", "peer", "user", "group", "broadcast"),
    [
        ("USER", types.InputPeerUser(5, 9), True, False, False),
        ("BOT", types.InputPeerUser(5, 9), True, False, False),
        ("GROUP", types.InputPeerChat(5), False, True, False),
        ("CHANNEL", types.InputPeerChannel(5, 9), False, False, True),
        ("MEGAGROUP", types.InputPeerChannel(5, 9), False, True, False),
        ("GIGAGROUP", types.InputPeerChannel(5, 9), False, False, True),
        ("COMMUNITY", types.InputPeerChannel(5, 9), False, False, False),
    ],
)
def test_kinds(name, peer, user, group, broadcast):
    entity = Entity(EntityType[name], 5, 9)
    assert entity._as_input_peer() == peer
    assert (entity.is_user, entity.is_group, entity.is_broadcast) == (user, group, broadcast)


def test_U10_min_entities_are_named_by_their_message():
    chat = Entity(EntityType.MEGAGROUP, 7, 70)
    where = types.InputPeerChannel(7, 70)
    assert MinEntity(EntityType.USER, 5, chat, 3)._as_input_peer() == types.InputPeerUserFromMessage(where, 3, 5)
    found = MinEntity(EntityType.CHANNEL, 5, chat, 3)._as_input_peer()
    assert found == types.InputPeerChannelFromMessage(where, 3, 5)


def test_states_are_shown():
    assert repr(ChannelState(1, 2)) == "{'channel_id': 1, 'pts': 2}"
    state = SessionState(1, 2, True, 3, 4, 5, 6, None)
    assert repr(state) == str({name: getattr(state, name) for name in sorted(SessionState.__slots__)})
    assert (state.user_id, state.dc_id, state.bot, state.pts, state.qts, state.date, state.seq) == (
        1,
        2,
        True,
        3,
        4,
        5,
        6,
    )
