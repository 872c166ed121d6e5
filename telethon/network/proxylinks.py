"""Proxies written as links or addresses.

    tg://proxy?server=proxy.example.org&port=443&secret=ee...
    https://t.me/proxy?server=proxy.example.org&port=443&secret=dd...
    tg://socks?server=127.0.0.1&port=1080&user=me&pass=secret
    https://t.me/socks?server=127.0.0.1&port=1080
    socks5://me:secret@127.0.0.1:1080
    http://127.0.0.1:8080

The first two name an MTProxy, the others a SOCKS or HTTP proxy.

Source: https://core.telegram.org/api/links#mtproxy-links, https://core.telegram.org/api/links#socks5-proxy-links
"""

from __future__ import annotations

from urllib.parse import SplitResult, unquote, urlsplit

from telethon.mtproto.codecs.secret import parse_secret
from telethon.network.proxysettings import HTTP, SOCKS4, SOCKS5, MTProxySettings, ProxySettings

__all__ = ["parse_link"]

_SITES = frozenset(("t.me", "www.t.me", "telegram.me", "telegram.dog"))
_KINDS = {
    # scheme: kind of proxy, and whether it looks up names
    "socks5": (SOCKS5, True),
    "socks5h": (SOCKS5, True),
    "socks": (SOCKS5, True),
    "socks4": (SOCKS4, True),
    "socks4a": (SOCKS4, True),
    "http": (HTTP, True),
}
_FORMS = (
    "tg://proxy?..., https://t.me/proxy?..., tg://socks?..., socks5://host:port, socks4://host:port, http://host:port"
)


def parse_link(link: str) -> ProxySettings | MTProxySettings:
    """What a link, or an address, says about a proxy.

    Args:
        link: see the head of this module; the scheme of links to ``t.me`` may be missing.

    Raises:
        ValueError: it names no proxy, or one without host, port or a fitting secret. What is secret in it is not told.

    Example:
        >>> parse_link("socks5://me:secret@127.0.0.1:1080")
        ProxySettings('socks5', '127.0.0.1', 1080)
    """
    text = link.strip()
    start = text.partition("/")[0].lower()
    if start in _SITES:
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
    except ValueError:
        raise _wrong("is no address that can be read") from None
    scheme = parts.scheme
    if scheme == "tg":
        # Both tg://proxy?... and tg:proxy?... are used.
        return _from_query(host or parts.path, parts.query)
    if scheme in ("http", "https") and host in _SITES:
        return _from_query(parts.path.strip("/").lower(), parts.query)
    if scheme in _KINDS:
        return _from_address(parts, host)
    if scheme == "https":
        raise _wrong("asks for a proxy that itself speaks TLS, which is not supported")
    raise _wrong("is none of the forms that are known")


def _from_query(what: str, query: str) -> ProxySettings | MTProxySettings:
    if what not in ("proxy", "socks"):
        raise _wrong("leads to something that is no proxy")
    # Not what forms do, where a plus is a space: in Base64 it is a plus.
    pairs = (part.partition("=") for part in query.split("&"))
    values = {name.lower(): unquote(value) for name, _, value in pairs}
    host, port = _host(values.get("server", "")), values.get("port", "")
    if what == "proxy":
        secret = values.get("secret", "")
        if not secret:
            raise _wrong("has no secret")
        parse_secret(secret)
        return MTProxySettings(host, _port(port), secret)
    return ProxySettings(SOCKS5, host, _port(port), True, values.get("user") or None, values.get("pass") or None)


def _from_address(parts: SplitResult, host: str) -> ProxySettings:
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise _wrong("has something behind the port")
    try:
        port = parts.port
    except ValueError:
        port = 0
    kind, rdns = _KINDS[parts.scheme]
    username = None if parts.username is None else unquote(parts.username)
    password = None if parts.password is None else unquote(parts.password)
    return ProxySettings(kind, _host(host), _port("" if port is None else str(port)), rdns, username, password)


def _host(host: str) -> str:
    host = host.strip().removeprefix("[").removesuffix("]")
    if not host or any(character.isspace() or character in "/@?#" for character in host):
        raise _wrong("has no name or address of a server")
    return host


def _port(text: str) -> int:
    port = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
    if not 0 < port < 65536:
        raise _wrong("has no port between 1 and 65535")
    return port


def _wrong(what: str) -> ValueError:
    return ValueError(f"the link to a proxy {what}; known are {_FORMS}")
