"""Text as UTF-16 code units, the unit in which Telegram counts the offset and length of message entities.

Source: https://core.telegram.org/api/entities#entity-length
"""

from __future__ import annotations

from array import array
from sys import byteorder

__all__ = ["add_surrogate", "del_surrogate", "has_surrogate", "within_surrogate"]

_UTF16 = "utf-16-le" if byteorder == "little" else "utf-16-be"
_UTF32 = "utf-32-le" if byteorder == "little" else "utf-32-be"


def add_surrogate(text: str) -> str:
    r"""*text* with every character outside the basic plane as its two surrogates, so that indices count UTF-16 units.

    Example:
        >>> add_surrogate("a😀")
        'a\ud83d\ude00'
    """
    if text.isascii():
        return text
    data = text.encode(_UTF16, "surrogatepass")
    if len(data) == 2 * len(text):
        return text
    # One character per code unit: widen each to four bytes, and let the codec make the text of them.
    units: array[int] = array("H", data)
    return array("I", units).tobytes().decode(_UTF32, "surrogatepass")


def del_surrogate(text: str) -> str:
    r"""*text* with pairs of surrogates as the characters they stand for: the opposite of `add_surrogate`.

    Example:
        >>> del_surrogate("a\ud83d\ude00")
        'a😀'
    """
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def has_surrogate(text: str) -> bool:
    """Whether *text* holds a surrogate, that is, whether `del_surrogate` could change it."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False


def within_surrogate(text: str, index: int, *, length: int | None = None) -> bool:
    """Whether cutting *text* (with surrogates) at *index* would cut one character in two.

    Args:
        text: text made by `add_surrogate`.
        index: where the cut would be.
        length: of *text*, when the caller knows it already; it makes no difference to the result.
    """
    return 0 < index < len(text) and "\ud800" <= text[index - 1] <= "\udbff" and "\udc00" <= text[index] <= "\udfff"
