"""Conversations, in virtual time. What is expected was seen on Telethon 1.45, but where a test says otherwise."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from functools import wraps
from types import SimpleNamespace
from typing import Any

import pytest
from fakeclient import ALICE, INPUT_CHANNEL, INPUT_USER, ME, FakeClient, message

from telethon.errors import AlreadyInConversationError
from telethon.testing.clock import run_virtual
from telethon.tl import types
from telethon.tl.custom.conversation import Conversation

SENT = 10
OPTIONS = {
    "timeout": 60,
    "total_timeout": None,
    "max_messages": 5,
    "exclusive": True,
    "replies_are_responses": True,
}


def virtual(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    @wraps(test)
    def run(*args: Any, **kwargs: Any) -> None:
        run_virtual(test(*args, **kwargs))

    return run


def make(client: Any = None, **options: Any) -> Conversation:
    numbers = iter(range(SENT, 1000, 10))
    client = client or FakeClient()
    client.answers = {
        "get_input_entity": INPUT_USER,
        "get_peer_id": ALICE,
        "send_message": lambda *args, **kwargs: message(id=next(numbers), out=True),
        "send_file": lambda *args, **kwargs: message(id=next(numbers), out=True),
        "send_read_acknowledge": True,
        **client.answers,
    }
    return Conversation(client, "bot", **{**OPTIONS, **options})


def come(conversation: Conversation, msg_id: int, **fields: Any) -> types.Message:
    """A message comes."""
    found = message(id=msg_id, **fields)
    conversation._on_new_message(SimpleNamespace(message=found))
    return found


def reply(conversation: Conversation, msg_id: int, to: int = SENT) -> types.Message:
    return come(conversation, msg_id, reply_to=types.MessageReplyHeader(reply_to_msg_id=to))


def edit(conversation: Conversation, msg_id: int, text: str = "new", **fields: Any) -> types.Message:
    found = message(id=msg_id, message=text, **fields)
    conversation._on_edit(SimpleNamespace(message=found))
    return found


def read(conversation: Conversation, max_id: int, chat_id: int = ALICE, inbox: bool = False) -> None:
    conversation._on_read(SimpleNamespace(chat_id=chat_id, max_id=max_id, inbox=inbox))


async def times_out(waiting: Awaitable[Any], seconds: float) -> bool:
    """Whether waiting ends without result after just so many seconds."""
    loop = asyncio.get_running_loop()
    start = loop.time()
    with pytest.raises(asyncio.TimeoutError):
        await waiting
    return loop.time() - start == pytest.approx(seconds)


# ---- sending


@virtual
async def test_sending() -> None:
    client = FakeClient()
    async with make(client) as conversation:
        sent = await conversation.send_message("hi", a=1)
        assert sent.id == SENT
        assert (await conversation.send_file("f", b=2)).id == SENT + 10
        assert client.calls[-2:] == [
            ("send_message", (INPUT_USER, "hi"), {"a": 1}),
            ("send_file", (INPUT_USER, "f"), {"b": 2}),
        ]
        assert conversation._target(None) == SENT + 10


@virtual
async def test_answers_come_after_the_last_message_of_an_album() -> None:
    """Telethon looks for the id of the list."""
    client = FakeClient(send_file=[message(id=10), message(id=11)])
    async with make(client) as conversation:
        await conversation.send_file(["a", "b"])
        come(conversation, 11)
        answer = come(conversation, 12)
        assert await conversation.get_response() is answer


@virtual
async def test_answers_come_after_the_last_message_of_a_long_text() -> None:
    client = FakeClient()
    client.answers["send_message"] = [message(id=10, out=True), message(id=11, out=True)]
    async with make(client) as conversation:
        assert [one.id for one in await conversation.send_message("long", split=True)] == [10, 11]
        come(conversation, 12)
        assert (await conversation.get_response()).id == 12


@virtual
async def test_marking_as_read() -> None:
    client = FakeClient()
    async with make(client) as conversation:
        assert await conversation.mark_read() is True
        come(conversation, 11)
        await conversation.mark_read()
        await conversation.mark_read(55)
        await conversation.mark_read(message(id=77))
        assert [call[2]["max_id"] for call in client.calls if call[0] == "send_read_acknowledge"] == [0, 11, 55, 77]


# ---- responses


@virtual
async def test_response_that_is_waited_for() -> None:
    async with make() as conversation:
        await conversation.send_message("hi")
        waiting = conversation.get_response()
        # What comes before the result is awaited is not lost.
        answer = come(conversation, 11)
        assert await waiting is answer


@virtual
async def test_responses_are_given_in_order_each_once() -> None:
    async with make() as conversation:
        await conversation.send_message("hi")
        first, second = come(conversation, 11), come(conversation, 12)
        assert await conversation.get_response() is first
        assert await conversation.get_response() is second
        waiting = asyncio.ensure_future(conversation.get_response())
        await asyncio.sleep(0)
        third = come(conversation, 13)
        assert await waiting is third
        assert await times_out(conversation.get_response(), 60)


@virtual
async def test_responses_after_a_given_message() -> None:
    async with make() as conversation:
        first, second = come(conversation, 11), come(conversation, 12)
        assert await conversation.get_response(11) is second
        assert await conversation.get_response(message(id=9)) is first
        assert await conversation.get_response(9) is second


@virtual
async def test_other_chats_and_own_messages_are_none_of_its_business() -> None:
    async with make() as conversation:
        come(conversation, 11, peer_id=types.PeerUser(6))
        come(conversation, 12, out=True)
        assert await times_out(conversation.get_response(1), 60)


@virtual
async def test_several_who_wait_get_one_message_each() -> None:
    """On Telethon the last one who waits gets the first message, and the others none."""
    async with make() as conversation:
        waiting = [asyncio.ensure_future(conversation.get_response(1)) for _ in range(2)]
        await asyncio.sleep(0)
        answers = [come(conversation, 11), come(conversation, 12)]
        assert await asyncio.gather(*waiting) == answers


@virtual
async def test_going_on_after_a_timeout() -> None:
    """On Telethon the next message raises `InvalidStateError` where the update is handled."""
    async with make() as conversation:
        assert await times_out(conversation.get_response(1, timeout=5), 5)
        answer = come(conversation, 11)
        assert await conversation.get_response(1) is answer


@pytest.mark.parametrize("method", ["get_response", "get_reply", "get_edit", "wait_read"])
def test_nothing_was_sent(method: str) -> None:
    @virtual
    async def test() -> None:
        async with make() as conversation:
            with pytest.raises(ValueError, match="No message was sent previously"):
                getattr(conversation, method)()

    test()


# ---- replies


@virtual
async def test_reply() -> None:
    async with make() as conversation:
        await conversation.send_message("hi")
        waiting = asyncio.ensure_future(conversation.get_reply())
        await asyncio.sleep(0)
        come(conversation, 11)
        reply(conversation, 12, to=3)
        assert not waiting.done()
        answer = reply(conversation, 13)
        assert await waiting is answer


@virtual
async def test_reply_that_came_before_after_something_else() -> None:
    """Telethon only looks at the next message, and then waits for another reply."""
    async with make() as conversation:
        await conversation.send_message("hi")
        come(conversation, 11)
        answer = reply(conversation, 12)
        assert await conversation.get_reply() is answer


@pytest.mark.parametrize("shared", [True, False])
def test_replies_are_responses(shared: bool) -> None:
    @virtual
    async def test() -> None:
        async with make(replies_are_responses=shared) as conversation:
            await conversation.send_message("hi")
            answer = reply(conversation, 11)
            assert await conversation.get_response() is answer
            if shared:
                assert await times_out(conversation.get_reply(), 60)
            else:
                assert await conversation.get_reply() is answer

    test()


# ---- edits


@virtual
async def test_edit_that_is_waited_for() -> None:
    async with make() as conversation:
        await conversation.send_message("hi")
        come(conversation, 11)
        waiting = conversation.get_edit()
        changed = edit(conversation, 11)
        assert await waiting is changed
        assert await conversation.get_response() is changed


@virtual
async def test_edits_are_given_in_order_each_once() -> None:
    async with make() as conversation:
        await conversation.send_message("hi")
        edit(conversation, 5)
        edit(conversation, 11, peer_id=types.PeerUser(6))
        edit(conversation, 11, out=True)
        first, second = edit(conversation, 11, "a"), edit(conversation, 11, "b")
        assert await conversation.get_edit() is first
        assert await conversation.get_edit() is second
        assert await times_out(conversation.get_edit(), 60)
        assert (await conversation.get_edit(1)).id == 5


# ---- reads


@virtual
async def test_read_that_is_waited_for() -> None:
    async with make() as conversation:
        await conversation.send_message("hi")
        waiting = [asyncio.ensure_future(conversation.wait_read()) for _ in range(2)]
        await asyncio.sleep(0)
        read(conversation, 9)
        read(conversation, SENT, inbox=True)
        read(conversation, SENT, chat_id=6)
        await asyncio.sleep(0)
        assert not any(one.done() for one in waiting)
        read(conversation, SENT)
        assert await asyncio.gather(*waiting) == [True, True]


@virtual
async def test_reading_further_counts_too() -> None:
    """On Telethon waiting goes on, and what is read already cannot be awaited."""
    async with make() as conversation:
        waiting = conversation.wait_read(300)
        read(conversation, 600)
        assert await waiting is True
        assert await conversation.wait_read(600) is None
        assert await times_out(conversation.wait_read(601), 60)


# ---- other events


class Built(dict[Any, Any]):
    """The events of an update by the class of their builder."""

    def __missing__(self, key: Any) -> None:
        return None


class Builder:
    """A builder of events, which are numbers here."""

    def __init__(self, wanted: int = 1, lazy: bool = False) -> None:
        self.wanted = wanted
        self.lazy = lazy
        self.resolved_by: Any = None

    async def resolve(self, client: Any) -> None:
        self.resolved_by = client

    def filter(self, event: int) -> Any:
        if not self.lazy:
            return event == self.wanted

        async def later() -> bool:
            await asyncio.sleep(1)
            return event == self.wanted

        return later()


@pytest.mark.parametrize("event", [Builder(), Builder(lazy=True), Builder])
def test_event(event: Any) -> None:
    @virtual
    async def test() -> None:
        client = FakeClient()
        async with make(client) as conversation:
            waiting = asyncio.ensure_future(conversation.wait_event(event))
            await asyncio.sleep(0)
            [(builder, _)] = conversation._custom.values()
            assert builder.resolved_by is client
            await conversation._check_custom(Built())
            await conversation._check_custom(Built({Builder: 2}))
            assert not waiting.done()
            await conversation._check_custom(Built({Builder: 1}))
            assert await waiting == 1
            assert conversation._custom == {}

    test()


@virtual
async def test_event_that_does_not_happen() -> None:
    async with make() as conversation:
        assert await times_out(conversation.wait_event(Builder), 60)
        assert conversation._custom == {}
        await conversation._check_custom(Built({Builder: 1}))


@virtual
async def test_event_that_comes_while_time_runs_out() -> None:
    async with make() as conversation:
        waiting = asyncio.ensure_future(conversation.wait_event(Builder(lazy=True), timeout=0.5))
        await asyncio.sleep(0)
        checking = asyncio.ensure_future(conversation._check_custom(Built({Builder: 1})))
        assert await times_out(waiting, 0.5)
        await checking


# ---- limits


@pytest.mark.parametrize(
    ("options", "timeout", "seconds"),
    [
        ({}, None, 60),
        ({}, 5, 5),
        ({"timeout": None, "total_timeout": 7}, None, 7),
        ({"total_timeout": 7}, None, 7),
        ({"timeout": 3, "total_timeout": 7}, None, 3),
        ({"timeout": 3, "total_timeout": 7}, 30, 7),
    ],
)
def test_timeouts(options: Any, timeout: float | None, seconds: float) -> None:
    @virtual
    async def test() -> None:
        async with make(**options) as conversation:
            assert await times_out(conversation.get_response(1, timeout=timeout), seconds)

    test()


@virtual
async def test_waiting_for_ever() -> None:
    async with make(timeout=None) as conversation:
        waiting = asyncio.ensure_future(conversation.get_response(1))
        await asyncio.sleep(1_000_000)
        answer = come(conversation, 11)
        assert await waiting is answer


@virtual
async def test_total_time_counts_from_the_beginning() -> None:
    async with make(total_timeout=100) as conversation:
        await asyncio.sleep(90)
        assert await times_out(conversation.get_response(1), 10)


@virtual
async def test_too_many_messages() -> None:
    async with make(max_messages=2) as conversation:
        waiting = asyncio.ensure_future(conversation.get_reply(1))
        event = asyncio.ensure_future(conversation.wait_event(Builder))
        await asyncio.sleep(0)
        for number in (11, 12):
            come(conversation, number)
        assert not waiting.done()
        come(conversation, 13)
        for one in (waiting, event):
            with pytest.raises(ValueError, match="Too many incoming messages"):
                await one
        with pytest.raises(asyncio.CancelledError, match="The conversation was cancelled before"):
            conversation.get_response()


# ---- lifetime


@virtual
async def test_where_it_is() -> None:
    client = FakeClient()
    conversation = make(client)
    assert (conversation.chat_id, client.calls) == (None, [])
    async with conversation as entered:
        assert entered is conversation
        assert (conversation.chat_id, conversation.input_chat, conversation.is_private) == (ALICE, INPUT_USER, True)
        assert client._conversations == {ALICE: {conversation}}
    assert client._conversations == {}


@virtual
async def test_where_it_is_for_oneself_and_channels() -> None:
    client = FakeClient(get_input_entity=types.InputPeerSelf(), get_peer_id=ME)
    async with make(client) as conversation:
        assert conversation.chat_id == ME
    client = FakeClient(get_input_entity=INPUT_CHANNEL, get_peer_id=-1000000000009)
    async with make(client) as conversation:
        assert (conversation.chat_id, conversation.is_channel) == (-1000000000009, True)


@virtual
async def test_exclusive_conversations() -> None:
    client = FakeClient()
    async with make(client):
        with pytest.raises(AlreadyInConversationError):
            async with make(client):
                pass
        async with make(client, exclusive=False):
            assert len(client._conversations[ALICE]) == 2
        assert len(client._conversations[ALICE]) == 1


@pytest.mark.parametrize("method", ["get_response", "get_reply", "get_edit", "wait_read"])
def test_cancelling(method: str) -> None:
    @virtual
    async def test() -> None:
        async with make() as conversation:
            waiting = asyncio.ensure_future(getattr(conversation, method)(1))
            event = asyncio.ensure_future(conversation.wait_event(Builder))
            await asyncio.sleep(0)
            conversation.cancel()
            for one in (waiting, event):
                with pytest.raises(asyncio.CancelledError):
                    await one
            with pytest.raises(asyncio.CancelledError, match="The conversation was cancelled before"):
                getattr(conversation, method)(1)
            for coroutine in (conversation.send_message("x"), conversation.send_file("x")):
                with pytest.raises(asyncio.CancelledError):
                    await coroutine
            with pytest.raises(asyncio.CancelledError):
                conversation.mark_read()

    test()


@virtual
async def test_cancelling_all_of_a_chat() -> None:
    client = FakeClient()
    async with make(client) as first, make(client, exclusive=False) as second:
        await first.cancel_all()
        assert (first._cancelled, second._cancelled) == (True, True)


@virtual
async def test_leaving_cancels_and_forgets() -> None:
    client = FakeClient()
    conversation = make(client)
    await conversation.__aenter__()
    waiting = asyncio.ensure_future(conversation.get_response(1))
    await asyncio.sleep(0)
    await conversation.__aexit__(KeyError, KeyError("x"), None)
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert client._conversations == {}


@virtual
async def test_entering_again_begins_anew() -> None:
    conversation = make()
    async with conversation:
        await conversation.send_message("hi")
        come(conversation, 11)
    async with conversation:
        with pytest.raises(ValueError, match="No message was sent previously"):
            conversation.get_response()
        assert await times_out(conversation.get_response(1), 60)


@virtual
async def test_plain_with_is_refused_in_a_loop() -> None:
    with pytest.raises(RuntimeError, match="async with"), make():
        pass
