from __future__ import annotations

from typing import Any

import pytest
from formatting import HOSTILE_HTML, count_work, flatten, spans, trees
from hypothesis import given
from hypothesis import strategies as st

from telethon.extensions import html
from telethon.tl import types

SMILE = "\U0001f600"

# What Telethon 1.45 gives.
KNOWN: list[tuple[str, str, list[tuple[str, int, int]], str]] = [
    ("", "", [], ""),
    ("plain", "plain", [], "plain"),
    ("<b>a</b>", "a", [("Bold", 0, 1)], "<strong>a</strong>"),
    ("<strong>a</strong>", "a", [("Bold", 0, 1)], "<strong>a</strong>"),
    ("<B>a</B>", "a", [("Bold", 0, 1)], "<strong>a</strong>"),
    ("<i>a</i>", "a", [("Italic", 0, 1)], "<em>a</em>"),
    ("<em>a</em>", "a", [("Italic", 0, 1)], "<em>a</em>"),
    ("<u>a</u>", "a", [("Underline", 0, 1)], "<u>a</u>"),
    ("<s>a</s>", "a", [("Strike", 0, 1)], "<del>a</del>"),
    ("<del>a</del>", "a", [("Strike", 0, 1)], "<del>a</del>"),
    ("<strike>a</strike>", "a", [], "a"),
    ("<code>a</code>", "a", [("Code", 0, 1)], "<code>a</code>"),
    ("<blockquote>a</blockquote>", "a", [("Blockquote", 0, 1)], "<blockquote>a</blockquote>"),
    ('<a href="b">a</a>', "a", [("TextUrl", 0, 1)], '<a href="b">a</a>'),
    ("<a>a</a>", "a", [], "a"),
    ('<a href="mailto:a@b.c">x</a>', "a@b.c", [("Email", 0, 5)], '<a href="mailto:a@b.c">a@b.c</a>'),
    ('<a href="tg://user?id=5">x</a>', "x", [("TextUrl", 0, 1)], '<a href="tg://user?id=5">x</a>'),
    ('<tg-emoji emoji-id="55">x</tg-emoji>', "x", [("CustomEmoji", 0, 1)], '<tg-emoji emoji-id="55">x</tg-emoji>'),
    ("<tg-emoji>x</tg-emoji>", "x", [], "x"),
    ("<pre>a<code>b</code></pre>", "ab", [("Pre", 0, 2)], "<pre>ab</pre>"),
    ("a<br>b<b>c</b>", "abc", [("Bold", 2, 1)], "ab<strong>c</strong>"),
    ("<p>a</p><b>c</b>", "ac", [("Bold", 1, 1)], "a<strong>c</strong>"),
    ("&lt;b&gt;", "<b>", [], "&lt;b&gt;"),
    ("<b>a</i></b>", "a", [("Bold", 0, 1)], "<strong>a</strong>"),
    ("<b>a", "a", [], "a"),
    ("<!-- c -->a", "a", [], "a"),
    (" <b> x </b> ", "x", [("Bold", 0, 1)], "<strong>x</strong>"),
    ('<a href="x">a<b>b</b></a>', "ab", [("TextUrl", 0, 2), ("Bold", 1, 1)], '<a href="x">a<strong>b</strong></a>'),
    (f"{SMILE}<b>{SMILE}a</b>{SMILE}", f"{SMILE}{SMILE}a{SMILE}", [("Bold", 2, 3)],
     f"{SMILE}<strong>{SMILE}a</strong>{SMILE}"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "text", "entities", "again"), KNOWN)
def test_known_answers(source: str, text: str, entities: list[Any], again: str) -> None:
    parsed, found = html.parse(source)
    assert (parsed, spans(found)) == (text, entities)
    assert html.unparse(parsed, found) == again


@pytest.mark.parametrize(
    ("source", "entity"),
    [
        ("<tg-spoiler>a</tg-spoiler>", types.MessageEntitySpoiler(0, 1)),
        ("<spoiler>a</spoiler>", types.MessageEntitySpoiler(0, 1)),
        ('<span class="tg-spoiler">a</span>', types.MessageEntitySpoiler(0, 1)),
        ("<blockquote expandable>a</blockquote>", types.MessageEntityBlockquote(0, 1, collapsed=True)),
        ('<pre><code class="language-py">a</code></pre>', types.MessageEntityPre(0, 1, "py")),
        ("<pre>a</pre>", types.MessageEntityPre(0, 1, "")),
        ('<a href="https://x.y/?a=1&amp;b=&quot;">a</a>', types.MessageEntityTextUrl(0, 1, 'https://x.y/?a=1&b="')),
        ('<tg-emoji emoji-id="9223372036854775807">a</tg-emoji>', types.MessageEntityCustomEmoji(0, 1, 2**63 - 1)),
    ],
)
def test_entities_with_more_to_them(source: str, entity: Any) -> None:
    assert html.parse(source) == ("a", [entity])
    assert html.parse(html.unparse("a", [entity])) == ("a", [entity])


@pytest.mark.parametrize("source", ['<span class="other">a</span>', '<code class="language-py"></code>a',
                                    f'<tg-emoji emoji-id="{"1" * 5000}">a</tg-emoji>',
                                    '<tg-emoji emoji-id="x">a</tg-emoji>'])  # fmt: skip
def test_tags_that_format_nothing(source: str) -> None:
    assert html.parse(source) == ("a", [])


def test_characters_written_as_numbers_count_as_what_they_are() -> None:
    assert html.parse("&#128512;<b>a</b>") == (f"{SMILE}a", [types.MessageEntityBold(2, 1)])


@pytest.mark.parametrize(("source", "text"), [
    ("a &", "a &"), ("a <", "a <"), ("AT&T", "AT&T"), ("1 < 2 & 3", "1 < 2 & 3"), ("a <b", "a <b"),
    ('<b>a</b> <a href="', 'a <a href="'), ("a <!-- b", "a <!-- b"), ("a &amp;", "a &"), ("a &am", "a &am"),
    ("<![CDATA[a", "<![CDATA[a"), ("<![ x > a", "a"),
])  # fmt: skip
def test_what_does_not_end_is_text(source: str, text: str) -> None:
    assert html.parse(source)[0] == text


def test_unparse() -> None:
    assert html.unparse("a<b", []) == html.unparse("a<b", None) == "a&lt;b"
    assert html.unparse("", [types.MessageEntityBold(0, 1)]) == ""
    assert html.unparse("abc", [types.MessageEntityBold(1, 99)]) == "a<strong>bc</strong>"
    assert html.unparse(SMILE + "a", [types.MessageEntityBold(1, 2)]) == f"{SMILE}<strong>a</strong>"
    assert html.unparse("@a", [types.MessageEntityMention(0, 2)]) == "@a"
    assert html.unparse("a", types.MessageEntityBold(0, 1)) == "<strong>a</strong>"
    assert html.unparse("a", [types.MessageEntityMentionName(0, 1, 5)]) == '<a href="tg://user?id=5">a</a>'
    assert html.unparse("x.y/?a&b", [types.MessageEntityUrl(0, 8)]) == '<a href="x.y/?a&amp;b">x.y/?a&amp;b</a>'
    crossing = [types.MessageEntityBold(0, 4), types.MessageEntityItalic(2, 4)]
    assert html.unparse("abcdef", crossing) == "<strong>ab<em>cd</strong>ef</em>"


def test_nothing_can_be_smuggled_into_tags() -> None:
    quoted = '"><b>x'
    assert "<b>" not in html.unparse("abc", [types.MessageEntityTextUrl(0, 3, quoted)])
    assert "<b>" not in html.unparse("abc", [types.MessageEntityPre(0, 3, quoted)])
    assert "<b>" not in html.unparse(quoted, [types.MessageEntityEmail(0, len(quoted))])


def test_the_parser_may_be_fed_by_itself() -> None:
    parser = html.HTMLToTelegramParser()
    parser.feed("<b>a")
    parser.feed("b</b>")
    assert (parser.text, spans(parser.entities)) == ("ab", [("Bold", 0, 2)])


def _kind(cls: Any, *args: Any) -> st.SearchStrategy[Any]:
    return st.just(lambda offset, length: cls(offset, length, *args))


_text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), min_size=1, max_size=6)
_trees = trees(
    _text,
    {
        "bold": _kind(types.MessageEntityBold),
        "italic": _kind(types.MessageEntityItalic),
        "underline": _kind(types.MessageEntityUnderline),
        "strike": _kind(types.MessageEntityStrike),
        "spoiler": _kind(types.MessageEntitySpoiler),
        "quote": st.sampled_from([None, True]).map(
            lambda collapsed: lambda offset, length: types.MessageEntityBlockquote(offset, length, collapsed)
        ),
        "emoji": st.integers(0, 2**63 - 1).map(
            lambda number: lambda offset, length: types.MessageEntityCustomEmoji(offset, length, number)
        ),
        "url": _text.map(lambda url: lambda offset, length: types.MessageEntityTextUrl(offset, length, url)).filter(
            lambda make: not make(0, 0).url.startswith("mailto:")
        ),
    },
    {
        "code": _kind(types.MessageEntityCode),
        "pre": st.sampled_from(["", "py", 'a"<b']).map(
            lambda language: lambda offset, length: types.MessageEntityPre(offset, length, language)
        ),
    },
)


@given(_trees)
def test_what_was_written_is_read_again(parts: list[Any]) -> None:
    # White space at the ends of a message does not last.
    text, entities = flatten(["x", *parts, "x"])
    assert html.parse(html.unparse(text, entities)) == (text, entities)


_hostile = st.lists(
    st.sampled_from([*"<>/!-[]?&#x;='\" \nab", "--", "<a href=", "</a>", "<b>", "</b>", "<!--", "-->", "<![", "CDATA[",
                     "<!DOCTYPE", "<script", "</script>", SMILE, "\0", "mailto:", "<tg-emoji emoji-id=", "1", "&amp;",
                     "&#x", "\ud83d", '<pre><code class="language-']),
    max_size=30,
).map("".join)  # fmt: skip


@given(_hostile)
def test_any_text_is_read(source: str) -> None:
    text, entities = html.parse(source)
    size = len(text.encode("utf-16-le", "surrogatepass")) // 2
    for entity in entities:
        assert entity.offset >= 0
        assert entity.length > 0
        assert entity.offset + entity.length <= size
    html.unparse(text, entities)


@pytest.mark.parametrize("shape", HOSTILE_HTML)
def test_P13_twice_the_text_is_twice_the_work(shape: str) -> None:
    # Python compiles a pattern at the first tag of some kinds.
    html.parse(shape)
    assert count_work(html.parse, shape * 400) <= 2.5 * count_work(html.parse, shape * 200)


@pytest.mark.parametrize("spans_of", [lambda n: [(3 * i, 2) for i in range(n)], lambda n: [(0, 5)] * n,
                                      lambda n: [(i, 2 * n - 2 * i) for i in range(n)]])  # fmt: skip
def test_P13_twice_the_entities_are_twice_the_work_of_unparse(spans_of: Any) -> None:
    def work(n: int) -> int:
        return count_work(html.unparse, "abc" * n, [types.MessageEntityBold(*span) for span in spans_of(n)])

    assert work(400) <= 2.5 * work(200)


@pytest.mark.parametrize("shape", HOSTILE_HTML)
def test_P13_a_long_hostile_text_comes_to_an_end(shape: str) -> None:
    # Looking for the end of a tag from each place of the rest would take minutes.
    text, entities = html.parse(shape * (100_000 // len(shape)))
    html.unparse(text, entities)
