"""Inline queries; requests are those that Telethon 1.45.0 sends."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from telethon import events
from telethon.tl import functions, types
from telethon.tl.custom import InlineBuilder

RESULT = types.InputBotInlineResult("1", "article", types.InputBotInlineMessageText("x"))


def request(**fields: Any) -> Any:
    defaults = {"results": [], "cache_time": 0, "gallery": False, "private": False}
    return functions.messages.SetInlineBotResultsRequest(query_id=1, **{**defaults, **fields})


async def later(value: Any) -> Any:
    await asyncio.sleep(0)
    return value


def test_wanted_patterns(build):
    event = build(events.InlineQuery, "inline query")
    builder = events.InlineQuery(pattern="wh(.)")
    builder.resolved = True
    assert builder.filter(event)
    assert event.pattern_match.group(1) == "a"
    assert events.InlineQuery(pattern="x").filter(event) is None


async def test_wanted_users(build, client):
    builder = events.InlineQuery(users=[50], blacklist_users=True)
    await builder.resolve(client)
    assert builder.filter(build(events.InlineQuery, "inline query")) is None


async def test_no_results(build, client):
    event = build(events.InlineQuery, "inline query")
    await event.answer()
    await event.answer([])
    assert client.requests == [request(), request()]


async def test_all_options(build, client):
    event = build(events.InlineQuery, "inline query")
    await event.answer(None, 3, gallery=True, private=True, next_offset="n", switch_pm="pm", switch_pm_param="p")
    switch = types.InlineBotSwitchPM("pm", "p")
    expected = request(cache_time=3, gallery=True, private=True, next_offset="n", switch_pm=switch)
    assert client.requests == [expected]


async def test_results_made_meanwhile_or_not_yet(build, client):
    event = build(events.InlineQuery, "inline query")
    task = asyncio.create_task(later(RESULT))
    await event.answer([later(RESULT), RESULT, task])
    await event.answer(RESULT)
    await event.answer(later(RESULT))
    assert [len(one.results) for one in client.requests] == [3, 1, 1]
    assert all(result is RESULT for one in client.requests for result in one.results)


async def test_a_result_that_fails_leaves_nothing_behind(build, client):
    event = build(events.InlineQuery, "inline query")
    forever = asyncio.create_task(asyncio.sleep(1000))

    async def fail() -> None:
        raise ValueError("no such file")

    with pytest.raises(ValueError, match="no such file"):
        await event.answer([forever, fail()])
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert client.requests == []
    assert forever.cancelled()
    assert len(asyncio.all_tasks()) == 1


def test_the_builder(build):
    event = build(events.InlineQuery, "inline query")
    assert isinstance(event.builder, InlineBuilder)
    assert event.builder is not event.builder
