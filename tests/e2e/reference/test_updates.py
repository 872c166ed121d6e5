"""Handlers, and the run of a client."""

from __future__ import annotations

import asyncio

import pytest
from reference import covers, fails

from telethon import errors, events


@covers("client.on", "client.add_event_handler", "client.remove_event_handler", "client.list_event_handlers")
@fails("client.on", "client.add_event_handler")
async def test_handlers(scene, eventually):
    heard = []

    @scene.client.on(events.NewMessage(incoming=True))
    async def first(event):
        heard.append(("first", event.raw_text))

    async def second(event):
        heard.append(("second", event.raw_text))
        raise events.StopPropagation

    async def third(event):
        heard.append(("third", event.raw_text))

    scene.client.add_event_handler(second, events.NewMessage(pattern="stop"))
    scene.client.add_event_handler(third, events.NewMessage)
    await scene.bob.chat(scene.ann).send("stop here")
    await scene.bob.chat(scene.ann).send("go on")
    await eventually(lambda: len(heard) >= 4)
    assert heard == [("first", "stop here"), ("second", "stop here"), ("first", "go on"), ("third", "go on")]
    assert [callback for callback, _ in scene.client.list_event_handlers()] == [first, second, third]
    assert scene.client.remove_event_handler(third) == 1
    assert scene.client.remove_event_handler(third) == 0
    with pytest.raises(TypeError):
        scene.client.add_event_handler(third, "new message")
    with pytest.raises(TypeError):

        @scene.client.on(5)
        async def never(event):
            pass


@covers("client.catch_up")
async def test_catching_up(scene, kept, eventually, settled):
    heard = []
    scene.client.add_event_handler(kept(heard), events.NewMessage(incoming=True))
    await settled(scene.server, scene.client)
    scene.server.faults.swallow(times=None)
    await scene.bob.chat(scene.ann).send("lost on the way")
    await asyncio.sleep(0.1)
    scene.server.faults.clear()
    assert heard == []
    await scene.client.catch_up()
    await eventually(lambda: heard)
    assert [event.raw_text for event in heard] == ["lost on the way"]


@covers("client.run_until_disconnected", "client.set_receive_updates")
@fails("client.run_until_disconnected", "client.set_receive_updates")
async def test_running(scene):
    await scene.client.set_receive_updates(True)
    running = asyncio.ensure_future(scene.client.run_until_disconnected())
    await asyncio.sleep(0.05)
    assert not running.done()
    await scene.client.disconnect()
    await asyncio.wait_for(running, 5)
    # Both ask the server, which a client that is not connected cannot.
    away = await scene.clients(scene.bob, connect=False)
    with pytest.raises(ConnectionError):
        await away.run_until_disconnected()
    with pytest.raises(ConnectionError):
        await away.set_receive_updates(True)


@covers("telethon.errors", "errors.FloodWaitError", "FloodWaitError.seconds", "errors.PeerFloodError")
@covers("telethon.functions", "telethon.events", "telethon.utils")
async def test_errors(scene):
    scene.server.faults.flood_wait("messages.SendMessage", 300)
    with pytest.raises(errors.FloodWaitError) as raised:
        await scene.client.send_message("me", "hi")
    assert raised.value.seconds == 300
    assert errors.FloodWaitError(request=None, capture=5).seconds == 5
    assert "spam" in str(errors.PeerFloodError(None)).lower()
