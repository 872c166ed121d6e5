"""Bad lines, a bot that was not there, and a Telegram that says no: nothing is lost, and nothing happens twice."""

from __future__ import annotations

from bot import SETTINGS, TodoBot


async def test_a_bad_line_loses_nothing(telegram_chaos, chat, ann, lists):
    telegram_chaos.set(latency=0.01, jitter=0.01, split=16)  # late, and in pieces
    telegram_chaos.set("down", duplicate=0.2, cut=0.1)  # some packets come twice, some end the connection
    wanted = [f"number {number}" for number in range(10)]
    for text in wanted:
        await chat.send(f"/add {text}")
        await chat.expect_reply()
    await chat.expect_silence()
    assert [task.text for task in lists.of(ann.id)] == wanted


async def test_what_was_written_while_the_line_was_down_is_answered(telegram_chaos, chat, ann, lists):
    telegram_chaos.refuse()
    telegram_chaos.disconnect(reset=True)
    for text in ("milk", "bread", "cheese"):
        await chat.send(f"/add {text}")
    assert lists.of(ann.id) == []
    telegram_chaos.heal()
    for _ in range(3):
        await chat.expect_reply()
    await chat.expect_silence()
    assert [task.text for task in lists.of(ann.id)] == ["milk", "bread", "cheese"]


async def test_what_was_written_while_the_bot_was_off_is_answered(telegram_server, telegram_bot, ann, lists):
    session = telegram_server.client_session(telegram_bot)
    chat = ann.chat(telegram_bot)

    def bot():
        client = telegram_server.client(session=session, **SETTINGS)
        TodoBot(client, lists).install()
        return client

    async with bot():
        await chat.send("/add milk")
        assert (await chat.expect_reply()).text == "1 of 1 to do"
    await chat.send("/add bread")  # nobody is there
    async with bot():
        assert (await chat.expect_reply()).text == "2 of 2 to do"
        await chat.expect_silence()


async def test_a_flood_wait_is_waited_for(chat, telegram_server):
    fault = telegram_server.faults.flood_wait("messages.SendMessage", 1)
    await chat.send("/add milk")
    assert (await chat.expect_reply()).text == "1 of 1 to do"
    assert fault.hits == 1


async def test_a_user_who_blocks_the_bot_does_not_stop_it(chat, telegram_server, telegram_bot):
    telegram_server.faults.rpc_error("messages.SendMessage", 403, "USER_IS_BLOCKED")
    await chat.send("/list")
    await chat.expect_silence()

    bob = telegram_server.create_user("Bob").chat(telegram_bot)
    await bob.send("/list")
    assert (await bob.expect_reply()).text == "There is nothing to do."
