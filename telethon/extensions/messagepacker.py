"""Collecting requests into as few messages as possible, under the name that Telethon gave it.

The library itself packs in `telethon.mtproto.engine`; programs that make messages by hand use this class together with
`telethon.network.mtprotostate.MTProtoState`.

Source: https://core.telegram.org/mtproto/service_messages#containers
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import TYPE_CHECKING, Any, Protocol

from telethon.mtproto.limits import Limits
from telethon.mtproto.packer import CONTAINER, MESSAGE
from telethon.mtproto.wire import MSG_CONTAINER

if TYPE_CHECKING:
    import logging

__all__ = ["MessagePacker"]

_LIMITS = Limits()


class PackedRequest(Protocol):
    """What is needed of `telethon.network.requeststate.RequestState`."""

    data: bytes
    msg_id: int | None
    container_id: int | None
    after: Any
    request: Any


class MessageWriter(Protocol):
    """What is needed of `telethon.network.mtprotostate.MTProtoState`."""

    def write_data_as_message(
        self, buffer: BytesIO, data: bytes, content_related: bool, *, after_id: int | None = None
    ) -> int:
        """Write a message with a new msg_id, which is the result."""
        ...


class MessagePacker:
    """A queue of requests, and what to send for those that wait in it.

    Args:
        state: makes the messages.
        loggers: loggers by module name.
    """

    def __init__(self, state: MessageWriter, loggers: Mapping[str, logging.Logger]) -> None:
        self._state = state
        self._log = loggers[__name__]
        self._deque: deque[PackedRequest] = deque()
        self._ready = asyncio.Event()

    def append(self, state: PackedRequest) -> None:
        """Queue a request."""
        self._deque.append(state)
        self._ready.set()

    def extend(self, states: Iterable[PackedRequest]) -> None:
        """Queue several."""
        self._deque.extend(states)
        self._ready.set()

    async def get(self) -> tuple[list[PackedRequest], bytes]:
        """Wait until something is queued, and take as much of it as one message may hold.

        Returns:
            The requests, which know their `msg_id` now, and the message. Several travel in a container, whose own
            msg_id is their `container_id`. The list is empty when the one request there was is too large to be sent;
            its future has the error then.
        """
        if not self._deque:
            self._ready.clear()
            await self._ready.wait()
        batch: list[PackedRequest] = []
        buffer = BytesIO()
        size = CONTAINER.size
        while self._deque and len(batch) < _LIMITS.container_messages:
            state = self._deque[0]
            needed = len(state.data) + MESSAGE.size
            if batch and size + needed > _LIMITS.message_bytes:
                break
            self._deque.popleft()
            if len(state.data) > _LIMITS.message_bytes:
                self._refuse(state)
                continue
            after = state.after
            state.msg_id = self._state.write_data_as_message(
                buffer, state.data, content_related=True, after_id=None if after is None else after.msg_id
            )
            self._log.debug("Packed %s as message %d", type(state.request).__name__, state.msg_id)
            batch.append(state)
            size += needed
        if len(batch) <= 1:
            for state in batch:
                state.container_id = None
            return batch, buffer.getvalue()
        inner = CONTAINER.pack(MSG_CONTAINER, len(batch)) + buffer.getvalue()
        outer = BytesIO()
        container_id = self._state.write_data_as_message(outer, inner, content_related=False)
        for state in batch:
            state.container_id = container_id
        return batch, outer.getvalue()

    def _refuse(self, state: Any) -> None:
        size, most = len(state.data), _LIMITS.message_bytes
        error = ValueError(f"{type(state.request).__name__} has {size} bytes; at most {most} can be sent at once")
        self._log.warning("Not sent: %s", error)
        state.future.set_exception(error)
