"""Messages under the right key that hold nonsense: the session goes on, or ends with a typed error."""

from __future__ import annotations

import random
import struct
from functools import cache

from hostile_frames import corpus, opened, receive

from telethon.mtproto.events import UpdatesReceived
from telethon.tl._registry import read

from . import tl
from .choices import Choices


def run(data: bytes) -> None:
    """Up to four bodies, each behind its length in two bytes."""
    choices = Choices(data)
    link = opened()
    for _ in range(4):
        if not choices.left:
            break
        size = choices.below(1 << 16)
        body = choices.take(min(size, choices.left))
        found = receive(link, body[: len(body) // 4 * 4])
        link.clock.advance(0.5)
        for event in found:
            if isinstance(event, UpdatesReceived):
                try:
                    read(event.body)
                except tl.TYPED:
                    pass
    # Whatever it was, time goes on and what is to be sent is sound.
    link.wait(5.0)


@cache
def good() -> list[bytes]:
    """One body of each kind; the ids are those of `opened`, which are always the same."""
    return list(corpus(opened()))


def seeds() -> list[bytes]:
    """Each kind alone, and a few in a row."""
    bodies = good()
    rand = random.Random(1)
    rows = [[body] for body in bodies] + [rand.sample(bodies, 3) for _ in range(10)]
    return [b"".join(struct.pack("<H", len(body)) + body for body in row) for row in rows]
