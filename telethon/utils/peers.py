"""Identifiers of users, chats and channels: marked ids, `Peer` objects, names.

A *marked* id is one integer for any peer. Users keep their id, basic groups have it negated, and channels (which
include supergroups) become ``-(10**12 + channel_id)``.

Source: https://core.telegram.org/api/bots/ids
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from telethon.tl import types

from ._boxed import boxed_id, boxed_type, cannot_cast
from .inputs import get_input_peer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import TypeAlias

    PeerClass: TypeAlias = "type[types.PeerUser] | type[types.PeerChat] | type[types.PeerChannel]"

_CHANNEL_MARK: Final = 1_000_000_000_000

_PEER: Final = boxed_id("Peer")
_USER: Final = boxed_id("User")
_CHAT: Final = boxed_id("Chat")

#: Boxed types whose constructors name the id after the kind of peer: ``user_id``, ``chat_id`` or ``channel_id``.
_WITH_NAMED_ID: Final = frozenset(map(boxed_id, ("InputPeer", "InputUser", "InputChannel")))
#: Boxed types that hold a peer in ``peer``, or a user in ``user_id``.
_HOLDING_PEER: Final = frozenset(
    map(boxed_id, ("Dialog", "DialogPeer", "TopPeer", "contacts.ResolvedPeer", "InputNotifyPeer", "InputDialogPeer"))
)
_HOLDING_USER: Final = frozenset(map(boxed_id, ("ChatParticipant", "ChannelParticipant")))
_CHAT_FULL: Final = boxed_id("ChatFull")
_BASIC_GROUP_NAMES: Final = frozenset(("Chat", "ChatEmpty", "ChatForbidden", "ChatFull"))


def resolve_id(marked_id: int) -> tuple[int, PeerClass]:
    """The bare id and the `Peer` class a marked id stands for.

    Args:
        marked_id: a positive id of a user, or a negative one of a chat or channel.

    Returns:
        ``(id, class)``, where the class is `PeerUser`, `PeerChat` or `PeerChannel`.

    Example:
        >>> utils.resolve_id(-1000000000042)
        (42, <class 'telethon.tl.types.PeerChannel'>)
    """
    if marked_id >= 0:
        return marked_id, types.PeerUser
    bare_id = -marked_id
    if bare_id > _CHANNEL_MARK:
        return bare_id - _CHANNEL_MARK, types.PeerChannel
    return bare_id, types.PeerChat


def get_peer_id(peer: object, add_mark: bool = True) -> int:
    """The id of anything that stands for a user, chat or channel.

    Args:
        peer: a marked id, peer, input peer, user, chat, channel, full chat, dialog or participant.
        add_mark: whether chats and channels get the mark that tells them from users.

    Returns:
        the marked id (or the bare one, with ``add_mark=False``).

    Raises:
        TypeError: when no id can be told from *peer* alone, as with ``InputPeerSelf``.

    Source: https://core.telegram.org/api/bots/ids
    """
    if isinstance(peer, int):
        return peer if add_mark else resolve_id(peer)[0]

    found = _named_id(peer)
    if found is None:
        if isinstance(peer, types.InputPeerSelf):
            cannot_cast(peer, "int (you might want to use client.get_peer_id)")
        found = _named_id(_to_peer(peer, "int"))
        if found is None:
            cannot_cast(peer, "int")
    kind, bare_id = found
    if kind == "user_id":
        return bare_id
    if bare_id < 0:
        # An already marked id was put into the peer by mistake: the intention is clear enough.
        bare_id = resolve_id(bare_id)[0]
    if not add_mark:
        return bare_id
    return -bare_id if kind == "chat_id" else -(_CHANNEL_MARK + bare_id)


def get_peer(peer: object) -> types.TypePeer:
    """The `Peer` of anything that stands for a user, chat or channel.

    Args:
        peer: a marked id, peer, input peer, user, chat, channel, full chat, dialog or participant.

    Raises:
        TypeError: when the identity cannot be told from *peer* alone, as with ``InputPeerSelf``.
    """
    if isinstance(peer, int):
        bare_id, cls = resolve_id(peer)
        return cls(bare_id)
    return _to_peer(peer, "Peer")


_NAMED_IDS: Final = ("user_id", "chat_id", "channel_id")


def _named_id(peer: object) -> tuple[str, int] | None:
    """Which of the three kinds of id a `Peer` or input form carries, and its value."""
    boxed = boxed_type(peer)
    if boxed == _PEER or boxed in _WITH_NAMED_ID:
        for name in _NAMED_IDS:
            value: int | None = getattr(peer, name, None)
            if value is not None:
                return name, value
    return None


def _to_peer(peer: Any, target: str) -> types.TypePeer:
    boxed = boxed_type(peer)
    if boxed == _PEER:
        result: types.TypePeer = peer
        return result
    found = _named_id(peer)
    if found is not None:
        kind, bare_id = found
        if kind == "user_id":
            return types.PeerUser(bare_id)
        return types.PeerChat(bare_id) if kind == "chat_id" else types.PeerChannel(bare_id)
    if boxed == _USER:
        return types.PeerUser(peer.id)
    if boxed in (_CHAT, _CHAT_FULL):
        is_basic = any(cls.__name__ in _BASIC_GROUP_NAMES for cls in type(peer).__mro__)
        return types.PeerChat(peer.id) if is_basic else types.PeerChannel(peer.id)
    if boxed in _HOLDING_USER:
        user_id: int | None = getattr(peer, "user_id", None)
        if user_id is not None:
            return types.PeerUser(user_id)
    if boxed in _HOLDING_PEER or boxed in _HOLDING_USER:
        inner = getattr(peer, "peer", None)
        if inner is not None:
            return _to_peer(inner, target)
    cannot_cast(peer, target)


def get_display_name(entity: object) -> str:
    """The name applications show for a user, chat or channel; empty for anything else.

    Users have their first and last names joined, everyone else has a title.
    """
    boxed = boxed_type(entity)
    if boxed == _USER:
        parts: tuple[str | None, str | None] = (
            getattr(entity, "first_name", None),
            getattr(entity, "last_name", None),
        )
        return " ".join(part for part in parts if part)
    if boxed == _CHAT:
        title: str | None = getattr(entity, "title", None)
        return title or ""
    return ""


def _get_entity_pair(
    entity_id: int | None,
    entities: Mapping[int, object],
    cache: Any,
    get_input_peer: Callable[..., Any] = get_input_peer,
) -> tuple[Any, Any]:
    """The entity with the marked id *entity_id* and its input peer, each `None` when not known."""
    if not entity_id:
        return None, None
    entity = entities.get(entity_id)
    cached = cache.get(resolve_id(entity_id)[0])
    try:
        input_entity = cached._as_input_peer()
    except AttributeError:
        input_entity = None
    if not input_entity:
        try:
            input_entity = get_input_peer(entity)
        except TypeError:
            input_entity = None
    return entity, input_entity
