"""The rights of members: what a request about them carries.

Source: https://core.telegram.org/api/rights
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from telethon.tl import types

if TYPE_CHECKING:
    from telethon import hints

#: The rights of administrators that `edit_admin` knows.
ADMIN_RIGHTS: Final = (
    "change_info",
    "post_messages",
    "edit_messages",
    "delete_messages",
    "ban_users",
    "invite_users",
    "pin_messages",
    "add_admins",
    "anonymous",
    "manage_call",
)
#: The rights of members that `edit_permissions` knows, by the name that the schema has for them.
MEMBER_RIGHTS: Final = {
    "view_messages": "view_messages",
    "send_messages": "send_messages",
    "send_media": "send_media",
    "send_stickers": "send_stickers",
    "send_gifs": "send_gifs",
    "send_games": "send_games",
    "send_inline": "send_inline",
    "embed_link_previews": "embed_links",
    "send_polls": "send_polls",
    "change_info": "change_info",
    "invite_users": "invite_users",
    "pin_messages": "pin_messages",
}


def admin_rights(given: dict[str, bool | None], is_admin: bool | None) -> types.ChatAdminRights:
    """Rights as given, and *is_admin* for all that were not mentioned."""
    return types.ChatAdminRights(**{name: value if value is not None else is_admin for name, value in given.items()})


def banned_rights(allowed: dict[str, bool], until_date: hints.DateLike) -> types.ChatBannedRights:
    """The schema says what is forbidden, the opposite of what callers say."""
    return types.ChatBannedRights(
        until_date=until_date, **{MEMBER_RIGHTS[name]: not value for name, value in allowed.items()}
    )
