"""Which received messages still have to be acknowledged.

Source: https://core.telegram.org/mtproto/service_messages_about_messages#acknowledgment-of-receipt
"""

from __future__ import annotations

from collections.abc import Iterable

from telethon.mtproto.limits import Limits

__all__ = ["Acks"]


class Acks:
    """Received, content-related messages that were not acknowledged yet, oldest first.

    An acknowledgement waits for company: it leaves when enough have gathered, when the oldest has waited long enough,
    or, after a large message, together with whatever is sent next.

    Args:
        limits: `ack_count`, `ack_delay` and `ids_per_message` are used.
    """

    __slots__ = ("_count", "_delay", "_ids", "_per_message", "deadline", "eager")

    def __init__(self, limits: Limits) -> None:
        self._count = limits.ack_count
        self._delay = limits.ack_delay
        self._per_message = limits.ids_per_message
        self._ids: dict[int, None] = {}
        self.deadline: float | None = None
        """Monotonic seconds at which the oldest has to leave."""
        self.eager = False
        """Whether they should go along with the next packet."""

    def __len__(self) -> int:
        return len(self._ids)

    def __contains__(self, msg_id: int) -> bool:
        return msg_id in self._ids

    def add(self, msg_id: int, mono: float) -> None:
        """A message was received at `mono` monotonic seconds."""
        self._ids[msg_id] = None
        if self.deadline is None:
            self.deadline = mono + self._delay

    def add_all(self, msg_ids: Iterable[int], mono: float) -> None:
        """Put back what was sent in vain."""
        for msg_id in msg_ids:
            self.add(msg_id, mono)

    def is_due(self, mono: float) -> bool:
        """Whether they must leave now, even alone."""
        return self.deadline is not None and (len(self._ids) >= self._count or mono >= self.deadline)

    def take(self) -> list[tuple[int, ...]]:
        """All of them, in lists that fit a message; none remain."""
        ids = tuple(self._ids)
        self.clear()
        step = self._per_message
        return [ids[start : start + step] for start in range(0, len(ids), step)]

    def clear(self) -> None:
        """Forget all; for a new session."""
        self._ids.clear()
        self.deadline = None
        self.eager = False
