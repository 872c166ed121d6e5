"""Server salts of the future.

A salt is valid for an hour at most, in slices of half an hour. With a few of them known beforehand a request is never
refused for carrying an old one.

Source: https://core.telegram.org/mtproto/service_messages#request-for-several-future-salts
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

__all__ = ["FutureSalt", "KeyState", "Salts"]


class FutureSalt(NamedTuple):
    """A salt and when it may be used, in Unix seconds of the server."""

    valid_since: int
    valid_until: int
    salt: int

    def __repr__(self) -> str:
        return f"FutureSalt(valid_since={self.valid_since}, valid_until={self.valid_until})"


class KeyState(NamedTuple):
    """What is worth keeping with an auth_key, so that the next run begins where this one ended.

    Attributes:
        auth_key_id: `AuthKey.key_id` of the key that it is about; for another one it says nothing.
        salt: the server salt in use.
        future_salts: those to use later.
        time_offset: seconds to add to the wall clock of this machine to get the time of the server.
    """

    auth_key_id: int
    salt: int
    future_salts: tuple[FutureSalt, ...] = ()
    time_offset: float = 0.0

    def __repr__(self) -> str:
        return f"KeyState({len(self.future_salts)} future salts, time_offset={self.time_offset:.1f})"


class Salts:
    """The known salts of the future, in order of time.

    Args:
        known: those kept from an earlier run.
    """

    __slots__ = ("_salts", "next_change")

    def __init__(self, known: Iterable[FutureSalt] = ()) -> None:
        self._salts: list[FutureSalt] = []
        self.next_change: float | None = None
        """Server time at which another salt becomes the one to use."""
        self.learn(known)

    def __len__(self) -> int:
        return len(self._salts)

    def learn(self, salts: Iterable[FutureSalt]) -> bool:
        """Replace what is known by a newer answer; empty and negative times are left out.

        Returns:
            Whether there was anything of use.
        """
        usable = {salt.valid_since: salt for salt in salts if salt.valid_since < salt.valid_until}
        if usable:
            self._salts = [usable[since] for since in sorted(usable)]
            self.next_change = self._salts[0].valid_since
        return bool(usable)

    def switch(self, server_time: float) -> int | None:
        """The salt that became valid since the last call, or None when there is none."""
        if self.next_change is None or server_time < self.next_change:
            return None
        current = None
        while self._salts and self._salts[0].valid_since <= server_time:
            current = self._salts.pop(0)
        # One that has run out while nobody looked is no better than what we have.
        self.next_change = self._salts[0].valid_since if self._salts else None
        return current.salt if current is not None and server_time < current.valid_until else None

    def clear(self) -> None:
        """Forget all: the server named one that is not among them."""
        self._salts.clear()
        self.next_change = None

    def last_until(self) -> float | None:
        """When the last known salt ends, or None when none is known."""
        return self._salts[-1].valid_until if self._salts else None

    def known(self) -> list[FutureSalt]:
        """What can be kept for the next run."""
        return list(self._salts)
