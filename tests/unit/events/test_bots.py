"""Boosts, bots that are stopped, and bots that manage the chats of users."""

from __future__ import annotations

import datetime
from typing import Any

import event_cases
import pytest

from telethon import events
from telethon.events._business import BusinessClient
from telethon.tl import functions, types

DATE = event_cases.DATE
NEVER = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)


def test_a_boost(build):
    boost = types.Boost("b", DATE, DATE, gift=True, user_id=50, multiplier=4)
    event = build(events.ChatBoost, types.UpdateBotChatBoost(types.PeerChannel(7), boost, 1))
    assert (event.boost_id, event.user.first_name, event.chat.title) == ("b", "Bob", "super")
    assert (event.removed, event.expires, event.date, event.multiplier) == (False, DATE, DATE, 4)
    assert (event.is_gift, event.is_giveaway) == (True, False)


def test_a_boost_that_is_gone(build):
    boost = types.Boost("b", DATE, NEVER, giveaway=True)
    event = build(events.ChatBoost, types.UpdateBotChatBoost(types.PeerChannel(7), boost, 1))
    assert (event.removed, event.expires, event.user_id) == (True, None, None)
    assert (event.multiplier, event.is_giveaway) == (1, True)


@pytest.mark.parametrize("stopped", [True, False])
def test_stopped_and_started_again(build, stopped):
    event = build(events.BotStopped, types.UpdateBotStopped(50, DATE, stopped, 1))
    assert (event.stopped, event.restarted, event.user_id, event.chat_id) == (stopped, not stopped, 50, 50)
    assert (event.date, event.user.first_name, event.is_private) == (DATE, "Bob", True)


@pytest.mark.parametrize(("disabled", "reply", "can"), [(None, True, True), (None, None, False), (True, None, False)])
def test_connections(build, disabled, reply, can):
    rights = None if disabled else types.BusinessBotRights(reply=reply)
    connection = types.BotBusinessConnection("c", 50, 2, DATE, disabled=disabled, rights=rights)
    event = build(events.BusinessConnection, types.UpdateBotBusinessConnect(connection, 1))
    assert (event.connection_id, event.enabled, event.can_reply) == ("c", not disabled, can)
    assert (event.user_id, event.rights, event.date) == (50, rights, DATE)


def business(**fields: Any) -> types.UpdateBotNewBusinessMessage:
    return types.UpdateBotNewBusinessMessage("c", event_cases.message(types), 1, **fields)


def test_messages_for_a_user(build, client):
    replied = event_cases.message(types, id=4, message="before")
    event = build(events.BusinessMessage, business(reply_to_message=replied))
    assert (event.connection_id, event.raw_text, event.chat_id, event.id) == ("c", "hi **there**", 50, 5)
    assert event.client is client
    assert event.message.client is not client
    assert isinstance(event, events.BusinessMessage.Event)
    assert event.to_dict()["connection_id"] == "c"
    event.connection_id = "other"
    assert event.connection_id == "other"
    assert not hasattr(event.message, "connection_id")


async def test_the_message_before_comes_along(build):
    replied = event_cases.message(types, id=4, message="before")
    assert await build(events.BusinessMessage, business(reply_to_message=replied)).get_reply_message() is replied
    assert await build(events.BusinessMessage, business()).get_reply_message() is None


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({}, True),
        ({"incoming": True}, True),
        ({"outgoing": True}, False),
        ({"pattern": "hi"}, True),
        ({"pattern": "ho"}, False),
        ({"chats": {50}}, True),
        ({"chats": {60}}, False),
    ],
)
def test_filters_of_messages(build, given, wanted):
    event = build(events.BusinessMessage, business())
    builder = events.BusinessMessage(**given)
    builder.resolved = True
    assert bool(builder.filter(event)) == wanted


def test_edited_and_deleted(build):
    edit = types.UpdateBotEditBusinessMessage("c", event_cases.message(types), 1)
    assert build(events.BusinessMessageEdited, edit).raw_text == "hi **there**"
    delete = types.UpdateBotDeleteBusinessMessage("c", types.PeerUser(50), [1, 2], 1)
    event = build(events.BusinessMessageDeleted, delete)
    assert (event.deleted_ids, event.chat_id, event.connection_id) == ([1, 2], 50, "c")
    assert events.BusinessMessage.build(edit) is events.BusinessMessageEdited.build(business()) is None
    assert events.NewMessage.build(business()) is events.BusinessMessageDeleted.build(edit) is None
    empty = types.UpdateBotNewBusinessMessage("c", types.MessageEmpty(id=5, peer_id=None), 1)
    assert events.BusinessMessage.build(empty) is None


class Bot:
    """Stands for a client."""

    parse_mode = None

    def __init__(self) -> None:
        self.requests: list[Any] = []

    async def __call__(self, request: Any, **kwargs: Any) -> Any:
        self.requests.append(request)
        return kwargs

    async def get_input_entity(self, peer: Any) -> Any:
        return types.InputPeerUser(peer, 500)

    async def write(self, peer: Any) -> Any:
        """A method that makes a request."""
        return await self(functions.messages.SendMessageRequest(peer, "hi", random_id=1))


async def test_what_is_done_for_the_user():
    bot = Bot()
    acting: Any = BusinessClient(bot, "c")
    read = functions.messages.ReadHistoryRequest(types.InputPeerUser(50, 500), 5)
    ask = functions.messages.GetMessagesRequest([])
    config = functions.help.GetConfigRequest()
    assert await acting(read, timeout=5) == {"timeout": 5}
    await acting([ask, read])
    await acting(config)
    await acting.write(50)
    wrap = functions.InvokeWithBusinessConnectionRequest
    sent = functions.messages.SendMessageRequest(types.InputPeerUser(50, 500), "hi", random_id=1)
    assert bot.requests == [wrap("c", read), [ask, wrap("c", read)], config, wrap("c", sent)]
    with pytest.raises(TypeError, match="You can only invoke requests"):
        await acting(functions.messages.ReadHistoryRequest)
    acting.parse_mode = "md"
    assert bot.parse_mode == "md"


def test_other_updates():
    other = types.UpdateChannel(7)
    for builder in (events.ChatBoost, events.BotStopped, events.BusinessConnection, events.BusinessMessage):
        assert builder.build(other) is None
