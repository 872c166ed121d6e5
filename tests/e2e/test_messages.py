from __future__ import annotations

import pytest

from telethon import errors, events


@pytest.fixture
async def pair(telegram_server, telegram_clients):
    """Two people with a client each, who know each other's usernames."""
    ann = telegram_server.create_user("Ann", username="ann_1")
    bob = telegram_server.create_user("Bob", username="bob_1")
    return await telegram_clients(ann), await telegram_clients(bob)


async def test_a_message_is_sent_edited_answered_and_deleted(pair, eventually):
    ann, bob = pair
    heard, changed, gone = [], [], []
    bob.add_event_handler(_keep(heard), events.NewMessage(incoming=True))
    bob.add_event_handler(_keep(changed), events.MessageEdited)
    bob.add_event_handler(_keep(gone), events.MessageDeleted)
    sent = await ann.send_message("bob_1", "**bold** and `code`")
    assert (sent.raw_text, sent.text, sent.out) == ("bold and code", "**bold** and `code`", True)
    await eventually(lambda: heard)
    assert (heard[0].text, heard[0].out) == ("**bold** and `code`", False)
    assert (await heard[0].get_sender()).first_name == "Ann"
    await sent.edit("changed")
    await eventually(lambda: changed)
    assert changed[0].raw_text == "changed"
    with pytest.raises(errors.MessageNotModifiedError):
        await sent.edit("changed")
    answer = await heard[0].reply("answer")
    assert (await answer.get_reply_message()).raw_text == "changed"
    await ann.delete_messages("bob_1", [sent.id])
    await eventually(lambda: gone)
    assert gone[0].deleted_ids == [heard[0].id]


def _keep(where):
    async def handler(event):
        where.append(event)

    return handler


async def test_a_hundred_messages_are_a_hundred_events_in_order(pair, eventually):
    ann, bob = pair
    heard = []
    bob.add_event_handler(_keep(heard), events.NewMessage(incoming=True))
    for number in range(100):
        await ann.send_message("bob_1", f"number {number}")
    await eventually(lambda: len(heard) >= 100)
    assert [event.raw_text for event in heard] == [f"number {number}" for number in range(100)]


async def test_a_hundred_messages_at_once_all_arrive_once(telegram_server, pair, eventually):
    import asyncio

    ann, bob = pair
    heard = []
    bob.add_event_handler(_keep(heard), events.NewMessage(incoming=True))
    await asyncio.gather(*(ann.send_message("bob_1", f"number {number}") for number in range(100)))
    await eventually(lambda: len(heard) >= 100)
    assert sorted(event.raw_text for event in heard) == sorted(f"number {number}" for number in range(100))


async def test_a_history_is_read_both_ways_filtered_and_counted(telegram_server, pair):
    ann, _ = pair
    me = telegram_server.actor((await ann.get_me()).id)
    bob = telegram_server.actor(telegram_server.world.usernames["bob_1"])
    for number in range(250):
        await me.chat(bob).send(f"number {number}")
    texts = [message.raw_text async for message in ann.iter_messages("bob_1")]
    assert texts == [f"number {number}" for number in reversed(range(250))]
    texts = [message.raw_text async for message in ann.iter_messages("bob_1", reverse=True, limit=120)]
    assert texts == [f"number {number}" for number in range(120)]
    found = await ann.get_messages("bob_1", search="number 24", limit=None)
    assert {message.raw_text for message in found} == {"number 24", *(f"number 24{digit}" for digit in range(10))}
    assert (await ann.get_messages("bob_1", limit=0)).total == 250
    some = await ann.get_messages("bob_1", min_id=100, max_id=104)
    assert [message.id for message in some] == [103, 102, 101]
    by_number = await ann.get_messages("bob_1", ids=[1, 9999, 3])
    assert [message and message.raw_text for message in by_number] == ["number 0", None, "number 2"]


async def test_dialogs_drafts_and_read_marks(telegram_server, pair, eventually):
    ann, bob = pair
    await ann.send_message("bob_1", "one")
    await ann.send_message("bob_1", "two")
    dialog = (await bob.get_dialogs())[0]
    assert (dialog.name, dialog.unread_count, dialog.message.raw_text) == ("Ann", 2, "two")
    read = []
    ann.add_event_handler(_keep(read), events.MessageRead)
    await bob.send_read_acknowledge(dialog.entity, max_id=dialog.message.id)
    await eventually(lambda: read)
    assert read[0].max_id == 2
    assert (await bob.get_dialogs())[0].unread_count == 0
    draft = (await bob.get_dialogs())[0].draft
    assert await draft.set_message("half a")
    assert [one.raw_text for one in await bob.get_drafts()] == ["half a"]


async def test_messages_are_forwarded_with_their_origin_and_pinned(pair):
    ann, bob = pair
    sent = await ann.send_message("bob_1", "original")
    theirs = (await bob.get_messages("ann_1"))[0]
    saved = await bob.forward_messages("me", theirs)
    assert saved.fwd_from.from_id.user_id == (await ann.get_me()).id
    assert (await saved.forward.get_sender()).username == "ann_1"
    await ann.pin_message("bob_1", sent)
    assert (await bob.get_messages("ann_1", ids=theirs.id)).pinned


async def test_unknown_names_and_senseless_messages_are_said(pair):
    ann, _ = pair
    with pytest.raises(ValueError, match="nobody_here"):
        await ann.send_message("nobody_here", "hi")
    with pytest.raises(ValueError, match="empty"):
        await ann.send_message("bob_1", "")
    with pytest.raises(errors.MessageTooLongError):
        await ann.send_message("bob_1", "x" * 5000)


async def test_typing_and_presence_are_seen(pair, eventually):
    ann, bob = pair
    await ann.send_message("bob_1", "hi")
    seen = []
    bob.add_event_handler(_keep(seen), events.UserUpdate)
    async with ann.action("bob_1", "typing"):
        await eventually(lambda: any(event.typing for event in seen))


async def test_long_text_and_captions_are_split_and_arrive_whole(pair, eventually):
    ann, bob = pair
    text = "\n\n".join(f"paragraph {number} with **bold** and `code`, as long as a few lines" for number in range(200))
    heard = []
    bob.add_event_handler(_keep(heard), events.NewMessage(incoming=True))
    with pytest.raises(errors.MessageTooLongError):
        await ann.send_message("bob_1", text)
    sent = await ann.send_message("bob_1", text, split=True)
    await eventually(lambda: len(heard) >= len(sent))
    assert len(sent) > 3
    assert "\n\n".join(event.text for event in heard) == text
    heard.clear()
    sent = await ann.send_message("bob_1", text, file=b"some bytes", split=True)
    await eventually(lambda: len(heard) >= len(sent))
    assert [event.file is not None for event in heard] == [True, *[False] * (len(sent) - 1)]
    assert "\n\n".join(event.text for event in heard) == text


async def test_a_long_caption_of_an_album_goes_on_in_messages_and_is_parsed_once(pair, eventually):
    ann, bob = pair
    text = " ".join(f"{number} < {number + 1}" for number in range(900))
    heard = []
    bob.add_event_handler(_keep(heard), events.NewMessage(incoming=True))
    sent = await ann.send_file(
        "bob_1", [b"one", b"two"], caption=text.replace("<", "&lt;"), parse_mode="html", split=True
    )
    await eventually(lambda: len(heard) >= len(sent))
    files = [event for event in heard if event.file]
    assert len(files) == 2
    assert len(sent) > 3
    assert " ".join(event.raw_text for event in heard if event.raw_text) == text
    with pytest.raises(TypeError, match="one caption for all files"):
        await ann.send_file("bob_1", [b"one", b"two"], caption=["a", "b"], split=True)


async def test_what_is_left_of_the_marks_of_a_format_is_not_read_again(pair):
    ann, _bob = pair
    sent = await ann.send_message("bob_1", "&amp;lt;", file=b"file", parse_mode="html", split=True)
    assert [(message.raw_text, message.entities) for message in sent] == [("&lt;", None)]


@pytest.mark.parametrize("mode", ["md2", "html2"])
async def test_every_kind_of_formatting_arrives(pair, eventually, mode):
    ann, bob = pair
    ann.parse_mode = mode
    heard = []
    bob.add_event_handler(_keep(heard), events.NewMessage(incoming=True))
    source = {
        "md2": ">*b* _i_ __u__ ~s~\n>||p||\n```py\ncode\n```\n`c` ![x](tg://emoji?id=7) [l](https://x.y)\n\\*",
        "html2": "<blockquote><b>b</b> <i>i</i> <u>u</u> <s>s</s>\n<tg-spoiler>p</tg-spoiler></blockquote>\n"
        '<pre><code class="language-py">code</code></pre>\n<code>c</code> <tg-emoji emoji-id="7">x</tg-emoji> '
        '<a href="https://x.y">l</a>\n*',
    }[mode]
    sent = await ann.send_message("bob_1", source)
    assert sent.text == source
    await eventually(lambda: heard)
    assert heard[0].raw_text == "b i u s\np\ncode\nc x l\n*"
    bob.parse_mode = mode
    assert heard[0].text == source
