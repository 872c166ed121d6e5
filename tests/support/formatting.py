"""Texts for the tests of the two formats: trees of formatted parts, hostile shapes, and counting of work."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from telethon._core.surrogates import add_surrogate
from telethon.tl import types

#: A part of a text: plain text, or a kind of entity (made of offset and length) around other parts.
Part = Any

HOSTILE_MARKDOWN = [
    "**ab** ", "**__~~", "**__~~`", "[", "[a](", "[a](b) ", "`", "`**", "**[a](b** ", "__**", "*", "](", "]([",
    "```a` ",    "[**](", "[`](b)`", "**a__b**c__", "~~[", "[a]b", "[[a](b)", "```", "**`a** `", "\U0001f600**",
]  # fmt: skip
HOSTILE_HTML = [
    "<b>ab</b> ", '<a href="', "<a '", "<a b=", "<!--", "<!-- --", "<b>", "</b>", '<a href="x">', "<", "&", "&amp;",
    "&#", "<![CDATA[", "<![", "<?", "<!", "<!DOCTYPE ", "<script>", "<b ", "</", "<a/",
    '<pre><code class="language-x">', "<b><i><u></b>", "\U0001f600<b>",
]  # fmt: skip


def flatten(parts: list[Part]) -> tuple[str, list[Any]]:
    """The plain text of a tree of parts and its entities, outer ones first."""
    text = ""
    entities: list[Any] = []
    for part in parts:
        if isinstance(part, str):
            text += part
            continue
        make, children = part
        place = len(entities)
        inner, within = flatten(children)
        shift = len(add_surrogate(text))
        for entity in within:
            entity.offset += shift
        entities += within
        entities.insert(place, make(shift, len(add_surrogate(inner))))
        text += inner
    return text, entities


@st.composite
def trees(
    draw: st.DrawFn,
    text: st.SearchStrategy[str],
    around: dict[str, st.SearchStrategy[Callable[[int, int], Any]]],
    leaves: dict[str, st.SearchStrategy[Callable[[int, int], Any]]],
    used: frozenset[str] = frozenset(),
    depth: int = 3,
) -> list[Part]:
    """Lists of parts in which no kind is within itself. Kinds in *leaves* have nothing but text in them."""
    parts: list[Part] = []
    for _ in range(draw(st.integers(1, 3))):
        kinds = [name for name in (*around, *leaves) if name.split()[0] not in used] if depth else []
        kind = draw(st.sampled_from(["text", *kinds]))
        if kind == "text":
            parts.append(draw(text))
        elif kind in leaves:
            parts.append((draw(leaves[kind]), [draw(text)]))
        else:
            inside = draw(trees(text, around, leaves, used | {kind.split()[0]}, depth - 1))
            parts.append((draw(around[kind]), inside))
    return parts


def count_work(function: Callable[..., Any], *args: Any) -> int:
    """How many lines of Python and how many calls, also of built-in functions, it takes.

    What is made only once in a process, like the compiled patterns of the standard library, is not counted.
    """
    function(*args)
    count = 0

    def on_line(frame: Any, event: str, arg: Any) -> Any:
        nonlocal count
        count += 1
        return on_line

    def on_call(frame: Any, event: str, arg: Any) -> None:
        nonlocal count
        count += 1

    before = sys.gettrace()
    sys.settrace(on_line)
    sys.setprofile(on_call)
    try:
        function(*args)
    finally:
        sys.setprofile(None)
        sys.settrace(before)
    return count


def spans(entities: list[types.TypeMessageEntity]) -> list[tuple[str, int, int]]:
    """Entities as (kind, offset, length)."""
    return [(type(entity).__name__[len("MessageEntity") :], entity.offset, entity.length) for entity in entities]
