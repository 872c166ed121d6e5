"""Which messages are acknowledged, and when."""

from __future__ import annotations

from telethon.mtproto.acks import Acks
from telethon.mtproto.limits import Limits


def test_M16_nothing_is_due_without_messages() -> None:
    acks = Acks(Limits())
    assert len(acks) == 0
    assert not acks.is_due(1e9)
    assert acks.deadline is None
    assert acks.take() == []


def test_M16_the_oldest_sets_the_deadline() -> None:
    acks = Acks(Limits(ack_delay=20.0))
    acks.add(1, 100.0)
    acks.add(5, 110.0)
    assert acks.deadline == 120.0
    assert not acks.is_due(119.9)
    assert acks.is_due(120.0)
    assert 1 in acks
    assert 2 not in acks


def test_M16_enough_of_them_leave_at_once() -> None:
    acks = Acks(Limits(ack_count=16))
    for msg_id in range(15):
        acks.add(msg_id, 0.0)
    assert not acks.is_due(0.0)
    acks.add(14, 0.0)
    assert not acks.is_due(0.0), "the same message counts once"
    acks.add(15, 0.0)
    assert acks.is_due(0.0)


def test_M16_an_idle_client_acknowledges_within_a_minute() -> None:
    assert Limits().ack_delay < 60
    assert Limits().ack_count <= 16


def test_M11_twenty_thousand_need_three_messages() -> None:
    acks = Acks(Limits())
    acks.add_all(range(20_000), 1.0)
    lists = acks.take()
    assert [len(ids) for ids in lists] == [8192, 8192, 3616]
    assert [msg_id for ids in lists for msg_id in ids] == list(range(20_000))
    assert len(acks) == 0
    assert acks.deadline is None


def test_clear_forgets_all() -> None:
    acks = Acks(Limits())
    acks.add(1, 0.0)
    acks.eager = True
    acks.clear()
    assert (len(acks), acks.deadline, acks.eager) == (0, None, False)


def test_M16_nothing_is_urgent_at_first() -> None:
    assert Acks(Limits()).eager is False
