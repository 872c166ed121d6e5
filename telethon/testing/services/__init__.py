"""What the server answers, one module for each namespace of the API."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from telethon.testing.services._service import SERVED, Served

if TYPE_CHECKING:
    from telethon.tl.tlobject import TLRequest

__all__ = ["load"]

_MODULES = (
    "account",
    "address_book",
    "admin_log",
    "auth",
    "bot_settings",
    "bots",
    "browser",
    "business",
    "business_settings",
    "channel_admin",
    "channel_lists",
    "channel_members",
    "channel_settings",
    "channels",
    "chat_ownership",
    "chatlists",
    "chats",
    "checklists",
    "complaints",
    "contacts",
    "device_settings",
    "dialogs",
    "emoji_words",
    "folder_filters",
    "folders",
    "forwards",
    "games",
    "group_call_members",
    "group_calls",
    "help",
    "history",
    "history_import",
    "inline",
    "invite_links",
    "invites",
    "langpack",
    "languages",
    "messages",
    "music",
    "passport",
    "passwords",
    "payments",
    "phone_calls",
    "photos",
    "premium",
    "prepared",
    "privacy",
    "profile",
    "quick_replies",
    "reaction_lists",
    "reactions",
    "receipts",
    "reporting",
    "saved_messages",
    "searches",
    "secret_chats",
    "star_gift_shelves",
    "star_gifts",
    "star_refs",
    "stars",
    "stats",
    "sticker_making",
    "sticker_sets",
    "stickers",
    "stories",
    "story_albums",
    "story_views",
    "support",
    "themes",
    "threads",
    "tones",
    "topics",
    "updates",
    "upload",
    "usernames",
    "users",
    "verification",
    "wallpapers",
    "web_apps",
    "web_logins",
    "web_pages",
)


def load() -> dict[type[TLRequest[Any]], Served]:
    """All methods that the server knows, by the class of the request."""
    for name in _MODULES:
        import_module(f"telethon.testing.services.{name}")
    return SERVED
