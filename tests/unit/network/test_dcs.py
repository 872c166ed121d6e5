"""Where data centres are."""

from __future__ import annotations

import pytest

from telethon.network import dcs
from telethon.network.dcs import DcAddress
from telethon.tl import types


def test_built_in_addresses():
    assert dcs.builtin(2).host == "149.154.167.51"
    assert dcs.builtin(2, ipv6=True).host == "2001:67c:4e8:f002::a"
    assert dcs.builtin(2, test=True).host == "149.154.167.40"
    assert sorted({address.dc_id for address in dcs.PRODUCTION}) == [1, 2, 3, 4, 5]
    with pytest.raises(ValueError, match="no built-in test data centre 4"):
        dcs.builtin(4, test=True)


def test_environment_of_an_address():
    assert dcs.is_test("149.154.167.40")
    assert not dcs.is_test("149.154.167.51")
    assert not dcs.is_test("127.0.0.1")


def test_options_of_the_configuration():
    (made,) = dcs.from_options([types.DcOption(4, "::4", 443, ipv6=True, static=True, secret=b"x")])
    assert made == DcAddress(4, "::4", 443, ipv6=True, static=True, secret=b"x")
    assert repr(made) == "DcAddress(4, [::4]:443, static)"


ADDRESSES = [
    DcAddress(4, "static", static=True),
    DcAddress(4, "six", ipv6=True),
    DcAddress(4, "plain"),
    DcAddress(4, "media", media_only=True),
    DcAddress(4, "hidden", tcpo_only=True),
    DcAddress(4, "cdn", cdn=True),
    DcAddress(5, "other"),
]


@pytest.mark.parametrize(
    ("options", "hosts"),
    [
        ({}, ["plain", "static", "six"]),
        ({"ipv6": True}, ["six", "plain", "static"]),
        ({"media": True}, ["media", "plain", "static", "six"]),
        ({"obfuscated": True}, ["plain", "hidden", "static", "six"]),
        ({"cdn": True}, ["cdn"]),
    ],
)
def test_candidates(options, hosts):
    assert [address.host for address in dcs.candidates(ADDRESSES, 4, **options)] == hosts


def test_T10_places_of_a_session():
    options = [DcAddress(2, "new"), DcAddress(2, "media", media_only=True), DcAddress(4, "other")]
    assert dcs.places("149.154.167.51", 443, 2, options) == [
        ("149.154.167.51", 443),
        ("new", 443),
        ("2001:67c:4e8:f002::a", 443),
        ("new", 80),
        ("new", 5222),
    ]


def test_T10_environments_are_not_mixed():
    hosts = {host for host, _ in dcs.places("149.154.167.40", 80, 2)}
    assert hosts == {"149.154.167.40", "2001:67c:4e8:f002::e"}


def test_T10_custom_address_is_the_only_one():
    options = [DcAddress(2, "new")]
    assert dcs.places("127.0.0.1", 5000, 2, options) == [("127.0.0.1", 5000)]
    assert dcs.places("10.0.0.1", 443, 2) == [("10.0.0.1", 443)]
