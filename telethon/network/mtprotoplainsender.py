"""Sends and receives unencrypted messages, which only the key exchange uses.

Source: https://core.telegram.org/mtproto/description#unencrypted-message
"""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from telethon.errors.common import InvalidBufferError
from telethon.network.system import CLOCK

if TYPE_CHECKING:
    import logging

    from telethon._core.clock import Clock
    from telethon.tl.tlobject import TLRequest

__all__ = ["MTProtoPlainSender", "PlainPort"]

_R = TypeVar("_R")


class PlainPort(Protocol):
    """What unencrypted packets can go through: an open connection, or a part of one."""

    def send(self, data: bytes, /) -> Awaitable[None]:
        """Send a packet."""
        ...

    def recv(self) -> Awaitable[bytes]:
        """The next packet that comes."""
        ...


class MTProtoPlainSender:
    """Unencrypted requests over an open connection.

    Args:
        connection: the connection.
        loggers: loggers by module name.
        clock: tells the time.
    """

    def __init__(self, connection: PlainPort, *, loggers: Mapping[str, logging.Logger], clock: Clock = CLOCK) -> None:
        self._connection = connection
        self.clock = clock
        self._log = loggers[__name__]
        self._last_msg_id = 0

    async def send(self, request: TLRequest[_R]) -> _R:
        """Send a request and give its answer.

        Raises:
            InvalidBufferError: the server answered with a transport error.
            RemoteProtocolError: the answer is no unencrypted message in order.
        """
        from telethon.extensions.binaryreader import BinaryReader

        answer: Any = BinaryReader(await self.exchange(bytes(request))).tgread_object()
        return answer  # type: ignore[no-any-return]

    async def exchange(self, body: bytes) -> bytes:
        """Send a serialised object and give the one that comes back, serialised.

        Whatever is encrypted is ignored: without a key nothing can tell who made it.
        """
        from telethon.mtproto import plain

        self._last_msg_id = max(int(self.clock.now().wall * 2**32) & -4, self._last_msg_id + 4)
        await self._connection.send(plain.pack(body, self._last_msg_id))
        while True:
            packet = await self._connection.recv()
            if len(packet) == 4:
                raise InvalidBufferError(packet)
            if plain.is_plain(packet):
                return plain.unpack(packet)[1]
            self._log.debug("A packet of %d bytes that came during the key exchange is ignored", len(packet))
