"""A bot that repeats what it is told.

Against Telegram, with a token from @BotFather and an API ID and hash from my.telegram.org:

    API_ID=12345 API_HASH=0123456789abcdef BOT_TOKEN=123:abc python examples/echo_bot.py

Against a server inside this process, without an account or a network:

    python examples/echo_bot.py --offline
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys

from telethon import Button, TelegramClient, events


def install(client: TelegramClient) -> None:
    """Teach a client to be the bot."""

    @client.on(events.NewMessage(pattern="/start"))
    async def start(event):
        await event.respond(
            "Write something and I will repeat it.", buttons=[Button.inline("What can you do?", b"help")]
        )
        raise events.StopPropagation

    @client.on(events.NewMessage(incoming=True))
    async def echo(event):
        await event.reply(event.message)

    @client.on(events.CallbackQuery(data=b"help"))
    async def explain(event):
        await event.answer("Repeat things. That is all.", alert=True)


async def online() -> None:
    """Be the bot on Telegram until Ctrl-C."""
    try:
        api_id, api_hash, token = (os.environ[name] for name in ("API_ID", "API_HASH", "BOT_TOKEN"))
    except KeyError as missing:
        sys.exit(f"Set {missing.args[0]} first, or run with --offline")
    client = TelegramClient("echo_bot", api_id, api_hash)
    install(client)
    await client.start(bot_token=token)
    print("Listening; stop me with Ctrl-C.")
    await client.run_until_disconnected()


async def offline() -> None:
    """Be the bot on a server of our own, and talk to it once."""
    from telethon.testing import TelegramTestServer

    async with TelegramTestServer() as server:
        bot, user = server.create_bot("Echo", "echo_bot"), server.create_user("Ann")
        async with server.client(bot) as client:
            install(client)
            chat = user.chat(bot)
            for text in ("/start", "Hello!", "It works **offline**."):
                await chat.send(text)
                print(f"Ann:  {text}")
                print(f"bot:  {(await chat.expect_reply()).text}")


def main() -> None:
    """Choose where to run."""
    parser = argparse.ArgumentParser(description="A bot that repeats what it is told.")
    parser.add_argument("--offline", action="store_true", help="run on a server inside this process")
    arguments = parser.parse_args()
    try:
        asyncio.run(offline() if arguments.offline else online())
    except KeyboardInterrupt:
        print("Stopped.")


if __name__ == "__main__":
    main()
