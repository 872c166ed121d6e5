"""Formatting text, and finding sent messages in answers."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest

from telethon.tl import functions, types

DATE = datetime.datetime(2024, 5, 6, 7, 8, 9, tzinfo=datetime.timezone.utc)
CHAT = types.InputPeerUser(2, 20)


@pytest.fixture
def client(scripted: Callable[..., Any]) -> Any:
    made = scripted({"GetUsers": [[]]})
    known = [types.User(2, access_hash=20, username="two"), types.User(3, access_hash=30)]
    made.session.process_entities(types.contacts.ResolvedPeer(types.PeerUser(2), [], known))
    return made


def message(message_id: int, peer: Any = None, text: str = "") -> types.Message:
    return types.Message(id=message_id, peer_id=peer or types.PeerUser(2), date=DATE, message=text)


def updates(*found: Any) -> types.Updates:
    return types.Updates(updates=list(found), users=[], chats=[], date=DATE, seq=0)


async def test_the_parse_mode_of_the_client_is_markdown_until_changed(client: Any) -> None:
    assert await client._parse_message_text("**a** <b>b</b>", ()) == ("a <b>b</b>", [types.MessageEntityBold(0, 1)])
    client.parse_mode = "html"
    assert await client._parse_message_text("**a** <b>b</b>", ()) == ("**a** b", [types.MessageEntityBold(6, 1)])
    client.parse_mode = None
    assert client.parse_mode is None
    assert await client._parse_message_text("**a**", ()) == ("**a**", [])
    assert await client._parse_message_text("**a**", "md") == ("a", [types.MessageEntityBold(0, 1)])
    with pytest.raises(ValueError, match="Unknown parse mode"):
        client.parse_mode = "no such"


async def test_links_to_users_become_mentions(client: Any) -> None:
    text, entities = await client._parse_message_text("[a](tg://user?id=3) [b](@two) [c](http://x)", ())
    assert text == "a b c"
    assert entities == [
        types.InputMessageEntityMentionName(0, 1, types.InputUser(3, 30)),
        types.InputMessageEntityMentionName(2, 1, types.InputUser(2, 20)),
        types.MessageEntityTextUrl(4, 1, "http://x"),
    ]


async def test_mentions_of_unknown_users_are_plain_text(client: Any) -> None:
    client._sender.answers["GetDialogs"] = [types.messages.Dialogs([], [], [], [])]
    assert await client._parse_message_text("[a](tg://user?id=99)", ()) == ("a", [])


async def test_the_text_has_to_be_text(client: Any) -> None:
    with pytest.raises(TypeError, match="must be str, not int"):
        await client._parse_message_text(5, ())
    assert await client._parse_message_text(None, ()) == ("", [])


async def test_empty_entities_are_left_out(client: Any) -> None:
    def parse(text: str) -> Any:
        return text, [types.MessageEntityBold(0, 0), types.MessageEntityItalic(0, 1)]

    assert await client._parse_message_text("ab", parse) == ("ab", [types.MessageEntityItalic(0, 1)])


def send(random_id: Any = 7) -> Any:
    return functions.messages.SendMessageRequest(CHAT, "x", random_id=random_id)


@pytest.mark.parametrize(
    "kind", [types.UpdateNewMessage, types.UpdateNewChannelMessage, types.UpdateNewScheduledMessage]
)
def test_a_message_is_found_by_its_random_id(client: Any, kind: Any) -> None:
    found = message(50)
    new = kind(found) if kind is types.UpdateNewScheduledMessage else kind(found, 1, 1)
    other = types.UpdateNewMessage(message(49), 1, 1)
    for order in ([types.UpdateMessageID(50, 7), other, new], [new, other, types.UpdateMessageID(50, 7)]):
        assert client._get_response_message(send(), updates(*order), CHAT) is found
    assert found.client is client
    assert found.input_chat == CHAT


def test_messages_are_given_in_the_order_of_their_random_ids(client: Any) -> None:
    first, second = message(50), message(51)
    answer = updates(
        types.UpdateNewMessage(second, 1, 1),
        types.UpdateMessageID(51, 8),
        types.UpdateMessageID(50, 7),
        types.UpdateNewMessage(first, 1, 1),
    )
    assert client._get_response_message([7, 8], answer, CHAT) == [first, second]
    assert client._get_response_message([8, 9, 7], answer, CHAT) == [second, None, first]
    assert client._get_response_message(8, answer, CHAT) is second


def test_an_edit_is_found_by_chat_and_id(client: Any) -> None:
    channel = types.InputPeerChannel(5, 6)
    request = functions.messages.EditMessageRequest(channel, 50, message="x")
    elsewhere = types.UpdateEditChannelMessage(message(50, types.PeerChannel(9)), 1, 1)
    here = types.UpdateEditChannelMessage(message(50, types.PeerChannel(5)), 1, 1)
    other = types.UpdateEditChannelMessage(message(51, types.PeerChannel(5)), 1, 1)
    assert client._get_response_message(request, updates(elsewhere, other, here), channel) is here.message


def test_a_changed_poll_is_found(client: Any) -> None:
    text = types.TextWithEntities("?", [])
    poll = types.Poll(id=4, question=text, answers=[], hash=0)
    request = functions.messages.EditMessageRequest(CHAT, 50, media=types.InputMediaPoll(poll))
    update = types.UpdateMessagePoll(poll_id=4, results=types.PollResults(), poll=poll)
    found = client._get_response_message(request, updates(update), CHAT)
    assert (found.id, found.peer_id, found.media.poll) == (50, types.PeerUser(2), poll)


def test_a_live_location_is_answered_as_an_edit(client: Any) -> None:
    edited = types.UpdateEditMessage(message(50), 1, 1)
    answer = updates(types.UpdateMessageID(50, 7), edited)
    assert client._get_response_message(send(), answer, CHAT) is edited.message


def test_answers_without_the_message(client: Any) -> None:
    assert client._get_response_message(send(), updates(), CHAT) is None
    assert client._get_response_message(send(), types.UpdatesTooLong(), CHAT) is None
    assert client._get_response_message(None, updates(), CHAT) == {}
    short = types.UpdateShort(types.UpdateNewMessage(message(50), 1, 1), DATE)
    assert client._get_response_message(None, short, CHAT).id == 50
