"""Pings and the death of connections, in virtual time."""

from __future__ import annotations

from telethon.mtproto.limits import Limits
from telethon.mtproto.liveness import Liveness

LIMITS = Limits(ping_period=60.0, ping_timeout=15.0, probe_delay=10.0, progress_timeout=300.0)


def connected(mono: float = 0.0) -> Liveness:
    liveness = Liveness(LIMITS)
    liveness.connected(mono)
    return liveness


def test_nothing_is_due_before_a_connection() -> None:
    liveness = Liveness(LIMITS)
    assert liveness.deadline() is None
    assert not liveness.is_ping_due(1e9)
    assert not liveness.is_dead(1e9)
    liveness.progress(5.0)
    assert liveness.deadline() is None


def test_S13_an_idle_connection_is_pinged_each_minute() -> None:
    liveness = connected()
    assert liveness.deadline() == 60.0
    assert not liveness.is_ping_due(59.9)
    assert liveness.is_ping_due(60.0)
    liveness.ping_sent(60.0)
    assert liveness.ping_sent_at == 60.0
    assert not liveness.is_ping_due(60.1)
    assert liveness.deadline() == 75.0
    liveness.pong_received(60.5, False)
    assert liveness.deadline() == 120.0


def test_S13_a_dead_idle_connection_is_noticed_within_90_seconds() -> None:
    liveness = connected()
    liveness.ping_sent(60.0)
    assert not liveness.is_dead(74.9)
    assert liveness.is_dead(75.0)


def test_S13_a_dead_connection_is_noticed_within_30_seconds_when_a_request_waits() -> None:
    liveness = connected()
    liveness.request_sent(5.0)
    liveness.request_sent(9.0)
    assert liveness.deadline() == 15.0
    assert liveness.is_ping_due(15.0)
    liveness.ping_sent(15.0)
    assert liveness.deadline() == 30.0
    assert liveness.is_dead(30.0)


def test_a_request_before_the_connection_is_announced_is_probed_too() -> None:
    liveness = Liveness(LIMITS)
    liveness.request_sent(5.0)
    assert liveness.deadline() == 15.0


def test_I16_only_answers_prove_that_we_are_heard() -> None:
    liveness = connected()
    liveness.request_sent(0.0)
    liveness.proven(8.0, True)
    assert liveness.deadline() == 18.0
    liveness.proven(12.0, False)
    assert liveness.deadline() == 60.0


def test_an_answer_keeps_a_connection_with_a_late_pong_alive() -> None:
    liveness = connected()
    liveness.ping_sent(60.0)
    liveness.proven(70.0, False)
    assert not liveness.is_dead(84.0)
    assert liveness.is_dead(85.0)


def test_parts_of_a_large_answer_keep_a_connection_alive_for_a_while() -> None:
    liveness = connected()
    liveness.ping_sent(60.0)
    mono = 60.0
    while mono < 360.0:
        mono += 10.0
        assert not liveness.is_dead(mono)
        liveness.progress(mono)
    assert liveness.is_dead(365.0), "somebody who only ever sends parts is not alive"


def test_a_pong_that_is_awaited_is_not_asked_for_again() -> None:
    liveness = connected()
    liveness.request_sent(0.0)
    liveness.ping_sent(10.0)
    assert liveness.deadline() == 25.0
    liveness.proven(20.0, True)
    assert liveness.deadline() == 35.0
    # The regular ping does not put off the moment of death.
    liveness.ping_sent(30.0)
    assert liveness.deadline() == 35.0
    liveness.pong_received(33.0, True)
    assert liveness.deadline() == 43.0


def test_probe_asks_at_once_but_not_twice() -> None:
    liveness = connected()
    liveness.probe(5.0)
    assert liveness.is_ping_due(5.0)
    liveness.ping_sent(5.0)
    liveness.probe(6.0)
    assert not liveness.is_ping_due(6.0)


def test_whoever_looks_late_gives_what_has_arrived_time_to_be_read() -> None:
    liveness = connected()
    liveness.ping_sent(60.0)
    assert not liveness.is_dead(200.0), "the machine slept, not the server"
    assert liveness.is_dead(202.0)
    assert liveness.is_dead(300.0), "mercy is given once"


def test_a_lost_connection_wants_nothing() -> None:
    liveness = connected()
    liveness.request_sent(0.0)
    liveness.ping_sent(10.0)
    liveness.disconnected()
    assert liveness.deadline() is None


def test_a_new_connection_begins_with_nothing_awaited() -> None:
    liveness = connected()
    liveness.request_sent(0.0)
    liveness.ping_sent(10.0)
    liveness.connected(20.0)
    assert not liveness.is_dead(30.0)
    assert liveness.deadline() == 80.0


def test_an_answer_gives_slow_packets_new_time() -> None:
    liveness = connected()
    liveness.ping_sent(60.0)
    liveness.proven(70.0, True)
    for mono in range(75, 360, 10):
        liveness.progress(float(mono))
    liveness.proven(365.0, True)
    liveness.progress(664.0)
    assert not liveness.is_dead(678.0)
    assert liveness.is_dead(679.0)


def test_mercy_is_given_again_after_the_next_ping() -> None:
    liveness = connected()
    liveness.ping_sent(60.0)
    assert not liveness.is_dead(77.5)
    liveness.pong_received(78.0, False)
    liveness.ping_sent(120.0)
    assert not liveness.is_dead(137.5)
    assert liveness.is_dead(139.5)


def test_mercy_lasts_two_seconds_and_is_for_those_who_are_later_than_that() -> None:
    liveness = connected()
    liveness.ping_sent(60.0)
    assert liveness.is_dead(77.0)
    liveness = connected()
    liveness.ping_sent(60.0)
    assert not liveness.is_dead(77.1)
    assert not liveness.is_dead(79.0)
    assert liveness.is_dead(79.1)
