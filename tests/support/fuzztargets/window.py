"""The check against repeated messages, against its definition."""

from __future__ import annotations

from window_model import Reference

from telethon.mtproto.msgwindow import MsgWindow

from .choices import Choices


def run(data: bytes) -> None:
    """The first byte is the size of the window, each further one a message."""
    choices = Choices(data)
    size = 1 + choices.below(16)
    spread = 1 + choices.below(255)
    window, reference = MsgWindow(size), Reference(size)
    while choices.left:
        msg_id = choices.below(256) * spread + 1
        fresh = window.add(msg_id, bool(msg_id & 1))
        assert fresh == reference.add(msg_id)
        assert len(window) == len(reference.ids) <= size
        assert msg_id in window or not fresh
        assert [one for one in reference.ids if one not in window] == []
        state = window.state(msg_id)
        assert state == (4 if msg_id in reference.ids else 1)


def seeds() -> list[bytes]:
    """A few orders."""
    return [
        bytes((3, 1)) + bytes(range(10, 40)),
        bytes((5, 1)) + bytes(range(60, 20, -1)),
        bytes((2, 7)) + bytes((1, 5, 3, 3, 9, 1, 7, 200, 3, 200, 0)),
    ]
