"""Where a text may be cut without taking apart what is seen as one character.

This follows the rules of Unicode for extended grapheme clusters as far as the standard library can tell the properties
of characters: accents, emoji with all that belongs to them, flags, Korean syllables.

Source: https://www.unicode.org/reports/tr29/#Grapheme_Cluster_Boundaries
"""

from __future__ import annotations

import unicodedata
from typing import Final

from telethon.helpers import within_surrogate

__all__ = ["cut_before", "is_boundary"]

_JOINER: Final = 0x200D
_MARKS: Final = frozenset(("Mn", "Me", "Mc"))
_VOWEL, _LEADING, _TRAILING, _OPEN, _CLOSED = "V", "L", "T", "LV", "LVT"
_NO_BREAK_IN_KOREAN: Final = {
    _LEADING: (_LEADING, _VOWEL, _OPEN, _CLOSED),
    _VOWEL: (_VOWEL, _TRAILING),
    _OPEN: (_VOWEL, _TRAILING),
    _CLOSED: (_TRAILING,),
    _TRAILING: (_TRAILING,),
}


def cut_before(text: str, begin: int, most: int) -> int:
    """The last place behind *begin*, and not behind *most*, where *text* may be cut.

    Where something seen as one character is longer than that, it is cut between two code points.

    Args:
        text: with surrogates, so that places count UTF-16 code units.
        begin: where the part begins.
        most: where it ends at the latest; at least two more than *begin*.
    """
    for place in range(most, begin, -1):
        if is_boundary(text, place, begin):
            return place
    return most - within_surrogate(text, most)


def is_boundary(text: str, place: int, begin: int = 0) -> bool:
    """Whether *text* may be cut there.

    Args:
        text: with surrogates.
        place: where.
        begin: how far to look back.
    """
    if place <= 0 or place >= len(text):
        return True
    if within_surrogate(text, place):
        return False
    after = _point(text, place)
    before = _point(text, place - 1 - within_surrogate(text, place - 1))
    if before < 0x300 and after < 0x300:
        return not (before == 0x0D and after == 0x0A)
    if _extends(after) or before == _JOINER:
        return False
    if _is_flag_letter(before) and _is_flag_letter(after):
        return _flag_letters_before(text, place, begin) % 2 == 0
    korean = _korean(before)
    return korean is None or _korean(after) not in _NO_BREAK_IN_KOREAN[korean]


def _point(text: str, place: int) -> int:
    unit = ord(text[place])
    if 0xD800 <= unit < 0xDC00 and place + 1 < len(text):
        low = ord(text[place + 1])
        if 0xDC00 <= low < 0xE000:
            return 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00)
    return unit


def _extends(point: int) -> bool:
    """Whether it is one with what stands before it: accents, joiners, selectors, colours of skin, letters of tags."""
    return (
        point in (0x200C, _JOINER)
        or 0x1F3FB <= point <= 0x1F3FF
        or 0xE0020 <= point <= 0xE007F
        or 0xFF9E <= point <= 0xFF9F
        or unicodedata.category(chr(point)) in _MARKS
    )


def _is_flag_letter(point: int) -> bool:
    return 0x1F1E6 <= point <= 0x1F1FF


def _flag_letters_before(text: str, place: int, begin: int) -> int:
    count = 0
    while place - 2 >= begin and _is_flag_letter(_point(text, place - 2)):
        count += 1
        place -= 2
    return count


def _korean(point: int) -> str | None:
    if 0x1100 <= point <= 0x115F or 0xA960 <= point <= 0xA97C:
        return _LEADING
    if 0x1160 <= point <= 0x11A7 or 0xD7B0 <= point <= 0xD7C6:
        return _VOWEL
    if 0x11A8 <= point <= 0x11FF or 0xD7CB <= point <= 0xD7FB:
        return _TRAILING
    if 0xAC00 <= point <= 0xD7A3:
        return _OPEN if (point - 0xAC00) % 28 == 0 else _CLOSED
    return None
