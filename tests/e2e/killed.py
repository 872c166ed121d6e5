"""A program that prints the texts that arrive, until it is killed; `test_killed.py` runs it.

Each line is a text, and with ``durable`` also the number of its delivery, whether it came again, and what the handler
does with it: it begins, it ends.
"""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from typing import Any


def tell(*what: Any) -> None:
    sys.stdout.write(json.dumps(what if len(what) > 1 else what[0]) + "\n")
    sys.stdout.flush()


async def main(session: str, dc_id: int, address: list[Any], pem: str, mode: str = "plain") -> None:
    from telethon import TelegramClient, events
    from telethon.crypto import rsa

    rsa.add_key(pem, old=False)
    options: dict[str, Any] = {"catch_up": True} if mode == "plain" else {"durable_updates": True}
    options["sequential_updates"] = mode == "sequential"
    client = TelegramClient(session, 12345, "0123456789abcdef0123456789abcdef", retry_delay=0, **options)

    @client.on(events.NewMessage(incoming=True))
    async def note(event: Any) -> None:
        if mode == "plain":
            tell(event.raw_text)
            return
        delivery = events.delivery_of(event)
        assert delivery is not None
        tell("begin", event.raw_text, delivery.id, event.is_redelivered)
        # Some take longer, so that a kill finds them in the middle.
        await asyncio.sleep(0.02 * (delivery.id % 3))
        if delivery.id % 2:
            await event.acknowledge(
                lambda connection: connection.execute("insert into seen values (?)", (delivery.id,))
            )
        tell("end", event.raw_text, delivery.id, event.is_redelivered)

    if mode != "plain":
        client.session._execute("create table if not exists seen (id integer)")
        client.session.save()
    await client.connect()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, client.disconnect)
    tell("ready")
    await client.run_until_disconnected()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), json.loads(sys.argv[3]), *sys.argv[4:]))
