"""A program that runs until Ctrl-C, written in one of several ways; `test_interrupted.py` runs it."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any


def tell(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def make(session: str, dc_id: int, address: list[Any], pem: str) -> Any:
    from telethon import TelegramClient, events
    from telethon.crypto import rsa

    rsa.add_key(pem, old=False)
    client = TelegramClient(session, 12345, "0123456789abcdef0123456789abcdef", retry_delay=0)

    @client.on(events.NewMessage(incoming=True))
    async def note(event: Any) -> None:
        tell(event.raw_text)
        # Still at work when the program is interrupted.
        await asyncio.sleep(100)

    return client


def with_block(client: Any) -> None:
    with client:
        tell("ready")
        client.run_until_disconnected()
    tell("over")


def start(client: Any) -> None:
    client.start()
    tell("ready")
    client.run_until_disconnected()
    tell("over")


def loop(client: Any) -> None:
    client.loop.run_until_complete(client.connect())
    tell("ready")
    client.loop.run_until_complete(client.get_me())
    client.run_until_disconnected()
    tell("over")


def coroutine(client: Any) -> None:
    async def main() -> None:
        async with client:
            tell("ready")
            await client.run_until_disconnected()

    try:
        asyncio.run(main())
    except KeyboardInterrupt:
        tell("over")


if __name__ == "__main__":
    ways = {"with": with_block, "start": start, "loop": loop, "coroutine": coroutine}
    ways[sys.argv[1]](make(sys.argv[2], int(sys.argv[3]), json.loads(sys.argv[4]), sys.argv[5]))
