"""What the watch over updates notices, and how often it says so."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from telethon._updates import MessageBox, Wanted
from telethon.client._updatewatch import Watch

LOG = logging.getLogger("telethon.test")
SILENCE = Wanted(None, 10, reason="silence")


@pytest.fixture
def made() -> list[str]:
    return []


@pytest.fixture
def watch(made: list[str]) -> Watch:
    return Watch(LOG, lambda: made.append("connection"))


class Box(MessageBox):
    """Notes that it is to ask sooner."""

    def __init__(self) -> None:
        super().__init__()
        self.distrusted: list[float] = []

    def distrust(self, now: float) -> None:
        self.distrusted.append(now)


def test_waiting_is_told_once_a_minute_and_with_what_to_do(watch, caplog):
    watch.waited(4.9, 0.0, 1, 1)
    assert caplog.records == []
    for now in range(10, 131, 10):
        watch.waited(6.0, float(now), 7, 3)
    told = [record.getMessage() for record in caplog.records]
    assert len(told) == 3
    assert told[0].startswith("Updates wait 6 s for their handlers; 7 more wait, and 3 are being handled.")
    assert watch.worst_lag == 6.0


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Wanted(None, 10, reason="gap"), 5),
        # Channels are asked about one after the other after a quiet night.
        (Wanted(7, 10, reason="silence"), 5),
        (SILENCE, 0),
    ],
)
def test_questions_that_are_no_sign_of_a_stall(watch, made, wanted, found):
    box = Box()
    for _ in range(5):
        watch.answered(wanted, found, box, 0.0)
    assert (watch.stalls, made, box.distrusted) == (0, [], [])


def test_I12_the_second_stall_in_a_row_makes_a_new_connection(watch, made, caplog):
    box: Any = Box()
    watch.answered(SILENCE, 3, box, 900.0)
    assert (watch.stalls, made, box.distrusted) == (1, [], [900.0])
    assert "3 were fetched. It is asked every minute" in caplog.text
    watch.answered(SILENCE, 1, box, 960.0)
    assert (watch.stalls, made, box.distrusted) == (2, ["connection"], [900.0, 960.0])
    # Each new connection gets as much trust as the first.
    watch.answered(SILENCE, 1, box, 1020.0)
    assert made == ["connection"]


def test_a_stall_long_after_another_is_the_first_one(watch, made):
    box = Box()
    watch.answered(SILENCE, 3, box, 900.0)
    watch.received += 1
    watch.answered(SILENCE, 3, box, 9000.0)
    assert made == []
    watch.answered(SILENCE, 0, box, 9060.0)
    watch.answered(SILENCE, 3, box, 9120.0)
    assert made == []
