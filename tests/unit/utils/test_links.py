"""Telephone numbers, user names and links."""

from __future__ import annotations

from typing import Any

import pytest

from telethon import utils
from telethon.tl import types


@pytest.mark.parametrize(
    ("phone", "digits"),
    [
        ("+1 (234) 567-89", "123456789"),
        ("123", "123"),
        (5, "5"),
        (" 7\t7 ", "77"),
        ("12a", None),
        ("1.2", None),
        ("+", None),
        ("", None),
        (None, None),
        (1.5, None),
    ],
)
def test_phones(phone: Any, digits: str | None) -> None:
    assert utils.parse_phone(phone) == digits


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@Foo_bar", ("foo_bar", False)),
        (" durov ", ("durov", False)),
        ("https://t.me/durov/", ("durov", False)),
        ("http://www.telegram.me/durov", ("durov", False)),
        ("telegram.dog/abcde", ("abcde", False)),
        ("t.me/@abcde", ("abcde", False)),
        ("GIF", ("gif", False)),
        ("a" * 32, ("a" * 32, False)),
        ("t.me/joinchat/abc_d", ("abc_d", True)),
        ("https://t.me/+ABC", ("ABC", True)),
        ("tg://join?invite=HASH", ("HASH", True)),
        ("ab", (None, False)),
        ("a" * 33, (None, False)),
        ("1abcd", (None, False)),
        ("abc__d", (None, False)),
        ("abcd_", (None, False)),
        ("+123", (None, False)),
        ("t.me/c/1234", (None, False)),
        ("", (None, False)),
    ],
)
def test_usernames(text: str, expected: tuple[str | None, bool]) -> None:
    assert utils.parse_username(text) == expected


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("AAAAAEHbEkejzxUjAUCfYg", (0, 1104876103, 11803676388450410338)),
        ("https://t.me/joinchat/AAAAAEHbEkejzxUjAUCfYg", (0, 1104876103, 11803676388450410338)),
        ("t.me/+AAAAAEHbEkejzxUjAUCfYg", (0, 1104876103, 11803676388450410338)),
        ("----------------------", (4226793211, 4022270959, 13761856689910300411)),
        ("AAAAAEHbEkejzxUjAUCf", (None, None, None)),
        ("nonsense", (None, None, None)),
        ("a", (None, None, None)),
        ("", (None, None, None)),
    ],
)
def test_invite_links(link: str, expected: tuple[Any, ...]) -> None:
    assert utils.resolve_invite_link(link) == expected


@pytest.mark.parametrize(
    ("identifier", "expected"),
    [
        ("AgAAAE0AAAAFAAAAh9YSAAAAAAA", (77, types.PeerUser(5), 2, 1234567)),
        ("AgAAAAMAAAD7____h9YSAAAAAAA", (3, types.PeerChannel(5), 2, 1234567)),
        ("AgAAAA", (None, None, None, None)),
        ("", (None, None, None, None)),
        (None, (None, None, None, None)),
    ],
)
def test_inline_message_ids(identifier: str | None, expected: tuple[Any, ...]) -> None:
    assert utils.resolve_inline_message_id(identifier) == expected


@pytest.mark.parametrize("link", ["0123456789abcdef" * 2, "https://t.me/joinchat/" + "0123456789ABCDEF" * 2])
def test_the_oldest_invite_links_are_in_base_16(link: str) -> None:
    assert utils.resolve_invite_link(link) == (0x01234567, 0x89ABCDEF, 0x0123456789ABCDEF)
    assert utils.resolve_invite_link("z" * 32) == (None, None, None)
