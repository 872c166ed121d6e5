"""Connections: one class for each way packets can look on the wire."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from telethon._core.oldnames import star_names
from telethon.network.connection.connection import Connection
from telethon.network.connection.tcpfull import ConnectionTcpFull

if TYPE_CHECKING:
    from telethon.network.connection.http import ConnectionHttp
    from telethon.network.connection.tcpabridged import ConnectionTcpAbridged
    from telethon.network.connection.tcpintermediate import ConnectionTcpIntermediate
    from telethon.network.connection.tcpmtproxy import (
        ConnectionTcpMTProxyAbridged,
        ConnectionTcpMTProxyIntermediate,
        ConnectionTcpMTProxyRandomizedIntermediate,
        TcpMTProxy,
    )
    from telethon.network.connection.tcpobfuscated import ConnectionTcpObfuscated

__all__ = [
    "Connection",
    "ConnectionHttp",
    "ConnectionTcpAbridged",
    "ConnectionTcpFull",
    "ConnectionTcpIntermediate",
    "ConnectionTcpMTProxyAbridged",
    "ConnectionTcpMTProxyIntermediate",
    "ConnectionTcpMTProxyRandomizedIntermediate",
    "ConnectionTcpObfuscated",
    "TcpMTProxy",
]

if not TYPE_CHECKING:
    __all__ = star_names(__name__, __all__)

# The one that nearly everybody uses is there already; the others cost something only when asked for.
_HOME = {
    "ConnectionHttp": "http",
    "ConnectionTcpAbridged": "tcpabridged",
    "ConnectionTcpIntermediate": "tcpintermediate",
    "ConnectionTcpMTProxyAbridged": "tcpmtproxy",
    "ConnectionTcpMTProxyIntermediate": "tcpmtproxy",
    "ConnectionTcpMTProxyRandomizedIntermediate": "tcpmtproxy",
    "ConnectionTcpObfuscated": "tcpobfuscated",
    "TcpMTProxy": "tcpmtproxy",
}
_SUBMODULES = frozenset(_HOME.values())


def __getattr__(name: str) -> object:
    if name in _SUBMODULES:
        return import_module(f"{__name__}.{name}")
    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, *_SUBMODULES})
