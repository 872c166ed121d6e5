"""Writing text with entities in the form that `telethon.extensions.markdown2` reads."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from heapq import heappop, heappush
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from telethon.extensions._kinds import MENTION
from telethon.helpers import add_surrogate

if TYPE_CHECKING:
    from telethon.extensions._kinds import Fields, Span

__all__ = ["MARKERS", "escape", "write", "write_marks"]

MARKERS: Final = {"bold": "*", "italic": "_", "underline": "__", "strikethrough": "~", "spoiler": "||"}

_SPECIAL: Final = re.compile(r"[\\_*\[\]()~`>#+\-=|{}.!]")
_IN_CODE: Final = re.compile(r"[\\`]")
_IN_ADDRESS: Final = re.compile(r"[\\)]")
_LANGUAGE: Final = re.compile(r"[^\s`\\]*\Z")
#: Pairs of markers with nothing in them, which part other markers.
_PARTING: Final = (("bold", "**"), ("strikethrough", "~~"), ("spoiler", "||||"))


def escape(text: str) -> str:
    r"""Text with a backslash before whatever could be markup.

    Example:
        >>> escape("1.5 * 2")
        '1\\.5 \\* 2'
    """
    return _SPECIAL.sub(r"\\\g<0>", text)


def _generic(kind: str, fields: Fields) -> str:
    query = "".join(f"&{key}={quote(value, safe='', errors='surrogatepass')}" for key, value in fields.items())
    return f"type={kind}{query}"


def _address(span: Span) -> tuple[str, str]:
    """What stands before the text of something in brackets, and behind it."""
    kind, fields = span.name, span.fields
    if kind == "text_mention":
        return "[", f"](tg://user?id={fields['id']})"
    if kind == "text_link" and fields["url"] and not MENTION.match(fields["url"]):
        return "[", f"]({_IN_ADDRESS.sub(_backslash, add_surrogate(fields['url']))})"
    if kind == "custom_emoji":
        return "![", f"](tg://emoji?id={fields['id']})"
    if kind == "date_time":
        letters = f"&format={fields['format']}" if fields["format"] else ""
        return "![", f"](tg://time?unix={fields['unix']}{letters})"
    return "![", f"](tg://entity?{_generic(kind, fields)})"


def _backslash(match: re.Match[str]) -> str:
    return "\\" + match.group()


def write_marks(text: str, spans: list[Span]) -> str:
    """Every entity as a sign where it begins and one where it ends, which is right for all, and unreadable."""
    return _Writer(text, spans, [False] * len(spans)).write()


def write(text: str, spans: list[Span]) -> str:
    """Every entity in its own form, as far as it has one where it is."""
    return _Writer(text, spans, _have_own_form(text, spans)).write()


def _have_own_form(text: str, spans: list[Span]) -> list[bool]:
    """Of each entity, whether nothing around it keeps it from being written in its own form."""
    ends = sorted(span.end for span in spans)
    until: dict[str, int] = {}
    brackets: list[int] = []
    result: list[bool] = []
    for number, span in enumerate(spans):
        start, end, kind, _ = span
        if kind in MARKERS:
            own = until.get(kind, 0) <= start
            if own:
                until[kind] = end
        elif kind in ("code", "pre"):
            # There is no markup inside of it.
            following = number + 1 == len(spans) or spans[number + 1].start >= end
            own = following and bisect_right(ends, start) == bisect_left(ends, end)
            own = own and _LANGUAGE.match(span.fields.get("language", "")) is not None
        elif kind == "blockquote":
            own = (
                until.get(kind, 0) <= start
                and (start == 0 or text[start - 1] == "\n")
                and (end == len(text) or text[end] == "\n")
                and (number == 0 or spans[number - 1].start < start)
            )
            if own:
                until[kind] = end + 1
        else:
            while brackets and brackets[-1] <= start:
                brackets.pop()
            # They can be within each other, and not overlap otherwise.
            own = not brackets or end <= brackets[-1]
            if own:
                brackets.append(end)
        result.append(own)
    return result


class _Writer:
    """One text being written."""

    def __init__(self, text: str, spans: list[Span], own: list[bool]) -> None:
        self._text = text
        self._spans = spans
        self._own = own
        self._out: list[str] = []
        self._done = 0
        self._open: set[str] = set()
        self._ends: list[tuple[int, int]] = []
        # Of quotations in their own form: where they begin, and whether directly behind another one.
        self._quotes: dict[int, str] = {}
        last = -1
        for span, is_own in zip(spans, own, strict=True):
            if is_own and span.name == "blockquote":
                self._quotes[span.start] = "**>" if span.start == last + 1 and last > 0 else ">"
                last = span.end
        self._quote_end = -1

    def write(self) -> str:
        if 0 in self._quotes:
            self._begin_quote(0)
        for number, span in enumerate(self._spans):
            self._close_until(span.start)
            self._take(span.start)
            if self._own[number] and span.name in ("code", "pre"):
                self._code(span)
                continue
            if self._own[number]:
                self._begin(number, span)
            else:
                self._out.append(f"![](tg://entity?begin={number + 1}&{_generic(span.name, span.fields)})")
            heappush(self._ends, (span.end, -number))
        self._close_until(len(self._text))
        self._take(len(self._text))
        return "".join(self._out)

    def _begin_quote(self, start: int) -> None:
        self._out.append(self._quotes[start])

    def _begin(self, number: int, span: Span) -> None:
        if span.name == "blockquote":
            # Its sign is there already, written with the line.
            self._quote_end = span.end
            return
        marker = MARKERS.get(span.name)
        if marker is None:
            self._out.append(_address(span)[0])
        else:
            self._part(marker)
            self._open.add(span.name)
            self._out.append(marker)

    def _close_until(self, limit: int) -> None:
        while self._ends and self._ends[0][0] <= limit:
            end, order = heappop(self._ends)
            self._take(end)
            self._end(-order, self._spans[-order])

    def _end(self, number: int, span: Span) -> None:
        if not self._own[number]:
            self._out.append(f"![](tg://entity?end={number + 1})")
        elif span.name == "blockquote":
            if span.fields:
                self._out.append("||")
        elif span.name in MARKERS:
            self._part(MARKERS[span.name])
            self._open.discard(span.name)
            self._out.append(MARKERS[span.name])
        else:
            self._out.append(_address(span)[1])

    def _part(self, marker: str) -> None:
        """Keep an underscore from being read as a part of the marker that follows."""
        if marker[0] == "_" and self._out and self._out[-1] == "_":
            self._out.append(next((pair for name, pair in _PARTING if name not in self._open), ""))

    def _take(self, end: int) -> None:
        """Write the text as far as there, with the signs of quotations at the beginnings of lines."""
        text, place = self._text, self._done
        while place < end:
            line = text.find("\n", place, end)
            if line < 0:
                self._out.append(escape(text[place:end]))
                break
            self._out.append(escape(text[place : line + 1]))
            place = line + 1
            if place in self._quotes:
                self._begin_quote(place)
            elif line < self._quote_end:
                self._out.append(">")
        self._done = max(self._done, end)

    def _code(self, span: Span) -> None:
        inner = _IN_CODE.sub(_backslash, self._text[span.start : span.end])
        if span.name == "code":
            self._out.append(f"`{inner}`")
        else:
            self._out.append(f"```{add_surrogate(span.fields.get('language', ''))}\n{inner}\n```")
        self._done = span.end
