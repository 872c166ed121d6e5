"""What messages have and can do."""

from __future__ import annotations

import io

import pytest
from reference import covers, of

from telethon import Button, errors, events, types
from telethon.tl.custom import Forward, MessageButton


def named(data, name):
    file = io.BytesIO(data)
    file.name = name
    return file


@covers("Message", *of("Message", "client text raw_text is_reply respond reply edit delete forward_to"))
@covers(*of("Message", "get_reply_message mark_read pin forward get_entities_text"), "Forward")
@covers(
    *of("ChatGetter", "chat input_chat chat_id is_private is_group is_channel get_chat get_input_chat"), "ChatGetter"
)
@covers(*of("SenderGetter", "sender input_sender sender_id get_sender get_input_sender"), "SenderGetter")
async def test_texts(scene, kept, eventually):
    heard = []
    scene.client.add_event_handler(kept(heard), events.NewMessage(incoming=True))
    await scene.bob.chat(scene.ann).send("https://example.com is good")
    await eventually(lambda: heard)
    message = heard[0].message
    assert (message.text, message.raw_text, message.is_reply) == (*["https://example.com is good"] * 2, False)
    assert message.client is scene.client
    assert message.get_entities_text() == [(message.entities[0], "https://example.com")]
    assert message.get_entities_text(types.MessageEntityBold) == []
    assert (message.chat_id, message.sender_id) == (scene.bob.id, scene.bob.id)
    assert (message.is_private, message.is_group, message.is_channel) == (True, False, False)
    assert (await message.get_chat()).id == message.chat.id == scene.bob.id
    assert (await message.get_sender()).id == message.sender.id == scene.bob.id
    assert (await message.get_input_chat()).user_id == message.input_chat.user_id == scene.bob.id
    assert (await message.get_input_sender()).user_id == message.input_sender.user_id == scene.bob.id
    answer = await message.respond("**an answer**")
    assert answer.reply_to is None
    reply = await message.reply("a reply")
    assert reply.is_reply
    assert (await reply.get_reply_message()).id == message.id
    assert (await answer.edit("changed")).text == "changed"
    with pytest.raises(errors.MessageNotModifiedError):
        await answer.edit("changed")
    with pytest.raises(errors.MessageAuthorRequiredError):
        await message.edit("not mine")
    assert scene.bob.chat(scene.ann).last().text == "a reply"
    onward = await message.forward_to("me")
    assert isinstance(onward.forward, Forward)
    assert onward.forward.sender_id == scene.bob.id
    assert onward.forward.date == message.date
    assert (await onward.forward.get_sender()).username == "bob_1"
    assert message.forward is None
    await message.mark_read()
    assert next(one for one in await scene.client.get_dialogs() if one.name == "Bob").unread_count == 0
    await message.pin()
    assert (await scene.client.get_messages("bob_1", ids=message.id)).pinned
    await message.unpin()
    assert not (await scene.client.get_messages("bob_1", ids=message.id)).pinned
    await reply.delete()
    assert await scene.client.get_messages("bob_1", ids=reply.id) is None


@covers(*of("ChatGetter", "is_group is_channel is_private chat_id"), "SenderGetter.sender_id", "Forward")
async def test_rooms(scene):
    in_group = await scene.client.send_message("talk_group", "text")
    post = await scene.client.send_message("news_channel", "news")
    assert (in_group.is_group, in_group.is_channel, in_group.chat_id) == (True, True, scene.group.peer)
    assert (post.is_group, post.is_channel, post.is_private, post.sender_id) == (False, True, False, scene.channel.peer)
    shared = await scene.client.forward_messages("bob_1", post)
    assert (shared.forward.chat_id, shared.forward.is_channel, shared.forward.channel_post) == (
        scene.channel.peer,
        True,
        post.id,
    )


@covers(*of("Message", "file photo document audio voice video video_note gif sticker contact geo venue"))
@covers(*of("Message", "poll web_preview game invoice download_media action_entities"))
@covers("File", *of("File", "id name ext mime_type width height size duration title performer emoji sticker_set"))
async def test_attachments(scene, picture):
    client = scene.client

    async def send(file, **options):
        return await client.send_file("me", file, **options)

    photo = await send(picture("x.png", 30, 20))
    assert (photo.photo.id, photo.document, photo.file.width, photo.file.height) == (photo.media.photo.id, None, 30, 20)
    assert (photo.file.ext, photo.file.mime_type, photo.file.name) == (".jpg", "image/jpeg", None)
    assert await photo.download_media(bytes)
    notes = await send(named(b"12345", "notes.txt"))
    assert (notes.document.id, notes.file.name, notes.file.ext, notes.file.size) == (
        notes.media.document.id,
        "notes.txt",
        ".txt",
        5,
    )
    assert len(notes.file.id) > 10
    assert (notes.audio, notes.voice, notes.video, notes.sticker, notes.gif) == (None,) * 5
    song = await send(b"song", attributes=[types.DocumentAttributeAudio(61, title="Song", performer="Ann")])
    assert (song.audio.id, song.file.duration, song.file.title, song.file.performer) == (
        song.document.id,
        61,
        "Song",
        "Ann",
    )
    voice = await send(b"voice", voice_note=True)
    assert voice.voice.id == voice.document.id
    sizes = {"duration": 3, "w": 12, "h": 10}
    film = await send(b"film", attributes=[types.DocumentAttributeVideo(**sizes)], mime_type="video/mp4")
    assert (film.video.id, film.file.width, film.file.height) == (film.document.id, 12, 10)
    note = await send(
        b"note", attributes=[types.DocumentAttributeVideo(**sizes, round_message=True)], mime_type="video/mp4"
    )
    assert note.video_note.id == note.document.id
    moving = await send(
        b"gif",
        attributes=[types.DocumentAttributeVideo(**sizes), types.DocumentAttributeAnimated()],
        mime_type="video/mp4",
    )
    assert moving.gif.id == moving.document.id
    scene.server.create_sticker_set("animals", "Animals", scene.bob, {"🐳": picture().getvalue()})
    from telethon import functions

    found = await client(functions.messages.GetStickerSetRequest(types.InputStickerSetShortName("animals"), 0))
    sticker = await send(found.documents[0])
    assert (sticker.sticker.id, sticker.file.emoji, sticker.file.sticker_set.id) == (
        found.documents[0].id,
        "🐳",
        found.set.id,
    )
    card = await send(types.InputMediaContact("+1 23", "Carl", "", ""))
    assert card.contact.first_name == "Carl"
    point = types.InputGeoPoint(1.5, 2.5)
    assert (await send(types.InputMediaGeoPoint(point))).geo.lat == pytest.approx(1.5)
    venue = await send(types.InputMediaVenue(point, "Café", "Street 1", "", "", ""))
    assert (venue.venue.title, venue.geo.long) == ("Café", pytest.approx(2.5))
    scene.server.create_web_page("https://example.com/", "Example", "A page", photo=picture().getvalue())
    page = await client.send_message("me", "see https://example.com/")
    assert (page.web_preview.title, page.photo is not None) == ("Example", True)
    assert (await client.send_message("me", "https://example.com/", link_preview=False)).web_preview is None
    question = types.TextWithEntities("tea?", [])
    answers = [types.PollAnswer(types.TextWithEntities(text, []), text.encode()) for text in ("yes", "no")]
    poll = await send(types.InputMediaPoll(types.Poll(0, question, answers, 0)))
    assert poll.poll.poll.question.text == "tea?"
    bot = scene.server.create_bot("Shop", "shop_bot")
    scene.server.create_game(bot, "chess", "Chess")
    await scene.ann.chat(bot).send("/start")
    robot = await scene.clients(bot)
    chess = types.InputMediaGame(types.InputGameShortName(types.InputUserSelf(), "chess"))
    assert (await robot.send_file("ann_1", chess)).game.title == "Chess"
    invoice = types.Invoice("EUR", [types.LabeledPrice("Tea", 250)])
    bill = await robot.send_file(
        "ann_1", types.InputMediaInvoice("Tea", "A cup", invoice, b"tea", types.DataJSON("{}"), provider="bank")
    )
    assert (bill.invoice.currency, bill.invoice.total_amount) == ("EUR", 250)
    group = scene.server.create_group("Small", scene.ann, [scene.bob])
    await client.get_dialogs()
    made = (await client.get_messages(group.peer))[0]
    assert [user.id for user in made.action_entities] == [scene.bob.id]


@covers(*of("Message", "buttons button_count get_buttons click via_bot via_input_bot"))
@covers("MessageButton", "MessageButton.click")
async def test_buttons(scene, eventually):
    bot = scene.server.create_bot("Robot", "robot_1")
    await scene.ann.chat(bot).send("/start")
    robot = await scene.clients(bot)

    @robot.on(events.CallbackQuery)
    async def pressed(event):
        await event.answer(f"you pressed {event.data.decode()}")

    @robot.on(events.InlineQuery)
    async def asked(event):
        await event.answer([event.builder.article("One", text="one", buttons=Button.inline("More", b"more"))])

    rows = [[Button.inline("Yes", b"yes"), Button.inline("No", b"no")], [Button.url("Look", "https://example.com")]]
    await robot.send_message("ann_1", "choose", buttons=rows)
    message = (await scene.client.get_messages("robot_1"))[0]
    assert message.button_count == 3
    shown = await message.get_buttons()
    assert [[button.text for button in row] for row in shown] == [["Yes", "No"], ["Look"]]
    assert message.buttons == shown
    button = shown[0][1]
    assert isinstance(button, MessageButton)
    assert (button.data, button.inline_query, shown[1][0].url) == (b"no", None, "https://example.com")
    assert (await button.click()).message == "you pressed no"
    assert (await message.click(0)).message == "you pressed yes"
    assert (await message.click(text="Yes")).message == "you pressed yes"
    assert (await message.click(data=b"no")).message == "you pressed no"
    assert await message.click(text="not there") is None
    with pytest.raises(ValueError, match="only set either"):
        await message.click(0, text="Yes")
    sent = await (await scene.client.inline_query("robot_1", "x", entity="bob_1"))[0].click()
    assert sent.via_bot.username == "robot_1"
    assert sent.via_input_bot.user_id == bot.id


async def test_polls_are_voted_in_closed_and_told_of(scene):
    from telethon import functions

    question = types.TextWithEntities("tea?", [])
    answers = [types.PollAnswer(types.TextWithEntities(text, []), text.encode()) for text in ("yes", "no")]
    sent = await scene.client.send_file("talk_group", types.InputMediaPoll(types.Poll(0, question, answers, 0)))
    theirs = await scene.other.get_messages("talk_group", ids=sent.id)
    await theirs.click(1)
    voted = await scene.other.get_messages("talk_group", ids=sent.id)
    assert [(one.option, one.voters, one.chosen) for one in voted.poll.results.results] == [
        (b"yes", 0, False),
        (b"no", 1, True),
    ]
    closed = types.Poll(sent.poll.poll.id, question, answers, 0, closed=True)
    await scene.client.edit_message("talk_group", sent, file=types.InputMediaPoll(closed))
    with pytest.raises(errors.MessagePollClosedError):
        await scene.other(functions.messages.SendVoteRequest("talk_group", sent.id, [b"yes"]))
    assert [event.stopped_poll for event in await scene.client.get_admin_log("talk_group", limit=1)] == [True]
