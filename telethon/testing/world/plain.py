"""Messages as the schema has them, without the friendly methods that programs get: the server only writes them."""

from __future__ import annotations

from typing import Any

from telethon.tl._generated import overlaid

__all__ = ["PlainMessage", "PlainMessageEmpty", "PlainMessageService"]

# Not typed more closely: as far as the checkers know they are no kind of `types.TypeMessage`.
PlainMessage: Any = overlaid.Message
PlainMessageEmpty: Any = overlaid.MessageEmpty
PlainMessageService: Any = overlaid.MessageService
