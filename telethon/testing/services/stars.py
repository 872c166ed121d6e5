"""payments: how many stars somebody has, where they came from, and subscriptions that are paid with them.

Source: https://core.telegram.org/api/stars
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.testing.services._paging import page_from
from telethon.testing.services._service import serves
from telethon.testing.world.botnews import tell_bot
from telethon.testing.world.peerids import is_user
from telethon.testing.world.rights import check_admin
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon.testing._call import Call
    from telethon.testing.world.stars import Entry, Subscription

_OPTIONS = ((50, 99), (100, 199), (500, 999), (1000, 1999), (10_000, 19_999))


def _whose(call: Call, given: types.TypeInputPeer) -> int:
    """Whose stars the account may look at: its own, those of its bots, those of channels it leads."""
    peer = call.peer(given)
    if is_user(peer):
        bot = call.world.accounts[peer].bot
        if peer != call.my_id and (bot is None or call.my_id not in (bot.owner, bot.manager)):
            raise RpcFault(400, "PEER_ID_INVALID")
    else:
        check_admin(call.room(peer), call.my_id, "post_messages")
    return peer


def _status(
    call: Call, peer: int, entries: list[Entry] | None = None, following: str | None = None
) -> types.payments.StarsStatus:
    users, chats = call.split({peer, *(one.other for one in entries or () if one.other)})
    return types.payments.StarsStatus(
        types.StarsAmount(call.world.ledger.balance(peer), 0),
        chats,
        users,
        history=[one.tl() for one in entries] if entries is not None else None,
        next_offset=following,
    )


@serves(functions.payments.GetStarsStatusRequest, who="both")
def get_stars_status(request: functions.payments.GetStarsStatusRequest, call: Call) -> types.payments.StarsStatus:
    """How many stars there are, and what came in and went out last."""
    peer = _whose(call, request.peer)
    if request.ton:
        return types.payments.StarsStatus(types.StarsTonAmount(0), [], [])
    return _status(call, peer, call.world.ledger.entries(peer)[::-1][:5])


@serves(functions.payments.GetStarsTransactionsRequest, who="both")
def get_stars_transactions(
    request: functions.payments.GetStarsTransactionsRequest, call: Call
) -> types.payments.StarsStatus:
    """What came in and went out, the newest first unless asked otherwise."""
    peer = _whose(call, request.peer)
    entries = [] if request.ton else list(call.world.ledger.entries(peer))
    if request.inbound != request.outbound:
        entries = [one for one in entries if (one.amount > 0) == bool(request.inbound)]
    if request.subscription_id is not None:
        found = call.world.ledger.subscriptions.get(request.subscription_id)
        charges = found.charges if found is not None else []
        entries = [one for one in entries if one.id in charges]
    if not request.ascending:
        entries.reverse()
    page, following = page_from(entries, request.offset, request.limit)
    return _status(call, peer, page, following)


@serves(functions.payments.GetStarsTransactionsByIDRequest, who="both")
def get_stars_transactions_by_id(
    request: functions.payments.GetStarsTransactionsByIDRequest, call: Call
) -> types.payments.StarsStatus:
    """Chosen ones."""
    peer = _whose(call, request.peer)
    wanted = {(one.id, bool(one.refund)) for one in request.id}
    found = [one for one in call.world.ledger.entries(peer) if (one.id, one.refund) in wanted]
    if not found:
        raise RpcFault(400, "TRANSACTION_ID_INVALID")
    return _status(call, peer, found)


# -- prices ----------------------------------------------------------------------------------------------------------


@serves(functions.payments.GetStarsTopupOptionsRequest, who="both")
def get_stars_topup_options(
    request: functions.payments.GetStarsTopupOptionsRequest, call: Call
) -> list[types.StarsTopupOption]:
    """What stars cost; nobody has to pay for them here."""
    return [types.StarsTopupOption(stars, "USD", price, extended=stars > 1000) for stars, price in _OPTIONS]


@serves(functions.payments.GetStarsGiftOptionsRequest, who="both")
def get_stars_gift_options(
    request: functions.payments.GetStarsGiftOptionsRequest, call: Call
) -> list[types.StarsGiftOption]:
    """What stars cost for somebody else."""
    if request.user_id is not None and call.user(request.user_id).bot is not None:
        raise RpcFault(400, "USER_GIFT_UNAVAILABLE")
    return [types.StarsGiftOption(stars, "USD", price, extended=stars > 1000) for stars, price in _OPTIONS]


@serves(functions.payments.GetStarsGiveawayOptionsRequest, who="both")
def get_stars_giveaway_options(
    request: functions.payments.GetStarsGiveawayOptionsRequest, call: Call
) -> list[types.StarsGiveawayOption]:
    """What stars cost that are raffled off."""
    return [
        types.StarsGiveawayOption(
            stars,
            stars // 500,
            "USD",
            price,
            [types.StarsGiveawayWinnersOption(1, stars, default=True)],
            extended=stars > 1000,
            default=stars == 1000,
        )
        for stars, price in _OPTIONS
        if stars >= 500
    ]


@serves(functions.payments.GetStarsRevenueStatsRequest, who="both")
def get_stars_revenue_stats(
    request: functions.payments.GetStarsRevenueStatsRequest, call: Call
) -> types.payments.StarsRevenueStats:
    """What a bot or channel has earned."""
    peer = _whose(call, request.peer)
    ledger = call.world.ledger
    earned = sum(one.amount for one in ledger.entries(peer) if one.amount > 0 and not one.refund)
    amount = ledger.balance(peer)
    if request.ton:
        earned = amount = 0
    status = types.StarsRevenueStatus(
        types.StarsAmount(amount, 0), types.StarsAmount(amount, 0), types.StarsAmount(earned, 0)
    )
    graph = types.StatsGraph(types.DataJSON('{"columns":[],"types":{},"names":{},"colors":{}}'))
    return types.payments.StarsRevenueStats(graph, status, 0.013)


# -- subscriptions ---------------------------------------------------------------------------------------------------


def _subscription(call: Call, number: str, user_id: int) -> Subscription:
    found = call.world.ledger.subscriptions.get(number)
    if found is None or found.user != user_id:
        raise RpcFault(400, "SUBSCRIPTION_ID_INVALID")
    return found


@serves(functions.payments.GetStarsSubscriptionsRequest, who="both")
def get_stars_subscriptions(
    request: functions.payments.GetStarsSubscriptionsRequest, call: Call
) -> types.payments.StarsStatus:
    """What the account has subscribed to."""
    peer = _whose(call, request.peer)
    balance = call.world.ledger.balance(peer)
    found = [one for one in call.world.ledger.subscriptions.values() if one.user == peer]
    if request.missing_balance:
        found = [one for one in found if one.amount > balance]
    users, chats = call.split({peer, *(one.bot for one in found)})
    return types.payments.StarsStatus(
        types.StarsAmount(balance, 0),
        chats,
        users,
        subscriptions=[one.tl(balance) for one in found],
        subscriptions_missing_balance=sum(one.amount for one in found if one.amount > balance) or None,
    )


@serves(functions.payments.ChangeStarsSubscriptionRequest, who="both")
def change_stars_subscription(request: functions.payments.ChangeStarsSubscriptionRequest, call: Call) -> bool:
    """Do not pay for something again, or do."""
    found = _subscription(call, request.subscription_id, _whose(call, request.peer))
    if request.canceled is not None:
        found.canceled = request.canceled
    return True


@serves(functions.payments.FulfillStarsSubscriptionRequest, who="both")
def fulfill_stars_subscription(request: functions.payments.FulfillStarsSubscriptionRequest, call: Call) -> bool:
    """Pay for it again after it ran out."""
    found = _subscription(call, request.subscription_id, _whose(call, request.peer))
    if found.until > call.now:
        raise RpcFault(400, "SUBSCRIPTION_NOT_MODIFIED")
    charge = call.world.ledger.move(
        call.delivery, found.user, found.bot, found.amount, title=found.title, payload=found.payload
    )
    found.charges.append(charge)
    found.until = call.now + found.period
    return True


@serves(functions.payments.BotCancelStarsSubscriptionRequest, who="both")
def bot_cancel_stars_subscription(request: functions.payments.BotCancelStarsSubscriptionRequest, call: Call) -> bool:
    """Let somebody's subscription to the bot end, or go on."""
    if call.me.bot is None:
        raise RpcFault(400, "USER_BOT_REQUIRED")
    user = call.user(request.user_id)
    own = [one for one in call.world.ledger.subscriptions.values() if (one.user, one.bot) == (user.id, call.my_id)]
    found = next((one for one in own if request.charge_id in one.charges), None)
    if found is None:
        raise RpcFault(400, "CHARGE_ID_INVALID")
    canceled = found.bot_canceled = not request.restore
    payload = found.payload
    tell_bot(
        call.delivery,
        call.me,
        lambda qts: types.UpdateBotStarsSubscription(user.id, payload, qts, canceled=canceled, restored=not canceled),
        (user.id,),
    )
    return True
