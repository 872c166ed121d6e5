"""Moves a file both ways with a published package that uses several connections of its own."""

import asyncio
import hashlib
import json
import os
import sys
from pathlib import Path

from aiofasttelethonhelper import fast_download, fast_upload

import telethon
from telethon import TelegramClient
from telethon.crypto import rsa
from telethon.sessions import MemorySession

INFO = json.loads(sys.stdin.readline())


def say(**line):
    print(json.dumps(line), flush=True)


def write(path, data):
    Path(path).write_bytes(data)


def read(path):
    return Path(path).read_bytes()


async def main():
    rsa.add_key(INFO["public_key_pem"], old=False)
    session = MemorySession()
    dc = INFO["default_dc"]
    session.set_dc(dc, *INFO["addresses"][str(dc)])
    client = TelegramClient(session, INFO["api_id"], INFO["api_hash"])
    await client.start(bot_token=INFO["bot"]["token"])
    data = os.urandom(11 * 1024 * 1024 + 123)
    write("big.bin", data)
    uploaded = await fast_upload(client, "big.bin")
    message = await client.send_file(INFO["user"]["username"], uploaded, force_document=True)
    say(step="up", ok=True, detail={"size": message.file.size, "module": telethon.__file__})
    os.mkdir("back")
    path = await fast_download(client, message, file_path="./back")
    back = read(path)
    say(step="down", ok=True, detail={"same": hashlib.sha256(back).digest() == hashlib.sha256(data).digest()})
    await client.disconnect()
    say(done=True)


asyncio.run(main())
