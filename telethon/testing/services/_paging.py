"""Pages of lists that are asked for by an offset in words.

Source: https://core.telegram.org/api/offsets
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["page_from"]

_T = TypeVar("_T")
_MOST = 100


def page_from(found: Sequence[_T], offset: str | None, limit: int) -> tuple[list[_T], str | None]:
    """A page of a list, and the offset of the following one; None when it is the last.

    Args:
        found: the whole list.
        offset: what the request gives: what an earlier answer said, or nothing for the first page.
        limit: how many; 0 for as many as there may be.
    """
    start = int(offset) if offset and offset.isdecimal() else 0
    page = list(found[start : start + max(0, min(limit or _MOST, _MOST))])
    end = start + len(page)
    return page, str(end) if end < len(found) else None
