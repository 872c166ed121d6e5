"""The bot, running on a server of its own, and people to talk to it. The fixtures `telegram_*` come with Telethon."""

from __future__ import annotations

import pytest
from bot import SETTINGS, TodoBot
from lists import Lists

from telethon.testing import Options


@pytest.fixture
def telegram_server_options():
    """A button or inline query that the bot does not answer fails the test after two seconds, not ten."""
    return {"options": Options(bot_timeout=2)}


@pytest.fixture
def lists(tmp_path):
    """Where the bot keeps its lists."""
    lists = Lists(tmp_path / "todo.sqlite")
    yield lists
    lists.close()


@pytest.fixture
async def bot(telegram_clients, telegram_bot, lists):
    """The bot; everything that it does goes over a real connection."""
    client = await telegram_clients(telegram_bot, **SETTINGS)
    bot = TodoBot(client, lists)
    bot.install()
    bot.resume()
    yield bot
    await bot.stop()


@pytest.fixture
def ann(telegram_server):
    """Somebody who uses it."""
    return telegram_server.create_user("Ann")


@pytest.fixture
def chat(bot, ann, telegram_bot):
    """The chat of Ann with the bot."""
    return ann.chat(telegram_bot)
