"""A line between a client and a server on which anything can go wrong.

    client ---> ChaosPipe ---> server        up
    client <--- ChaosPipe <--- server        down

Beside `telethon.testing.faults`, which are things a server does, this is what happens to bytes on their way: they are
late, slow, cut in pieces, damaged, lost, or the line itself is gone without anybody being told.
"""

from __future__ import annotations

from telethon.testing.chaos.conditions import Conditions
from telethon.testing.chaos.pipe import ChaosPipe

__all__ = ["ChaosPipe", "Conditions"]
