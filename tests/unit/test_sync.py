"""The sync facade. It changes classes for a whole process, so each test runs a script in one of its own."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

import telethon

ROOT = Path(telethon.__file__).parents[1]

SERVER = """
import asyncio, inspect, threading
from telethon.testing import TelegramTestServer

loop = asyncio.new_event_loop()
asyncio.set_event_loop(loop)
server = TelegramTestServer()
loop.run_until_complete(server.start())
ann = server.create_user("Ann")
bot = server.create_bot("Robot", "robot_bot")

def end():
    loop.run_until_complete(server.stop())
    loop.close()
"""


def _run(script: str, *, warnings: str = "error") -> str:
    code = textwrap.dedent(script)
    done = subprocess.run(
        [sys.executable, "-W", warnings, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT, timeout=50
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


SYNCIFIED = {
    "TelegramClient": """__call__ catch_up connect delete_dialog delete_messages download_file download_media
        download_profile_photo edit_2fa edit_admin edit_folder edit_message edit_permissions end_takeout
        forward_messages get_admin_log get_dialogs get_drafts get_entity get_input_entity get_me get_messages
        get_participants get_peer_id get_permissions get_profile_photos get_stats inline_query is_bot
        is_user_authorized kick_participant log_out pin_message qr_login send_code_request send_file send_message
        send_read_acknowledge set_receive_updates sign_in sign_up unpin_message upload_file""",
    "ChatGetter": "get_chat get_input_chat",
    "Conversation": "cancel_all wait_event",
    "Dialog": "archive delete send_message",
    "Draft": "delete get_entity get_input_entity send set_message",
    "InlineResult": "click download_media",
    "Message": """click delete download_media edit forward_to get_buttons get_reply_message mark_read pin reply respond
        unpin""",
    "MessageButton": "click",
    "SenderGetter": "get_input_sender get_sender",
}


def test_the_methods_that_block() -> None:
    script = f"""
    import inspect
    from telethon import sync
    wanted = { ({name: text.split() for name, text in SYNCIFIED.items()})!r}
    assert sum(map(len, wanted.values())) == 72
    for class_name, methods in wanted.items():
        cls = getattr(sync, class_name)
        for name in methods:
            method = getattr(cls, name)
            assert not inspect.iscoroutinefunction(method), (cls, name)
            assert inspect.iscoroutinefunction(getattr(method, "__tl.sync")), (cls, name)
            assert method.__name__ == name and method.__doc__ == getattr(method, "__tl.sync").__doc__
    """
    _run(script)


def test_methods_that_block_are_still_those_of_the_library() -> None:
    _run(
        SERVER
        + """
from telethon import sync
from telethon.client import auth, users
from telethon.client._replaced import is_replaced

client = server.client(ann)
for name, own in (("sign_in", auth._OWN_SIGN_IN), ("send_code_request", auth._OWN_SEND_CODE)):
    assert not is_replaced(client, name, own)
assert not is_replaced(client, "_call", users._OWN_CALL)
assert not client._has_own_call

class Mine(sync.TelegramClient):
    async def sign_in(self, *args, **kwargs):
        return await super().sign_in(*args, **kwargs)

    async def __call__(self, *args, **kwargs):
        return await super().__call__(*args, **kwargs)

for blocks in (False, True):
    if blocks:
        sync.syncify(Mine)
    mine = Mine(None, 1, "0123456789abcdef0123456789abcdef")
    assert is_replaced(mine, "sign_in", auth._OWN_SIGN_IN)
    assert not is_replaced(mine, "send_code_request", auth._OWN_SEND_CODE)
    assert mine._has_own_call
    mine.send_code_request = lambda *args: None
    assert is_replaced(mine, "send_code_request", auth._OWN_SEND_CODE)

end()
"""
    )


def test_names_for_scripts() -> None:
    _run(
        """
        from telethon.sync import TelegramClient, events, Button, functions, types, custom, errors, utils, connection
        from telethon.sync import *
        import telethon, telethon.sync
        assert telethon.sync.TelegramClient is telethon.TelegramClient
        """
    )


def test_a_plain_script() -> None:
    script = (
        SERVER
        + """
from telethon.sync import TelegramClient

client = server.client(ann)
with client as entered:
    assert entered is client
    assert client.get_me().first_name == "Ann"
    message = client.send_message("me", "**hi**")
    assert message.text == "**hi**"
    assert [found.id for found in client.iter_messages("me")] == [message.id]
    assert client.get_messages("me").total == 1
    message.edit("new")
    assert client.get_messages("me", ids=message.id).text == "new"
    assert message.reply("answer").get_reply_message().id == message.id
    assert [dialog.name for dialog in client.iter_dialogs()]
    assert client.get_dialogs()[0].send_message("more").text == "more"
    me, config = client(telethon_requests())
    assert me[0].first_name == "Ann"
    client.send_file("me", b"content", caption="file")
    assert client.get_messages("me")[0].download_media(file=bytes) == b"content"
assert not client.is_connected()
end()
"""
    ).replace(
        "telethon_requests()",
        "[__import__('telethon').functions.users.GetUsersRequest(['me']),"
        " __import__('telethon').functions.help.GetConfigRequest()]",
    )
    _run(script)


def test_start_and_disconnect() -> None:
    script = (
        SERVER
        + """
from telethon.sync import TelegramClient

client = server.client(bot).start()
assert client.is_bot() is True
client.loop.call_later(0.01, client.disconnect)
client.run_until_disconnected()
client.disconnect()
assert not client.is_connected()
end()
"""
    )
    _run(script)


def test_inside_of_a_running_loop_nothing_changes() -> None:
    script = (
        SERVER
        + """
from telethon.sync import TelegramClient

async def main():
    async with server.client(ann) as client:
        pending = client.get_me()
        assert inspect.iscoroutine(pending)
        assert (await pending).first_name == "Ann"
        message = await client.send_message("me", "hi")
        await message.delete()
        try:
            with client:
                pass
        except RuntimeError as error:
            assert '"async with"' in str(error)
        else:
            raise SystemExit("with must not work")
        try:
            list(client.iter_messages("me"))
        except RuntimeError as error:
            assert 'You must use "async for"' in str(error)
        else:
            raise SystemExit("for must not work")

loop.run_until_complete(main())
end()
"""
    )
    _run(script)


def test_classes_of_users() -> None:
    _run(
        """
        import asyncio
        from telethon.sync import TelegramClient, syncify

        class Mine:
            async def five(self, add=0):
                '''Five, or more.'''
                return 5 + add
            async def _hidden(self):
                return 6
            async def fails(self):
                raise KeyError("x")
            def plain(self):
                return 7

        class Sub(Mine):
            async def six(self):
                return await self._hidden()

        syncify(Sub)
        syncify(Sub)
        assert Sub().five() == 5 and Sub().five(add=2) == 7 and Sub().six() == 6 and Sub().plain() == 7
        assert Sub.five.__doc__ == "Five, or more."
        try: Sub().fails()
        except KeyError: pass
        else: raise SystemExit("no error")
        hidden = Sub()._hidden()
        assert asyncio.iscoroutine(hidden)
        hidden.close()
        # Only what was named is changed.
        pending = Mine().five()
        assert asyncio.iscoroutine(pending)
        pending.close()
        asyncio.get_event_loop_policy().get_event_loop().close()
        """
    )


@pytest.mark.parametrize("state", ["absent", "closed", "after asyncio.run", "other thread"])
def test_any_state_of_the_event_loop(state: str) -> None:
    before = {
        "absent": "asyncio.set_event_loop(None)",
        "closed": "old = asyncio.new_event_loop(); asyncio.set_event_loop(old); old.close()",
        "after asyncio.run": "asyncio.run(asyncio.sleep(0))",
        "other thread": "",
    }[state]
    call = (
        "thread = threading.Thread(target=use); thread.start(); thread.join()" if state == "other thread" else "use()"
    )
    _run(
        f"""
        import asyncio, threading
        from telethon.sync import TelegramClient, syncify
        from telethon.sessions import MemorySession

        class Mine:
            async def five(self):
                return 5

        syncify(Mine)
        {before}
        done = []

        def use():
            client = TelegramClient(MemorySession(), 1, "hash")
            assert Mine().five() == 5
            assert not client.is_connected()
            client.disconnect()
            done.append(client.loop)
            client.loop.close()

        {call}
        assert done
        """
    )


def test_a_client_in_another_loop_than_its_own_says_so() -> None:
    script = (
        SERVER
        + """
from telethon.sync import TelegramClient

client = server.client(ann)
client.connect()
failures = []

def use():
    asyncio.set_event_loop(asyncio.new_event_loop())
    try:
        client.get_me()
    except RuntimeError as error:
        failures.append(str(error))
    finally:
        asyncio.get_event_loop_policy().get_event_loop().close()

thread = threading.Thread(target=use)
thread.start()
thread.join()
assert failures and "loop" in failures[0], failures
client.disconnect()
end()
"""
    )
    _run(script)


def test_S11_limit_of_a_blocking_call():
    _run(
        SERVER
        + """
from telethon.sync import TelegramClient, errors, functions

@server.on(functions.help.GetNearestDcRequest)
async def never(request, call):
    await asyncio.Event().wait()

client = TelegramClient(server.client_session(ann), server.api_id, server.api_hash)
client.connect()
try:
    client(functions.help.GetNearestDcRequest(), timeout=0.05)
except errors.RequestTimeoutError as error:
    assert "GetNearestDcRequest was not answered within 0.05 s" in str(error)
else:
    raise SystemExit("no limit")
assert client(functions.help.GetConfigRequest(), timeout=5).this_dc == 2
client.disconnect()
end()
"""
    )


def test_conversations_takeouts_actions_and_downloads_of_a_script() -> None:
    _run(
        SERVER
        + """
from telethon.sync import TelegramClient, events

bob = server.create_user("Bob", username="bob_1")
group = server.create_channel("Talk", ann, [bob], megagroup=True, username="talk_group")
client = server.client(ann)

async def answer():
    await asyncio.sleep(0.1)
    await bob.chat(ann).send("well")

with client:
    run = client.loop.run_until_complete
    with client.conversation("bob_1", timeout=5) as conversation:
        asked = run(conversation.send_message("how are you?"))
        loop.create_task(answer())
        assert run(conversation.get_response()).raw_text == "well"
        assert conversation.mark_read()
        conversation.cancel_all()
    assert bob.chat(ann).messages()[0].text == "how are you?"
    with client.takeout(users=True) as takeout:
        assert takeout.get_me().first_name == "Ann"
    with client.action("bob_1", "typing"):
        client.send_message("bob_1", "x")
    assert [user.first_name for user in client.iter_participants("talk_group")] == ["Ann", "Bob"]
    assert client.get_permissions("talk_group", "me").is_creator
    sent = client.send_file("me", bytes(10_000))
    assert b"".join(client.iter_download(sent.media, request_size=4096)) == bytes(10_000)
    assert [one.id for one in reversed(client.iter_messages("me"))] == [sent.id]
    draft = client.get_drafts("bob_1")
    assert draft.set_message("half") and [one.text for one in client.iter_drafts()] == ["half"]
    draft.send()
    try:
        client.get_entity("nobody_here")
    except ValueError as error:
        assert "nobody_here" in str(error)
    else:
        raise SystemExit("nobody was found")
end()
"""
    )


def test_handlers_of_a_script() -> None:
    _run(
        SERVER
        + """
from telethon.sync import TelegramClient, events

client = server.client(bot).start(bot_token=bot.token)
seen = []

@client.on(events.NewMessage)
async def handler(event):
    # Inside a handler a loop runs, so everything is awaited.
    pending = event.respond("echo " + event.raw_text)
    assert inspect.iscoroutine(pending)
    seen.append((await pending).raw_text)
    await client.disconnect()

async def write():
    await asyncio.sleep(1)
    await ann.chat(bot).send("hello")

writing = loop.create_task(write())
client.run_until_disconnected()
assert seen == ["echo hello"], seen
try:
    client.get_me()
except ConnectionError as error:
    assert "connect()" in str(error)
else:
    raise SystemExit("it is not connected")
end()
"""
    )


def test_threads_with_a_client_each_and_threads_that_ask_the_loop_of_another() -> None:
    _run(
        SERVER
        + """
from telethon.sync import TelegramClient

people = [server.create_user(f"User {number}") for number in range(3)]
sessions = [server.client_session(one) for one in people]
names, failures = [], []

def use(session):
    # A thread of its own has a loop of its own.
    asyncio.set_event_loop(asyncio.new_event_loop())
    try:
        with TelegramClient(session, server.api_id, server.api_hash) as client:
            names.append(client.get_me().first_name)
            client.send_message("me", "from a thread")
    except BaseException as error:
        failures.append(error)
    finally:
        asyncio.get_event_loop_policy().get_event_loop().close()

threads = [threading.Thread(target=use, args=(session,)) for session in sessions]

async def wait(threads):
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        await asyncio.sleep(0.01)

loop.run_until_complete(wait(threads))
assert sorted(names) == ["User 0", "User 1", "User 2"] and not failures, (names, failures)
client = server.client(ann)
client.connect()
got = []

async def ask():
    return (await client.get_me()).first_name

def other():
    got.append(asyncio.run_coroutine_threadsafe(ask(), loop).result(5))

loop.run_until_complete(wait([threading.Thread(target=other)]))
assert got == ["Ann"]
client.disconnect()
end()
"""
    )
