"""The full transport: numbered packets with a checksum.

Source: https://core.telegram.org/mtproto/mtproto-transports#full
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon._core.oldnames import old_names
from telethon.network.connection._codecs import CorePacketCodec
from telethon.network.connection.connection import Connection

if TYPE_CHECKING:
    from telethon.mtproto.codecs.base import Codec
else:
    __getattr__ = old_names(__name__)

__all__ = ["ConnectionTcpFull", "FullPacketCodec"]


class FullPacketCodec(CorePacketCodec):
    """Numbers packets and adds a checksum to them."""

    def _make_core(self) -> Codec:
        from telethon.mtproto.codecs.full import FullCodec

        return FullCodec()


class ConnectionTcpFull(Connection):
    """A connection that notices damaged, lost and repeated packets by itself. Twelve bytes are added to each."""

    packet_codec = FullPacketCodec
