"""The definition of which messages are new, word for word, with a sorted list."""

from __future__ import annotations

__all__ = ["Reference"]


class Reference:
    """Ids that were seen, at most *size* of them: equal to one, or lower than all of a full list, is not new."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.ids: list[int] = []

    def add(self, msg_id: int) -> bool:
        """Whether it is new; then it is remembered."""
        if msg_id in self.ids:
            return False
        if len(self.ids) >= self.size and msg_id < min(self.ids):
            return False
        self.ids.append(msg_id)
        self.ids.sort()
        del self.ids[: max(0, len(self.ids) - self.size)]
        return True
