"""How a client is doing, in numbers and in words."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest
from following import Following, Telegram, virtual
from updates_model import ACCOUNT

from telethon import TelegramClient, events
from telethon.client import ConnectionChange, Health
from telethon.client._health import Connections
from telethon.client._updatequeue import LIMIT
from telethon.testing.clock import run_virtual
from telethon.tl import functions, types

LOG = logging.getLogger("telethon.test")


def connected(following: Following) -> Following:
    following.client._connections.changed("connected")
    return following


@virtual
async def test_all_is_well():
    async with connected(Following(Telegram())) as following:
        following.note()
        following.happen()
        following.happen()
        await asyncio.sleep(2)
        health = following.client.health()
        assert health.is_well
        assert health.problems == ()
        assert (health.received, health.handed_out, health.questions, health.failed_questions) == (2, 2, 1, 0)
        assert (health.queued, health.in_line, health.running, health.unfinished) == (0, 0, 0, None)
        assert health.last_update == pytest.approx(2)
        assert (health.lag, health.unsaved, health.missed, health.floods, health.stalls) == (0, 0, 0, 0, 0)


@virtual
async def test_before_anything_came():
    following = Following(Telegram())
    health = following.client.health()
    assert health.connection == "disconnected"
    assert (health.last_update, health.delay) == (None, None)
    assert health.problems == ("the client is not connected; call connect() or start()",)
    assert not health.is_well


def test_outside_of_an_event_loop():
    assert TelegramClient(None, 1, "hash").health().connection == "disconnected"


@virtual
async def test_the_delay_is_by_the_clock_of_telegram():
    async with connected(Following(Telegram())) as following:
        now = following.client._clock.now().wall
        following.client._sender._state.time_offset = 100
        following.put(types.UpdateConfig())
        import datetime

        container = following.client._updates_queue._queue[-1]
        container.date = datetime.datetime.fromtimestamp(now + 97, datetime.timezone.utc)
        await asyncio.sleep(5)
        assert following.client.health().delay == pytest.approx(3, abs=0.5)


@virtual
async def test_slow_handlers_in_line_are_told_with_what_to_do():
    async with connected(Following(Telegram(), sequential_updates=True)) as following:

        @following.client.on(events.NewMessage)
        async def handler(event: Any) -> None:
            await asyncio.sleep(100)

        for _ in range(3):
            following.happen()
        await asyncio.sleep(20)
        health = following.client.health()
        assert health.lag == pytest.approx(20, abs=1)
        assert (health.in_line, health.running) == (2, 1)
        assert "handlers take too long" in health.problems[0]


def test_updates_that_wait_long_are_told_in_the_log_once_a_minute(caplog, monkeypatch):
    async def main() -> None:
        async with connected(Following(Telegram())) as following:
            monkeypatch.setattr(following.engine.dispatcher, "limit", 1)

            @following.client.on(events.NewMessage)
            async def handler(event: Any) -> None:
                await asyncio.sleep(1000)

            for _ in range(10):
                following.happen()
                await asyncio.sleep(0.1)
            await asyncio.sleep(40)
            assert following.client.health().worst_lag > 4

    with caplog.at_level(logging.WARNING):
        run_virtual(main())
    told = [record.getMessage() for record in caplog.records if "for their handlers" in record.getMessage()]
    assert len(told) <= 2


@virtual
async def test_U9_a_flood_is_counted():
    async with connected(Following(Telegram())) as following:
        for _ in range(LIMIT):
            following.server.add(ACCOUNT)
            following.client._updates_queue.put_nowait(types.UpdateShort(types.UpdateConfig(), None))
        await asyncio.sleep(5)
        health = following.client.health()
        assert health.floods == 1
        assert health.worst_lag < 1


@virtual
async def test_what_cannot_be_stored_is_told():
    async with connected(Following(Telegram())) as following:

        def fail(*args: Any) -> None:
            raise OSError("full")

        following.client.session.set_update_state = fail
        following.happen()
        await asyncio.sleep(20)
        health = following.client.health()
        assert health.unsaved == pytest.approx(20, abs=1)
        assert "could not be written" in health.problems[0]
        del following.client.session.set_update_state
        following.happen()
        await asyncio.sleep(2)
        assert following.client.health().is_well


@virtual
async def test_unfinished_and_missed():
    telegram = Telegram()
    async with connected(Following(telegram)) as following:
        following.client._engine.watch.missed = 3
        assert following.client.health().missed == 3


@virtual
async def test_a_wheel_that_has_stopped_is_told():
    async with connected(Following(Telegram())) as following:
        task = following.engine.task
        task.cancel()
        await asyncio.wait([task])
        assert following.client.health().problems == (
            "updates are not followed any more; disconnect and connect again",
        )


def test_a_connection_that_is_lost_for_long():
    health = Health("lost", 31.0, *[0] * 2, 0.0, 0.0, None, *[0] * 3, None, *[0] * 8, 0.0).judged(False)  # type: ignore[arg-type]
    assert "no connection for 31 s" in health.problems[0]


# -- stalls ------------------------------------------------------------------------------------------------------------


def test_U5_I9_I12_telegram_stops_to_send_and_that_heals_itself(caplog):
    """What should have been sent is found after 15 minutes, then every minute, and then over a new connection."""

    async def main() -> None:
        made: list[Any] = []
        async with connected(Following(Telegram())) as following:
            following.note()
            following.engine.watch._reconnect = lambda: made.append(asyncio.get_running_loop().time())
            start = asyncio.get_running_loop().time()
            following.server.add(ACCOUNT)
            await asyncio.sleep(15 * 60 + 5)
            assert following.names == [(ACCOUNT, 1)]
            assert following.client.health().stalls == 1
            assert made == []
            following.server.add(ACCOUNT)
            await asyncio.sleep(65)
            assert following.names == [(ACCOUNT, 1), (ACCOUNT, 2)]
            assert following.client.health().stalls == 2
            assert [when - start < 1000 for when in made] == [True]
            # It is sent again: everything is as before.
            following.happen()
            await asyncio.sleep(1)
            asked = following.telegram.names.count("GetDifference")
            await asyncio.sleep(14 * 60)
            assert following.telegram.names.count("GetDifference") == asked == 2

    with caplog.at_level(logging.WARNING):
        run_virtual(main())
    told = [record.getMessage() for record in caplog.records]
    assert "asked every minute" in told[0]
    assert "a new one is made" in told[1]


@virtual
async def test_silence_because_nothing_happens_is_no_stall():
    async with connected(Following(Telegram())) as following:
        following.happen()
        await asyncio.sleep(3 * 3600)
        assert following.client.health().stalls == 0
        asked = [request for _, request in following.telegram.asked]
        assert sum(isinstance(one, functions.updates.GetDifferenceRequest) for one in asked) == 11


# -- the connection ----------------------------------------------------------------------------------------------------


async def test_changes_are_told_with_how_long_the_state_before_lasted():
    time = 10.0
    connections = Connections(lambda: time, LOG)
    told: list[ConnectionChange] = []

    async def listener(change: ConnectionChange) -> None:
        await asyncio.sleep(0)
        told.append(change)

    connections.listeners += [told.append, listener]
    error = ConnectionError()
    for step, (state, reason) in enumerate(
        [("connected", None), ("connected", None), ("lost", error), ("reconnected", None), ("disconnected", None)]
    ):
        time += step
        connections.changed(state, reason)  # type: ignore[arg-type]
    await asyncio.sleep(0.01)
    assert told[:4] == [
        ("connected", None, 0),
        ("lost", error, 3),
        ("reconnected", None, 3),
        ("disconnected", None, 4),
    ]
    assert told[4:] == told[:4]
    assert connections.reconnections == 1


async def test_listeners_that_fail_concern_nobody(caplog):
    connections = Connections(lambda: 0.0, LOG)
    told: list[Any] = []

    def wrong(change: ConnectionChange) -> None:
        raise ValueError("first")

    async def wrong_later(change: ConnectionChange) -> None:
        raise ValueError("second")

    connections.listeners += [wrong, wrong_later, told.append]
    connections.changed("connected")
    await asyncio.sleep(0.01)
    assert len(told) == 1
    assert [str(record.exc_info[1]) for record in caplog.records] == ["first", "second"]
