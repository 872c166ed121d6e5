"""What type checkers make of handlers: the event is known by its builder; this file is checked, not run."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from telethon import TelegramClient, events, types

if TYPE_CHECKING:
    from typing_extensions import assert_type

    from telethon.tl.custom import Draft
    from telethon.tl.custom._base import Sender
    from telethon.tl.custom.forward import Forward


def messages(client: TelegramClient) -> None:
    @client.on(events.NewMessage)
    async def new(event: events.NewMessage.Event) -> None:
        assert_type(event.message, types.Message)
        assert_type(event.message.text, "str | None")
        assert_type(event.client, TelegramClient)
        assert_type(event.chat_id, "int | None")

    @client.on(events.MessageEdited(incoming=True))
    async def edited(event: events.MessageEdited.Event) -> None:
        assert_type(event.message.edit_date, datetime.datetime | None)

    @client.on(events.MessageDeleted)
    async def deleted(event: events.MessageDeleted.Event) -> None:
        assert_type(event.deleted_ids, list[int])

    @client.on(events.MessageRead(inbox=True))
    async def read(event: events.MessageRead.Event) -> None:
        assert_type(event.max_id, "int | None")
        assert_type(await event.get_messages(), list[types.Message])

    @client.on(events.Album(chats=5))
    async def album(event: events.Album.Event) -> None:
        for message in event:
            assert_type(message, types.Message)
        assert_type(event.messages, list[types.Message])
        assert_type(event.forward, Forward | None)
        assert_type(len(event), int)

    @client.on(events.MessageReaction)
    async def reacted(event: events.MessageReaction.Event) -> None:
        assert_type(event.added, "list[str | int]")
        assert_type(event.counts, "dict[str | int, int] | None")
        assert_type(await event.get_message(), "types.Message | None")
        assert_type(await event.get_sender(), Sender | None)


def chats(client: TelegramClient) -> None:
    @client.on(events.ChatAction)
    async def acted(event: events.ChatAction.Event) -> None:
        assert_type(event.user_joined, bool)
        assert_type(await event.get_users(), list[types.User])
        assert_type(event.new_title, "str | None")

    @client.on(events.UserUpdate)
    async def does(event: events.UserUpdate.Event) -> None:
        assert_type(event.typing, "bool | None")
        assert_type(event.last_seen, datetime.datetime | None)

    @client.on(events.JoinRequest)
    async def asked(event: events.JoinRequest.Event) -> None:
        await event.approve()
        await event.decline(5)
        assert_type(event.user_ids, list[int])

    @client.on(events.ChatMember)
    async def became(event: events.ChatMember.Event) -> None:
        assert_type(event.promoted, bool)
        assert_type(event.new, "types.TypeChannelParticipant | types.TypeChatParticipant | None")
        assert_type(event.user_id, int)

    @client.on(events.ChatBoost)
    async def boosted(event: events.ChatBoost.Event) -> None:
        assert_type(event.boost, types.Boost)
        assert_type(event.expires, datetime.datetime | None)

    @client.on(events.Story)
    async def posted(event: events.Story.Event) -> None:
        assert_type(await event.get_story(), "types.StoryItem | None")

    @client.on(events.DraftUpdate)
    async def drafted(event: events.DraftUpdate.Event) -> None:
        assert_type(event.draft, Draft)

    @client.on(events.PollVote(polls=[5]))
    async def voted(event: events.PollVote.Event) -> None:
        assert_type(event.options, list[bytes])

    @client.on(events.PollUpdate(polls=5))
    async def stands(event: events.PollUpdate.Event) -> None:
        assert_type(event.results, types.PollResults)
        assert_type(event.votes, "dict[bytes, int] | None")


def bots(client: TelegramClient) -> None:
    @client.on(events.CallbackQuery(pattern=b"(x)"))
    async def pressed(event: events.CallbackQuery.Event) -> None:
        assert_type(event.data, "bytes | None")
        assert_type(await event.answer("text", alert=True), "bool | None")

    @client.on(events.InlineQuery)
    async def asked(event: events.InlineQuery.Event) -> None:
        assert_type(event.text, str)
        await event.answer([event.builder.article("title", text="text")])

    @client.on(events.ChosenInlineResult)
    async def chosen(event: events.ChosenInlineResult.Event) -> None:
        assert_type(event.result_id, str)
        await event.edit("text")

    @client.on(events.BotStopped)
    async def stopped(event: events.BotStopped.Event) -> None:
        assert_type(event.stopped, bool)

    @client.on(events.ShippingQuery)
    async def ship(event: events.ShippingQuery.Event) -> None:
        assert_type(event.address, types.PostAddress)
        await event.answer(types.ShippingOption("id", "title", []))

    @client.on(events.PreCheckoutQuery)
    async def check(event: events.PreCheckoutQuery.Event) -> None:
        assert_type(event.payload, bytes)
        assert_type(await event.answer(ok=True), "bool | None")

    @client.on(events.Payment)
    async def paid(event: events.Payment.Event) -> None:
        assert_type(event.total_amount, int)
        await event.refund()

    @client.on(events.BusinessConnection)
    async def connected(event: events.BusinessConnection.Event) -> None:
        assert_type(event.rights, "types.BusinessBotRights | None")

    @client.on(events.BusinessMessage(incoming=True))
    async def written(event: events.BusinessMessage.Event) -> None:
        assert_type(event.connection_id, str)
        assert_type(event.message, types.Message)
        assert_type(event.business_client, TelegramClient)

    @client.on(events.BusinessMessageEdited)
    async def changed(event: events.BusinessMessageEdited.Event) -> None:
        assert_type(event.connection_id, str)

    @client.on(events.BusinessMessageDeleted)
    async def gone(event: events.BusinessMessageDeleted.Event) -> None:
        assert_type(event.deleted_ids, list[int])
