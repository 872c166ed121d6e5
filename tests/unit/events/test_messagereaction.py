"""Reactions to messages, in the three ways in which Telegram tells of them."""

from __future__ import annotations

import event_cases

from telethon import events
from telethon.tl import types

USER, SUPER = types.PeerUser(50), types.PeerChannel(7)
LIKE, HEART, OWN, PAID = (
    types.ReactionEmoji("👍"),
    types.ReactionEmoji("❤"),
    types.ReactionCustomEmoji(123),
    types.ReactionPaid(),
)


def test_of_one_user(build):
    update = types.UpdateBotMessageReaction(SUPER, 5, event_cases.DATE, USER, [LIKE, OWN], [OWN, HEART, PAID], 1)
    event = build(events.MessageReaction, update)
    assert (event.added, event.removed) == (["❤", "paid"], ["👍"])
    assert (event.old_reactions, event.new_reactions) == ([LIKE, OWN], [OWN, HEART, PAID])
    assert (event.sender_id, event.sender.first_name, event.is_anonymous) == (50, "Bob", False)
    assert (event.chat_id, event.chat.title, event.message_id) == (-1000000000007, "super", 5)
    assert (event.date, event.topic_id, event.counts, event.recent) == (event_cases.DATE, None, None, [])


def test_of_a_channel_that_reacts(build):
    update = types.UpdateBotMessageReaction(SUPER, 5, event_cases.DATE, types.PeerChannel(8), [], [LIKE], 1)
    event = build(events.MessageReaction, update)
    assert (event.sender_id, event.sender.title) == (-1000000000008, "news")


def test_counts(build):
    counts = [types.ReactionCount(LIKE, 3), types.ReactionCount(OWN, 1), types.ReactionCount(PAID, 50)]
    event = build(events.MessageReaction, types.UpdateBotMessageReactions(SUPER, 5, event_cases.DATE, counts, 1))
    assert event.counts == {"👍": 3, 123: 1, "paid": 50}
    assert event.is_anonymous
    assert (event.sender, event.added, event.removed, event.old_reactions, event.recent) == (None, [], [], None, [])


def test_what_users_are_told(build):
    recent = [types.MessagePeerReaction(USER, event_cases.DATE, LIKE)]
    reactions = types.MessageReactions([types.ReactionCount(LIKE, 1)], recent_reactions=recent)
    event = build(events.MessageReaction, types.UpdateMessageReactions(USER, 5, reactions, top_msg_id=2))
    assert (event.counts, event.recent, event.topic_id, event.date) == ({"👍": 1}, recent, 2, None)


async def test_the_message(build, client):
    update = types.UpdateBotMessageReaction(SUPER, 5, event_cases.DATE, USER, [], [LIKE], 1)
    event = build(events.MessageReaction, update)
    client.gives["get_messages"] = "the message"
    assert [await event.get_message(), await event.get_message()] == ["the message"] * 2
    await event.reply("why?")
    await event.respond("hi")
    peer = types.InputPeerChannel(7, 70)
    assert client.calls == [
        ("get_messages", (peer,), {"ids": 5}),
        ("send_message", (peer, "why?"), {"reply_to": 5}),
        ("send_message", (peer, "hi"), {}),
    ]


async def test_a_message_of_a_private_chat_is_found_by_its_number_alone(build, client):
    event = build(events.MessageReaction, types.UpdateMessageReactions(USER, 5, types.MessageReactions([])))
    await event.get_message()
    assert client.calls == [("get_messages", (None,), {"ids": 5})]


def test_other_updates():
    assert events.MessageReaction.build(types.UpdateNewMessage(event_cases.message(types), 1, 1)) is None
