"""Logs in with a session that a published package keeps in an SQL database, and again from what is stored."""

import asyncio
import json
import sys

from alchemysession import AlchemySessionContainer

import telethon
from telethon import TelegramClient
from telethon.crypto import rsa

INFO = json.loads(sys.stdin.readline())


def say(**line):
    print(json.dumps(line), flush=True)


async def main():
    rsa.add_key(INFO["public_key_pem"], old=False)
    engine = "sqlite:///sessions.db"
    session = AlchemySessionContainer(engine).new_session("bot")
    dc = INFO["default_dc"]
    session.set_dc(dc, *INFO["addresses"][str(dc)])
    client = TelegramClient(session, INFO["api_id"], INFO["api_hash"])
    await client.start(bot_token=INFO["bot"]["token"])
    sent = await client.send_message(INFO["user"]["username"], "from the first run")
    await client.disconnect()
    say(step="first", ok=True, detail={"text": sent.text, "module": telethon.__file__})

    session = AlchemySessionContainer(engine).new_session("bot")
    client = TelegramClient(session, INFO["api_id"], INFO["api_hash"])
    await client.connect()
    peer = await client.get_input_entity(INFO["user"]["id"])
    sent = await client.send_message(INFO["user"]["id"], "from the second run")
    known = session.get_input_entity(INFO["user"]["username"])
    await client.disconnect()
    say(step="second", ok=True, detail={"text": sent.text, "peer": type(peer).__name__, "same": peer == known})
    say(done=True)


asyncio.run(main())
