"""The way of one update through the handlers."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from telethon.events import Delivery, delivery_of


class Journal:
    """Notes what it is told."""

    def __init__(self) -> None:
        self.told: list[Any] = []

    def finished(self, delivery: Delivery) -> None:
        self.told.append("finished")

    def abandoned(self, delivery: Delivery) -> None:
        self.told.append("abandoned")

    async def acknowledge(self, delivery: Delivery, effect: Any) -> Any:
        self.told.append("acknowledged")
        return effect and effect("transaction")


async def _settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_it_is_finished_with_the_last_task():
    journal = Journal()
    delivery = Delivery(journal, 5)
    gates = [asyncio.Event(), asyncio.Event()]
    for gate in gates:
        delivery.hold_for(asyncio.ensure_future(gate.wait()))
    assert delivery.is_held
    for gate, told in zip(gates, ([], ["finished"]), strict=True):
        gate.set()
        await _settle()
        assert journal.told == told
    assert delivery.is_acknowledged
    assert not delivery.is_held


@pytest.mark.parametrize("first", [True, False])
async def test_it_is_not_when_one_of_them_was_cancelled(first):
    journal = Journal()
    delivery = Delivery(journal, 5)
    tasks = [asyncio.ensure_future(asyncio.sleep(0 if number else 0.001)) for number in range(2)]
    for task in tasks:
        delivery.hold_for(task)
    tasks[first].cancel()
    await asyncio.wait(tasks)
    await _settle()
    assert journal.told == ["abandoned"]
    assert not delivery.is_acknowledged


async def test_acknowledged_before_its_end():
    journal = Journal()
    delivery = Delivery(journal, 5)
    task = asyncio.ensure_future(asyncio.sleep(0.001))
    delivery.hold_for(task)
    assert await delivery.acknowledge(lambda transaction: transaction) == "transaction"
    await task
    await _settle()
    assert journal.told == ["acknowledged"]
    assert await delivery.acknowledge() is None
    with pytest.raises(RuntimeError, match="acknowledged before"):
        await delivery.acknowledge(print)


def test_where_it_is_found():
    delivery = Delivery(Journal(), 5, True)
    update = SimpleNamespace(_delivery=delivery)
    assert delivery_of(update) is delivery
    assert delivery_of(SimpleNamespace(original_update=update)) is delivery
    assert delivery_of(SimpleNamespace(original_update=None)) is None
    assert repr(delivery) == "Delivery(id=5, is_redelivered=True, is_acknowledged=False)"
