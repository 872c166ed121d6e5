"""HTML that loses nothing: every kind of entity has a tag, and what `unparse` writes gives the same again.

Choose it with ``parse_mode="html2"``. What the Bot API knows is written and read as there:

    <b> <strong>               bold                <a href="...">             link
    <i> <em>                   italic              <a href="tg://user?id=5">  mention of a user by id
    <u> <ins>                  underline           <code>                     code
    <s> <strike> <del>         strike              <pre>                      block of code
    <tg-spoiler>               hidden              <pre><code class="language-x">   the same with its language
    <blockquote [expandable]>  quotation           <tg-emoji emoji-id="7">    custom emoji
                                                   <tg-time unix="1647531900" format="wDT">  date

What the Bot API has no tag for:

    <tg-mention> <tg-hashtag> <tg-cashtag> <tg-bot-command> <tg-url> <tg-email> <tg-phone-number> <tg-bank-card>
    <tg-unknown> <tg-diff-insert> <tg-diff-delete> <tg-diff-replace old="...">
    <tg-link href="...">       link with an address that would be something else in <a>

Tags may overlap. One that is opened within another of its kind can have a number, to be told from it when it is
closed: ``<b>a<b-2>b</b>c</b-2>``. Other tags are left out and what is in them stays; a tag that is never closed formats
nothing. White space at the ends of the text stays.

Source: https://core.telegram.org/bots/api#html-style
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from html import escape, unescape
from typing import TYPE_CHECKING, Any, Final

from telethon.extensions._kinds import DETECTED, MENTION, Fields, date_fields, make_entity, spans_of
from telethon.extensions.html import HTMLToTelegramParser
from telethon.helpers import add_surrogate, del_surrogate

if TYPE_CHECKING:
    from telethon.extensions.html import Attributes
    from telethon.tl import types

__all__ = ["Html2", "parse", "unparse"]

_LANGUAGE: Final = "language-"
#: The tags that need no attributes. The last one of a kind is the one that is written.
_KINDS: Final = {
    "strong": "bold",
    "b": "bold",
    "em": "italic",
    "i": "italic",
    "ins": "underline",
    "u": "underline",
    "strike": "strikethrough",
    "del": "strikethrough",
    "s": "strikethrough",
    "spoiler": "spoiler",
    "tg-spoiler": "spoiler",
    "code": "code",
    "tg-diff-insert": "diff_insert",
    "tg-diff-delete": "diff_delete",
    **{f"tg-{name.replace('_', '-')}": name for name in sorted(DETECTED)},
}
_TAGS: Final = {
    **{name: tag for tag, name in _KINDS.items()},
    "pre": "pre",
    "text_link": "a",
    "text_mention": "a",
    "custom_emoji": "tg-emoji",
    "date_time": "tg-time",
    "blockquote": "blockquote",
    "diff_replace": "tg-diff-replace",
}


class _Parser(HTMLToTelegramParser):
    """Collects text, and entities in the order in which their tags were opened."""

    def __init__(self) -> None:
        super().__init__()
        # Of each tag that is open, by its full name: the numbers of its entities, the innermost last; -1 for none.
        self._stacks: dict[str, list[int]] = {}
        self._found: list[tuple[int, str, Fields] | Any] = []
        # Blocks of code that are open, in order.
        self._pre: dict[int, None] = {}

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        given = {name: del_surrogate(value or "") for name, value in attrs}
        base, numbered = _base(tag)
        kind: tuple[str, Fields] | None
        if base == "code" and not numbered and self._pre:
            # Inside of a block of code it only names the language.
            kind = None
            language = given.get("class", "")
            if language.startswith(_LANGUAGE):
                self._found[next(reversed(self._pre))][2]["language"] = language[len(_LANGUAGE) :]
        else:
            kind = _kind(base, given)
        number = -1
        if kind is not None:
            number = len(self._found)
            self._found.append((self._length, *kind))
            if base == "pre":
                self._pre[number] = None
        self._stacks.setdefault(tag, []).append(number)

    def handle_endtag(self, tag: str) -> None:
        stack = self._stacks.get(tag)
        number = stack.pop() if stack else -1
        if number < 0:
            return
        offset, name, fields = self._found[number]
        if name == "pre":
            del self._pre[number]
        length = self._length - offset
        self._found[number] = make_entity(name, fields, offset, length) if length else None

    def result(self) -> list[Any]:
        """The entities whose tags were closed."""
        return [one for one in self._found if one is not None and not isinstance(one, tuple)]


def _base(tag: str) -> tuple[str, bool]:
    """A tag without its number, and whether it had one."""
    name, _, number = tag.rpartition("-")
    return (name, True) if name and number.isdecimal() else (tag, False)


def _kind(tag: str, given: Fields) -> tuple[str, Fields] | None:
    """What a tag with attributes stands for; `None` for nothing."""
    plain = _KINDS.get(tag)
    if plain is not None:
        return plain, {}
    if tag in ("a", "tg-link"):
        href = given.get("href")
        if href is None or (tag == "a" and not href):
            return None
        match = MENTION.match(href) if tag == "a" else None
        return ("text_mention", {"id": match[1]}) if match else ("text_link", {"url": href})
    if tag == "pre":
        return "pre", {"language": given["language"]} if given.get("language") else {}
    if tag == "blockquote":
        return "blockquote", {"expandable": "1"} if "expandable" in given else {}
    if tag == "tg-emoji":
        return "custom_emoji", {"id": given.get("emoji-id", "")}
    if tag == "tg-time":
        return "date_time", date_fields(given.get("unix"), given.get("format"))
    if tag == "tg-diff-replace":
        return "diff_replace", {"old": given.get("old", "")}
    if tag == "span" and given.get("class") == "tg-spoiler":
        return "spoiler", {}
    return None


def parse(html: str) -> tuple[str, list[types.TypeMessageEntity]]:
    """The plain text of a message, and what is formatted in it.

    Args:
        html: text with tags.

    Returns:
        The text without tags, and the entities in the order of their beginning. Offsets and lengths count UTF-16 code
        units, as Telegram does.

    Example:
        >>> parse("a <b>b</b>")
        ('a b', [MessageEntityBold(offset=2, length=1)])
    """
    if not html:
        return html, []
    parser = _Parser()
    parser.feed(add_surrogate(html))
    if parser.rawdata:
        # What does not end is text, as in `telethon.extensions.html`.
        parser.handle_data(unescape(parser.rawdata))
    return del_surrogate(parser.text), parser.result()


def unparse(
    text: str,
    entities: Iterable[types.TypeMessageEntity] | types.TypeMessageEntity | None,
    *,
    detected: bool = True,
) -> str:
    """The text with tags that stands for plain text and entities: ``parse(unparse(*x)) == x``.

    That holds for entities in the order of their beginning, whatever their kinds and however they overlap. A mention
    with an input user, which only exists on the way to the servers, becomes an ordinary one.

    Args:
        text: plain text.
        entities: what is formatted in it; one entity will do.
        detected: whether to write the kinds, too, that servers find in a text by themselves: addresses, hashtags,
            names and so on.

    Example:
        >>> unparse("a & b", [types.MessageEntityBold(4, 1)])
        'a &amp; <b>b</b>'
    """
    if not text:
        return text
    plain, spans = spans_of(text, entities, detected)
    if not spans:
        return _escape(text)
    pieces: list[str] = []
    done = 0
    ends: list[tuple[int, int, str]] = []
    open_tags = _OpenTags()

    def close_until(limit: int) -> None:
        nonlocal done
        while ends and ends[0][0] <= limit:
            end, _, tag = heapq.heappop(ends)
            pieces.append(_escape(plain[done:end]))
            done = end
            pieces.append(open_tags.close(tag))

    for order, span in enumerate(spans):
        close_until(span.start)
        pieces.append(_escape(plain[done : span.start]))
        done = span.start
        tag, opening = open_tags.open(span.name, span.fields)
        pieces.append(add_surrogate(opening))
        # At one place, what began last ends first.
        heapq.heappush(ends, (span.end, -order, tag))
    close_until(len(plain))
    pieces.append(_escape(plain[done:]))
    return del_surrogate("".join(pieces))


class _OpenTags:
    """Gives tags names that are not open yet."""

    def __init__(self) -> None:
        self._free: dict[str, list[int]] = {}
        self._highest: dict[str, int] = {}
        self._pre = 0

    def open(self, kind: str, fields: Fields) -> tuple[str, str]:
        """The name of a new tag, with `pre` the names of both, and how it is written."""
        base = _TAGS[kind]
        if kind == "text_link" and (not fields["url"] or MENTION.match(fields["url"])):
            base = "tg-link"
        tag = self._name(base, 2 if kind == "code" and self._pre else 1)
        if kind == "pre":
            self._pre += 1
            language = escape(fields.get("language", ""))
            if not language:
                return tag, f"<{tag}>"
            if tag != "pre" or self._is_open("code"):
                return tag, f'<{tag} language="{language}">'
            return "pre code", f'<pre><code class="{_LANGUAGE}{language}">'
        return tag, f"<{tag}{_attributes(kind, fields)}>"

    def _is_open(self, base: str) -> bool:
        return self._highest.get(base, 0) > len(self._free.get(base, ()))

    def _name(self, base: str, least: int) -> str:
        free = self._free.setdefault(base, [])
        highest = self._highest.setdefault(base, 0)
        number = heapq.heappop(free) if free and free[0] >= least else 0
        if not number:
            for number in range(highest + 1, max(highest + 1, least) + 1):
                if number < least:
                    heapq.heappush(free, number)
            self._highest[base] = number
        return base if number == 1 else f"{base}-{number}"

    def close(self, tag: str) -> str:
        """How a tag that was opened is closed."""
        if tag == "pre code":
            heapq.heappush(self._free["pre"], 1)
            self._pre -= 1
            return "</code></pre>"
        base, numbered = _base(tag)
        heapq.heappush(self._free[base], int(tag.rpartition("-")[2]) if numbered else 1)
        self._pre -= base == "pre"
        return f"</{tag}>"


def _attributes(kind: str, fields: Fields) -> str:
    """The attributes of a tag, with a space in front of each."""
    if kind == "text_link":
        return f' href="{_escape(fields["url"])}"'
    if kind == "text_mention":
        return f' href="tg://user?id={fields["id"]}"'
    if kind == "custom_emoji":
        return f' emoji-id="{fields["id"]}"'
    if kind == "date_time":
        letters = fields["format"]
        return f' unix="{fields["unix"]}"' + (f' format="{letters}"' if letters else "")
    if kind == "blockquote":
        return " expandable" if fields else ""
    if kind == "diff_replace":
        return f' old="{_escape(fields["old"])}"'
    return ""


def _escape(text: str) -> str:
    return escape(text).replace("\r", "&#13;")


class Html2:
    """`parse` and `unparse` as an object, for a client's `parse_mode`.

    Args:
        detected: whether `unparse` writes the kinds, too, that servers find by themselves.

    Example:
        >>> client.parse_mode = Html2(detected=False)
    """

    def __init__(self, *, detected: bool = True) -> None:
        self._detected = detected

    def parse(self, text: str) -> tuple[str, list[types.TypeMessageEntity]]:
        """As the function `parse`."""
        return parse(text)

    def unparse(self, text: str, entities: Iterable[types.TypeMessageEntity] | None) -> str:
        """As the function `unparse`."""
        return unparse(text, entities, detected=self._detected)
