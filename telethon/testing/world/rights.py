"""Who may do what in groups and channels.

Source: https://core.telegram.org/api/rights
"""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.tl import types

if TYPE_CHECKING:
    from telethon.testing.world.records import Channel, Group, Member

__all__ = [
    "FULL_RIGHTS",
    "NOTHING_BANNED",
    "check_admin",
    "check_member",
    "check_may_post",
    "has_right",
    "in_channel",
    "in_force",
    "is_restricted",
    "moment",
    "needed_right",
    "unix",
]

FULL_RIGHTS = types.ChatAdminRights(
    change_info=True,
    post_messages=True,
    edit_messages=True,
    delete_messages=True,
    ban_users=True,
    invite_users=True,
    pin_messages=True,
    add_admins=True,
    manage_call=True,
    other=True,
    manage_topics=True,
    post_stories=True,
    edit_stories=True,
    delete_stories=True,
    manage_direct_messages=True,
    manage_ranks=True,
)
"""What a creator may do."""

NOTHING_BANNED = types.ChatBannedRights(until_date=0)
"""The default of a new group: everybody may do everything."""

_FOREVER = 0x7FFFFFFF

_SEND_RIGHTS = {
    "photo": "send_photos",
    "video": "send_videos",
    "gif": "send_gifs",
    "sticker": "send_stickers",
    "voice": "send_voices",
    "round": "send_roundvideos",
    "audio": "send_audios",
    "document": "send_docs",
    "poll": "send_polls",
}


def needed_right(kinds: frozenset[str]) -> str:
    """The restriction that would forbid to send something with these kinds of media; for plain text an empty set."""
    for kind in kinds:
        if kind in _SEND_RIGHTS:
            return _SEND_RIGHTS[kind]
    return "send_plain" if not kinds else "send_media"


def in_channel(channel: Channel, user_id: int) -> Member:
    """The membership of somebody who is in the channel.

    Raises:
        RpcFault: CHANNEL_PRIVATE or USER_NOT_PARTICIPANT.
    """
    member = channel.members.get(user_id)
    if channel.deleted or (member is not None and member.banned is not None and member.banned.view_messages):
        raise RpcFault(400, "CHANNEL_PRIVATE")
    if member is None or member.left:
        raise RpcFault(400, "USER_NOT_PARTICIPANT" if channel.username else "CHANNEL_PRIVATE")
    return member


def check_member(group: Group, user_id: int) -> Member:
    """The membership of somebody who is in the basic group.

    Raises:
        RpcFault: CHAT_ID_INVALID, PEER_ID_INVALID or CHAT_WRITE_FORBIDDEN.
    """
    member = group.members.get(user_id)
    if group.deactivated:
        raise RpcFault(400, "CHAT_ID_INVALID" if group.migrated_to is None else "PEER_ID_INVALID")
    if member is None:
        raise RpcFault(400, "CHAT_ID_INVALID")
    if not member.present:
        raise RpcFault(403, "CHAT_WRITE_FORBIDDEN")
    return member


def has_right(room: Channel | Group, user_id: int, right: str) -> bool:
    """Whether an administrator has a right; the creator has all."""
    if room.creator == user_id:
        return True
    member = room.members.get(user_id)
    return member is not None and member.present and member.admin is not None and bool(getattr(member.admin, right))


def check_admin(room: Channel | Group, user_id: int, right: str) -> None:
    """Raise what the server says to those who are not allowed.

    Raises:
        RpcFault: CHAT_ADMIN_REQUIRED.
    """
    if not has_right(room, user_id, right):
        raise RpcFault(400, "CHAT_ADMIN_REQUIRED")


def _forbids(rights: types.ChatBannedRights | None, right: str) -> bool:
    if rights is None:
        return False
    if not right.startswith("send_"):
        return bool(getattr(rights, right))
    media = right != "send_plain" and bool(rights.send_media)
    return bool(getattr(rights, right)) or bool(rights.send_messages) or media


def in_force(rights: types.ChatBannedRights | None, now: int) -> types.ChatBannedRights | None:
    """Restrictions that have not run out."""
    if rights is None:
        return None
    until = unix(rights.until_date)
    return rights if until in (0, _FOREVER) or until > now else None


def unix(moment: object) -> int:
    """A date of the schema as Unix time."""
    if moment is None:
        return 0
    return int(moment) if isinstance(moment, (int, float)) else int(moment.timestamp())  # type: ignore[attr-defined]


def moment(date: int) -> datetime:
    """A Unix time as a date of the schema."""
    return datetime.fromtimestamp(date, timezone.utc)


def is_restricted(room: Channel | Group, user_id: int, right: str, now: int) -> bool:
    """Whether somebody is forbidden to do something, alone or as every ordinary member is."""
    member = room.members.get(user_id)
    if room.creator == user_id or (member is not None and member.admin is not None):
        return False
    own = in_force(member.banned, now) if member is not None else None
    return _forbids(own, right) or (_forbids(room.default_banned, right) and not _freed(room, user_id))


def _freed(room: Channel | Group, user_id: int) -> bool:
    """Whether an account has boosted a supergroup so often that what ordinary members may not do does not bind it."""
    needed: int = getattr(getattr(room, "traits", None), "boosts_unrestrict", 0)
    # An account has one boost to give.
    return needed == 1 and user_id in getattr(room, "boosts", ())


def check_may_post(room: Channel | Group, user_id: int, right: str, now: int) -> None:
    """Raise what the server says to those who may not write here.

    Raises:
        RpcFault: CHAT_ADMIN_REQUIRED, USER_BANNED_IN_CHANNEL, CHAT_WRITE_FORBIDDEN, or the error of the kind of media.
    """
    if getattr(room, "broadcast", False):
        check_admin(room, user_id, "post_messages")
        return
    if not is_restricted(room, user_id, right, now):
        return
    member = room.members.get(user_id)
    own = in_force(member.banned, now) if member is not None else None
    if own is not None and own.send_messages:
        raise RpcFault(400, "USER_BANNED_IN_CHANNEL")
    if room.default_banned is not None and room.default_banned.send_messages:
        raise RpcFault(403, "CHAT_WRITE_FORBIDDEN")
    raise RpcFault(403, f"CHAT_{right.upper()}_FORBIDDEN")
