"""What can be done with messages. What is expected was seen on Telethon 1.45, but where a test says otherwise."""

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
    ME,
    SELF,
    SUPERGROUP,
    USER,
    FakeClient,
    bound,
    message,
)
from media_samples import MEDIA

from telethon.tl import types

CHANNEL_PEER = types.PeerChannel(CHANNEL)
MARKUP = types.ReplyInlineMarkup([])


@pytest.mark.parametrize(
    ("method", "args", "kwargs", "expected"),
    [
        ("respond", ("a",), {"b": 1}, ("send_message", (INPUT_USER, "a"), {"b": 1})),
        ("reply", ("a",), {"b": 1}, ("send_message", (INPUT_USER, "a"), {"b": 1, "reply_to": 7})),
        ("reply", ("a",), {"reply_to": 3}, ("send_message", (INPUT_USER, "a"), {"reply_to": 7})),
        (
            "forward_to",
            ("x",),
            {"silent": True},
            ("forward_messages", ("x",), {"silent": True, "messages": 7, "from_peer": INPUT_USER}),
        ),
        ("edit", ("z",), {}, ("edit_message", (INPUT_USER, 7, "z"), {"link_preview": False, "buttons": None})),
        (
            "edit",
            (),
            {"file": "x", "link_preview": True},
            ("edit_message", (INPUT_USER, 7), {"file": "x", "link_preview": True, "buttons": None}),
        ),
        ("delete", (), {"revoke": False}, ("delete_messages", (INPUT_USER, [7]), {"revoke": False})),
        ("pin", (), {}, ("pin_message", (INPUT_USER, 7), {"notify": False, "pm_oneside": False})),
        (
            "pin",
            (),
            {"notify": True, "pm_oneside": True},
            ("pin_message", (INPUT_USER, 7), {"notify": True, "pm_oneside": True}),
        ),
        ("unpin", (), {}, ("unpin_message", (INPUT_USER, 7), {})),
    ],
)
async def test_methods_call_the_client(method: str, args: Any, kwargs: Any, expected: tuple[Any, ...]) -> None:
    client = FakeClient(**{expected[0]: "result"})
    assert await getattr(bound(client), method)(*args, **kwargs) == "result"
    assert client.calls == [expected]


async def test_methods_that_do_without_the_chat_or_a_result() -> None:
    client = FakeClient(download_media="path", send_read_acknowledge=True)
    found = bound(client)
    assert await found.download_media("f", thumb=1) == "path"
    assert await found.mark_read() is None  # type: ignore[func-returns-value]
    assert client.calls[0][:1] == ("download_media",)
    assert client.calls[0][1][0] is found
    assert client.calls[0][1:] == ((found, "f"), {"thumb": 1})
    assert client.calls[1] == ("send_read_acknowledge", (INPUT_USER,), {"max_id": 7})


@pytest.mark.parametrize(
    ("peer", "expected"),
    [(types.PeerChat(GROUP), types.InputPeerChat(GROUP)), (CHANNEL_PEER, INPUT_CHANNEL)],
)
async def test_other_chats(peer: Any, expected: Any) -> None:
    client = FakeClient()
    await bound(client, peer_id=peer).respond("a")
    assert client.calls == [("send_message", (expected, "a"), {})]


async def test_chat_without_hash_is_left_to_the_client() -> None:
    """On Telethon None is handed on, which no method can make sense of."""
    client = FakeClient()
    await bound(client, known={}).respond("a")
    assert client.calls[-1] == ("send_message", (types.PeerUser(ALICE), "a"), {})


async def test_editing_keeps_buttons_and_preview() -> None:
    client = FakeClient()
    found = bound(client, reply_markup=MARKUP, media=MEDIA["page"])
    await found.edit("z")
    assert client.calls[0][2] == {"link_preview": True, "buttons": MARKUP}
    await found.edit("z", buttons=None, link_preview=False)
    assert client.calls[1][2] == {"link_preview": False, "buttons": None}
    await bound(client, media=MEDIA["photo"]).edit("z")
    assert client.calls[2][2] == {"link_preview": False, "buttons": None}


@pytest.mark.parametrize(
    "method",
    [
        "respond",
        "reply",
        "forward_to",
        "edit",
        "delete",
        "download_media",
        "mark_read",
        "pin",
        "unpin",
        "get_reply_message",
        "get_buttons",
    ],
)
async def test_messages_that_no_client_got(method: str) -> None:
    """On Telethon `edit` raises `AttributeError`."""
    assert await getattr(message(out=True), method)() is None


# ---- replies


REPLY = types.MessageReplyHeader(reply_to_msg_id=3)


@pytest.mark.parametrize(
    ("peer", "chat"),
    [(types.PeerUser(ALICE), None), (types.PeerChat(GROUP), None), (CHANNEL_PEER, INPUT_CHANNEL)],
)
async def test_reply_message(peer: Any, chat: Any) -> None:
    client = FakeClient(get_messages="replied")
    found = bound(client, peer_id=peer, reply_to=REPLY)
    assert await found.get_reply_message() == "replied"
    assert await found.get_reply_message() == "replied"
    assert client.calls == [("get_messages", (chat,), {"ids": types.InputMessageReplyTo(7)})]


async def test_reply_message_by_its_id() -> None:
    client = FakeClient(get_messages=lambda chat, ids: "replied" if ids == 3 else None)
    assert await bound(client, reply_to=REPLY).get_reply_message() == "replied"
    assert [call[2]["ids"] for call in client.calls] == [types.InputMessageReplyTo(7), 3]


async def test_reply_message_in_another_chat() -> None:
    """On Telethon its id is looked up in the chat of this message."""
    client = FakeClient()
    client._mb_entity_cache.extend([], [SUPERGROUP])
    header = types.MessageReplyHeader(reply_to_msg_id=3, reply_to_peer_id=CHANNEL_PEER)
    assert await bound(client, reply_to=header).get_reply_message() is None
    assert [call[1] for call in client.calls] == [(None,), (INPUT_CHANNEL,)]


@pytest.mark.parametrize("header", [None, types.MessageReplyStoryHeader(peer=types.PeerUser(ALICE), story_id=4)])
async def test_no_reply(header: Any) -> None:
    client = FakeClient()
    assert await bound(client, reply_to=header).get_reply_message() is None
    assert client.calls == []


async def test_reply_without_id_is_asked_for_once() -> None:
    client = FakeClient()
    header = types.MessageReplyHeader(reply_to_msg_id=None)
    assert await bound(client, reply_to=header).get_reply_message() is None
    assert client.names == ["get_messages"]


# ---- sender


@pytest.mark.parametrize(("peer", "chat"), [(CHANNEL_PEER, INPUT_CHANNEL), (types.PeerChat(GROUP), None)])
async def test_unknown_sender_is_learnt_from_the_message_itself(peer: Any, chat: Any) -> None:
    again = bound(peer_id=peer, from_id=types.PeerUser(ALICE))
    client = FakeClient(get_messages=again)
    known = {CHANNEL_ID: BROADCAST, -GROUP: CHAT}
    found = bound(client, known=known, peer_id=peer, from_id=types.PeerUser(ALICE))
    assert found.sender is None
    assert await found.get_input_sender() == INPUT_USER
    assert found.sender is USER
    assert client.calls == [("get_messages", (chat,), {"ids": 7})]


@pytest.mark.parametrize("kind", ["user", "channel"])
async def test_sender_known_in_part_is_named_by_the_message(kind: str) -> None:
    """On Telethon such a sender has no input peer."""
    if kind == "user":
        part: Any = types.User(id=ALICE, access_hash=6, min=True)
        peer: Any = types.PeerUser(ALICE)
        expected: Any = types.InputPeerUserFromMessage(INPUT_CHANNEL, 7, ALICE)
    else:
        part = types.Channel(id=ALICE, title="t", photo=types.ChatPhotoEmpty(), date=None, access_hash=6, min=True)
        peer = types.PeerChannel(ALICE)
        expected = types.InputPeerChannelFromMessage(INPUT_CHANNEL, 7, ALICE)
    client = FakeClient(get_entity="full")
    known = {CHANNEL_ID: BROADCAST, ALICE: part, -1000000000005: part}
    found = bound(client, known=known, peer_id=CHANNEL_PEER, from_id=peer)
    assert found.input_sender is None
    assert await found.get_input_sender() == expected
    assert await found.get_sender() == "full"
    assert client.calls == [("get_entity", (expected,), {})]


@pytest.mark.parametrize("answer", [None, ValueError("no such chat")])
async def test_message_that_is_gone(answer: Any) -> None:
    client = FakeClient(get_messages=answer)
    found = bound(client, known={CHANNEL_ID: BROADCAST}, peer_id=CHANNEL_PEER, from_id=types.PeerUser(ALICE))
    assert await found.get_sender() is None
    assert found.chat is BROADCAST


# ---- text


def test_entities_with_their_text() -> None:
    bold, italic, url = types.MessageEntityBold(0, 2), types.MessageEntityItalic(8, 4), types.MessageEntityUrl(3, 1)
    found = message(message="hi x 😀 bold", entities=[bold, italic, url])
    assert found.get_entities_text() == [(bold, "hi"), (italic, "bold"), (url, "x")]
    assert found.get_entities_text(types.MessageEntityItalic) == [(italic, "bold")]
    assert message().get_entities_text() == []
    assert types.MessageService(1, types.PeerUser(ALICE)).get_entities_text() == []


# ---- service messages


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        (types.MessageActionChatAddUser(users=[ALICE, ME, 77]), [USER, SELF, None]),
        (types.MessageActionChatCreate(title="t", users=[ALICE]), [USER]),
        (types.MessageActionChatDeleteUser(user_id=ALICE), [USER]),
        (types.MessageActionChatJoinedByLink(inviter_id=ALICE), [USER]),
        (types.MessageActionChatMigrateTo(channel_id=CHANNEL), [BROADCAST]),
        (types.MessageActionChannelMigrateFrom(title="t", chat_id=GROUP), [CHAT]),
        (types.MessageActionPinMessage(), None),
        (None, None),
    ],
)
def test_who_an_action_is_about(action: Any, expected: Any) -> None:
    found = types.MessageService(id=1, peer_id=types.PeerUser(ALICE), action=action)
    assert found.action_entities is None
    found._finish_init(FakeClient(), ENTITIES, None)
    assert found.action_entities == expected
