"""payments: invoices of bots, and paying them. No money is involved.

Source: https://core.telegram.org/api/payments
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from telethon.testing._rpc import RpcFault
from telethon.testing.services._service import serves
from telethon.testing.services.star_gifts import buy, price_of
from telethon.testing.world import post
from telethon.testing.world.media import InvoiceMedia
from telethon.testing.world.peerids import as_peer
from telethon.testing.world.stars import Receipt, Subscription
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon.testing._call import Call
    from telethon.testing.world.records import Account

_STARS = "XTR"
_GIFTS = (
    types.InputInvoiceStarGift,
    types.InputInvoiceStarGiftUpgrade,
    types.InputInvoiceStarGiftTransfer,
    types.InputInvoiceStarGiftResale,
    types.InputInvoicePremiumGiftStars,
)


def _invoice(call: Call, invoice: types.TypeInputInvoice) -> tuple[int, types.InputMediaInvoice, Account]:
    """The chat, what is to be paid, and whom."""
    if isinstance(invoice, types.InputInvoiceSlug):
        known = call.world.ledger.links.get(invoice.slug)
        if known is None:
            raise RpcFault(400, "INVOICE_INVALID")
        return known[0], known[1].invoice, call.world.accounts[known[0]]
    if not isinstance(invoice, types.InputInvoiceMessage):
        raise RpcFault(400, "INVOICE_INVALID")
    peer = call.peer(invoice.peer)
    letter = call.letter(peer, invoice.msg_id)
    if not isinstance(letter.media, InvoiceMedia):
        raise RpcFault(400, "MESSAGE_ID_INVALID")
    return peer, letter.media.invoice, call.world.accounts[letter.sender]


async def _ask(call: Call, bot: Account, update: Any, query: Any) -> Any:
    delivery = call.world.delivery()
    delivery.note(bot.id, update, (call.my_id,))
    delivery.flush()
    try:
        return await call.world.queries.wait(query)
    except RpcFault:
        raise RpcFault(400, "BOT_RESPONSE_TIMEOUT") from None


@serves(functions.payments.GetPaymentFormRequest)
def get_payment_form(request: functions.payments.GetPaymentFormRequest, call: Call) -> types.payments._TypePaymentForm:
    """What is to be paid."""
    if isinstance(request.invoice, _GIFTS):
        price = types.Invoice(_STARS, [types.LabeledPrice("Gift", price_of(call, request.invoice))])
        return types.payments.PaymentFormStarGift(call.world.new_id(), price)
    _, media, bot = _invoice(call, request.invoice)
    users, _ = call.split([bot.id])
    form_id = call.world.new_id()
    if media.invoice.currency == _STARS:
        return types.payments.PaymentFormStars(form_id, bot.id, media.title, media.description, media.invoice, users)
    return types.payments.PaymentForm(
        form_id,
        bot.id,
        media.title,
        media.description,
        media.invoice,
        provider_id=bot.id,
        url="https://provider.example",
        users=users,
        saved_info=call.me.settings.get("saved payment info"),
    )


@serves(functions.payments.ValidateRequestedInfoRequest)
async def validate_requested_info(
    request: functions.payments.ValidateRequestedInfoRequest, call: Call
) -> types.payments.ValidatedRequestedInfo:
    """Give name and address; the bot says how it ships there."""
    _, media, bot = _invoice(call, request.invoice)
    info_id = f"info{call.world.new_id()}"
    call.me.settings.setdefault("payment_info", {})[info_id] = request.info
    if request.save:
        call.me.settings["saved payment info"] = request.info
    if not media.invoice.flexible:
        return types.payments.ValidatedRequestedInfo(id=info_id)
    address = request.info.shipping_address
    if address is None:
        raise RpcFault(400, "ADDRESS_INVALID")
    query = call.world.queries.ask(bot.id, call.my_id)
    update = types.UpdateBotShippingQuery(query.id, call.my_id, media.payload, address)
    options = await _ask(call, bot, update, query)
    if isinstance(options, str):
        raise RpcFault(400, "ADDRESS_INVALID")
    call.me.settings["payment_info"][info_id, "options"] = options
    return types.payments.ValidatedRequestedInfo(id=info_id, shipping_options=options)


@serves(functions.messages.SetBotShippingResultsRequest, who="both")
def set_bot_shipping_results(request: functions.messages.SetBotShippingResultsRequest, call: Call) -> bool:
    """The bot says how it ships, or that it cannot."""
    if not request.shipping_options and not request.error:
        raise RpcFault(400, "ERROR_TEXT_EMPTY")
    call.world.queries.reply(request.query_id, call.my_id, request.error or request.shipping_options)
    return True


@serves(functions.messages.SetBotPrecheckoutResultsRequest, who="both")
def set_bot_precheckout_results(request: functions.messages.SetBotPrecheckoutResultsRequest, call: Call) -> bool:
    """The bot says whether a payment may go on."""
    if not request.success and not request.error:
        raise RpcFault(400, "ERROR_TEXT_EMPTY")
    call.world.queries.reply(request.query_id, call.my_id, None if request.success else request.error)
    return True


@serves(functions.payments.SendStarsFormRequest, who="both")
async def send_stars_form(request: functions.payments.SendStarsFormRequest, call: Call) -> types.payments.PaymentResult:
    """Pay with stars."""
    if isinstance(request.invoice, _GIFTS):
        buy(call, request.invoice)
        return types.payments.PaymentResult(call.updates())
    return await _pay(call, request.invoice, None, None, stars=True)


@serves(functions.payments.SendPaymentFormRequest)
async def send_payment_form(
    request: functions.payments.SendPaymentFormRequest, call: Call
) -> types.payments.PaymentResult:
    """Pay with anything else."""
    return await _pay(call, request.invoice, request.requested_info_id, request.shipping_option_id, stars=False)


async def _pay(
    call: Call, where: types.TypeInputInvoice, info_id: str | None, option_id: str | None, *, stars: bool
) -> types.payments.PaymentResult:
    peer, media, bot = _invoice(call, where)
    if stars != (media.invoice.currency == _STARS):
        raise RpcFault(400, "FORM_UNSUPPORTED")
    known = call.me.settings.get("payment_info", {})
    info = known.get(info_id) if info_id is not None else None
    total = sum(price.amount for price in media.invoice.prices)
    if stars and call.world.ledger.balance(call.my_id) < total:
        raise RpcFault(400, "BALANCE_TOO_LOW")
    option: types.ShippingOption | None = None
    if option_id is not None:
        option = next((one for one in known.get((info_id, "options"), ()) if one.id == option_id), None)
        if option is None:
            raise RpcFault(400, "OPTION_INVALID")
        total += sum(price.amount for price in option.prices)
    query = call.world.queries.ask(bot.id, call.my_id)
    update = types.UpdateBotPrecheckoutQuery(
        query.id,
        call.my_id,
        media.payload,
        media.invoice.currency,
        total,
        info=info,
        shipping_option_id=option_id,
    )
    error = await _ask(call, bot, update, query)
    if error is not None:
        raise RpcFault(400, "BOT_PRECHECKOUT_FAILED")
    charge = types.PaymentCharge(f"charge{call.world.new_id()}", "" if stars else f"provider{call.world.new_id()}")
    action = types.MessageActionPaymentSentMe(
        media.invoice.currency,
        total,
        media.payload,
        charge,
        info=info,
        shipping_option_id=option_id,
    )
    bot.settings.setdefault("charges", {})[charge.id] = (call.my_id, action)
    if stars:
        ledger = call.world.ledger
        ledger.move(
            call.delivery, call.my_id, bot.id, total, number=charge.id, title=media.title, payload=media.payload
        )
        period = media.invoice.subscription_period
        if period:
            ledger.subscriptions[charge.id] = Subscription(
                charge.id, call.my_id, bot.id, period, total, call.now + period, media.title, media.payload, [charge.id]
            )
    letter = post.service(call.world, call.delivery, call.me, peer, action)
    call.world.ledger.receipts[letter] = Receipt(bot.id, media, action, option)
    return types.payments.PaymentResult(call.updates(peers=[bot.id]))


@serves(functions.payments.RefundStarsChargeRequest, who="both")
def refund_stars_charge(request: functions.payments.RefundStarsChargeRequest, call: Call) -> types.TypeUpdates:
    """Give stars back."""
    user = call.user(request.user_id)
    charges = call.me.settings.get("charges", {})
    payer, paid = charges.get(request.charge_id, (0, None))
    if paid is None or payer != user.id or paid.currency != _STARS:
        raise RpcFault(400, "CHARGE_ID_INVALID")
    if paid.charge is None or request.charge_id in call.me.settings.setdefault("refunded", set()):
        raise RpcFault(400, "CHARGE_ALREADY_REFUNDED")
    call.world.ledger.move(
        call.delivery,
        call.my_id,
        user.id,
        paid.total_amount,
        number=request.charge_id,
        payload=paid.payload,
        refund=True,
    )
    call.me.settings["refunded"].add(request.charge_id)
    action = types.MessageActionPaymentRefunded(
        as_peer(user.id), paid.currency, paid.total_amount, paid.charge, payload=paid.payload
    )
    post.service(call.world, call.delivery, call.me, user.id, action)
    return call.updates()
