from __future__ import annotations

import re
from typing import Any

import pytest
from formatting import HOSTILE_MARKDOWN, count_work, flatten, spans, trees
from hypothesis import given
from hypothesis import strategies as st

from telethon.extensions import markdown
from telethon.tl import types

SMILE = "\U0001f600"

# What Telethon 1.45 gives.
KNOWN: list[tuple[str, str, list[tuple[str, int, int]], str]] = [
    ("", "", [], ""),
    ("plain", "plain", [], "plain"),
    ("**a**", "a", [("Bold", 0, 1)], "**a**"),
    ("__a__", "a", [("Italic", 0, 1)], "__a__"),
    ("~~a~~", "a", [("Strike", 0, 1)], "~~a~~"),
    ("`a`", "a", [("Code", 0, 1)], "`a`"),
    ("```a```", "a", [("Pre", 0, 1)], "```a```"),
    ("```py\na```", "py\na", [("Pre", 0, 4)], "```py\na```"),
    ("[a](b)", "a", [("TextUrl", 0, 1)], "[a](b)"),
    ("[a](tg://user?id=5)", "a", [("TextUrl", 0, 1)], "[a](tg://user?id=5)"),
    ("**a", "**a", [], "**a"),
    ("****", "****", [], "****"),
    ("**a**b**c**", "abc", [("Bold", 0, 1), ("Bold", 2, 1)], "**a**b**c**"),
    ("**a\nb**", "a\nb", [("Bold", 0, 3)], "**a\nb**"),
    ("**`a`**", "a", [("Bold", 0, 1), ("Code", 0, 1)], "**`a`**"),
    ("`**a**`", "**a**", [("Code", 0, 5)], "`**a**`"),
    ("__**a**__", "a", [("Italic", 0, 1), ("Bold", 0, 1)], "__**a**__"),
    ("**[a](b)**", "a", [("Bold", 0, 1), ("TextUrl", 0, 1)], "**[a](b)**"),
    ("[a] (b)", "[a] (b)", [], "[a] (b)"),
    ("[a](b))", "a)", [("TextUrl", 0, 1)], "[a](b))"),
    ("||a||", "||a||", [], "||a||"),
    ("<b>a</b>", "<b>a</b>", [], "<b>a</b>"),
    (" **a** ", "a", [("Bold", 0, 1)], "**a**"),
    (f"{SMILE}**{SMILE}a**{SMILE}", f"{SMILE}{SMILE}a{SMILE}", [("Bold", 2, 3)], f"{SMILE}**{SMILE}a**{SMILE}"),
    ("a_b_c *d*", "a_b_c *d*", [], "a_b_c *d*"),
    ("https://x.y/__init__.py", "https://x.y/init.py", [("Italic", 12, 4)], "https://x.y/__init__.py"),
]


@pytest.mark.parametrize(("source", "text", "entities", "again"), KNOWN)
def test_known_answers(source: str, text: str, entities: list[Any], again: str) -> None:
    parsed, found = markdown.parse(source)
    assert (parsed, spans(found)) == (text, entities)
    assert markdown.unparse(parsed, found) == again


def test_addresses() -> None:
    _, (link,) = markdown.parse(f"[a](https://x.y/?q=1&{SMILE})")
    assert link == types.MessageEntityTextUrl(0, 1, f"https://x.y/?q=1&{SMILE}")
    assert markdown.unparse("name", [types.MessageEntityMentionName(0, 4, 5)]) == "[name](tg://user?id=5)"


def test_blocks_have_an_empty_language() -> None:
    assert markdown.parse("```a```")[1] == [types.MessageEntityPre(0, 1, "")]


def test_what_cannot_be_written_is_left_out() -> None:
    entities = [types.MessageEntityMention(0, 2), types.MessageEntityUnderline(0, 2), types.MessageEntityBold(1, 1)]
    assert markdown.unparse("@a", entities) == "@**a**"
    assert markdown.unparse("", [types.MessageEntityBold(0, 1)]) == ""
    assert markdown.unparse("a", []) == markdown.unparse("a", None) == "a"
    assert markdown.unparse("a", types.MessageEntityBold(0, 1)) == "**a**"


def test_entities_that_reach_too_far_or_into_a_character() -> None:
    assert markdown.unparse("abc", [types.MessageEntityBold(1, 99)]) == "a**bc**"
    assert markdown.unparse(SMILE + "a", [types.MessageEntityBold(1, 2)]) == f"{SMILE}**a**"


def test_other_delimiters() -> None:
    assert spans(markdown.parse("+a+ **b**", {"+": types.MessageEntityBold})[1]) == [("Bold", 0, 1)]
    assert markdown.parse("**a**", {}) == ("**a**", [])
    assert markdown.unparse("ab", [types.MessageEntityBold(0, 1)], {"+": types.MessageEntityBold}) == "+a+b"
    assert markdown.unparse("ab", [types.MessageEntityBold(0, 1)], {}) == "ab"
    # Functions that make entities will do, and longer markers come first.
    made = {"|": types.MessageEntityItalic, "||": lambda offset, length: types.MessageEntitySpoiler(offset, length)}
    assert spans(markdown.parse("||a|| |b|", made)[1]) == [("Spoiler", 0, 1), ("Italic", 2, 1)]


def test_the_default_delimiters_may_be_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(markdown.DEFAULT_DELIMITERS, "||", types.MessageEntitySpoiler)
    text, entities = markdown.parse("a ||b||")
    assert (text, spans(entities)) == ("a b", [("Spoiler", 2, 1)])
    assert markdown.unparse(text, entities) == "a ||b||"


@pytest.mark.parametrize("pattern", [r"<([^|]*)\|([^>]*)>", re.compile(r"<([^|]*)\|([^>]*)>")])
def test_other_forms_of_links(pattern: Any) -> None:
    text, entities = markdown.parse("x <a|b> [c](d) **e**", url_re=pattern)
    assert (text, spans(entities)) == ("x a [c](d) e", [("TextUrl", 2, 1), ("Bold", 11, 1)])
    assert markdown.unparse("abc", [types.MessageEntityTextUrl(0, 1, "u")], url_fmt="<{0}|{1}>") == "<a|u>bc"


def test_the_pattern_of_links_is_what_is_used() -> None:
    source = "x [a](b) [**c**](d e) [f]( [g](h"
    assert markdown.parse(source, url_re=markdown.DEFAULT_URL_RE.pattern) == markdown.parse(source)


def _kind(cls: Any) -> st.SearchStrategy[Any]:
    return st.just(lambda offset, length: cls(offset, length))


_text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="*_~`[]()"), min_size=1, max_size=5)
_trees = trees(
    _text,
    {"bold": _kind(types.MessageEntityBold), "italic": _kind(types.MessageEntityItalic),
     "strike": _kind(types.MessageEntityStrike)},
    {
        "code": _kind(types.MessageEntityCode),
        "pre": st.just(lambda offset, length: types.MessageEntityPre(offset, length, "")),
        "url": st.text("ab:/?.\U0001f600", min_size=1, max_size=5).map(
            lambda url: lambda offset, length: types.MessageEntityTextUrl(offset, length, url)
        ),
    },
)  # fmt: skip


@given(_trees)
def test_what_was_written_is_read_again(parts: list[Any]) -> None:
    # White space at the ends of a message does not last.
    text, entities = flatten(["x", *parts, "x"])
    source = markdown.unparse(text, entities)
    assert markdown.parse(source) == (text, entities)


@given(st.text(st.sampled_from([*"*_~`[]() \nab", SMILE]), max_size=60))
def test_any_text_is_read_and_nothing_but_markers_is_lost(source: str) -> None:
    def letters(value: str) -> str:
        return re.sub(r"[^ab\U0001f600]", "", value)

    text, entities = markdown.parse(source)
    if "](" in source:
        # The addresses of links are not shown.
        assert len(letters(text)) <= len(letters(source))
    else:
        assert letters(text) == letters(source)
    size = len(text.encode("utf-16-le")) // 2
    for entity in entities:
        assert entity.offset >= 0
        assert entity.offset + entity.length <= size
    markdown.unparse(text, entities)


@pytest.mark.parametrize("shape", HOSTILE_MARKDOWN)
def test_P13_twice_the_text_is_twice_the_work(shape: str) -> None:
    assert count_work(markdown.parse, shape * 400) <= 2.5 * count_work(markdown.parse, shape * 200)


@pytest.mark.parametrize("spans_of", [lambda n: [(3 * i, 2) for i in range(n)], lambda n: [(0, 5)] * n,
                                      lambda n: [(i, 2 * n - 2 * i) for i in range(n)]])  # fmt: skip
def test_P13_twice_the_entities_are_twice_the_work_of_unparse(spans_of: Any) -> None:
    def work(n: int) -> int:
        return count_work(markdown.unparse, "abc" * n, [types.MessageEntityBold(*span) for span in spans_of(n)])

    assert work(400) <= 2.5 * work(200)


@pytest.mark.parametrize("shape", HOSTILE_MARKDOWN)
def test_P13_a_long_hostile_text_comes_to_an_end(shape: str) -> None:
    # With a search through the rest of the text at each marker these would take minutes.
    text, entities = markdown.parse(shape * (60_000 // len(shape)))
    markdown.unparse(text, entities)
