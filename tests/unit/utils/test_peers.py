"""Ids, peers and names."""

from __future__ import annotations

from typing import Any

import pytest

from telethon import utils
from telethon.tl import types

CHANNEL_MARK = 10**12


@pytest.mark.parametrize(
    ("marked", "bare", "cls"),
    [
        (0, 0, types.PeerUser),
        (7, 7, types.PeerUser),
        (10**15, 10**15, types.PeerUser),
        (-7, 7, types.PeerChat),
        (-CHANNEL_MARK, CHANNEL_MARK, types.PeerChat),
        (-CHANNEL_MARK - 1, 1, types.PeerChannel),
        (-1001234567890, 1234567890, types.PeerChannel),
        (-CHANNEL_MARK - 2**40, 2**40, types.PeerChannel),
    ],
)
def test_marked_ids_tell_the_kind_of_peer(marked: int, bare: int, cls: type[Any]) -> None:
    assert utils.resolve_id(marked) == (bare, cls)
    assert utils.get_peer(marked) == cls(bare)
    if marked != -CHANNEL_MARK:
        assert utils.get_peer_id(cls(bare)) == marked
    assert utils.get_peer_id(marked) == marked
    assert utils.get_peer_id(marked, add_mark=False) == bare


@pytest.mark.parametrize(
    ("holder", "marked"),
    [
        (types.InputPeerUser(5, 1), 5),
        (types.InputUser(5, 1), 5),
        (types.InputPeerUserFromMessage(types.InputPeerSelf(), 1, 5), 5),
        (types.InputUserFromMessage(types.InputPeerSelf(), 1, 5), 5),
        (types.User(5), 5),
        (types.UserEmpty(5), 5),
        (types.InputPeerChat(5), -5),
        (types.ChatEmpty(5), -5),
        (types.ChatForbidden(5, "x"), -5),
        (types.InputPeerChannel(5, 1), -CHANNEL_MARK - 5),
        (types.InputChannel(5, 1), -CHANNEL_MARK - 5),
        (types.InputChannelFromMessage(types.InputPeerSelf(), 1, 5), -CHANNEL_MARK - 5),
        (types.ChannelForbidden(5, 1, "x"), -CHANNEL_MARK - 5),
        (types.ChatParticipant(5, 1, None), 5),
        (types.ChannelParticipantBanned(types.PeerUser(5), 1, None, types.ChatBannedRights(None)), 5),
        (types.DialogPeer(types.PeerChat(5)), -5),
        (types.contacts.ResolvedPeer(types.PeerChannel(5), [], []), -CHANNEL_MARK - 5),
        (types.InputNotifyPeer(types.InputPeerUser(5, 1)), 5),
    ],
)
def test_ids_of_everything_that_names_a_peer(holder: Any, marked: int) -> None:
    assert utils.get_peer_id(holder) == marked
    assert utils.get_peer(holder) == utils.get_peer(marked)
    assert utils.get_peer_id(holder, add_mark=False) == utils.resolve_id(marked)[0]


def test_a_marked_id_inside_a_peer_is_understood_and_left_alone() -> None:
    peer = types.PeerChannel(-CHANNEL_MARK - 5)
    assert utils.get_peer_id(peer) == -CHANNEL_MARK - 5
    assert utils.get_peer_id(peer, add_mark=False) == 5
    assert peer.channel_id == -CHANNEL_MARK - 5
    assert utils.get_peer_id(types.PeerChat(-5)) == -5


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("x", "Cannot cast str to any kind of int."),
        (None, "Cannot cast NoneType to any kind of int."),
        (
            types.InputPeerSelf(),
            "Cannot cast InputPeerSelf to any kind of int (you might want to use client.get_peer_id).",
        ),
        (types.InputPeerEmpty(), "Cannot cast InputPeerEmpty to any kind of int."),
    ],
)
def test_what_has_no_id_is_refused(value: Any, message: str) -> None:
    with pytest.raises(TypeError) as caught:
        utils.get_peer_id(value)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("entity", "name"),
    [
        (types.User(1, first_name="Ada", last_name="L"), "Ada L"),
        (types.User(1, first_name="Ada", last_name=""), "Ada"),
        (types.User(1, last_name="L"), "L"),
        (types.User(1), ""),
        (types.UserEmpty(1), ""),
        (types.ChatForbidden(1, "group"), "group"),
        (types.ChannelForbidden(1, 2, "channel"), "channel"),
        (types.PeerUser(1), ""),
        (5, ""),
        (None, ""),
    ],
)
def test_display_names(entity: Any, name: str) -> None:
    assert utils.get_display_name(entity) == name


class _Cached:
    def _as_input_peer(self) -> types.InputPeerUser:
        return types.InputPeerUser(1, 99)


def test_entity_pairs_prefer_what_the_cache_knows() -> None:
    user = types.User(1, access_hash=5)
    assert utils._get_entity_pair(1, {1: user}, {}) == (user, types.InputPeerUser(1, 5))
    assert utils._get_entity_pair(1, {1: user}, {1: _Cached()}) == (user, types.InputPeerUser(1, 99))
    assert utils._get_entity_pair(1, {}, {}) == (None, None)
    assert utils._get_entity_pair(0, {1: user}, {}) == (None, None)
    assert utils._get_entity_pair(None, {1: user}, {}) == (None, None)
