"""The world in which the examples of docstrings are run: who and what stands behind the names they use.

`seed` makes what all of them have, `PREPARED` says what some need besides, and `let_something_happen` makes the things
happen that handlers wait for.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import telethon
from telethon import Button, TelegramClient, errors, events, functions, types, utils
from telethon.extensions import markdown
from telethon.sessions import SQLiteSession, StringSession
from telethon.testing import TelegramTestServer, tiny_png


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
    "client.filedownload.FileDownloadMethods.download_file": with_file,
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
    "events._user.UserEvent": with_typing,
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
