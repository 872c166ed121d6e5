"""Payments: the questions before them, and that they were made."""

from __future__ import annotations

import event_cases
import pytest

from telethon import events
from telethon.tl import functions, types

CHARGE = types.PaymentCharge("charge", "provider")
ADDRESS = types.PostAddress("Street", "", "Town", "", "DE", "1")


def checkout(build):
    return build(events.PreCheckoutQuery, types.UpdateBotPrecheckoutQuery(1, 50, b"p", "EUR", 250))


def shipping(build):
    return build(events.ShippingQuery, types.UpdateBotShippingQuery(1, 50, b"p", ADDRESS))


def paid(build, currency="XTR", **fields):
    action = types.MessageActionPaymentSentMe(currency, 250, b"p", CHARGE, **fields)
    message = event_cases.service(types, action, types.PeerUser(50), from_id=None)
    return build(events.Payment, types.UpdateNewMessage(message, 1, 1))


def test_a_payment_to_confirm(build):
    event = checkout(build)
    assert (event.id, event.user_id, event.chat_id, event.payload) == (1, 50, 50, b"p")
    assert (event.currency, event.total_amount, event.info, event.shipping_option_id) == ("EUR", 250, None, None)


@pytest.mark.parametrize(
    ("given", "success", "error"),
    [
        ({}, True, None),
        ({"ok": True}, True, None),
        ({"error": "no"}, False, "no"),
        ({"ok": False, "error": "no"}, False, "no"),
    ],
)
async def test_confirming(build, client, given, success, error):
    event = checkout(build)
    assert await event.answer(**given) is True
    assert await event.answer(**given) is None
    assert client.requests == [functions.messages.SetBotPrecheckoutResultsRequest(1, success=success, error=error)]


@pytest.mark.parametrize("make", [checkout, shipping])
async def test_an_answer_that_could_not_be_sent_may_be_given_again(build, client, make):
    """Without one the payment fails."""
    event = make(build)
    client.gives["request"] = ConnectionError("lost")
    with pytest.raises(ConnectionError):
        await event.answer(error="no")
    client.gives["request"] = True
    assert await event.answer(error="no") is True
    assert await event.answer(error="no") is None
    assert len(client.requests) == 2


@pytest.mark.parametrize("given", [{"ok": False}, {"ok": True, "error": "no"}])
async def test_confirming_what_makes_no_sense(build, client, given):
    with pytest.raises(ValueError, match="ok=True"):
        await checkout(build).answer(**given)
    assert client.requests == []


@pytest.mark.parametrize("several", [False, True])
async def test_shipping(build, client, several):
    event = shipping(build)
    assert (event.id, event.payload, event.address, event.user_id) == (1, b"p", ADDRESS, 50)
    option = types.ShippingOption("post", "By post", [])
    assert await event.answer(iter([option]) if several else option)
    assert await event.answer(option) is None
    wanted = functions.messages.SetBotShippingResultsRequest(1, error=None, shipping_options=[option])
    assert client.requests == [wanted]


async def test_not_shipping(build, client):
    assert await shipping(build).answer(error="too far")
    assert client.requests == [functions.messages.SetBotShippingResultsRequest(1, error="too far")]


@pytest.mark.parametrize("given", [{}, {"options": []}, {"options": [1], "error": "no"}])
async def test_shipping_answers_that_make_no_sense(build, client, given):
    with pytest.raises(ValueError, match="ways of shipping"):
        await shipping(build).answer(**given)
    assert client.requests == []


@pytest.mark.parametrize("builder", [events.PreCheckoutQuery, events.ShippingQuery])
@pytest.mark.parametrize(("users", "wanted"), [({50}, True), ({60}, False), (None, True)])
def test_chosen_users(build, builder, users, wanted):
    event = checkout(build) if builder is events.PreCheckoutQuery else shipping(build)
    for blacklist in (False, True):
        chosen = builder(users, blacklist_users=blacklist)
        chosen.resolved = True
        assert bool(chosen.filter(event)) == (wanted if users is None else wanted != blacklist)


def test_a_payment(build):
    event = paid(build, info=types.PaymentRequestedInfo(name="Bob"), shipping_option_id="post", recurring_used=True)
    assert (event.currency, event.total_amount, event.payload, event.charge_id) == ("XTR", 250, b"p", "charge")
    assert (event.provider_charge_id, event.info.name, event.shipping_option_id) == ("provider", "Bob", "post")
    assert (event.user_id, event.refunded, event.is_recurring) == (50, False, True)


async def test_giving_back(build, client):
    await paid(build).refund()
    assert client.requests == [functions.payments.RefundStarsChargeRequest(types.InputUser(50, 500), "charge")]


async def test_giving_back_what_cannot_be(build, client):
    with pytest.raises(ValueError, match="Telegram Stars"):
        await paid(build, "EUR").refund()
    assert client.requests == []


async def test_replying(build, client):
    event = paid(build)
    await event.reply("Thank you!")
    peer = types.InputPeerUser(50, 500)
    assert client.calls == [("send_message", (peer, "Thank you!"), {"reply_to": event.message.id})]


@pytest.mark.parametrize(
    ("action", "refunded"),
    [
        (types.MessageActionPaymentSent("EUR", 250), False),
        (types.MessageActionPaymentRefunded(types.PeerUser(50), "XTR", 250, CHARGE), True),
    ],
)
def test_what_the_payer_is_told(build, action, refunded):
    message = event_cases.service(types, action, types.PeerUser(50), out=True)
    event = build(events.Payment, types.UpdateNewMessage(message, 1, 1))
    assert (event.refunded, event.total_amount, event.payload, event.is_recurring) == (refunded, 250, None, False)


def test_other_updates():
    other = types.UpdateNewMessage(event_cases.service(types, types.MessageActionHistoryClear()), 1, 1)
    for builder in (events.Payment, events.PreCheckoutQuery, events.ShippingQuery):
        assert builder.build(other) is None
    assert events.Payment.build(types.UpdateChannel(7)) is None
