r"""Markdown that loses nothing: the "MarkdownV2" of the Bot API, with a form for every kind of entity.

Choose it with ``parse_mode="md2"`` (or ``"markdown2"``, ``"MarkdownV2"``).

    *bold*  _italic_  __underline__  ~strike~  ||hidden||  `code`

    ```language
    block of code
    ```

    [text](https://example.com)                     link
    [name](tg://user?id=5)                          mention of a user by id
    ![X](tg://emoji?id=7)                           custom emoji
    ![soon](tg://time?unix=1647531900&format=wDT)   date

    >Lines that begin with this are a quotation.
    **>Another one, right behind it.
    >It is folded, because its last line ends so.||

A backslash takes the meaning from the character after it, inside of code too. `escape` does that to text of which
nothing shall be formatted. ``**`` and the like, with nothing in between, stand for nothing: they part markers that
would be read as another one.

Beyond the Bot API: what is no markup there and would be refused is text, such as a marker that is never closed or a dot
without a backslash; markup may overlap; and whatever has no form of its own, or not at the place where it is, is
written as ``![text](tg://entity?type=hashtag)``, or with ``![](tg://entity?begin=1&type=bold)`` where it begins and
``![](tg://entity?end=1)`` where it ends. White space at the ends of the text stays.

The text is read once from left to right, and what was looked for in vain is not looked for again, so that hostile text
takes no longer than other text of its length.

Source: https://core.telegram.org/bots/api#markdownv2-style
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from telethon.extensions._kinds import MENTION, Fields, date_fields, make_entity, spans_of
from telethon.extensions._markdown2writer import MARKERS, escape, write, write_marks
from telethon.helpers import add_surrogate, del_surrogate

if TYPE_CHECKING:
    from telethon.extensions._kinds import Span
    from telethon.tl import types

__all__ = ["Markdown2", "escape", "parse", "unparse"]

_KINDS: Final = {marker: name for name, marker in MARKERS.items()}
_ESCAPED: Final = r"\\[\x01-\x7e]"
_TOKEN: Final = re.compile(rf"{_ESCAPED}|```|`|\|\||__|[_*~\[\n]|!\[|\]\(")
_LANGUAGE: Final = re.compile(r"([^\s`\\]*)\n")
_ESCAPE: Final = re.compile(_ESCAPED)
_ENDS: Final = {end: re.compile(rf"{_ESCAPED}|{re.escape(end)}") for end in ("`", "```", ")")}


class _Entity:
    """An entity while it is read: between which pieces it is, and what it is; no kind means that it is none."""

    __slots__ = ("fields", "first", "last", "name")

    def __init__(self, first: int, name: str = "", fields: Fields | None = None) -> None:
        self.first = first
        self.last = -1
        self.name = name
        self.fields = {} if fields is None else fields


class _Reader:
    """One pass over one text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._pieces: list[str] = []
        # In the order in which they begin.
        self._entities: list[_Entity] = []
        # Markers that are open: the piece that they become if they are never closed, and their entity.
        self._markers: dict[str, tuple[int, _Entity]] = {}
        self._brackets: list[tuple[int, str, _Entity]] = []
        self._marks: dict[str, _Entity] = {}
        self._quote: _Entity | None = None
        self._missing: set[str] = set()

    def read(self) -> None:
        text, pieces, end = self._text, self._pieces, len(self._text)
        position = self._begin_line(0)
        while position < end:
            match = _TOKEN.search(text, position)
            if match is None:
                pieces.append(text[position:])
                break
            start, token, after = match.start(), match.group(), match.end()
            if position < start:
                pieces.append(text[position:start])
            if token[0] == "\\":
                pieces.append(token[1])
            elif token == "\n":
                pieces.append(token)
                after = self._begin_line(after)
            elif token[0] == "`":
                after = self._code(token, after)
            elif token in ("[", "!["):
                self._brackets.append((len(pieces), token, self._new()))
                pieces.append("")
            elif token == "](":
                after = self._link(after)
            else:
                self._marker(token, after)
            position = after
        self._end_quote(len(pieces))
        for piece, (place, _) in self._markers.items():
            pieces[place] = piece
        for place, piece, _ in self._brackets:
            pieces[place] = piece

    def _new(self, name: str = "", fields: Fields | None = None) -> _Entity:
        entity = _Entity(len(self._pieces), name, fields)
        self._entities.append(entity)
        return entity

    def spans(self) -> tuple[str, list[tuple[int, int, str, Fields]]]:
        """The text, and where which entity is in it."""
        places = [0, *accumulate(map(len, self._pieces))]
        found = [
            (places[one.first], places[one.last], one.name, one.fields)
            for one in self._entities
            if one.name and one.last >= 0 and places[one.first] < places[one.last]
        ]
        return "".join(self._pieces), found

    # -- lines -------------------------------------------------------------------------------------------------------

    def _begin_line(self, position: int) -> int:
        """Look for the sign of a quotation; gives where to go on."""
        if self._text.startswith("**>", position):
            self._end_quote(len(self._pieces) - 1)
            self._quote = self._new("blockquote")
            return position + 3
        if self._text.startswith(">", position):
            if self._quote is None:
                self._quote = self._new("blockquote")
            return position + 1
        self._end_quote(len(self._pieces) - 1)
        return position

    def _end_quote(self, piece: int) -> None:
        if self._quote is not None:
            self._quote.last = piece
            self._quote = None

    # -- markup ------------------------------------------------------------------------------------------------------

    def _marker(self, marker: str, after: int) -> None:
        known = self._markers.pop(marker, None)
        if known is not None:
            known[1].last = len(self._pieces)
        elif marker == "||" and self._quote is not None and self._line_ends_quote(after):
            self._quote.fields["expandable"] = "1"
        else:
            entity = self._new(_KINDS[marker])
            self._markers[marker] = (len(self._pieces), entity)
            self._pieces.append("")

    def _line_ends_quote(self, position: int) -> bool:
        text = self._text
        return position == len(text) or (text[position] == "\n" and not text.startswith(">", position + 1))

    def _code(self, marker: str, start: int) -> int:
        end = self._find(marker, start)
        if end < 0:
            self._pieces.append(marker)
            return start
        entity = self._new("code" if marker == "`" else "pre")
        match = _LANGUAGE.match(self._text, start, end) if marker == "```" else None
        inner, stop = start, end
        if match is not None:
            entity.fields = {"language": del_surrogate(match[1])} if match[1] else {}
            inner = match.end()
            # The line of the closing marker is no part of the block.
            stop -= stop > inner and self._text[stop - 1] == "\n"
        self._pieces.append(_unescape(self._text[inner:stop]))
        entity.last = len(self._pieces)
        return end + len(marker)

    def _link(self, start: int) -> int:
        end = self._find(")", start) if self._brackets else -1
        if end < 0:
            self._pieces.append("](")
            return start
        place, opening, entity = self._brackets.pop()
        address = del_surrogate(_unescape(self._text[start:end]))
        entity.last = len(self._pieces)
        special = _special(address) if opening == "![" else None
        if special is not None:
            self._apply(entity, *special)
            return end + 1
        if opening == "![":
            # It is no sign of anything, so it stands in front of the link.
            self._pieces[place] = "!"
            entity.first += 1
        match = MENTION.match(address)
        if match:
            entity.name, entity.fields = "text_mention", {"id": match[1]}
        elif address:
            entity.name, entity.fields = "text_link", {"url": address}
        return end + 1

    def _apply(self, entity: _Entity, name: str, fields: Fields) -> None:
        ends, begins = fields.pop("end", ""), fields.pop("begin", "")
        if ends:
            begun = self._marks.pop(ends, None)
            if begun is not None:
                begun.last = len(self._pieces)
            return
        entity.name, entity.fields = name, fields
        if begins:
            entity.last = -1
            self._marks[begins] = entity

    def _find(self, what: str, start: int) -> int:
        """Where something comes that no backslash stands before; -1: nowhere."""
        if what in self._missing:
            return -1
        for match in _ENDS[what].finditer(self._text, start):
            if match.group() == what:
                return match.start()
        self._missing.add(what)
        return -1


def _unescape(text: str) -> str:
    return _ESCAPE.sub(lambda match: match.group()[1], text) if "\\" in text else text


def _special(address: str) -> tuple[str, Fields] | None:
    """What the address behind ``![text]`` stands for; `None` when it is an ordinary one."""
    base, _, query = address.partition("?")
    if base not in ("tg://emoji", "tg://time", "tg://entity"):
        return None
    given: Fields = {}
    for part in query.split("&"):
        key, _, value = part.partition("=")
        given[key] = unquote(value, errors="surrogatepass") if base == "tg://entity" else value
    if base == "tg://emoji":
        return "custom_emoji", {"id": given.get("id", "")}
    if base == "tg://time":
        return "date_time", date_fields(given.get("unix"), given.get("format"))
    return given.pop("type", ""), given


def _read(text: str) -> tuple[str, list[tuple[int, int, str, Fields]]]:
    reader = _Reader(add_surrogate(text))
    reader.read()
    return reader.spans()


def parse(message: str) -> tuple[str, list[types.TypeMessageEntity]]:
    r"""The plain text of a message, and what is formatted in it.

    Args:
        message: text with markup.

    Returns:
        The text without markup, and the entities in the order of their beginning. Offsets and lengths count UTF-16
        code units, as Telegram does.

    Example:
        >>> parse(r"a *b* ||c|| 1\*2")
        ('a b c 1*2', [MessageEntityBold(offset=2, length=1), MessageEntitySpoiler(offset=4, length=1)])
    """
    if not message:
        return message, []
    text, spans = _read(message)
    made = (make_entity(name, fields, start, end - start) for start, end, name, fields in spans)
    return del_surrogate(text), [entity for entity in made if entity is not None]


def unparse(
    text: str,
    entities: Iterable[types.TypeMessageEntity] | types.TypeMessageEntity | None,
    *,
    detected: bool = True,
) -> str:
    r"""The text with markup that stands for plain text and entities: ``parse(unparse(*x)) == x``.

    That holds for entities in the order of their beginning, whatever their kinds and however they overlap. A mention
    with an input user, which only exists on the way to the servers, becomes an ordinary one.

    Args:
        text: plain text.
        entities: what is formatted in it; one entity will do.
        detected: whether to write the kinds, too, that servers find in a text by themselves: addresses, hashtags,
            names and so on. Without them, the Bot API takes what is written here for most messages.

    Example:
        >>> unparse("a*b c", [types.MessageEntityBold(4, 1)])
        'a\\*b *c*'
    """
    if not text:
        return text
    plain, spans = spans_of(text, entities, detected)
    if not spans:
        return escape(text)
    source = del_surrogate(write(plain, spans))
    # Where it is not read again as what it is, be it for an order or an overlap, the form is used that always is.
    return source if _same(_read(source), plain, spans) else del_surrogate(write_marks(plain, spans))


def _same(read: tuple[str, list[Any]], plain: str, spans: list[Span]) -> bool:
    return read[0] == plain and read[1] == spans


class Markdown2:
    """`parse` and `unparse` as an object, for a client's `parse_mode`.

    Args:
        detected: whether `unparse` writes the kinds, too, that servers find by themselves.

    Example:
        >>> client.parse_mode = Markdown2(detected=False)
    """

    def __init__(self, *, detected: bool = True) -> None:
        self._detected = detected

    def parse(self, text: str) -> tuple[str, list[types.TypeMessageEntity]]:
        """As the function `parse`."""
        return parse(text)

    def unparse(self, text: str, entities: Iterable[types.TypeMessageEntity] | None) -> str:
        """As the function `unparse`."""
        return unparse(text, entities, detected=self._detected)
