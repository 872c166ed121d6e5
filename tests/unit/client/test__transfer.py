"""Several parts at once, in order."""

from __future__ import annotations

import asyncio

import pytest

from telethon.client._transfer import InOrder


async def test_results_come_in_the_order_of_their_start() -> None:
    gates = [asyncio.Event() for _ in range(3)]

    async def work(number: int) -> int:
        await gates[number].wait()
        return number

    async with InOrder[int](3) as parts:
        for number in range(3):
            assert not parts.is_full
            parts.start(work(number))
        assert parts.is_full
        for gate in reversed(gates):
            gate.set()
        assert [await parts.take() for _ in range(3)] == [0, 1, 2]
        assert len(parts) == 0


async def test_an_error_stops_the_others() -> None:
    stopped: list[int] = []

    async def fails() -> int:
        raise ValueError("broken")

    async def waits(number: int) -> int:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            stopped.append(number)
            raise
        return number

    async def run() -> None:
        async with InOrder[int](3) as parts:
            parts.start(fails())
            parts.start(waits(1))
            parts.start(waits(2))
            await parts.take()

    with pytest.raises(ValueError, match="broken"):
        await run()
    assert stopped == [1, 2]


async def test_leaving_early_cancels_what_runs() -> None:
    parts = InOrder[None](2)
    started = asyncio.Event()

    async def waits() -> None:
        started.set()
        await asyncio.Event().wait()

    parts.start(waits())
    await started.wait()
    await parts.close()
    assert len(parts) == 0
    assert len(asyncio.all_tasks()) == 1


async def test_being_cancelled_while_waiting_leaves_nothing_running() -> None:
    async def waits() -> None:
        await asyncio.Event().wait()

    async def run() -> None:
        async with InOrder[None](2) as parts:
            parts.start(waits())
            parts.start(waits())
            await parts.take()

    task = asyncio.ensure_future(run())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert len(asyncio.all_tasks()) == 1
