"""One thing that goes wrong, and what can go wrong with a request."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from telethon.testing._rpc import RpcFault

__all__ = ["Fault", "RequestPlan"]


class Fault:
    """Something that goes wrong.

    Attributes:
        hits: how many times it has struck.
        left: how many times it still will, None for always.
    """

    def __init__(
        self,
        owner: list[Fault],
        times: int | None,
        applies: Callable[..., bool] | None,
        effect: Callable[..., Any],
    ) -> None:
        if times is not None and times < 1:
            raise ValueError(f"a fault strikes at least once, not {times} times")
        self.hits = 0
        self.left = times
        self._owner = owner
        self._applies = applies
        self._effect = effect
        owner.append(self)

    def __repr__(self) -> str:
        return f"Fault(hits={self.hits}, left={self.left})"

    @property
    def is_active(self) -> bool:
        """Whether it can strike again."""
        return self in self._owner

    def stop(self) -> None:
        """Let it strike no more."""
        if self in self._owner:
            self._owner.remove(self)

    def applies(self, *args: Any) -> bool:
        """Whether it is about this."""
        return self._applies is None or self._applies(*args)

    def strike(self, *args: Any) -> Any:
        """Count, and do it."""
        self.hits += 1
        if self.left is not None:
            self.left -= 1
            if self.left <= 0:
                self.stop()
        return self._effect(*args)


class RequestPlan:
    """What will go wrong with one request.

    Attributes:
        error: what it is answered with instead of being executed.
        result: the bytes of the answer, instead of those that it would have.
        delay: seconds to wait before it is executed.
        keep_back: whether the client is only told that the answer exists.
        cut: where the connection ends, empty for nowhere.
    """

    __slots__ = ("cut", "delay", "error", "keep_back", "result")

    def __init__(self) -> None:
        self.error: RpcFault | None = None
        self.result: bytes | None = None
        self.delay = 0.0
        self.keep_back = False
        self.cut = ""
