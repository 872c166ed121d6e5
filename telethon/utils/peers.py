"""Identifiers of users, chats and channels: marked ids, `Peer` objects, names.

A *marked* id is one integer for any peer. Users keep their id, basic groups have it negated, and channels (which
include supergroups) become ``-(10**12 + channel_id)``.

Source: https://core.telegram.org/api/bots/ids
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from telethon.tl import types

from ._boxed import boxed_id, boxed_type, cannot_cast
from .inputs import get_input_peer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import TypeAlias

    PeerClass: TypeAlias = "type[types.PeerUser] | type[types.PeerChat] | type[types.PeerChannel]"

__all__ = ["_get_entity_pair", "get_display_name", "get_peer", "get_peer_id", "resolve_id"]

_CHANNEL_MARK: Final = 1_000_000_000_000

_PEER: Final = boxed_id("Peer")
_USER: Final = boxed_id("User")
_CHAT: Final = boxed_id("Chat")

_CHAT_FULL: Final = boxed_id("ChatFull")
_BASIC_GROUP_NAMES: Final = frozenset(("Chat", "ChatEmpty", "ChatForbidden", "ChatFull"))
#: Boxed types whose constructors name the id after the kind of peer, if they have one.
_WITH_NAMED_ID: Final = frozenset(map(boxed_id, ("Peer", "InputPeer", "InputUser", "InputChannel")))
#: Boxed types that hold a user in ``user_id``, or a peer in ``peer``.
_HOLDING_USER: Final = frozenset(map(boxed_id, ("ChatParticipant", "ChannelParticipant")))
_HOLDING_PEER: Final = frozenset(
    map(boxed_id, ("Dialog", "DialogPeer", "TopPeer", "contacts.ResolvedPeer", "InputNotifyPeer", "InputDialogPeer"))
)

_NAMED_IDS: Final = ("user_id", "chat_id", "channel_id")
#: Of a class: the attribute that has the id and what kind of id it is (``"peer"`` when it holds the peer itself).
_FIELDS: Final[dict[type[object], tuple[str, str] | None]] = {}


def _id_field(peer: object) -> tuple[str, str] | None:
    """Where *peer* has its id, and what kind of id that is; `None` when it has none."""
    cls = type(peer)
    try:
        return _FIELDS[cls]
    except KeyError:
        found = _FIELDS[cls] = _find_id_field(peer, cls)
        return found


def _find_id_field(peer: object, cls: type[object]) -> tuple[str, str] | None:
    boxed = boxed_type(peer)
    if boxed == _USER:
        return "id", "user_id"
    if boxed in (_CHAT, _CHAT_FULL):
        is_basic = any(base.__name__ in _BASIC_GROUP_NAMES for base in cls.__mro__)
        return "id", "chat_id" if is_basic else "channel_id"
    if boxed in _WITH_NAMED_ID:
        return next(((name, name) for name in _NAMED_IDS if hasattr(peer, name)), None)
    if boxed in _HOLDING_USER and hasattr(peer, "user_id"):
        return "user_id", "user_id"
    if (boxed in _HOLDING_USER or boxed in _HOLDING_PEER) and hasattr(peer, "peer"):
        return "peer", "peer"
    return None


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

    Example:
        >>> utils.get_peer_id(types.PeerChannel(42))
        -1000000000042

    Source: https://core.telegram.org/api/bots/ids
    """
    if isinstance(peer, int):
        return peer if add_mark else resolve_id(peer)[0]

    field = _id_field(peer)
    if field is None:
        hint = " (you might want to use client.get_peer_id)" if isinstance(peer, types.InputPeerSelf) else ""
        cannot_cast(peer, "int" + hint)
    attribute, kind = field
    value: Any = getattr(peer, attribute)
    if kind == "user_id":
        user_id: int = value
        return user_id
    if kind == "peer":
        return get_peer_id(value, add_mark)
    bare_id: int = value
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

    Example:
        >>> print(utils.get_peer(-1000000000042))
    """
    if isinstance(peer, int):
        bare_id, cls = resolve_id(peer)
        return cls(bare_id)
    if boxed_type(peer) == _PEER:
        return cast("types.TypePeer", peer)
    field = _id_field(peer)
    if field is None:
        cannot_cast(peer, "Peer")
    attribute, kind = field
    value: Any = getattr(peer, attribute)
    if kind == "user_id":
        return types.PeerUser(value)
    if kind == "chat_id":
        return types.PeerChat(value)
    return types.PeerChannel(value) if kind == "channel_id" else get_peer(value)


def get_display_name(entity: object) -> str:
    """The name applications show for a user, chat or channel; empty for anything else.

    Users have their first and last names joined, everyone else has a title.

    Args:
        entity: a user, chat or channel.

    Example:
        >>> print(utils.get_display_name(await client.get_me()))
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
