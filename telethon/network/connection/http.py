"""The HTTP transport: each packet is the body of a request, and the server's of an answer.

Source: https://core.telegram.org/mtproto/transports#http
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.network.connection._codecs import CorePacketCodec
from telethon.network.connection.connection import Connection

if TYPE_CHECKING:
    from ssl import SSLContext

    from telethon.mtproto.codecs.base import Codec

__all__ = ["SSL_PORT", "ConnectionHttp", "HttpPacketCodec"]

SSL_PORT = 443


class HttpPacketCodec(CorePacketCodec):
    """Makes a POST request of each packet. An answer without success becomes a transport error of its number."""

    def _make_core(self) -> Codec:
        from telethon.mtproto.codecs.http import HttpCodec

        return HttpCodec(self._conn._ip, self._conn._port)


class ConnectionHttp(Connection):
    """A connection by HTTP, for networks that let nothing else through; by HTTPS on port 443.

    The server can only speak when it is asked, so updates come late.
    """

    packet_codec = HttpPacketCodec

    async def connect(self, timeout: float | None = None, ssl: bool | SSLContext | None = None) -> None:
        """Connect; see `Connection.connect`.

        Args:
            timeout: seconds it may take; None for no limit.
            ssl: by default TLS is used on port 443.
        """
        await super().connect(timeout=timeout, ssl=self._port == SSL_PORT if ssl is None else ssl)
