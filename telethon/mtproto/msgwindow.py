"""Which messages were received before.

Of all msg_ids received the greatest N are remembered. A message is new when it is not among them and, once N are
known, greater than the smallest of them: about anything older nothing is known, so it must be taken for a repetition.

Source: https://core.telegram.org/mtproto/security_guidelines#checking-msg-id
"""

from __future__ import annotations

from heapq import heappush, heappushpop

__all__ = ["MsgWindow"]


class MsgWindow:
    """The msg_ids received last, each with whether it was content-related.

    Args:
        size: how many are remembered.
    """

    __slots__ = ("_greatest", "_heap", "_known", "_size")

    def __init__(self, size: int) -> None:
        self._size = size
        self._known: dict[int, bool] = {}
        self._heap: list[int] = []
        self._greatest = 0

    def __len__(self) -> int:
        return len(self._heap)

    def __contains__(self, msg_id: int) -> bool:
        return msg_id in self._known

    def add(self, msg_id: int, content_related: bool) -> bool:
        """Remember a message; False when it must be ignored because it is, or may be, a repetition."""
        known = self._known
        if msg_id in known:
            return False
        heap = self._heap
        if len(heap) < self._size:
            heappush(heap, msg_id)
        elif msg_id < heap[0]:
            return False
        else:
            del known[heappushpop(heap, msg_id)]
        known[msg_id] = content_related
        if msg_id > self._greatest:
            self._greatest = msg_id
        return True

    def is_content_related(self, msg_id: int) -> bool:
        """Whether a remembered message wants to be acknowledged."""
        return self._known.get(msg_id, False)

    def state(self, msg_id: int) -> int:
        """What we know of a message, as msgs_state_info wants it: 1 forgotten, 2 or 3 not received, 4 received.

        Source: https://core.telegram.org/mtproto/service_messages_about_messages
        """
        if msg_id in self._known:
            return 4
        heap = self._heap
        if len(heap) >= self._size and msg_id < heap[0]:
            return 1
        return 3 if msg_id > self._greatest else 2

    def clear(self) -> None:
        """Forget all; for a new session."""
        self._known.clear()
        self._heap.clear()
        self._greatest = 0
