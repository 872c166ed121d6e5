"""Proxies written as links or addresses."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telethon.network.proxy import parse_proxy
from telethon.network.proxylinks import parse_link
from telethon.network.proxysettings import HTTP, SOCKS4, SOCKS5, MTProxySettings, ProxySettings

KEY = bytes.fromhex("fbff" * 8)
HEX = KEY.hex()
STANDARD = base64.b64encode(b"\xdd" + KEY).decode()
URLSAFE = base64.urlsafe_b64encode(b"\xdd" + KEY).decode().rstrip("=")


@pytest.mark.parametrize(
    ("link", "secret"),
    [
        (f"tg://proxy?server=h.org&port=443&secret={HEX}", HEX),
        (f"tg:proxy?server=h.org&port=443&secret={HEX}", HEX),
        (f"  TG://Proxy?SERVER=h.org&Port=443&Secret={HEX}\n", HEX),
        (f"https://t.me/proxy?server=h.org&port=443&secret={HEX}", HEX),
        (f"http://t.me/proxy?server=h.org&port=443&secret={HEX}", HEX),
        (f"t.me/proxy?server=h.org&port=443&secret={HEX}", HEX),
        (f"https://telegram.me/proxy/?server=h.org&port=443&secret={HEX}", HEX),
        (f"https://telegram.dog/proxy?port=443&secret={HEX}&server=h.org&more=x", HEX),
        (f"tg://proxy?server=h.org&port=443&secret={STANDARD}", STANDARD),
        (f"tg://proxy?server=h.org&port=443&secret={STANDARD.replace('+', '%2B').replace('=', '%3D')}", STANDARD),
        (f"tg://proxy?server=h.org&port=443&secret={URLSAFE}", URLSAFE),
    ],
)
def test_T6_links_to_mtproxies(link, secret):
    assert parse_link(link) == MTProxySettings("h.org", 443, secret)


@pytest.mark.parametrize(
    ("link", "settings"),
    [
        ("tg://socks?server=1.2.3.4&port=1080", ProxySettings(SOCKS5, "1.2.3.4", 1080)),
        (
            "https://t.me/socks?server=h&port=1080&user=m%C3%A9&pass=a%26b+c",
            ProxySettings(SOCKS5, "h", 1080, True, "mé", "a&b+c"),
        ),
        ("tg://socks?server=h&port=1&user=&pass=", ProxySettings(SOCKS5, "h", 1)),
        ("socks5://h:1080", ProxySettings(SOCKS5, "h", 1080)),
        ("SOCKS5://h:1080/", ProxySettings(SOCKS5, "h", 1080)),
        ("socks5h://u:p%40ss%3A@h:1080", ProxySettings(SOCKS5, "h", 1080, True, "u", "p@ss:")),
        ("socks://h:1", ProxySettings(SOCKS5, "h", 1)),
        ("socks4://u@h:1", ProxySettings(SOCKS4, "h", 1, True, "u")),
        ("socks4a://h:1", ProxySettings(SOCKS4, "h", 1)),
        ("http://u:p@[2001:db8::1]:8080", ProxySettings(HTTP, "2001:db8::1", 8080, True, "u", "p")),
        ("tg://socks?server=[2001:db8::1]&port=1080", ProxySettings(SOCKS5, "2001:db8::1", 1080)),
    ],
)
def test_other_links(link, settings):
    assert parse_link(link) == settings
    assert parse_proxy(link) == settings


@pytest.mark.parametrize(
    ("link", "why"),
    [
        ("", "none of the forms"),
        ("h", "none of the forms"),
        ("h:1080", "none of the forms"),
        ("ftp://h:1", "none of the forms"),
        ("https://h:1", "speaks TLS"),
        ("http://h", "no port"),
        ("socks5://h", "no port"),
        ("socks5://h:x", "no port"),
        ("socks5://h:0", "no port"),
        ("socks5://h:70000", "no port"),
        ("socks5://:1", "no name or address"),
        ("socks5://h:1/path", "behind the port"),
        ("socks5://h:1?x=y", "behind the port"),
        ("socks5://[h:1", "no address that can be read"),
        ("tg://socks?port=1", "no name or address"),
        ("tg://socks?server=h", "no port"),
        ("tg://socks?server=h&port=٣", "no port"),
        ("tg://socks?server=a%20b&port=1", "no name or address"),
        ("tg://resolve?domain=x", "no proxy"),
        ("https://t.me/durov", "no proxy"),
        ("tg://proxy?server=h&port=1", "no secret"),
        ("tg://proxy?server=h&port=1&secret=hello!", "hexadecimal or Base64"),
        ("tg://proxy?server=h&port=1&secret=abcd", "MTProxy secret"),
    ],
)
def test_T6_wrong_links(link, why):
    with pytest.raises(ValueError, match=why):
        parse_link(link)


@given(st.text(max_size=60) | st.builds("tg://proxy?{}".format, st.text(max_size=40)))
def test_T6_whatever_is_no_link_is_a_value_error(text):
    try:
        found = parse_link(text)
    except ValueError:
        return
    assert 0 < found.port < 65536


@pytest.mark.parametrize(
    "link",
    [
        "socks5://secretuser:secretpass@h",
        "socks5://secretuser:secretpass@h:1/x",
        "https://secretuser:secretpass@h:1",
        "tg://proxy?server=h&port=0&secret=" + HEX,
        "tg://proxy?server=h&port=1&secret=zz" + HEX,
        "tg://socks?server=h&user=secretuser&pass=secretpass",
    ],
)
def test_X5_errors_show_no_secrets(link):
    with pytest.raises(ValueError) as caught:
        parse_link(link)
    assert caught.value.__cause__ is None
    assert HEX not in str(caught.value)
    assert "secretuser" not in str(caught.value)
    assert "secretpass" not in str(caught.value)


def test_X5_description_shows_no_secret():
    assert repr(parse_link(f"tg://proxy?server=h&port=1&secret={HEX}")) == "MTProxySettings('h', 1)"


@pytest.mark.parametrize("proxy", [f"t.me/proxy?server=h&port=1&secret={HEX}", ("h", 443, HEX), ("h", "443", KEY)])
def test_T6_an_mtproxy_needs_its_own_class(proxy):
    with pytest.raises(ValueError, match="the proxy is an MTProxy") as caught:
        parse_proxy(proxy)
    assert HEX not in str(caught.value)
