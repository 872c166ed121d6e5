"""What kind of thing each update is: in which box it counts, and how differences become updates.

Source: https://core.telegram.org/api/updates
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from telethon.tl import types

__all__ = ["Shape", "made_updates", "shape_of"]


class Shape:
    """How an update, or a container of updates, is to be read."""

    #: Counts nowhere: what somebody is doing, settings and the like.
    PLAIN: Final = 0
    #: Counts in the box of the account, by ``pts``.
    ACCOUNT: Final = 1
    #: Counts in the secret box, by ``qts``.
    SECRET: Final = 2
    #: Counts in the box of the channel in ``channel_id``.
    CHANNEL: Final = 3
    #: Counts in the box of the channel in which its message is.
    CHANNEL_MESSAGE: Final = 4
    #: Tells the count of a channel without raising it.
    CHANNEL_HINT: Final = 5
    #: Tells that a channel has more to tell.
    CHANNEL_TOO_LONG: Final = 6
    #: A container of one update.
    SHORT: Final = 10
    #: A container of many updates, numbered by ``seq``.
    MANY: Final = 11
    #: The same, for several numbers at once.
    COMBINED: Final = 12
    #: Tells that there is too much to be sent.
    TOO_LONG: Final = 13


_BY_NAME: Final = {
    "UpdateShort": Shape.SHORT,
    "Updates": Shape.MANY,
    "UpdatesCombined": Shape.COMBINED,
    "UpdatesTooLong": Shape.TOO_LONG,
    "UpdateChannelTooLong": Shape.CHANNEL_TOO_LONG,
    "UpdateReadChannelInbox": Shape.CHANNEL_HINT,
}

#: Found once for each class; the class of each update is looked up here.
SHAPES: Final[dict[type[Any], int]] = {}


def shape_of(update: Any) -> int:
    """How this update is to be read; one of the numbers in `Shape`."""
    cls: type[Any] = update.__class__
    shape = SHAPES.get(cls)
    if shape is None:
        shape = SHAPES[cls] = _find_shape(update, cls)
    return shape


def _find_shape(update: Any, cls: type[Any]) -> int:
    # By name, because a program may put classes of its own in the place of ours.
    for base in cls.__mro__:
        if base.__name__ in _BY_NAME:
            return _BY_NAME[base.__name__]
    if hasattr(update, "qts"):
        return Shape.SECRET
    if not hasattr(update, "pts") or not hasattr(update, "pts_count"):
        return Shape.PLAIN
    if hasattr(update, "channel_id"):
        return Shape.CHANNEL
    return Shape.CHANNEL_MESSAGE if "Channel" in cls.__name__ else Shape.ACCOUNT


def made_updates(answer: Any, entities: Mapping[int, Any]) -> list[Any]:
    """The updates that a difference stands for, in the order in which they happened as far as that is told.

    Args:
        answer: a difference, of the account or of a channel.
        entities: the users and chats that came with it, by marked id; each update gets them.
    """
    made: list[Any] = []
    # Which ``random_id`` became which message goes before the messages, as it does in an answer.
    others: Iterable[Any] = answer.other_updates
    made.extend(update for update in others if isinstance(update, types.UpdateMessageID))
    for message in answer.new_messages:
        if isinstance(getattr(message, "peer_id", None), types.PeerChannel):
            made.append(types.UpdateNewChannelMessage(message, 0, 0))
        else:
            made.append(types.UpdateNewMessage(message, 0, 0))
    for message in getattr(answer, "new_encrypted_messages", ()):
        made.append(types.UpdateNewEncryptedMessage(message, 0))
    made.extend(update for update in others if not isinstance(update, types.UpdateMessageID))
    for update in made:
        update._entities = entities
    return made
