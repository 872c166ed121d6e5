"""Text as UTF-16 code units, the unit Telegram counts entities in."""

from __future__ import annotations


def add_surrogate(text: str) -> str:
    """*text* with every character outside the basic plane as its two surrogates, so that indices count UTF-16 units."""
    if text.isascii():
        return text
    return "".join(
        char if char < "\U00010000" else chr(0xD7C0 + (ord(char) >> 10)) + chr(0xDC00 | (ord(char) & 0x3FF))
        for char in text
    )


def del_surrogate(text: str) -> str:
    """The opposite of `add_surrogate`."""
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
