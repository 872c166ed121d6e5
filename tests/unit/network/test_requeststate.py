"""Requests as they wait for their answers."""

from __future__ import annotations

import asyncio
import gc
import weakref

import pytest

from telethon.network.requeststate import RequestFuture, RequestState
from telethon.tl import functions


async def test_who_sent_it_learns_of_cancelling_once():
    future = RequestFuture(loop=asyncio.get_running_loop())
    told: list[RequestFuture] = []
    future.given_up = told.append
    assert future.cancel()
    assert not future.cancel()
    assert told == [future]


async def test_cancelling_the_waiting_task_counts():
    future = RequestFuture(loop=asyncio.get_running_loop())
    told: list[RequestFuture] = []
    future.given_up = told.append

    async def wait() -> None:
        await future

    task = asyncio.ensure_future(wait())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert told == [future]


async def test_answered_futures_are_freed_at_once():
    future = RequestFuture(loop=asyncio.get_running_loop())
    future.request, future.given_up = object(), None
    future.set_result(5)
    assert not future.cancel()
    known = weakref.ref(future)
    gc.disable()
    try:
        del future
        assert known() is None
    finally:
        gc.enable()


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
