"""Commands, buttons and the question before everything is thrown away."""

from __future__ import annotations


def labels(message):
    """What stands on the buttons under a message."""
    return [button.text for row in message.buttons for button in row]


async def test_start_tells_what_there_is(chat):
    await chat.send("/start")
    text = (await chat.expect_reply()).text
    assert "/remind" in text
    assert "@test_robot" in text


async def test_what_is_added_is_shown(chat):
    await chat.send("/add milk")
    assert (await chat.expect_reply()).text == "1 of 1 to do"
    await chat.send("/add bread\ncheese")
    await chat.expect_reply()

    await chat.send("/list")
    shown = await chat.expect_reply()
    assert shown.text == "3 of 3 to do"
    assert labels(shown) == ["⬜ milk", "⬜ bread", "⬜ cheese"]


async def test_an_empty_list_says_so(chat):
    await chat.send("/list")
    shown = await chat.expect_reply()
    assert (shown.text, shown.buttons) == ("There is nothing to do.", [])


async def test_other_messages_are_ignored(chat):
    await chat.send("Good morning!")
    await chat.expect_silence()


async def test_a_button_marks_a_task_and_takes_it_back(chat):
    await chat.send("/add milk\nbread")
    await chat.expect_reply()

    answer = await chat.press("⬜ bread")
    assert answer.message == "Done!"
    shown = await chat.expect_edit()
    assert shown.text == "1 of 2 to do"
    assert labels(shown) == ["⬜ milk", "✅ bread"]

    answer = await chat.press("✅ bread")
    assert answer.message == "Not done yet."
    assert (await chat.expect_edit()).text == "2 of 2 to do"


async def test_lists_are_private(chat, telegram_server, telegram_bot, lists):
    await chat.send("/add a surprise for Bob")
    await chat.expect_reply()

    bob = telegram_server.create_user("Bob").chat(telegram_bot)
    await bob.send("/list")
    assert (await bob.expect_reply()).text == "There is nothing to do."


async def test_in_a_group_everybody_presses_for_themselves(bot, ann, telegram_server, telegram_bot, lists):
    bob = telegram_server.create_user("Bob")
    group = telegram_server.create_group("Home", ann, [bob, telegram_bot])
    await ann.chat(group).send("/add milk")
    shown = await bob.chat(group).expect_reply()
    if shown.sender_id == ann.id:
        shown = await bob.chat(group).expect_reply()

    answer = await bob.chat(group).press("⬜ milk", shown)
    assert answer.alert
    assert "not yours" in answer.message
    assert not lists.of(ann.id)[0].done


async def test_clear_needs_a_yes(chat, ann, lists):
    lists.add(ann.id, "milk")
    await chat.send("/clear")
    assert "**" not in (await chat.expect_reply()).text  # it is formatting, not text
    await chat.send("Yes")
    assert (await chat.expect_reply()).text == "It is empty now."
    assert lists.of(ann.id) == []


async def test_clear_with_any_other_answer_keeps_the_list(chat, ann, lists):
    lists.add(ann.id, "milk")
    await chat.send("/clear")
    await chat.expect_reply()
    await chat.send("no")
    assert (await chat.expect_reply()).text == "I keep it."
    assert len(lists.of(ann.id)) == 1


async def test_clear_twice_asks_once(chat):
    await chat.send("/clear")
    await chat.expect_reply()
    await chat.send("/clear")
    texts = {(await chat.expect_reply()).text, (await chat.expect_reply()).text}
    assert texts == {"I keep it.", "I have asked you already."}
