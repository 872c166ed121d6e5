"""Which event loop is meant, where a client and its caller may be in different threads."""

from __future__ import annotations

import asyncio
from typing import Final

__all__ = ["OTHER_LOOP", "is_in_loop"]

OTHER_LOOP: Final = (
    "The asyncio event loop must not change after connection: the client was connected in another loop than the one "
    "that runs now. Use one asyncio.run() for everything, or a client for each loop; from another thread, "
    "asyncio.run_coroutine_threadsafe(coroutine, client.loop)"
)
"""What is said to whoever uses a client outside of its loop."""


def is_in_loop() -> bool:
    """Whether the caller is called by an event loop of its thread."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
