"""The class of connections that goes through a proxy."""

from __future__ import annotations

import pytest

from telethon.network.connection import (
    ConnectionTcpAbridged,
    ConnectionTcpFull,
    ConnectionTcpMTProxyAbridged,
    ConnectionTcpMTProxyIntermediate,
    ConnectionTcpMTProxyRandomizedIntermediate,
)
from telethon.network.connection.proxied import connection_for
from telethon.network.proxysettings import MTProxySettings

HEX = "00112233445566778899aabbccddeeff"


@pytest.mark.parametrize(
    ("chosen", "proxy", "used"),
    [
        (ConnectionTcpFull, f"t.me/proxy?server=h&port=1&secret={HEX}", ConnectionTcpMTProxyIntermediate),
        (ConnectionTcpAbridged, f"t.me/proxy?server=h&port=1&secret={HEX}", ConnectionTcpMTProxyIntermediate),
        (
            ConnectionTcpFull,
            f"t.me/proxy?server=h&port=1&secret=dd{HEX}",
            ConnectionTcpMTProxyRandomizedIntermediate,
        ),
        (
            ConnectionTcpFull,
            f"t.me/proxy?server=h&port=1&secret=ee{HEX}612e6f7267",
            ConnectionTcpMTProxyRandomizedIntermediate,
        ),
        (ConnectionTcpMTProxyAbridged, f"t.me/proxy?server=h&port=1&secret={HEX}", ConnectionTcpMTProxyAbridged),
        (ConnectionTcpFull, "socks5://h:1", ConnectionTcpFull),
        (ConnectionTcpFull, ("socks5", "h", 1), ConnectionTcpFull),
        (ConnectionTcpFull, MTProxySettings("h", 1, HEX), ConnectionTcpMTProxyIntermediate),
        (ConnectionTcpFull, None, ConnectionTcpFull),
        (ConnectionTcpFull, "", ConnectionTcpFull),
    ],
)
def test_T6_class_for_a_proxy(chosen, proxy, used):
    assert connection_for(chosen, proxy) is used
