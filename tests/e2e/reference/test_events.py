"""Events, from what others really did."""

from __future__ import annotations

import pytest
from reference import covers, of

from telethon import Button, events, functions, types


@pytest.fixture
async def hear(scene, kept, settled):
    """A function that adds a handler and gives the list of what it hears."""
    await settled(scene.server, scene.client)

    def add(builder, client=scene.client):
        heard = []
        client.add_event_handler(kept(heard), builder)
        return heard

    return add


@covers("NewMessage", "events.NewMessage", "MessageEdited", "events.MessageEdited", "Raw", "events.Raw")
@covers("NewMessage.Event.pattern_match", "NewMessage.Event.message", "EventCommon.client")
@covers("MessageDeleted", "events.MessageDeleted", *of("MessageDeleted.Event", "deleted_id deleted_ids"))
async def test_messages(scene, hear, eventually):
    new = hear(events.NewMessage(pattern=r"/(\w+)"))
    changed = hear(events.MessageEdited(incoming=True))
    gone = hear(events.MessageDeleted())
    raw = hear(events.Raw(types.UpdateNewMessage))
    chat = scene.bob.chat(scene.ann)
    sent = await chat.send("/start now")
    await eventually(lambda: new)
    assert new[0].pattern_match.group(1) == "start"
    assert (new[0].message.raw_text, new[0].raw_text, new[0].client) == (*["/start now"] * 2, scene.client)
    await chat.edit(sent, "/stop")
    await eventually(lambda: changed)
    assert changed[0].raw_text == "/stop"
    await chat.delete(sent)
    await eventually(lambda: gone)
    assert gone[0].deleted_ids == [new[0].id]
    assert gone[0].deleted_id == new[0].id
    await chat.send_file(b"long enough not to be short")
    await eventually(lambda: raw)
    assert isinstance(raw[-1], types.UpdateNewMessage)
    assert [
        builder.__class__
        for builder in (events.NewMessage(), events.MessageEdited(), events.MessageDeleted(), events.Raw())
    ] == [
        events.NewMessage,
        events.MessageEdited,
        events.MessageDeleted,
        events.Raw,
    ]


@covers("MessageRead", "events.MessageRead", *of("MessageRead.Event", "inbox message_ids is_read get_messages"))
async def test_reading(scene, hear, eventually):
    builder = events.MessageRead()
    heard = hear(builder)
    inbox = hear(events.MessageRead(inbox=True))
    sent = await scene.client.send_message("bob_1", "read me")
    await scene.bob.chat(scene.ann).read()
    await eventually(lambda: heard)
    event = heard[0]
    assert (event.inbox, event.max_id, event.is_read(sent), sent in event) == (False, sent.id, True, True)
    assert event.is_read([sent]) == [True]
    # Which messages they were is told for what is in it by number only.
    assert isinstance(event.message_ids, list)
    assert isinstance(await event.get_messages(), list)
    assert builder.inbox is False
    other = await scene.clients(scene.ann)
    await other.get_dialogs()
    await other.send_read_acknowledge("bob_1")
    await eventually(lambda: inbox)
    assert inbox[0].inbox


@covers(
    "ChatAction", "events.ChatAction", *of("ChatAction.Event", "user users user_id user_ids input_user input_users")
)
@covers(*of("ChatAction.Event", "added_by kicked_by get_added_by get_kicked_by get_user get_users get_input_user"))
@covers(*of("ChatAction.Event", "get_input_users get_pinned_message respond reply delete"))
async def test_actions(scene, hear, eventually):
    heard = hear(events.ChatAction(chats="talk_group"))
    carl = scene.server.create_user("Carl", username="carl_1")
    await scene.bob.chat(carl).send("hi")
    request = functions.channels.InviteToChannelRequest(
        scene.bob.input_channel(scene.group), [scene.bob.input_user(carl)]
    )
    await scene.bob.call(request)
    await eventually(lambda: heard)
    came = heard[0]
    assert (came.user_added, came.user_joined, came.user_id, came.user_ids) == (True, False, carl.id, [carl.id])
    assert (await came.get_user()).id == came.user.id == carl.id
    assert [user.id for user in await came.get_users()] == [user.id for user in came.users] == [carl.id]
    assert (await came.get_input_user()).user_id == came.input_user.user_id == carl.id
    assert [one.user_id for one in await came.get_input_users()] == [one.user_id for one in came.input_users]
    assert (await came.get_added_by()).id == came.added_by.id == scene.bob.id
    assert (came.kicked_by, await came.get_kicked_by()) == (None, None)
    answer = await came.respond("welcome")
    assert answer.raw_text == "welcome"
    assert (await came.reply("this one")).reply_to_msg_id == came.action_message.id
    await came.delete()
    assert await scene.client.get_messages("talk_group", ids=came.action_message.id) is None
    other = await scene.clients(scene.ann)
    await other.pin_message("talk_group", answer.id, notify=True)
    await eventually(lambda: any(event.new_pin for event in heard))
    pinned = next(event for event in heard if event.new_pin)
    assert (await pinned.get_pinned_message()).id == answer.id
    await other.kick_participant("talk_group", "carl_1")
    await eventually(lambda: any(event.user_kicked for event in heard))
    kicked = next(event for event in heard if event.user_kicked)
    assert (await kicked.get_kicked_by()).id == kicked.kicked_by.id == scene.ann.id
    assert isinstance(events.ChatAction(), events.ChatAction)


ACTIONS = {
    "typing": types.SendMessageTypingAction(),
    "cancel": types.SendMessageCancelAction(),
    "contact": types.SendMessageChooseContactAction(),
    "geo": types.SendMessageGeoLocationAction(),
    "playing": types.SendMessageGamePlayAction(),
    "recording": types.SendMessageRecordAudioAction(),
    "audio": types.SendMessageUploadAudioAction(1),
    "document": types.SendMessageUploadDocumentAction(1),
    "photo": types.SendMessageUploadPhotoAction(1),
    "round": types.SendMessageUploadRoundAction(1),
    "video": types.SendMessageUploadVideoAction(1),
}

UPLOADS = {"contact", "audio", "document", "photo", "round", "video"}


@covers("UserUpdate", "events.UserUpdate", *of("UserUpdate.Event", "typing cancel contact geo playing recording audio"))
@covers(*of("UserUpdate.Event", "document photo round video uploading user user_id input_user get_user get_input_user"))
@covers(*of("UserUpdate.Event", "online last_seen until recently within_weeks within_months"))
async def test_presence(scene, hear, eventually):
    heard = hear(events.UserUpdate("bob_1"))
    for name, action in ACTIONS.items():
        del heard[:]
        await scene.bob.chat(scene.ann).typing(action)
        await eventually(lambda: heard)
        event = heard[0]
        assert getattr(event, name) is True, name
        told = {
            "typing": event.typing,
            "cancel": event.cancel,
            "contact": event.contact,
            "geo": event.geo,
            "playing": event.playing,
            "recording": event.recording,
            "audio": event.audio,
            "document": event.document,
            "photo": event.photo,
            "round": event.round,
            "video": event.video,
        }
        assert told[name]
        assert event.uploading == (name in UPLOADS), name
    assert (event.user_id, event.input_user.user_id) == (scene.bob.id, scene.bob.id)
    assert (await event.get_user()).id == event.user.id == scene.bob.id
    assert (await event.get_input_user()).user_id == scene.bob.id
    del heard[:]
    await scene.bob.call(functions.account.UpdateStatusRequest(offline=False))
    await eventually(lambda: heard)
    assert (heard[0].online, heard[0].recently, heard[0].within_weeks, heard[0].within_months) == (True,) * 4
    assert heard[0].until.timestamp() > scene.server.now()
    del heard[:]
    await scene.bob.call(functions.account.UpdateStatusRequest(offline=True))
    await eventually(lambda: heard)
    assert heard[0].last_seen.timestamp() == pytest.approx(scene.server.now(), abs=5)
    assert isinstance(events.UserUpdate(), events.UserUpdate)


@covers("CallbackQuery", "events.CallbackQuery", *of("CallbackQuery.Event", "id data chat_instance message_id"))
@covers(*of("CallbackQuery.Event", "via_inline answer respond reply edit delete get_message"))
async def test_buttons(scene, kept, eventually):
    bot = scene.server.create_bot("Robot", "robot_1")
    chat = scene.ann.chat(bot)
    await chat.send("/start")
    robot = await scene.clients(bot)
    heard = []

    @robot.on(events.CallbackQuery)
    async def pressed(event):
        heard.append(event)
        await event.answer("done", alert=True)

    sent = await robot.send_message("ann_1", "choose", buttons=[Button.inline("Yes", b"yes")])
    answer = await chat.press("Yes")
    assert (answer.message, answer.alert) == ("done", True)
    event = heard[0]
    assert (event.data, event.message_id, event.via_inline) == (b"yes", sent.id, False)
    assert (event.id, event.chat_instance) == (event.query.query_id, event.query.chat_instance)
    assert (await event.get_message()).raw_text == "choose"
    assert (await event.respond("one")).raw_text == "one"
    assert (await event.reply("two")).reply_to_msg_id == sent.id
    assert (await event.edit("changed")).raw_text == "changed"
    await event.delete()
    assert "changed" not in [message.text for message in chat.messages()]
    assert isinstance(events.CallbackQuery(), events.CallbackQuery)
    assert isinstance(events.InlineQuery(), events.InlineQuery)


@covers("Album", "events.Album", *of("Album.Event", "grouped_id text raw_text is_reply forward get_reply_message"))
@covers(*of("Album.Event", "respond reply forward_to edit delete mark_read pin"))
async def test_albums(scene, hear, eventually, picture):
    heard = hear(events.Album())
    first = await scene.other.send_message("talk_group", "look at these")
    files = [picture("1.png"), picture("2.png")]
    await scene.other.send_file("talk_group", files, caption=["**two**", ""], reply_to=first)
    await eventually(lambda: heard)
    event = heard[0]
    assert (len(event), event.text, event.raw_text, event.is_reply) == (2, "**two**", "two", True)
    assert event.grouped_id == event.messages[0].grouped_id
    assert event.forward is None
    assert (await event.get_reply_message()).raw_text == "look at these"
    assert (await event.respond("nice")).raw_text == "nice"
    assert (await event.reply("these")).reply_to_msg_id == event.messages[0].id
    copies = await event.forward_to("me")
    assert len(copies) == 2
    await event.mark_read()
    await event.pin()
    assert (await scene.client.get_messages("talk_group", ids=event.messages[0].id)).pinned
    own = hear(events.Album(), scene.other)
    mine = await scene.client.send_file("talk_group", [picture("3.png"), picture("4.png")], caption=["old", ""])
    await eventually(lambda: own)
    await event.delete()
    assert await scene.client.get_messages("talk_group", ids=event.messages[0].id) is None
    built = events.Album.Event(mine)
    built._set_client(scene.client)
    assert (await built.edit("new")).raw_text == "new"
    assert isinstance(events.Album(), events.Album)
