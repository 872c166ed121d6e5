"""Stars, gifts, subscriptions, receipts, boosts."""

from __future__ import annotations

import pytest
import worldkit
from worldkit import fault, place, told

from telethon.testing import Options, RpcFault
from telethon.tl import functions, types

payments = functions.payments
ME = types.InputPeerSelf()


@pytest.fixture
def server():
    return worldkit.make_server(options=Options(stars=1000))


@pytest.fixture
def ann(server):
    return worldkit.Device(server, server.create_user("Ann", username="ann_1"))


@pytest.fixture
def bob(server):
    return worldkit.Device(server, server.create_user("Bob"))


async def failing(device, request) -> str:
    with pytest.raises(RpcFault) as raised:
        await device.ask(request)
    return raised.value.message


def balance(device, peer=ME):
    return device(payments.GetStarsStatusRequest(peer)).balance.amount


async def pay(device, invoice):
    form = device(payments.GetPaymentFormRequest(invoice))
    return await device.ask(payments.SendStarsFormRequest(form.form_id, invoice))


# -- stars -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def shop(server, ann):
    """A bot that sells tea by a link, and says yes to everybody."""
    bot = worldkit.Device(server, server.create_bot("Shop", "shop_bot"))
    known = bot.push

    def push(updates):
        known(updates)
        for update in getattr(updates, "updates", [updates]):
            if isinstance(update, types.UpdateBotPrecheckoutQuery):
                bot(functions.messages.SetBotPrecheckoutResultsRequest(update.query_id, success=True))

    bot.push = push
    return bot


def bill(stars=100, period=None):
    price = types.Invoice("XTR", [types.LabeledPrice("Tea", stars)], subscription_period=period)
    return types.InputMediaInvoice("Tea", "A cup", price, b"tea", types.DataJSON("{}"))


async def test_stars_go_from_one_to_the_other_and_back(server, ann, shop):
    link = shop(payments.ExportInvoiceRequest(bill())).url
    where = types.InputInvoiceSlug(link.partition("$")[2])
    await pay(ann, where)
    assert (balance(ann), balance(shop)) == (900, 100)
    entry = ann(payments.GetStarsTransactionsRequest(ME, "", 10, outbound=True)).history[0]
    assert (entry.amount.amount, entry.peer.peer.user_id, entry.title) == (-100, shop.user.id, "Tea")
    assert shop(payments.GetStarsTransactionsRequest(ME, "", 10, outbound=True)).history == []
    found = shop(payments.GetStarsTransactionsByIDRequest(ME, [types.InputStarsTransaction(entry.id)]))
    assert (found.history[0].amount.amount, found.history[0].bot_payload) == (100, b"tea")
    wrong = payments.GetStarsTransactionsByIDRequest(ME, [types.InputStarsTransaction("x")])
    assert fault(ann, wrong) == "TRANSACTION_ID_INVALID"
    number = ann.user.chat(shop.user).messages()[-1].id
    receipt = ann(payments.GetPaymentReceiptRequest(ann.peer(shop.user), number))
    assert (receipt.title, receipt.total_amount, receipt.transaction_id) == ("Tea", 100, entry.id)
    assert fault(ann, payments.GetPaymentReceiptRequest(ann.peer(shop.user), 99)) == "MESSAGE_ID_INVALID"
    shop(payments.RefundStarsChargeRequest(shop.user.input_user(ann.user), entry.id))
    assert (balance(ann), balance(shop)) == (1000, 0)
    earned = shop(payments.GetStarsRevenueStatsRequest(ME)).status
    assert (earned.overall_revenue.amount, earned.current_balance.amount) == (100, 0)
    assert ann(payments.GetStarsStatusRequest(ME, ton=True)).balance.amount == 0


async def test_who_has_too_few_stars_cannot_pay(server, ann, bob, shop):
    link = shop(payments.ExportInvoiceRequest(bill(5000))).url
    where = types.InputInvoiceSlug(link.partition("$")[2])
    assert await failing(ann, payments.SendStarsFormRequest(1, where)) == "BALANCE_TOO_LOW"
    server.give_stars(ann.user, 4000)
    await pay(ann, where)
    assert balance(ann) == 0
    assert fault(bob, payments.GetStarsStatusRequest(bob.peer(ann.user))) == "PEER_ID_INVALID"
    nothing = payments.ExportInvoiceRequest(types.InputMediaContact("1", "a", "b", ""))
    assert fault(shop, nothing) == "MEDIA_INVALID"


async def test_subscriptions(server, ann, shop):
    month = 30 * 86_400
    link = shop(payments.ExportInvoiceRequest(bill(100, month))).url
    await pay(ann, types.InputInvoiceSlug(link.partition("$")[2]))
    found = ann(payments.GetStarsSubscriptionsRequest(ME, "")).subscriptions[0]
    assert (found.pricing.amount, found.pricing.period, found.title) == (100, month, "Tea")
    ann(payments.ChangeStarsSubscriptionRequest(ME, found.id, canceled=True))
    assert ann(payments.GetStarsSubscriptionsRequest(ME, "")).subscriptions[0].canceled
    assert fault(ann, payments.ChangeStarsSubscriptionRequest(ME, "x")) == "SUBSCRIPTION_ID_INVALID"
    again = payments.FulfillStarsSubscriptionRequest(ME, found.id)
    assert fault(ann, again) == "SUBSCRIPTION_NOT_MODIFIED"
    server._given_clock.advance(month + 1)
    ann(again)
    paid = ann(payments.GetStarsTransactionsRequest(ME, "", 10, subscription_id=found.id)).history
    assert (len(paid), balance(shop)) == (2, 200)
    user = shop.user.input_user(ann.user)
    shop(payments.BotCancelStarsSubscriptionRequest(user, found.id))
    assert ann(payments.GetStarsSubscriptionsRequest(ME, "")).subscriptions[0].bot_canceled
    assert fault(shop, payments.BotCancelStarsSubscriptionRequest(user, "x")) == "CHARGE_ID_INVALID"


def test_what_stars_cost(server, ann, bob):
    assert ann(payments.GetStarsTopupOptionsRequest())[0].stars == 50
    assert ann(payments.GetStarsGiveawayOptionsRequest())[0].winners[0].users == 1
    gift = payments.GetStarsGiftOptionsRequest
    assert len(ann(gift(user_id=ann.user.input_user(bob.user)))) == 5
    robot = ann.user.input_user(server.create_bot())
    assert fault(ann, gift(user_id=robot)) == "USER_GIFT_UNAVAILABLE"


def test_cards_and_addresses(ann):
    assert ann(payments.GetBankCardDataRequest("4242 4242 4242 4242")).title == "Visa"
    assert fault(ann, payments.GetBankCardDataRequest("4242424242424241")) == "BANK_CARD_NUMBER_INVALID"
    assert ann(payments.GetSavedInfoRequest()).saved_info is None
    assert ann(payments.ClearSavedInfoRequest(info=True)) is True


# -- gifts -----------------------------------------------------------------------------------------------------------


async def give(server, ann, bob, **more):
    number = server.create_gift("Rose", 100, upgrade=50, total=more.pop("total", None))
    await pay(ann, types.InputInvoiceStarGift(ann.peer(bob.user), number, **more))
    return number, bob.user.chat(ann.user).messages()[-1]


async def test_a_gift_is_bought_shown_and_changed_into_stars(server, ann, bob):
    number, message = await give(server, ann, bob, message=types.TextWithEntities("for you", []), total=1)
    assert (balance(ann), message.raw.action.message.text) == (900, "for you")
    offered = ann(payments.GetStarGiftsRequest(0))
    assert (offered.gifts[0].id, offered.gifts[0].sold_out) == (number, True)
    assert isinstance(ann(payments.GetStarGiftsRequest(offered.hash)), types.payments.StarGiftsNotModified)
    again = types.InputInvoiceStarGift(ann.peer(bob.user), number)
    assert fault(ann, payments.GetPaymentFormRequest(again)) == "STARGIFT_USAGE_LIMITED"
    assert isinstance(ann(payments.CheckCanSendGiftRequest(number)), types.payments.CheckCanSendGiftResultFail)
    assert fault(ann, payments.CheckCanSendGiftRequest(5)) == "STARGIFT_INVALID"
    peer = ann.peer(bob.user)
    seen = ann(payments.GetSavedStarGiftsRequest(peer, "", 10)).gifts[0]
    assert (seen.from_id.user_id, seen.gift.id) == (ann.user.id, number)
    full = ann(functions.users.GetFullUserRequest(ann.user.input_user(bob.user))).full_user
    assert full.stargifts_count == 1
    mine = types.InputSavedStarGiftUser(message.id)
    bob(payments.SaveStarGiftRequest(mine, unsave=True))
    assert ann(payments.GetSavedStarGiftsRequest(peer, "", 10)).count == 0
    assert bob(payments.GetSavedStarGiftsRequest(ME, "", 10)).gifts[0].unsaved
    assert bob(payments.GetSavedStarGiftsRequest(ME, "", 10, exclude_unsaved=True)).count == 0
    bob.updates()
    tablet = worldkit.Device(server, bob.user)
    bob(payments.ConvertStarGiftRequest(mine))
    assert told(tablet, types.UpdateStarsBalance)[0].balance.amount == 1090
    assert fault(bob, payments.ConvertStarGiftRequest(mine)) == "STARGIFT_NOT_FOUND"


async def test_a_gift_becomes_the_only_one_and_changes_hands(server, ann, bob):
    number, message = await give(server, ann, bob)
    mine = types.InputSavedStarGiftUser(message.id)
    assert fault(bob, payments.UpgradeStarGiftRequest(mine)) == "PAYMENT_REQUIRED"
    assert bob(payments.GetStarGiftUpgradePreviewRequest(number)).prices[0].upgrade_stars == 50
    assert len(bob(payments.GetStarGiftUpgradeAttributesRequest(number)).attributes) > 5
    await pay(bob, types.InputInvoiceStarGiftUpgrade(mine))
    saved = bob(payments.GetSavedStarGiftsRequest(ME, "", 10)).gifts[0]
    assert (saved.gift.slug, saved.gift.num, balance(bob)) == ("Rose-1", 1, 950)
    assert ann(payments.GetUniqueStarGiftRequest("Rose-1")).gift.owner_id.user_id == bob.user.id
    assert fault(ann, payments.GetUniqueStarGiftRequest("Rose-2")) == "STARGIFT_SLUG_INVALID"
    by_slug = types.InputSavedStarGiftSlug("Rose-1")
    bob(payments.ToggleStarGiftsPinnedToTopRequest(ME, [by_slug]))
    assert bob(payments.GetSavedStarGiftRequest([by_slug])).gifts[0].pinned_to_top
    price = payments.UpdateStarGiftPriceRequest
    assert fault(ann, price(by_slug, types.StarsAmount(5, 0))) == "STARGIFT_OWNER_INVALID"
    bob(price(by_slug, types.StarsAmount(300, 0)))
    sale = ann(payments.GetResaleStarGiftsRequest(number, "", 10))
    assert (sale.count, sale.gifts[0].resell_amount[0].amount) == (1, 300)
    await pay(ann, types.InputInvoiceStarGiftResale("Rose-1", ME))
    assert (balance(ann), balance(bob)) == (600, 1250)
    ann(payments.TransferStarGiftRequest(by_slug, ann.peer(bob.user)))
    assert ann(payments.GetUniqueStarGiftRequest("Rose-1")).gift.owner_id.user_id == bob.user.id
    action = bob.user.chat(ann.user).messages()[-1].raw.action
    assert (type(action), action.transferred) == (types.MessageActionStarGiftUnique, True)
    assert fault(ann, payments.TransferStarGiftRequest(by_slug, ann.peer(bob.user))) == "STARGIFT_OWNER_INVALID"


async def test_gifts_that_are_put_together(server, ann, bob):
    _, message = await give(server, ann, bob)
    mine = types.InputSavedStarGiftUser(message.id)
    made = bob(payments.CreateStarGiftCollectionRequest(ME, "Roses", [mine]))
    other = bob(payments.CreateStarGiftCollectionRequest(ME, "Others", []))
    assert fault(bob, payments.CreateStarGiftCollectionRequest(ME, "", [])) == "TITLE_INVALID"
    bob(payments.ReorderStarGiftCollectionsRequest(ME, [other.collection_id]))
    shown = ann(payments.GetStarGiftCollectionsRequest(ann.peer(bob.user), 0)).collections
    assert [(one.title, one.gifts_count) for one in shown] == [("Others", 0), ("Roses", 1)]
    wanted = payments.GetSavedStarGiftsRequest(ME, "", 10, collection_id=made.collection_id)
    assert bob(wanted).gifts[0].collection_id == [made.collection_id]
    update = payments.UpdateStarGiftCollectionRequest
    assert bob(update(ME, made.collection_id, title="None", delete_stargift=[mine])).gifts_count == 0
    assert bob(update(ME, made.collection_id, add_stargift=[mine])).gifts_count == 1
    bob(payments.DeleteStarGiftCollectionRequest(ME, other.collection_id))
    gone = payments.DeleteStarGiftCollectionRequest(ME, other.collection_id)
    assert fault(bob, gone) == "COLLECTION_ID_INVALID"


async def test_gifts_for_a_channel(server, ann, bob):
    channel = server.create_channel("News", bob.user, [ann.user], username="news_1")
    number = server.create_gift("Rose", 10)
    await pay(ann, types.InputInvoiceStarGift(ann.peer(channel), number, hide_name=True))
    bob(payments.ToggleChatStarGiftNotificationsRequest(bob.peer(channel), enabled=True))
    kept = bob(payments.GetSavedStarGiftsRequest(bob.peer(channel), "", 10))
    assert (kept.chat_notifications_enabled, kept.gifts[0].from_id) == (True, None)
    by_number = types.InputSavedStarGiftChat(bob.peer(channel), kept.gifts[0].saved_id)
    bob(payments.ConvertStarGiftRequest(by_number))
    assert balance(bob, bob.peer(channel)) == 9
    assert fault(ann, payments.GetStarsStatusRequest(ann.peer(channel))) == "CHAT_ADMIN_REQUIRED"


async def test_stars_for_a_post(server, ann, bob):
    channel = server.create_channel("News", bob.user, [ann.user], username="news_1")
    await bob.user.chat(channel).send("post")
    number = channel.box.last_id
    send = functions.messages.SendPaidReactionRequest
    assert fault(ann, send(ann.peer(channel), number, 5, random_id=1)) == "REACTION_INVALID"
    allow = functions.messages.SetChatAvailableReactionsRequest
    bob(allow(bob.peer(channel), types.ChatReactionsAll(), paid_enabled=True))
    bob.updates()
    ann(send(ann.peer(channel), number, 5, random_id=1))
    shown = told(bob, types.UpdateMessageReactions)[0].reactions
    assert (shown.results[0].count, shown.top_reactors[0].peer_id.user_id) == (5, ann.user.id)
    anonymous = types.PaidReactionPrivacyAnonymous()
    ann(functions.messages.TogglePaidReactionPrivacyRequest(ann.peer(channel), number, anonymous))
    assert told(bob, types.UpdateMessageReactions)[0].reactions.top_reactors[0].peer_id is None
    usual = ann(functions.messages.GetPaidReactionPrivacyRequest()).updates[0]
    assert isinstance(usual.private, types.PaidReactionPrivacyAnonymous)
    assert (balance(ann), balance(bob, bob.peer(channel))) == (995, 5)
    assert fault(ann, send(ann.peer(channel), number, 5, random_id=1)) == "RANDOM_ID_DUPLICATE"
    assert fault(ann, send(ann.peer(channel), number, 0, random_id=2)) == "REACTIONS_COUNT_INVALID"
    other = functions.messages.TogglePaidReactionPrivacyRequest(bob.peer(channel), number, anonymous)
    assert fault(bob, other) == "REACTION_EMPTY"


# -- boosts ----------------------------------------------------------------------------------------------------------


def test_boosts(server, ann, bob):
    premium = functions.premium
    first = server.create_channel("First", ann.user, [bob.user], username="first_1")
    second = server.create_channel("Second", ann.user, username="second_1")
    assert fault(bob, premium.ApplyBoostRequest(bob.peer(first))) == "PREMIUM_ACCOUNT_REQUIRED"
    bob.user.account.premium = True
    assert bob(premium.GetMyBoostsRequest()).my_boosts[0].peer is None
    bob(premium.ApplyBoostRequest(bob.peer(first), slots=[1]))
    assert fault(bob, premium.ApplyBoostRequest(bob.peer(first))) == "BOOST_NOT_MODIFIED"
    status = bob(premium.GetBoostsStatusRequest(bob.peer(first)))
    assert (status.level, status.my_boost, status.boost_url) == (1, True, "https://t.me/boost/first_1")
    given = ann(premium.GetBoostsListRequest(ann.peer(first), "", 10))
    assert [one.user_id for one in given.boosts] == [bob.user.id]
    assert ann(premium.GetUserBoostsRequest(ann.peer(first), ann.user.input_user(bob.user))).count == 1
    assert fault(bob, premium.GetBoostsListRequest(bob.peer(first), "", 10)) == "CHAT_ADMIN_REQUIRED"
    bob(premium.ApplyBoostRequest(bob.peer(second)))
    assert (len(first.boosts), bob(premium.GetMyBoostsRequest()).my_boosts[0].peer.channel_id) == (0, second.id)


async def test_a_premium_account_is_given(server, ann, bob):
    option = ann(payments.GetPremiumGiftCodeOptionsRequest())[0]
    invoice = types.InputInvoicePremiumGiftStars(ann.user.input_user(bob.user), option.months)
    await pay(ann, invoice)
    assert (balance(ann), bob.user.account.premium) == (0, True)
    action = bob.user.chat(ann.user).messages()[-1].raw.action
    assert (type(action), action.days) == (types.MessageActionGiftPremium, 90)
    long = types.InputInvoicePremiumGiftStars(ann.user.input_user(bob.user), 7)
    assert fault(ann, payments.GetPaymentFormRequest(long)) == "GIFT_MONTHS_INVALID"
    assert await failing(ann, payments.SendStarsFormRequest(1, invoice)) == "BALANCE_TOO_LOW"


def test_links_that_bring_people_to_bots(server, ann, shop):
    robot = ann.user.input_user(shop.user)
    connect = payments.ConnectStarRefBotRequest(ME, robot)
    assert fault(ann, connect) == "BOT_INVALID"
    shop(functions.bots.UpdateStarRefProgramRequest(types.InputUserSelf(), 100))
    assert [one.bot_id for one in ann(payments.GetSuggestedStarRefBotsRequest(ME, "", 10)).suggested_bots] == [
        shop.user.id
    ]
    link = ann(connect).connected_bots[0]
    assert (link.commission_permille, link.url.startswith("https://t.me/shop_bot?start=_tgr_")) == (100, True)
    assert ann(payments.GetSuggestedStarRefBotsRequest(ME, "", 10)).count == 0
    assert ann(payments.GetConnectedStarRefBotRequest(ME, robot)).connected_bots[0].url == link.url
    edit = payments.EditConnectedStarRefBotRequest(ME, link.url, revoked=True)
    assert ann(edit).connected_bots[0].revoked
    assert fault(ann, edit) == "STARREF_HASH_REVOKED"
    assert ann(payments.GetConnectedStarRefBotsRequest(ME, 10)).count == 1


def test_messages_that_cost_stars(server, ann, bob):
    group = server.create_channel("Friends", ann.user, [bob.user], megagroup=True)
    price = functions.channels.UpdatePaidMessagesPriceRequest(place(ann, group), 10)
    ann(price)

    def say(device, number, **more):
        return functions.messages.SendMessageRequest(device.peer(group), "hi", random_id=number, **more)

    assert fault(bob, say(bob, 1)) == "ALLOW_PAYMENT_REQUIRED_10"
    bob(say(bob, 2, allow_paid_stars=10))
    ann(say(ann, 3))
    assert (balance(bob), balance(ann, ann.peer(group))) == (990, 10)
    forward = functions.messages.ForwardMessagesRequest(bob.peer(group), [group.box.last_id], bob.peer(group), [9])
    assert fault(bob, forward) == "ALLOW_PAYMENT_REQUIRED_10"


def test_who_boosts_is_free_of_restrictions(server, ann, bob):
    group = server.create_channel("Friends", ann.user, [bob.user], megagroup=True)
    silence = types.ChatBannedRights(until_date=0, send_messages=True)
    ann(functions.messages.EditChatDefaultBannedRightsRequest(ann.peer(group), silence))
    ann(functions.channels.SetBoostsToUnblockRestrictionsRequest(place(ann, group), 1))
    say = functions.messages.SendMessageRequest(bob.peer(group), "hi", random_id=1)
    assert fault(bob, say) == "CHAT_WRITE_FORBIDDEN"
    bob.user.account.premium = True
    bob(functions.premium.ApplyBoostRequest(bob.peer(group)))
    bob(say)
    assert ann.user.chat(group).messages()[-1].text == "hi"
