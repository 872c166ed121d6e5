"""Updates inside of answers: what a request changed is told to the one who made it, and to nobody else."""

from __future__ import annotations

from typing import Any

__all__ = ["is_update", "own_update"]

_UPDATES = 0x8AF52AAC
"""The number of the type `Updates`."""

_AFFECTED = frozenset((0x84D19185, 0xB45C69D1, 0xEF8D3E6C))
"""messages.affectedMessages, affectedHistory and affectedFoundMessages."""

_WITH_UPDATES = frozenset((0x7F5DEFA6, 0x4E5F810D, 0x445663A7))
"""messages.invitedUsers, payments.paymentResult and messages.chatInviteJoinResultOk."""


def is_update(value: object) -> bool:
    """Whether something is of the type `Updates`.

    Source: https://core.telegram.org/type/Updates
    """
    return getattr(type(value), "SUBCLASS_OF_ID", None) == _UPDATES


def own_update(result: Any, request: Any) -> Any:
    """The updates in an answer, marked as the client's own doing; None when there are none.

    Some answers only say how far deleting or reading has moved the count of events. That becomes an update without
    content, or the count would have a hole.

    Args:
        result: the answer.
        request: what it answers.

    Source: https://core.telegram.org/api/updates#message-related-event-sequences
    """
    cls: Any = result.__class__
    number = getattr(cls, "CONSTRUCTOR_ID", None)
    if number is None:
        return None
    found: Any
    if cls.SUBCLASS_OF_ID == _UPDATES:
        found = result
    elif number in _AFFECTED:
        found = _moved_count(result, request)
    elif number in _WITH_UPDATES:
        found = result.updates
    else:
        return None
    found._self_outgoing = True
    return found


def _class(value: object) -> Any:
    return type(value)


def _moved_count(result: Any, request: Any) -> Any:
    from telethon.tl import types

    channel_id = _channel_of(request)
    update: Any
    if channel_id is None:
        update = types.UpdateDeleteMessages([], result.pts, result.pts_count)
    else:
        update = types.UpdateDeleteChannelMessages(channel_id, [], result.pts, result.pts_count)
    return types.UpdateShort(update, None)


def _channel_of(request: Any) -> int | None:
    """The channel whose own count of events a request moves; None when it is that of the account."""
    inner = request
    while hasattr(_class(getattr(inner, "query", None)), "CONSTRUCTOR_ID"):
        inner = inner.query
    for name in ("channel", "peer"):
        found = getattr(getattr(inner, name, None), "channel_id", None)
        if isinstance(found, int):
            return found
    return None
