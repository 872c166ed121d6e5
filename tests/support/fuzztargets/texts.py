"""Text from other people: formats, names of files, links, strings of sessions, secrets and identifiers."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from telethon import utils
from telethon._core.surrogates import add_surrogate
from telethon.client._filenames import file_name_for, safe_file_name
from telethon.extensions import html, html2, markdown, markdown2
from telethon.extensions.splitting import split_message
from telethon.mtproto.codecs.secret import parse_secret
from telethon.sessions import StringSession

from .choices import Choices

FOLDER = os.path.join(os.sep, "nowhere", "downloads")


def formats(text: str) -> None:
    """What comes out has the right shape, and what is written from it is read as the same."""
    for mode in (markdown, html):
        plain, entities = mode.parse(text)
        length = len(add_surrogate(plain))
        for entity in entities:
            assert entity.offset >= 0
            assert entity.length > 0
            assert entity.offset + entity.length <= length
        again = mode.unparse(plain, entities)
        if mode is html:
            # Markdown has no way to write a marker that means itself.
            assert mode.parse(again) == (plain, entities) or has_crossed(entities) or plain != plain.strip()
    for source in (html2, markdown2):
        message = source.parse(text)
        for target in (html2, markdown2):
            assert target.parse(target.unparse(*message)) == message


def has_crossed(entities: list[Any]) -> bool:
    """Whether entities overlap, or one is within another where tags cannot say that."""
    spans = sorted((one.offset, -one.length, type(one).__name__) for one in entities)
    for place, (start, length, kind) in enumerate(spans):
        for other, other_length, other_kind in spans[place + 1 :]:
            both = kind + other_kind
            within = other < start - length
            if within and other - other_length > start - length:
                return True
            if within and (
                kind == other_kind or any(word in both for word in ("Code", "Pre", "Url", "Email", "Emoji"))
            ):
                return True
    return False


def file_names(text: str) -> None:
    """A name leads nowhere but into the folder."""
    for windows in (False, True):
        name = safe_file_name(text, windows=windows)
        assert "/" not in name
        assert "\\" not in name
        assert "\0" not in name
        assert name not in (".", "..")
        assert len(name.encode()) <= 255
    path = file_name_for(FOLDER + os.sep, "document", ".bin", possible_names=[text])
    assert os.path.dirname(os.path.normpath(path)) == FOLDER
    assert os.path.basename(path) not in ("", ".", "..")


def only(error: type[Exception], function: Callable[[str], Any]) -> Callable[[str], None]:
    def check(text: str) -> None:
        try:
            function(text)
        except error as caught:
            told = str(caught)
        else:
            return
        # Secrets do not belong into errors.
        assert len(text) < 12 or text not in told

    return check


def proxies(text: str) -> None:
    """A proxy given as a text."""
    from telethon.network.proxy import parse_proxy

    for value in (text, (text, "127.0.0.1", 1080), ("socks5", text, 1080), ("http", "127.0.0.1", text)):
        try:
            parse_proxy(value)
        except (TypeError, ValueError) as caught:
            told = str(caught)
        else:
            continue
        for secret in (text.partition("?")[2], text.rpartition("@")[0].rpartition(":")[2]):
            assert value is not text or len(secret) < 8 or secret not in told


def links(text: str) -> None:
    """Whatever names a chat."""
    name, is_invite = utils.parse_username(text)
    assert name is None or (is_invite or name == name.lower())
    utils.parse_phone(text)
    assert len(utils.resolve_invite_link(text)) == 3
    assert len(utils.resolve_inline_message_id(text)) == 4


def file_ids(text: str) -> None:
    """Identifiers of the Bot API."""
    found = utils.resolve_bot_file_id(text)
    if found is not None:
        packed = utils.pack_bot_file_id(found)
        assert packed is None or type(utils.resolve_bot_file_id(packed)) is type(found)
        now = utils.pack_bot_file_id(found, current=True)
        again = utils.resolve_bot_file_id(now or "")
        assert again is not None
        assert (again.id, again.file_reference) == (found.id, found.file_reference)


def splits(text: str) -> None:
    """Long texts in pieces."""
    plain, entities = html.parse(text)
    pieces = list(utils.split_text(plain, entities, limit=16, max_entities=3)) if plain else []
    for piece, within in pieces:
        assert len(add_surrogate(piece)) <= 16
        assert len(within) <= 3 or within[3].offset == 0
        for entity in within:
            assert 0 <= entity.offset <= entity.offset + entity.length <= len(add_surrogate(piece))
    parts = split_message(plain, entities, limit=16, max_entities=3)
    for piece, within in parts:
        assert 0 < len(add_surrogate(piece)) <= 16
        for entity in within:
            assert 0 <= entity.offset < entity.offset + entity.length <= len(add_surrogate(piece))
    assert "".join("".join(piece.split()) for piece, _ in parts) == "".join(plain.split())


CHECKS: tuple[Callable[[str], None], ...] = (
    formats,
    file_names,
    proxies,
    links,
    file_ids,
    only(ValueError, StringSession),
    only(ValueError, parse_secret),
    splits,
)


def run(data: bytes) -> None:
    """The first byte chooses what is tried, the rest is the text."""
    choices = Choices(data)
    check = CHECKS[choices.below(256) % len(CHECKS)]
    # As from Telegram: bytes that are no UTF-8 are replaced.
    check(choices.rest().decode("utf-8", "replace"))


def seeds() -> list[bytes]:
    """A few texts for each check."""
    from formatting import HOSTILE_HTML, HOSTILE_MARKDOWN

    login = StringSession()
    login.set_dc(2, "149.154.167.51", 443)
    from telethon.crypto import AuthKey

    login.auth_key = AuthKey(bytes(range(256)))
    texts = {
        0: [
            "**a __b__ c** ~~d~~ `e` ```f\ng``` [h](https://example.com/?a=b)",
            '<b>a <i>b</i></b> <a href="https://x.y/">c</a> <pre><code class="language-py">d</code></pre> &lt;&amp;',
            "\U0001f600<b>\U0001f600</b>",
            *HOSTILE_HTML,
            *HOSTILE_MARKDOWN,
        ],
        1: [
            "../x",
            "/etc/passwd",
            "C:\\x",
            "a\0b",
            ".",
            "..",
            "",
            "x" * 300,
            "con.txt",
            "a/..",
            ". .",
            "\u202egnp.exe",
        ],
        2: [
            "socks5",
            "127.0.0.1",
            "1080",
            "socks5://user:password@127.0.0.1:1080",
            "tg://proxy?server=1.2.3.4&port=443&secret=dd000102030405060708090a0b0c0d0e0f",
            "https://t.me/proxy?server=example.com&port=443&secret=7gABAgMEBQYHCAkKCwwNDg9leGFtcGxlLmNvbQ",
            "https://t.me/socks?server=1.2.3.4&port=1080&user=a&pass=b",
            "tg://proxy?server=1.2.3.4&port=x&secret=dd000102030405060708090a0b0c0d0e0f",
            "http://user:password@[::1",
        ],
        3: ["@name", "t.me/name", "https://t.me/+AAAAAAAAAAAAAAAAAAAAAA", "tg://join?invite=abc", "+34 600 000 000"],
        4: [
            "AgACAgIAAxkBAAOsZOkrfpjWUWYlpwABb8IyVMqQJO3RAAKEyjEbs7tIS6t3ZX2Gu_kMAQADAgADcwADMAQ",
            "BQADBAADkwADBAABqVJ0ALGuq1cvAg",
            "AgADBAADXqcxG0VhKFOYsTQsrYoN0gABBQ",
            "BAAD",
        ],
        5: [login.save(), login.save()[:-4], "1" + "A" * 351 + "="],
        6: ["00" * 16, "dd" + "00" * 16, "ee" + "00" * 16 + b"example.com".hex(), "7gABAgMEBQYHCAkKCwwNDg9leGFtcGxl"],
        7: ["<b>word and word</b> and <i>another line\nwith</i> \U0001f600\U0001f600 " * 3, "x" * 40],
    }
    return [bytes((kind,)) + text.encode() for kind, found in texts.items() for text in found]
