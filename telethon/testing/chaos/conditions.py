"""How good or bad one direction of a line is."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Literal, TypeAlias

__all__ = ["Conditions", "Direction", "Where", "directions"]

Direction: TypeAlias = Literal["up", "down", "both"]
"""From the client to the server, from the server to the client, or both."""

Where: TypeAlias = Literal["before", "inside", "after"]
"""Where a connection ends, as seen from a frame."""

_CHANCES = frozenset(("duplicate", "reorder", "corrupt", "lose", "cut"))


@dataclass
class Conditions:
    """What happens to everything that goes one way; it may be changed at any time.

    Args:
        latency: seconds that everything is on its way.
        jitter: seconds that may be added to that, at random; bytes still never overtake each other.
        bandwidth: bytes per second; 0 is no limit.
        split: bytes are cut into pieces of 1 to as many bytes, at random; 0 leaves them as they come.
        coalesce: seconds for which bytes are gathered, to arrive together; 0 does not gather.
        duplicate: chance that a frame comes twice, from 0 to 1. A frame is what the transport makes of one packet.
        reorder: chance that a frame is overtaken by the next one.
        corrupt: chance that one bit of a frame is changed.
        lose: chance that a frame vanishes. TCP loses nothing, but what stands between may.
        cut: chance that the connection ends at a frame: before it, somewhere inside it, or right behind it.
    """

    latency: float = 0.0
    jitter: float = 0.0
    bandwidth: float = 0.0
    split: int = 0
    coalesce: float = 0.0
    duplicate: float = 0.0
    reorder: float = 0.0
    corrupt: float = 0.0
    lose: float = 0.0
    cut: float = 0.0

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in _NAMES:
            raise AttributeError(f"there is no condition {name!r}; there are {', '.join(_NAMES)}")
        if not isinstance(value, (int, float)) or value < 0 or (name in _CHANCES and value > 1):
            limit = "a chance from 0 to 1" if name in _CHANCES else "a number that is not negative"
            raise ValueError(f"{name} is {limit}, not {value!r}")
        super().__setattr__(name, value)

    @property
    def changes_frames(self) -> bool:
        """Whether frames are looked at one by one."""
        return bool(self.duplicate or self.reorder or self.corrupt or self.lose or self.cut)


_NAMES = tuple(field.name for field in fields(Conditions))


def directions(direction: Direction) -> tuple[Literal["up", "down"], ...]:
    """The single directions that are meant.

    Raises:
        ValueError: there is no such direction.
    """
    if direction == "both":
        return "up", "down"
    if direction not in ("up", "down"):
        raise ValueError(f"a direction is 'up' (to the server), 'down' (to the client) or 'both', not {direction!r}")
    return (direction,)
