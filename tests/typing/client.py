"""What type checkers make of the documented calls of the client; this file is checked, not run."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from telethon import Button, TelegramClient, errors, events, functions, helpers, types, utils
from telethon.errors import FloodWaitError, RPCError
from telethon.events.callbackquery import CallbackQueryEvent
from telethon.events.newmessage import NewMessageEvent
from telethon.sessions import MemorySession, SQLiteSession, StringSession
from telethon.tl import custom

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from typing_extensions import assert_type

    from telethon import hints
    from telethon.client import FloodWait
    from telethon.client._entities import Entity


async def making() -> None:
    async with TelegramClient("anon", 1, "hash") as client:
        assert_type(client, TelegramClient)
    with TelegramClient(StringSession(), 1, "hash") as blocking:
        assert_type(blocking, TelegramClient)
    TelegramClient(None, 1, "hash", proxy=("socks5", "127.0.0.1", 1080))
    TelegramClient(None, 1, "hash", proxy="socks5://127.0.0.1:1080").set_proxy("tg://socks?server=127.0.0.1&port=1080")
    TelegramClient(MemorySession(), 1, "hash", proxy={"proxy_type": "http", "addr": "127.0.0.1", "port": 8080})
    assert_type(StringSession.save(StringSession()), str)
    SQLiteSession("name")


async def requests(client: TelegramClient) -> None:
    full = await client(functions.channels.GetFullChannelRequest("telegram"))
    assert_type(full, types.messages.ChatFull)
    user = await client(functions.users.GetFullUserRequest("me"))
    assert_type(user, types.users.UserFull)
    assert_type(user.full_user.about, "str | None")
    me = await client(functions.users.GetUsersRequest(["me", types.InputUserSelf()]))
    assert_type(me, "list[types.TypeUser]")
    same = await client([functions.help.GetConfigRequest(), functions.help.GetConfigRequest()])
    assert_type(same, "list[types.Config]")
    found = await client(
        functions.messages.SearchRequest(
            peer="chat",
            q="tea",
            filter=types.InputMessagesFilterEmpty(),
            min_date=None,
            max_date=None,
            offset_id=0,
            add_offset=0,
            limit=10,
            max_id=0,
            min_id=0,
            hash=0,
        )
    )
    assert_type(
        found,
        types.messages.Messages
        | types.messages.MessagesSlice
        | types.messages.ChannelMessages
        | types.messages.MessagesNotModified,
    )


async def logging_in(client: TelegramClient) -> None:
    assert_type(await client.send_message("me", "text"), "types.Message")
    assert_type(await client.send_message("me", "text", split=True), "list[types.Message]")
    assert_type(await client.get_me(), "types.User | None")
    assert_type(await client.get_me(input_peer=True), "types.InputPeerUser | None")
    assert_type(await client.is_user_authorized(), bool)
    assert_type(await client.is_bot(), bool)
    assert_type(await client.send_code_request("+1"), types.auth.SentCode)
    assert_type(await client.qr_login(), custom.QRLogin)
    await client.start(phone=lambda: "+1", password="secret", code_callback=lambda: asyncio.sleep(0, "12345"))
    await client.sign_in("+1", 12345)
    await client.sign_in(password="secret")
    assert_type(await client.log_out(), bool)


async def entities(client: TelegramClient) -> None:
    assert_type(await client.get_entity("me"), Entity)
    assert_type(await client.get_entity(["me", 5, types.PeerUser(5)]), list[Entity])
    peer = await client.get_input_entity("me")
    assert_type(peer, types.TypeInputPeer)
    assert_type(await client.get_peer_id(peer), int)
    assert_type(utils.get_peer_id(peer), int)
    assert_type(utils.get_display_name(await client.get_entity(peer)), str)


async def reading(client: TelegramClient) -> None:
    async for message in client.iter_messages("me", limit=10):
        assert_type(message, types.Message)
        assert_type(message.id, int)
        assert_type(message.text, "str | None")
    async for maybe in client.iter_messages("me", ids=[1, 2]):
        assert_type(maybe, "types.Message | None")
    for one in client.iter_messages("me"):
        assert_type(one, types.Message)
    assert_type(await client.get_messages("me"), "helpers.TotalList[types.Message]")
    assert_type(await client.get_messages("me", 10, search="tea"), "helpers.TotalList[types.Message]")
    assert_type(await client.get_messages("me", ids=5), "types.Message | None")
    assert_type(await client.get_messages("me", ids=[5, 6]), "helpers.TotalList[types.Message | None]")
    messages = await client.get_messages("me", None)
    assert_type(messages.total, "int | None")
    assert_type(messages[0], types.Message)
    async for dialog in client.iter_dialogs():
        assert_type(dialog.name, str)
        assert_type(dialog.unread_count, int)
    assert_type(await client.get_dialogs(), "helpers.TotalList[custom.Dialog]")
    async for draft in client.iter_drafts():
        assert_type(draft, custom.Draft)
    async for user in client.iter_participants("chat"):
        assert_type(user.first_name, "str | None")
    async for logged in client.iter_admin_log("chat"):
        assert_type(logged, custom.AdminLogEvent)


async def writing(client: TelegramClient) -> None:
    message = await client.send_message("me", "Hello, **myself**!", reply_to=5)
    assert_type(message, types.Message)
    await client.send_message(
        "me", "text", buttons=[[Button.inline("Yes", b"yes"), Button.url("Page", "https://x.org")]]
    )
    await client.send_message("me", "text", buttons=Button.text("Hello", resize=True))
    await client.send_message("me", "text", buttons=Button.clear())
    assert_type(await client.forward_messages("me", message), "types.Message | None")
    assert_type(await client.forward_messages("me", [message, 5]), "list[types.Message | None]")
    assert_type(await client.delete_messages("me", [message, 5]), "list[types.messages.AffectedMessages]")
    assert_type(await client.send_read_acknowledge("me", message), "types.messages.AffectedMessages | bool")
    await client.edit_message("me", message, "other")
    await client.edit_message(message, "other")
    await client.pin_message("me", message, notify=True)
    async with client.action("me", "typing"):
        pass
    assert_type(await client.action("me", "cancel"), bool)


async def files(client: TelegramClient, message: types.Message) -> None:
    assert_type(await client.send_file("me", "photo.png", caption="Look!"), types.Message)
    assert_type(await client.send_file("me", ["photo.png", b"bytes"]), "list[types.Message]")
    assert_type(await client.send_file("me", "photo.png", caption="Look!", split=True), "list[types.Message]")
    assert_type(await client.download_media(message, bytes), "bytes | None")
    assert_type(await client.download_media(message, "folder/"), "str | None")
    assert_type(await client.download_media(message), "str | None")
    assert_type(await client.download_profile_photo("me"), "str | None")
    if message.media is not None:
        async for part in client.iter_download(message.media, request_size=64 * 1024):
            assert_type(part, bytes)
    await client.upload_file("photo.png", progress_callback=lambda done, total: print(done / total))


async def conversations(client: TelegramClient) -> None:
    async with client.conversation("bot", timeout=10) as conversation:
        assert_type(conversation, custom.Conversation)
        assert_type(await conversation.send_message("/start"), types.Message)
        answer = await conversation.get_response()
        assert_type(answer, types.Message)
        assert_type(answer.raw_text, "str | None")


def handlers(client: TelegramClient) -> None:
    @client.on(events.NewMessage)
    async def by_class(event: NewMessageEvent) -> None:
        assert_type(event.message, types.Message)
        assert_type(await event.get_chat(), "types.User | types.Chat | types.Channel | None")

    @client.on(events.NewMessage(pattern="(?i)hello", incoming=True))
    async def by_builder(event: events.NewMessage.Event) -> int:
        assert_type(event.chat_id, "int | None")
        await event.reply("Hey!")
        return 1

    assert_type(by_builder, Callable[[NewMessageEvent], Awaitable[int]])

    @client.on(events.CallbackQuery(data=b"yes"))
    async def pressed(event: events.CallbackQuery.Event) -> None:
        assert_type(event, CallbackQueryEvent)
        assert_type(event.data, "bytes | None")
        await event.answer("Coming!")

    @events.register(events.MessageEdited)
    async def later(event: events.MessageEdited.Event) -> None:
        raise events.StopPropagation

    client.add_event_handler(later)
    client.add_event_handler(by_class, events.NewMessage(chats=["username", 5]))
    assert_type(client.remove_event_handler(by_class), int)

    @client.on_missed_updates
    async def missed(chat_id: int | None, count: int) -> None:
        print(chat_id, count)

    @client.on_flood_wait
    def waits(wait: FloodWait) -> None:
        assert_type(wait.seconds, int)
        assert_type(wait.will_sleep, bool)

    @client.on_flood_wait
    async def waits_too(wait: FloodWait) -> None:
        assert_type(wait.error, RPCError)


async def life(client: TelegramClient) -> None:
    await client.connect()
    await client.start(bot_token="1:a")
    await client.run_until_disconnected()
    await client.disconnect()


async def limits(client: TelegramClient) -> None:
    config = await client(functions.help.GetConfigRequest(), timeout=5)
    assert_type(config, types.Config)
    several = await client([functions.help.GetConfigRequest()], ordered=True, timeout=0.5)
    assert_type(several, "list[types.Config]")
    sender = await client._borrow_exported_sender(4)
    nearest = await client._call(sender, functions.help.GetNearestDcRequest(), timeout=5)
    assert_type(nearest, types.NearestDc)
    assert_type(client.request_timeout, "float | None")
    client.request_timeout = 30
    try:
        await client.get_me()
    except errors.RequestTimeoutError as error:
        assert_type(error.seconds, float)


async def failures(client: TelegramClient) -> None:
    try:
        await client.send_message("me", "text")
    except FloodWaitError as error:
        assert_type(error.seconds, int)
    except errors.UsernameNotOccupiedError as error:
        assert_type(error, errors.UsernameNotOccupiedError)
    except RPCError as error:
        assert_type(error.message, "str | None")


async def annotated(
    client: TelegramClient, chat: hints.EntityLike, file: hints.FileLike
) -> helpers.TotalList[types.Message]:
    await client.send_file(chat, file)
    return await client.get_messages(chat, 5)
