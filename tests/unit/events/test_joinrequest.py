"""Requests to join."""

from __future__ import annotations

import event_cases
import pytest

from telethon import events
from telethon.tl import functions, types

SUPER = types.InputPeerChannel(7, 70)
Hide = functions.messages.HideChatJoinRequestRequest


def of_bot() -> types.UpdateBotChatInviteRequester:
    invite = types.ChatInviteExported("https://t.me/+x", 60, event_cases.DATE)
    return types.UpdateBotChatInviteRequester(types.PeerChannel(7), event_cases.DATE, 50, "I am Bob", invite, 1)


def of_user(*ids: int) -> types.UpdatePendingJoinRequests:
    return types.UpdatePendingJoinRequests(types.PeerChannel(7), 5, list(ids))


def test_what_bots_are_told(build):
    event = build(events.JoinRequest, of_bot())
    assert (event.user_id, event.user_ids, event.user.first_name) == (50, [50], "Bob")
    assert (event.about, event.invite.link, event.date) == ("I am Bob", "https://t.me/+x", event_cases.DATE)
    assert event.pending is None
    assert event.input_user == types.InputPeerUser(50, 500)


def test_what_users_are_told(build):
    event = build(events.JoinRequest, of_user(60, 50))
    assert (event.user_id, event.user_ids, event.pending) == (60, [60, 50], 5)
    assert (event.about, event.invite, event.date) == (None, None, None)


def test_fewer_are_waiting():
    assert events.JoinRequest.build(of_user()) is None
    assert events.JoinRequest.build(types.UpdateChannel(7)) is None


@pytest.mark.parametrize("approved", [True, False])
async def test_answers(build, client, approved):
    client.gives["get_input_entity"] = types.InputPeerUser(50, 500)
    event = build(events.JoinRequest, of_user(60, 50))
    decide = event.approve if approved else event.decline
    await decide()
    await decide("bob")
    asked = [args[0] for name, args, _ in client.calls if name == "get_input_entity"]
    assert asked == [60, 50, "bob"]
    assert client.requests == [Hide(SUPER, types.InputUser(50, 500), approved=approved)] * 3
    client.requests.clear()
    await (event.approve_all if approved else event.decline_all)(link="https://t.me/+x")
    every = functions.messages.HideAllChatJoinRequestsRequest
    assert client.requests == [every(SUPER, approved=approved, link="https://t.me/+x")]


async def test_somebody_nobody_knows(build, client):
    client.gives["get_input_entity"] = ValueError("unknown")
    event = build(events.JoinRequest, of_bot(), {})
    assert await event.get_input_user() is None
    assert await event.get_user() is None
