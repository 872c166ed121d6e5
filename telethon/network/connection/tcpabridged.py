"""The abridged transport: the least overhead.

Source: https://core.telegram.org/mtproto/mtproto-transports#abridged
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.network.connection._codecs import CorePacketCodec
from telethon.network.connection.connection import Connection

if TYPE_CHECKING:
    from telethon.mtproto.codecs.base import Codec

__all__ = ["AbridgedPacketCodec", "ConnectionTcpAbridged"]


class AbridgedPacketCodec(CorePacketCodec):
    """Puts one byte before a packet, or four before a long one."""

    tag = b"\xef"
    obfuscate_tag = b"\xef\xef\xef\xef"

    def _make_core(self) -> Codec:
        from telethon.mtproto.codecs.abridged import AbridgedCodec

        return AbridgedCodec()


class ConnectionTcpAbridged(Connection):
    """The connection with the least overhead: one byte for most packets."""

    packet_codec = AbridgedPacketCodec
