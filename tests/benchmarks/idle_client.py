"""A program that does nothing but be connected, for `bench_client`: it prints what it holds in memory then, in MiB.

It imports nothing else, because everything it imports would be counted.
"""

import asyncio
import sys

from telethon import TelegramClient
from telethon.crypto import AuthKey, rsa
from telethon.sessions import MemorySession

SESSION_KEY, PEM, HOST, PORT, API_ID, API_HASH = sys.argv[1:]


def memory() -> float:
    """What the process holds in memory."""
    with open("/proc/self/status") as status:
        line = next(line for line in status if line.startswith("VmRSS:"))
    return int(line.split()[1]) / 1024


async def main() -> None:
    """Connect, wait, look."""
    rsa.add_key(PEM, old=False)
    session = MemorySession()
    session.set_dc(2, HOST, int(PORT))
    session.auth_key = AuthKey(bytes.fromhex(SESSION_KEY))
    client = TelegramClient(session, int(API_ID), API_HASH)
    await client.connect()
    await asyncio.sleep(1)
    print(memory())
    await client.disconnect()


asyncio.run(main())
