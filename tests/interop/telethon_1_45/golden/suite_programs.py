"""Whole programs, each in a process of its own: the blocks of the README, the examples, and scripts of all kinds."""

import asyncio
import json
import os
import sys
import tempfile
from pathlib import Path

from recorder import INFO

from telethon.sessions import SQLiteSession, StringSession

PRELUDE = """
import asyncio, json, sys, threading, types as _types
INFO = json.loads(sys.stdin.readline())
api_id, api_hash = INFO["api_id"], INFO["api_hash"]
from telethon.crypto import rsa
rsa.add_key(INFO["public_key_pem"], old=False)
IDS, TOKEN = INFO["ids"], INFO["token"]

def new_session():
    from telethon.sessions import MemorySession
    session = MemorySession()
    session.set_dc(INFO["default_dc"], *INFO["addresses"][str(INFO["default_dc"])])
    return session

def said(call):
    try:
        return call()
    except Exception as error:
        return f"{type(error).__name__}: {error}"
"""

PROGRAMS = {
    "sync: dialogs and messages": """
from telethon.sync import TelegramClient
with TelegramClient("anon", api_id, api_hash) as client:
    print([dialog.name for dialog in client.iter_dialogs()], client.get_me().first_name)
    sent = client.send_message("bob_gold", "from a script")
    print(sent.edit("changed").text, sent.reply("a reply").text, sent.get_chat().username)
    print([message.text for message in client.iter_messages("bob_gold", limit=3)])
    print(client.get_messages("bob_gold", search="number 1", limit=2).total)
    print(len(client.download_media(client.get_messages("bob_gold", search="a photo")[0], bytes)))
    print([user.first_name for user in client.iter_participants("talk_gold")])
    print(client.is_connected(), client.loop.is_running())
print(client.is_connected())
""",
    "sync: contexts": """
from telethon.sync import TelegramClient
client = TelegramClient("anon", api_id, api_hash)
client.connect()
with client.action("bob_gold", "typing"):
    client.send_message("bob_gold", "typed")
with client.conversation("bob_gold", timeout=1) as talk:
    print(type(talk).__name__)
with client.takeout() as takeout:
    print(takeout.get_messages("bob_gold", limit=1)[0].text)
print(client.is_user_authorized(), client.get_peer_id("bob_gold") == IDS["bob"])
client.disconnect()
print(client.is_connected())
""",
    "asyncio: sync within a loop": """
from telethon.sync import TelegramClient
async def main():
    async with TelegramClient("anon", api_id, api_hash) as client:
        asked = client.get_me()
        print(asyncio.iscoroutine(asked), (await asked).username)
        print([message.text async for message in client.iter_messages("bob_gold", limit=1)])
        print(said(lambda: [one for one in client.iter_messages("bob_gold", limit=1)])[:12])
asyncio.run(main())
""",
    "sync: a bot in one line": """
from telethon.sync import TelegramClient
bot = TelegramClient(new_session(), api_id, api_hash).start(bot_token=TOKEN)
print(type(bot).__name__, bot.get_me().username, bot.is_bot())
bot.send_message(IDS["ann"], "from a bot")
bot.disconnect()
""",
    "sync: raw requests": """
from telethon.sync import TelegramClient
from telethon import functions
client = TelegramClient("anon", api_id, api_hash)
client.start()
print(client(functions.users.GetFullUserRequest("bob_gold")).users[0].first_name)
print(said(lambda: client(functions.contacts.ResolveUsernameRequest("nobody_gold")))[:25])
print(said(lambda: client.send_message("nobody_gold", "x")))
client.disconnect()
""",
    "sync: QR and QRLogin": """
from telethon.sync import TelegramClient
client = TelegramClient(new_session(), api_id, api_hash)
client.connect()
qr = client.qr_login()
print(qr.url[:17], said(lambda: qr.wait(0.05)), qr.recreate())
client.disconnect()
""",
    "plain: run_until_complete": """
from telethon import TelegramClient
client = TelegramClient("anon", api_id, api_hash)
async def main():
    me = await client.get_me()
    print(me.username, client.loop is asyncio.get_running_loop())
    await client.send_message("me", "x")
with client:
    client.loop.run_until_complete(main())
print(client.is_connected())
""",
    "plain: start gives the client": """
from telethon import TelegramClient
client = TelegramClient("anon", api_id, api_hash).start()
print(type(client).__name__, client.is_connected())
me = client.get_me()
print(asyncio.iscoroutine(me), client.loop.run_until_complete(me).username)
client.disconnect()
print(client.is_connected())
""",
    "twice: asyncio.run": """
from telethon import TelegramClient
client = TelegramClient("anon", api_id, api_hash)
async def main():
    await client.connect()
    print((await client.get_me()).username)
async def again():
    print((await client.get_me()).username)
asyncio.run(main())
try:
    asyncio.run(again())
except Exception as error:
    print(type(error).__name__)
""",
    "asyncio: made outside, used inside": """
from telethon import TelegramClient, events
client = TelegramClient("anon", api_id, api_hash)
@client.on(events.NewMessage)
async def handler(event): pass
async def main():
    async with client:
        print((await client.get_me()).username, len(client.list_event_handlers()))
asyncio.run(main())
""",
    "plain: iterators without a loop": """
from telethon import TelegramClient
client = TelegramClient("anon", api_id, api_hash)
client.start()
print([message.text for message in client.iter_messages("bob_gold", limit=2)])
print([dialog.name for dialog in client.iter_dialogs(limit=2)])
client.disconnect()
""",
    "threads: a client in a thread": """
from telethon import TelegramClient
def work():
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    client = TelegramClient("anon", api_id, api_hash, loop=loop)
    client.start()
    print(loop.run_until_complete(client.get_me()).username)
    client.disconnect()
thread = threading.Thread(target=work)
thread.start()
thread.join()
""",
    "threads: asked from another thread": """
from telethon import TelegramClient
loop = asyncio.new_event_loop()
threading.Thread(target=loop.run_forever, daemon=True).start()
ask = lambda work: asyncio.run_coroutine_threadsafe(work, loop).result(10)
async def make():
    client = TelegramClient("anon", api_id, api_hash)
    await client.connect()
    return client
client = ask(make())
print(ask(client.get_me()).username, ask(client.send_message("me", "from a thread")).text)
async def end(): await client.disconnect()
ask(end())
print(client.is_connected())
""",
    "threads: sync in a thread": """
from telethon.sync import TelegramClient
def work():
    asyncio.set_event_loop(asyncio.new_event_loop())
    with TelegramClient("anon", api_id, api_hash) as client:
        print(client.get_me().username, [one.text for one in client.iter_messages("bob_gold", limit=1)])
thread = threading.Thread(target=work)
thread.start()
thread.join()
""",
    "handlers: in a script": """
from telethon import TelegramClient, events
client = TelegramClient("anon", api_id, api_hash)
heard = []
@client.on(events.NewMessage(outgoing=False))
async def handler(event):
    heard.append(event.raw_text)
    await event.reply("heard")
    await client.disconnect()
client.start()
print("ready", flush=True)
client.run_until_disconnected()
print(heard, client.is_connected())
""",
    "asyncio: disconnecting without await": """
from telethon import TelegramClient
async def main():
    client = TelegramClient("anon", api_id, api_hash)
    await client.connect()
    waiting = asyncio.ensure_future(client.run_until_disconnected())
    await asyncio.sleep(0.05)
    client.disconnect()
    await asyncio.wait_for(waiting, 5)
    print(client.is_connected())
asyncio.run(main())
""",
    "asyncio: a subclass": """
from telethon import TelegramClient
class Bot(TelegramClient):
    def __init__(self, *arguments):
        self.own = []
        super().__init__(*arguments)
    async def greet(self):
        self.own.append((await self.get_me()).username)
        return self.own
async def main():
    async with Bot("anon", api_id, api_hash) as client:
        print(await client.greet(), client.own)
asyncio.run(main())
""",
    "asyncio: old names": """
from telethon import TelegramClient, events, utils, Button, custom, types, functions, errors, connection, helpers
from telethon.tl.types import PeerUser, InputPeerUser
from telethon.tl.functions.messages import GetHistoryRequest
from telethon.tl.custom import Message, Dialog
from telethon.errors import FloodWaitError, SessionPasswordNeededError
from telethon.errors.rpcerrorlist import PhoneCodeInvalidError
from telethon.extensions import markdown, html
from telethon.sessions import StringSession, SQLiteSession, MemorySession
async def main():
    async with TelegramClient("anon", api_id, api_hash) as client:
        found = await client(GetHistoryRequest("bob_gold", 0, None, 0, 1, 0, 0, 0))
        message = found.messages[0]
        print(isinstance(message, Message), isinstance(message, types.Message), message.to_dict()["_"], message.text)
        print(utils.get_display_name(found.users[0]), utils.get_peer_id(message.peer_id), markdown.parse("**x**"))
asyncio.run(main())
""",
}


# Programs of one kind follow each other in one process, each with names of its own, for starting takes the most time.
TOGETHER = """
import traceback
for name, text in PROGRAMS.items():
    print("==", name)
    try:
        exec(compile(text, name, "exec"), dict(globals()))
    except Exception as error:
        print(f"{type(error).__name__}: {error}")
"""


async def suite(g):
    kinds = {}
    for name, text in PROGRAMS.items():
        kinds.setdefault(name.partition(":")[0], {})[name] = text
    for kind, texts in kinds.items():
        text = f"PROGRAMS = {texts!r}\n{TOGETHER}"
        said = (lambda: g.server("say", "bob", "ann", "to a script")) if "ready" in text else None
        await g(f"programs: {kind}", lambda text=text, said=said: program(text, said), wait=40)
    readme = INFO["readme"]
    await g("number of blocks in the README", lambda: len(readme))
    bot, script = readme[0], readme[1]
    # The first one runs until it is stopped, and answers until then.
    await g("README: a program that answers", lambda: answering(g, bot), wait=30)
    await g("README: a script", lambda: program(script), wait=30)
    for name in ("echo_bot", "demo"):
        await g(f"example: {name}", lambda name=name: example(g, name), wait=30)


def kept():
    """A folder with the session file of somebody who is logged in."""
    folder = tempfile.mkdtemp()
    session = SQLiteSession(os.path.join(folder, "anon"))
    source = StringSession(INFO["sessions"]["ann"])
    session.set_dc(source.dc_id, source.server_address, source.port)
    session.auth_key = source.auth_key
    session.save()
    session.close()
    return folder


async def start(text, folder):
    path = Path(folder) / "program.py"
    path.write_text(PRELUDE + text)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(path),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        cwd=folder,
    )
    process.stdin.write(json.dumps(INFO).encode() + b"\n")
    return process


async def program(text, said=None):
    """What a program prints; *said* is called when it is ready."""
    process = await start(text, kept())
    try:
        if said is not None:
            while b"ready" not in await process.stdout.readline():
                pass
            await said()
        out, problems = await asyncio.wait_for(process.communicate(), 25)
    finally:
        if process.returncode is None:
            process.kill()
    # Of what goes wrong only the last line is the same in two libraries.
    return [process.returncode, out.decode().splitlines(), problems.decode().splitlines()[-1:]]


async def answering(g, text):
    """What a program that runs until it is stopped answers."""
    process = await start(text.replace("client.run_until", "print('ready', flush=True)\nclient.run_until"), kept())
    try:
        await process.stdout.readline()
        await g.server("say", "bob", "ann", "Hello there")
        await settled()
        return await g.server("last", "bob", "ann")
    finally:
        process.terminate()
        await process.wait()


async def settled():
    """Whoever is to answer has answered."""
    await asyncio.sleep(0.3)


async def example(g, name):
    """What the handlers of an example do, without the server that it brings along."""
    process = await start(EXAMPLES[name].replace("FOLDER", repr(INFO["examples"])), kept())
    try:
        await process.stdout.readline()
        found = []
        for text in ("/start", "something"):
            await g.server("say", "bob", "bot", text)
            await settled()
            found.append(await g.server("last", "bob", "bot"))
        for button in ("What can you do?", "Yes, go on"):
            found.append(await g.server("try_press", "bob", "bot", button))
            await settled()
            found.append(await g.server("last", "bob", "bot"))
        await g.server("document", "bob", "bot")
        await settled()
        return [*found, await g.server("last", "bob", "bot")]
    finally:
        process.terminate()
        await process.wait()


STUBS = """
for name in ("rich", "rich.console", "rich.progress", "telethon.testing"):
    module = sys.modules[name] = _types.ModuleType(name)
    for attribute in "Console BarColumn DownloadColumn Progress TransferSpeedColumn TelegramTestServer".split():
        setattr(module, attribute, lambda *_, **__: None)
sys.path.insert(0, FOLDER)
from telethon import TelegramClient
"""

EXAMPLES = {
    "echo_bot": STUBS
    + """
import echo_bot
client = TelegramClient(new_session(), api_id, api_hash)
echo_bot.install(client)
client.start(bot_token=TOKEN)
print("ready", flush=True)
client.run_until_disconnected()
""",
    "demo": STUBS
    + """
import demo
client = TelegramClient(new_session(), api_id, api_hash)
demo.be_the_bot(client)
client.start(bot_token=TOKEN)
print("ready", flush=True)
client.run_until_disconnected()
""",
}
