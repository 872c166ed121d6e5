"""The results of an inline query. What is expected was seen on Telethon 1.45."""

from __future__ import annotations

import time
from typing import Any

import pytest
from fakeclient import INPUT_USER, USER, FakeClient

from telethon.tl import types
from telethon.tl.custom.inlineresult import InlineResult
from telethon.tl.custom.inlineresults import InlineResults

SEND = types.BotInlineMessageText(message="m")


def answer(**fields: Any) -> types.messages.BotResults:
    results = [types.BotInlineResult(id=str(n), type="article", send_message=SEND) for n in range(3)]
    return types.messages.BotResults(**{"query_id": 5, "results": results, "cache_time": 10, "users": [USER], **fields})


def test_it_is_a_list_with_what_the_bot_says() -> None:
    switch = types.InlineBotSwitchPM("t", "s")
    original = answer(gallery=True, next_offset="n", switch_pm=switch)
    found = InlineResults(FakeClient(), original, entity=INPUT_USER)
    assert isinstance(found, list)
    assert [type(item) for item in found] == [InlineResult] * 3
    assert [item.result for item in found] == original.results
    assert (found[0]._query_id, found[0]._entity) == (5, INPUT_USER)
    assert (found.result, found.query_id, found.cache_time, found.users) == (original, 5, 10, [USER])
    assert (found.gallery, found.next_offset, found.switch_pm) == (True, "n", switch)


def test_defaults() -> None:
    found = InlineResults(FakeClient(), answer(results=[]))
    assert (found.gallery, found.next_offset, found.switch_pm) == (False, None, None)
    assert (str(found), repr(found)) == ("[]", "[]")


def test_as_text() -> None:
    found = InlineResults(FakeClient(), answer())
    assert str(found).startswith("[<telethon.tl.custom.inlineresult.InlineResult object at ")
    assert repr(found).count("InlineResult object") == 3


def test_validity(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    found = InlineResults(FakeClient(), answer())
    now = 1009.9
    assert found.results_valid()
    now = 1010.0
    assert not found.results_valid()
    assert not InlineResults(FakeClient(), answer(cache_time=0)).results_valid()
