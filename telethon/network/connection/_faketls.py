"""The streams of a connection that looks like TLS.

Source: https://core.telegram.org/mtproto/mtproto-transports#transport-obfuscation
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from telethon.errors.common import InvalidBufferError, RemoteProtocolError
from telethon.mtproto.codecs.faketls import FakeTls
from telethon.network.connection._reader import DivertableReader
from telethon.network.system import RANDOM, clock_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from telethon.mtproto.codecs.secret import ProxySecret

__all__ = ["FakeTlsWriter", "greet"]


class FakeTlsWriter(asyncio.StreamWriter):
    """Writes what it is given as records of TLS.

    Args:
        transport: where to write to.
        protocol: the protocol of the transport.
        reader: the reader that belongs to it.
        loop: the event loop.
        tls: what makes the records.
    """

    def __init__(
        self,
        transport: asyncio.WriteTransport,
        protocol: asyncio.BaseProtocol,
        reader: asyncio.StreamReader,
        loop: asyncio.AbstractEventLoop,
        tls: FakeTls,
    ) -> None:
        super().__init__(transport, protocol, reader, loop)
        self._tls = tls

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Write bytes, in one or more records."""
        super().write(self._tls.wrap(bytes(data)))

    def writelines(self, data: Iterable[bytes | bytearray | memoryview]) -> None:
        """Write several pieces of bytes, one after the other."""
        self.write(b"".join(data))


async def greet(
    transport: asyncio.Transport, protocol: asyncio.BaseProtocol, reader: DivertableReader, secret: ProxySecret
) -> FakeTlsWriter:
    """Greet an MTProxy as a browser would, and give the writer for what follows; the reader is changed.

    Args:
        transport: the socket.
        protocol: its protocol.
        reader: what its protocol feeds.
        secret: that of the proxy.

    Raises:
        ConnectionError: what answers is not that proxy, or hangs up.
    """
    loop = asyncio.get_running_loop()
    tls = FakeTls(secret.key, secret.domain, rand=RANDOM, now=clock_of(loop).now().wall)
    transport.write(tls.hello)
    try:
        await reader.go_through(tls.unwrap, lambda: tls.is_ready)
    except ConnectionResetError as error:
        raise ConnectionResetError(
            "The MTProxy hung up when it was greeted; it may know another secret, or the clock here may be wrong"
        ) from error
    except (InvalidBufferError, RemoteProtocolError) as error:
        raise ConnectionError(f"The MTProxy did not answer as it must: {error}") from error
    return FakeTlsWriter(transport, protocol, reader, loop, tls)
