"""Updates as bytes, together with the users and chats that they name.

They are stored as a container of one update, so that whatever can be sent can be stored.

Source: https://core.telegram.org/constructor/updates
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, cast

from telethon.client._updateentities import entities_of
from telethon.extensions.binaryreader import BinaryReader
from telethon.tl import types

__all__ = ["pack", "unpack"]

#: Up to so many users and chats are stored without looking whether they are named.
_FEW: Final = 4


def pack(update: Any) -> bytes:
    """An update, with those of its users and chats that it names."""
    entities: dict[int, Any] = getattr(update, "_entities", {})
    found = list(entities.values())
    if len(found) > _FEW:
        # A difference brings hundreds of them.
        named = set(_numbers(update))
        found = [one for one in found if one.id in named]
    users = [one for one in found if isinstance(one, (types.User, types.UserEmpty))]
    chats = [one for one in found if not isinstance(one, (types.User, types.UserEmpty))]
    return bytes(types.Updates([update], users, chats, None, 0))


def unpack(body: bytes) -> Any:
    """The update that `pack` made these bytes of.

    Raises:
        Exception: they are something else, or of another version of the schema.
    """
    with BinaryReader(body) as reader:
        container: Any = reader.tgread_object()
    (update,) = container.updates
    update._entities = entities_of(container.users, container.chats)
    return update


def _numbers(value: Any) -> Iterator[int]:
    """Every number in an object, some of which are the ids of users and chats."""
    if isinstance(value, int):
        yield value
    elif isinstance(value, list):
        several: list[Any] = value  # pyright: ignore[reportUnknownVariableType]
        for one in several:
            yield from _numbers(one)
    elif hasattr(value, "CONSTRUCTOR_ID"):
        for name, one in cast("dict[str, Any]", vars(value)).items():
            if not name.startswith("_"):
                yield from _numbers(one)
