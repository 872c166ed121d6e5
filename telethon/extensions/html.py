"""HTML as Telegram understands it: from text with tags to plain text and entities, and back.

    <b> <strong>               bold                <a href="...">           link; mailto: makes an e-mail address
    <i> <em>                   italic              <code>                   code
    <u>                        underline           <pre>                    block of code
    <s> <del>                  strike              <pre><code class="language-x">   the same with its language
    <blockquote [expandable]>  quotation           <tg-spoiler>             hidden until it is tapped
                                                   <tg-emoji emoji-id="7">  custom emoji
                                                   <tg-time unix="1647531900" format="wDT">   date

Other tags are left out and what is in them stays. A tag that is never closed formats nothing.

Source: https://core.telegram.org/api/entities
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape, unescape
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any, TypeAlias

from telethon._core.oldnames import old_names, star_names
from telethon.extensions._kinds import date_fields, fields_of, make_entity
from telethon.helpers import add_surrogate, del_surrogate, strip_text, within_surrogate
from telethon.tl import types
from telethon.tl.tlobject import TLObject

__all__ = ["ENTITY_TO_FORMATTER", "HTMLToTelegramParser", "parse", "unparse"]

if not TYPE_CHECKING:
    __getattr__ = old_names(__name__)
    __all__ = star_names(__name__, __all__)

_LANGUAGE = "language-"
_MAIL = "mailto:"
_LONGEST_ID = len(str(2**63 - 1))

_SIMPLE: dict[str, Callable[..., Any]] = {
    "b": types.MessageEntityBold,
    "strong": types.MessageEntityBold,
    "i": types.MessageEntityItalic,
    "em": types.MessageEntityItalic,
    "u": types.MessageEntityUnderline,
    "s": types.MessageEntityStrike,
    "del": types.MessageEntityStrike,
    "tg-spoiler": types.MessageEntitySpoiler,
    "spoiler": types.MessageEntitySpoiler,
    "code": types.MessageEntityCode,
}

Attributes: TypeAlias = "list[tuple[str, str | None]]"
Pair: TypeAlias = tuple[str, str]


class HTMLToTelegramParser(HTMLParser):
    """Takes HTML with `feed` and collects what Telegram needs; `parse` is the comfortable way to use it.

    Attributes:
        text: the plain text so far, in UTF-16 code units when what was fed is.
        entities: the entities whose tags were closed, in the order of closing.
    """

    def __init__(self) -> None:
        super().__init__()
        self.entities: list[Any] = []
        self._pieces: list[str] = []
        self._length = 0
        # Tags that are open, and the address that stands instead of the text of the innermost one, if any.
        self._open: list[tuple[str, str | None]] = []
        self._building: dict[str, Any] = {}

    @property
    def text(self) -> str:
        """The plain text so far."""
        return "".join(self._pieces)

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        """A tag was opened."""
        address: str | None = None
        entity: Any = None
        pre = self._building.get("pre")
        if tag == "code" and pre is not None:
            # Inside of a block of code it only names the language.
            kind = dict(attrs).get("class") or ""
            if kind.startswith(_LANGUAGE):
                pre.language = kind[len(_LANGUAGE) :]
        elif tag in _SIMPLE:
            entity = _SIMPLE[tag](self._length, 0)
        elif tag == "pre":
            entity = types.MessageEntityPre(self._length, 0, "")
        elif tag == "blockquote":
            entity = types.MessageEntityBlockquote(self._length, 0, "expandable" in dict(attrs) or None)
        elif tag == "a":
            entity, address = self._link(dict(attrs).get("href"))
        elif tag == "span" and dict(attrs).get("class") == "tg-spoiler":
            entity = types.MessageEntitySpoiler(self._length, 0)
        elif tag == "tg-emoji":
            entity = self._emoji(dict(attrs).get("emoji-id"))
        elif tag == "tg-time":
            fields = date_fields(dict(attrs).get("unix"), dict(attrs).get("format"))
            entity = make_entity("date_time", fields, self._length, 0)
        self._open.append((tag, address))
        if entity is not None:
            self._building.setdefault(tag, entity)

    def _link(self, href: str | None) -> tuple[Any, str | None]:
        if href is None:
            return None, None
        if href.startswith(_MAIL):
            return types.MessageEntityEmail(self._length, 0), href[len(_MAIL) :]
        return types.MessageEntityTextUrl(self._length, 0, del_surrogate(href)), None

    def _emoji(self, number: str | None) -> Any:
        # Longer numbers are no ids, and thousands of digits would take their time.
        if not number or len(number) > _LONGEST_ID or not number.isdecimal():
            return None
        return types.MessageEntityCustomEmoji(self._length, 0, int(number))

    def parse_marked_section(self, i: int, report: bool | int = True) -> int:
        """Where ``<![...>`` ends, -1 if it does not. Python's own method raises ``AssertionError`` at some of them."""
        return self.rawdata.find(">", i) + 1 or -1

    def handle_data(self, text: str) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Text between tags came."""
        if self._open and self._open[-1][1] is not None:
            text = self._open[-1][1]
        # Not all of it has been split before: `&#128512;` becomes one character here.
        text = add_surrogate(text)
        self._pieces.append(text)
        self._length += len(text)

    def handle_endtag(self, tag: str) -> None:
        """A tag was closed."""
        if self._open:
            self._open.pop()
        entity = self._building.pop(tag, None)
        if entity is not None:
            entity.length = self._length - entity.offset
            self.entities.append(entity)


def parse(html: str) -> tuple[str, list[types.TypeMessageEntity]]:
    """The plain text of a message, and what is formatted in it.

    Args:
        html: text with tags.

    Returns:
        The text without tags and without white space at its ends, and the entities in the order of their beginning.
        Offsets and lengths count UTF-16 code units, as Telegram does.

    Example:
        >>> parse("a <b>b</b>")
        ('a b', [MessageEntityBold(offset=2, length=1)])
    """
    if not html:
        return html, []
    parser = HTMLToTelegramParser()
    parser.feed(add_surrogate(html))
    # What is left is a tag or the like that does not end, so it is text. `close` would say so too, though after having
    # looked for an end from each place in it: with 64 KB of `<a href="` that takes a minute.
    if parser.rawdata:
        parser.handle_data(unescape(parser.rawdata))
    text = strip_text(parser.text, parser.entities)
    # What was closed later lies around what was closed earlier, so it comes first where both begin together.
    parser.entities.reverse()
    parser.entities.sort(key=_offset)
    return del_surrogate(text), parser.entities


def _offset(entity: Any) -> int:
    return int(entity.offset)


def _blockquote(entity: Any, _: str) -> Pair:
    return ("<blockquote expandable>" if entity.collapsed else "<blockquote>"), "</blockquote>"


def _pre(entity: Any, _: str) -> Pair:
    if not entity.language:
        return "<pre>", "</pre>"
    return f'<pre><code class="{_LANGUAGE}{escape(entity.language)}">', "</code></pre>"


def _date(entity: Any, _: str) -> Pair:
    known = fields_of(entity)
    fields = known[1] if known else {}
    letters = f' format="{fields["format"]}"' if fields.get("format") else ""
    return f'<tg-time unix="{fields.get("unix", "")}"{letters}>', "</tg-time>"


ENTITY_TO_FORMATTER: dict[type[Any], Pair | Callable[[Any, str], Pair]] = {
    types.MessageEntityBold: ("<strong>", "</strong>"),
    types.MessageEntityItalic: ("<em>", "</em>"),
    types.MessageEntityCode: ("<code>", "</code>"),
    types.MessageEntityUnderline: ("<u>", "</u>"),
    types.MessageEntityStrike: ("<del>", "</del>"),
    types.MessageEntitySpoiler: ("<tg-spoiler>", "</tg-spoiler>"),
    types.MessageEntityBlockquote: _blockquote,
    types.MessageEntityPre: _pre,
    types.MessageEntityEmail: lambda _, text: (f'<a href="{_MAIL}{escape(text)}">', "</a>"),
    types.MessageEntityUrl: lambda _, text: (f'<a href="{escape(text)}">', "</a>"),
    types.MessageEntityTextUrl: lambda entity, _: (f'<a href="{escape(entity.url)}">', "</a>"),
    types.MessageEntityMentionName: lambda entity, _: (f'<a href="tg://user?id={entity.user_id}">', "</a>"),
    types.MessageEntityFormattedDate: _date,
    types.MessageEntityCustomEmoji: lambda entity, _: (f'<tg-emoji emoji-id="{entity.document_id}">', "</tg-emoji>"),
}
"""Class of entity to its opening and closing tag, or to a function that makes them of the entity and its text."""


def unparse(text: str, entities: Iterable[types.TypeMessageEntity] | types.TypeMessageEntity | None) -> str:
    """The text with tags that stands for plain text and entities: the opposite of `parse`.

    Kinds of entities that have no tag are left out, and what HTML would take for a tag is escaped.

    Args:
        text: plain text.
        entities: what is formatted in it; one entity will do.

    Example:
        >>> unparse("a & b", [types.MessageEntityBold(4, 1)])
        'a &amp; <strong>b</strong>'
    """
    if not text:
        return text
    if not entities:
        return escape(text)
    if isinstance(entities, TLObject):
        entities = (entities,)
    plain = add_surrogate(text)
    size = len(plain)
    insertions: list[tuple[int, int, str]] = []
    for number, entity in enumerate(entities):
        tags = ENTITY_TO_FORMATTER.get(type(entity))
        if tags is None:
            continue
        start, end = min(entity.offset, size), min(entity.offset + entity.length, size)
        if callable(tags):
            tags = tags(entity, del_surrogate(plain[start:end]))
        # At one place, what began last ends first, and everything ends before anything begins.
        insertions.append((start, number, add_surrogate(tags[0])))
        insertions.append((end, -number, add_surrogate(tags[1])))
    insertions.sort(key=_place)
    pieces: list[str] = []
    done = 0
    for at, _, what in insertions:
        while within_surrogate(plain, at):
            at += 1
        pieces.append(escape(plain[done:at]))
        pieces.append(what)
        done = at
    pieces.append(escape(plain[done:]))
    return del_surrogate("".join(pieces))


def _place(insertion: tuple[int, int, str]) -> tuple[int, int]:
    return insertion[0], insertion[1]
