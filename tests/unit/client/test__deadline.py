"""The limit of a call, and who is told of it."""

from __future__ import annotations

import asyncio
import math
import pickle
import sys

import pytest

from telethon import errors
from telethon.client._deadline import check_timeout, within
from telethon.tl import functions

CONFIG = functions.help.GetConfigRequest


@pytest.mark.parametrize(("given", "limit"), [(None, None), (math.inf, None), (5, 5.0), (0.5, 0.5), (0, 0.0), (-1, -1)])
def test_limits(given, limit):
    assert check_timeout(given) == limit


@pytest.mark.parametrize(("given", "error"), [("5", TypeError), (True, TypeError), (math.nan, ValueError)])
def test_what_is_no_limit(given, error):
    with pytest.raises(error, match="A timeout is a number of seconds"):
        check_timeout(given)


async def answer(seconds: float, value: object = 5) -> object:
    await asyncio.sleep(seconds)
    return value


async def test_S11_what_is_fast_enough_is_left_alone():
    assert await within(5, answer(0), CONFIG()) == 5

    async def fail() -> None:
        await asyncio.sleep(0)
        raise KeyError("own")

    with pytest.raises(KeyError):
        await within(5, fail(), CONFIG())


@pytest.mark.parametrize("seconds", [0.01, 0, -3])
async def test_S11_error_names_the_request_and_is_every_kind_of_timeout(seconds):
    request = functions.InvokeWithLayerRequest(1, CONFIG())
    for kind in (TimeoutError, asyncio.TimeoutError, errors.RequestTimeoutError):
        with pytest.raises(kind, match=r"InvokeWithLayerRequest\(GetConfigRequest\) was not answered within") as raised:
            await within(seconds, answer(5), request)
    assert (raised.value.request, raised.value.seconds) == (request, seconds)
    assert raised.value.__cause__ is None
    again = pickle.loads(pickle.dumps(raised.value))
    assert isinstance(again, errors.RequestTimeoutError)
    assert str(again) == str(raised.value)
    assert asyncio.current_task() is not None
    await asyncio.sleep(0)


async def test_S11_error_about_several_requests():
    several = [CONFIG(), functions.help.GetNearestDcRequest(), CONFIG()]
    with pytest.raises(errors.RequestTimeoutError) as raised:
        await within(0, answer(5), several)
    assert "A list of 3 requests (GetConfigRequest, GetNearestDcRequest) was not answered within 0 s" in str(
        raised.value
    )
    many = [functions.help.GetNearestDcRequest(), *several, functions.updates.GetStateRequest()]
    many.append(functions.help.GetCdnConfigRequest())
    assert "GetStateRequest, ...)" in str(errors.RequestTimeoutError(many, 1))
    assert "An empty list" in str(errors.RequestTimeoutError([], 1))


async def test_cancelling_is_not_taken_for_the_limit():
    task = asyncio.ensure_future(within(5, answer(5), CONFIG()))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


@pytest.mark.skipif(sys.version_info < (3, 11), reason="tasks do not count there who cancels them")
async def test_cancelling_in_the_moment_of_the_limit_is_cancelling():
    loop = asyncio.get_running_loop()
    task: asyncio.Task[object] = asyncio.ensure_future(within(0.01, answer(5), CONFIG()))
    await asyncio.sleep(0)
    loop.call_later(0.01, task.cancel)
    with pytest.raises(asyncio.CancelledError):
        await task
    assert task.cancelled()


async def stubborn(error: BaseException | None) -> object:
    try:
        await asyncio.sleep(5)
    except asyncio.CancelledError:
        if error is not None:
            raise error from None
    return "late"


async def test_work_that_does_not_end_at_once_keeps_what_it_gives():
    assert await within(0.01, stubborn(None), CONFIG()) == "late"
    with pytest.raises(KeyError):
        await within(0.01, stubborn(KeyError("own")), CONFIG())
    # Nothing of the cancelling is left.
    assert getattr(asyncio.current_task(), "cancelling", int)() == 0
    await asyncio.sleep(0)


async def test_limits_may_be_nested():
    async def inner() -> object:
        with pytest.raises(errors.RequestTimeoutError) as raised:
            await within(0.01, answer(5), CONFIG())
        assert raised.value.seconds == 0.01
        return await answer(0.0)

    assert await within(1, inner(), CONFIG()) == 5
