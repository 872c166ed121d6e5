"""What type checkers make of the test server; this file is checked, not run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon import TelegramClient, functions, types
from telethon.testing import RpcFault, SeenMessage, SimulatedBot, SimulatedChat, SimulatedUser, TelegramTestServer

if TYPE_CHECKING:
    from typing_extensions import assert_type

    from telethon.testing import Call


async def people() -> None:
    async with TelegramTestServer() as server:
        assert_type(server, TelegramTestServer)
        bot = server.create_bot("My bot", "my_bot")
        assert_type(bot, SimulatedBot)
        assert_type(bot.token, str)
        ann = server.create_user("Ann")
        assert_type(ann, SimulatedUser)
        assert_type(server.client(bot), TelegramClient)
        chat = ann.chat(bot)
        assert_type(chat, SimulatedChat)
        await chat.send("/start")
        reply = await chat.expect_reply()
        assert_type(reply, SeenMessage)
        assert_type(reply.text, str)
        assert_type(await chat.press("Yes"), "types.messages.BotCallbackAnswer | SeenMessage")
        assert_type(await ann.call(functions.help.GetConfigRequest()), types.Config)
        server.faults.flood_wait("messages.SendMessage", 5)
        server.faults.flood_wait(functions.messages.SendMessageRequest, 5)

        @server.on(functions.account.UpdateUsernameRequest)
        def taken(request: functions.account.UpdateUsernameRequest, call: Call) -> types.User:
            raise RpcFault(400, "USERNAME_OCCUPIED")
