"""The world of the test server: what Telegram would keep in its databases, as plain data in memory."""

from __future__ import annotations

from telethon.testing.world.world import TELEGRAM, Options, World

__all__ = ["TELEGRAM", "Options", "World"]
