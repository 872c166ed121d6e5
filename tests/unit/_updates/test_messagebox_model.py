"""The message box against a model of the truth, while the connection loses, shuffles and repeats."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from slow import SLOW
from updates_model import ACCOUNT, CHANNELS, SECRET, Driver, Server, check_truth, run_lossy


def test_U1_ten_thousand_events_over_account_and_five_channels() -> None:
    driver = run_lossy(random.Random(7), 10_000, drop=0.05, double=0.1, late=1.0, fail=0.2)
    check_truth(driver, driver.server)
    assert len(driver.got) == 10_000


@pytest.mark.timeout(7200 if SLOW else 120)
def test_U1_U2_U6_two_hundred_histories_of_gaps_reconnects_and_restarts() -> None:
    """What is handed out is the truth of each box, over the account, the secret box and five channels."""
    rand = random.Random(31)
    events = restarts = reconnects = 0
    for _ in range(200):
        driver = run_lossy(
            random.Random(rand.random()),
            2_000 if SLOW else 50,
            drop=rand.choice((0.0, 0.1, 0.5)),
            double=rand.choice((0.0, 0.3)),
            late=rand.choice((0.0, 0.3, 2.0)),
            fail=rand.choice((0.0, 0.3)),
            slice_size=rand.choice((1, 3, 1000)),
            breaks=rand.choice((0.0, 0.05, 0.2)),
            ends=rand.choice((0.02, 0.1)),
            hints=rand.random() < 0.5,
        )
        check_truth(driver, driver.server)
        events += len(driver.got)
        restarts += driver.restarts
        reconnects += driver.reconnects
    assert events >= 10_000
    assert restarts > 200
    assert reconnects > 200


def test_U1_a_good_link_needs_no_question() -> None:
    driver = run_lossy(random.Random(3), 1_000, drop=0, double=0.3, late=0, fail=0)
    check_truth(driver, driver.server)
    assert [wanted.reason for _, wanted in driver.asked] == ["end of test"]


def test_U1_small_delays_need_no_question() -> None:
    driver = run_lossy(random.Random(4), 1_000, drop=0, double=0.3, late=0.45, fail=0)
    check_truth(driver, driver.server)
    assert [wanted.reason for _, wanted in driver.asked] == ["end of test"]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    seed=st.integers(0, 2**32),
    drop=st.sampled_from((0.0, 0.1, 0.5, 1.0)),
    double=st.sampled_from((0.0, 0.3)),
    late=st.sampled_from((0.0, 0.3, 2.0)),
    fail=st.sampled_from((0.0, 0.5)),
    slice_size=st.sampled_from((1, 3, 1000)),
)
def test_U1_U2_delivered_is_the_truth(
    seed: int, drop: float, double: float, late: float, fail: float, slice_size: int
) -> None:
    driver = run_lossy(random.Random(seed), 150, drop=drop, double=double, late=late, fail=fail, slice_size=slice_size)
    check_truth(driver, driver.server)


@pytest.mark.parametrize("slices", [1, 2, 7, 50])
@pytest.mark.parametrize("box", [ACCOUNT, SECRET, 101])
def test_U3_slices_cut_after_each(slices: int, box: Any) -> None:
    """After each part the state is stored; a new box that begins there gets the rest, and nothing twice."""
    from telethon._updates import ChannelState, MessageBox

    server = Server(slice_size=2)
    driver = Driver(server, latency=lambda: 0.0)
    driver.load(CHANNELS)
    for _ in range(slices * 2):
        server.add(box)
    parts = 0
    driver.box.trigger("test", driver.now)
    if isinstance(box, int):
        driver.box.trigger_channel(box, "test", driver.now)
    for _ in range(300):
        questions = driver.box.next_requests(driver.now)
        if not questions:
            break
        for wanted in questions:
            driver.on_way[wanted.channel_id] = 1
            driver._back(wanted, server.answer(wanted))
        parts += 1
        # The program ends here, and begins again from what was stored.
        state, channels = driver.box.take_changes()
        assert state is not None or channels
        kept = {one: driver.box.channel_pts(one) for one in CHANNELS}
        loaded = MessageBox(driver.now)
        loaded.load(
            server.state(driver.box.pts, driver.box.qts), [ChannelState(k, v or 0) for k, v in kept.items()], 0.0
        )
        driver.box = loaded
        driver.box.trigger("again", driver.now)
        if isinstance(box, int):
            driver.box.trigger_channel(box, "again", driver.now)
        if driver.got_of(box) == [event.name for event in server.events[box]]:
            break
    assert driver.got_of(box) == [event.name for event in server.events[box]]
    assert parts >= slices


def test_U2_update_between_state_and_answer_is_delivered_once() -> None:
    server = Server()
    driver = Driver(server, latency=lambda: 1.0)
    driver.load()
    server.add(ACCOUNT)
    driver.box.trigger("test", driver.now)
    # One that the answer tells as well, one that it does not.
    driver.at(driver.now + 0.9, lambda: driver.push(driver.now, server.add(ACCOUNT)))
    driver.at(driver.now + 1.5, lambda: driver.push(driver.now, server.add(ACCOUNT)))
    driver.run(driver.now + 10)
    assert driver.got_of(ACCOUNT) == [1, 2, 3]
    assert len(driver.asked) == 1
