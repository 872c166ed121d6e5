from __future__ import annotations

import asyncio

import pytest

from telethon import Button, errors, events
from telethon.testing import Options


@pytest.fixture
async def scene(telegram_server, telegram_bot, telegram_clients, settled):
    """A bot with a client, and the chat of a simulated person with it."""
    client = await telegram_clients(connect=False)
    await client.start(bot_token=telegram_bot.token)
    await settled(telegram_server, client)
    return client, telegram_server.create_user("Ann", username="ann_1").chat(telegram_bot)


async def test_an_echo_answers_each_message_once(scene):
    client, chat = scene

    @client.on(events.NewMessage(incoming=True))
    async def echo(event):
        await event.respond(f"echo {event.raw_text}")

    for number in range(20):
        await chat.send(f"text {number}")
    replies = [(await chat.expect_reply()).text for _ in range(20)]
    assert sorted(replies) == sorted(f"echo text {number}" for number in range(20))
    await chat.expect_silence(0.05)


async def test_a_program_does_not_hear_its_own_messages(scene):
    client, chat = scene

    @client.on(events.NewMessage)
    async def echo(event):
        await event.respond(f"echo {event.raw_text}")

    await chat.send("once")
    assert (await chat.expect_reply()).text == "echo once"
    await chat.expect_silence(0.7)


async def test_a_pressed_button_is_answered_and_the_message_changed(scene):
    client, chat = scene

    @client.on(events.NewMessage(pattern="/start"))
    async def start(event):
        await event.respond("choose", buttons=[[Button.inline("Yes", b"yes")], [Button.url("Open", "https://x.org")]])

    @client.on(events.CallbackQuery(data=b"yes"))
    async def yes(event):
        await event.answer("well done", alert=True)
        await event.edit("thanks")

    await chat.send("/start")
    offered = await chat.expect_reply()
    assert [[button.text for button in row] for row in offered.buttons] == [["Yes"], ["Open"]]
    answer = await chat.press("Yes")
    assert (answer.message, answer.alert) == ("well done", True)
    assert (await chat.expect_edit()).text == "thanks"


async def test_inline_queries_offer_what_can_be_sent(scene):
    client, chat = scene

    @client.on(events.InlineQuery)
    async def query(event):
        builder = event.builder
        await event.answer([builder.article(f"Say {event.text}", text=f"I say {event.text}")])

    results = await chat.inline("hello")
    assert results.titles == ["Say hello"]
    assert (await results.send()).text == "I say hello"


async def test_a_conversation_waits_for_the_other(scene):
    client, chat = scene

    @client.on(events.NewMessage(pattern="/name"))
    async def ask(event):
        async with client.conversation(event.chat_id, timeout=5) as conversation:
            await conversation.send_message("what is your name?")
            name = (await conversation.get_response()).raw_text
            await conversation.send_message(f"hello {name}")

    await chat.send("/name")
    assert (await chat.expect_reply()).text == "what is your name?"
    await chat.send("Ann")
    assert (await chat.expect_reply()).text == "hello Ann"


async def test_files_of_both_sides(scene, eventually):
    client, chat = scene
    got = []

    @client.on(events.NewMessage(func=lambda event: event.file))
    async def back(event):
        got.append(await event.download_media(bytes))
        await event.respond(file=got[-1][::-1])

    await chat.send_file(b"abcdef", name="x.bin")
    assert (await chat.expect_reply()).file == b"fedcba"
    assert got == [b"abcdef"]


async def test_a_bot_may_not_do_what_only_people_may(scene):
    client, _ = scene
    with pytest.raises(errors.BotMethodInvalidError):
        await client.get_dialogs()


class TestSlowBots:
    @pytest.fixture
    def telegram_server_options(self):
        return {"options": Options(bot_timeout=0.2)}

    async def test_a_person_is_told_that_the_bot_does_not_answer(self, telegram_server, telegram_bot, telegram_clients):
        bot = await telegram_clients(telegram_bot)
        user = telegram_server.create_user("Ann")
        await user.chat(telegram_bot).send("/start")
        client = await telegram_clients(user)
        await bot.send_message(user.id, "choose", buttons=Button.inline("Yes", b"yes"))
        message = (await client.get_messages(telegram_bot.username))[0]
        # As in Telethon, a bot that does not answer is no error for who presses the button.
        assert await asyncio.wait_for(message.click(0), 5) is None
