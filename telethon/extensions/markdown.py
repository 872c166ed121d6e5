"""Markdown as Telegram clients write it: from text with markers to plain text and entities, and back.

    **bold**  __italic__  ~~strike~~  `code`  ```block of code```  [text](https://example.com)

A marker counts when the same one follows later with at least one character between the two. Inside of code, blocks and
links nothing is looked for. The text is read once from left to right, jumping from marker to marker, and where a search
found nothing is remembered, so that hostile text takes no longer than other text of its length.

Source: https://core.telegram.org/api/entities
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from telethon._core.oldnames import old_names, star_names
from telethon.helpers import add_surrogate, del_surrogate, strip_text, within_surrogate
from telethon.tl import types
from telethon.tl.tlobject import TLObject

if TYPE_CHECKING:
    from typing import TypeAlias

    Delimiters: TypeAlias = Mapping[str, Callable[..., Any]]

__all__ = ["DEFAULT_DELIMITERS", "DEFAULT_URL_FORMAT", "DEFAULT_URL_RE", "parse", "unparse"]

if not TYPE_CHECKING:
    __getattr__ = old_names(__name__)
    __all__ = star_names(__name__, __all__)

DEFAULT_DELIMITERS: dict[str, Callable[..., types.TypeMessageEntity]] = {
    "**": types.MessageEntityBold,
    "__": types.MessageEntityItalic,
    "~~": types.MessageEntityStrike,
    "`": types.MessageEntityCode,
    "```": types.MessageEntityPre,
}
"""Marker to entity; programs may pass others to `parse` and `unparse`, or change these."""

DEFAULT_URL_RE = re.compile(r"\[([^]]*?)\]\(([\s\S]*?)\)")
"""What a link looks like: the first group is its text, the second its address."""

DEFAULT_URL_FORMAT = "[{0}]({1})"
"""How a link is written: text and address."""


def parse(
    message: str, delimiters: Delimiters | None = None, url_re: str | re.Pattern[str] | None = None
) -> tuple[str, list[types.TypeMessageEntity]]:
    """The plain text of a message, and what is formatted in it.

    Args:
        message: text with markers.
        delimiters: marker to class of entity; by default `DEFAULT_DELIMITERS`.
        url_re: what a link looks like, with two groups for its text and its address; by default `DEFAULT_URL_RE`.

    Returns:
        The text without markers and without white space at its ends, and the entities in the order of their beginning.
        Offsets and lengths count UTF-16 code units, as Telegram does.

    Raises:
        ValueError: there are no delimiters at all.

    Example:
        >>> parse("a **b**")
        ('a b', [MessageEntityBold(offset=2, length=1)])
    """
    if not message:
        return message, []
    if delimiters is None:
        delimiters = DEFAULT_DELIMITERS
    elif not delimiters:
        return message, []
    pattern = DEFAULT_URL_RE if url_re is None else re.compile(url_re) if isinstance(url_re, str) else url_re
    text = add_surrogate(message)
    reader = _Reader(text, delimiters, pattern)
    reader.read()
    return del_surrogate(strip_text(reader.plain(), reader.entities)), reader.entities


class _Reader:
    """One pass over one text.

    Attributes:
        entities: what was found.
    """

    def __init__(self, text: str, delimiters: Delimiters, url_re: re.Pattern[str]) -> None:
        self.entities: list[Any] = []
        self._text = text
        self._delimiters = delimiters
        self._url_re = url_re
        # Longer markers come first, or ``` would be read as three times `.
        markers = [re.escape(marker) for marker in sorted(delimiters, key=len, reverse=True)]
        # A link of an unknown form may begin with any character, so the search has to stop everywhere.
        self._stop = re.compile("|".join([*markers, r"\[" if url_re is DEFAULT_URL_RE else r"[\s\S]"]))
        self._pieces: list[str] = []
        self._length = 0
        # Closing markers that lie ahead: where, how long, and the entity that ends there.
        self._closers: dict[int, tuple[int, Any]] = {}
        self._ahead: list[int] = []
        # From where on there is no such marker, or no such end of a link.
        self._missing: dict[str, int] = {}

    def plain(self) -> str:
        return "".join(self._pieces)

    def read(self) -> None:
        text, ahead, closers, search = self._text, self._ahead, self._closers, self._stop.search
        add = self._pieces.append
        position = 0
        end = len(text)
        while position < end:
            match = search(text, position)
            if match is None:
                self._take(position, end)
                return
            start = match.start()
            if ahead and ahead[-1] < start:
                self._take(position, start)
            elif position < start:
                # The same, for the usual case.
                add(text[position:start])
                self._length += start - position
            closer = closers.get(start)
            if closer is not None:
                position = self._close(start, closer)
                continue
            marker = match.group()
            if ahead and ahead[-1] < match.end():
                # The end of a marker that is open takes a part of this one, so it is none.
                self._put(start, ahead[-1])
                position = ahead[-1]
                continue
            position = self._open(start, marker) if marker in self._delimiters else self._link(start)

    # -- output ------------------------------------------------------------------------------------------------------

    def _take(self, start: int, end: int) -> None:
        """Put a part of the text into the output, without the closing markers in it."""
        while self._ahead and self._ahead[-1] < end:
            at = self._ahead[-1]
            if at < start:
                # Already behind: it was closed where it stands.
                self._ahead.pop()
                continue
            self._put(start, at)
            start = self._close(at, self._closers[at])
        self._put(start, end)

    def _put(self, start: int, end: int) -> None:
        if start < end:
            self._pieces.append(self._text[start:end])
            self._length += end - start

    def _close(self, at: int, closer: tuple[int, Any]) -> int:
        """Pass a closing marker; gives where what follows it begins."""
        size, entity = closer
        entity.length = self._length - entity.offset
        del self._closers[at]
        self._ahead.remove(at)
        return at + size

    # -- markers -----------------------------------------------------------------------------------------------------

    def _open(self, start: int, marker: str) -> int:
        """Read on at a marker; gives where to go on."""
        inner = start + len(marker)
        end = self._find_closer(marker, inner + 1)
        if end < 0:
            self._put(start, start + 1)
            return start + 1
        make = self._delimiters[marker]
        entity = make(self._length, 0, "") if make is types.MessageEntityPre else make(self._length, 0)
        self.entities.append(entity)
        if isinstance(entity, (types.MessageEntityCode, types.MessageEntityPre)):
            self._take(inner, end)
            entity.length = self._length - entity.offset
            return end + len(marker)
        self._closers[end] = (len(marker), entity)
        # The nearest one is last; there are never more of them than kinds of markers that are open.
        ahead = self._ahead
        place = len(ahead)
        while place and ahead[place - 1] < end:
            place -= 1
        ahead.insert(place, end)
        return inner

    def _find_closer(self, marker: str, start: int) -> int:
        """Where the same marker comes again and is not the end of something else; -1: nowhere."""
        if start >= self._missing.get(marker, len(self._text)):
            return -1
        at = self._text.find(marker, start)
        if at >= 0 and not self._ahead:
            return at
        while at >= 0:
            overlap = self._overlapping(at, at + len(marker))
            if overlap < 0:
                return at
            at = self._text.find(marker, overlap)
        self._missing[marker] = start
        return -1

    def _overlapping(self, start: int, end: int) -> int:
        """Where the closing marker that shares characters with a part of the text ends; -1: there is none."""
        for at in self._ahead:
            after = at + self._closers[at][0] if at in self._closers else at
            if at < end and start < after:
                return after
        return -1

    # -- links -------------------------------------------------------------------------------------------------------

    def _link(self, start: int) -> int:
        """Read on at what may be a link; gives where to go on."""
        if self._url_re is DEFAULT_URL_RE:
            found = self._default_link(start)
        else:
            match = self._url_re.match(self._text, start)
            found = match and (match.span(1), match.span(2), match.end())
        if not found:
            self._put(start, start + 1)
            return start + 1
        (text_start, text_end), (url_start, url_end), end = found
        offset = self._length
        self._take(text_start, text_end)
        length = self._length - offset
        # Ends of other entities may lie in the parts that are not shown; they end here, then.
        pieces, total = len(self._pieces), self._length
        self._take(text_end, url_start)
        del self._pieces[pieces:]
        self._length = total
        self._take(url_start, url_end)
        url = "".join(self._pieces[pieces:])
        self._take(url_end, end)
        del self._pieces[pieces:]
        self._length = total
        self._shorten(total)
        self.entities.append(types.MessageEntityTextUrl(offset, length, del_surrogate(url)))
        return end

    def _shorten(self, total: int) -> None:
        """Let no entity that is over reach further than the text does."""
        for entity in reversed(self.entities):
            if entity.offset + entity.length <= total:
                break
            entity.length = total - entity.offset

    def _default_link(self, start: int) -> tuple[tuple[int, int], tuple[int, int], int] | None:
        """What `DEFAULT_URL_RE` matches here, without looking at the whole text each time."""
        close = self._find_once("]", start + 1)
        if close < 0 or not self._text.startswith("](", close):
            return None
        end = self._find_once(")", close + 2)
        if end < 0:
            return None
        return (start + 1, close), (close + 2, end), end + 1

    def _find_once(self, character: str, start: int) -> int:
        """As `str.find`, remembering when there is no more of it, and where the next one is."""
        known = self._missing.get(character, -1)
        if known >= start:
            return known if known < len(self._text) else -1
        at = self._text.find(character, start)
        self._missing[character] = at if at >= 0 else len(self._text)
        return at


def unparse(
    text: str,
    entities: Iterable[types.TypeMessageEntity] | types.TypeMessageEntity | None,
    delimiters: Mapping[str, Callable[..., Any]] | None = None,
    url_fmt: str | None = None,
) -> str:
    """The text with markers that stands for plain text and entities: the opposite of `parse`.

    Kinds of entities that have no marker are left out.

    Args:
        text: plain text.
        entities: what is formatted in it; one entity will do.
        delimiters: marker to class of entity; by default `DEFAULT_DELIMITERS`.
        url_fmt: how a link is written, with ``{0}`` for its text and ``{1}`` for its address.

    Example:
        >>> unparse("a b", [types.MessageEntityBold(2, 1)])
        'a **b**'
    """
    if not text or not entities:
        return text
    if delimiters is None:
        delimiters = DEFAULT_DELIMITERS
    elif not delimiters:
        return text
    if isinstance(entities, TLObject):
        entities = (entities,)
    before, between, after = _around_link(DEFAULT_URL_FORMAT if url_fmt is None else url_fmt)
    markers = {make: marker for marker, make in delimiters.items()}
    plain = add_surrogate(text)
    size = len(plain)
    insertions: list[tuple[int, int, str]] = []
    for number, entity in enumerate(entities):
        marker = markers.get(type(entity))
        if marker is not None:
            opening = closing = marker
        elif isinstance(entity, types.MessageEntityTextUrl) and entity.url:
            opening, closing = before, f"{between}{add_surrogate(entity.url)}{after}"
        elif isinstance(entity, types.MessageEntityMentionName):
            opening, closing = before, f"{between}tg://user?id={entity.user_id}{after}"
        else:
            continue
        # At one place, what began last ends first, and everything ends before anything begins.
        insertions.append((min(entity.offset, size), number, opening))
        insertions.append((min(entity.offset + entity.length, size), -number, closing))
    insertions.sort(key=_place)
    pieces: list[str] = []
    done = 0
    for at, _, what in insertions:
        while within_surrogate(plain, at):
            at += 1
        pieces.append(plain[done:at])
        pieces.append(what)
        done = at
    pieces.append(plain[done:])
    return del_surrogate("".join(pieces))


def _place(insertion: tuple[int, int, str]) -> tuple[int, int]:
    return insertion[0], insertion[1]


def _around_link(url_format: str) -> tuple[str, str, str]:
    """What stands before the text of a link, between text and address, and behind it."""
    before, _, rest = url_format.partition("{0}")
    between, _, after = rest.partition("{1}")
    return before, between, after
