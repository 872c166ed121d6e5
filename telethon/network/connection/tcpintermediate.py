"""The intermediate transports: four bytes of length, and optionally random bytes behind a packet.

Sources: https://core.telegram.org/mtproto/mtproto-transports#intermediate,
https://core.telegram.org/mtproto/mtproto-transports#padded-intermediate
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.network.connection._codecs import CorePacketCodec
from telethon.network.connection.connection import Connection

if TYPE_CHECKING:
    from telethon.mtproto.codecs.base import Codec

__all__ = ["ConnectionTcpIntermediate", "IntermediatePacketCodec", "RandomizedIntermediatePacketCodec"]


class IntermediatePacketCodec(CorePacketCodec):
    """Puts the length, in four bytes, before a packet."""

    tag: bytes | None = b"\xee\xee\xee\xee"
    obfuscate_tag = b"\xee\xee\xee\xee"

    def _make_core(self) -> Codec:
        from telethon.mtproto.codecs.intermediate import IntermediateCodec

        return IntermediateCodec()


class RandomizedIntermediatePacketCodec(IntermediatePacketCodec):
    """As `IntermediatePacketCodec`, with up to 15 random bytes behind each packet, so that sizes tell little."""

    # It only exists inside of an obfuscated connection.
    tag = None
    obfuscate_tag = b"\xdd\xdd\xdd\xdd"

    def _make_core(self) -> Codec:
        from telethon.mtproto.codecs.padded import PaddedIntermediateCodec
        from telethon.network.system import RANDOM

        return PaddedIntermediateCodec(RANDOM)


class ConnectionTcpIntermediate(Connection):
    """A connection that keeps packets aligned to four bytes."""

    packet_codec = IntermediatePacketCodec
