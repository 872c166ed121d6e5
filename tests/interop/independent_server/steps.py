"""Steps that many tests run, and what they wait for."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

from independent.server import Server
from independent.tl import Object

CONNECT = "c = make()\nawait c.connect()\nreturn (await c(me))[0].id"
ASK = "return (await c(me))[0].id"
MANY = "return [one[0].id for one in await asyncio.gather(*(c(me) for _ in range(30)))]"
NEAREST = "return (await c(functions.help.GetNearestDcRequest())).nearest_dc"
LISTEN = """
    # What happens before the state of the account is known is looked at elsewhere.
    await asyncio.sleep(0.2)
    got = []
    c.add_event_handler(lambda event: got.append(event.raw_text), events.NewMessage)
"""


def event(server: Server, text: str, from_id: int = 200) -> Object:
    """A message to Ann, in the form it is sent in."""
    return server.world.around(server.world.event(server.world.users[100], text, from_id))


def nearest(_call: Any = None) -> Object:
    """The answer to `NEAREST`."""
    return {"_": "nearestDc", "country": "NL", "this_dc": 2, "nearest_dc": 2}


async def settle(condition: Callable[[], object], seconds: float = 6.0) -> None:
    """Wait for something on this side."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it did not happen in time")


def large(server: Server, size: int) -> str:
    """A step that asks for so many bytes of a file."""
    server.world.files[5] = bytes(range(256)) * (size // 256)
    place = "types.InputDocumentFileLocation(5, 6, b'', '')"
    return f"return len((await c(functions.upload.GetFileRequest({place}, 0, {1 << 20}))).bytes)"
