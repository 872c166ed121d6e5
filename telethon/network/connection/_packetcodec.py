"""What every codec of a connection is, be it one of ours or of a program."""

from __future__ import annotations

import abc
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from telethon.network.connection.connection import Connection

__all__ = ["AsyncReader", "PacketCodec"]


class AsyncReader(Protocol):
    """What a codec needs of whatever it reads from."""

    async def readexactly(self, n: int) -> bytes:
        """Exactly *n* bytes; `asyncio.IncompleteReadError` if there will never be as many."""
        ...


class PacketCodec(abc.ABC):
    """How packets look on the wire.

    Args:
        connection: the connection it works for.

    Attributes:
        tag: the bytes that tell the server, before anything else, which codec this is; None when there are none.
    """

    tag: bytes | None = None

    def __init__(self, connection: Connection) -> None:
        self._conn = connection

    @abc.abstractmethod
    def encode_packet(self, data: bytes) -> bytes:
        """The bytes to write for a packet."""
        raise NotImplementedError

    @abc.abstractmethod
    async def read_packet(self, reader: Any) -> bytes:
        """The next packet.

        Args:
            reader: anything with an ``async readexactly(n)``.
        """
        raise NotImplementedError
