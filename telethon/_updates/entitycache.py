"""The access hashes that updates taught, kept in memory.

"Min" forms of users and channels carry a hash that requests refuse, so they never take the place of a full one. What
serves instead is the message in which they were seen.

Source: https://core.telegram.org/api/min
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

from telethon._updates.session import Entity, EntityType, MinEntity

__all__ = ["EntityCache"]

_USER: Final = 1
_CHANNEL: Final = 2
_COMMUNITY: Final = 3

#: How each class is read; by name, because a program may put classes of its own in the place of ours.
_BY_NAME: Final = {
    "User": _USER,
    "Channel": _CHANNEL,
    "ChannelForbidden": _CHANNEL,
    "Community": _COMMUNITY,
    "CommunityForbidden": _COMMUNITY,
}
_KINDS: Final[dict[type[Any], int]] = {}

# Members of an enumeration are slow to get, and one is needed for each user of each update.
_PERSON: Final = EntityType.USER
_BOT: Final = EntityType.BOT
_BROADCAST: Final = EntityType.CHANNEL
_MEGAGROUP: Final = EntityType.MEGAGROUP

#: How many users and channels are remembered by the message they were seen in.
_MIN_LIMIT: Final = 5_000


class EntityCache:
    """Access hashes by bare id, and whose account this is.

    Args:
        hash_map: what is known already: ``(access_hash, EntityType)`` by bare id.
        self_id: the id of the own account.
        self_bot: whether that is a bot.

    Attributes:
        hash_map: as above.
        self_id: as above; None when nobody is logged in.
        self_bot: as above; None when it is not known.
    """

    __slots__ = ("_min", "hash_map", "self_bot", "self_id")

    def __init__(
        self,
        hash_map: dict[int, tuple[int, EntityType]] | None = None,
        self_id: int | None = None,
        self_bot: bool | None = None,
    ) -> None:
        self.hash_map: dict[int, tuple[int, EntityType]] = {} if hash_map is None else hash_map
        self.self_id = self_id
        self.self_bot = self_bot
        self._min: dict[int, MinEntity] = {}

    def __len__(self) -> int:
        return len(self.hash_map)

    def set_self_user(self, id: int | None, bot: bool | None, hash: int | None) -> None:
        """Note whose account this is; all None when nobody is logged in."""
        self.self_id = id
        self.self_bot = bot
        if id and hash:
            self.hash_map[id] = (hash, EntityType.BOT if bot else EntityType.USER)

    def get(self, id: int) -> Entity | None:
        """The entity with this bare id, if its hash is known."""
        found = self.hash_map.get(id)
        return None if found is None else Entity(found[1], id, found[0])

    def get_min(self, id: int) -> MinEntity | None:
        """The entity with this bare id, if only a message in which it was seen is known."""
        return None if id in self.hash_map else self._min.get(id)

    def put(self, entity: Entity) -> None:
        """Note an entity."""
        self.hash_map[entity.id] = (entity.hash, entity.ty)

    def extend(self, users: Iterable[Any], chats: Iterable[Any]) -> None:
        """Note the users and chats that came with an answer or with updates; "min" ones are left out."""
        hash_map = self.hash_map
        for entity in users:
            if _kind(entity) and entity.access_hash and not entity.min:
                hash_map[entity.id] = (entity.access_hash, _BOT if entity.bot else _PERSON)
        for entity in chats:
            kind = _kind(entity)
            if kind and entity.access_hash and not getattr(entity, "min", False):
                hash_map[entity.id] = (entity.access_hash, _channel_type(entity, kind))

    def remember_min(self, entity: Any, where: Entity, msg_id: int) -> None:
        """Note in which message a "min" user or channel was seen.

        Args:
            entity: the user or channel.
            where: the chat of the message.
            msg_id: the id of the message.
        """
        kind = _kind(entity)
        if not kind or entity.id in self.hash_map:
            return
        ty = (EntityType.BOT if entity.bot else EntityType.USER) if kind == _USER else _channel_type(entity, kind)
        # Taken out first, so that the ones seen longest ago are the first in the dictionary, and the first to go.
        self._min.pop(entity.id, None)
        self._min[entity.id] = MinEntity(ty, entity.id, where, msg_id)
        if len(self._min) > _MIN_LIMIT:
            del self._min[next(iter(self._min))]

    def retain(self, filter: Callable[[int], bool]) -> None:
        """Forget all whose bare id *filter* does not accept."""
        self.hash_map = {id: known for id, known in self.hash_map.items() if filter(id)}


def _kind(entity: object) -> int:
    """How to read this object; 0 when it has no access hash."""
    cls = type(entity)
    kind = _KINDS.get(cls)
    if kind is None:
        kind = _KINDS[cls] = next((_BY_NAME[c.__name__] for c in cls.__mro__ if c.__name__ in _BY_NAME), 0)
    return kind


def _channel_type(entity: Any, kind: int) -> EntityType:
    if kind == _COMMUNITY:
        return EntityType.COMMUNITY
    if entity.megagroup:
        return _MEGAGROUP
    return EntityType.GIGAGROUP if getattr(entity, "gigagroup", False) else _BROADCAST
