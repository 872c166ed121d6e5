from __future__ import annotations

import asyncio
from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from telethon.testing.chaos.conditions import Conditions
from telethon.testing.chaos.wire import Wire
from telethon.testing.clock import ManualClock


class Setup:
    def __init__(self, **conditions: Any) -> None:
        self.clock = ManualClock(mono=0.0)
        self.conditions = Conditions(**conditions)
        self.arrived: list[tuple[float, bytes]] = []
        self.room = 0
        self.wire = Wire(self.conditions, Random(1), self.clock, self.take, self.on_room)

    def take(self, data: bytes) -> None:
        self.arrived.append((round(self.clock.now().mono, 6), data))

    def on_room(self) -> None:
        self.room += 1


@pytest.fixture
def setup() -> Callable[..., Setup]:
    return Setup


def test_a_good_wire_delivers_at_once(setup: Any) -> None:
    line = setup()
    line.wire.put(b"one")
    line.wire.put(b"two")
    assert line.arrived == [(0, b"one"), (0, b"two")]
    assert line.wire.waiting == 0
    assert line.room == 2


def test_latency_is_what_everything_takes(setup: Any) -> None:
    line = setup(latency=0.5)
    line.wire.put(b"one")
    line.clock.advance(0.2)
    line.wire.put(b"two")
    assert line.wire.waiting == 6
    line.clock.advance(0.29)
    assert line.arrived == []
    line.clock.advance(1)
    assert line.arrived == [(0.5, b"one"), (0.7, b"two")]
    assert line.wire.waiting == 0


def test_jitter_is_added_but_nothing_overtakes(setup: Any) -> None:
    line = setup(latency=1, jitter=0.5)
    for number in range(100):
        line.wire.put(bytes((number,)))
        line.clock.advance(0.01)
    line.clock.advance(5)
    assert b"".join(data for _, data in line.arrived) == bytes(range(100))
    delays = [time - data[0] * 0.01 for time, data in line.arrived]
    assert min(delays) >= 1 - 1e-6
    assert max(delays) <= 1.5 + 1e-6
    assert len(set(delays)) > 5


def test_bandwidth_is_bytes_per_second(setup: Any) -> None:
    line = setup(bandwidth=100, latency=1)
    for _ in range(5):
        line.wire.put(bytes(50))
    line.clock.advance(10)
    assert [time for time, _ in line.arrived] == [1.5, 2, 2.5, 3, 3.5]
    line.wire.put(bytes(100))
    line.clock.advance(10)
    assert line.arrived[-1][0] == 15 - 5 + 2


def test_coalescing_gathers(setup: Any) -> None:
    line = setup(coalesce=1)
    for data in (b"a", b"b", b"c"):
        line.wire.put(data)
        line.clock.advance(0.3)
    line.clock.advance(1)
    line.wire.put(b"d")
    line.clock.advance(1)
    assert line.arrived == [(1, b"abc"), (2.9, b"d")]


async def test_splitting_gives_small_pieces_in_order(setup: Any) -> None:
    line = setup(split=3)
    data = bytes(range(200))
    line.wire.put(data)
    for _ in range(250):
        await asyncio.sleep(0)
    pieces = [piece for _, piece in line.arrived]
    assert b"".join(pieces) == data
    assert {len(piece) for piece in pieces} == {1, 2, 3}


def test_an_action_comes_behind_the_bytes(setup: Any) -> None:
    line = setup(latency=1)
    done = []
    line.wire.put(b"one")
    line.wire.then(lambda: done.append(list(line.arrived)))
    line.wire.put(b"two")
    assert not done
    line.clock.advance(2)
    assert done == [[(1, b"one")]]
    assert [data for _, data in line.arrived] == [b"one", b"two"]


def test_conditions_count_from_the_moment_they_change(setup: Any) -> None:
    line = setup(latency=5)
    line.wire.put(b"late")
    line.conditions.latency = 0
    line.wire.put(b"behind it")
    line.clock.advance(4.9)
    assert line.arrived == []
    line.clock.advance(1)
    assert [data for _, data in line.arrived] == [b"late" + b"behind it"]


async def test_clear_forgets(setup: Any) -> None:
    line = setup(latency=1)
    line.wire.put(b"one")
    line.wire.clear()
    assert line.wire.waiting == 0
    line.clock.advance(5)
    assert line.arrived == []
    line.conditions.latency = 0
    line.conditions.split = 1
    line.wire.put(b"abc")
    line.wire.clear()
    for _ in range(5):
        await asyncio.sleep(0)
    assert line.arrived == [(5, b"a")]
