"""What sending several files at once needs: one caption for each, one progress for all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from telethon import utils
from telethon.tl import types

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telethon import hints


def as_list(caption: str | Sequence[str]) -> list[str]:
    """One caption for each file; a single one goes with the first file."""
    return [caption] if isinstance(caption, str) else list(caption)


def entity_lists(entities: Sequence[Any] | None) -> list[list[types.TypeMessageEntity]]:
    """The entities of each caption; a plain list of entities belongs to the first caption."""
    if not entities:
        return []
    if all(utils.is_list_like(item) or item is None for item in entities):
        return [list(item or ()) for item in entities]
    return [list(entities)]


def shifted(callback: hints.ProgressCallback | None, start: int, total: int) -> hints.ProgressCallback | None:
    """*callback* for one album of several: files before it count as sent."""
    if callback is None:
        return None
    report = callback

    def shifted_report(done: float, _total: float) -> Any:
        return report(cast("int", start + done), total)

    return cast("hints.ProgressCallback", shifted_report)


def per_file(callback: hints.ProgressCallback | None, index: int, count: int) -> hints.ProgressCallback | None:
    """*callback* for one file of an album: its bytes become the fraction of a file."""
    if callback is None:
        return None
    report = callback

    def file_report(done: int, total: int) -> Any:
        part = 1 if done == total else done / total if total else 0
        return report(cast("int", index + part), count)

    return cast("hints.ProgressCallback", file_report)


def again(media: types.TypeInputMedia, uploaded: Any) -> types.TypeInputMedia:
    """*media*, the stored form of *uploaded*, with the options that storing does not keep."""
    if isinstance(media, (types.InputMediaPhoto, types.InputMediaDocument)):
        media.ttl_seconds = getattr(uploaded, "ttl_seconds", None)
        media.spoiler = getattr(uploaded, "spoiler", None)
    return media
