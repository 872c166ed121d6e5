"""Connecting through a SOCKS or HTTP proxy.

A proxy is named as PySocks names it, by a tuple or a dictionary, or by an address or a link:

    ("socks5", "127.0.0.1", 1080)
    (socks.SOCKS5, "127.0.0.1", 1080, True, "user", "password")
    {"proxy_type": "http", "addr": "127.0.0.1", "port": 8080, "rdns": True, "username": "user", "password": "..."}
    "socks5://user:password@127.0.0.1:1080"
    "tg://socks?server=127.0.0.1&port=1080"

The kind may be a name (``"socks4"``, ``"socks5"``, ``"http"``), the number PySocks gives it, or a member of
``python_socks.ProxyType``. The work is done by python-socks when it is installed, else by PySocks.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Mapping, Sequence
from typing import Any

from telethon.network.proxysettings import HTTP, KIND_OF_NAME, NAME_OF_KIND, SOCKS4, SOCKS5, ProxySettings

__all__ = ["HTTP", "SOCKS4", "SOCKS5", "ProxySettings", "open_proxy_socket", "parse_proxy"]

_FIELDS = ("proxy_type", "addr", "port", "rdns", "username", "password")

_IS_MTPROXY = (
    "the proxy is an MTProxy: pass connection=ConnectionTcpMTProxyRandomizedIntermediate with it, or give it to the "
    "client as a link (tg://proxy?server=...&port=...&secret=...)"
)

LocalAddress = tuple[str, int]


def parse_proxy(proxy: object) -> ProxySettings:
    """Bring a proxy into one form.

    Args:
        proxy: a sequence ``(kind, host, port[, rdns[, username[, password]]])``, or a mapping with the keys
            ``proxy_type``, ``addr``, ``port`` and perhaps ``rdns``, ``username``, ``password``, or an address or link
            as `telethon.network.proxylinks` reads them.

    Raises:
        TypeError: it is none of these, or parts are missing or unknown.
        ValueError: the kind of proxy or its port is none that can be used, or it is an MTProxy.
    """
    if isinstance(proxy, ProxySettings):
        return proxy
    if isinstance(proxy, str):
        from telethon.network.proxylinks import parse_link

        settings = parse_link(proxy)
        if not isinstance(settings, ProxySettings):
            raise ValueError(_IS_MTPROXY)
        return settings
    fields: dict[str, Any]
    given: Any = proxy
    if isinstance(proxy, Mapping):
        fields = {str(key): value for key, value in given.items()}
    elif isinstance(proxy, Sequence) and not isinstance(proxy, (str, bytes, bytearray)):
        if len(given) > len(_FIELDS):
            raise TypeError(f"a proxy has at most {len(_FIELDS)} parts ({', '.join(_FIELDS)}), not {len(given)}")
        if len(given) == 3 and _looks_like_mtproxy(*given):
            raise ValueError(_IS_MTPROXY)
        fields = dict(zip(_FIELDS, given, strict=False))
    else:
        raise TypeError(
            f"Proxy of unknown format: {type(proxy)}. Use a tuple like ('socks5', 'host', 1080), a dictionary, or an "
            "address like 'socks5://host:1080'"
        )
    unknown = sorted(set(fields) - set(_FIELDS))
    if unknown:
        raise TypeError(f"unknown proxy settings {', '.join(unknown)}; known are {', '.join(_FIELDS)}")
    missing = [name for name in _FIELDS[:3] if name not in fields]
    if missing:
        raise TypeError(f"a proxy needs {', '.join(_FIELDS[:3])}; {', '.join(missing)} is missing")
    host = fields["addr"]
    if not isinstance(host, str) or not host:
        raise TypeError(f"the address of a proxy must be text, not {type(host).__name__}")
    rdns = fields.get("rdns", True)
    return ProxySettings(
        kind=_kind(fields["proxy_type"]),
        host=host,
        port=_port(fields["port"]),
        rdns=True if rdns is None else bool(rdns),
        username=fields.get("username"),
        password=fields.get("password"),
    )


def _looks_like_mtproxy(host: object, port: object, secret: object) -> bool:
    is_port = isinstance(port, int) or (isinstance(port, str) and port.isdigit())
    return isinstance(host, str) and host.lower() not in KIND_OF_NAME and is_port and isinstance(secret, (str, bytes))


def _kind(value: object) -> int:
    if isinstance(value, str):
        kind = KIND_OF_NAME.get(value.lower())
    else:
        number = getattr(value, "value", value)
        kind = number if isinstance(number, int) and number in NAME_OF_KIND else None
    if kind is None:
        raise ValueError(f"Unknown proxy protocol type: {value}. Known are {', '.join(KIND_OF_NAME)}")
    return kind


def _port(value: object) -> int:
    is_number = isinstance(value, int) or (isinstance(value, str) and value.isdecimal())
    port = int(value) if is_number and isinstance(value, (int, str)) else 0
    if not 0 < port < 65536:
        # What stands there instead may be a password in the wrong place, so it is not shown.
        raise ValueError("the port of a proxy is a number from 1 to 65535")
    return port


async def open_proxy_socket(
    settings: ProxySettings,
    host: str,
    port: int,
    *,
    timeout: float | None = None,
    local_addr: LocalAddress | None = None,
) -> socket.socket:
    """A connected, non-blocking socket that reaches *host* through a proxy.

    Args:
        settings: the proxy; see `parse_proxy`.
        host: where the proxy shall connect to.
        port: likewise.
        timeout: seconds all of it may take; None for no limit.
        local_addr: the address of this machine to connect from.

    Raises:
        ConnectionError: the proxy cannot be reached, or refuses.
        asyncio.TimeoutError: it took too long.
        ImportError: neither python-socks nor PySocks is installed.
    """
    try:
        from python_socks.async_.asyncio import Proxy
    except ImportError:
        return await _with_pysocks(settings, host, port, timeout, local_addr)

    from python_socks import ProxyConnectionError, ProxyError, ProxyTimeoutError, ProxyType

    proxy = Proxy(
        proxy_type=ProxyType(settings.kind),
        host=settings.host,
        port=settings.port,
        username=settings.username,
        password=settings.password,
        rdns=settings.rdns,
    )
    where = {} if local_addr is None else {"local_addr": local_addr}
    try:
        opened: socket.socket = await proxy.connect(dest_host=host, dest_port=port, timeout=timeout, **where)
    except ProxyTimeoutError as error:
        raise asyncio.TimeoutError(f"{settings} did not connect to {host}:{port} within {timeout} s") from error
    except ProxyConnectionError as error:
        raise ConnectionError(error.errno, error.strerror) from error
    except ProxyError as error:
        raise ConnectionError(f"{settings} refused to connect to {host}:{port}: {error}") from error
    opened.setblocking(False)
    return opened


async def _with_pysocks(
    settings: ProxySettings, host: str, port: int, timeout: float | None, local_addr: LocalAddress | None
) -> socket.socket:
    try:
        import socks
    except ImportError as error:
        raise ImportError(
            "A proxy is set, but neither python-socks nor PySocks is installed. "
            "Install one of them: pip install python-socks"
        ) from error

    opened: socket.socket = socks.socksocket(
        socket.AF_INET6 if ":" in settings.host else socket.AF_INET, socket.SOCK_STREAM
    )

    def connect() -> None:
        # PySocks only knows blocking sockets, hence the thread this runs in.
        opened.settimeout(timeout)
        opened.set_proxy(  # type: ignore[attr-defined]
            settings.kind, settings.host, settings.port, settings.rdns, settings.username, settings.password
        )
        if local_addr is not None:
            opened.bind(local_addr)
        opened.connect((host, port))

    try:
        await asyncio.wait_for(asyncio.get_running_loop().run_in_executor(None, connect), timeout)
        opened.setblocking(False)
    except socks.ProxyError as error:
        opened.close()
        raise ConnectionError(f"{settings} did not connect to {host}:{port}: {error}") from error
    except BaseException:
        opened.close()
        raise
    return opened
