from __future__ import annotations

import asyncio
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from telethon.helpers import TotalList
from telethon.requestiter import RequestIter


class Numbers(RequestIter[int]):
    """Gives 0, 1, 2 ... in pages of two, and keeps a record of what is asked of it."""

    async def _init(self, count: int = 5, ready: int = 0, is_all: bool = False, stops: bool = False) -> bool | None:  # type: ignore[override]
        self.record: list[Any] = [("init", self.left)]
        self._count = count
        self._stops = stops
        self._next = ready
        self.buffer = list(range(ready))
        return is_all

    async def _load_next_chunk(self) -> bool | None:
        self.record.append(("load", self.left))
        if self._stops and self._next >= self._count:
            raise StopAsyncIteration
        self.buffer.extend(range(self._next, min(self._next + 2, self._count)))
        self._next += 2
        return None if self._stops else self._next >= self._count


async def _all(numbers: Numbers) -> list[int]:
    return [number async for number in numbers]


@pytest.mark.parametrize(
    ("limit", "given", "asked"),
    [
        (None, [0, 1, 2, 3, 4], [float("inf")] * 3),
        (0, [], []),
        (-5, [], []),
        (2, [0, 1], [2]),
        (3, [0, 1, 2], [3, 1]),
        (5, [0, 1, 2, 3, 4], [5, 3, 1]),
        (9, [0, 1, 2, 3, 4], [9, 7, 5]),
    ],
)
async def test_limits(limit: int | None, given: list[int], asked: list[float]) -> None:
    numbers = Numbers(None, limit)
    assert await _all(numbers) == given
    # Iterating begins even when nothing is wanted: the total may be.
    assert [what for what, _ in numbers.record].count("init") == 1
    assert [left for what, left in numbers.record if what == "load"] == asked


async def test_what_init_prepares() -> None:
    assert await _all(Numbers(None, None, ready=2, is_all=True)) == [0, 1]
    assert await _all(Numbers(None, None, is_all=True)) == []
    assert await _all(Numbers(None, None, ready=3)) == [0, 1, 2, 3, 4]
    assert await _all(Numbers(None, None, stops=True)) == [0, 1, 2, 3, 4]


async def test_a_page_without_items_ends_it() -> None:
    class Empty(RequestIter[int]):
        loads = 0

        async def _load_next_chunk(self) -> None:
            self.loads += 1

    empty = Empty(None, None)
    assert await empty.collect() == []
    assert empty.loads == 1


async def test_each_loop_begins_again() -> None:
    numbers = Numbers(None, 3)
    assert numbers.__aiter__() is numbers
    assert await _all(numbers) == [0, 1, 2]
    assert await _all(numbers) == [0, 1, 2]
    assert await numbers.__aiter__().__anext__() == 0
    assert await numbers.__anext__() == 1
    assert numbers.left == 1
    async for number in numbers:
        assert number == 0
        break


class Unsteady(Numbers):
    """The first time it is asked for anything, that fails."""

    failure: BaseException | None = None

    async def _init(self, **kwargs: Any) -> bool | None:  # type: ignore[override]
        failure, self.failure = self.failure, None
        if failure is not None:
            raise failure
        return await super()._init(**kwargs)


@pytest.mark.parametrize("failure", [ConnectionError("lost"), asyncio.CancelledError()])
async def test_a_beginning_that_failed_is_made_again(failure: BaseException) -> None:
    """As with a limit of time around each item, which cuts off the first one."""
    numbers = Unsteady(None, 3)
    numbers.failure = failure
    with pytest.raises(type(failure)):
        await numbers.__anext__()
    assert [await numbers.__anext__() for _ in range(3)] == [0, 1, 2]


async def test_where_there_is_nothing_it_stays_so() -> None:
    numbers = Unsteady(None, 3)
    numbers.failure = StopAsyncIteration()
    for _ in range(2):
        with pytest.raises(StopAsyncIteration):
            await numbers.__anext__()
    # Another loop looks again.
    assert await _all(numbers) == [0, 1, 2]


async def test_after_the_end_it_stays_at_the_end() -> None:
    numbers = Numbers(None, 1)
    assert await _all(numbers) == [0]
    with pytest.raises(StopAsyncIteration):
        await numbers.__anext__()


async def test_reversed() -> None:
    numbers = Numbers(None, 3)
    assert not numbers.reverse
    assert reversed(numbers) is numbers
    assert numbers.reverse
    assert Numbers(None, 3, reverse=True).reverse


async def test_collect() -> None:
    numbers = Numbers(None, 3)
    collected = await numbers.collect()
    assert isinstance(collected, TotalList)
    assert collected == [0, 1, 2]
    assert collected.total is None
    numbers.total = 99
    assert (await numbers.collect()).total == 99


def test_attributes() -> None:
    client = object()
    numbers = Numbers(client, None, wait_time=5, count=7)
    assert numbers.client is client
    assert numbers.kwargs == {"count": 7}
    assert (numbers.limit, numbers.left) == (float("inf"), float("inf"))
    assert (numbers.index, numbers.buffer, numbers.total, numbers.wait_time) == (0, [], None, 5)
    with pytest.raises(TypeError):
        RequestIter(None, None)  # type: ignore[abstract]
    with pytest.raises(TypeError):
        Numbers(None, "5")  # type: ignore[arg-type]


class _Clock:
    """Time that passes by sleeping only."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 100.0
        self.slept: list[float] = []
        monkeypatch.setattr("telethon.requestiter.asyncio", self)

    def get_running_loop(self) -> Any:
        return SimpleNamespace(time=lambda: self.now)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.mark.parametrize(("wait_time", "slept"), [(5, [5, 5]), (0, []), (None, [])])
async def test_wait_time(monkeypatch: pytest.MonkeyPatch, wait_time: float | None, slept: list[float]) -> None:
    clock = _Clock(monkeypatch)
    assert await _all(Numbers(None, None, wait_time=wait_time)) == [0, 1, 2, 3, 4]
    assert clock.slept == slept


async def test_time_that_passed_since_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = _Clock(monkeypatch)
    async for number in Numbers(None, None, wait_time=5):
        clock.now += 4 if number < 2 else 0.5
    assert clock.slept == [4.0] or clock.slept == pytest.approx([4.0])


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()


def test_plain_loops_where_no_event_loop_runs(loop: asyncio.AbstractEventLoop) -> None:
    client = SimpleNamespace(loop=loop)
    numbers = Numbers(client, 3)
    assert iter(numbers) is numbers
    assert list(numbers) == [0, 1, 2]
    assert list(reversed(numbers)) == [0, 1, 2]
    assert next(iter(numbers)) == 0
    assert next(numbers) == 1
    assert list(Numbers(client, None, count=1)) == [0]


@pytest.mark.filterwarnings("error")
async def test_plain_loops_in_a_running_event_loop_say_what_to_do() -> None:
    numbers = Numbers(SimpleNamespace(loop=asyncio.get_running_loop()), 3)
    with pytest.raises(RuntimeError, match='You must use "async for"'):
        list(numbers)
    with pytest.raises(RuntimeError, match='You must use "async for"'):
        next(numbers)


@pytest.mark.filterwarnings("error")
def test_plain_loops_with_a_closed_event_loop_say_so(loop: asyncio.AbstractEventLoop) -> None:
    loop.close()
    with pytest.raises(RuntimeError, match="Event loop is closed"):
        list(Numbers(SimpleNamespace(loop=loop), 3))
