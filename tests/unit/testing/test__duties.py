"""Numbers of the client's messages, as the server checks them."""

from __future__ import annotations

from telethon.mtproto import wire
from telethon.testing._duties import ClientNumbers

PING = wire.PING


def numbers() -> tuple[ClientNumbers, list[tuple[str, str]]]:
    found: list[tuple[str, str]] = []
    return ClientNumbers(lambda rule, detail: found.append((rule, detail))), found


def test_M10_order_is_checked_where_it_is_kept() -> None:
    checked, found = numbers()
    assert [checked.check(4, 1, PING), checked.check(12, 3, PING)] == [0, 0]
    assert found == []
    checked.check(8, 5, PING)
    assert [rule for rule, _ in found] == ["msg_id_order"]
    checked.check(16, 9, PING)
    assert [rule for rule, _ in found] == ["msg_id_order", "seq_no"]


def test_M10_over_several_sockets_a_message_may_overtake_another() -> None:
    checked, found = numbers()
    checked.in_order = False
    assert [checked.check(12, 5, PING), checked.check(4, 1, PING), checked.check(8, 3, PING)] == [0, 0, 0]
    assert found == []
    assert checked.highest == 12
    checked.in_order = True
    assert checked.check(16, 7, PING) == 0
    assert found == []
    # Its parity is still that of the message.
    checked.in_order = False
    assert checked.check(20, 8, 0x12345678) != 0
    assert [rule for rule, _ in found] == ["seq_no"]
