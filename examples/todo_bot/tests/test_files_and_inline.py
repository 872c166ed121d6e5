"""Files in both directions, and inline queries."""

from __future__ import annotations


async def test_the_list_goes_out_as_a_file(chat, ann, lists):
    lists.add(ann.id, "milk", "bread")
    await chat.send("/list")
    await chat.expect_reply()
    await chat.press("⬜ bread")

    await chat.send("/export")
    message = await chat.expect_reply()
    assert message.file_name == "todo.txt"
    assert message.file == b"[ ] milk\n[x] bread\n"


async def test_a_file_comes_in(chat, ann, lists):
    await chat.send_file("[ ] milk\n\nbread\r\n[x] Käse".encode(), name="todo.txt")
    assert (await chat.expect_reply()).text == "Added: 3"
    assert [task.text for task in lists.of(ann.id)] == ["milk", "bread", "Käse"]


async def test_what_went_out_can_come_in(chat, ann, lists):
    lists.add(ann.id, "milk", "bread")
    await chat.send("/export")
    exported = (await chat.expect_reply()).file
    lists.clear(ann.id)
    await chat.send_file(exported, name="todo.txt")
    await chat.expect_reply()
    assert [task.text for task in lists.of(ann.id)] == ["milk", "bread"]


async def test_a_long_file_is_not_even_downloaded(chat, ann, lists, telegram_server):
    await chat.send_file(b"milk\n" * 20_000, name="todo.txt")
    assert (await chat.expect_reply()).text == "That is too long for me."
    assert lists.of(ann.id) == []
    assert "upload.getFile" not in [request.method for request in telegram_server.requests]


async def test_pictures_are_no_lists(chat):
    await chat.send_file(b"GIF89a", name="funny.gif")
    await chat.expect_silence()


async def test_tasks_can_be_shared_in_any_chat(bot, ann, telegram_server, telegram_bot, lists):
    lists.add(ann.id, "Milk", "milkshake", "bread")
    bob = telegram_server.create_user("Bob")
    lists.add(bob.id, "milk for Bob")

    results = await ann.chat(bob).inline("milk", bot=telegram_bot)
    assert results.titles == ["Milk", "milkshake"]
    sent = await results.send(1)
    assert sent.text == "To do: milkshake"
    assert (await bob.chat(ann).expect_reply()).text == "To do: milkshake"
