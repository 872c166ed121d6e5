"""Which entities a session has stored already, so that it need not store them again.

Servers send the same users with every answer. Comparing a few raw attributes with what they were last time is much
cheaper than making rows of them, let alone writing those.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from telethon import utils
from telethon.tl import types

__all__ = ["HOLDS_NONE", "SeenEntities", "entities_in"]

#: More than this are not remembered, so as not to take up much memory: some 2 MB.
_MOST: Final = 20_000
_CHANNEL_MARK: Final = -(10**12)

#: Where answers hold entities.
_PLACES: Final = ("user", "chats", "users")

#: Classes of the schema met so far whose objects have none of those.
HOLDS_NONE: Final[set[type]] = set()


def entities_in(tlo: Any) -> list[Any]:
    """The entities in an answer of the servers or in a list; nothing for anything else."""
    cls: Any = tlo.__class__
    if cls in HOLDS_NONE:
        return []
    if getattr(tlo, "SUBCLASS_OF_ID", None) is None and utils.is_list_like(tlo):
        return list(tlo)
    if "_FIELDS" in cls.__dict__ and not any(place in cls._FIELDS or hasattr(tlo, place) for place in _PLACES):
        HOLDS_NONE.add(cls)
        return []
    entities: list[Any] = []
    user = getattr(tlo, "user", None)
    if user is not None:
        entities.append(user)
    for name in _PLACES[1:]:
        found = getattr(tlo, name, None)
        if found and utils.is_list_like(found):
            entities += found
    return entities


class SeenEntities:
    """Fingerprints of entities by marked id."""

    def __init__(self) -> None:
        # Hashes, not the values themselves: they are a fraction of the size.
        self._fingerprints: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self._fingerprints)

    def changed(self, entities: Iterable[Any]) -> Iterator[Any]:
        """Those of *entities* that are new or not as they were when last seen, and all of kinds not known here.

        `min` users and channels are left out.
        """
        known = self._fingerprints
        user_class, channel_class, chat_class = types.User, types.Channel, types.Chat
        for entity in entities:
            kind = entity.__class__
            if kind is user_class:
                if entity.min:
                    continue
                marked_id = entity.id
                username = entity.username
                fingerprint = hash(
                    (
                        entity.access_hash,
                        username or _active(entity),
                        entity.phone,
                        entity.first_name,
                        entity.last_name,
                    )
                )
            elif kind is channel_class:
                if entity.min:
                    continue
                marked_id = _CHANNEL_MARK - entity.id
                fingerprint = hash((entity.access_hash, entity.username or _active(entity), entity.title))
            elif kind is chat_class:
                marked_id = -entity.id
                fingerprint = hash(entity.title)
            else:
                yield entity
                continue
            if known.get(marked_id) != fingerprint:
                if len(known) >= _MOST:
                    known.clear()
                known[marked_id] = fingerprint
                yield entity

    def forget(self, marked_id: int) -> None:
        """Report this one as changed next time."""
        self._fingerprints.pop(marked_id, None)

    def clear(self) -> None:
        """Report all as changed next time."""
        self._fingerprints.clear()


def _active(entity: Any) -> tuple[str, ...] | None:
    usernames = entity.usernames
    return tuple(name.username for name in usernames if name.active) if usernames else None
