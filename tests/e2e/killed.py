"""A program that prints the texts that arrive, until it is killed; `test_killed.py` runs it."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any


async def main(session: str, dc_id: int, address: list[Any], pem: str) -> None:
    from telethon import TelegramClient, events
    from telethon.crypto import rsa

    rsa.add_key(pem, old=False)
    client = TelegramClient(session, 12345, "0123456789abcdef0123456789abcdef", catch_up=True, retry_delay=0)

    @client.on(events.NewMessage(incoming=True))
    async def note(event: Any) -> None:
        sys.stdout.write(json.dumps(event.raw_text) + "\n")
        sys.stdout.flush()

    await client.connect()
    await client.run_until_disconnected()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), json.loads(sys.argv[3]), sys.argv[4]))
