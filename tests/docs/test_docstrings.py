"""The examples in the docstrings, run against the test server.

Each has a world of its own, in which the names that examples use stand for something. A handler that an example
defines must be called, and must not fail.
"""

from __future__ import annotations

import ast
import asyncio
import importlib
import inspect
import logging
from collections.abc import Awaitable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import reference
from docstrings import Example, examples

import telethon
from telethon import Button, TelegramClient, errors, events, functions, types, utils
from telethon.extensions import markdown
from telethon.sessions import SQLiteSession, StringSession
from telethon.testing import TelegramTestServer, tiny_png
from telethon.tl.tlobject import TLObject

EXAMPLES = {example.name: example for example in examples()}

NOT_RUN = {
    "client.telegrambaseclient.TelegramBaseClient.loop": "it blocks; tests/unit/test_sync.py has scripts like it",
    "client.updates.UpdateMethods.run_until_disconnected": "it blocks; tests/unit/test_sync.py has scripts like it",
    "client.telegrambaseclient.TelegramBaseClient.disconnected": "it waits until the connection ends",
    "crypto.cdndecrypter.CdnDecrypter": "it needs a CDN; tests/unit/crypto has one made for it",
    "mtproto.keyexchange.KeyExchange": "the other side is tests/unit/mtproto, which plays it byte by byte",
    "mtproto.tempkey.TemporaryKey": "a part of an engine; tests/unit/mtproto drives it",
    "mtproto.tempkey.TemporaryKey.request": "a part of an engine; tests/unit/mtproto drives it",
    "events.common.EventCommon.acknowledge": "it needs a durable session; tests/unit/events/test_delivery.py has one",
    "events.delivery.Delivery.acknowledge": "it needs a durable session; tests/unit/events/test_delivery.py has one",
    "events.joinrequest.JoinRequestEvent.approve": "tests/e2e/test_events.py has somebody who asks to join",
    "events.joinrequest.JoinRequestEvent.decline": "tests/e2e/test_events.py has somebody who asks to join",
    "events.precheckoutquery.PreCheckoutQueryEvent.answer": "tests/e2e/test_events.py has somebody who pays",
    "events.shippingquery.ShippingQueryEvent.answer": "tests/e2e/test_events.py has somebody who pays",
}
"""Examples that cannot run here, with the reason."""

PREFIXES_NOT_RUN = {
    "testing.": "examples of the test server are those of docs/testing.rst, which tests/docs/test_scripts.py runs",
    "network.": "connections by hand need the other side at hand; tests/unit/network plays it",
    "sync.": "importing it changes classes for the whole process; tests/unit/test_sync.py runs scripts",
    "sessions.": "sessions by hand need files of other programs; tests/unit/sessions has them",
}

ONLY_DEFINED = {
    "events.botstopped.BotStopped",
    "events.businessconnection.BusinessConnection",
    "events.businessmessage.BusinessMessage",
    "events.businessmessage.BusinessMessageDeleted",
    "events.businessmessage.BusinessMessageEdited",
    "events.chatboost.ChatBoost",
    "events.chatmember.ChatMember",
    "events.draftupdate.DraftUpdate",
    "events.joinrequest.JoinRequest",
    "events.messagereaction.MessageReaction",
    "events.payment.Payment",
    "events.pollupdate.PollUpdate",
    "events.pollvote.PollVote",
    "events.precheckoutquery.PreCheckoutQuery",
    "events.shippingquery.ShippingQuery",
    "events.story.Story",
}
"""Handlers of events that need more than two people who write; tests/e2e/test_events.py lets them happen."""


def runs(name: str) -> bool:
    return name not in NOT_RUN and not any(name.startswith(prefix) for prefix in PREFIXES_NOT_RUN)


def test_what_is_not_run_exists() -> None:
    assert NOT_RUN.keys() | ONLY_DEFINED <= EXAMPLES.keys()


class Out:
    """Something to write to."""

    async def write(self, data: bytes) -> None:
        assert data


async def seed(server: TelegramTestServer, folder: Path) -> SimpleNamespace:
    """People, rooms and files under the names that examples use."""
    for name in ("photo.jpg", "me.jpg", "holidays1.jpg", "holidays2.jpg", "cat.jpg"):
        (folder / name).write_bytes(tiny_png(300, 200))
    for name in ("song.ogg", "my.ogg", "archive.zip"):
        (folder / name).write_bytes(b"content")
    ann = server.create_user("Ann", phone="+34 600 000 000", username="ann_1")
    bob = server.create_user("Bob", username="username")
    eve = server.create_user("Eve", username="lonami")
    bot = server.create_bot("Robot", "BotFather")
    clients = []
    robots = [bot]
    times: list[Any] = []
    for name in ("gif", "like"):
        robots.append(server.create_bot(name.title(), name))
    for one in robots:
        await ann.chat(one).send("/start")
        robot = server.client(one)
        await robot.connect()
        clients.append(robot)

        @robot.on(events.InlineQuery)
        async def asked(event: Any) -> None:
            await event.answer([event.builder.document(b"cat", "A cat", type="file", mime_type="text/plain")])

        @robot.on(events.CallbackQuery)
        async def pressed(event: Any) -> None:
            await event.answer("pressed")
            times.append(event)
            await event.edit(f"pressed {len(times)} times", buttons=Button.inline("Yes", b"yes"))

    group = server.create_channel("Talk", ann, [bob, eve], megagroup=True)
    channel = server.create_channel("Telegram", ann, [bob], username="telegram")
    server.create_game(bot, "chess", "Chess")
    await bob.chat(ann).send("we know each other")
    await eve.chat(ann).send("hello")
    client = server.client(ann)
    await client.connect()
    for number in range(12):
        await client.send_message("username", f"hello {number}")
    file = await client.upload_file(folder / "photo.jpg")
    await client(functions.photos.UploadProfilePhotoRequest(file=file))
    await bob.call(functions.photos.UploadProfilePhotoRequest(file=await upload(server, bob, folder)))
    dialogs = await client.get_dialogs()
    talk = next(dialog.entity for dialog in dialogs if dialog.name == "Talk")
    photo = types.InputChatUploadedPhoto(await client.upload_file(folder / "me.jpg"))
    await client(functions.channels.EditPhotoRequest(talk, photo))
    talk = await client.get_entity(talk)
    for number in range(12):
        await client.send_message(talk, f"word {number}")
    names = {
        "Button": Button,
        "MyClient": type("MyClient", (TelegramClient,), {}),
        "StringSession": StringSession,
        "TelegramClient": TelegramClient,
        "api_hash": server.api_hash,
        "api_id": server.api_id,
        "asyncio": asyncio,
        "bot": "BotFather",
        "channel": "telegram",
        "chat": talk,
        "client": client,
        "dialogs": dialogs,
        "errors": errors,
        "events": events,
        "functions": functions,
        "long_markdown": "**word** " * 2000,
        "markdown": markdown,
        "message": await client.send_file(talk, folder / "photo.jpg", caption="**look**"),
        "other": await client.get_entity("lonami"),
        "other_message": await client.send_message(talk, "another"),
        "phone": ann.phone,
        "response": Out(),
        "show_as_qr_code": print,
        "telethon": telethon,
        "token": bot.token,
        "types": types,
        "user": await client.get_entity("username"),
        "utils": utils,
        "zip_file": folder / "archive.zip",
    }
    return SimpleNamespace(
        server=server, ann=ann, bob=bob, eve=eve, bot=bot, group=group, channel=channel, names=names, client=client,
        robot=clients[0], clients=[client, *clients], folder=folder,
    )  # fmt: skip


async def upload(server: TelegramTestServer, user: Any, folder: Path) -> types.InputFile:
    """A file that a person without a client has uploaded."""
    data = (folder / "cat.jpg").read_bytes()
    await user.call(functions.upload.SaveFilePartRequest(1, 0, data))
    return types.InputFile(1, 1, "cat.jpg", "")


async def run(example: Example, names: dict[str, Any]) -> Any:
    """Run the code, which may await as if it stood in a coroutine; gives what its last expression does."""
    tree = ast.parse(example.code)
    last: ast.expr | None = None
    if isinstance(tree.body[-1], ast.Expr):
        last = tree.body.pop().value  # type: ignore[attr-defined]
    parts: list[Any] = [tree] if tree.body else []
    for part in [*parts, *([ast.Expression(last)] if last is not None else [])]:
        mode = "eval" if isinstance(part, ast.Expression) else "exec"
        code = compile(part, example.path, mode, flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        result = eval(code, names)
        if inspect.isawaitable(result):
            result = await result
    # What gives something to await is shown as it is handed on, and awaited here.
    return await result if inspect.isawaitable(result) else result


# -- what some examples need besides -------------------------------------------------------------------------------


async def with_message(world: Any) -> None:
    """A message with buttons, that answers another one."""
    first = await world.robot.send_message("ann_1", "first")
    sent = await world.robot.send_message(
        "ann_1", "choose", buttons=[Button.inline("Yes", b"yes"), Button.inline("No", b"no")], reply_to=first
    )
    messages = await world.client.get_messages("BotFather", limit=5)
    world.names["message"] = next(message for message in messages if message.raw_text == sent.raw_text)


async def with_conversation(world: Any) -> None:
    """A conversation with a bot that answers, with a button, and changes what it said."""

    await with_answers(world)
    conversation = world.client.conversation("BotFather", timeout=5)
    await conversation.__aenter__()
    world.names["conversation"] = conversation
    if world.name.endswith(("get_edit", "mark_read")):
        await conversation.send_message("begin")
    if world.name.endswith("mark_read"):
        await conversation.get_response()
    if world.name.endswith("wait_event"):
        asyncio.get_running_loop().call_later(0.1, lambda: asyncio.ensure_future(world.bob.chat(world.ann).typing()))


async def with_answers(world: Any) -> None:
    """A bot that answers everything, and has read it."""

    @world.robot.on(events.NewMessage(incoming=True))
    async def answer(event: Any) -> None:
        await world.bot.chat(world.ann).read()
        await event.reply("an answer", buttons=Button.inline("Yes", b"yes"))

    await asyncio.sleep(0.7)


async def with_dialog(world: Any) -> None:
    world.names["dialog"] = next(dialog for dialog in await world.client.get_dialogs() if dialog.name == "Bob")


async def with_draft(world: Any) -> None:
    world.names["draft"] = draft = await world.client.get_drafts("username")
    await draft.set_message("half a word")


async def with_result(world: Any) -> None:
    world.names["result"] = (await world.client.inline_query("gif", "cats"))[0]


async def with_handler(world: Any) -> None:
    @events.register(events.NewMessage(pattern="hi"))
    async def handler(event: Any) -> None:
        pass

    world.names["handler"] = handler
    world.client.add_event_handler(handler)


async def with_builder(world: Any) -> None:
    from telethon.tl.custom import InlineBuilder

    world.names["builder"] = InlineBuilder(world.robot)


async def received(client: TelegramClient, builder: Any, action: Awaitable[Any]) -> Any:
    """The event that something causes."""
    got: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

    async def keep(event: Any) -> None:
        if not got.done():
            got.set_result(event)

    await asyncio.sleep(0.7)
    client.add_event_handler(keep, builder)
    doing = asyncio.ensure_future(action)  # type: ignore[arg-type]
    event = await asyncio.wait_for(got, 10)
    client.remove_event_handler(keep)
    if builder is not events.CallbackQuery:
        await doing
    return event


async def with_event(world: Any) -> None:
    """An event that says that Bob has read."""
    world.names["sent"] = await world.client.send_message("username", "read me")
    world.names["event"] = await received(world.client, events.MessageRead, world.bob.chat(world.ann).read())


async def with_album(world: Any) -> None:
    # Of one's own, so that it can be changed; another device of the account sends it.
    async with world.server.client(world.ann) as other:
        files = [world.folder / "photo.jpg", world.folder / "me.jpg"]
        sending = other.send_file(types.PeerUser(world.bob.id), files, caption=["two", ""])
        await other.get_dialogs()
        world.names["event"] = await received(world.client, events.Album, sending)


async def with_press(world: Any) -> None:
    await with_robot(world)
    await world.robot.send_message("ann_1", "choose", buttons=Button.inline("Yes", b"yes"))
    pressing = world.ann.chat(world.bot).press("Yes", world.ann.chat(world.bot).last())
    world.names["event"] = await received(world.robot, events.CallbackQuery, pressing)


async def with_arrival(world: Any) -> None:
    carl = world.server.create_user("Carl", username="carl_1")
    await carl.chat(world.bob).send("hi")
    request = functions.channels.InviteToChannelRequest(
        world.bob.input_channel(world.group), [world.bob.input_user(carl)]
    )
    world.names["event"] = await received(world.client, events.ChatAction, world.bob.call(request))


async def with_typing(world: Any) -> None:
    world.names["event"] = await received(world.client, events.UserUpdate, world.bob.chat(world.ann).typing())


async def with_query(world: Any) -> None:
    """An inline query that waits for its answer."""
    waiting = asyncio.get_running_loop().create_future()
    world.robot.remove_event_handler(world.robot.list_event_handlers()[0][0])

    async def keep(event: Any) -> None:
        waiting.set_result(event)

    world.robot.add_event_handler(keep, events.InlineQuery)
    world.asked = asyncio.ensure_future(world.client.inline_query("BotFather", "x"))
    world.names["event"] = await asyncio.wait_for(waiting, 5)


async def with_qr_code(world: Any) -> None:
    client = world.server.client()
    await client.connect()
    world.clients.append(client)
    world.names["client"] = client
    world.names["qr_login"] = await client.qr_login()
    shown: list[Any] = []
    world.names["show_as_qr_code"] = shown.append

    async def scan() -> None:
        for _ in range(200):
            if shown or "qr_login.QRLogin.wait" in world.name:
                break
            await asyncio.sleep(0.01)
        token = world.names["qr_login"].token
        await world.bob.call(functions.auth.AcceptLoginTokenRequest(token))

    if not world.name.endswith("recreate"):
        world.scan = asyncio.ensure_future(scan())


async def with_new_client(world: Any) -> None:
    """A client that is not logged in, and somebody who types what they are asked for."""
    client = world.server.client()
    await client.connect()
    world.clients.append(client)
    world.ann.account.password = None
    world.names["client"] = client
    world.names["input"] = lambda _: world.ann.login_code()
    world.names["ask_on_the_web"] = world.ann.login_code
    # A new session would lead to Telegram itself.
    session = SQLiteSession(str(world.folder / "anon"))
    session.set_dc(2, *world.server.address(2))
    session.close()


async def with_password(world: Any) -> None:
    """Somebody who has given the code, and is asked for the password."""
    await with_new_client(world)
    from telethon.testing.world.passwords import Password

    world.ann.account.password = Password(bytes(32), bytes(16), plain="correct horse")
    await world.names["client"].send_code_request(world.ann.phone)
    with pytest.raises(errors.SessionPasswordNeededError):
        await world.names["client"].sign_in(code=world.ann.login_code())


async def with_folder(world: Any) -> None:
    # Only folders of Telegram's own can be unpacked.
    pass


async def with_takeout(world: Any) -> None:
    async with world.client.takeout(finalize=False):
        pass


async def with_session(world: Any) -> None:
    """A session in a file, logged in, under the name that examples use."""
    session = SQLiteSession(str(world.folder / "anon"))
    session.set_dc(2, *world.server.address(2))
    session.auth_key = world.server.client_session(world.ann).auth_key
    session.close()


async def with_robot(world: Any) -> None:
    """Examples whose client is a bot."""
    for callback, _ in world.robot.list_event_handlers():
        world.robot.remove_event_handler(callback)
    world.names["client"] = world.robot


async def with_robot_that_offers(world: Any) -> None:
    """Examples whose client is a bot that answers inline queries already."""
    world.names["client"] = world.robot


async def with_text(world: Any) -> None:
    world.names["message"] = await world.client.send_message(world.names["chat"], "some text")
    world.names["long_text"] = "word " * 2000


async def with_button(world: Any) -> None:
    world.names.update(bot=world.robot, chat="ann_1")


async def with_text_of_bob(world: Any) -> None:
    world.names["message"] = (await world.client.get_messages("username", None, from_user="username"))[0]


async def with_pin(world: Any) -> None:
    await with_text(world)
    await world.names["message"].pin()


async def with_file(world: Any) -> None:
    world.names["message"] = sent = await world.client.send_file(world.names["chat"], world.folder / "song.ogg")
    if world.name.startswith("utils"):
        world.names.update(
            bot=world.robot, chat="ann_1", file_id_from_a_bot=utils.pack_bot_file_id(sent.document, current=True)
        )


PREPARED = {
    "tl.custom._message": with_message,
    "tl.custom.message": with_message,
    "tl.custom.messagebutton": with_message,
    "tl.custom._messageactions.MessageActions.edit": with_text,
    "tl.custom._messageactions.MessageActions.unpin": with_pin,
    "tl.custom._messagemedia": with_file,
    "utils.fileid": with_file,
    "client.downloads.DownloadMethods.download_file": with_file,
    "extensions.splitting": with_text,
    "tl.custom.conversation.Conversation.": with_conversation,
    "tl.custom.conversation.Conversation": with_answers,
    "client.dialogs.DialogMethods.conversation": with_answers,
    "tl.custom.dialog.Dialog.": with_dialog,
    "tl.custom.draft.Draft.": with_draft,
    "tl.custom.inlineresult.InlineResult.": with_result,
    "tl.custom.inlinebuilder.InlineBuilder.": with_builder,
    "tl.custom.inlinebuilder.InlineBuilder": with_robot,
    "tl.custom.qrlogin": with_qr_code,
    "client.auth.AuthMethods.qr_login": with_qr_code,
    "client.auth.AuthMethods.sign_in": with_new_client,
    "client.auth.AuthMethods.send_code_request": with_new_client,
    "client.auth.AuthMethods.start": with_new_client,
    "client.users.UserMethods.is_user_authorized": with_new_client,
    "client.account.AccountMethods.end_takeout": with_takeout,
    "client.telegramclient.TelegramClient": with_session,
    "client.updates.UpdateMethods.remove_event_handler": with_handler,
    "events.callbackquery": with_robot,
    "events.choseninlineresult": with_robot_that_offers,
    "events.inlinequery.InlineQueryEvent": with_query,
    "events.inlinequery.InlineQuery": with_robot,
    "events.messageread.MessageReadEvent": with_event,
    "events.common": with_event,
    "events.album.AlbumEvent": with_album,
    "events.callbackquery.CallbackQueryEvent": with_press,
    "events.chataction.ChatActionEvent": with_arrival,
    "events.userupdate.UserUpdateEvent": with_typing,
    "tl.custom.button.Button.": with_button,
    "tl.custom.sendergetter": with_text_of_bob,
    "tl.custom.forward": with_text_of_bob,
    "utils.media": with_file,
    "events._handlers": with_handler,
    "events.is_handler": with_handler,
    "events.list": with_handler,
    "events.unregister": with_handler,
    "password.": with_password,
}


async def prepare(world: Any, module: str) -> None:
    for name, value in vars(importlib.import_module(module)).items():
        if not name.startswith("__"):
            world.names.setdefault(name, value)
    fitting = [prefix for prefix in PREPARED if world.name.startswith(prefix)]
    if fitting:
        await PREPARED[max(fitting, key=len)](world)


# -- what handlers are called for ----------------------------------------------------------------------------------


async def let_something_happen(world: Any) -> None:
    """Everything that two people and a bot can do."""
    await asyncio.sleep(0.7)
    chat, group = world.bob.chat(world.ann), world.bob.chat(world.group)
    await chat.send("hello there")
    await chat.send("hi")
    await group.send("hello there, everybody")
    await chat.typing(types.SendMessageUploadPhotoAction(50))
    await chat.read()
    carl = world.server.create_user("Carl", username="carl_1")
    await carl.chat(world.bob).send("hi")
    await world.bob.call(
        functions.channels.InviteToChannelRequest(world.bob.input_channel(world.group), [world.bob.input_user(carl)])
    )
    async with world.server.client(world.bob) as other:
        await other.get_dialogs()
        await other.send_file("ann_1", [world.folder / "photo.jpg", world.folder / "me.jpg"])
        if world.names["client"] is world.robot and handles(world.robot, events.InlineQuery):
            results = await other.inline_query("BotFather", "x")
            if handles(world.robot, events.ChosenInlineResult):
                await results[0].click("ann_1")
    if world.names["client"] is world.robot and handles(world.robot, events.CallbackQuery):
        await world.robot.send_message("ann_1", "choose", buttons=Button.inline("Yes", b"yes"))
        await world.ann.chat(world.bot).press("Yes", world.ann.chat(world.bot).last())
    # What was answered by now may change and go.
    await asyncio.sleep(0.3)
    mine = next((message for message in chat.messages() if message.text == "hello there"), None)
    if mine is not None:
        await chat.edit(mine, "changed")
        await chat.delete(mine)


def handles(client: TelegramClient, kind: type[Any]) -> bool:
    return any(isinstance(builder, kind) for _, builder in client.list_event_handlers())


@pytest.mark.parametrize("name", sorted(filter(runs, EXAMPLES)))
async def test_example(
    name: str,
    telegram_server: TelegramTestServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.chdir(tmp_path)
    example = EXAMPLES[name]
    world = await seed(telegram_server, tmp_path)
    world.name = name
    try:
        await prepare(world, example.path.removesuffix(".py").removesuffix("/__init__").replace("/", "."))
        clients = {id(one): one for one in (world.client, world.names["client"])}
        before = {id(one): len(one.list_event_handlers()) for one in clients.values()}
        with caplog.at_level(logging.ERROR, logger="telethon"):
            shown = await asyncio.wait_for(run(example, world.names), 30)
            if example.wanted:
                assert show(shown) == example.wanted.strip()
            called: list[str] = []
            handlers = 0
            for one in clients.values():
                for place, (builder, callback) in enumerate(list(one._event_builders)):
                    if place >= before[id(one)]:
                        handlers += 1
                        one._event_builders[place] = (builder, noting(callback, called))
            if handlers and name not in ONLY_DEFINED and not name.startswith("events.delivery"):
                await let_something_happen(world)
                for _ in range(300):
                    if called:
                        break
                    await asyncio.sleep(0.01)
                assert called, "the handler of the example was never called"
                await asyncio.sleep(0.1)
        assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []
    finally:
        conversation = world.names.get("conversation")
        if conversation is not None:
            conversation.cancel()
        for one in world.clients:
            await one.disconnect()
        extra = world.names.get("client")
        if isinstance(extra, TelegramClient):
            await extra.disconnect()


def show(value: Any) -> str:
    """What an interpreter shows, with the content of objects of the schema."""
    if isinstance(value, list):
        return f"[{', '.join(map(show, value))}]"
    if isinstance(value, tuple):
        return f"({', '.join(map(show, value))})"
    return str(value) if isinstance(value, TLObject) else repr(value)


def noting(callback: Any, called: list[str]) -> Any:
    async def noted(event: Any) -> None:
        called.append(type(event).__name__)
        await callback(event)

    return noted


WITHOUT = {"flood_sleep_threshold", "request_timeout", "sign_up"}
"""Two settings, and a method that only says that there is no signing up any more."""


def test_there_are_examples_of_everything_that_people_call() -> None:
    """Each method of the client has one, each kind of event, and each class and method that the reference names."""
    missing = []
    for attribute in dir(TelegramClient):
        value = inspect.getattr_static(TelegramClient, attribute)
        function = getattr(value, "__func__", getattr(value, "fget", value))
        if attribute.startswith("_") or not inspect.isfunction(function) or attribute in WITHOUT:
            continue
        if ">>> " not in (inspect.getdoc(function) or ""):
            missing.append(attribute)
    for attribute in dir(events):
        value = getattr(events, attribute)
        if inspect.isclass(value) and hasattr(value, "Event") and ">>> " not in (inspect.getdoc(value) or ""):
            missing.append(attribute)
    for name in reference.FULL.values():
        holder, attribute = reference.found(name)
        value = inspect.getattr_static(holder, attribute, None)
        value = getattr(value, "__func__", value)
        generated = getattr(value, "__module__", "").startswith(("telethon.errors", "telethon.tl.functions"))
        called = inspect.isfunction(value) or inspect.isclass(value)
        if called and not generated and ">>> " not in (inspect.getdoc(value) or ""):
            missing.append(name)
    assert missing == []
