"""Votes, and how polls stand."""

from __future__ import annotations

import event_cases
import pytest

from telethon import events
from telethon.tl import types

VOTE = types.UpdateMessagePollVote(9, types.PeerUser(50), [b"a", b"c"], [0, 2], 1)
VOTERS = [types.PollAnswerVoters(b"a", voters=2), types.PollAnswerVoters(b"b")]


def stands(**fields):
    return types.UpdateMessagePoll(9, types.PollResults(results=VOTERS, total_voters=2), **fields)


def test_a_vote(build):
    event = build(events.PollVote, VOTE)
    assert (event.poll_id, event.options, event.positions, event.retracted) == (9, [b"a", b"c"], [0, 2], False)
    assert (event.user_id, event.user.first_name, event.chat_id) == (50, "Bob", None)
    assert build(events.PollVote, types.UpdateMessagePollVote(9, types.PeerUser(50), [], [], 1)).retracted


def test_a_channel_that_votes(build):
    event = build(events.PollVote, types.UpdateMessagePollVote(9, types.PeerChannel(8), [b"a"], [0], 1))
    assert (event.user_id, event.user.title) == (-1000000000008, "news")


@pytest.mark.parametrize("builder", [events.PollVote, events.PollUpdate])
@pytest.mark.parametrize(
    ("polls", "wanted"), [(None, True), (9, True), ([8, 9], True), ({8}, False), (8, False), ([], False)]
)
def test_chosen_polls(build, builder, polls, wanted):
    event = build(builder, VOTE if builder is events.PollVote else stands())
    chosen = builder(polls=polls)
    chosen.resolved = True
    assert bool(chosen.filter(event)) == wanted
    never = builder(polls=polls, func=lambda event: False)
    never.resolved = True
    assert not never.filter(event)


def test_how_a_poll_stands(build):
    event = build(events.PollUpdate, stands())
    assert (event.poll_id, event.poll, event.closed, event.total_voters) == (9, None, None, 2)
    assert event.votes == {b"a": 2, b"b": 0}
    assert (event.chat_id, event.message_id) == (None, None)
    hidden = build(events.PollUpdate, types.UpdateMessagePoll(9, types.PollResults()))
    assert (hidden.votes, hidden.total_voters) == (None, 0)


@pytest.mark.parametrize("closed", [True, None])
def test_a_poll_that_has_changed(build, closed):
    poll = types.Poll(9, types.TextWithEntities("What?", []), [], 0, closed=closed)
    assert build(events.PollUpdate, stands(poll=poll)).closed is bool(closed)


async def test_the_message_with_the_poll(build, client):
    event = build(events.PollUpdate, stands(peer=types.PeerChannel(7), msg_id=5))
    assert await event.get_message() == "get_messages"
    assert client.calls == [("get_messages", (types.InputPeerChannel(7, 70),), {"ids": 5})]
    assert await build(events.PollUpdate, stands()).get_message() is None


def test_other_updates():
    other = types.UpdateNewMessage(event_cases.message(types), 1, 1)
    assert events.PollVote.build(other) is events.PollUpdate.build(other) is None
