"""Text and its entities, parse modes, and a few helpers for sequences.

Offsets and lengths of entities count UTF-16 code units, as Telegram does.

Source: https://core.telegram.org/api/entities
"""

from __future__ import annotations

import copy
import itertools
import re
from types import GeneratorType
from typing import TYPE_CHECKING, Final, Protocol, TypeVar, cast

from telethon._core.surrogates import add_surrogate, del_surrogate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import TypeAlias

    from telethon.tl import types

    Parsed: TypeAlias = "tuple[str, list[types.TypeMessageEntity]]"

_T = TypeVar("_T")


class ParseMode(Protocol):
    """What turns formatted text into text with entities, and back."""

    def parse(self, text: str, /) -> Parsed:
        """The plain text and its entities.

        Args:
            text: the formatted text.
        """
        ...

    def unparse(self, text: str, entities: Iterable[types.TypeMessageEntity] | None, /) -> str:
        """The formatted text.

        Args:
            text: the plain text.
            entities: its entities, whose offsets count UTF-16 code units.
        """
        ...


class _CustomMode:
    """A parse mode made of one function: it can parse, and refuses to unparse."""

    def __init__(self, parse: Callable[[str], Parsed]) -> None:
        self.parse = parse

    @staticmethod
    def unparse(text: str, entities: Iterable[types.TypeMessageEntity] | None) -> str:
        """Refuse: a function only knows one direction."""
        raise NotImplementedError("a parse mode that is a function cannot turn entities back into text")


def sanitize_parse_mode(mode: object) -> ParseMode | None:
    """The object with ``parse`` and ``unparse`` that *mode* stands for.

    Args:
        mode: ``"md"`` or ``"markdown"``, ``"html"`` or ``"htm"``, the forms that lose nothing, ``"md2"``
            (``"markdown2"``, ``"markdownv2"``) or ``"html2"``, a function that takes the text and gives the plain text
            and the list of entities, or an object with methods ``parse`` and ``unparse``. Anything empty means no
            formatting.

    Raises:
        ValueError: when a name is not known.
        TypeError: when *mode* is of no such kind.

    Example:
        >>> text, entities = utils.sanitize_parse_mode("html").parse("<b>bold</b>")
        >>> text
        'bold'
    """
    if not mode:
        return None
    if hasattr(mode, "parse") and hasattr(mode, "unparse"):
        return cast("ParseMode", mode)
    if callable(mode):
        return cast("ParseMode", _CustomMode(cast("Callable[[str], Parsed]", mode)))
    if isinstance(mode, str):
        name = mode.lower()
        if name in ("md", "markdown"):
            from telethon.extensions import markdown

            return cast("ParseMode", markdown)
        if name in ("htm", "html"):
            from telethon.extensions import html

            return cast("ParseMode", html)
        if name in ("md2", "markdown2", "markdownv2"):
            from telethon.extensions import markdown2

            return cast("ParseMode", markdown2)
        if name == "html2":
            from telethon.extensions import html2

            return cast("ParseMode", html2)
        raise ValueError(f"Unknown parse mode {mode}: there are md, html, md2 and html2")
    raise TypeError(f"Invalid parse mode type {mode}")


def get_inner_text(text: str, entities: Iterable[types.TypeMessageEntity]) -> list[str]:
    """The parts of *text* that the entities cover, in the order of the entities.

    Args:
        text: the plain text.
        entities: what covers parts of it.

    Example:
        >>> text, entities = markdown.parse("**hello** world")
        >>> utils.get_inner_text(text, entities)
        ['hello']
    """
    units = add_surrogate(text)
    return [del_surrogate(units[entity.offset : entity.offset + entity.length]) for entity in entities]


_DEFAULT_SPLIT: Final = (r"\n", r"\s", ".")


def split_text(
    text: str,
    entities: list[types.TypeMessageEntity],
    *,
    limit: int = 4096,
    max_entities: int = 100,
    split_at: Sequence[str] = _DEFAULT_SPLIT,
) -> Iterator[Parsed]:
    """Cut text with entities into pieces that fit into messages.

    Args:
        text: the text without formatting.
        entities: its entities, ordered by offset. An entity across a cut is divided.
        limit: the longest piece, in UTF-16 code units.
        max_entities: how many entities a piece may have. More of them that begin at the same place stay together.
        split_at: patterns to cut after, best first. When none is found the rest stays in one piece; the last default
            pattern matches anything, so that it always is.

    Yields:
        ``(text, entities)`` for each piece. The objects in *entities* are not changed.

    Example:
        >>> for text, entities in utils.split_text(*markdown.parse(long_markdown)):
        ...     await client.send_message(chat, text, formatting_entities=entities)
    """
    patterns = [re.compile(pattern) for pattern in split_at]
    rest = add_surrogate(text)
    pending = list(entities)
    while True:
        room = limit
        if len(pending) > max_entities:
            last, one_more = pending[max_entities - 1 : max_entities + 1]
            # Entities may be within each other, so the next one may begin before the last one ends.
            room = min(limit, last.offset + last.length, one_more.offset or limit)
        cut = 0 if len(rest) <= room else _last_cut(rest, patterns, room)
        if not cut:
            break
        head, pending = _cut_entities(pending, cut)
        yield del_surrogate(rest[:cut]), head
        rest = rest[cut:]
    yield del_surrogate(rest), pending


def _last_cut(text: str, patterns: list[re.Pattern[str]], room: int) -> int:
    """Where the best pattern ends for the last time within *room*; 0 when none does."""
    for pattern in patterns:
        for start in range(min(room, len(text)) - 1, -1, -1):
            match = pattern.match(text, start)
            if match and match.end() > start:
                cut = match.end()
                between = "\ud800" <= text[cut - 1] <= "\udbff" and cut < len(text)
                if not between:
                    return cut
    return 0


def _cut_entities(
    entities: list[types.TypeMessageEntity], cut: int
) -> tuple[list[types.TypeMessageEntity], list[types.TypeMessageEntity]]:
    head: list[types.TypeMessageEntity] = []
    tail: list[types.TypeMessageEntity] = []
    for entity in entities:
        end = entity.offset + entity.length
        if entity.offset >= cut:
            tail.append(_moved(entity, entity.offset - cut, entity.length))
        elif end > cut:
            head.append(_moved(entity, entity.offset, cut - entity.offset))
            tail.append(_moved(entity, 0, end - cut))
        else:
            head.append(entity)
    return head, tail


def _moved(entity: types.TypeMessageEntity, offset: int, length: int) -> types.TypeMessageEntity:
    moved = copy.copy(entity)
    moved.offset, moved.length = offset, length
    return moved


def chunks(iterable: Iterable[_T], size: int = 100) -> Iterator[Iterator[_T]]:
    """*iterable* in lazy runs of *size* items; each run must be used up before the next.

    Args:
        iterable: what to take apart.
        size: items in a run; the last one may have fewer.

    Example:
        >>> [list(run) for run in utils.chunks(range(5), 2)]
        [[0, 1], [2, 3], [4]]
    """
    iterator = iter(iterable)
    for first in iterator:
        yield itertools.chain((first,), itertools.islice(iterator, size - 1))


def is_list_like(obj: object) -> bool:
    """Whether *obj* is one of the built-in kinds of collection: list, tuple, set, dict, range or a generator.

    Args:
        obj: anything.

    Example:
        >>> utils.is_list_like("text")
        False
    """
    return isinstance(obj, (list, tuple, set, dict, range, GeneratorType))
