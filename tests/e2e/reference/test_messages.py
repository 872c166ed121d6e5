"""Sending, reading, changing, forwarding, pinning and deleting."""

from __future__ import annotations

from datetime import timedelta

import pytest
from reference import covers, fails

from telethon import errors, functions, types


@covers("client.send_message")
@fails("client.send_message")
async def test_sending(scene):
    sent = await scene.client.send_message("bob_1", "**bold**", link_preview=False)
    assert (sent.raw_text, sent.text, sent.out) == ("bold", "**bold**", True)
    answer = await scene.client.send_message("bob_1", "<i>this</i>", reply_to=sent, parse_mode="html")
    assert (answer.reply_to_msg_id, answer.raw_text) == (sent.id, "this")
    later = await scene.client.send_message("bob_1", "later", schedule=timedelta(hours=1))
    assert [message.id for message in await scene.client.get_messages("bob_1", scheduled=True)] == [later.id]
    copy = await scene.client.send_message("me", sent)
    assert copy.text == "**bold**"
    with pytest.raises(errors.ChatAdminRequiredError):
        await scene.other.send_message("news_channel", "no")
    with pytest.raises(ValueError, match="empty"):
        await scene.client.send_message("bob_1", "")


async def test_comments(scene):
    await scene.client(functions.channels.SetDiscussionGroupRequest("news_channel", "talk_group"))
    post = await scene.client.send_message("news_channel", "what do you think?")
    comment = await scene.other.send_message("news_channel", "I like it", comment_to=post)
    assert comment.chat_id == scene.group.peer
    assert (await comment.get_reply_message()).raw_text == "what do you think?"
    again = await scene.client.get_messages("news_channel", ids=post.id)
    assert (again.replies.comments, again.replies.replies, again.replies.channel_id) == (True, 1, scene.group.id)
    assert [one.raw_text async for one in scene.client.iter_messages("news_channel", reply_to=post.id)] == ["I like it"]


@covers("client.iter_messages", "client.get_messages")
@fails("client.iter_messages", "client.get_messages")
async def test_reading(scene, picture):
    for number in range(12):
        await scene.bob.chat(scene.ann).send(f"number {number}")
    texts = [message.raw_text async for message in scene.client.iter_messages("bob_1", limit=3)]
    assert texts == ["number 11", "number 10", "number 9"]
    some = await scene.client.get_messages("bob_1", 2, offset_id=5, add_offset=1)
    assert [message.id for message in some] == [3, 2]
    assert [one.raw_text for one in await scene.client.get_messages("bob_1", search="number 11")] == ["number 11"]
    assert [one.id for one in await scene.client.get_messages("bob_1", min_id=10, max_id=13)] == [12, 11]
    assert (await scene.client.get_messages("bob_1", ids=2)).raw_text == "number 0"
    first = await scene.client.get_messages("bob_1", None, reverse=True)
    assert [one.id for one in first] == list(range(1, 14))
    by_bob = await scene.client.get_messages("talk_group", None, from_user="bob_1")
    assert by_bob.total == 0
    everywhere = await scene.client.get_messages(None, None, search="number 7")
    assert [one.raw_text for one in everywhere] == ["number 7"]
    with pytest.raises(ValueError, match="nobody"):
        await scene.client.get_messages("nobody_here")
    with pytest.raises(ValueError, match="nobody"):
        async for _ in scene.client.iter_messages("nobody_here"):
            pass


FILTERS = {
    types.InputMessagesFilterPhotos: "photo",
    types.InputMessagesFilterVideo: "video",
    types.InputMessagesFilterPhotoVideo: "photo video",
    types.InputMessagesFilterDocument: "document",
    types.InputMessagesFilterUrl: "url",
    types.InputMessagesFilterGif: "gif",
    types.InputMessagesFilterVoice: "voice",
    types.InputMessagesFilterMusic: "music",
    types.InputMessagesFilterRoundVideo: "round",
    types.InputMessagesFilterRoundVoice: "voice round",
    types.InputMessagesFilterMyMentions: "mention",
    types.InputMessagesFilterContacts: "contact",
    types.InputMessagesFilterGeo: "geo",
    types.InputMessagesFilterPinned: "pinned",
    types.InputMessagesFilterPoll: "poll",
    types.InputMessagesFilterChatPhotos: "chat-photo",
    types.InputMessagesFilterPhoneCalls: "",
}


@covers("client.get_messages")
async def test_every_filter_finds_its_kind_only(scene, picture):
    client, other = scene.client, scene.other
    question = types.TextWithEntities("tea?", [])
    answers = [types.PollAnswer(types.TextWithEntities(text, []), text.encode()) for text in ("yes", "no")]
    video = types.DocumentAttributeVideo(1, 10, 10)
    sent = {
        "photo": await other.send_file("talk_group", picture()),
        "video": await other.send_file("talk_group", b"video", attributes=[video], mime_type="video/mp4"),
        "document": await other.send_file("talk_group", b"text", force_document=True),
        "gif": await other.send_file(
            "talk_group", b"gif", attributes=[video, types.DocumentAttributeAnimated()], mime_type="video/mp4"
        ),
        "voice": await other.send_file("talk_group", b"voice", voice_note=True),
        "music": await other.send_file(
            "talk_group", b"song", attributes=[types.DocumentAttributeAudio(60, title="Song")], mime_type="audio/mpeg"
        ),
        "round": await other.send_file(
            "talk_group",
            b"round",
            attributes=[types.DocumentAttributeVideo(1, 10, 10, round_message=True)],
            mime_type="video/mp4",
        ),
        "url": await other.send_message("talk_group", "https://example.com/"),
        "mention": await other.send_message("talk_group", "look @ann_1"),
        "contact": await other.send_file("talk_group", types.InputMediaContact("+123", "Carl", "", "")),
        "geo": await other.send_file("talk_group", types.InputMediaGeoPoint(types.InputGeoPoint(1, 2))),
        "pinned": await other.send_message("talk_group", "to be pinned"),
        "poll": await other.send_file("talk_group", types.InputMediaPoll(types.Poll(0, question, answers, 0))),
    }
    await client.pin_message("talk_group", sent["pinned"])
    file = types.InputChatUploadedPhoto(file=await client.upload_file(picture()))
    await client(functions.channels.EditPhotoRequest("talk_group", file))
    chat_photo = (await client.get_messages("talk_group"))[0]
    sent["chat-photo"] = chat_photo
    known = {name for name in dir(types) if name.startswith("InputMessagesFilter")} - {"InputMessagesFilterEmpty"}
    assert {one.__name__ for one in FILTERS} == known
    for kind, names in FILTERS.items():
        wanted = {sent[name].id for name in names.split()}
        messages = await client.get_messages("talk_group", None, filter=kind)
        assert {message.id for message in messages} == wanted, kind
        assert messages.total == len(wanted), kind


@covers("client.edit_message")
@fails("client.edit_message")
async def test_editing(scene, picture):
    sent = await scene.client.send_message("bob_1", "first")
    assert (await scene.client.edit_message("bob_1", sent, "second")).raw_text == "second"
    assert (await scene.client.edit_message(sent, "**third**")).text == "**third**"
    assert sent.edit_date is None
    shown = await scene.client.edit_message("bob_1", sent.id, "with a picture", file=picture())
    assert shown.photo
    with pytest.raises(errors.MessageNotModifiedError):
        await scene.client.edit_message("bob_1", sent.id, "with a picture")
    with pytest.raises(errors.MessageAuthorRequiredError):
        await scene.client.edit_message("bob_1", 1, "not mine")


@covers("client.forward_messages")
@fails("client.forward_messages")
async def test_forwarding(scene):
    first = await scene.client.send_message("me", "one")
    second = await scene.client.send_message("me", "two")
    told = await scene.client.forward_messages("bob_1", [first, second])
    assert [message.raw_text for message in told] == ["one", "two"]
    assert told[0].fwd_from.from_id.user_id == scene.ann.id
    bare = await scene.client.forward_messages("bob_1", first.id, "me", drop_author=True, silent=True)
    assert bare.fwd_from is None
    with pytest.raises(ValueError, match="from_peer"):
        await scene.client.forward_messages("bob_1", 5)
    with pytest.raises(errors.MessageIdInvalidError):
        await scene.client.forward_messages("bob_1", 999, "me")
    await scene.client(functions.messages.ToggleNoForwardsRequest("news_channel", enabled=True))
    post = await scene.client.send_message("news_channel", "keep it here")
    with pytest.raises(errors.ChatForwardsRestrictedError):
        await scene.client.forward_messages("me", post)


@covers("client.delete_messages")
@fails("client.delete_messages")
async def test_deleting(scene):
    sent = [await scene.client.send_message("bob_1", str(number)) for number in range(3)]
    done = await scene.client.delete_messages("bob_1", sent[0])
    assert done[0].pts_count == 1
    await scene.client.delete_messages(None, [message.id for message in sent[1:]], revoke=False)
    assert [message.text for message in scene.bob.chat(scene.ann).messages()] == ["we know each other", "1", "2"]
    post = await scene.client.send_message("talk_group", "mine")
    with pytest.raises(errors.MessageDeleteForbiddenError):
        await scene.other.delete_messages("talk_group", post.id)


@covers("client.pin_message", "client.unpin_message")
@fails("client.pin_message", "client.unpin_message")
async def test_pinning(scene):
    sent = await scene.client.send_message("talk_group", "read this")
    told = await scene.client.pin_message("talk_group", sent, notify=True)
    assert told.action.__class__ is types.MessageActionPinMessage
    assert (await scene.other.get_messages("talk_group", ids=sent.id)).pinned
    await scene.client.unpin_message("talk_group", sent)
    assert not (await scene.other.get_messages("talk_group", ids=sent.id)).pinned
    await scene.client.pin_message("talk_group", sent)
    await scene.client.unpin_message("talk_group")
    assert not await scene.client.get_messages("talk_group", ids=types.InputMessagePinned())
    with pytest.raises(errors.ChatAdminRequiredError):
        await scene.other.pin_message("news_channel", 1)
    with pytest.raises(errors.ChatAdminRequiredError):
        await scene.other.unpin_message("news_channel")


@covers("client.send_read_acknowledge")
@fails("client.send_read_acknowledge")
async def test_reading_is_acknowledged(scene):
    assert (await scene.client.get_dialogs(limit=None))[-1] is not None
    last = (await scene.client.get_messages("bob_1"))[0]
    await scene.client.send_read_acknowledge("bob_1", last)
    bob = next(dialog for dialog in await scene.client.get_dialogs() if dialog.name == "Bob")
    assert bob.unread_count == 0
    mention = await scene.other.send_message("talk_group", "hello @ann_1")
    talk = next(dialog for dialog in await scene.client.get_dialogs() if dialog.name == "Talk")
    assert (talk.unread_mentions_count, talk.unread_count) == (1, 1)
    assert await scene.client.send_read_acknowledge("talk_group", mention, clear_mentions=True, clear_reactions=True)
    talk = next(dialog for dialog in await scene.client.get_dialogs() if dialog.name == "Talk")
    assert (talk.unread_mentions_count, talk.unread_count) == (0, 0)
    with pytest.raises(ValueError, match="nobody"):
        await scene.client.send_read_acknowledge("nobody_here")


@covers("client.parse_mode")
@fails("client.parse_mode")
async def test_parse_modes(scene):
    scene.client.parse_mode = "html"
    assert (await scene.client.send_message("me", "<b>bold</b>")).text == "<strong>bold</strong>"
    scene.client.parse_mode = None
    assert (await scene.client.send_message("me", "**plain**")).raw_text == "**plain**"
    assert scene.client.parse_mode is None
    with pytest.raises(ValueError, match="loud"):
        scene.client.parse_mode = "loud"


async def test_topics_of_a_forum(scene):
    await scene.client(functions.channels.ToggleForumRequest("talk_group", enabled=True, tabs=False))
    made = await scene.client(functions.messages.CreateForumTopicRequest("talk_group", "Tea"))
    topic = next(update.message for update in made.updates if isinstance(update, types.UpdateNewChannelMessage))
    green = await scene.other.send_message("talk_group", "green", reply_to=topic.id)
    assert (green.reply_to.forum_topic, green.reply_to.reply_to_msg_id) == (True, topic.id)
    answer = await green.reply("with milk?")
    assert (answer.reply_to.reply_to_msg_id, answer.reply_to.reply_to_top_id) == (green.id, topic.id)
    await scene.client.send_message("talk_group", "of something else")
    found = [message.raw_text async for message in scene.client.iter_messages("talk_group", reply_to=topic.id)]
    assert found == ["with milk?", "green"]
    assert (await answer.get_reply_message()).raw_text == "green"
    await scene.client(functions.messages.EditForumTopicRequest("talk_group", topic.id, closed=True))
    with pytest.raises(errors.BadRequestError, match="TOPIC_CLOSED"):
        await green.reply("too late")
    assert [type(event.action).__name__ for event in await scene.client.get_admin_log("talk_group", limit=2)] == [
        "ChannelAdminLogEventActionEditTopic",
        "ChannelAdminLogEventActionCreateTopic",
    ]
