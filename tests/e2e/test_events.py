"""Every kind of event, made by people on the test server and seen by a client."""

from __future__ import annotations

from typing import Any

import pytest

from telethon import Button, errors, events, functions, types
from telethon.testing import TelegramTestServer, tiny_png

RIGHTS = types.ChatAdminRights(
    change_info=True, invite_users=True, ban_users=True, delete_messages=True, add_admins=True, post_messages=True
)


class Scene:
    """A bot with a client, people, and what the bot was told."""

    def __init__(self, server: TelegramTestServer, who: Any) -> None:
        self.server = server
        self.client = server.client(who)
        self.got: list[Any] = []

    def note(self, builder: Any) -> list[Any]:
        """Note all events of a kind."""
        self.client.add_event_handler(self._note, builder)
        return self.got

    async def _note(self, event: Any) -> None:
        self.got.append(event)


@pytest.fixture
async def scene(telegram_server: TelegramTestServer, settled: Any) -> Any:
    """Ann and Bob, a bot whose client is connected, and a supergroup that the bot administrates."""
    server = telegram_server
    ann, bob, bot = server.create_user("Ann"), server.create_user("Bob"), server.create_bot("Robot")
    group = server.create_channel("Group", ann, [bob, bot], megagroup=True)
    await ann.call(
        functions.channels.EditAdminRequest(ann.input_channel(group), ann.input_user(bot), RIGHTS, rank="robot")
    )
    made = Scene(server, bot)
    made.ann, made.bob, made.bot, made.group = ann, bob, bot, group  # type: ignore[attr-defined]
    await made.client.connect()
    await settled(server, made.client)
    yield made
    await made.client.disconnect()


@pytest.fixture
async def user_scene(telegram_server: TelegramTestServer, settled: Any) -> Any:
    """The same from the side of Ann, whose client is connected."""
    server = telegram_server
    ann, bob = server.create_user("Ann"), server.create_user("Bob")
    made = Scene(server, ann)
    made.ann, made.bob = ann, bob  # type: ignore[attr-defined]
    await made.client.connect()
    await settled(server, made.client)
    yield made
    await made.client.disconnect()


async def test_a_bot_hears_of_each_reaction(scene, eventually):
    got = scene.note(events.MessageReaction(scene.group.peer))
    chat = scene.bob.chat(scene.group)
    said = await chat.send("look")
    await chat.react(said, "👍")
    await chat.react(said, "🔥")
    await chat.react(said, None)
    await eventually(lambda: len(got) == 3)
    assert [(one.added, one.removed) for one in got] == [(["👍"], []), (["🔥"], ["👍"]), ([], ["🔥"])]
    event = got[0]
    assert (event.sender_id, event.chat_id, event.message_id) == (scene.bob.id, scene.group.peer, said.id)
    assert (await event.get_sender()).first_name == "Bob"
    assert (await event.get_chat()).title == "Group"
    assert (await event.get_message()).raw_text == "look"
    assert not event.is_anonymous
    assert event.counts is None
    answer = await event.reply("seen")
    assert answer.reply_to_msg_id == said.id


async def test_a_bot_hears_how_often_a_post_was_reacted_to(scene, eventually):
    channel = scene.server.create_channel("News", scene.ann, [scene.bob, scene.bot], username="news_news")
    await scene.ann.call(
        functions.channels.EditAdminRequest(
            scene.ann.input_channel(channel), scene.ann.input_user(scene.bot), RIGHTS, rank=""
        )
    )
    got = scene.note(events.MessageReaction)
    post = await scene.ann.chat(channel).send("news")
    await scene.bob.chat(channel).react(post, "👍")
    await eventually(lambda: got)
    assert got[0].counts == {"👍": 1}
    assert got[0].is_anonymous
    assert got[0].added == got[0].removed == []


async def test_users_hear_of_reactions_to_what_they_said(user_scene, eventually):
    got = user_scene.note(events.MessageReaction)
    said = await user_scene.ann.chat(user_scene.bob).send("tea?")
    theirs = user_scene.bob.chat(user_scene.ann)
    await theirs.react(theirs.last(), "👍")
    await eventually(lambda: got)
    event = got[0]
    assert (event.message_id, event.counts, event.is_private) == (said.id, {"👍": 1}, True)
    assert [one.peer_id.user_id for one in event.recent] == [user_scene.bob.id]
    assert (await event.get_message()).raw_text == "tea?"


async def test_a_bot_lets_people_in(scene, eventually):
    got = scene.note(events.JoinRequest(scene.group.peer))
    eve, mallory = scene.server.create_user("Eve"), scene.server.create_user("Mallory")
    link = await eve.request_to_join(scene.group)
    await eventually(lambda: got)
    event = got[0]
    assert (event.user_id, event.user_ids, event.pending) == (eve.id, [eve.id], None)
    assert event.invite.link == link
    assert (await event.get_user()).first_name == "Eve"
    await event.approve()
    assert eve.id in scene.group.present()
    await mallory.request_to_join(scene.group)
    await eventually(lambda: len(got) == 2)
    await got[1].decline()
    assert mallory.id not in scene.group.present()
    with pytest.raises(errors.RPCError, match="HIDE_REQUESTER_MISSING"):
        await got[1].approve()


async def test_a_user_lets_people_in(user_scene, eventually):
    group = user_scene.server.create_channel("Club", user_scene.ann, megagroup=True)
    got = user_scene.note(events.JoinRequest)
    eve = user_scene.server.create_user("Eve")
    await eve.request_to_join(group)
    await eventually(lambda: got)
    assert (got[0].pending, got[0].user_ids, got[0].about) == (1, [eve.id], None)
    await got[0].approve(eve.id)
    assert eve.id in group.present()


async def test_a_bot_hears_of_members(scene, eventually):
    got = scene.note(events.ChatMember(scene.group.peer))
    eve = scene.server.create_user("Eve")
    channel = scene.ann.input_channel(scene.group)
    await scene.ann.call(functions.channels.InviteToChannelRequest(channel, [scene.ann.input_user(eve)]))
    await scene.ann.call(functions.channels.EditAdminRequest(channel, scene.ann.input_user(eve), RIGHTS, rank=""))
    await scene.ann.call(
        functions.channels.EditAdminRequest(channel, scene.ann.input_user(eve), types.ChatAdminRights(), rank="")
    )
    muted = types.ChatBannedRights(until_date=None, send_messages=True)
    await scene.ann.call(functions.channels.EditBannedRequest(channel, scene.ann.input_peer(eve.id), muted))
    gone = types.ChatBannedRights(until_date=None, view_messages=True)
    await scene.ann.call(functions.channels.EditBannedRequest(channel, scene.ann.input_peer(eve.id), gone))
    free = types.ChatBannedRights(until_date=None)
    await scene.ann.call(functions.channels.EditBannedRequest(channel, scene.ann.input_peer(eve.id), free))
    await scene.bob.leave(scene.group)
    await eventually(lambda: len(got) == 7)
    names = ["joined", "added", "left", "kicked", "banned", "unbanned", "restricted", "promoted", "demoted"]
    happened = [[name for name in names if getattr(event, name)] for event in got]
    assert happened == [
        ["added"],
        ["promoted"],
        ["demoted"],
        ["restricted"],
        ["kicked", "banned"],
        ["unbanned"],
        ["left"],
    ]
    assert [event.new_status for event in got] == ["member", "admin", "member", "restricted", "banned", "left", "left"]
    assert got[0].user_id == eve.id
    assert got[0].sender_id == scene.ann.id
    assert (await got[0].get_user()).first_name == "Eve"
    assert utils_id(await got[0].get_input_user()) == eve.id
    assert not got[0].is_self


def utils_id(peer: Any) -> int:
    return peer.user_id


async def test_a_bot_hears_of_itself_where_it_is_no_administrator(scene, eventually):
    got = scene.note(events.ChatMember(func=lambda event: event.is_self))
    group = scene.server.create_group("Small", scene.ann, [scene.bob])
    await scene.ann.call(functions.messages.AddChatUserRequest(group.id, scene.ann.input_user(scene.bot), 0))
    await scene.ann.call(functions.messages.DeleteChatUserRequest(group.id, scene.ann.input_user(scene.bot)))
    await eventually(lambda: len(got) == 2)
    assert [(one.added, one.kicked, one.chat_id) for one in got] == [
        (True, False, group.peer),
        (False, True, group.peer),
    ]


def poll(**fields: Any) -> types.InputMediaPoll:
    answers = [types.PollAnswer(types.TextWithEntities(text, []), text.encode()) for text in ("tea", "milk")]
    question = types.TextWithEntities("What?", [])
    return types.InputMediaPoll(types.Poll(0, question=question, answers=answers, hash=0, **fields))


async def test_votes(scene, eventually):
    got = scene.note(events.PollVote)
    stands: list[Any] = []

    async def note(event: Any) -> None:
        stands.append(event)

    scene.client.add_event_handler(note, events.PollUpdate)
    sent = await scene.client.send_file(scene.group.peer, poll(public_voters=True))
    chat = scene.bob.chat(scene.group)
    await chat.vote(sent.id, "milk")
    await chat.vote(sent.id)
    await eventually(lambda: len(got) == 2 and len(stands) == 2)
    assert [(one.user_id, one.options, one.positions, one.retracted) for one in got] == [
        (scene.bob.id, [b"milk"], [1], False),
        (scene.bob.id, [], [], True),
    ]
    assert {one.poll_id for one in (*got, *stands)} == {sent.media.poll.id}
    assert (await got[0].get_user()).first_name == "Bob"
    assert [one.total_voters for one in stands] == [1, 0]
    assert stands[0].closed is None


async def test_polls_are_chosen_by_their_ids(scene, eventually):
    first = await scene.client.send_file(scene.group.peer, poll(public_voters=True))
    second = await scene.client.send_file(scene.group.peer, poll(public_voters=True))
    got = scene.note(events.PollVote(second.media.poll.id))
    scene.note(events.PollUpdate(polls=[second.media.poll.id]))
    await scene.bob.chat(scene.group).vote(first.id, "tea")
    await scene.bob.chat(scene.group).vote(second.id, "tea")
    await eventually(lambda: len(got) == 2)
    assert {one.poll_id for one in got} == {second.media.poll.id}


async def test_boosts(scene, eventually):
    got = scene.note(events.ChatBoost)
    await scene.bob.boost(scene.group)
    scene.bob.unboost(scene.group)
    await eventually(lambda: len(got) == 2)
    assert [(one.removed, one.user_id, one.chat_id) for one in got] == [
        (False, scene.bob.id, scene.group.peer),
        (True, scene.bob.id, scene.group.peer),
    ]
    assert got[0].boost_id == got[1].boost_id
    assert got[0].expires > got[0].date
    assert got[1].expires is None
    assert (got[0].multiplier, got[0].is_gift, got[0].is_giveaway) == (1, False, False)


async def test_a_bot_that_is_stopped(scene, eventually):
    got = scene.note(events.BotStopped)
    await scene.bob.chat(scene.bot).send("/start")
    await scene.bob.block(scene.bot)
    await scene.bob.unblock(scene.bot)
    await eventually(lambda: len(got) == 2)
    assert [(one.stopped, one.restarted, one.user_id) for one in got] == [
        (True, False, scene.bob.id),
        (False, True, scene.bob.id),
    ]
    assert (await got[0].get_user()).first_name == "Bob"


def invoice(currency: str, **fields: Any) -> types.InputMediaInvoice:
    what = types.Invoice(currency, [types.LabeledPrice("Tea", 250)], **fields)
    return types.InputMediaInvoice("Tea", "A cup", what, b"tea-1", types.DataJSON("{}"), provider="test")


async def test_paying_with_stars(scene, eventually):
    got = scene.note(events.Payment)

    @scene.client.on(events.PreCheckoutQuery)
    async def check(event: events.PreCheckoutQuery.Event) -> None:
        assert (event.payload, event.total_amount, event.currency) == (b"tea-1", 250, "XTR")
        assert await event.answer()
        assert await event.answer() is None

    chat = scene.bob.chat(scene.bot)
    await chat.send("/start")
    await eventually(lambda: scene.client._mb_entity_cache.get(scene.bob.id))
    await scene.client.send_file(scene.bob.id, invoice("XTR"))
    await chat.pay(await chat.expect_reply())
    await eventually(lambda: got)
    event = got[0]
    assert (event.user_id, event.payload, event.total_amount, event.currency) == (scene.bob.id, b"tea-1", 250, "XTR")
    assert event.charge_id.startswith("charge")
    assert not event.refunded
    assert not event.is_recurring
    await event.reply("Thank you!")
    assert (await chat.expect_reply()).text == "Thank you!"
    await event.refund()
    with pytest.raises(errors.RPCError, match="CHARGE_ALREADY_REFUNDED"):
        await event.refund()


async def test_a_payment_that_the_bot_refuses(scene, eventually):
    from telethon.testing import RpcFault

    got = scene.note(events.Payment)

    @scene.client.on(events.PreCheckoutQuery)
    async def check(event: events.PreCheckoutQuery.Event) -> None:
        await event.answer(error="sold out")

    chat = scene.bob.chat(scene.bot)
    await chat.send("/start")
    await eventually(lambda: scene.client._mb_entity_cache.get(scene.bob.id))
    await scene.client.send_file(scene.bob.id, invoice("XTR"))
    with pytest.raises(RpcFault, match="BOT_PRECHECKOUT_FAILED"):
        await chat.pay(await chat.expect_reply())
    assert got == []


async def test_shipping_and_paying(scene, eventually):
    got = scene.note(events.Payment)
    asked: list[Any] = []

    @scene.client.on(events.ShippingQuery)
    async def ship(event: events.ShippingQuery.Event) -> None:
        asked.append(event)
        option = types.ShippingOption("post", "By post", [types.LabeledPrice("Post", 50)])
        await event.answer(option)

    @scene.client.on(events.PreCheckoutQuery)
    async def check(event: events.PreCheckoutQuery.Event) -> None:
        asked.append(event)
        await event.answer(ok=True)

    chat = scene.bob.chat(scene.bot)
    await chat.send("/start")
    await eventually(lambda: scene.client._mb_entity_cache.get(scene.bob.id))
    await scene.client.send_file(
        scene.bob.id, invoice("EUR", shipping_address_requested=True, name_requested=True, flexible=True)
    )
    address = types.PostAddress("Street 1", "", "Town", "", "DE", "12345")
    await chat.pay(await chat.expect_reply(), address=address, name="Bob B.")
    await eventually(lambda: got)
    assert asked[0].address == address
    assert asked[0].payload == asked[1].payload == b"tea-1"
    assert (asked[1].total_amount, asked[1].shipping_option_id, asked[1].info.name) == (300, "post", "Bob B.")
    event = got[0]
    assert (event.total_amount, event.currency, event.shipping_option_id) == (300, "EUR", "post")
    assert event.info.shipping_address == address
    assert event.provider_charge_id.startswith("provider")
    with pytest.raises(ValueError, match="Telegram Stars"):
        await event.refund()


async def test_stories(user_scene, eventually, tmp_path):
    await user_scene.bob.chat(user_scene.ann).send("hi")
    got = user_scene.note(events.Story(user_scene.bob.id))
    number = await user_scene.bob.post_story(tiny_png(), "my day")
    await eventually(lambda: got)
    event = got[0]
    assert (event.story_id, event.raw_text, event.text) == (number, "my day", "my day")
    assert event.chat_id == event.sender_id == user_scene.bob.id
    assert (event.deleted, event.edited, event.is_complete) == (False, False, True)
    assert event.expires > event.date
    assert await event.download_media(bytes) == tiny_png()
    await event.mark_read()
    await event.react("👍")
    await user_scene.bob.delete_story(number)
    await eventually(lambda: len(got) == 2)
    assert got[1].deleted
    assert got[1].raw_text == ""
    assert got[1].media is got[1].date is got[1].expires is None
    assert await got[1].get_story() is None
    assert await got[1].download_media() is None


async def test_drafts_of_other_applications(user_scene, eventually):
    await user_scene.bob.chat(user_scene.ann).send("hi")
    got = user_scene.note(events.DraftUpdate)
    peer = user_scene.ann.input_peer(user_scene.bob.id)
    await user_scene.ann.call(functions.messages.SaveDraftRequest(peer, "to be continued"))
    await user_scene.ann.call(functions.messages.SaveDraftRequest(peer, ""))
    await eventually(lambda: len(got) == 2)
    assert [(one.raw_text, one.is_empty, one.chat_id) for one in got] == [
        ("to be continued", False, user_scene.bob.id),
        ("", True, user_scene.bob.id),
    ]
    await got[0].draft.send()
    assert user_scene.bob.chat(user_scene.ann).last().text == "to be continued"


async def test_a_bot_answers_for_a_user(scene, eventually):
    connections = scene.note(events.BusinessConnection)
    messages: list[Any] = []
    edited: list[Any] = []
    deleted: list[Any] = []

    @scene.client.on(events.BusinessMessage(incoming=True, pattern="(?i)open"))
    async def answer(event: events.BusinessMessage.Event) -> None:
        messages.append(event)
        messages.append(await event.reply("From **ten** to five."))
        await event.mark_read()

    @scene.client.on(events.BusinessMessageEdited)
    async def change(event: events.BusinessMessageEdited.Event) -> None:
        edited.append(event)

    @scene.client.on(events.BusinessMessageDeleted)
    async def delete(event: events.BusinessMessageDeleted.Event) -> None:
        deleted.append(event)

    connection_id = await scene.ann.connect_bot(scene.bot)
    await eventually(lambda: connections)
    assert (connections[0].connection_id, connections[0].enabled) == (connection_id, True)
    assert connections[0].can_reply
    assert connections[0].user_id == scene.ann.id
    chat = scene.bob.chat(scene.ann)
    asked = await chat.send("Open today?")
    answered = await chat.expect_reply()
    assert (answered.text, answered.reply_to_id) == ("From ten to five.", asked.id)
    await eventually(lambda: len(messages) == 2)
    event, sent = messages
    assert (event.connection_id, event.sender_id, event.raw_text) == (connection_id, scene.bob.id, "Open today?")
    assert event.client is scene.client
    assert sent.raw_text == "From ten to five."
    await event.business_client.send_message(event.chat_id, "Or later.")
    assert (await chat.expect_reply()).text == "Or later."
    await sent.edit("From nine to five.")
    assert (await chat.expect_edit()).text == "From nine to five."
    await chat.edit(asked, "Open tomorrow?")
    await eventually(lambda: any(one.raw_text == "Open tomorrow?" for one in edited))
    await chat.delete(asked)
    await eventually(lambda: deleted)
    assert deleted[0].deleted_ids == [event.message.id]
    assert (deleted[0].chat_id, deleted[0].connection_id) == (scene.bob.id, connection_id)
    await scene.ann.disconnect_bot(scene.bot)
    await eventually(lambda: len(connections) == 2)
    assert not connections[1].enabled
    with pytest.raises(errors.RPCError, match="BUSINESS_CONNECTION_INVALID"):
        await event.respond("too late")


async def test_U1_what_only_bots_hear_is_fetched_after_a_lost_connection(scene, eventually):
    got = scene.note(events.BotStopped)
    await scene.bob.chat(scene.bot).send("/start")
    await scene.bob.block(scene.bot)
    await eventually(lambda: len(got) == 1)
    scene.server.faults.refuse_connections(times=2)
    scene.server.faults.disconnect()
    await scene.bob.unblock(scene.bot)
    await scene.bob.block(scene.bot)
    await eventually(lambda: len(got) == 3, 15)
    assert [one.stopped for one in got] == [True, False, True]


async def test_an_album_is_one_event_also_when_it_was_missed(user_scene, eventually):
    albums = user_scene.note(events.Album(user_scene.bob.id))
    async with user_scene.server.client(user_scene.bob) as bob:
        await bob.send_message(bob_peer(user_scene), "look")
        await bob.send_file(bob_peer(user_scene), [tiny_png()] * 3, caption=["one", "two", ""])
        await eventually(lambda: len(albums) == 1)
        await user_scene.client.disconnect()
        await bob.send_file(bob_peer(user_scene), [tiny_png()] * 10)
        await user_scene.client.connect()
        await eventually(lambda: len(albums) == 2, 15)
    first, second = albums
    assert (len(first), len(second)) == (3, 10)
    assert (first.raw_text, first.chat_id) == ("one", user_scene.bob.id)
    assert [await one.download_media(bytes) for one in first] == [tiny_png()] * 3
    await first.reply("nice")
    reply = user_scene.bob.chat(user_scene.ann).last()
    assert (reply.text, user_scene.bob.chat(user_scene.ann).message(reply.reply_to_id).text) == ("nice", "one")
    forwarded = await second.forward_to("me")
    assert len({one.grouped_id for one in forwarded}) == 1
    assert len(forwarded) == 10
    await first.delete()
    assert [one.text for one in user_scene.bob.chat(user_scene.ann).messages()][:1] == ["look"]


async def test_ten_messages_at_once_are_one_album_while_the_chats_of_handlers_are_looked_up(user_scene, eventually):
    # The first event is looked at only when the chat of the handler is known, and all ten have come by then.
    got = user_scene.note(events.Album(user_scene.bob.id))
    user_scene.note(events.NewMessage(pattern="end"))
    async with user_scene.server.client(user_scene.bob) as bob:
        await bob.send_file(bob_peer(user_scene), [tiny_png()] * 10)
        await eventually(lambda: got)
        await bob.send_message(bob_peer(user_scene), "end")
        await eventually(lambda: got[-1].raw_text == "end")
    assert [len(one) for one in got[:-1]] == [10]


def bob_peer(scene: Any) -> Any:
    return scene.bob.input_peer(scene.ann.id)


async def test_an_inline_result_that_was_chosen(scene, eventually):
    got = scene.note(events.ChosenInlineResult)

    @scene.client.on(events.InlineQuery)
    async def offer(event: events.InlineQuery.Event) -> None:
        buttons = Button.inline("Go", b"go")
        await event.answer([await event.builder.article("Tea", text="some tea", id="r1", buttons=buttons)])

    chat = scene.bob.chat(scene.ann)
    results = await chat.inline("tea", bot=scene.bot)
    sent = await results.send()
    await eventually(lambda: got)
    assert (got[0].user_id, got[0].text, got[0].result_id) == (scene.bob.id, "tea", "r1")
    await got[0].edit("more tea")
    assert chat.message(sent.id).text == "more tea"
