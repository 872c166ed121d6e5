"""A request on its way: its bytes, and the future that its caller waits for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextvars import Context
from typing import TYPE_CHECKING, Any

from telethon.helpers import get_running_loop
from telethon.tl.tlobject import TLRequest

if TYPE_CHECKING:
    from typing_extensions import Self

__all__ = ["RequestFuture", "RequestState"]


class RequestFuture(asyncio.Future[Any]):
    """The future of an answer; whoever sent the request learns when nobody waits for it any more.

    It is the handle of the request as well, so that an answer finds its way without a look-up. And a task that waits
    for it can go on in the moment the answer is there, see `settle`, where a plain future would let the event loop
    turn first; that is a good part of what a small request costs.

    Attributes:
        request: what is to be answered.
        given_up: called with the future when it is cancelled.
    """

    __slots__ = ("_context", "_wake", "given_up", "request")

    request: Any
    given_up: Callable[[RequestFuture], object] | None
    _wake: Callable[[Any], object] | None
    _context: Context | None

    @classmethod
    def make(
        cls, request: Any, given_up: Callable[[RequestFuture], object] | None, loop: asyncio.AbstractEventLoop
    ) -> RequestFuture:
        """A future for a request. (A constructor of its own would make each of them slower.)"""
        future = cls(loop=loop)
        future.request = request
        future.given_up = given_up
        future._wake = None
        return future

    def add_done_callback(self, fn: Callable[[Self], object], /, *, context: Context | None = None) -> None:
        """As any future; only tasks name a context, and the first of them is woken by `wake`."""
        if context is None or self._wake is not None or self.done():
            super().add_done_callback(fn, context=context)
        else:
            self._wake, self._context = fn, context

    def remove_done_callback(self, fn: Callable[[Self], object], /) -> int:
        """As any future."""
        removed = 0
        if self._wake is not None and self._wake == fn:
            self._wake = self._context = None
            removed = 1
        return removed + super().remove_done_callback(fn)

    def settle(self, result: Any) -> None:
        """Set the result; `wake` has to follow."""
        super().set_result(result)

    def wake(self) -> None:
        """Let the task that waits go on now. Only for who is called by the event loop and not by another task."""
        wake = self._wake
        if wake is not None:
            context, self._wake, self._context = self._context, None, None
            if context is not None:
                context.run(wake, self)

    def wake_later(self) -> None:
        """Let the task that waits go on when the event loop turns, as with a plain future."""
        wake = self._wake
        if wake is not None:
            context, self._wake, self._context = self._context, None, None
            if self.done():
                self.get_loop().call_soon(wake, self, context=context)
            else:
                super().add_done_callback(wake, context=context)

    def set_result(self, result: Any, /) -> None:
        """As any future."""
        self.wake_later()
        super().set_result(result)

    def set_exception(self, exception: type[BaseException] | BaseException, /) -> None:
        """As any future."""
        self.wake_later()
        super().set_exception(exception)

    def cancel(self, msg: Any = None) -> bool:
        """Give the answer up; the server is told not to send it."""
        if self.done():
            return False
        self.wake_later()
        cancelled = super().cancel(msg)
        if cancelled and self.given_up is not None:
            self.given_up(self)
        return cancelled


class RequestState:
    """A request with its bytes and its future, as programs know it that stand between client and server.

    Args:
        request: the request; it becomes bytes here, so later changes to it are not sent.
        after: the one that the server must have done before this one.

    Attributes:
        container_id: msg_id of the container it was sent in, if any.
        msg_id: its own msg_id, once it was sent.
        request: the request.
        data: its bytes.
        future: what its caller waits for.
        after: see above.
    """

    __slots__ = ("after", "container_id", "data", "future", "msg_id", "request")

    def __init__(self, request: TLRequest[Any], after: RequestState | None = None) -> None:
        self.container_id: int | None = None
        self.msg_id: int | None = None
        self.request = request
        self.data = bytes(request)
        self.future: asyncio.Future[Any] = get_running_loop().create_future()
        self.after = after
