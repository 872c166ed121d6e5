"""Both ends."""

from __future__ import annotations

from telethon.mtproto.side import Side


def test_x_is_0_for_the_client_and_8_for_the_server() -> None:
    assert (Side.CLIENT.x, Side.SERVER.x) == (0, 8)


def test_other_is_the_opposite_end() -> None:
    assert Side.CLIENT.other is Side.SERVER
    assert Side.SERVER.other is Side.CLIENT
