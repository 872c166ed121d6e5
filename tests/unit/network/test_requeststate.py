"""Requests as they wait for their answers."""

from __future__ import annotations

import asyncio
import contextvars
import gc
import weakref
from typing import Any

import pytest

from telethon.network.requeststate import RequestFuture, RequestState
from telethon.tl import functions


async def test_who_sent_it_learns_of_cancelling_once():
    told: list[RequestFuture] = []
    future = RequestFuture.make(None, told.append, asyncio.get_running_loop())
    assert future.cancel()
    assert not future.cancel()
    assert told == [future]


async def test_cancelling_the_waiting_task_counts():
    told: list[RequestFuture] = []
    future = RequestFuture.make(None, told.append, asyncio.get_running_loop())

    async def wait() -> None:
        await future

    task = asyncio.ensure_future(wait())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert told == [future]


async def test_answered_futures_are_freed_at_once():
    future = RequestFuture.make(object(), None, asyncio.get_running_loop())
    future.set_result(5)
    assert not future.cancel()
    known = weakref.ref(future)
    gc.disable()
    try:
        del future
        assert known() is None
    finally:
        gc.enable()


def waiting(future: RequestFuture, steps: list[Any]) -> asyncio.Task[None]:
    async def wait() -> None:
        try:
            steps.append(await future)
        except ConnectionError as error:
            steps.append(error)

    return asyncio.ensure_future(wait())


async def test_task_goes_on_within_wake():
    future = RequestFuture.make(None, None, asyncio.get_running_loop())
    steps: list[Any] = []
    task = waiting(future, steps)
    await asyncio.sleep(0)
    future.settle(5)
    assert future.done()
    assert steps == []
    # A task cannot be woken by a task, so the loop has to do it.
    asyncio.get_running_loop().call_soon(lambda: (future.wake(), steps.append("woken")))
    await asyncio.sleep(0)
    assert steps == [5, "woken"]
    future.wake()
    assert await task is None


async def test_only_the_first_task_is_woken_so():
    future = RequestFuture.make(None, None, asyncio.get_running_loop())
    steps: list[Any] = []
    tasks = [waiting(future, steps) for _ in range(3)]
    await asyncio.sleep(0)
    future.settle(5)
    await asyncio.sleep(0)
    assert steps == [5, 5]
    future.wake_later()
    await asyncio.gather(*tasks)
    assert steps == [5, 5, 5]


async def test_task_goes_on_later_with_everything_else():
    loop = asyncio.get_running_loop()
    steps: list[Any] = []
    plain, failed, late = (RequestFuture.make(None, None, loop) for _ in range(3))
    tasks = [waiting(future, steps) for future in (plain, failed, late)]
    await asyncio.sleep(0)
    plain.set_result(1)
    failed.set_exception(ConnectionError("no"))
    late.settle(3)
    late.wake_later()
    late.wake_later()
    assert steps == []
    await asyncio.gather(*tasks)
    assert [type(step) for step in steps] == [int, ConnectionError, int]


async def test_cancelled_task_before_it_is_woken():
    future = RequestFuture.make(None, None, asyncio.get_running_loop())
    steps: list[Any] = []
    task = waiting(future, steps)
    await asyncio.sleep(0)
    future.settle(5)
    task.cancel()
    future.wake_later()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert steps == []


async def test_callbacks_can_be_removed():
    future = RequestFuture.make(None, None, asyncio.get_running_loop())
    steps: list[Any] = []
    context = contextvars.copy_context()
    future.add_done_callback(steps.append, context=context)
    future.add_done_callback(steps.append)
    assert future.remove_done_callback(print) == 0
    assert future.remove_done_callback(steps.append) == 2
    future.set_result(5)
    await asyncio.sleep(0)
    assert steps == []
    future.add_done_callback(steps.append, context=context)
    await asyncio.sleep(0)
    assert steps == [future]


async def test_callbacks_see_the_context_they_were_added_in():
    variable: contextvars.ContextVar[int] = contextvars.ContextVar("variable", default=0)
    future = RequestFuture.make(None, None, asyncio.get_running_loop())

    async def wait() -> int:
        variable.set(5)
        await future
        return variable.get()

    task = asyncio.ensure_future(wait())
    await asyncio.sleep(0)
    future.settle(None)
    asyncio.get_running_loop().call_soon(future.wake)
    assert await task == 5
    assert variable.get() == 0


async def test_state():
    request = functions.help.GetNearestDcRequest()
    first = RequestState(request)
    second = RequestState(request, after=first)
    assert (first.request, first.data, first.msg_id, first.container_id, first.after) == (
        request,
        bytes(request),
        None,
        None,
        None,
    )
    assert second.after is first
    assert not first.future.done()
    with pytest.raises(AttributeError):
        first.other = 5  # type: ignore[attr-defined]
