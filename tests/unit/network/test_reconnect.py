"""When to try again: plain numbers."""

from __future__ import annotations

import itertools

import pytest

from telethon import errors
from telethon.network.reconnect import ReconnectPolicy, Redial


def least(count: int) -> bytes:
    return bytes(count)


def most(count: int) -> bytes:
    return b"\xff" * count


def transport(code: int) -> errors.InvalidBufferError:
    return errors.InvalidBufferError((-code).to_bytes(4, "little", signed=True))


@pytest.mark.parametrize(("retries", "pauses"), [(0, [0]), (3, [0, 2, 2, 2])])
def test_finite_tries_keep_the_pause(retries, pauses):
    assert list(ReconnectPolicy(retries, 2).attempts(least)) == pauses
    assert list(ReconnectPolicy(retries, 2).attempts(most)) == [pause * 1.25 for pause in pauses]


@pytest.mark.parametrize("retries", [None, -1])
def test_T9_endless_tries_grow_to_a_ceiling(retries):
    policy = ReconnectPolicy(retries, 1)
    assert policy.endless
    assert list(itertools.islice(policy.attempts(least), 8)) == [0, 1, 2, 4, 8, 16, 30, 30]
    assert list(itertools.islice(ReconnectPolicy(retries, 0).attempts(least), 4)) == [0, 0.5, 1, 2]
    assert list(itertools.islice(ReconnectPolicy(retries, 100).attempts(least), 4)) == [0, 100, 100, 100]


def take(redial: Redial, count: int) -> list[float | None]:
    return [redial.next_pause() for _ in range(count)]


def test_row_of_failed_tries_ends():
    redial = Redial(ReconnectPolicy(2, 1), least)
    assert redial.retries == 2
    assert take(redial, 4) == [0, 1, 1, None]
    redial.lasted()
    assert take(redial, 1) == [0]
    assert Redial(ReconnectPolicy(-1), least).retries is None


def test_T8_busy_server_is_left_alone():
    redial = Redial(ReconnectPolicy(5, 1), least)
    take(redial, 1)
    assert redial.failed(transport(429), 0) is None
    assert take(redial, 2) == [20, 1]


def test_T8_wrong_data_centre():
    fatal = Redial(ReconnectPolicy(5, 1), least).failed(transport(444), 0)
    assert isinstance(fatal, ConnectionError)
    assert isinstance(fatal.__cause__, errors.InvalidBufferError)


def test_other_faults_follow_the_policy():
    redial = Redial(ReconnectPolicy(1, 1), least)
    for error in (transport(500), ConnectionError(), errors.InvalidBufferError(b"")):
        assert redial.failed(error, 0) is None
    assert take(redial, 3) == [0, 1, None]


def test_T7_unknown_key_is_believed_after_a_minute():
    redial = Redial(ReconnectPolicy(0, 0), least)
    now, error = 0.0, errors.AuthKeyNotFound()
    pauses = []
    for _ in range(10):
        fatal = redial.failed(error, now)
        if fatal is not None:
            break
        pause = redial.next_pause()
        assert pause is not None
        pauses.append(pause)
        now += pause + 0.1
    assert fatal is error
    assert pauses == [0, 30, 30]


def test_T7_what_the_server_proves_ends_the_doubt():
    redial = Redial(ReconnectPolicy(0, 0), least)
    for now in range(0, 1000, 100):
        assert redial.failed(errors.AuthKeyNotFound(), now) is None
        redial.proven()


def test_I17_broken_key_exchange_may_be_an_accident_once():
    redial = Redial(ReconnectPolicy(None, 0), least)
    error = errors.SecurityError()
    assert redial.failed(error, 0) is None
    assert redial.failed(error, 1) is error
    redial.proven()
    assert redial.failed(error, 2) is None
