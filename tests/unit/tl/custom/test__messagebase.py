"""Text, sender and chat of messages. What is expected was seen on Telethon 1.45, but where a test says otherwise."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest
from fakeclient import (
    ALICE,
    BOT,
    BROADCAST,
    CHANNEL,
    CHANNEL_ID,
    CHAT,
    ENTITIES,
    GROUP,
    INPUT_CHANNEL,
    INPUT_USER,
    ME,
    NOW,
    SELF,
    USER,
    FakeClient,
    bound,
    message,
)

from telethon.tl import types

ALICE_PEER, ME_PEER = types.PeerUser(ALICE), types.PeerUser(ME)
CHAT_PEER, CHANNEL_PEER = types.PeerChat(GROUP), types.PeerChannel(CHANNEL)
HEADER = types.MessageFwdHeader(date=NOW, from_id=ALICE_PEER)


@pytest.mark.parametrize(
    ("peer", "out", "receiver"),
    [
        (ALICE_PEER, False, ME_PEER),
        (ALICE_PEER, True, ALICE_PEER),
        (ME_PEER, True, ME_PEER),
        (CHAT_PEER, False, CHAT_PEER),
        (CHANNEL_PEER, False, CHANNEL_PEER),
    ],
)
def test_to_id_is_the_receiver(peer: Any, out: bool, receiver: Any) -> None:
    assert bound(peer_id=peer, out=out).to_id == receiver
    assert message(peer_id=peer, out=out).to_id == peer  # without a client nobody knows who we are


@pytest.mark.parametrize(
    ("peer", "sender", "fields", "sender_id", "out"),
    [
        (ALICE_PEER, None, {}, ALICE, False),
        (ALICE_PEER, None, {"post": True}, ALICE, False),
        (ALICE_PEER, ME_PEER, {"out": True}, ME, True),
        (ALICE_PEER, ME_PEER, {}, ME, False),
        (ALICE_PEER, CHANNEL_PEER, {}, CHANNEL_ID, False),
        (ME_PEER, None, {}, ME, True),
        (ME_PEER, ME_PEER, {}, ME, True),
        (ME_PEER, None, {"fwd_from": HEADER}, ME, False),
        (ME_PEER, ALICE_PEER, {"fwd_from": HEADER}, ALICE, False),
        (CHAT_PEER, None, {}, None, False),
        (CHAT_PEER, ALICE_PEER, {}, ALICE, False),
        (CHAT_PEER, CHAT_PEER, {}, -GROUP, False),
        (CHANNEL_PEER, None, {}, None, False),
        (CHANNEL_PEER, None, {"out": True}, None, True),
        (CHANNEL_PEER, None, {"post": True}, CHANNEL_ID, False),
        (CHANNEL_PEER, ME_PEER, {"post": True}, ME, False),
    ],
)
def test_sender_and_direction(peer: Any, sender: Any, fields: Any, sender_id: int | None, out: bool) -> None:
    found = bound(peer_id=peer, from_id=sender, **fields)
    assert (found.sender_id, found.out) == (sender_id, out)
    assert found.sender is ENTITIES.get(sender_id or 0)


def test_outgoing_message_without_sender_is_from_the_own_account() -> None:
    """Telethon gives None, although there is only one who can have sent it."""
    assert message(out=True).sender_id is None
    assert bound(out=True).sender_id == ME


@pytest.mark.parametrize(
    ("peer", "expected"),
    [
        (ALICE_PEER, (ALICE, USER, INPUT_USER, True, False, False)),
        (CHAT_PEER, (-GROUP, CHAT, types.InputPeerChat(GROUP), False, True, False)),
        (CHANNEL_PEER, (CHANNEL_ID, BROADCAST, INPUT_CHANNEL, False, False, True)),
    ],
)
def test_chat(peer: Any, expected: tuple[Any, ...]) -> None:
    found = bound(peer_id=peer)
    kinds = (found.is_private, found.is_group, found.is_channel)
    assert (found.chat_id, found.chat, found.input_chat, *kinds) == expected


def test_kind_of_channel_is_told_by_post() -> None:
    assert message(peer_id=CHANNEL_PEER).is_group is None
    assert message(peer_id=CHANNEL_PEER, post=False).is_group is True
    assert message(peer_id=CHANNEL_PEER, post=True).is_group is False


def test_input_chat_given_counts_more() -> None:
    given = types.InputPeerUser(ALICE, 1000)
    assert bound(input_chat=given).input_chat is given


def test_input_sender_of_the_cache_counts_more_than_that_of_the_entity() -> None:
    client = FakeClient()
    client._mb_entity_cache.extend([types.User(id=ALICE, access_hash=8)], [])
    found = bound(client)
    assert found.input_sender == types.InputPeerUser(ALICE, 8)
    assert bound(from_id=ME_PEER).input_sender == types.InputPeerUser(ME, 11)


def test_unbound_message_knows_ids_only() -> None:
    found = message()
    assert (found.sender_id, found.chat_id, found.sender, found.chat, found.client) == (ALICE, ALICE, None, None, None)


def test_binding_again_replaces_what_was_known() -> None:
    client = FakeClient()
    found = bound()
    found._finish_init(client, {}, None)
    assert (found.client, found.sender, found.chat) == (client, None, None)


# ---- text


def test_text_is_formatted_in_the_mode_of_the_client() -> None:
    client = FakeClient()
    found = bound(client, message="hi x", entities=[types.MessageEntityBold(0, 2)])
    assert (found.text, found.raw_text, found.message) == ("*hi x", "hi x", "hi x")
    client.parse_mode = None
    assert bound(client, message="hi x", entities=[types.MessageEntityBold(0, 2)]).text == "hi x"


def test_text_of_unbound_messages() -> None:
    found = message(message="hi")
    assert found.text is None
    found.text = "*new"
    assert (found.text, found.message, found.entities) == ("*new", "*new", [])


def test_assigning_text_parses_it() -> None:
    found = bound()
    found.text = "*new"
    assert (found.text, found.message) == ("*new", "new")
    assert found.entities == [types.MessageEntityBold(0, 3)]
    found.raw_text = "*plain"
    assert (found.text, found.message, found.entities) == ("*plain", "*plain", [])


def test_service_messages_have_no_text() -> None:
    found = types.MessageService(id=1, peer_id=ALICE_PEER, action=types.MessageActionPinMessage())
    found._finish_init(FakeClient(), {}, None)
    assert (found.text, found.raw_text, found.message) == (None, None, None)


# ---- replies, forwards, bots


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, (False, None, None, None)),
        (types.MessageReplyHeader(reply_to_msg_id=7), (True, 7, None, None)),
        (types.MessageReplyHeader(reply_to_msg_id=None), (True, None, None, None)),
        (
            types.MessageReplyHeader(reply_to_msg_id=7, reply_to_peer_id=CHANNEL_PEER, reply_from=HEADER),
            (True, 7, BROADCAST, USER),
        ),
        (types.MessageReplyStoryHeader(peer=ALICE_PEER, story_id=4), (True, None, None, None)),
    ],
)
def test_reply(header: Any, expected: tuple[Any, ...]) -> None:
    found = bound(reply_to=header)
    assert (found.is_reply, found.reply_to_msg_id, found.reply_to_chat, found.reply_to_sender) == expected


def test_forward_is_made_when_asked_for() -> None:
    client = FakeClient()
    found = bound(client, fwd_from=HEADER)
    assert found.forward is not None
    assert found.forward is found.forward
    assert (found.forward.sender, found.forward.original_fwd) == (USER, HEADER)
    assert bound(fwd_from=types.MessageFwdHeader(date=NOW, from_name="x")).forward.from_name == "x"  # type: ignore[union-attr]
    assert bound().forward is None
    assert message(fwd_from=HEADER).forward is None


def test_via_bot() -> None:
    found = bound(known={ALICE: BOT}, peer_id=CHANNEL_PEER, via_bot_id=ALICE)
    assert (found.via_bot, found.via_input_bot) == (BOT, INPUT_USER)
    assert bound().via_bot is None


# ---- copies


def test_copy_keeps_the_client_and_pickle_does_not() -> None:
    found = bound(from_id=ALICE_PEER, fwd_from=HEADER)
    assert found.forward is not None
    twin = copy.copy(found)
    assert twin == found
    assert twin is not found
    assert twin.client is found.client
    stored = pickle.loads(pickle.dumps(found))
    assert stored == found
    assert (type(stored), stored.client, stored.sender.id) == (types.Message, None, ALICE)


def test_binding_changes_nothing_that_is_shown_or_compared() -> None:
    found, other = bound(peer_id=CHANNEL_PEER, from_id=ALICE_PEER), message(peer_id=CHANNEL_PEER, from_id=ALICE_PEER)
    assert found == other
    assert str(found) == str(other)
    assert found.to_dict() == other.to_dict()
    assert bytes(found) == bytes(other)


def test_messages_of_the_own_account_are_sent_whoever_they_are_from() -> None:
    assert bound(peer_id=ME_PEER, from_id=ALICE_PEER).out is True
    assert bound(peer_id=ME_PEER).sender is SELF
