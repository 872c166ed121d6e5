"""Connections through an MTProxy, a proxy that only speaks the protocol of Telegram.

The proxy is given as ``proxy=(host, port, secret)``, beside one of the classes here as ``connection=``, or as a link
like ``tg://proxy?server=...&port=...&secret=...``. What its secret asks for is done, whichever class is used:

    16 bytes       the transport of the class
    dd...          the padded intermediate transport
    ee..., domain  the same, inside of what looks like TLS to that domain

Source: https://core.telegram.org/mtproto/mtproto-transports#transport-obfuscation
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from telethon._core.oldnames import old_names
from telethon.network.connection.connection import ObfuscatedConnection
from telethon.network.connection.tcpabridged import AbridgedPacketCodec
from telethon.network.connection.tcpintermediate import IntermediatePacketCodec, RandomizedIntermediatePacketCodec
from telethon.network.connection.tcpobfuscated import ObfuscatedIO, make_header
from telethon.network.dcs import is_test
from telethon.network.proxylinks import parse_link
from telethon.network.proxysettings import ProxySettings

if TYPE_CHECKING:
    import asyncio
    import logging

    from telethon.crypto import AESModeCTR
    from telethon.mtproto.codecs.secret import ProxySecret
    from telethon.network.connection._reader import DivertableReader
    from telethon.network.connection.connection import Connection
else:
    __getattr__ = old_names(__name__)

__all__ = [
    "ConnectionTcpMTProxyAbridged",
    "ConnectionTcpMTProxyIntermediate",
    "ConnectionTcpMTProxyRandomizedIntermediate",
    "MTProxyIO",
    "TcpMTProxy",
]

_TEST = 10000
"""What is added to the number of a data centre of the test environment."""


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
        dc_id: int = getattr(connection, "_header_dc_id", connection._dc_id)
        return cls.init_header(secret, dc_id, connection.packet_codec)

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
        ip: address of the server, which only tells whether it is one of the test environment.
        port: its port, which does not matter.
        dc_id: number of the data centre that the proxy shall connect to, negative for one that only serves files.
        loggers: loggers by module name.
        proxy: ``(host, port, secret)`` of the proxy, or a link to it.
        local_addr: address of this machine, or ``(address, port)``, to connect from.

    Raises:
        ValueError: no proxy is given, or its secret is not one.
    """

    packet_codec: Any = None
    obfuscated_io = MTProxyIO
    _why_closed = " (an MTProxy does that also when the secret is wrong)"

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
        super().__init__(ip, port, dc_id, loggers=loggers, local_addr=local_addr)
        self._header_dc_id = _number_in_header(ip, dc_id)
        self._tls_secret: ProxySecret | None = None
        self._use_proxy(proxy)

    def _use_proxy(self, proxy: Any) -> None:
        """Go through this proxy from the next connecting on."""
        from telethon.mtproto.codecs.secret import parse_secret

        proxy = _described(proxy)
        # Through the methods that programs may have their own of.
        host, port = self.address_info(proxy)
        self._secret = self.normalize_secret(proxy[2])
        self._ip, self._port = host, port
        secret = parse_secret(proxy[2])
        own = type(self).packet_codec
        # A proxy with such a secret takes nothing else. A codec that the program brought is its own affair.
        is_ours = own is AbridgedPacketCodec or own is IntermediatePacketCodec
        self.packet_codec = RandomizedIntermediatePacketCodec if secret.padded and is_ours else own
        self._tls_secret = secret if secret.domain else None

    async def _open_writer(
        self, transport: asyncio.Transport, protocol: asyncio.BaseProtocol, reader: DivertableReader
    ) -> asyncio.StreamWriter:
        if self._tls_secret is None:
            return await super()._open_writer(transport, protocol, reader)
        from telethon.network.connection._faketls import greet

        return await greet(transport, protocol, reader, self._tls_secret)

    @staticmethod
    def address_info(proxy_info: Any) -> tuple[str, int]:
        """Host and port of the proxy.

        Args:
            proxy_info: ``(host, port, secret)``, or a link.

        Raises:
            ValueError: there is none.
        """
        proxy = _described(proxy_info)
        host, port = proxy[:2]
        return host, int(port)

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


def _described(proxy: Any) -> Sequence[Any]:
    """Host, port and secret of a proxy.

    Raises:
        ValueError: there is none, or it is no MTProxy.
    """
    if proxy is None or proxy == "":
        raise ValueError("No proxy info specified for MTProxy connection; pass proxy=(host, port, secret)")
    if isinstance(proxy, str):
        proxy = parse_link(proxy)
    # A program may have written anything, and what kind of thing it is only matters for the message.
    is_row = isinstance(proxy, Sequence) and not isinstance(proxy, (bytes, ProxySettings))
    row: Any = cast("Any", proxy) if is_row else ()
    if not 2 <= len(row) <= 3 or not isinstance(row[0], str) or not _is_port(row[1]):
        raise ValueError(
            "this connection goes through an MTProxy, so the proxy must be (host, port, secret) or a link like "
            "tg://proxy?server=...&port=...&secret=...; for another kind of proxy use a class like ConnectionTcpFull"
        )
    if len(row) < 3:
        raise ValueError("the secret of the MTProxy is missing; pass proxy=(host, port, secret)")
    found: Sequence[Any] = row
    return found


def _is_port(value: object) -> bool:
    number = int(value) if isinstance(value, int) or (isinstance(value, str) and value.isdecimal()) else 0
    return 0 < number < 65536


def _number_in_header(ip: str, dc_id: int) -> int:
    """How a proxy is told which data centre is meant: those of the test environment have numbers of their own."""
    if not is_test(ip) or abs(dc_id) > _TEST:
        return dc_id
    return dc_id - _TEST if dc_id < 0 else dc_id + _TEST


class ConnectionTcpMTProxyAbridged(TcpMTProxy):
    """Through an MTProxy, with the abridged transport."""

    packet_codec = AbridgedPacketCodec


class ConnectionTcpMTProxyIntermediate(TcpMTProxy):
    """Through an MTProxy, with the intermediate transport."""

    packet_codec = IntermediatePacketCodec


class ConnectionTcpMTProxyRandomizedIntermediate(TcpMTProxy):
    """Through an MTProxy, with the padded intermediate transport; what secrets that begin with dd ask for."""

    packet_codec = RandomizedIntermediatePacketCodec
