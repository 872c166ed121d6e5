"""Where something is. What is expected was seen on Telethon 1.45, but where a test says otherwise."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from fakeclient import ALICE, BROADCAST, CHANNEL, CHANNEL_ID, CHAT, GROUP, INPUT_CHANNEL, SUPERGROUP, USER, FakeClient

from telethon import errors
from telethon.tl import types
from telethon.tl.custom.chatgetter import ChatGetter

USER_PEER, CHAT_PEER, CHANNEL_PEER = types.PeerUser(ALICE), types.PeerChat(GROUP), types.PeerChannel(CHANNEL)
MIN = types.Channel(
    id=CHANNEL, title="t", photo=types.ChatPhotoEmpty(), date=None, access_hash=77, min=True, broadcast=True
)


def getter(client: Any, *args: Any, **kwargs: Any) -> ChatGetter:
    found = ChatGetter(*args, **kwargs)
    found._client = client
    return found


@pytest.mark.parametrize(
    ("peer", "chat", "broadcast", "expected"),
    [
        (USER_PEER, USER, None, (ALICE, True, False, False)),
        (CHAT_PEER, CHAT, None, (-GROUP, False, True, False)),
        (CHANNEL_PEER, BROADCAST, None, (CHANNEL_ID, False, False, True)),
        (CHANNEL_PEER, SUPERGROUP, None, (CHANNEL_ID, False, True, True)),
        (CHANNEL_PEER, None, None, (CHANNEL_ID, False, None, True)),
        (CHANNEL_PEER, None, True, (CHANNEL_ID, False, False, True)),
        (CHANNEL_PEER, BROADCAST, False, (CHANNEL_ID, False, True, True)),
        (None, SUPERGROUP, None, (None, None, False, False)),
        (None, None, None, (None, None, False, False)),
    ],
)
def test_kind_of_chat(peer: Any, chat: Any, broadcast: bool | None, expected: tuple[Any, ...]) -> None:
    found = ChatGetter(peer, chat=chat, broadcast=broadcast)
    assert (found.chat_id, found.is_private, found.is_group, found.is_channel) == expected


def test_properties_never_ask() -> None:
    client = FakeClient()
    found = getter(client, CHANNEL_PEER)
    assert (found.chat, found.input_chat) == (None, None)
    assert client.calls == []


def test_input_chat_is_what_the_cache_knows() -> None:
    client = FakeClient()
    client._mb_entity_cache.extend([], [BROADCAST])
    assert getter(client, CHANNEL_PEER).input_chat == INPUT_CHANNEL


def test_input_chat_of_another_kind_with_the_same_number_is_not_taken() -> None:
    client = FakeClient()
    client._mb_entity_cache.extend([types.User(id=CHANNEL, access_hash=1)], [])
    assert getter(client, CHANNEL_PEER).input_chat is None


def test_input_chat_is_made_of_the_chat_or_needs_no_hash() -> None:
    client = FakeClient()
    assert getter(client, CHANNEL_PEER, chat=BROADCAST).input_chat == INPUT_CHANNEL
    assert getter(client, CHAT_PEER).input_chat == types.InputPeerChat(GROUP)
    assert getter(client, CHANNEL_PEER, chat=MIN).input_chat is None


def test_input_chat_by_the_message_in_which_it_was_seen() -> None:
    from telethon._updates.session import Entity, EntityType

    client = FakeClient()
    client._mb_entity_cache.remember_min(MIN, Entity(EntityType.USER, ALICE, 6), 3)
    expected = types.InputPeerChannelFromMessage(types.InputPeerUser(ALICE, 6), 3, CHANNEL)
    assert getter(client, CHANNEL_PEER, chat=MIN).input_chat == expected


async def test_chat_is_asked_for_once_its_input_peer_is_known() -> None:
    client = FakeClient(get_entity=SUPERGROUP)
    found = getter(client, CHANNEL_PEER, input_chat=INPUT_CHANNEL)
    assert await found.get_chat() is SUPERGROUP
    assert found.chat is SUPERGROUP
    assert client.calls == [("get_entity", (INPUT_CHANNEL,), {})]


async def test_chat_known_in_part_is_asked_for() -> None:
    client = FakeClient(get_entity=SUPERGROUP)
    assert await getter(client, CHANNEL_PEER, chat=MIN, input_chat=INPUT_CHANNEL).get_chat() is SUPERGROUP
    assert await getter(client, CHANNEL_PEER, chat=BROADCAST).get_chat() is BROADCAST
    assert client.names == ["get_entity"]


async def test_chat_is_looked_for_in_the_latest_dialogs() -> None:
    client = FakeClient(get_entity=SUPERGROUP)
    client.dialogs = [
        SimpleNamespace(id=1, entity=USER, input_entity=None),
        SimpleNamespace(id=CHANNEL_ID, entity=BROADCAST, input_entity=INPUT_CHANNEL),
    ]
    found = getter(client, CHANNEL_PEER)
    assert await found.get_input_chat() == INPUT_CHANNEL
    assert found.chat is BROADCAST
    assert client.calls == [("iter_dialogs", (100,), {})]


@pytest.mark.parametrize("fault", [None, errors.BotMethodInvalidError(None)])
async def test_unknown_chat_stays_unknown(fault: Exception | None) -> None:
    client = FakeClient(iter_dialogs=fault)
    found = getter(client, CHANNEL_PEER)
    assert await found.get_input_chat() is None
    assert await found.get_chat() is None


async def test_chat_that_cannot_be_found_any_more() -> None:
    client = FakeClient(get_entity=ValueError("gone"))
    assert await getter(client, CHANNEL_PEER, input_chat=INPUT_CHANNEL).get_chat() is None


async def test_without_client_or_chat_nothing_is_asked() -> None:
    assert await ChatGetter(CHANNEL_PEER).get_chat() is None
    assert await ChatGetter(CHANNEL_PEER).get_input_chat() is None
    client = FakeClient()
    assert await getter(client).get_chat() is None
    assert client.calls == []
