"""Updates as bytes, and back."""

from __future__ import annotations

from typing import Any

import pytest
from updates_model import DATE, Event

from telethon.client._storedupdates import pack, unpack
from telethon.client._updateentities import entities_of
from telethon.tl import types


def with_entities(update: Any, users: Any = (), chats: Any = ()) -> Any:
    update._entities = entities_of(users, chats)
    return update


@pytest.mark.parametrize(
    "update",
    [
        Event("account", 11, 1, 5).as_update(),
        Event("secret", 11, 1, 5).as_update(),
        Event(101, 11, 2, 5).as_update(),
        types.UpdateShortMessage(1, 50, "hi", 11, 1, DATE),
        types.UpdateUserTyping(50, types.SendMessageTypingAction()),
    ],
)
def test_every_form_comes_back(update):
    again = unpack(pack(with_entities(update)))
    assert type(again) is type(update)
    assert bytes(again) == bytes(update)
    assert again._entities == {}


def test_users_and_chats_come_along_with_the_marks_they_had():
    update = with_entities(
        types.UpdateConfig(),
        [types.User(50, first_name="Bob"), types.UserEmpty(51)],
        [types.Chat(22, "g", types.ChatPhotoEmpty(), 1, DATE, 1), types.ChannelForbidden(7, 70, "t")],
    )
    assert set(unpack(pack(update))._entities) == {50, 51, -22, -1000000000007}


def test_of_many_only_those_that_are_named():
    text = types.Message(
        id=3, peer_id=types.PeerChannel(7), from_id=types.PeerUser(61), date=DATE, message="x",
        fwd_from=types.MessageFwdHeader(DATE, from_id=types.PeerChannel(8)),
        entities=[types.MessageEntityMentionName(0, 1, 62)],
    )  # fmt: skip
    channels = [types.Channel(number, "t", types.ChatPhotoEmpty(), DATE, access_hash=1) for number in (7, 8, 9)]
    users = [types.User(number, access_hash=1) for number in range(60, 90)]
    update = with_entities(types.UpdateNewChannelMessage(text, 11, 1), users, channels)
    assert set(unpack(pack(update))._entities) == {61, 62, -1000000000007, -1000000000008}


def test_without_entities():
    assert unpack(pack(types.UpdateConfig()))._entities == {}


@pytest.mark.parametrize("body", [b"", b"nonsense", bytes(types.Updates([], [], [], DATE, 0))])
def test_other_bytes_are_refused(body):
    with pytest.raises(Exception):  # noqa: B017 - whoever reads it takes any error for the same
        unpack(body)
