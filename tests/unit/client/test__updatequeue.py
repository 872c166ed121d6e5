"""The queue between the connection and whoever follows updates."""

from __future__ import annotations

import asyncio

import pytest

from telethon.client._updatequeue import LIMIT, UpdateQueue


def test_it_tells_when_something_was_put():
    queue, told = UpdateQueue(), []
    queue.put_nowait(1)
    queue.on_put = lambda: told.append(queue.qsize())
    queue.put_nowait(2)
    assert told == [2]


def test_U9_it_is_bounded():
    queue = UpdateQueue()
    for number in range(LIMIT):
        queue.put_nowait(number)
    with pytest.raises(asyncio.QueueFull):
        queue.put_nowait(LIMIT)
