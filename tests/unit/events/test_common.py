"""What all builders and events have in common; expectations were read off Telethon 1.45.0."""

from __future__ import annotations

import asyncio
import pickle
import re
from typing import Any

import event_cases
import pytest

from telethon import events
from telethon.events import common
from telethon.events.common import EventBuilder, EventCommon, name_inner_event, pattern_matcher
from telethon.tl import types

BUILDERS = [
    events.NewMessage,
    events.MessageEdited,
    events.MessageDeleted,
    events.MessageRead,
    events.ChatAction,
    events.UserUpdate,
    events.CallbackQuery,
    events.InlineQuery,
    events.Album,
]


@pytest.mark.parametrize(
    ("chats", "ids"),
    [
        (None, None),
        (5, {5, -5, -1000000000005}),
        (-5, {-5}),
        (-1000000000005, {-1000000000005}),
        ([1, -2], {1, -1, -1000000000001, -2}),
        ({3}, {3, -3, -1000000000003}),
        (range(1, 2), {1, -1, -1000000000001}),
        ([], set()),
        (types.PeerUser(4), {4}),
        (types.PeerChat(4), {-4}),
        ([types.PeerChannel(4)], {-1000000000004}),
        ("somebody", {-1000000000077}),
        ("me", {99}),
        (types.InputPeerChannel(4, 1), {-1000000000077}),
    ],
)
async def test_chats_become_marked_ids(client, chats, ids):
    client.gives["get_input_entity"] = types.InputPeerSelf() if chats == "me" else types.InputPeerChannel(77, 1)
    client.gives["get_me"] = types.InputPeerUser(99, 1)
    assert await common._into_id_set(client, chats) == ids


def test_patterns():
    assert pattern_matcher(None) is None
    assert pattern_matcher("a.")("abc").group() == "ab"
    assert pattern_matcher(re.compile("b"))("abc") is None
    assert pattern_matcher(str.upper)("abc") == "ABC"
    for wrong in (5, b"x"):
        with pytest.raises(TypeError, match="Invalid pattern type given"):
            pattern_matcher(wrong)


async def test_chats_are_resolved_once_for_all_who_wait(client):
    asked = []

    async def slow(chat: Any) -> Any:
        asked.append(chat)
        await asyncio.sleep(0)
        return types.InputPeerUser(5, 1)

    client.get_input_entity = slow
    builder = events.ChatAction(chats=["somebody"])
    assert not builder.resolved
    await asyncio.gather(*(builder.resolve(client) for _ in range(3)))
    await builder.resolve(client)
    assert (builder.resolved, builder.chats, asked) == (True, {5}, ["somebody"])


def test_a_builder_outlives_the_loop_in_which_it_could_not_be_resolved(client):
    """As one that a module makes, of a program that runs its loop twice."""
    builder = events.ChatAction(chats=["somebody"])
    failures = [ConnectionError("lost")] * 3

    async def slow(chat: Any) -> Any:
        await asyncio.sleep(0)
        if failures:
            raise failures.pop()
        return types.InputPeerUser(5, 1)

    async def run() -> list[Any]:
        return await asyncio.gather(*(builder.resolve(client) for _ in range(3)), return_exceptions=True)

    client.get_input_entity = slow
    assert [type(one) for one in asyncio.run(run())] == [ConnectionError] * 3
    assert asyncio.run(run()) == [None] * 3
    assert builder.chats == {5}


async def test_chats_that_cannot_be_resolved_are_tried_again(client):
    client.gives["get_input_entity"] = ValueError("nobody")
    builder = events.ChatAction(chats="somebody")
    with pytest.raises(ValueError, match="nobody"):
        await builder.resolve(client)
    client.gives["get_input_entity"] = types.InputPeerUser(5, 1)
    await builder.resolve(client)
    assert builder.chats == {5}


def test_filter_by_chat(build):
    event = build(events.ChatAction, "action added")
    builder = events.ChatAction(chats=[1])
    assert builder.filter(event) is None, "not resolved yet"
    builder.resolved = True
    builder.chats = {event.chat_id}
    assert builder.filter(event) is True
    builder.blacklist_chats = True
    assert builder.filter(event) is None
    builder.chats = {7}
    assert builder.filter(event) is True


async def test_filter_by_function(build):
    event = build(events.ChatAction, "action added")

    async def later(event: Any) -> int:
        return 5

    builder = events.ChatAction(func=lambda event: event.user_id)
    builder.resolved = True
    assert builder.filter(event) == 50
    builder.func = later
    assert await builder.filter(event) == 5


@pytest.mark.parametrize("builder", BUILDERS)
def test_names_of_events(builder):
    assert builder.Event.__name__ == "Event"
    assert builder.Event.__qualname__ == f"{builder.__name__}.Event"
    assert builder.Event._event_name == f"{builder.__name__}.Event"
    assert builder.build(types.UpdateConfig(), None, 99) is None


def test_builders_of_programs():
    class MyEvent(EventCommon):
        pass

    @name_inner_event
    class Mine(EventBuilder[MyEvent]):
        Event = MyEvent

        @classmethod
        def build(cls, update: Any, others: Any = None, self_id: Any = None) -> MyEvent:
            return cls.Event(types.PeerUser(5), 3, True)

    @name_inner_event
    class WithoutEvent(Mine):
        pass

    event = WithoutEvent.build(None)
    assert (event.chat_id, event._message_id, event._broadcast, event.original_update) == (5, 3, True, None)
    assert event.to_dict() == {"_": "test_builders_of_programs.<locals>.Mine.Event"[-10:], "original_update": None}
    event.own = 1
    assert str(event) == "Mine.Event(original_update=None, own=1)"


def test_builders_must_build():
    with pytest.raises(TypeError, match="abstract"):
        EventBuilder()  # type: ignore[abstract]


def test_events_as_text(build, client):
    event = build(events.MessageDeleted, types.UpdateDeleteMessages([1], 1, 1))
    assert str(event) == (
        "MessageDeleted.Event(original_update=UpdateDeleteMessages(messages=[1], pts=1, pts_count=1), "
        "deleted_id=1, deleted_ids=[1])"
    )
    assert event.stringify().startswith(
        "MessageDeleted.Event(\n\toriginal_update=UpdateDeleteMessages(\n\t\tmessages=["
    )
    assert event.client is client


def test_attributes_are_shown_in_the_order_that_is_known(build):
    read = build(events.MessageRead, types.UpdateReadHistoryOutbox(types.PeerUser(1), 5, 6, 7))
    assert list(read.to_dict()) == ["outbox", "contents", "max_id", "original_update", "_"]
    action = build(events.ChatAction, types.UpdateChatParticipantAdd(1, 2, 3, None, 5))
    assert list(action.to_dict()) == [
        "action_message", "original_update", "new_pin", "new_photo", "photo", "user_added", "user_joined", "user_left",
        "user_kicked", "unpin", "created", "new_title", "new_score", "_",
    ]  # fmt: skip


def test_events_pickle_by_their_old_name(build):
    event = events.MessageDeleted.build(types.UpdateDeleteMessages([1], 1, 1))
    again = pickle.loads(pickle.dumps(event))
    assert type(again) is events.MessageDeleted.Event
    assert again.deleted_ids == [1]


# -- marks of functions ------------------------------------------------------------------------------------------------


def test_register():
    @events.register(events.NewMessage(incoming=True))
    @events.register(events.MessageEdited)
    @events.register()
    async def handler(event: Any) -> None:
        pass

    kinds = [type(one) for one in events.list(handler)]
    assert kinds == [events.Raw, events.MessageEdited, events.NewMessage]
    assert events._get_handlers(handler) == events.list(handler)
    assert getattr(handler, "__tl.handlers") == events.list(handler)
    assert events.is_handler(handler)
    # The list that is given is a copy.
    events.list(handler).clear()
    assert len(events.list(handler)) == 3


def test_functions_without_mark():
    async def handler(event: Any) -> None:
        pass

    assert not events.is_handler(handler)
    assert events.list(handler) == []
    assert events._get_handlers(handler) is None
    assert events.unregister(handler) == 0
    assert not events.is_handler(handler)


def test_unregister():
    @events.register(events.NewMessage)
    @events.register(events.MessageEdited)
    @events.register(events.Raw)
    async def handler(event: Any) -> None:
        pass

    assert events.unregister(handler, events.Raw()) == 1
    assert events.unregister(handler, events.MessageRead) == 0
    # An edited message is a kind of new message.
    assert events.unregister(handler, events.NewMessage) == 2
    assert events.list(handler) == []
    assert events.is_handler(handler)
    events.register(events.Raw)(handler)
    assert events.unregister(handler) == 1


def test_stop_propagation_is_an_exception():
    assert issubclass(events.StopPropagation, Exception)


def test_the_cases_are_many():
    assert len(list(event_cases.updates(types))) > 80
