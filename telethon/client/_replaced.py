"""Whether a program has put something of its own in the place of a method of the client.

Programs override methods in a subclass, or assign to the class or to one client, private ones too. What the client does
without them is quicker, or asks less; it takes the way through the methods when somebody stands there.
"""

from __future__ import annotations

from typing import Any

__all__ = ["BLOCKING", "is_replaced"]

BLOCKING = "__tl.sync"
"""The attribute under which a method that `telethon.sync` made to block keeps the coroutine function it came from."""


def is_replaced(client: Any, name: str, own: Any) -> bool:
    """Whether *name* is not the client's own method any more; one that was only made to block still is.

    Args:
        client: the client.
        name: the name of the method.
        own: the function that the package has there.
    """
    kind: type[Any] = client.__class__
    found = getattr(kind, name, own)
    return (found is not own and getattr(found, BLOCKING, None) is not own) or name in client.__dict__
