"""Which end of the connection we are."""

from __future__ import annotations

from enum import Enum

__all__ = ["Side"]


class Side(Enum):
    """The client and the server run the same machine with a few constants the other way round.

    Attributes:
        x: the number that goes into the key derivation of what this side sends.

    Source: https://core.telegram.org/mtproto/description#defining-aes-key-and-initialization-vector
    """

    CLIENT = 0
    SERVER = 8

    x: int

    def __init__(self, x: int) -> None:
        # A plain attribute: every packet asks for it, and `value` is many times slower.
        self.x = x

    @property
    def other(self) -> Side:
        """The other end."""
        return Side.SERVER if self is Side.CLIENT else Side.CLIENT
