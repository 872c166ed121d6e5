"""From updates to handlers; the order and what ends it is as in Telethon 1.45.0."""

from __future__ import annotations

import asyncio
import gc
import logging
from typing import Any

import pytest
from following import BOB, Following, Telegram, virtual
from updates_model import DATE

from telethon import errors, events
from telethon.client._dispatch import EventBuilderDict
from telethon.testing.clock import run_virtual
from telethon.tl import types


def new(number: int = 11, **fields: Any) -> types.UpdateNewMessage:
    text = {"message": "hello", **fields}
    return types.UpdateNewMessage(types.Message(id=number, peer_id=types.PeerUser(50), date=DATE, **text), number, 1)


def plain(**options: Any) -> Following:
    return Following(Telegram(), **options)


@virtual
async def test_handlers_are_called_in_order_of_registration():
    async with plain() as following:
        called = []
        for number, builder in enumerate((events.Raw, events.NewMessage, events.Raw(), events.NewMessage(pattern="h"))):

            async def handler(event, number=number):
                await asyncio.sleep(1 / (number + 1))
                called.append(number)

            following.client.add_event_handler(handler, builder)
        following.put(new())
        await asyncio.sleep(5)
        assert called == [0, 1, 2, 3]


@virtual
async def test_stop_propagation_ends_it_for_that_update():
    async with plain() as following:
        called = []

        @following.client.on(events.NewMessage)
        async def first(event):
            called.append(("first", event.id))
            if event.id == 11:
                raise events.StopPropagation

        @following.client.on(events.Raw)
        async def second(update):
            called.append(("second", update.message.id))

        following.put(new(11), new(12))
        await asyncio.sleep(1)
        assert called == [("first", 11), ("first", 12), ("second", 12)]


def test_exceptions_are_told_and_the_next_handler_is_called(caplog):
    async def run() -> None:
        async with plain() as following:
            called = []

            @following.client.on(events.NewMessage)
            async def bad(event):
                raise ValueError("oops")

            @following.client.on(events.NewMessage)
            async def busy(event):
                raise errors.AlreadyInConversationError

            @following.client.on(events.NewMessage)
            async def good(event):
                called.append(event.id)

            following.put(new())
            await asyncio.sleep(1)
            assert called == [11]

    run_virtual(run())
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING] == [
        "Unhandled exception on bad"
    ]
    assert "ValueError: oops" in caplog.text


@pytest.mark.parametrize("reason", [KeyboardInterrupt, SystemExit])
def test_H11_a_handler_that_ends_the_program_ends_it_without_a_word(reason, caplog):
    async def run() -> None:
        async with plain() as following:

            @following.client.on(events.NewMessage)
            async def last(event):
                raise reason

            following.put(new())
            await asyncio.sleep(1)

    with pytest.raises(reason):
        run_virtual(run())
    # What asyncio says of a task whose error nobody has seen, it says when the task is thrown away.
    gc.collect()
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


@virtual
async def test_events_are_made_once_for_each_class_and_shared():
    async with plain() as following:
        seen: list[Any] = []

        @following.client.on(events.NewMessage)
        async def first(event):
            event.note = 1
            seen.append(event)

        @following.client.on(events.NewMessage(pattern="h"))
        async def second(event):
            seen.append(event)

        @following.client.on(events.Raw)
        async def third(update):
            seen.append(update)

        update = new()
        following.put(update)
        await asyncio.sleep(1)
        assert seen[0] is seen[1]
        assert seen[1].pattern_match.group() == "h"
        assert seen[0].original_update is seen[2] is update
        assert seen[0]._entities == {50: BOB}
        assert seen[0].client is seen[2]._client is following.client


def test_chats_that_nobody_can_find_are_told_and_looked_for_once_in_a_while(caplog):
    async def run() -> None:
        async with plain() as following:
            asked, called = [], []

            async def get_input_entity(peer):
                asked.append(peer)
                if len(asked) < 3:
                    raise ValueError(f'No user has "{peer}" as username')
                return types.InputPeerUser(50, 500)

            following.client.get_input_entity = get_input_entity  # type: ignore[method-assign]

            @following.client.on(events.NewMessage("bop"))
            async def misspelt(event):
                called.append(("misspelt", event.id))

            @following.client.on(events.NewMessage)
            async def other(event):
                called.append(("other", event.id))

            for wait, number in ((1, 11), (60, 12), (60, 13), (1, 14)):
                following.put(new(number))
                await asyncio.sleep(wait)
            assert asked == ["bop"] * 3
            assert called == [*(("other", number) for number in (11, 12, 13)), ("misspelt", 14), ("other", 14)]

    run_virtual(run())
    # Twice, and without the way it took through the library.
    told = 'Handler misspelt gets no events: one of its chats cannot be found. No user has "bop" as username'
    assert caplog.messages == [told, told]
    assert "Traceback" not in caplog.text


def test_what_a_filter_raises_is_told_as_such(caplog):
    async def run() -> None:
        async with plain() as following:
            called = []

            @following.client.on(events.NewMessage(func=lambda event: event.nothing))
            async def filtered(event):
                called.append("filtered")

            def stop(event):
                raise events.StopPropagation

            @following.client.on(events.NewMessage)
            async def good(event):
                called.append("good")

            @following.client.on(events.NewMessage(func=stop))
            async def stopped(event):
                called.append("stopped")

            @following.client.on(events.NewMessage)
            async def unheard(event):
                called.append("unheard")

            following.put(new())
            await asyncio.sleep(1)
            assert called == ["good"]

    run_virtual(run())
    assert caplog.messages == ["Unhandled exception on filtered, in the filter of its events"]
    assert "AttributeError" in caplog.text


@virtual
async def test_chats_are_resolved_before_the_first_event():
    async with plain() as following:
        asked, called = [], []

        async def get_input_entity(peer):
            asked.append(peer)
            await asyncio.sleep(1)
            return types.InputPeerUser(50, 500)

        following.client.get_input_entity = get_input_entity  # type: ignore[method-assign]

        @following.client.on(events.NewMessage("bob"))
        async def handler(event):
            called.append(event.id)

        following.put(new(11), new(12))
        await asyncio.sleep(3)
        following.put(new(13))
        await asyncio.sleep(0.1)
        assert asked == ["bob"]
        assert called == [11, 12, 13]


@virtual
async def test_filters_may_be_asynchronous_and_see_what_handlers_did():
    async with plain() as following:
        called: list[Any] = []

        async def later(event):
            await asyncio.sleep(0.1)
            return event.id % 2

        @following.client.on(events.NewMessage(func=later))
        async def odd(event):
            called.append(("odd", event.id))

        @following.client.on(events.NewMessage(func=lambda event: ("odd", event.id) in called))
        async def after(event):
            called.append(("after", event.id))

        following.put(new(11), new(12))
        await asyncio.sleep(1)
        assert called == [("odd", 11), ("after", 11)]


@virtual
async def test_no_task_is_made_for_updates_that_nobody_wants():
    async with plain() as following:
        dispatcher = following.engine.dispatcher

        async def never(event):
            raise AssertionError

        following.client.add_event_handler(never, events.NewMessage(pattern="/start"))
        following.client.add_event_handler(never, events.NewMessage(outgoing=True))
        following.client.add_event_handler(never, events.MessageEdited)
        # They are told to be resolved once.
        await asyncio.wait([task for task in [dispatcher.dispatch(new())] if task is not None])
        assert dispatcher.dispatch(new()) is None
        assert dispatcher.dispatch(types.UpdateConfig()) is None
        assert not dispatcher.running


@virtual
async def test_handlers_that_are_removed_or_added_meanwhile():
    async with plain() as following:
        called = []

        @following.client.on(events.NewMessage)
        async def once(event):
            called.append("once")
            following.client.remove_event_handler(once)
            following.client.add_event_handler(other, events.NewMessage)

        @following.client.on(events.NewMessage)
        async def second(event):
            called.append("second")

        async def other(event):
            called.append("other")

        following.put(new(11), new(12))
        await asyncio.sleep(1)
        assert called == ["once", "second", "second", "other"] or called[:3] == ["once", "second", "once"]
        called.clear()
        following.put(new(13))
        await asyncio.sleep(1)
        assert called[:2] == ["second", "other"]


@virtual
async def test_handlers_may_be_plain_functions():
    async with plain() as following:
        called = []
        following.client.add_event_handler(lambda event: called.append(event.id), events.NewMessage)
        following.put(new())
        await asyncio.sleep(1)
        assert called == [11]


@virtual
async def test_handlers_of_class_instances():
    class Handler:
        def __init__(self) -> None:
            self.called: list[int] = []

        async def __call__(self, event):
            self.called.append(event.id)
            raise ValueError("told by its repr")

    async with plain() as following:
        handler = Handler()
        following.client.add_event_handler(handler, events.NewMessage)
        following.put(new())
        await asyncio.sleep(1)
        assert handler.called == [11]


@virtual
async def test_builders_of_programs():
    class Loud(events.NewMessage):
        def filter(self, event):
            return event.raw_text.isupper()

    async with plain() as following:
        called = []
        following.client.add_event_handler(lambda event: called.append(event.id), Loud())
        following.put(new(11), new(12, message="HELLO"))
        await asyncio.sleep(1)
        following.put(new(13), new(14, message="HELLO"))
        await asyncio.sleep(1)
        assert called == [12, 14]


@virtual
async def test_cancelled_handlers_end_when_the_client_does():
    following = plain()
    async with following:
        ended = []

        @following.client.on(events.NewMessage)
        async def handler(event):
            try:
                await asyncio.sleep(100)
            finally:
                ended.append(event.id)

        @following.client.on(events.NewMessage)
        async def second(event):
            raise AssertionError

        following.put(new())
        await asyncio.sleep(1)
    assert ended == [11]
    assert not following.client._event_handler_tasks


@virtual
async def test_albums_are_gathered_and_handed_out():
    async with plain() as following:
        albums: list[Any] = []

        @following.client.on(events.Album(chats=50))
        async def handler(event):
            albums.append([message.id for message in event])
            raise events.StopPropagation

        @following.client.on(events.Album)
        async def second(event):
            raise AssertionError

        singles = []
        following.client.add_event_handler(lambda event: singles.append(event.id), events.NewMessage)
        following.client.add_event_handler(lambda event: None, events.Raw)
        following.put(new(11, grouped_id=5), new(12, grouped_id=5))
        await asyncio.sleep(0.3)
        following.put(new(13, grouped_id=5))
        await asyncio.sleep(0.9)
        assert albums == []
        await asyncio.sleep(1)
        assert albums == [[11, 12, 13]]
        assert singles == [11, 12, 13]
        assert following.client._albums == {}


@virtual
async def test_events_by_hand():
    async with plain() as following:
        called = []
        following.client.add_event_handler(lambda event: called.append(event.id), events.NewMessage)
        await following.client._dispatch_update(new())
        await following.client._dispatch_update(types.UpdateConfig())
        assert called == [11]
        made = EventBuilderDict(following.client, new(), None)
        assert made[events.NewMessage] is made[events.NewMessage]
        assert made[events.MessageRead] is None
        assert (made.client, made.others) == (following.client, None)


# -- conversations -----------------------------------------------------------------------------------------------------


class Talk:
    """Stands for a conversation."""

    def __init__(self) -> None:
        self.told: list[tuple[str, Any]] = []
        self._custom: dict[int, Any] = {}
        self.fails: BaseException | None = None

    def _on_new_message(self, event: Any) -> None:
        if self.fails is not None:
            raise self.fails
        self.told.append(("new", event.id))

    def _on_edit(self, event: Any) -> None:
        self.told.append(("edit", event.id))

    def _on_read(self, event: Any) -> None:
        self.told.append(("read", event.max_id))

    async def _check_custom(self, built: Any) -> None:
        self.told.append(("custom", built[events.Raw]))
        if self.fails is not None:
            raise self.fails


@virtual
async def test_conversations_are_told_before_handlers():
    async with plain() as following:
        talk = Talk()
        following.client._conversations[50].add(talk)
        following.client.add_event_handler(lambda event: talk.told.append(("handler", event.id)), events.NewMessage)
        edit = types.UpdateEditMessage(new(11).message, 12, 1)
        read = types.UpdateReadHistoryOutbox(types.PeerUser(50), 30, 13, 1)
        following.put(new(11), edit, read)
        await asyncio.sleep(1)
        # Those who wait are told at once, handlers run as soon as it is their turn.
        assert talk.told == [("new", 11), ("edit", 11), ("read", 30), ("handler", 11)]


@virtual
async def test_conversations_that_wait_for_events():
    async with plain() as following:
        talk = Talk()
        talk._custom[1] = "something"
        following.client._conversations[50].add(talk)
        following.put(types.UpdateConfig())
        await asyncio.sleep(1)
        assert talk.told == [("custom", types.UpdateConfig())]
        assert not following.client._event_handler_tasks


def test_conversations_that_fail_disturb_nobody(caplog):
    async def run() -> None:
        async with plain() as following:
            bad, good, called = Talk(), Talk(), []
            bad.fails = ValueError("bad")
            following.client._conversations[50].update((bad, good))
            following.client.add_event_handler(lambda event: called.append(event.id), events.NewMessage)
            following.put(new(11))
            await asyncio.sleep(1)
            assert good.told == [("new", 11)]
            assert called == [11]
            bad._custom[1] = "something"
            following.put(types.UpdateConfig())
            await asyncio.sleep(1)

    run_virtual(run())
    assert caplog.messages == ["Unhandled exception in a conversation"] * 2


@pytest.mark.parametrize("name", ["handler", "conversation"])
def test_exceptions_tell_no_message_text(name, caplog):
    async def run() -> None:
        async with plain() as following:
            talk = Talk()
            talk.fails = ValueError("bad")
            if name == "conversation":
                following.client._conversations[50].add(talk)

            @following.client.on(events.NewMessage)
            async def handler(event):
                raise ValueError("bad")

            following.put(new(11, message="canary-text"))
            await asyncio.sleep(1)

    with caplog.at_level(logging.DEBUG):
        run_virtual(run())
    assert "bad" in caplog.text
    assert "canary-text" not in caplog.text
