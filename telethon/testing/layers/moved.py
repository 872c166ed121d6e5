"""What was said in another way in older layers: methods that had another name, answers that had another type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from telethon.tl import types

if TYPE_CHECKING:
    from telethon.testing.layers.dialect import Dialect

__all__ = ["METHODS", "as_now", "as_then"]

METHODS = {
    f"channels.{name}": f"messages.{name}"
    for name in (
        "createForumTopic",
        "deleteTopicHistory",
        "editForumTopic",
        "getForumTopics",
        "getForumTopicsByID",
        "reorderPinnedForumTopics",
        "updatePinnedForumTopic",
    )
}
"""Methods by the name they had."""

_NEW = {"hash": 0, "limit": 100, "offset": "", "option": b"", "poll_hash": 0, "tabs": False}
"""Values for fields that a client of an older layer does not know, where they cannot be left out."""

_WITHIN: dict[type, str] = {
    types.messages.ChatInviteJoinResultOk: "updates",
    types.messages.InvitedUsers: "updates",
    types.messages.WebPagePreview: "media",
    types.messages.WebPage: "webpage",
    types.messages.DialogFilters: "filters",
}
"""Answers that were, before they came, what is in them now."""

_UNKNOWN = {
    types.MessageMediaUnsupported.SUBCLASS_OF_ID: types.MessageMediaUnsupported(),
    types.MessageActionEmpty.SUBCLASS_OF_ID: types.MessageActionEmpty(),
}
"""What stands, by its type, for things that came later."""


def as_now(values: dict[str, Any], fields: frozenset[str]) -> dict[str, Any]:
    """The arguments of a class for what a client of an older layer has said.

    Args:
        values: by the names they had.
        fields: arguments that the class takes.
    """
    if "reply_to" in fields and "reply_to" not in values:
        topic: int | None = values.get("top_msg_id")
        reply: int | None = values.get("reply_to_msg_id") or topic
        if reply:
            values["reply_to"] = types.InputReplyToMessage(reply, top_msg_id=topic)
    channel = values.get("channel")
    if "peer" in fields and "peer" not in values and isinstance(channel, types.InputChannel):
        values["peer"] = types.InputPeerChannel(channel.channel_id, channel.access_hash)
    for name, value in _NEW.items():
        if name in fields:
            values.setdefault(name, value)
    return {name: value for name, value in values.items() if name in fields}


def as_then(dialect: Dialect, obj: Any) -> Any:
    """What a client is told in place of *obj*; None when there is nothing it could be told."""
    if not dialect.lacks(obj):
        if isinstance(obj, types.UpdateShort) and as_then(dialect, obj.update) is None:
            return types.Updates([], [], [], obj.date, 0)
        return obj
    if isinstance(obj, types.ReportResultReported):
        return True
    within = _WITHIN.get(obj.__class__)
    return getattr(obj, within) if within else _UNKNOWN.get(obj.SUBCLASS_OF_ID)
