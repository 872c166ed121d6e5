"""What a proxy is, in one form, however a program wrote it down."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["HTTP", "KIND_OF_NAME", "NAME_OF_KIND", "SOCKS4", "SOCKS5", "MTProxySettings", "ProxySettings"]

SOCKS4 = 1
SOCKS5 = 2
HTTP = 3
"""The kinds of proxy; PySocks and python-socks give them these same numbers."""

KIND_OF_NAME = {"socks4": SOCKS4, "socks5": SOCKS5, "http": HTTP}
NAME_OF_KIND = {number: name for name, number in KIND_OF_NAME.items()}


class ProxySettings(NamedTuple):
    """A proxy, in one form.

    Attributes:
        kind: `SOCKS4`, `SOCKS5` or `HTTP`.
        host: name or address of the proxy.
        port: its port.
        rdns: whether the proxy, not this machine, looks up host names.
        username: None when the proxy asks for none.
        password: likewise.
    """

    kind: int
    host: str
    port: int
    rdns: bool = True
    username: str | None = None
    password: str | None = None

    def __repr__(self) -> str:
        # What logs may show: never who is allowed to use the proxy.
        return f"ProxySettings({NAME_OF_KIND[self.kind]!r}, {self.host!r}, {self.port!r})"


class MTProxySettings(NamedTuple):
    """An MTProxy; as a tuple it is what the MTProxy classes take as their proxy.

    Attributes:
        host: name or address of the proxy.
        port: its port.
        secret: its secret, as it was written.
    """

    host: str
    port: int
    secret: str

    def __repr__(self) -> str:
        # What logs may show: never what lets one use the proxy.
        return f"MTProxySettings({self.host!r}, {self.port!r})"
