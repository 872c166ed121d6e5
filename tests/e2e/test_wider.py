"""What the test server answers beyond chats, asked by real clients: calls, secret chats, stories, gifts, apps."""

from __future__ import annotations

import hashlib
from urllib.parse import parse_qsl

import pytest

from telethon import errors, events, functions, types
from telethon.testing import tiny_png

HALF = (1 << 2040).to_bytes(256, "big")


@pytest.fixture
async def pair(telegram_server, telegram_clients, settled):
    """Two clients of two people who have written to each other, and the updates each of them hears of."""
    ann = telegram_server.create_user("Ann", username="ann_1")
    bob = telegram_server.create_user("Bob", username="bob_1")
    await ann.chat(bob).send("hello")
    await bob.chat(ann).send("hi")
    clients = []
    for user in (ann, bob):
        client = await telegram_clients(user)
        client.heard = []
        client.add_event_handler(lambda update, heard=client.heard: _keep(heard, update), events.Raw)
        await client.get_dialogs()
        await settled(telegram_server, client)
        clients.append(client)
    return clients


async def _keep(heard, update):
    heard.append(update)


@pytest.fixture
def hears(eventually):
    """A function that waits for an update of a kind, and gives it."""

    async def wait(client, kind):
        await eventually(lambda: any(isinstance(one, kind) for one in client.heard))
        return next(one for one in client.heard if isinstance(one, kind))

    return wait


async def test_a_group_call_as_a_client_sees_it(telegram_server, pair, hears):
    ann, bob = pair
    group = (await ann(functions.channels.CreateChannelRequest("Friends", "", megagroup=True))).chats[0]
    await ann(functions.channels.InviteToChannelRequest(group, ["bob_1"]))
    await ann(functions.phone.CreateGroupCallRequest(group, title="Tea"))
    heard = await hears(bob, types.UpdateGroupCall)
    call = types.InputGroupCall(heard.call.id, heard.call.access_hash)
    joined = await bob(functions.phone.JoinGroupCallRequest(call, "me", types.DataJSON('{"ssrc": 7}')))
    assert any(isinstance(one, types.UpdateGroupCallConnection) for one in joined.updates)
    assert (await hears(ann, types.UpdateGroupCallParticipants)).participants[0].source == 7
    seen = await ann(functions.phone.GetGroupCallRequest(call, 10))
    assert [one.peer.user_id for one in seen.participants] == [(await bob.get_me()).id]
    with pytest.raises(errors.GroupcallForbiddenError):
        await bob(functions.phone.DiscardGroupCallRequest(call))
    await ann(functions.phone.DiscardGroupCallRequest(call))
    with pytest.raises(errors.GroupcallAlreadyDiscardedError):
        await ann(functions.phone.DiscardGroupCallRequest(call))
    action = (await bob.get_messages(group.id, limit=1))[0].action
    assert isinstance(action, types.MessageActionGroupCall)


async def test_a_secret_chat_with_a_file(telegram_server, pair, hears):
    ann, bob = pair
    waiting = await ann(functions.messages.RequestEncryptionRequest("bob_1", HALF))
    coming = (await hears(bob, types.UpdateEncryption)).chat
    theirs = types.InputEncryptedChat(coming.id, coming.access_hash)
    await bob(functions.messages.AcceptEncryptionRequest(theirs, HALF, 5))
    mine = types.InputEncryptedChat(waiting.id, waiting.access_hash)
    body = bytes(range(64))
    uploaded = await ann.upload_file(body, file_name="secret")
    given = types.InputEncryptedFileUploaded(uploaded.id, uploaded.parts, hashlib.md5(body).hexdigest(), 3)
    await ann(functions.messages.SendEncryptedFileRequest(mine, b"k" * 40, given))
    message = (await hears(bob, types.UpdateNewEncryptedMessage)).message
    where = types.InputEncryptedFileLocation(message.file.id, message.file.access_hash)
    assert await bob.download_file(where, dc_id=message.file.dc_id) == body
    await bob(functions.messages.DiscardEncryptionRequest(coming.id))
    with pytest.raises(errors.EncryptionDeclinedError):
        await ann(functions.messages.SendEncryptedRequest(mine, b"k" * 40))


async def test_a_secret_message_waits_for_who_is_away(telegram_server, telegram_clients, eventually, settled):
    ann, bob = telegram_server.create_user("Ann"), telegram_server.create_user("Bob", username="bob_1")
    session = telegram_server.client_session(bob)
    async with telegram_server.client(session=session, catch_up=True) as away:
        await settled(telegram_server, away)
    client = await telegram_clients(ann)
    waiting = await client(functions.messages.RequestEncryptionRequest("bob_1", HALF))
    chat = telegram_server.world.secret_chats[waiting.id]
    chat.state, chat.g_b = "accepted", HALF
    mine = types.InputEncryptedChat(waiting.id, waiting.access_hash)
    await client(functions.messages.SendEncryptedRequest(mine, b"k" * 40))
    back = telegram_server.client(session=session, catch_up=True)
    heard = []
    back.add_event_handler(lambda update: _keep(heard, update), events.Raw(types.UpdateNewEncryptedMessage))
    async with back:
        await eventually(lambda: heard)
    assert [one.message.bytes for one in heard] == [b"k" * 40]


async def test_a_story_from_post_to_reaction(telegram_server, pair, hears):
    ann, bob = pair
    photo = await ann.upload_file(tiny_png(), file_name="a.png")
    media = types.InputMediaUploadedPhoto(photo)
    posted = await ann(functions.stories.SendStoryRequest("me", media, [types.InputPrivacyValueAllowAll()]))
    number = next(one.id for one in posted.updates if isinstance(one, types.UpdateStoryID))
    assert (await hears(bob, types.UpdateStory)).story.id == number
    assert await bob(functions.stories.ReadStoriesRequest("ann_1", number)) == [number]
    await bob(functions.stories.SendReactionRequest("ann_1", number, types.ReactionEmoji("🔥")))
    assert (await hears(ann, types.UpdateNewStoryReaction)).reaction.emoticon == "🔥"
    viewers = await ann(functions.stories.GetStoryViewsListRequest("me", number, "", 10))
    assert viewers.reactions_count == 1
    full = await bob(functions.stories.GetPeerStoriesRequest("ann_1"))
    data = await bob.download_media(full.stories.stories[0].media, bytes)
    assert data == tiny_png()
    with pytest.raises(errors.BadRequestError, match="STORY_ID_INVALID"):
        await bob(functions.stories.SendReactionRequest("ann_1", 99, types.ReactionEmoji("🔥")))


async def test_a_web_application_and_a_gift(telegram_server, pair, hears):
    ann, bob = pair
    bot = telegram_server.create_bot("Game", "game_bot")
    telegram_server.create_web_app(bot, "play", "https://example.com/play")
    app = types.InputBotAppShortName(await ann.get_input_entity("game_bot"), "play")
    opened = await ann(functions.messages.RequestAppWebViewRequest("game_bot", app, "android", start_param="x"))
    data = dict(parse_qsl(opened.url.partition("#")[2]))["tgWebAppData"]
    assert dict(parse_qsl(data))["start_param"] == "x"
    number = telegram_server.create_gift("Rose", 100)
    invoice = types.InputInvoiceStarGift(await ann.get_input_entity("bob_1"), number)
    form = await ann(functions.payments.GetPaymentFormRequest(invoice))
    await ann(functions.payments.SendStarsFormRequest(form.form_id, invoice))
    arrived = await hears(bob, types.UpdateNewMessage)
    assert arrived.message.action.gift.id == number
    owned = await ann(functions.payments.GetSavedStarGiftsRequest("bob_1", "", 10))
    assert owned.count == 1
    assert await bob.download_media(owned.gifts[0].gift.sticker, bytes)
    wrong = types.InputBotAppShortName(await ann.get_input_entity("game_bot"), "no")
    with pytest.raises(errors.BadRequestError, match="BOT_APP_INVALID"):
        await ann(functions.messages.RequestAppWebViewRequest("game_bot", wrong, "android"))


async def test_a_second_device_follows_what_the_first_one_changes(
    telegram_server, telegram_clients, settled, hears, pair
):
    ann, _ = pair
    other = await telegram_clients(telegram_server.actor((await ann.get_me()).id))
    other.heard = []
    other.add_event_handler(lambda update: _keep(other.heard, update), events.Raw)
    await other.get_dialogs()
    await settled(telegram_server, other)
    await ann(functions.messages.SetChatWallPaperRequest("bob_1", wallpaper=types.InputWallPaperNoFile(3)))
    assert (await hears(other, types.UpdatePeerWallpaper)).wallpaper.id == 3
    await ann(functions.contacts.BlockRequest("bob_1"))
    assert (await hears(other, types.UpdatePeerBlocked)).blocked
    full = (await other(functions.users.GetFullUserRequest("bob_1"))).full_user
    assert (full.wallpaper.id, full.blocked) == (3, True)


async def test_speech_and_other_languages(telegram_server, pair):
    ann, _ = pair
    telegram_server.create_transcription(b"voice", "good morning")
    telegram_server.create_translation("good morning", "de", "guten Morgen")
    sent = await ann.send_file("bob_1", b"voice", voice_note=True)
    heard = await ann(functions.messages.TranscribeAudioRequest("bob_1", sent.id))
    text = [types.TextWithEntities(heard.text, [])]
    answer = await ann(functions.messages.TranslateTextRequest("de", text=text))
    assert answer.result[0].text == "guten Morgen"
    with pytest.raises(errors.ToLangInvalidError):
        await ann(functions.messages.TranslateTextRequest("?", text=text))
