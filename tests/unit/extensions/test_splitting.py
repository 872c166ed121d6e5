from __future__ import annotations

import re
from typing import Any

import pytest
from formatting import count_work
from hypothesis import given
from hypothesis import strategies as st

from telethon._core.surrogates import add_surrogate, del_surrogate
from telethon.extensions import _graphemes
from telethon.extensions.splitting import split_message
from telethon.tl import types

SMILE = "\U0001f600"
FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"


def _texts(text: str, limit: int, *entities: Any, **options: Any) -> list[str]:
    return [piece for piece, _ in split_message(text, entities, limit=limit, **options)]


@pytest.mark.parametrize(
    ("text", "limit", "pieces"),
    [
        ("", 10, []),
        (" \n ", 10, []),
        ("short", 10, ["short"]),
        ("exactly 10", 10, ["exactly 10"]),
        ("first one\n\nsecond one\nthird", 18, ["first one", "second one\nthird"]),
        ("a\n\nlong second paragraph here", 20, ["a\n\nlong second", "paragraph here"]),
        ("line one\nline two", 14, ["line one", "line two"]),
        ("word word word", 9, ["word word", "word"]),
        ("word word word", 10, ["word word", "word"]),
        ("abcdefghij", 4, ["abcd", "efgh", "ij"]),
        ("a" * 8 + " b", 8, ["a" * 8, "b"]),
        ("one\n    two", 8, ["one", "    two"]),
        ("a\u00a0b c", 4, ["a\u00a0b", "c"]),
        (SMILE * 3, 5, [SMILE * 2, SMILE]),
        (FAMILY * 2, 9, [FAMILY, FAMILY]),
        ("e\u0301" * 3, 3, ["e\u0301"] * 3),
        ("\U0001f1e9\U0001f1ea" * 2, 6, ["\U0001f1e9\U0001f1ea"] * 2),
        ("\U0001f44d\U0001f3fd" * 2, 6, ["\U0001f44d\U0001f3fd"] * 2),
        ("\u1112\u1161\u11ab" * 2, 5, ["\u1112\u1161\u11ab"] * 2),
        ("\ud55c\ud55c", 2, ["\ud55c\ud55c"]),
        ("ab\r\ncd", 4, ["ab", "cd"]),
        ("e" + "\u0301" * 9, 4, ["e\u0301\u0301\u0301", "\u0301" * 4, "\u0301" * 2]),
    ],
)
def test_where_text_is_cut(text: str, limit: int, pieces: list[str]) -> None:
    assert _texts(text, limit) == pieces


def test_entities_stay_whole_where_that_is_possible() -> None:
    link = types.MessageEntityTextUrl(5, 9, "u")
    assert split_message("word link text here", [link], limit=12) == [
        ("word", []),
        ("link text", [types.MessageEntityTextUrl(0, 9, "u")]),
        ("here", []),
    ]
    # Without white space it is still not cut in two.
    assert _texts("aaaabbbbcccc", 6, types.MessageEntityTextUrl(4, 4, "u")) == ["aaaa", "bbbbcc", "cc"]
    # Bold text may be divided, a link within it may not.
    bold, link = types.MessageEntityBold(0, 18), types.MessageEntityTextUrl(5, 9, "u")
    assert _texts("word link text aaa", 12, bold, link) == ["word", "link text", "aaa"]


def test_entities_longer_than_a_message_go_on_in_the_next() -> None:
    pieces = split_message("a b c d e", [types.MessageEntityPre(0, 9, "py"), types.MessageEntityBold(8, 1)], limit=4)
    assert pieces == [
        ("a b", [types.MessageEntityPre(0, 3, "py")]),
        ("c d", [types.MessageEntityPre(0, 3, "py")]),
        ("e", [types.MessageEntityPre(0, 1, "py"), types.MessageEntityBold(0, 1)]),
    ]


def test_what_is_longer_than_a_message_keeps_nothing_from_being_cut_well() -> None:
    assert _texts("ab cd\n\nef gh", 8, types.MessageEntityBlockquote(0, 12)) == ["ab cd", "ef gh"]


def test_the_first_piece_may_have_less_room() -> None:
    assert _texts("word word word word", 10, first_limit=5) == ["word", "word word", "word"]


def test_no_more_entities_than_a_message_may_have() -> None:
    bold = [types.MessageEntityBold(2 * i, 1) for i in range(250)]
    pieces = split_message("a " * 250, bold)
    assert [len(entities) for _, entities in pieces] == [100, 100, 50]
    assert pieces[0][0] == ("a " * 100).rstrip()
    alike = [types.MessageEntityBold(0, 3)] * 5 + [types.MessageEntityItalic(2, 1)]
    assert [len(entities) for _, entities in split_message("a b", alike, max_entities=2)] == [5, 6]


def test_the_entities_given_are_not_changed() -> None:
    entity = types.MessageEntityBold(2, 6)
    split_message("a b c d e f", [entity], limit=5)
    assert entity == types.MessageEntityBold(2, 6)


@pytest.mark.parametrize("options", [{"limit": 1}, {"first_limit": 1}, {"max_entities": 0}])
def test_limits_that_make_no_sense(options: Any) -> None:
    with pytest.raises(ValueError, match="at least"):
        split_message("a", **options)


_texts_of_all_kinds = st.lists(
    st.sampled_from(["a", "word", " ", "\n", "\n\n", "\t", SMILE, FAMILY, "e\u0301", "\u00a0", "\ud55c", "\r\n",
                     "\U0001f1e9\U0001f1ea"]), max_size=60
).map("".join)  # fmt: skip


@given(_texts_of_all_kinds, st.lists(st.tuples(st.integers(0, 40), st.integers(1, 40), st.booleans()), max_size=8),
       st.integers(2, 30), st.integers(1, 4))  # fmt: skip
def test_nothing_is_lost(text: str, places: list[tuple[int, int, bool]], limit: int, most: int) -> None:
    units = add_surrogate(text)
    entities: list[Any] = [
        types.MessageEntityBold(at, size) if bold else types.MessageEntityTextUrl(at, size, str(number))
        for number, (at, size, bold) in enumerate(places)
        if at + size <= len(units)
    ]
    pieces = split_message(text, entities, limit=limit, max_entities=most)
    assert re.sub(r"\s", "", "".join(piece for piece, _ in pieces)) == re.sub(r"\s", "", text)
    covered: list[str] = []
    for piece, within in pieces:
        own = add_surrogate(piece)
        assert 0 < len(own) <= limit
        assert del_surrogate(own) == piece
        assert all(one.length > 0 and one.offset >= 0 and one.offset + one.length <= len(own) for one in within)
        covered += [
            own[one.offset : one.offset + one.length] for one in within if isinstance(one, types.MessageEntityBold)
        ]
    whole = "".join(
        units[one.offset : one.offset + one.length] for one in entities if isinstance(one, types.MessageEntityBold)
    )
    assert sorted(re.sub(r"\s", "", "".join(covered))) == sorted(re.sub(r"\s", "", whole))


@pytest.mark.parametrize(
    "shape", ["a", "a ", " ", "\n", "\n\n", SMILE, "e\u0301", "\u0301", "\U0001f1e9", FAMILY, "a" * 90 + " "]
)
def test_twice_the_text_is_twice_the_work(shape: str) -> None:
    small, large = (shape * (size // len(shape)) for size in (20_000, 40_000))
    assert count_work(split_message, large) <= 2.5 * count_work(split_message, small)


@pytest.mark.parametrize(
    "spans_of", [lambda n: [(3 * i, 2) for i in range(n)], lambda n: [(3 * i, 4) for i in range(n)]]
)
def test_twice_the_entities_are_twice_the_work(spans_of: Any) -> None:
    def work(n: int) -> int:
        return count_work(split_message, "abc" * n + "a", [types.MessageEntityUrl(*span) for span in spans_of(n)])

    assert work(4000) <= 2.5 * work(2000)


def test_boundaries_of_characters() -> None:
    # From the examples of the Unicode standard annex 29.
    for text in ["g\u0308", "\uac01", "\u0e33\u0301", "\U0001f3f3\ufe0f\u200d\U0001f308", "\r\n", "\u1100\u1161",
                 "\U0001f3f4\U000e0067\U000e0062\U000e007f"]:  # fmt: skip
        units = add_surrogate(text)
        assert [place for place in range(len(units) + 1) if _graphemes.is_boundary(units, place)] == [0, len(units)]
    for text in ["ab", "\n\r", "\uac01\uac01", "a\U0001f600", "\u1161\u1100"]:
        units = add_surrogate(text)
        assert _graphemes.is_boundary(units, 1)
