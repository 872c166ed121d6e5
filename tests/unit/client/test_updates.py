"""Handlers of events as programs add and remove them, and how long a client runs; as Telethon 1.45.0 does."""

from __future__ import annotations

import asyncio
import inspect
from typing import Any

import pytest
from following import Following, Telegram

from telethon import TelegramClient, errors, events
from telethon.client import updates as module
from telethon.client._dispatch import EventBuilderDict
from telethon.client._updateengine import UpdateEngine
from telethon.events.common import EventBuilder
from telethon.testing.clock import run_virtual
from telethon.tl import functions, types


def make(**options: Any) -> Any:
    return TelegramClient(None, 1, "hash", **options)


async def handler(event: Any) -> None:
    """Handle."""


async def other(event: Any) -> None:
    """Handle as well."""


# -- handlers ----------------------------------------------------------------------------------------------------------


def test_add_by_class_instance_or_nothing():
    client = make()
    builder = events.NewMessage(pattern="x")
    client.add_event_handler(handler, events.NewMessage)
    client.add_event_handler(handler, builder)
    client.add_event_handler(handler)
    kinds = [(callback, type(one)) for callback, one in client.list_event_handlers()]
    assert kinds == [(handler, events.NewMessage), (handler, events.NewMessage), (handler, events.Raw)]
    assert client.list_event_handlers()[1][1] is builder
    # The private list that plug-ins work on has them the other way round.
    assert client._event_builders[1] == (builder, handler)


def test_add_a_marked_function():
    @events.register(events.NewMessage(incoming=True))
    @events.register(events.MessageEdited)
    async def marked(event):
        pass

    client = make()
    client.add_event_handler(marked, events.Raw)
    assert [type(one) for _, one in client.list_event_handlers()] == [events.MessageEdited, events.NewMessage]


def test_remove():
    client = make()
    builders = client._event_builders
    for builder in (events.NewMessage, events.MessageEdited, events.Raw, events.NewMessage):
        client.add_event_handler(handler, builder)
    client.add_event_handler(other, events.NewMessage)
    assert client.remove_event_handler(handler, events.MessageRead) == 0
    # Only the class of a builder counts, and edited messages are a kind of new ones.
    assert client.remove_event_handler(handler, events.NewMessage(pattern="x")) == 3
    assert client.remove_event_handler(handler) == 1
    assert client.remove_event_handler(handler) == 0
    assert client.list_event_handlers() == [(other, builders[0][0])]
    assert client._event_builders is builders


def test_on_gives_the_function_back():
    client = make()
    assert client.on(events.NewMessage)(handler) is handler
    assert len(client.list_event_handlers()) == 1


def test_methods_of_objects_can_be_removed():
    class Plugin:
        async def handle(self, event):
            pass

    client, plugin = make(), Plugin()
    client.add_event_handler(plugin.handle, events.Raw)
    assert client.remove_event_handler(plugin.handle) == 1


def test_names_of_the_module():
    assert module.EventBuilderDict is EventBuilderDict
    assert module.EventBuilder is EventBuilder
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        module.nothing  # noqa: B018


def test_signatures():
    assert not inspect.iscoroutinefunction(TelegramClient.run_until_disconnected)
    assert inspect.iscoroutinefunction(TelegramClient.catch_up)
    assert inspect.iscoroutinefunction(TelegramClient.set_receive_updates)


# -- updates -----------------------------------------------------------------------------------------------------------


def test_the_client_drives_an_engine():
    client = make(catch_up=True, sequential_updates=True, entity_cache_limit=7)
    engine = client._engine
    assert isinstance(engine, UpdateEngine)
    settings = engine._settings
    assert (settings.catch_up, settings.sequential, settings.entity_limit) == (True, True, 7)
    assert client._message_box is engine.view
    assert engine.view._box() is engine.box
    assert engine._is_wanted()
    client._no_updates = True
    assert not engine._is_wanted()
    assert engine._last_request() == client._last_request
    assert engine._store._session() is client.session


async def test_questions_do_not_sleep_through_flood_waits(scripted):
    client = scripted({"GetState": errors.FloodWaitError(None, capture=3)})
    with pytest.raises(errors.FloodWaitError):
        await client._engine._ask(functions.updates.GetStateRequest())
    assert client.pauses == []


async def test_set_receive_updates(scripted):
    client = scripted({"GetState": types.updates.State(1, 1, None, 1, 0)}, receive_updates=False)
    await client.set_receive_updates(True)
    assert client._sender.names == ["GetState"]
    assert client._no_updates is False
    await client.set_receive_updates(False)
    assert client._sender.names == ["GetState"]
    assert client._no_updates is True
    # From now on requests say so.
    assert client._invoker._receive_updates is False


async def test_catch_up_asks_for_what_was_missed():
    client = make()
    await client.catch_up()
    assert client._engine._box._asking.wanted


async def test_preprocessing():
    client = make()
    bob = types.User(50, access_hash=5)
    [update] = await client._preprocess_updates([types.UpdateConfig()], [bob], [])
    assert update._entities == {50: bob}
    assert client._mb_entity_cache.get(50).hash == 5


# -- running -----------------------------------------------------------------------------------------------------------


def running(scripted: Any, error: BaseException | None = None, **options: Any) -> Any:
    """A client whose connection ends when it is disconnected, or by *error*."""
    client = scripted({"GetState": types.updates.State(1, 1, None, 1, 0)}, **options)
    sender = client._sender
    loop = client.loop
    sender.disconnected = loop.create_future()

    async def disconnect() -> None:
        sender.connected = False
        if not sender.disconnected.done():
            sender.disconnected.set_result(None)

    sender.disconnect = disconnect
    if error is not None:
        loop.call_later(0.01, sender.disconnected.set_exception, error)
    return client


@pytest.fixture
def outside(request: Any) -> Any:
    """A loop that is the current one, but does not run."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    yield loop
    left = asyncio.all_tasks(loop)
    asyncio.set_event_loop(None)
    loop.close()
    assert not left, f"left behind: {left}"


def test_outside_of_a_loop_it_blocks_until_disconnected(outside, scripted):
    client = running(scripted)
    outside.call_later(0.01, lambda: client.disconnect())
    assert client.run_until_disconnected() is None
    assert client._sender.names == ["GetState"]
    assert not client._sender.connected


def test_a_task_that_disconnects_goes_on_behind_that(outside, scripted):
    client = running(scripted)
    done = []

    async def work() -> None:
        await asyncio.sleep(0.01)
        await client.disconnect()
        done.append("behind that")

    task = outside.create_task(work())
    assert client.run_until_disconnected() is None
    assert done == ["behind that"]
    assert task.done()


async def test_a_handler_may_wait_for_the_end_itself(scripted):
    client = running(scripted, receive_updates=False)
    handler = asyncio.ensure_future(client.run_until_disconnected())
    client._event_handler_tasks.add(handler)
    await asyncio.sleep(0)
    await asyncio.wait_for(client.disconnect(), 5)
    assert handler.cancelled() or handler.done()


def test_ctrl_c_ends_it_quietly_and_cleanly(outside, scripted):
    client = running(scripted)

    def press() -> None:
        raise KeyboardInterrupt

    outside.call_later(0.01, press)
    assert client.run_until_disconnected() is None
    assert not client._sender.connected


def test_a_lost_connection_is_raised(outside, scripted):
    client = running(scripted, ConnectionError("gone"))
    with pytest.raises(ConnectionError, match="gone"):
        client.run_until_disconnected()
    assert not client._sender.connected


def test_E4_the_end_of_the_login_is_raised(outside, scripted):
    client = running(scripted)
    outside.call_later(0.01, client._on_login_lost, errors.SessionRevokedError(None))
    with pytest.raises(errors.SessionRevokedError):
        client.run_until_disconnected()
    assert not client._sender.connected


async def test_inside_of_a_loop_it_is_awaited(scripted):
    client = running(scripted, receive_updates=False)
    waiting = asyncio.ensure_future(client.run_until_disconnected())
    await asyncio.sleep(0.01)
    assert not waiting.done()
    await client.disconnect()
    assert await waiting is None
    # No updates are wanted, so that Telegram need not be told.
    assert client._sender.names == []


async def test_a_client_that_is_not_logged_in_says_so(scripted):
    client = running(scripted)
    client._sender.answers["GetState"] = [errors.AuthKeyUnregisteredError]
    with pytest.raises(errors.AuthKeyUnregisteredError):
        await client.run_until_disconnected()
    assert not client._sender.connected


def test_a_client_that_was_disconnected_inside_of_its_loop(outside, scripted):
    client = running(scripted)
    client.disconnect = lambda: None  # as outside of a loop, where it blocks
    outside.call_later(0.01, client._sender.disconnected.set_result, None)
    assert client.run_until_disconnected() is None


def test_the_loop_that_keeps_telegram_sending_is_one_that_programs_can_replace():
    async def run() -> None:
        ended = []

        class Client(TelegramClient):
            async def _keepalive_loop(self) -> None:
                try:
                    await super()._keepalive_loop()
                finally:
                    ended.append(self)

        following = Following(Telegram())
        following.client.__class__ = Client
        # Without a connection there is nothing to keep.
        await following.client._keepalive_loop()
        assert ended == [following.client]
        async with following:
            asked = following.telegram.names.count("GetState")
            task = following.client._keepalive_handle
            assert task is not None
            assert task is not following.client._updates_handle
            await asyncio.sleep(31 * 60)
            assert following.telegram.names.count("GetState") == asked + 1
            assert not task.done()
        assert task.cancelled()
        assert len(ended) == 2

    run_virtual(run())
