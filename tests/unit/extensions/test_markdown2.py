from __future__ import annotations

import random
from datetime import datetime, timezone
from typing import Any

import pytest
from formatting import HOSTILE_MARKDOWN, count_work, spans
from hypothesis import given
from hypothesis import strategies as st
from random_entities import random_message
from slow import SLOW

from telethon import utils
from telethon.extensions import markdown2
from telethon.tl import types

CASES = 100_000 if SLOW else 3_000
SMILE = "\U0001f600"
MOMENT = datetime(2022, 3, 17, 15, 45, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("entity", "source"),
    [
        (types.MessageEntityBold(0, 1), "*a*"),
        (types.MessageEntityItalic(0, 1), "_a_"),
        (types.MessageEntityUnderline(0, 1), "__a__"),
        (types.MessageEntityStrike(0, 1), "~a~"),
        (types.MessageEntitySpoiler(0, 1), "||a||"),
        (types.MessageEntityCode(0, 1), "`a`"),
        (types.MessageEntityPre(0, 1, ""), "```\na\n```"),
        (types.MessageEntityPre(0, 1, "c++"), "```c++\na\n```"),
        (types.MessageEntityPre(0, 1, "a b"), "![](tg://entity?begin=1&type=pre&language=a%20b)a![](tg://entity?end=1)"),
        (types.MessageEntityBlockquote(0, 1), ">a"),
        (types.MessageEntityBlockquote(0, 1, True), ">a||"),
        (types.MessageEntityTextUrl(0, 1, "http://x/(y)"), r"[a](http://x/(y\))"),
        (types.MessageEntityTextUrl(0, 1, "tg://user?id=5"),
         "![a](tg://entity?type=text_link&url=tg%3A%2F%2Fuser%3Fid%3D5)"),
        (types.MessageEntityMentionName(0, 1, 5), "[a](tg://user?id=5)"),
        (types.MessageEntityCustomEmoji(0, 1, 7), "![a](tg://emoji?id=7)"),
        (types.MessageEntityFormattedDate(0, 1, MOMENT, day_of_week=True, long_date=True, long_time=True),
         "![a](tg://time?unix=1647531900&format=wDT)"),
        (types.MessageEntityFormattedDate(0, 1, MOMENT), "![a](tg://time?unix=1647531900)"),
        (types.MessageEntityMention(0, 1), "![a](tg://entity?type=mention)"),
        (types.MessageEntityHashtag(0, 1), "![a](tg://entity?type=hashtag)"),
        (types.MessageEntityCashtag(0, 1), "![a](tg://entity?type=cashtag)"),
        (types.MessageEntityBotCommand(0, 1), "![a](tg://entity?type=bot_command)"),
        (types.MessageEntityUrl(0, 1), "![a](tg://entity?type=url)"),
        (types.MessageEntityEmail(0, 1), "![a](tg://entity?type=email)"),
        (types.MessageEntityPhone(0, 1), "![a](tg://entity?type=phone_number)"),
        (types.MessageEntityBankCard(0, 1), "![a](tg://entity?type=bank_card)"),
        (types.MessageEntityUnknown(0, 1), "![a](tg://entity?type=unknown)"),
        (types.MessageEntityDiffInsert(0, 1), "![a](tg://entity?type=diff_insert)"),
        (types.MessageEntityDiffDelete(0, 1), "![a](tg://entity?type=diff_delete)"),
        (types.MessageEntityDiffReplace(0, 1, "(b)"), "![a](tg://entity?type=diff_replace&old=%28b%29)"),
    ],
)  # fmt: skip
def test_every_kind_has_a_form(entity: Any, source: str) -> None:
    assert markdown2.unparse("a", [entity]) == source
    assert markdown2.parse(source) == ("a", [entity])


# What https://core.telegram.org/bots/api#markdownv2-style says, and what is said to be an error there.
KNOWN: list[tuple[str, str, list[tuple[str, int, int]]]] = [
    (r"*bold \*text*", "bold *text", [("Bold", 0, 10)]),
    (r"_italic \*text_", "italic *text", [("Italic", 0, 12)]),
    ("___iu_**__", "iu", [("Underline", 0, 2), ("Italic", 0, 2)]),
    ("*b _i ~s ||p||~ __u___ b*", "b i s p u b", [("Bold", 0, 11), ("Italic", 2, 7), ("Strike", 4, 3),
                                                  ("Spoiler", 6, 1), ("Underline", 8, 1)]),
    ("```\na b\n```", "a b", [("Pre", 0, 3)]),
    ("```python\nx = 1\n\n```", "x = 1\n", [("Pre", 0, 6)]),
    ("```a```", "a", [("Pre", 0, 1)]),
    (r"`a\`b\\c`", "a`b\\c", [("Code", 0, 5)]),
    ("`*a*`", "*a*", [("Code", 0, 3)]),
    (">a\n>b\nc", "a\nb\nc", [("Blockquote", 0, 3)]),
    (">a\n**>b\n>c||\nd", "a\nb\nc\nd", [("Blockquote", 0, 1), ("Blockquote", 2, 3)]),
    ("a >b", "a >b", []),
    (r"\>a", ">a", []),
    (">||a||", "a", [("Blockquote", 0, 1), ("Spoiler", 0, 1)]),
    ("[a *b*](c)", "a b", [("TextUrl", 0, 3), ("Bold", 2, 1)]),
    (r"[a](b\)c)", "a", [("TextUrl", 0, 1)]),
    ("1.5 - 2! (x) #y", "1.5 - 2! (x) #y", []),
    ("2 * 3", "2 * 3", []),
    ("a ||b", "a ||b", []),
    ("[a] (b)", "[a] (b)", []),
    ("[a](b", "[a](b", []),
    ("[[a](b)", "[a", [("TextUrl", 1, 1)]),
    ("![a](b)", "!a", [("TextUrl", 1, 1)]),
    ("[a]()", "a", []),
    ("```a", "```a", []),
    ("*a", "*a", []),
    ("", "", []),
    (" *a* ", " a ", [("Bold", 1, 1)]),
    ("![a](tg://emoji?id=x)", "a", []),
    ("![a](tg://entity?type=nothing)", "a", []),
    ("![](tg://entity?begin=1&type=bold)a", "a", []),
    ("a![](tg://entity?end=1)", "a", []),
    (f"{SMILE}*{SMILE}*", SMILE * 2, [("Bold", 2, 2)]),
    (r"C:\\dir \x", "C:\\dir x", []),
]  # fmt: skip


@pytest.mark.parametrize(("source", "text", "entities"), KNOWN)
def test_known_answers(source: str, text: str, entities: list[Any]) -> None:
    parsed, found = markdown2.parse(source)
    assert (parsed, spans(found)) == (text, entities)
    assert markdown2.parse(markdown2.unparse(parsed, found)) == (parsed, found)


def test_quotations_keep_their_form_among_other_markup() -> None:
    entities = [
        types.MessageEntityBold(0, 5),
        types.MessageEntityBlockquote(4, 7, True),
        types.MessageEntityItalic(4, 3),
        types.MessageEntityBlockquote(12, 1),
    ]
    source = markdown2.unparse("one\ntwo\nend\nx\ny", entities)
    assert source == "*one\n>_t*wo_\n>end||\n**>x\ny"
    assert markdown2.parse(source) == ("one\ntwo\nend\nx\ny", entities)


def test_quotations_in_the_middle_of_a_line() -> None:
    entities = [types.MessageEntityBlockquote(1, 1)]
    source = markdown2.unparse("abc", entities)
    assert source == "a![](tg://entity?begin=1&type=blockquote)b![](tg://entity?end=1)c"
    assert markdown2.parse(source) == ("abc", entities)


def test_underscores_are_parted() -> None:
    entities = [types.MessageEntityItalic(0, 1), types.MessageEntityUnderline(1, 1)]
    assert markdown2.unparse("ab", entities) == "_a_**__b__"
    assert markdown2.unparse("ab", [types.MessageEntityBold(0, 2), *entities]) == "*_a_~~__b__*"


def test_what_servers_find_by_themselves_may_be_left_out() -> None:
    mode = utils.sanitize_parse_mode(markdown2.Markdown2(detected=False))
    assert mode is not None
    assert mode.unparse("@a b", [types.MessageEntityMention(0, 2), types.MessageEntityBold(3, 1)]) == "@a *b*"
    assert mode.parse("*b*") == ("b", [types.MessageEntityBold(0, 1)])


@pytest.mark.parametrize("name", ["md2", "markdown2", "MarkdownV2"])
def test_it_is_a_parse_mode(name: str) -> None:
    assert utils.sanitize_parse_mode(name) is markdown2


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_escaped_text_is_plain(text: str) -> None:
    assert markdown2.parse(markdown2.escape(text)) == (text, [])
    assert markdown2.unparse(text, None) == markdown2.escape(text)


_markup = st.sampled_from(
    [*"*_~`[]()|>!\\ \nab", SMILE, "](tg://entity?end=1)", "![](tg://entity?begin=1&type=url)", "```", "**>", "||"]
)


@given(st.lists(_markup, max_size=40).map("".join))
def test_any_text_is_read(source: str) -> None:
    text, entities = markdown2.parse(source)
    size = len(text.encode("utf-16-le")) // 2
    assert all(one.length > 0 and 0 <= one.offset <= size - one.length for one in entities)
    assert markdown2.parse(markdown2.unparse(text, entities)) == (text, entities)


def test_what_was_written_is_read_again() -> None:
    rand = random.Random(20240602)
    for _ in range(CASES):
        message = random_message(rand)
        source = markdown2.unparse(*message)
        assert markdown2.parse(source) == message, source


SHAPES = [*HOSTILE_MARKDOWN, "||", "![](tg://entity?begin=1&type=bold)", ">", "**>", "\n>", "```py\n", "\\", "[![",
          "](a)", "_*~", "_**__", "[](", "![a](tg://time?unix=", "&a="]  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_P13_twice_the_text_is_twice_the_work(shape: str) -> None:
    assert count_work(markdown2.parse, shape * 400) <= 2.5 * count_work(markdown2.parse, shape * 200)


@pytest.mark.parametrize("kind", [types.MessageEntityBold, types.MessageEntityCode, types.MessageEntityBlockquote,
                                  types.MessageEntityUrl])  # fmt: skip
@pytest.mark.parametrize("spans_of", [lambda n: [(3 * i, 2) for i in range(n)], lambda n: [(0, 5)] * n,
                                      lambda n: [(i, 2 * n - 2 * i) for i in range(n)]])  # fmt: skip
def test_P13_twice_the_entities_are_twice_the_work_of_unparse(spans_of: Any, kind: Any) -> None:
    def work(n: int) -> int:
        return count_work(markdown2.unparse, "abc" * n, [kind(*span) for span in spans_of(n)])

    assert work(400) <= 2.5 * work(200)


@pytest.mark.parametrize("shape", SHAPES)
def test_P13_a_long_hostile_text_comes_to_an_end(shape: str) -> None:
    text, entities = markdown2.parse(shape * (100_000 // len(shape)))
    markdown2.unparse(text, entities)
