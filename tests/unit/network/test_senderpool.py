"""Senders to other data centres, with made-up senders and virtual time."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest

from telethon.network.senderpool import SenderPool


class Sender:
    def __init__(self, dc_id: int, cdn: bool) -> None:
        self.dc_id = dc_id
        self.cdn = cdn
        self.connected = True

    def is_connected(self) -> bool:
        return self.connected

    async def disconnect(self) -> None:
        self.connected = False
        await asyncio.sleep(0)


class World:
    """Opens senders as a test says."""

    def __init__(self, **options: Any) -> None:
        self.opened: list[Sender] = []
        self.delays: dict[int, float] = {}
        self.errors: dict[int, Exception] = {}
        self.pool = SenderPool(
            lambda dc_id: self.open(dc_id, False),
            lambda dc_id: self.open(dc_id, True),
            patience=lambda: 20.0,
            log=logging.getLogger("test"),
            **options,
        )

    async def open(self, dc_id: int, cdn: bool) -> Any:
        await asyncio.sleep(self.delays.get(dc_id, 0))
        if dc_id in self.errors:
            raise self.errors[dc_id]
        sender = Sender(dc_id, cdn)
        self.opened.append(sender)
        return sender

    @property
    def connected(self) -> list[int]:
        return [sender.dc_id for sender in self.opened if sender.connected]


def test_a_sender_is_shared_and_kept_for_a_minute(virtual):
    async def main() -> None:
        world = World()
        first = await world.pool.borrow(4)
        assert await world.pool.borrow(4) is first
        assert world.pool.senders[4][1] is first
        assert world.pool.senders[4][0].borrowed == 2
        await world.pool.give_back(first)
        await asyncio.sleep(100)
        assert world.connected == [4], "somebody still has it"
        await world.pool.give_back(first)
        await asyncio.sleep(59)
        assert await world.pool.borrow(4) is first
        await asyncio.sleep(100)
        assert world.connected == [4]
        await world.pool.give_back(first)
        await asyncio.sleep(61)
        assert world.connected == []
        assert world.pool.senders == {}
        assert (await world.pool.borrow(4)) is not first
        await world.pool.close()

    virtual(main)


def test_F5_everybody_waits_for_one_connection(virtual):
    async def main() -> None:
        world = World()
        world.delays[4] = 5
        senders = await asyncio.gather(*(world.pool.borrow(4) for _ in range(20)))
        assert len(set(senders)) == 1
        assert len(world.opened) == 1
        await world.pool.close()
        assert world.connected == []

    virtual(main)


def test_F5_a_dead_data_centre_blocks_no_other(virtual):
    async def main() -> None:
        world = World()
        world.delays[4] = 10_000
        loop = asyncio.get_running_loop()
        start = loop.time()
        dead = [asyncio.ensure_future(world.pool.borrow(4)) for _ in range(3)]
        await asyncio.sleep(0)
        await asyncio.wait_for(world.pool.borrow(5), 1)
        for task in dead:
            with pytest.raises(asyncio.TimeoutError, match="data centre 4 took longer than 20 s"):
                await task
        assert loop.time() - start == pytest.approx(20, abs=1)
        assert list(world.pool.senders) == [5]
        assert list(world.pool._leases) == [(5, False)], "nothing stays borrowed"
        world.delays.clear()
        assert (await world.pool.borrow(4)).is_connected()
        await world.pool.close()

    virtual(main)


def test_F5_errors_reach_everybody_and_are_not_kept(virtual):
    async def main() -> None:
        world = World()
        world.errors[4] = ConnectionError("no")
        results = await asyncio.gather(*(world.pool.borrow(4) for _ in range(3)), return_exceptions=True)
        assert [type(result) for result in results] == [ConnectionError] * 3
        assert world.pool._leases == {}
        world.errors.clear()
        await world.pool.borrow(4)
        await world.pool.close()

    virtual(main)


def test_whoever_stops_waiting_takes_nothing_from_the_others(virtual):
    async def main() -> None:
        world = World()
        world.delays[4] = 5
        first = asyncio.ensure_future(world.pool.borrow(4))
        second = asyncio.ensure_future(world.pool.borrow(4))
        await asyncio.sleep(1)
        first.cancel()
        assert (await second).is_connected()
        assert world.pool.senders[4][0].borrowed == 1
        await world.pool.close()

    virtual(main)


def test_a_sender_that_nobody_waits_for_any_more_is_closed_in_time(virtual):
    async def main() -> None:
        world = World()
        world.delays[4] = 5
        waiting = asyncio.ensure_future(world.pool.borrow(4))
        await asyncio.sleep(1)
        waiting.cancel()
        await asyncio.sleep(10)
        assert world.connected == [4]
        await asyncio.sleep(61)
        assert world.connected == []

        world.errors[4] = ConnectionError("no")
        waiting = asyncio.ensure_future(world.pool.borrow(4))
        await asyncio.sleep(1)
        waiting.cancel()
        await asyncio.sleep(10)
        assert world.pool._leases == {}

    virtual(main)


def test_a_dead_sender_is_replaced(virtual):
    async def main() -> None:
        world = World()
        first = await world.pool.borrow(4)
        first.connected = False  # type: ignore[attr-defined]
        second = await world.pool.borrow(4)
        assert second is not first
        await world.pool.give_back(first)
        assert world.pool.senders[4][0].borrowed == 2, "the old one does not count against the new one"
        await world.pool.close()

    virtual(main)


def test_F4_cdn_senders_are_others(virtual):
    async def main() -> None:
        world = World()
        ordinary = await world.pool.borrow(4)
        cdn: Any = await world.pool.borrow_cdn(4)
        assert cdn is not ordinary
        assert cdn.cdn
        assert next(iter(world.pool.senders.values()))[1] is ordinary
        await world.pool.give_back(cdn)
        await asyncio.sleep(61)
        assert ordinary.is_connected()
        assert not cdn.is_connected()
        world.delays[9] = 100
        with pytest.raises(asyncio.TimeoutError, match="the CDN of data centre 9"):
            await world.pool.borrow_cdn(9)
        await world.pool.close()

    virtual(main)


def test_closing_ends_everything(virtual):
    async def main() -> None:
        world = World()
        await world.pool.borrow(4)
        returned = await world.pool.borrow(5)
        await world.pool.give_back(returned)
        world.delays[3] = 5
        waiting = asyncio.ensure_future(world.pool.borrow(3))
        await asyncio.sleep(1)
        await world.pool.close()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert world.connected == []
        await world.pool.give_back(returned)
        await world.pool.give_back(Sender(7, False))  # type: ignore[arg-type]
        await world.pool.close()
        assert not [handle for handle in asyncio.get_running_loop()._scheduled if not handle.cancelled()]  # type: ignore[attr-defined]
        assert (await world.pool.borrow(4)).is_connected(), "the client may connect again"
        await world.pool.close()

    virtual(main)
