"""The users and chats that come with updates.

Source: https://core.telegram.org/api/peers
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from telethon._updates import Entity, EntityCache, EntityType
from telethon.tl import types

__all__ = ["entities_of", "note_min", "note_min_of"]

_CHANNEL_MARK: Final = -1_000_000_000_000
_SMALL_GROUPS: Final = frozenset(("Chat", "ChatForbidden", "ChatEmpty"))
#: Of each class whether it is a small group's; by name, because a program may put classes of its own in place of ours.
_IS_SMALL: Final[dict[type[Any], bool]] = {}


def entities_of(users: Iterable[Any], chats: Iterable[Any]) -> dict[int, Any]:
    """Users and chats by marked id."""
    found: dict[int, Any] = {user.id: user for user in users}
    for chat in chats:
        found[_marked(chat)] = chat
    return found


def _marked(chat: Any) -> int:
    cls: type[Any] = chat.__class__
    is_small = _IS_SMALL.get(cls)
    if is_small is None:
        is_small = _IS_SMALL[cls] = any(base.__name__ in _SMALL_GROUPS for base in cls.__mro__)
    bare_id: int = chat.id
    return -bare_id if is_small else _CHANNEL_MARK - bare_id


def note_min(cache: EntityCache, updates: Iterable[Any], users: Iterable[Any], chats: Iterable[Any]) -> None:
    """Remember in which messages users and channels were seen of whom only a part is told.

    Args:
        cache: where to remember it.
        updates: the updates they came with.
        users: the users.
        chats: the chats.

    Source: https://core.telegram.org/api/min
    """
    partial = _partial(users, chats)
    if partial:
        _note(cache, (getattr(update, "message", None) for update in updates), partial, None)


def note_min_of(cache: EntityCache, answer: Any) -> None:
    """The same for an answer with messages.

    Args:
        cache: where to remember it.
        answer: such as a part of a history.
    """
    users, chats = getattr(answer, "users", None) or (), getattr(answer, "chats", None) or ()
    partial = _partial(users, chats)
    if partial:
        # The chats themselves came along, too.
        told = EntityCache()
        told.extend(users, chats)
        _note(cache, answer.messages, partial, told)


def _partial(users: Iterable[Any], chats: Iterable[Any]) -> list[Any]:
    return [one for one in (*users, *chats) if getattr(one, "min", False)]


def _note(cache: EntityCache, messages: Iterable[Any], partial: list[Any], told: EntityCache | None) -> None:
    known = {(isinstance(one, types.User), one.id): one for one in partial}
    for message in messages:
        where = _chat_of(cache, told, getattr(message, "peer_id", None))
        if where is not None:
            for name in _named_in(message) & known.keys():
                cache.remember_min(known[name], where, message.id)


def _chat_of(cache: EntityCache, told: EntityCache | None, peer: Any) -> Entity | None:
    if isinstance(peer, types.PeerChat):
        return Entity(EntityType.GROUP, peer.chat_id, 0)
    is_user = isinstance(peer, types.PeerUser)
    if not is_user and not isinstance(peer, types.PeerChannel):
        return None
    bare_id = peer.user_id if is_user else peer.channel_id
    found = cache.get(bare_id) or (told.get(bare_id) if told is not None else None)
    return found if found is not None and found.is_user == is_user else None


def _named_in(message: Any) -> set[tuple[bool, int]]:
    """Who is named in a message, as whether it is a user and its bare id: its sender, and who wrote it first."""
    forward = getattr(message, "fwd_from", None)
    named: set[tuple[bool, int]] = set()
    for peer in (getattr(message, "from_id", None), getattr(forward, "from_id", None)):
        if isinstance(peer, types.PeerUser):
            named.add((True, peer.user_id))
        elif isinstance(peer, types.PeerChannel):
            named.add((False, peer.channel_id))
    if (bot := getattr(message, "via_bot_id", None)) is not None:
        named.add((True, bot))
    for entity in getattr(message, "entities", None) or ():
        if isinstance(entity, types.MessageEntityMentionName):
            named.add((True, entity.user_id))
    return named
