"""The snippets of the documentation, run against the test server, with what they print and do."""

from __future__ import annotations

import ast
import asyncio
import inspect
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from docblocks import Block, all_blocks

import telethon
from telethon import Button, TelegramClient, errors, events, functions, types, utils
from telethon.sessions import SQLiteSession, StringSession
from telethon.testing import TelegramTestServer, tiny_png

SNIPPETS = {block.name: block for block in all_blocks() if block.kind == "snippet"}


async def run(block: Block, names: dict[str, Any]) -> None:
    """Run a snippet, which may use `await` as if it stood in a coroutine."""
    filename = f"{block.page}:{block.name}"
    code = compile("\n" * (block.line - 1) + block.code, filename, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    result = eval(code, names)
    if inspect.isawaitable(result):
        await result


def bare(name: str) -> Callable[[Any], Any]:
    """Run this with a client that is not logged in."""

    def mark(function: Any) -> Any:
        function.bare = True
        checks[name] = function
        return function

    return mark


def check(name: str) -> Callable[[Any], Any]:
    """This runs a snippet and looks at what it did."""

    def mark(function: Any) -> Any:
        checks[name] = function
        return function

    return mark


checks: dict[str, Callable[[Any], Awaitable[None]]] = {}


def test_every_snippet_is_checked() -> None:
    assert checks.keys() == SNIPPETS.keys()


def test_every_block_of_the_documentation_says_how_it_is_run() -> None:
    kinds = {"script", "forever", "snippet", "module", "test"}
    assert [f"{block.page}:{block.line}" for block in all_blocks() if block.kind not in kinds] == []


@pytest.mark.parametrize("name", sorted(SNIPPETS))
async def test_snippet(
    name: str,
    telegram_server: TelegramTestServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "photo.png").write_bytes(tiny_png())
    server = telegram_server
    ann = server.create_user("Ann", phone="+42 777 000 001", password="hunter2")
    bob = server.create_user("Bob", username="username")
    bot = server.create_bot("My bot", "my_bot")
    is_bare = getattr(checks[name], "bare", False)
    client = server.client(None if is_bare else ann)
    world = SimpleNamespace(server=server, ann=ann, bob=bob, bot=bot, client=client, folder=tmp_path)

    async def code_from_the_user() -> str:
        return server.login_code(ann.phone)

    world.names = {
        "Button": Button,
        "TelegramClient": TelegramClient,
        "api_hash": server.api_hash,
        "api_id": server.api_id,
        "bot_name": bot.username,
        "chat": bob.username,
        "client": client,
        "code_from_the_user": code_from_the_user,
        "errors": errors,
        "events": events,
        "functions": functions,
        "phone": ann.phone,
        "server": server,
        "telethon": telethon,
        "token": bot.token,
        "types": types,
        "user_id": bob.id,
        "utils": utils,
    }

    async def go() -> str:
        await run(SNIPPETS[name], world.names)
        return capsys.readouterr().out

    world.run = go
    try:
        if not is_bare:
            await client.connect()
        await checks[name](world)
    finally:
        await client.disconnect()


# -- quick start ----------------------------------------------------------------------------------------------------


@bare("snippet-login-bot")
async def _(world: Any) -> None:
    assert await world.run() == "my_bot\n"


@bare("snippet-login-user")
async def _(world: Any) -> None:
    await world.run()
    assert (await world.client.get_me()).id == world.ann.id


@bare("snippet-login-steps")
async def _(world: Any) -> None:
    await world.run()
    assert (await world.client.get_me()).id == world.ann.id


@check("snippet-string-session")
async def _(world: Any) -> None:
    await world.run()
    assert isinstance(world.names["elsewhere"].session, StringSession)
    await world.client.disconnect()
    async with world.names["elsewhere"] as elsewhere:
        assert (await elsewhere.get_me()).id == world.ann.id


@check("snippet-proxy")
async def _(world: Any) -> None:
    await world.run()


@check("snippet-mtproxy")
async def _(world: Any) -> None:
    await world.run()


@check("snippet-often")
async def _(world: Any) -> None:
    told = await world.run()
    assert "An answer" in told
    assert "Bob 0" in told
    first, answer, photo = world.bob.chat(world.ann).messages()
    assert first.text == "something else"
    assert answer.reply_to_id == first.id
    assert photo.text == "Look!"
    assert photo.file == tiny_png()
    assert (world.folder / "downloads").is_dir()


@check("snippet-conversation")
async def _(world: Any) -> None:
    async with world.server.client(world.bot) as robot:
        robot.add_event_handler(lambda event: event.respond("Hi"), events.NewMessage(pattern="/start"))
        await world.run()
    assert world.ann.chat(world.bot).last().text == "You said: Hi"


# -- concepts -------------------------------------------------------------------------------------------------------


@check("snippet-entity-forms")
async def _(world: Any) -> None:
    await world.ann.call(
        functions.contacts.AddContactRequest(world.ann.input_user(world.bob), "Bob", "", world.bob.phone)
    )
    await world.ann.chat(world.bob).send("now they have met")
    await world.client.get_dialogs()
    world.names["phone_of_a_contact"] = world.bob.phone
    await world.run()
    assert [entity.id for entity in world.names["both"]] == [world.bob.id, world.ann.id]


@check("snippet-entity-input")
async def _(world: Any) -> None:
    assert await world.run() == f"Bob {world.bob.id}\n"


@check("snippet-formatting-modes")
async def _(world: Any) -> None:
    await world.run()
    texts = [message.text for message in world.ann.chat(world.ann).messages()]
    assert texts == ["bold, italic, code and a link", "bold and hidden"]
    assert world.client.parse_mode.__name__ == "telethon.extensions.html"


@check("snippet-formatting-lossless")
async def _(world: Any) -> None:
    await world.run()
    assert world.names["source"] == (
        "<tg-spoiler>hidden</tg-spoiler> and <code>1 * 2</code>\n<blockquote>quoted</blockquote>"
    )
    assert world.names["greeting"] == r"*Hello*, \*\_\*"


@check("snippet-formatting-split")
async def _(world: Any) -> None:
    assert await world.run() == "4 messages\n"
    assert [message.id for message in world.names["messages"]] == [
        message.id for message in world.ann.chat(world.ann).messages()
    ]


@check("snippet-session-errors")
async def _(world: Any) -> None:
    (world.folder / "damaged.session").write_bytes(b"SQLite format 3\0" + b"no" * 2000)
    assert await world.run() == "SessionDamagedError\n"


@check("snippet-pfs")
async def _(world: Any) -> None:
    assert await world.run() == ""
    assert (world.folder / "name.session").exists()


@check("snippet-handlers")
async def _(world: Any) -> None:
    await world.run()
    chat = world.bob.chat(world.ann)
    sent = await chat.send("/echo Hello")
    assert (await chat.expect_reply()).text == "Hello"
    await chat.edit(sent, "changed")
    await chat.send_file(tiny_png(), "look")
    await chat.send("/echo It has arrived")
    assert (await chat.expect_reply()).text == "It has arrived"
    await asyncio.gather(*world.client._event_handler_tasks)
    assert [path.read_bytes() for path in (world.folder / "photos").iterdir()] == [tiny_png()]


@check("snippet-more-events")
async def _(world: Any) -> None:
    server, ann, bob = world.server, world.ann, world.bob
    group = server.create_channel("Group", ann, [world.bot], megagroup=True)
    rights = types.ChatAdminRights(invite_users=True)
    await ann.call(
        functions.channels.EditAdminRequest(ann.input_channel(group), ann.input_user(world.bot), rights, rank="")
    )
    async with server.client(world.bot) as robot:
        world.names["client"] = robot
        await world.run()
        chat = bob.chat(world.bot)
        await chat.send("/start")
        # Who is let in gets the messages of the group.
        await bob.request_to_join(group)
        while bob.id not in group.present():
            await asyncio.sleep(0.01)
        said = await bob.chat(group).send("boring")
        await bob.chat(group).react(said, "👎")
        assert (await bob.chat(group).expect_reply()).text == "What is wrong?"
        price = types.Invoice("XTR", [types.LabeledPrice("Tea", 5)])
        invoice = types.InputMediaInvoice("Tea", "A cup", price, b"tea", types.DataJSON("{}"))
        await robot.send_file(bob.id, invoice)
        await chat.pay(await chat.expect_reply())
        assert (await chat.expect_reply()).text == "Thank you for 5 XTR!"
        await ann.connect_bot(world.bot)
        await bob.chat(ann).send("Open today?")
        assert (await bob.chat(ann).expect_reply()).text == "From ten to five."


@check("snippet-register")
async def _(world: Any) -> None:
    await world.run()
    chat = world.bob.chat(world.ann)
    await chat.send("/ping")
    assert (await chat.expect_reply()).text == "pong"


@check("snippet-missed")
async def _(world: Any) -> None:
    await world.run()
    assert callable(world.names["missed"])


def durable_client(world: Any) -> TelegramClient:
    """A client of Ann's that keeps its updates in a file."""
    session = world.server.client_session(world.ann)
    stored = SQLiteSession(str(world.folder / "durable"))
    stored.set_dc(session.dc_id, session.server_address, session.port)
    stored.auth_key = session.auth_key
    return world.server.client(world.ann, session=stored, durable_updates=True)


async def ask(world: Any, client: TelegramClient, text: str) -> str:
    """What Ann's client answers Bob, when nothing is left to do for it."""
    await client.connect()
    try:
        while client._engine.box.is_empty:
            await asyncio.sleep(0.01)
        chat = world.bob.chat(world.ann)
        await chat.send(text)
        reply = await chat.expect_reply()
        while client.session.get_unfinished_updates():
            await asyncio.sleep(0.01)
        return reply.text
    finally:
        await client.disconnect()


@check("snippet-durable")
async def _(world: Any) -> None:
    client = durable_client(world)

    def make(name: str, *args: Any, **options: Any) -> TelegramClient:
        assert options == {"durable_updates": True}
        return client

    world.names["TelegramClient"] = make
    await world.run()
    assert await ask(world, client, "/order tea") == "Ordered: tea"


@check("snippet-acknowledge")
async def _(world: Any) -> None:
    client = world.names["client"] = durable_client(world)
    await world.run()
    assert await ask(world, client, "/pay 5") == "It is in the books."
    assert client.session._execute("select * from payments") == (world.bob.id, "5")
    client.session.close()


@check("snippet-delivery-number")
async def _(world: Any) -> None:
    world.names["done"] = set()
    await world.run()
    update = SimpleNamespace(_delivery=events.Delivery(None, 7, True))
    for _ in range(2):
        await world.names["once"](SimpleNamespace(original_update=update))
    assert world.names["done"] == {7}


@check("snippet-health")
async def _(world: Any) -> None:
    told = await world.run()
    assert told.startswith("connected 0 0 0")
    assert "problem" not in told
    world.server.faults.disconnect()


@check("snippet-errors")
async def _(world: Any) -> None:
    channel = world.server.create_channel("Secret", world.bob)
    world.names["private_channel"] = world.ann.input_channel(channel)
    told = await world.run()
    assert told.startswith("not found: ")
    assert told.endswith("not for us\n")


@check("snippet-flood")
async def _(world: Any) -> None:
    world.server.faults.flood_wait("messages.SendMessage", 300)
    assert await world.run() == "again in 300 seconds\n"


@check("snippet-watch-floods")
async def _(world: Any) -> None:
    told: list[Any] = []
    await world.run()
    world.client.on_flood_wait(told.append)
    world.names["print"] = lambda *words: told.append(" ".join(map(str, words)))
    world.server.faults.flood_wait("messages.SendMessage", 300)
    with pytest.raises(errors.FloodWaitError):
        await world.client.send_message("me", "hi")
    assert told[0] == "SendMessageRequest waits for 300 s: an error"
    assert told[1].seconds == 300


@check("snippet-timeout")
async def _(world: Any) -> None:
    assert await world.run() == ""


@check("snippet-several")
async def _(world: Any) -> None:
    await world.run()
    assert [user.id for user in world.names["me"]] == [world.ann.id]
    assert isinstance(world.names["config"], types.Config)


@check("snippet-upload")
async def _(world: Any) -> None:
    await world.run()
    messages = world.bob.chat(world.ann).messages()
    assert [message.file for message in messages] == [*[tiny_png()] * 3, b"some text", *[tiny_png()] * 2]
    assert [message.text for message in messages] == ["A photo", "", "", "", "one", "two"]
    assert messages[3].file_name == "notes.txt"


@check("snippet-download")
async def _(world: Any) -> None:
    data = bytes(range(256)) * 400
    await world.bob.chat(world.ann).send_file(data, name="data.bin")
    told = await world.run()
    assert (world.folder / "downloads" / "data.bin").read_bytes() == data
    assert (world.folder / "copy.bin").read_bytes() == data
    assert world.names["data"] == data
    assert "100%\n" in told
    assert told.endswith(f"{64 * 1024}\n{len(data) - 64 * 1024}\n")


# -- reference and testing ------------------------------------------------------------------------------------------


@check("snippet-raw")
async def _(world: Any) -> None:
    await world.ann.chat(world.bob).send("tea?")
    assert "message='tea?'" in await world.run()


@check("snippet-raw-typed")
async def _(world: Any) -> None:
    await world.run()
    assert isinstance(world.names["full"], types.users.UserFull)


@bare("snippet-other-client")
async def _(world: Any) -> None:
    await world.run()
    other = world.names["client"]
    assert (await other.get_me()).id == world.bot.id
    await other.disconnect()
