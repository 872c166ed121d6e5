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
    "admin_log",
    "auth",
    "bots",
    "business",
    "channels",
    "channel_admin",
    "channel_members",
    "chats",
    "contacts",
    "dialogs",
    "folder_filters",
    "folders",
    "games",
    "help",
    "history",
    "inline",
    "invite_links",
    "invites",
    "langpack",
    "messages",
    "passwords",
    "photos",
    "payments",
    "privacy",
    "premium",
    "reactions",
    "reporting",
    "stats",
    "stickers",
    "stories",
    "threads",
    "topics",
    "updates",
    "upload",
    "users",
    "web_apps",
    "web_pages",
)


def load() -> dict[type[TLRequest[Any]], Served]:
    """All methods that the server knows, by the class of the request."""
    for name in _MODULES:
        import_module(f"telethon.testing.services.{name}")
    return SERVED
