"""Obfuscation: a connection whose bytes look random.

Source: https://core.telegram.org/mtproto/mtproto-transports#transport-obfuscation
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from telethon._core.oldnames import old_names
from telethon.network.connection.connection import ObfuscatedConnection, assert_open
from telethon.network.connection.tcpabridged import AbridgedPacketCodec

if TYPE_CHECKING:
    from telethon.crypto import AESModeCTR
    from telethon.network.connection.connection import Connection
else:
    __getattr__ = old_names(__name__)

__all__ = ["ConnectionTcpObfuscated", "ObfuscatedIO"]


class ObfuscatedIO:
    """Stands between a codec and a socket, and encrypts in both directions.

    Args:
        connection: the connection it works for, with an open socket.

    Attributes:
        header: what the connection begins with.
    """

    header: bytes | None = None

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._reader = connection._reader
        self._writer = connection._writer
        self.header, self._encrypt, self._decrypt = self._start(connection)

    @classmethod
    def _start(cls, connection: Connection) -> tuple[bytes, AESModeCTR, AESModeCTR]:
        return cls.init_header(connection.packet_codec)

    @staticmethod
    def init_header(packet_codec: Any) -> tuple[bytes, AESModeCTR, AESModeCTR]:
        """The header for a codec, and the ciphers of what is sent and of what is received.

        Args:
            packet_codec: the class of codec; only its `obfuscate_tag` matters.
        """
        return make_header(packet_codec)

    async def readexactly(self, n: int) -> bytes:
        """Exactly *n* plain bytes."""
        if self._reader is None:
            raise ConnectionError(f"{self._connection} is not connected")
        return self.decrypt(await self._reader.readexactly(n))

    def write(self, data: bytes) -> None:
        """Encrypt and write."""
        assert_open(self._writer, self._connection).write(self._encrypt.encrypt(data))

    def decrypt(self, data: bytes) -> bytes:
        """The plain form of what came from the socket."""
        return self._decrypt.encrypt(data)


def make_header(packet_codec: Any, secret: bytes = b"", dc_id: int = 0) -> tuple[bytes, AESModeCTR, AESModeCTR]:
    """The header of an obfuscated connection, and its ciphers: of what is sent, and of what is received.

    Args:
        packet_codec: the class of codec inside.
        secret: the 16 bytes of an MTProxy's secret.
        dc_id: where an MTProxy shall connect to.

    Raises:
        ValueError: the codec cannot be obfuscated.
    """
    from telethon.mtproto.codecs.obfuscated import obfuscate
    from telethon.network.system import RANDOM

    tag = packet_codec.obfuscate_tag
    if not tag:
        raise ValueError(f"{packet_codec.__name__} cannot be used in an obfuscated connection")
    return obfuscate(tag, rand=RANDOM, secret=secret, dc_id=dc_id)


class ConnectionTcpObfuscated(ObfuscatedConnection):
    """An abridged connection whose bytes look random to whoever watches the line."""

    obfuscated_io = ObfuscatedIO
    packet_codec = AbridgedPacketCodec
