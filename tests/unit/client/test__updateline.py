"""Updates that are handled one after the other."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from telethon.client import _updateline
from telethon.client._dispatch import EventBuilderDict
from telethon.client._updateline import UpdateLine
from telethon.testing.clock import run_virtual


class Dispatcher:
    """Notes what is handled; each update is the seconds that takes."""

    def __init__(self) -> None:
        self.steps: list[Any] = []

    def prepare(self, update: Any, others: Any) -> EventBuilderDict:
        self.steps.append(f"prepare {update}")
        return EventBuilderDict(None, update, others)

    def start(self, built: EventBuilderDict) -> asyncio.Task[None] | None:
        self.steps.append(f"start {built.update}")
        return asyncio.create_task(asyncio.sleep(built.update)) if built.update else None


def make() -> tuple[UpdateLine, Dispatcher, list[Any]]:
    dispatcher, states = Dispatcher(), []
    return UpdateLine(dispatcher, states.append), dispatcher, states  # type: ignore[arg-type]


def test_each_waits_for_the_one_before():
    async def run() -> None:
        line, dispatcher, states = make()
        task = asyncio.create_task(line.run())
        line.add([1, 0, 2])
        line.add_state((None, []))
        assert (len(line), line.is_waiting) == (4, True)
        assert dispatcher.steps == ["prepare 1", "prepare 0", "prepare 2"]
        await asyncio.sleep(0.5)
        assert dispatcher.steps[3:] == ["start 1"]
        await asyncio.sleep(1)
        assert dispatcher.steps[4:] == ["start 0", "start 2"]
        assert states == []
        await asyncio.sleep(2)
        assert states == [(None, [])]
        line.add([3])
        await asyncio.sleep(0.1)
        assert dispatcher.steps[-1] == "start 3"
        task.cancel()
        await asyncio.wait([task])

    run_virtual(run())


@pytest.mark.parametrize("stuck", [False, True])
def test_U9_a_long_line_is_waited_for_but_not_for_ever(stuck, monkeypatch):
    monkeypatch.setattr(_updateline, "LIMIT", 3)

    async def run() -> None:
        line, _, _ = make()
        line._limit = 3
        task = asyncio.create_task(line.run())
        line.add([1000 if stuck else 1, 1, 1, 1])
        await asyncio.sleep(0)
        assert line.is_long
        start = asyncio.get_running_loop().time()
        await line.shorten()
        assert asyncio.get_running_loop().time() - start == pytest.approx(_updateline.STALL if stuck else 1)
        assert not line.is_long
        task.cancel()
        await asyncio.wait([task])

    run_virtual(run())
