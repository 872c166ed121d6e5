"""A request on its way: its bytes, and the future that its caller waits for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from telethon.helpers import get_running_loop
from telethon.tl.tlobject import TLRequest

__all__ = ["RequestFuture", "RequestState"]


class RequestFuture(asyncio.Future[Any]):
    """The future of an answer; whoever sent the request learns when nobody waits for it any more.

    It is the handle of the request as well, so that an answer finds its way without a look-up.

    Attributes:
        request: what is to be answered.
        given_up: called with the future when it is cancelled.
    """

    __slots__ = ("given_up", "request")

    request: Any
    given_up: Callable[[RequestFuture], object] | None

    def cancel(self, msg: Any = None) -> bool:
        """Give the answer up; the server is told not to send it."""
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
