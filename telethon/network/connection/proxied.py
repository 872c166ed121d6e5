"""Which class of connections goes through a proxy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.mtproto.codecs.secret import parse_secret
from telethon.network.connection.tcpmtproxy import (
    ConnectionTcpMTProxyIntermediate,
    ConnectionTcpMTProxyRandomizedIntermediate,
)
from telethon.network.proxylinks import parse_link
from telethon.network.proxysettings import MTProxySettings

if TYPE_CHECKING:
    from telethon.network.connection.connection import Connection

__all__ = ["connection_for"]


def connection_for(connection: type[Connection], proxy: object) -> type[Connection]:
    """The class of connections to use with a proxy.

    A link to an MTProxy asks for a class that speaks to one, so that takes the place of any other.

    Args:
        connection: the class that was chosen.
        proxy: the proxy, in any form.

    Raises:
        ValueError: the proxy is text that names none.
    """
    settings = parse_link(proxy) if isinstance(proxy, str) and proxy else proxy
    # Whoever can be told where an MTProxy is speaks to one.
    if not isinstance(settings, MTProxySettings) or hasattr(connection, "address_info"):
        return connection
    padded = parse_secret(settings.secret).padded
    return ConnectionTcpMTProxyRandomizedIntermediate if padded else ConnectionTcpMTProxyIntermediate
