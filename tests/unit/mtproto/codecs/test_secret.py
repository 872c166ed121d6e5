"""Secrets of MTProxies."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telethon.mtproto.codecs.secret import ProxySecret, parse_secret

KEY = bytes(range(100, 116))


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (KEY, ProxySecret(KEY, False, "")),
        (b"\xdd" + KEY, ProxySecret(KEY, True, "")),
        (b"\xee" + KEY + b"a", ProxySecret(KEY, True, "a")),
        (b"\xee" + KEY + b"www.example.org", ProxySecret(KEY, True, "www.example.org")),
    ],
)
def test_T6_secrets_in_every_spelling(raw: bytes, expected: ProxySecret) -> None:
    text = base64.b64encode(raw).decode()
    spellings: list[Any] = [
        raw,
        raw.hex(),
        raw.hex().upper(),
        text,
        text.rstrip("="),
        text.replace("+", "-").replace("/", "_"),
        text.replace("+", "-").replace("/", "_").rstrip("="),
        raw.hex().encode(),
        text.encode(),
        bytearray(raw),
        f" {raw.hex()}\n",
    ]
    assert [parse_secret(one) for one in spellings] == [expected] * len(spellings)


@pytest.mark.parametrize("size", [0, 1, 15, 17, 18, 34])
def test_T6_other_lengths_are_refused(size: int) -> None:
    with pytest.raises(ValueError, match=f"this one has {size}"):
        parse_secret(bytes(size))


def test_T6_dd_with_more_and_ee_without_a_domain_are_refused() -> None:
    with pytest.raises(ValueError, match="this one has 18"):
        parse_secret(b"\xdd" + KEY + b"a")
    with pytest.raises(ValueError, match="this one has 17"):
        parse_secret(b"\xee" + KEY)


@pytest.mark.parametrize("text", ["zz", "a", "not a secret at all!", "é" * 32])
def test_T6_other_texts_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="MTProxy secret"):
        parse_secret(text)


def test_T6_the_domain_is_ascii() -> None:
    with pytest.raises(ValueError, match="plain ASCII"):
        parse_secret(b"\xee" + KEY + b"\xff.org")


def test_X5_repr_hides_the_key() -> None:
    assert repr(parse_secret(b"\xee" + KEY + b"a.org")) == "ProxySecret(padded=True, domain='a.org')"


def test_T6_base64_that_looks_like_hexadecimal_is_taken_for_what_has_a_fitting_length() -> None:
    assert parse_secret("A" * 22) == ProxySecret(bytes(16), False, "")
    assert parse_secret("A" * 32) == ProxySecret(b"\xaa" * 16, False, "")


@pytest.mark.parametrize("secret", [None, 5, ("a",), object()])
def test_T6_other_things_are_refused(secret: Any) -> None:
    with pytest.raises(ValueError, match="is text or bytes"):
        parse_secret(secret)


@pytest.mark.parametrize("name", [b"a b.org", b"a\0.org", b"what?", b"x" * 181])
def test_T6_names_that_no_server_can_have_are_refused(name: bytes) -> None:
    with pytest.raises(ValueError, match="domain name in an MTProxy secret"):
        parse_secret(b"\xee" + KEY + name)


@given(st.text(max_size=80) | st.binary(max_size=80))
def test_T6_X5_whatever_is_given_the_error_does_not_show_it(secret: str | bytes) -> None:
    try:
        found = parse_secret(secret)
    except ValueError as error:
        shown = str(error)
    else:
        assert len(found.key) == 16
        return
    text = secret if isinstance(secret, str) else secret.hex()
    assert len(text) < 6 or text not in shown
