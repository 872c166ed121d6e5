"""Connections through an MTProxy, a proxy that only speaks the protocol of Telegram.

The proxy is given as ``proxy=(host, port, secret)``, beside one of the classes here as ``connection=``.

Source: https://core.telegram.org/mtproto/mtproto-transports#transport-obfuscation
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from telethon.network.connection.connection import ObfuscatedConnection
from telethon.network.connection.tcpabridged import AbridgedPacketCodec
from telethon.network.connection.tcpintermediate import IntermediatePacketCodec, RandomizedIntermediatePacketCodec
from telethon.network.connection.tcpobfuscated import ObfuscatedIO, make_header

if TYPE_CHECKING:
    import logging

    from telethon.crypto import AESModeCTR
    from telethon.network.connection.connection import Connection

__all__ = [
    "ConnectionTcpMTProxyAbridged",
    "ConnectionTcpMTProxyIntermediate",
    "ConnectionTcpMTProxyRandomizedIntermediate",
    "MTProxyIO",
    "TcpMTProxy",
]


class MTProxyIO(ObfuscatedIO):
    """As `ObfuscatedIO`, keyed with the secret of the proxy.

    Args:
        connection: the connection it works for, with an open socket.

    Attributes:
        header: what the connection begins with.
    """

    header: bytes | None = None

    @classmethod
    def _start(cls, connection: Connection) -> tuple[bytes, AESModeCTR, AESModeCTR]:
        secret: bytes = getattr(connection, "_secret", b"")
        return cls.init_header(secret, connection._dc_id, connection.packet_codec)

    @staticmethod
    def init_header(  # type: ignore[override]
        secret: bytes, dc_id: int, packet_codec: Any
    ) -> tuple[bytes, AESModeCTR, AESModeCTR]:
        """The header for a codec, and the ciphers of what is sent and of what is received.

        Args:
            secret: the 16 bytes of the proxy's secret.
            dc_id: the data centre to connect to, negative for one that only serves files.
            packet_codec: the class of codec; only its `obfuscate_tag` matters.
        """
        return make_header(packet_codec, secret, dc_id)


class TcpMTProxy(ObfuscatedConnection):
    """A connection through an MTProxy.

    Args:
        ip: address of the server, which only the proxy needs to know.
        port: likewise.
        dc_id: number of the data centre that the proxy shall connect to.
        loggers: loggers by module name.
        proxy: ``(host, port, secret)`` of the proxy.
        local_addr: address of this machine, or ``(address, port)``, to connect from.

    Raises:
        ValueError: no proxy is given, or its secret is not one.
    """

    packet_codec: ClassVar[Any] = None
    obfuscated_io = MTProxyIO

    def __init__(
        self,
        ip: str,
        port: int,
        dc_id: int,
        *,
        loggers: Mapping[str, logging.Logger],
        proxy: Any = None,
        local_addr: str | tuple[str, int] | None = None,
    ) -> None:
        host, proxy_port = self.address_info(proxy)
        self._secret = self.normalize_secret(proxy[2])
        super().__init__(host, proxy_port, dc_id, loggers=loggers, local_addr=local_addr)
        if wants_tls(proxy[2]):
            self._log.warning(
                "The secret of the proxy asks for a connection that looks like TLS. It is used without that, which not "
                "every such proxy takes"
            )

    @staticmethod
    def address_info(proxy_info: Sequence[Any] | None) -> tuple[str, int]:
        """Host and port of the proxy.

        Raises:
            ValueError: there is none.
        """
        if proxy_info is None:
            raise ValueError("No proxy info specified for MTProxy connection; pass proxy=(host, port, secret)")
        return proxy_info[0], proxy_info[1]

    @staticmethod
    def normalize_secret(secret: str | bytes) -> bytes:
        """The 16 bytes in a secret.

        Args:
            secret: hexadecimal or Base64 text, or bytes, with or without what is said before the 16 bytes.

        Raises:
            ValueError: it is not a secret.
        """
        from telethon.mtproto.codecs.secret import parse_secret

        return parse_secret(secret).key


def wants_tls(secret: str | bytes) -> bool:
    """Whether a secret asks for a connection that looks like TLS to some other server."""
    from telethon.mtproto.codecs.secret import parse_secret

    return bool(parse_secret(secret).domain)


class ConnectionTcpMTProxyAbridged(TcpMTProxy):
    """Through an MTProxy, with the abridged transport."""

    packet_codec = AbridgedPacketCodec


class ConnectionTcpMTProxyIntermediate(TcpMTProxy):
    """Through an MTProxy, with the intermediate transport."""

    packet_codec = IntermediatePacketCodec


class ConnectionTcpMTProxyRandomizedIntermediate(TcpMTProxy):
    """Through an MTProxy, with the padded intermediate transport; what secrets that begin with dd ask for."""

    packet_codec = RandomizedIntermediatePacketCodec
