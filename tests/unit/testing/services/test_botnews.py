"""What bots are told and asked beyond messages, and what the server refuses."""

from __future__ import annotations

from typing import Any

import pytest

from telethon.testing import RpcFault, TelegramTestServer, tiny_png
from telethon.tl import functions, types


@pytest.fixture
def world() -> Any:
    """A server that needs not run, two people and a bot that knows one of them."""
    server = TelegramTestServer()
    return server, server.create_user("Ann"), server.create_user("Bob"), server.create_bot("Robot")


def told(server: TelegramTestServer, bot: Any) -> list[Any]:
    """What a bot was told by `qts`."""
    return [notice.update for _, notice in bot.account.mailbox.news]


def invoice(currency: str = "XTR", **fields: Any) -> types.InputMediaInvoice:
    what = types.Invoice(currency, [types.LabeledPrice("Tea", 5)], **fields)
    return types.InputMediaInvoice("Tea", "A cup", what, b"tea", types.DataJSON("{}"))


async def offer(bot: Any, user: Any, media: Any) -> int:
    """Send an invoice; its number for the user."""
    await user.chat(bot).send("/start")
    peer = bot.input_peer(user.id)
    await bot.call(functions.messages.SendMediaRequest(peer, media, "", random_id=user.id))
    return user.chat(bot).last().id


async def test_differences_tell_bots_what_they_missed(world):
    _server, ann, _bob, bot = world
    await ann.chat(bot).send("/start")
    before = await bot.call(functions.updates.GetStateRequest())
    await ann.block(bot)
    await ann.unblock(bot)
    # A second time nothing changes.
    await ann.unblock(bot)
    difference = await bot.call(functions.updates.GetDifferenceRequest(before.pts, before.date, before.qts))
    heard = [(one.stopped, one.qts - before.qts) for one in difference.other_updates]
    assert heard == [(True, 1), (False, 2)]
    assert {user.id for user in difference.users} == {ann.id}
    after = difference.state
    assert after.qts == before.qts + 2
    again = await bot.call(functions.updates.GetDifferenceRequest(after.pts, after.date, after.qts))
    assert isinstance(again, types.updates.DifferenceEmpty)


async def test_only_bots_with_the_right_hear_of_requests_to_join(world):
    server, ann, bob, bot = world
    group = server.create_channel("Group", ann, [bot], megagroup=True)
    await bob.request_to_join(group)
    assert told(server, bot) == []
    rights = types.ChatAdminRights(invite_users=True)
    await ann.call(functions.channels.EditAdminRequest(ann.input_channel(group), ann.input_user(bot), rights, rank=""))
    eve = server.create_user("Eve")
    link = await eve.request_to_join(group)
    asked = [one for one in told(server, bot) if isinstance(one, types.UpdateBotChatInviteRequester)]
    assert [(one.user_id, one.invite.link) for one in asked] == [(eve.id, link)]
    with pytest.raises(RpcFault, match="USER_ALREADY_PARTICIPANT"):
        await ann.request_to_join(group)


async def test_bots_hear_of_reactions_where_they_are_administrators(world):
    server, ann, bob, bot = world
    group = server.create_channel("Group", ann, [bob, bot], megagroup=True)
    said = await bob.chat(group).send("hi")
    await ann.chat(group).react(said.id, "👍")
    assert told(server, bot) == []
    private = await ann.chat(bot).send("hi")
    await ann.chat(bot).react(private, "👍")
    [update] = told(server, bot)
    assert (update.peer.user_id, update.actor.user_id) == (ann.id, ann.id)


async def test_what_cannot_be_paid(world):
    _server, ann, _bob, bot = world
    number = await offer(bot, ann, invoice())
    where = types.InputInvoiceMessage(ann.input_peer(bot.id), number)
    credentials = types.InputPaymentCredentials(types.DataJSON("{}"))
    with pytest.raises(RpcFault, match="FORM_UNSUPPORTED"):
        await ann.call(functions.payments.SendPaymentFormRequest(1, where, credentials))
    with pytest.raises(RpcFault, match="INVOICE_INVALID"):
        await ann.call(functions.payments.GetPaymentFormRequest(types.InputInvoiceSlug("x")))
    with pytest.raises(LookupError, match="no invoice"):
        await ann.chat(bot).pay(number - 1)
    with pytest.raises(RpcFault, match="BOT_METHOD_INVALID"):
        await bot.call(functions.payments.GetPaymentFormRequest(where))
    with pytest.raises(RpcFault, match="ERROR_TEXT_EMPTY"):
        await bot.call(functions.messages.SetBotPrecheckoutResultsRequest(1))
    with pytest.raises(RpcFault, match="QUERY_ID_INVALID"):
        await bot.call(functions.messages.SetBotPrecheckoutResultsRequest(1, success=True))
    with pytest.raises(RpcFault, match="ERROR_TEXT_EMPTY"):
        await bot.call(functions.messages.SetBotShippingResultsRequest(1))
    with pytest.raises(RpcFault, match="CHARGE_ID_INVALID"):
        await bot.call(functions.payments.RefundStarsChargeRequest(bot.input_user(ann), "x"))


async def test_a_bot_that_does_not_answer_in_time(world):
    server, ann, bob, bot = world
    server.world.options.bot_timeout = 0.01
    number = await offer(bot, ann, invoice())
    with pytest.raises(RpcFault, match="BOT_RESPONSE_TIMEOUT"):
        await ann.chat(bot).pay(number)
    flexible = await offer(bot, bob, invoice("EUR", flexible=True))
    with pytest.raises(RpcFault, match="BOT_RESPONSE_TIMEOUT"):
        await bob.chat(bot).pay(flexible, address=types.PostAddress("S", "", "T", "", "DE", "1"))
    with pytest.raises(RpcFault, match="ADDRESS_INVALID"):
        await bob.chat(bot).pay(flexible, name="Bob")


async def test_votes(world):
    server, ann, bob, _bot = world
    with pytest.raises(LookupError, match="no poll"):
        await ann.chat(bob).vote(await ann.chat(bob).send("hi"), "yes")
    answers = [types.PollAnswer(types.TextWithEntities(text, []), text.encode()) for text in ("a", "b")]
    poll = types.Poll(0, question=types.TextWithEntities("?", []), answers=answers, hash=0, public_voters=True)
    group = server.create_channel("Group", ann, [bob], megagroup=True)
    await ann.call(
        functions.messages.SendMediaRequest(ann.input_peer(group.peer), types.InputMediaPoll(poll), "", random_id=1)
    )
    chat = bob.chat(group)
    await chat.vote(chat.last(), "b")
    with pytest.raises(LookupError, match="no answer 'c'"):
        await chat.vote(chat.last(), "c")
    with pytest.raises(LookupError, match="no answer b'c'"):
        await chat.vote(chat.last(), b"c")
    # Anybody but a bot is not told who voted.
    assert told(server, ann) == []


async def test_boosts(world):
    server, ann, bob, _bot = world
    channel = server.create_channel("News", ann, username="news_news")
    with pytest.raises(RpcFault, match="PREMIUM_ACCOUNT_REQUIRED"):
        await bob.call(functions.premium.ApplyBoostRequest(bob.input_peer(channel.peer)))
    await bob.boost(channel)
    with pytest.raises(RpcFault, match="BOOST_NOT_MODIFIED"):
        await bob.boost(channel)
    bob.unboost(channel)
    with pytest.raises(LookupError, match="does not boost"):
        bob.unboost(channel)
    group = server.create_group("Small", bob)
    with pytest.raises(RpcFault, match="PEER_ID_INVALID"):
        await bob.call(functions.premium.ApplyBoostRequest(bob.input_peer(group.peer)))


async def test_stories(world):
    _server, ann, bob, _bot = world
    number = await ann.post_story(tiny_png(), "look")
    second = await ann.post_story(tiny_png())
    peer = bob.input_peer(ann.id)
    found = await bob.call(functions.stories.GetPeerStoriesRequest(peer))
    assert [(one.id, one.caption) for one in found.stories.stories] == [(number, "look"), (second, None)]
    some = await bob.call(functions.stories.GetStoriesByIDRequest(peer, [second, 99]))
    assert [one.id for one in some.stories] == [second]
    assert await bob.call(functions.stories.ReadStoriesRequest(peer, second)) == [number, second]
    assert await bob.call(functions.stories.ReadStoriesRequest(peer, second)) == []
    with pytest.raises(RpcFault, match="STORY_ID_INVALID"):
        await bob.call(functions.stories.SendReactionRequest(peer, 99, types.ReactionEmoji("👍")))
    with pytest.raises(RpcFault, match="PEER_ID_INVALID"):
        await bob.call(functions.stories.DeleteStoriesRequest(peer, [number]))
    await ann.delete_story(number)
    assert list(ann.account.book.stories) == [second]


async def test_business_connections(world):
    server, ann, bob, bot = world
    connection_id = await ann.connect_bot(bot)
    known = await bot.call(functions.account.GetBotBusinessConnectionRequest(connection_id))
    assert known.updates[0].connection.user_id == ann.id
    with pytest.raises(RpcFault, match="BOT_INVALID"):
        await ann.connect_bot(bob)
    # Another one takes the place of the first.
    other = await ann.connect_bot(bot, types.BusinessBotRights())
    assert other != connection_id
    with pytest.raises(RpcFault, match="CONNECTION_ID_INVALID"):
        await bot.call(functions.account.GetBotBusinessConnectionRequest(connection_id))
    await bob.chat(ann).send("hello")
    await ann.chat(bot).send("that is between us")
    new = [one for one in told(server, bot) if isinstance(one, types.UpdateBotNewBusinessMessage)]
    assert [one.message.message for one in new] == ["hello"]
    await ann.disconnect_bot(bot)
    await bob.chat(ann).send("nobody sees")
    assert len([one for one in told(server, bot) if isinstance(one, types.UpdateBotNewBusinessMessage)]) == 1
    with pytest.raises(RpcFault, match="BOT_NOT_CONNECTED_YET"):
        await ann.disconnect_bot(bot)
