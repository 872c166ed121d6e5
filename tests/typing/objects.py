"""What the friendly objects are to type checkers; this file is checked, not run."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from telethon import Button, TelegramClient
from telethon.tl import custom, types
from telethon.tl.custom.file import File

if TYPE_CHECKING:
    from typing_extensions import assert_type


async def messages(message: types.Message) -> None:
    assert_type(message.message, str)
    assert_type(message.date, datetime)
    assert_type(message.id, int)
    assert_type(message.text, "str | None")
    assert_type(message.sender_id, "int | None")
    assert_type(message.chat_id, "int | None")
    assert_type(message.sender, "types.User | types.Channel | types.Chat | None")
    assert_type(message.chat, "types.User | types.Chat | types.Channel | None")
    assert_type(message.client, "TelegramClient | None")
    assert_type(message.photo, "types.Photo | None")
    assert_type(message.document, "types.Document | None")
    assert_type(message.file, File | None)
    assert_type(message.forward, "custom.Forward | None")
    assert_type(message.buttons, "list[list[custom.MessageButton]] | None")
    assert_type(await message.get_sender(), "types.User | types.Channel | types.Chat | None")
    assert_type(await message.respond("hi"), "types.Message | None")
    assert_type(await message.reply("hi"), "types.Message | None")
    assert_type(await message.edit("hi"), "types.Message | None")
    assert_type(await message.get_reply_message(), "types.Message | None")


def kinds(message: types.TypeMessage) -> None:
    if isinstance(message, types.MessageService):
        assert_type(message.action, types.TypeMessageAction)
        assert_type(message.views, "int | None")
    elif isinstance(message, types.Message):
        assert_type(message.media, "types.TypeMessageMedia | None")
    else:
        assert_type(message, types.MessageEmpty)


async def others(client: TelegramClient) -> None:
    async for dialog in client.iter_dialogs():
        assert_type(dialog, custom.Dialog)
        assert_type(dialog.entity, "types.User | types.Chat | types.Channel")
        assert_type(dialog.draft, custom.Draft)
        assert_type(await dialog.send_message("hi"), types.Message)
    async with client.conversation("bot") as conversation:
        assert_type(conversation, custom.Conversation)
        assert_type(await conversation.send_message("hi"), types.Message)
        assert_type(await conversation.get_response(), types.Message)
        assert_type(await conversation.get_edit(), types.Message)
    results = await client.inline_query("bot", "query")
    assert_type(results, custom.InlineResults)
    assert_type(results[0], custom.InlineResult)
    assert_type(await results[0].click("me"), "types.Message | None")
    qr_login = await client.qr_login()
    assert_type(await qr_login.wait(), types.User)
    assert_type(Button.inline("text"), types.KeyboardInlineButton)
    assert_type(Button.text("text"), Button)
