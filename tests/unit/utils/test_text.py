"""Text with entities, parse modes, and helpers for sequences."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telethon import utils
from telethon.tl.types import MessageEntityBold as Bold

Piece = tuple[str, list[tuple[int, int]]]


def split(text: str, entities: list[tuple[int, int]], **options: Any) -> list[Piece]:
    bold: list[Any] = [Bold(offset, length) for offset, length in entities]
    return [(piece, [(e.offset, e.length) for e in found]) for piece, found in utils.split_text(text, bold, **options)]


@pytest.mark.parametrize(
    ("text", "entities", "options", "pieces"),
    [
        ("", [], {}, [("", [])]),
        ("hello", [], {}, [("hello", [])]),
        ("hello world foo bar", [(0, 5)], {"limit": 8}, [("hello ", [(0, 5)]), ("world ", []), ("foo bar", [])]),
        (
            "hello world foo bar",
            [(0, 19)],
            {"limit": 8},
            [("hello ", [(0, 6)]), ("world ", [(0, 6)]), ("foo bar", [(0, 7)])],
        ),
        ("aaaaaaaaaa", [(3, 4)], {"limit": 5}, [("aaaaa", [(3, 2)]), ("aaaaa", [(0, 2)])]),
        (
            "hello\nworld\nfoo bar",
            [(4, 4)],
            {"limit": 10},
            [("hello\n", [(4, 2)]), ("world\n", [(0, 2)]), ("foo bar", [])],
        ),
        (
            "\U0001f389\U0001f389\U0001f389",
            [(0, 6)],
            {"limit": 4},
            [("\U0001f389\U0001f389", [(0, 4)]), ("\U0001f389", [(0, 2)])],
        ),
        ("\U0001f389\U0001f389", [], {"limit": 3}, [("\U0001f389", []), ("\U0001f389", [])]),
        (
            "a b c d",
            [(0, 1), (2, 1), (4, 1), (6, 1)],
            {"max_entities": 2},
            [("a ", [(0, 1)]), ("b ", [(0, 1)]), ("c d", [(0, 1), (2, 1)])],
        ),
        ("abc def", [], {"limit": 4, "split_at": ()}, [("abc def", [])]),
        ("abc", [], {"limit": 0}, [("abc", [])]),
    ],
)
def test_splitting(text: str, entities: list[tuple[int, int]], options: dict[str, Any], pieces: list[Piece]) -> None:
    assert split(text, entities, **options) == pieces


def test_a_piece_has_no_more_entities_than_allowed_when_they_are_within_each_other() -> None:
    pieces = split("hello world foo bar", [(0, 5), (6, 13), (6, 5), (12, 3)], max_entities=2)
    assert pieces == [("hello ", [(0, 5)]), ("world", [(0, 5), (0, 5)]), (" foo bar", [(0, 8), (1, 3)])]
    # These cannot be told apart by cutting.
    assert split("hello", [(0, 5)] * 4, max_entities=3) == [("hello", [(0, 5)] * 4)]


def test_splitting_leaves_the_entities_given_alone() -> None:
    entity = Bold(0, 10)
    list(utils.split_text("a" * 10, [entity], limit=4))
    assert (entity.offset, entity.length) == (0, 10)


@given(st.text("a \n.\U0001f389", max_size=40), st.integers(2, 12))
def test_pieces_fit_and_join_to_the_text(text: str, limit: int) -> None:
    pieces = split(text, [], limit=limit)
    assert "".join(piece for piece, _ in pieces) == text
    assert all(len(piece.encode("utf-16-le")) // 2 <= limit for piece, _ in pieces)


def test_inner_text_counts_utf16_units() -> None:
    entities: list[Any] = [Bold(0, 5), Bold(6, 2), Bold(9, 50)]
    assert utils.get_inner_text("hello \U0001f389 world", entities) == ["hello", "\U0001f389", "world"]


@pytest.mark.parametrize("name", ["md", "markdown", "MD"])
def test_markdown_has_names(name: str) -> None:
    mode = utils.sanitize_parse_mode(name)
    assert mode is not None
    assert mode.parse("**a**") == ("a", [Bold(0, 1)])


@pytest.mark.parametrize("name", ["htm", "html", "HTML"])
def test_html_has_names(name: str) -> None:
    mode = utils.sanitize_parse_mode(name)
    assert mode is not None
    assert mode.parse("<b>a</b>") == ("a", [Bold(0, 1)])


def test_parse_modes_of_users() -> None:
    class Mode:
        @staticmethod
        def parse(text: str) -> Any:
            return text.upper(), []

        @staticmethod
        def unparse(text: str, entities: Any) -> str:
            return text.lower()

    assert utils.sanitize_parse_mode(Mode) is Mode
    from_function = utils.sanitize_parse_mode(Mode.parse)
    assert from_function is not None
    assert from_function.parse("a") == ("A", [])
    with pytest.raises(NotImplementedError):
        from_function.unparse("a", [])
    assert utils.sanitize_parse_mode(None) is None
    assert utils.sanitize_parse_mode("") is None
    with pytest.raises(ValueError, match="Unknown parse mode x"):
        utils.sanitize_parse_mode("x")
    with pytest.raises(TypeError, match="Invalid parse mode type 5"):
        utils.sanitize_parse_mode(5)


def test_chunks_are_lazy_runs() -> None:
    assert [list(run) for run in utils.chunks(range(5), 2)] == [[0, 1], [2, 3], [4]]
    assert list(utils.chunks([])) == []


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ([], True),
        ((), True),
        (set(), True),
        ({}, True),
        ((i for i in ()), True),
        ("ab", False),
        (b"ab", False),
        (None, False),
        (range(2), True),
        (iter([]), False),
        (frozenset(), False),
    ],
)
def test_collections(value: Any, expected: bool) -> None:
    assert utils.is_list_like(value) is expected
