"""What the server keeps about an authorization key: the key, its salts and its sessions.

Source: https://core.telegram.org/mtproto/description#server-salt
"""

from __future__ import annotations

from hashlib import sha1
from struct import pack
from typing import TYPE_CHECKING

from telethon.mtproto.salts import FutureSalt
from telethon.testing._rpc import AuthKeyRecord

if TYPE_CHECKING:
    from telethon.testing.session import ServerSession

__all__ = ["SaltSchedule", "KnownKey"]


class SaltSchedule:
    """The salts of one key: a new one each period, each valid for two periods.

    Args:
        seed: what the salts follow from.
        period: seconds after which the next salt begins.
    """

    __slots__ = ("_fixed", "_from", "_period", "_seed", "_turn", "_until", "_valid", "current")

    def __init__(self, seed: bytes, period: int) -> None:
        self._seed = seed
        self._period = period
        self._fixed: dict[int, int] = {}
        self._turn = 0
        self._from = self._until = 0.0
        self._valid: tuple[int, ...] = ()
        self.current = 0
        """The salt of the last period asked for."""

    def _salt(self, number: int) -> int:
        fixed = self._fixed.get(number)
        if fixed is not None:
            return fixed
        digest = sha1(self._seed + pack("<qq", number, self._turn)).digest()
        return int.from_bytes(digest[:8], "little", signed=True)

    def _move(self, now: float) -> None:
        """Make the period that `now` lies in the current one."""
        number = int(now // self._period)
        self._from = number * self._period
        self._until = self._from + self._period
        self.current = self._salt(number)
        self._valid = (self.current, self._salt(number - 1))

    def begin(self, salt: int, now: float) -> None:
        """Use a certain salt in the current period."""
        self._fixed[int(now // self._period)] = salt
        self._move(now)

    def replace(self, now: float) -> None:
        """Make all known salts invalid."""
        self._turn += 1
        self._fixed.clear()
        self._move(now)
        self._valid = (self.current,)

    def accepts(self, salt: int, now: float) -> bool:
        """Whether a message with that salt is taken."""
        if not self._from <= now < self._until:
            self._move(now)
        return salt in self._valid

    def at(self, now: float) -> int:
        """The salt to use."""
        if not self._from <= now < self._until:
            self._move(now)
        return self.current

    def future(self, count: int, now: float) -> list[FutureSalt]:
        """The current salt and those after it.

        Source: https://core.telegram.org/mtproto/service_messages#request-for-several-future-salts
        """
        period = self._period
        first = int(now // period)
        return [
            FutureSalt(number * period, (number + 2) * period, self._salt(number))
            for number in range(first, first + count)
        ]


class KnownKey:
    """A key that the server knows.

    Args:
        record: what those who answer requests see of it.
        auth_key_id: its 8 bytes.
        salts: its salts.

    Attributes:
        record: as given.
        auth_key: the 256 bytes.
        auth_key_id: as given.
        salts: as given.
        sessions: by session_id.
        is_forgotten: whether the server knows it no longer.
    """

    __slots__ = ("auth_key", "auth_key_id", "is_forgotten", "record", "salts", "sessions")

    def __init__(self, record: AuthKeyRecord, auth_key_id: bytes, salts: SaltSchedule) -> None:
        self.record = record
        self.auth_key = record.auth_key
        self.auth_key_id = auth_key_id
        self.salts = salts
        self.sessions: dict[int, ServerSession] = {}
        self.is_forgotten = False
