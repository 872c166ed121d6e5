from __future__ import annotations

import random
from datetime import datetime, timezone
from typing import Any

import pytest
from formatting import HOSTILE_HTML, count_work
from random_entities import KINDS, random_entity, random_message
from slow import SLOW

from telethon import utils
from telethon.extensions import html, html2
from telethon.tl import types

CASES = 100_000 if SLOW else 3_000
MOMENT = datetime(2022, 3, 17, 15, 45, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("entity", "source"),
    [
        (types.MessageEntityBold(0, 1), "<b>a</b>"),
        (types.MessageEntityItalic(0, 1), "<i>a</i>"),
        (types.MessageEntityUnderline(0, 1), "<u>a</u>"),
        (types.MessageEntityStrike(0, 1), "<s>a</s>"),
        (types.MessageEntitySpoiler(0, 1), "<tg-spoiler>a</tg-spoiler>"),
        (types.MessageEntityCode(0, 1), "<code>a</code>"),
        (types.MessageEntityPre(0, 1, ""), "<pre>a</pre>"),
        (types.MessageEntityPre(0, 1, "c++"), '<pre><code class="language-c++">a</code></pre>'),
        (types.MessageEntityBlockquote(0, 1), "<blockquote>a</blockquote>"),
        (types.MessageEntityBlockquote(0, 1, True), "<blockquote expandable>a</blockquote>"),
        (types.MessageEntityTextUrl(0, 1, "http://x/?a&b"), '<a href="http://x/?a&amp;b">a</a>'),
        (types.MessageEntityTextUrl(0, 1, "tg://user?id=5"), '<tg-link href="tg://user?id=5">a</tg-link>'),
        (types.MessageEntityMentionName(0, 1, 5), '<a href="tg://user?id=5">a</a>'),
        (types.MessageEntityCustomEmoji(0, 1, 7), '<tg-emoji emoji-id="7">a</tg-emoji>'),
        (
            types.MessageEntityFormattedDate(0, 1, MOMENT, day_of_week=True, long_date=True, long_time=True),
            '<tg-time unix="1647531900" format="wDT">a</tg-time>',
        ),
        (types.MessageEntityFormattedDate(0, 1, MOMENT), '<tg-time unix="1647531900">a</tg-time>'),
        (types.MessageEntityMention(0, 1), "<tg-mention>a</tg-mention>"),
        (types.MessageEntityHashtag(0, 1), "<tg-hashtag>a</tg-hashtag>"),
        (types.MessageEntityCashtag(0, 1), "<tg-cashtag>a</tg-cashtag>"),
        (types.MessageEntityBotCommand(0, 1), "<tg-bot-command>a</tg-bot-command>"),
        (types.MessageEntityUrl(0, 1), "<tg-url>a</tg-url>"),
        (types.MessageEntityEmail(0, 1), "<tg-email>a</tg-email>"),
        (types.MessageEntityPhone(0, 1), "<tg-phone-number>a</tg-phone-number>"),
        (types.MessageEntityBankCard(0, 1), "<tg-bank-card>a</tg-bank-card>"),
        (types.MessageEntityUnknown(0, 1), "<tg-unknown>a</tg-unknown>"),
        (types.MessageEntityDiffInsert(0, 1), "<tg-diff-insert>a</tg-diff-insert>"),
        (types.MessageEntityDiffDelete(0, 1), "<tg-diff-delete>a</tg-diff-delete>"),
        (types.MessageEntityDiffReplace(0, 1, '"<'), '<tg-diff-replace old="&quot;&lt;">a</tg-diff-replace>'),
    ],
)
def test_every_kind_has_a_tag(entity: Any, source: str) -> None:
    assert html2.unparse("a", [entity]) == source
    assert html2.parse(source) == ("a", [entity])


@pytest.mark.parametrize("tag", ["strong", "em", "ins", "strike", "del", "spoiler"])
def test_other_names_of_tags(tag: str) -> None:
    text, entities = html2.parse(f"<{tag}>a</{tag}>")
    assert (text, len(entities)) == ("a", 1)


def test_mentions_on_the_way_to_the_servers_become_ordinary_ones() -> None:
    assert html2.unparse("a", types.InputMessageEntityMentionName(0, 1, types.InputUser(5, 6))) == (
        '<a href="tg://user?id=5">a</a>'
    )
    assert html2.unparse("a", types.InputMessageEntityMentionName(0, 1, types.InputUserSelf())) == "a"


def test_overlapping_tags_of_one_kind_are_told_apart() -> None:
    entities = [types.MessageEntityBold(0, 2), types.MessageEntityBold(1, 2), types.MessageEntityBold(2, 1)]
    source = html2.unparse("abc", entities)
    assert source == "<b>a<b-2>b</b><b>c</b></b-2>"
    assert html2.parse(source) == ("abc", entities)


def test_nested_tags_of_one_kind_need_no_numbers() -> None:
    assert html2.parse("<b>a<b>b</b>c</b>") == ("abc", [types.MessageEntityBold(0, 3), types.MessageEntityBold(1, 1)])


@pytest.mark.parametrize(
    ("source", "text"),
    [("<b>a", "a"), ("a</b>", "a"), ("<b></b>a", "a"), ("<x>a</x>", "a"), ("1 < 2 & 3", "1 < 2 & 3"), ("", ""),
     ("<a href=''>a</a>", "a"), ("<tg-emoji>a</tg-emoji>", "a"), (" a\n", " a\n"),
     ("<tg-time unix='x'>a</tg-time>", "a"),
     ("<tg-time unix='99999999999'>a</tg-time>", "a"), (f"<tg-emoji emoji-id='{'9' * 19}'>a</tg-emoji>", "a")],
)  # fmt: skip
def test_what_formats_nothing(source: str, text: str) -> None:
    assert html2.parse(source) == (text, [])


def test_entities_that_reach_too_far_or_into_a_character() -> None:
    smile = "\U0001f600"
    assert html2.unparse("abc", [types.MessageEntityBold(1, 99)]) == "a<b>bc</b>"
    assert html2.unparse(smile + "a", [types.MessageEntityBold(1, 2)]) == f"{smile}<b>a</b>"
    assert html2.unparse("abc", [types.MessageEntityBold(5, 1), types.MessageEntityBold(1, 0)]) == "abc"


def test_what_servers_find_by_themselves_may_be_left_out() -> None:
    entities = [types.MessageEntityMention(0, 2), types.MessageEntityBold(3, 1)]
    mode = utils.sanitize_parse_mode(html2.Html2(detected=False))
    assert mode is not None
    assert mode.unparse("@a b", entities) == "@a <b>b</b>"
    assert mode.parse("<b>b</b>") == ("b", [types.MessageEntityBold(0, 1)])


def test_it_is_a_parse_mode() -> None:
    assert utils.sanitize_parse_mode("HTML2") is html2


def test_what_was_written_is_read_again() -> None:
    rand = random.Random(20240601)
    for _ in range(CASES):
        message = random_message(rand)
        source = html2.unparse(*message)
        assert html2.parse(source) == message, source


def test_the_random_messages_have_every_kind() -> None:
    rand = random.Random(1)
    seen = {type(random_entity(rand, 0, 1)) for _ in range(3_000)}
    every = {cls for name, cls in vars(types).items() if name.startswith("MessageEntity") and isinstance(cls, type)}
    assert seen == every
    assert len(seen) == KINDS


def test_dates_in_ordinary_html() -> None:
    date = types.MessageEntityFormattedDate(0, 1, MOMENT, relative=True)
    assert html.unparse("a", [date]) == '<tg-time unix="1647531900" format="r">a</tg-time>'
    assert html.parse(html.unparse("a", [date])) == ("a", [date])
    assert html.parse("<tg-time>a</tg-time>") == ("a", [])


SHAPES = [*HOSTILE_HTML, "<pre>", "<b-2>", "<pre><code class=language-x>", "</pre>", "<tg-url>", "<a href=x>"]


@pytest.mark.parametrize("shape", SHAPES)
def test_P13_twice_the_text_is_twice_the_work(shape: str) -> None:
    assert count_work(html2.parse, shape * 400) <= 2.5 * count_work(html2.parse, shape * 200)


@pytest.mark.parametrize("kind", [types.MessageEntityBold, types.MessageEntityCode, types.MessageEntityBlockquote])
@pytest.mark.parametrize("spans_of", [lambda n: [(3 * i, 2) for i in range(n)], lambda n: [(0, 5)] * n,
                                      lambda n: [(i, 2 * n - 2 * i) for i in range(n)]])  # fmt: skip
def test_P13_twice_the_entities_are_twice_the_work_of_unparse(spans_of: Any, kind: Any) -> None:
    def work(n: int) -> int:
        return count_work(html2.unparse, "abc" * n, [kind(*span) for span in spans_of(n)])

    assert work(400) <= 2.5 * work(200)


@pytest.mark.parametrize("shape", SHAPES)
def test_P13_a_long_hostile_text_comes_to_an_end(shape: str) -> None:
    text, entities = html2.parse(shape * (100_000 // len(shape)))
    html2.unparse(text, entities)
