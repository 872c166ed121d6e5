"""The asyncio shell around the protocol core: sockets, timers and futures.

Connections carry packets, `MTProtoSender` carries requests over one connection after another, and `SenderPool` keeps
senders to other data centres.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from telethon._core.oldnames import star_names
from telethon.network.connection import Connection, ConnectionTcpFull
from telethon.network.mtprotosender import MTProtoSender
from telethon.network.senderpool import SenderPool

if TYPE_CHECKING:
    from telethon.network.authenticator import do_authentication
    from telethon.network.connection import (
        ConnectionHttp,
        ConnectionTcpAbridged,
        ConnectionTcpIntermediate,
        ConnectionTcpMTProxyAbridged,
        ConnectionTcpMTProxyIntermediate,
        ConnectionTcpMTProxyRandomizedIntermediate,
        ConnectionTcpObfuscated,
        TcpMTProxy,
    )
    from telethon.network.mtprotoplainsender import MTProtoPlainSender

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
    "MTProtoPlainSender",
    "MTProtoSender",
    "SenderPool",
    "TcpMTProxy",
    "do_authentication",
]

if not TYPE_CHECKING:
    __all__ = star_names(__name__, __all__)

_HOME = {
    "ConnectionHttp": "connection",
    "ConnectionTcpAbridged": "connection",
    "ConnectionTcpIntermediate": "connection",
    "ConnectionTcpMTProxyAbridged": "connection",
    "ConnectionTcpMTProxyIntermediate": "connection",
    "ConnectionTcpMTProxyRandomizedIntermediate": "connection",
    "ConnectionTcpObfuscated": "connection",
    "MTProtoPlainSender": "mtprotoplainsender",
    "TcpMTProxy": "connection",
    "do_authentication": "authenticator",
}
_SUBMODULES = frozenset(
    ("authenticator", "dcs", "mtprotoplainsender", "mtprotostate", "proxy", "requeststate", "system")
)


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
