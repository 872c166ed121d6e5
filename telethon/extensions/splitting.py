"""Cutting long text into messages without breaking what belongs together.

`split_message` is what ``send_message(..., split=True)`` uses.

Source: https://core.telegram.org/api/config#message-length-max
"""

from __future__ import annotations

import copy
import re
from bisect import bisect_left
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from telethon.extensions._graphemes import cut_before
from telethon.helpers import add_surrogate, del_surrogate, within_surrogate
from telethon.tl import types

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["CAPTION_LIMIT", "TEXT_LIMIT", "split_message"]

TEXT_LIMIT: Final = 4096
"""How long the text of a message may be, in UTF-16 code units."""
CAPTION_LIMIT: Final = 1024
"""How long the caption of a file may be for accounts without Premium, in UTF-16 code units."""

#: White space where a line may be broken.
_SPACE: Final = re.compile("[^\\S\u00a0\u2007\u202f\ufeff]+")
_WORD, _LINE, _PARAGRAPH = 0, 1, 2
#: What can be divided and still means the same.
_DIVISIBLE: Final = (
    types.MessageEntityBold,
    types.MessageEntityItalic,
    types.MessageEntityUnderline,
    types.MessageEntityStrike,
    types.MessageEntitySpoiler,
    types.MessageEntityCode,
    types.MessageEntityPre,
    types.MessageEntityBlockquote,
)


class _Cut(NamedTuple):
    """A place to cut: where one piece ends and the next one begins."""

    end: int
    begin: int
    kind: int


def split_message(
    text: str,
    entities: Iterable[types.TypeMessageEntity] | None = None,
    *,
    limit: int = TEXT_LIMIT,
    first_limit: int | None = None,
    max_entities: int = 100,
) -> list[tuple[str, list[types.TypeMessageEntity]]]:
    """Text with entities as pieces that fit into a message each.

    A piece ends between two paragraphs if it is at least half full then, else between two lines or, failing that, two
    words, and where no entity is divided. An entity that is longer than a message goes on in the next one. Letters with
    their accents and emoji made of several characters stay whole. White space where the text is cut is left out.

    Args:
        text: plain text, such as `parse` of a format gives.
        entities: its entities. They are not changed.
        limit: the longest piece, in UTF-16 code units.
        first_limit: the same for the first piece, such as the caption of a file; by default *limit*.
        max_entities: how many entities a piece may have, except where more are around or begin at one place.

    Returns:
        the pieces in order, as text and entities; none for text that is nothing but white space.

    Raises:
        ValueError: a limit is less than 2, which is what a single character can take, or *max_entities* less than 1.

    Example:
        >>> for text, entities in split_message(*markdown.parse(long_text)):
        ...     await client.send_message(chat, text, formatting_entities=entities)
    """
    if limit < 2 or (first_limit is not None and first_limit < 2):
        raise ValueError("the limit must be at least 2 UTF-16 code units, because some characters take two")
    if max_entities < 1:
        raise ValueError("max_entities must be at least 1")
    splitter = _Splitter(add_surrogate(text), sorted(entities or (), key=_offset), limit, max_entities)
    return splitter.pieces(limit if first_limit is None else first_limit)


def _offset(entity: Any) -> int:
    return int(entity.offset)


class _Splitter:
    """One text being cut."""

    def __init__(self, text: str, entities: list[Any], limit: int, max_entities: int) -> None:
        self._text = text
        self._entities = entities
        self._limit = limit
        self._max_entities = max_entities
        self._starts: list[int] = [entity.offset for entity in entities]
        # What is longer than a message is divided anyway, so it does not keep a cut from being made somewhere else.
        short = [entity for entity in entities if entity.length <= limit]
        self._whole = _Ranges(short)
        self._indivisible = _Ranges([entity for entity in short if not isinstance(entity, _DIVISIBLE)])

    def pieces(self, room: int) -> list[tuple[str, list[types.TypeMessageEntity]]]:
        found: list[tuple[str, list[types.TypeMessageEntity]]] = []
        begin, size = 0, len(self._text)
        # Those that the last piece did not show to the end, and the first one after them.
        going_on: list[Any] = []
        following = 0
        while begin < size:
            most = min(begin + room, size, self._full_of_entities(begin, len(going_on), following))
            cut = _Cut(size, size, _WORD) if most == size else self._best(begin, most)
            end = begin + len(self._text[begin : cut.end].rstrip())
            while following < len(self._entities) and self._starts[following] < cut.begin:
                going_on.append(self._entities[following])
                following += 1
            if begin < end:
                shown = [part for entity in going_on if (part := _part(entity, begin, end)) is not None]
                found.append((del_surrogate(self._text[begin:end]), shown))
                room = self._limit
            going_on = [entity for entity in going_on if entity.offset + entity.length > cut.begin]
            begin = cut.begin
        return found

    def _full_of_entities(self, begin: int, going_on: int, following: int) -> int:
        """Where the entity begins that would be one too many; the end of the text when there is none."""
        last = following + max(self._max_entities - going_on, 0)
        places = self._starts[last : last + 1]
        if places and places[0] <= begin:
            places = self._starts[bisect_left(self._starts, begin + 1) :][:1]
        place = places[0] if places else len(self._text)
        return place + within_surrogate(self._text, place)

    def _best(self, begin: int, most: int) -> _Cut:
        """The best place to cut, such that the piece from *begin* ends at *most* or earlier."""
        cuts = self._between_words(begin, most)
        half = begin + (most - begin) // 2
        for ranges in (self._whole, self._indivisible):
            free = [cut for cut in cuts if not ranges.divided_by(cut.end, cut.begin)]
            for kind in (_PARAGRAPH, _LINE, _WORD):
                for cut in reversed(free):
                    if cut.end < half:
                        break
                    if cut.kind >= kind:
                        return cut
            if free:
                return free[-1]
        # There is only one long word, or only spaces in links and the like.
        for ranges in (self._whole, self._indivisible):
            place = ranges.leave(cut_before(self._text, begin, most), begin)
            place -= within_surrogate(self._text, place)
            if place > begin:
                return _Cut(place, place, _WORD)
        if cuts:
            return cuts[-1]
        place = cut_before(self._text, begin, most)
        return _Cut(place, place, _WORD)

    def _between_words(self, begin: int, most: int) -> list[_Cut]:
        text = self._text
        cuts: list[_Cut] = []
        # One more than the piece may have, because white space right behind it is left out.
        for match in _SPACE.finditer(text, begin, min(most + 1, len(text))):
            start, end = match.span()
            if start == begin:
                continue
            if end > most:
                whole = _SPACE.match(text, start)
                end = whole.end() if whole else end
            lines = text.count("\n", start, end)
            if lines:
                # How far the next line is indented is a part of it.
                end = text.rindex("\n", start, end) + 1
            cuts.append(_Cut(start, end, min(lines, _PARAGRAPH)))
        return cuts


class _Ranges:
    """Parts of the text that had better not be divided."""

    def __init__(self, entities: list[Any]) -> None:
        self._starts: list[int] = [entity.offset for entity in entities]
        # How far those reach that begin before.
        self._reach: list[int] = [0, *accumulate((entity.offset + entity.length for entity in entities), max)]

    def _reaches(self, place: int) -> int:
        return self._reach[bisect_left(self._starts, place)]

    def divided_by(self, end: int, begin: int) -> bool:
        """Whether one has something before *end* and something behind *begin*."""
        return self._reaches(end) > begin

    def leave(self, place: int, least: int) -> int:
        """The last place up to *place* that divides none; it may be *least* or less."""
        while place > least and self._reaches(place) > place:
            place = self._starts[bisect_left(self._starts, place) - 1]
        return place


def _part(entity: Any, begin: int, end: int) -> Any:
    """What of an entity is in a piece, by a copy; `None` for nothing."""
    start, stop = max(entity.offset, begin), min(entity.offset + entity.length, end)
    if start >= stop:
        return None
    part = copy.copy(entity)
    part.offset, part.length = start - begin, stop - start
    return part
