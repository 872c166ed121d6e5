"""Reminders and limits. Hours pass at once: all of this runs in a loop with virtual time."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

import pytest
from bot import PATIENCE, SETTINGS, TodoBot
from lists import Lists

from telethon.testing import TelegramTestServer, run_virtual

MINUTE = 60
HOUR = 60 * MINUTE


@asynccontextmanager
async def running(server, session, lists):
    """The bot, from its start to its end."""
    clock = asyncio.get_running_loop().clock
    client = server.client(session=session, **SETTINGS)
    bot = TodoBot(client, lists, now=lambda: clock.now().wall)
    bot.install()
    async with client:
        bot.resume()
        yield
        await bot.stop()


def test_a_reminder_comes_in_time():
    async def main():
        async with TelegramTestServer() as server:
            robot = server.create_bot("To-do", "todo_bot")
            chat = server.create_user("Ann").chat(robot)
            async with running(server, server.client_session(robot), Lists()):
                await chat.send("/remind 30 tea")
                assert (await chat.expect_reply()).text == "In 30 minutes."
                await chat.expect_silence(29 * MINUTE)
                assert (await chat.expect_reply(2 * MINUTE)).text == "Remember: tea"
                await chat.expect_silence(2 * HOUR)

    run_virtual(main())


@pytest.mark.parametrize("away", [10 * MINUTE, 5 * HOUR])
def test_a_reminder_survives_a_restart(tmp_path, away):
    async def main():
        async with TelegramTestServer() as server:
            robot = server.create_bot("To-do", "todo_bot")
            session = server.client_session(robot)
            chat = server.create_user("Ann").chat(robot)
            async with running(server, session, Lists(tmp_path / "todo.sqlite")):
                await chat.send("/remind 30 tea")
                await chat.expect_reply()
            await asyncio.sleep(away)
            async with running(server, session, Lists(tmp_path / "todo.sqlite")):
                assert (await chat.expect_reply(30 * MINUTE)).text == "Remember: tea"
                await asyncio.sleep(1)  # the bot learns that it was sent, and writes that down
            async with running(server, session, Lists(tmp_path / "todo.sqlite")):
                await chat.expect_silence(HOUR)

    run_virtual(main())


def test_nobody_says_yes():
    async def main():
        async with TelegramTestServer() as server:
            robot = server.create_bot("To-do", "todo_bot")
            ann, lists = server.create_user("Ann"), Lists()
            lists.add(ann.id, "milk")
            async with running(server, server.client_session(robot), lists):
                chat = ann.chat(robot)
                await chat.send("/clear")
                await chat.expect_reply()
                assert "I keep it" in (await chat.expect_reply(PATIENCE + 1)).text
                await chat.send("yes")  # too late
                await chat.expect_silence(HOUR)
                assert len(lists.of(ann.id)) == 1

    run_virtual(main())
