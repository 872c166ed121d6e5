"""Ranges of messages, and moving from page to page."""

from __future__ import annotations

import datetime
from types import SimpleNamespace
from typing import Any

import pytest

from telethon.client._history import (
    NO_LIMIT,
    GlobalSearchPage,
    HistoryPage,
    IdRange,
    RepliesPage,
    ScheduledPage,
    SearchPage,
)
from telethon.tl import types

PEER = types.InputPeerUser(1, 2)
DATE = datetime.datetime(2024, 5, 6, tzinfo=datetime.timezone.utc)
LAST: Any = SimpleNamespace(id=40, date=DATE, input_chat=PEER)


@pytest.mark.parametrize(
    ("min_id", "max_id", "offset_id", "reverse", "empty", "first"),
    [
        (0, 0, 0, False, False, 0),
        (0, 0, 9, False, False, 9),
        (5, 20, 9, False, False, 20),
        (5, 6, 0, False, True, 6),
        (5, 7, 0, False, False, 7),
        (0, NO_LIMIT, 0, True, False, 1),
        (5, NO_LIMIT, 0, True, False, 6),
        (5, NO_LIMIT, 9, True, False, 10),
        (5, 6, 0, True, True, 6),
        (5, 7, 0, True, False, 6),
    ],
)
def test_where_a_walk_starts(
    min_id: int, max_id: float, offset_id: int, reverse: bool, empty: bool, first: int
) -> None:
    ids = IdRange(min_id, max_id, offset_id, reverse)
    assert ids.is_empty is empty
    assert ids.first_offset(has_date=False) == first


def test_with_a_date_a_walk_from_the_past_starts_there() -> None:
    assert IdRange(0, NO_LIMIT, 0, True).first_offset(has_date=True) == 0


def test_history_and_replies_move_by_id_and_date() -> None:
    for page in (HistoryPage(PEER, 0, None, 0), RepliesPage(PEER, 3, 0, None, 0)):
        page.advance(LAST, None)
        assert (page.request.offset_id, page.request.offset_date) == (40, DATE)


def test_a_search_forgets_its_date_after_the_first_page() -> None:
    page = SearchPage(PEER, "q", types.InputMessagesFilterEmpty(), None, 0, DATE, 0)
    assert page.request.max_date == DATE
    page.advance(LAST, None)
    assert (page.request.offset_id, page.request.max_date) == (40, None)


def test_a_global_search_moves_by_chat_and_rate() -> None:
    page = GlobalSearchPage("q", types.InputMessagesFilterEmpty(), 0, None)
    page.advance(LAST, SimpleNamespace(next_rate=7))
    assert (page.request.offset_id, page.request.offset_rate, page.request.offset_peer) == (40, 7, PEER)
    page.advance(SimpleNamespace(id=30, date=DATE, input_chat=None), SimpleNamespace())  # type: ignore[arg-type]
    assert (page.request.offset_rate, page.request.offset_peer) == (0, types.InputPeerEmpty())


def test_scheduled_messages_are_on_one_page() -> None:
    page = ScheduledPage(PEER)
    before = bytes(page.request)
    page.advance(LAST, None)
    assert bytes(page.request) == before
