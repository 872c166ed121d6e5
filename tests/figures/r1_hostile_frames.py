"""Frames that were changed, through everything from the packet to the answer and the queue of updates."""

from __future__ import annotations

import asyncio
import gc
import random
import time

from hostile_sender import HostileLink
from hostile_sender import Sender as ModelSender

from telethon.testing import run_virtual

from .figure import Row, Size, at_least, at_most, exactly, memory, peak_memory

TITLE = "mutated frames through decrypt, parse and dispatch"
FRAMES = {"gate": 100_000, "nightly": 1_000_000}
WARM_UP = 2_000


async def attack(frames: int, seed: int) -> tuple[ModelSender, list[float], float, bool]:
    """Send so many; gives the sender, the time of each frame, the memory before, and whether it still works."""
    rand = random.Random(seed)
    sender = ModelSender()
    await sender.connect()
    link = HostileLink(sender, rand)
    await link.warm_up()
    # The thousands of good objects that frames are made from are no part of the client; looking through them for what
    # can be freed would be counted as time of a frame.
    gc.collect()
    gc.freeze()
    slowest: list[float] = []
    before = 0.0
    for number in range(frames):
        if number == min(WARM_UP, frames // 2):
            # Every class that there is was loaded by now; what grows from here on would grow for ever.
            before = memory()
        packet = await link.next_packet()
        start = time.thread_time()
        sender.hand_over(packet)
        slowest.append(time.thread_time() - start)
        if number % 10 == 0:
            await asyncio.sleep(0)
        sender.forget()
    works = await sender.still_works()
    await sender.disconnect()
    return sender, slowest, before, works


def measure(size: Size) -> list[Row]:
    """See the head of this module."""
    frames = FRAMES[size]
    sender, times, before, works = run_virtual(attack(frames, 20240701))
    return [
        at_least("frames", len(times), frames),
        exactly("exceptions that are not the library's", len(sender.foreign), 0),
        exactly("a request after all of them is answered", works, True),
        at_most("memory grown", max(0.0, peak_memory() - before), 64, "MiB"),
        at_most("slowest frame", max(times) * 1000, 20, "ms"),
    ]
