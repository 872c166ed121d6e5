"""payments: gifts that are bought with stars.

Source: https://core.telegram.org/api/gifts
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.testing.services._paging import page_from
from telethon.testing.services._service import serves
from telethon.testing.services.account import tell_acquaintances
from telethon.testing.world import post
from telethon.testing.world.gifts import Gift, SavedGift, UniqueGift
from telethon.testing.world.peerids import as_peer, is_user
from telethon.testing.world.records import Channel
from telethon.testing.world.rights import has_right
from telethon.tl import functions, types

if TYPE_CHECKING:
    from collections.abc import Iterable

    from telethon.testing._call import Call

__all__ = ["PREMIUM_STARS", "buy", "find_saved", "own_gift", "price_of"]


GiftInvoice = (
    types.InputInvoiceStarGift
    | types.InputInvoiceStarGiftUpgrade
    | types.InputInvoiceStarGiftTransfer
    | types.InputInvoiceStarGiftResale
    | types.InputInvoicePremiumGiftStars
)

PREMIUM_STARS = {3: 1000, 6: 1500, 12: 2500}
"""How many stars a premium account costs, by months."""


def _offered(call: Call, number: int) -> Gift:
    gift = call.world.gifts.offered.get(number)
    if gift is None:
        raise RpcFault(400, "STARGIFT_INVALID")
    return gift


def find_saved(call: Call, given: types.TypeInputSavedStarGift) -> SavedGift:
    """A gift that somebody has.

    Raises:
        RpcFault: STARGIFT_NOT_FOUND.
    """
    saved = call.world.gifts.saved
    if isinstance(given, types.InputSavedStarGiftUser):
        found = [one for one in saved.values() if (one.owner, one.msg_id) == (call.my_id, given.msg_id)]
    elif isinstance(given, types.InputSavedStarGiftChat):
        owner = call.peer(given.peer)
        found = [one for one in saved.values() if (one.owner, one.number) == (owner, given.saved_id)]
    else:
        found = [one for one in saved.values() if one.unique is not None and one.unique.slug == given.slug]
    if not found:
        raise RpcFault(400, "STARGIFT_NOT_FOUND")
    return found[0]


def _manages(call: Call, owner: int) -> bool:
    if is_user(owner):
        return owner == call.my_id
    room = call.room(owner)
    return isinstance(room, Channel) and has_right(room, call.my_id, "post_messages")


def own_gift(call: Call, given: types.TypeInputSavedStarGift) -> SavedGift:
    """A gift of the account, or of a channel that it leads.

    Raises:
        RpcFault: STARGIFT_NOT_FOUND or STARGIFT_OWNER_INVALID.
    """
    found = find_saved(call, given)
    if not _manages(call, found.owner):
        raise RpcFault(400, "STARGIFT_OWNER_INVALID")
    return found


# -- buying ----------------------------------------------------------------------------------------------------------


def price_of(call: Call, invoice: GiftInvoice) -> int:
    """How many stars something around gifts costs.

    Raises:
        RpcFault: it cannot be had.
    """
    if isinstance(invoice, types.InputInvoiceStarGift):
        gift = _offered(call, invoice.gift_id)
        if gift.left == 0:
            raise RpcFault(400, "STARGIFT_USAGE_LIMITED")
        if invoice.include_upgrade and not gift.upgrade:
            raise RpcFault(400, "STARGIFT_UPGRADE_UNAVAILABLE")
        return gift.stars + (gift.upgrade if invoice.include_upgrade else 0)
    if isinstance(invoice, types.InputInvoiceStarGiftUpgrade):
        saved = own_gift(call, invoice.stargift)
        if saved.unique is not None:
            raise RpcFault(400, "STARGIFT_ALREADY_UPGRADED")
        if not saved.gift.upgrade:
            raise RpcFault(400, "STARGIFT_UPGRADE_UNAVAILABLE")
        return 0 if saved.upgrade_paid else saved.gift.upgrade
    if isinstance(invoice, types.InputInvoiceStarGiftTransfer):
        _transferable(call, invoice.stargift)
        # To hand a gift on costs nothing here, which clients are told by `transfer_stars`.
        raise RpcFault(400, "NO_PAYMENT_NEEDED")
    if isinstance(invoice, types.InputInvoicePremiumGiftStars):
        if invoice.months not in PREMIUM_STARS:
            raise RpcFault(400, "GIFT_MONTHS_INVALID")
        if call.user(invoice.user_id).bot is not None:
            raise RpcFault(400, "USER_GIFT_UNAVAILABLE")
        return PREMIUM_STARS[invoice.months]
    unique = call.world.gifts.unique.get(invoice.slug)
    if unique is None or unique.price is None:
        raise RpcFault(400, "STARGIFT_NOT_FOUND")
    return unique.price


def buy(call: Call, invoice: GiftInvoice) -> None:
    """Pay for something around gifts, and do it.

    Raises:
        RpcFault: it cannot be had, or there are too few stars.
    """
    price = price_of(call, invoice)
    if isinstance(invoice, types.InputInvoiceStarGift):
        _send(call, invoice, price)
    elif isinstance(invoice, types.InputInvoiceStarGiftUpgrade):
        saved = own_gift(call, invoice.stargift)
        call.world.ledger.move(call.delivery, call.my_id, 0, price, title="Upgrade", gift=saved.gift.tl())
        _upgrade(call, saved)
    elif isinstance(invoice, types.InputInvoiceStarGiftResale):
        _resell(call, invoice, price)
    elif isinstance(invoice, types.InputInvoicePremiumGiftStars):
        _give_premium(call, invoice, price)


def _give_premium(call: Call, invoice: types.InputInvoicePremiumGiftStars, price: int) -> None:
    other = call.user(invoice.user_id)
    call.world.ledger.move(call.delivery, call.my_id, 0, price, title="Premium")
    other.premium = True
    action = types.MessageActionGiftPremium("XTR", price, invoice.months * 30, message=invoice.message)
    post.service(call.world, call.delivery, call.me, other.id, action)
    tell_acquaintances(call, types.UpdateUser(other.id))


def _send(call: Call, invoice: types.InputInvoiceStarGift, price: int) -> None:
    gift, owner = _offered(call, invoice.gift_id), call.peer(invoice.peer)
    if is_user(owner) and call.my_id in call.world.accounts[owner].blocked:
        raise RpcFault(403, "USER_IS_BLOCKED")
    call.world.ledger.move(call.delivery, call.my_id, 0, price, title=gift.title, gift=gift.tl())
    gift.sold += 1
    gift.sales.append(call.now)
    number = call.world.new_id() >> 16
    saved = SavedGift(
        number,
        owner,
        call.my_id,
        call.now,
        gift,
        invoice.message,
        name_hidden=bool(invoice.hide_name),
        upgrade_paid=bool(invoice.include_upgrade),
    )
    call.world.gifts.saved[number] = saved
    if is_user(owner):
        action = types.MessageActionStarGift(
            gift.tl(),
            name_hidden=saved.name_hidden,
            saved=True,
            can_upgrade=bool(gift.upgrade),
            message=saved.message,
            convert_stars=gift.convert,
            upgrade_stars=gift.upgrade if saved.upgrade_paid else None,
            from_id=as_peer(call.my_id),
        )
        letter = post.service(call.world, call.delivery, call.me, owner, action)
        saved.msg_id = letter.copies[owner]


def _tell_unique(call: Call, saved: SavedGift, giver: int, *, upgrade: bool = False) -> None:
    """Let both ends know of a gift that there is only one of."""
    if saved.unique is None or not is_user(saved.owner):
        return
    action = types.MessageActionStarGiftUnique(
        saved.unique.tl(),
        upgrade=upgrade,
        transferred=not upgrade,
        saved=True,
        from_id=as_peer(giver),
        transfer_stars=0,
    )
    writer = call.world.accounts[giver]
    letter = post.service(call.world, call.delivery, writer, saved.owner, action)
    saved.msg_id = letter.copies[saved.owner]


def _upgrade(call: Call, saved: SavedGift) -> UniqueGift:
    gift = saved.gift
    gift.issued += 1
    slug = f"{''.join(one for one in gift.title if one.isalnum())}-{gift.issued}"
    made = UniqueGift(call.world.new_id(), gift, gift.issued, slug, saved.owner)
    saved.unique = call.world.gifts.unique[slug] = made
    _tell_unique(call, saved, call.my_id, upgrade=True)
    return made


@serves(functions.payments.UpgradeStarGiftRequest, who="both")
def upgrade_star_gift(request: functions.payments.UpgradeStarGiftRequest, call: Call) -> types.TypeUpdates:
    """Make a gift the only one of its kind, when that is paid for already."""
    saved = own_gift(call, request.stargift)
    if price_of(call, types.InputInvoiceStarGiftUpgrade(request.stargift)):
        raise RpcFault(400, "PAYMENT_REQUIRED")
    _upgrade(call, saved)
    return call.updates()


def _transferable(call: Call, given: types.TypeInputSavedStarGift) -> SavedGift:
    saved = own_gift(call, given)
    if saved.unique is None:
        raise RpcFault(400, "STARGIFT_NOT_UNIQUE")
    return saved


def _hand_on(call: Call, saved: SavedGift, owner: int, giver: int) -> None:
    for collection in call.world.gifts.collections.get(saved.owner, {}).values():
        if saved in collection.gifts:
            collection.gifts.remove(saved)
    saved.owner, saved.giver, saved.date = owner, giver, call.now
    saved.pinned = saved.hidden = False
    saved.msg_id = 0
    if saved.unique is not None:
        saved.unique.owner, saved.unique.price = owner, None


@serves(functions.payments.TransferStarGiftRequest, who="both")
def transfer_star_gift(request: functions.payments.TransferStarGiftRequest, call: Call) -> types.TypeUpdates:
    """Hand a gift on."""
    saved = _transferable(call, request.stargift)
    owner = call.peer(request.to_id)
    if owner == saved.owner:
        raise RpcFault(400, "PEER_ID_INVALID")
    _hand_on(call, saved, owner, call.my_id)
    _tell_unique(call, saved, call.my_id)
    return call.updates()


def _resell(call: Call, invoice: types.InputInvoiceStarGiftResale, price: int) -> None:
    unique = call.world.gifts.unique[invoice.slug]
    saved = next(one for one in call.world.gifts.saved.values() if one.unique is unique)
    seller, owner = unique.owner, call.peer(invoice.to_id)
    call.world.ledger.move(call.delivery, call.my_id, seller, price, title=unique.gift.title, gift=unique.tl())
    _hand_on(call, saved, owner, seller)
    _tell_unique(call, saved, call.my_id if owner != call.my_id else seller)


@serves(functions.payments.UpdateStarGiftPriceRequest, who="both")
def update_star_gift_price(request: functions.payments.UpdateStarGiftPriceRequest, call: Call) -> types.TypeUpdates:
    """Offer a gift to everybody, or no longer."""
    saved = _transferable(call, request.stargift)
    amount = request.resell_amount
    if not isinstance(amount, types.StarsAmount) or not 0 <= amount.amount <= 100_000:
        raise RpcFault(400, "STARS_AMOUNT_INVALID")
    if saved.unique is not None:
        saved.unique.price = amount.amount or None
    return call.updates()


# -- looking ---------------------------------------------------------------------------------------------------------


@serves(functions.payments.GetStarGiftsRequest, who="both")
def get_star_gifts(request: functions.payments.GetStarGiftsRequest, call: Call) -> types.payments._TypeStarGifts:
    """What there is to buy."""
    offered = call.world.gifts.offered
    value = sum(number + (one.left or 0) for number, one in offered.items()) & 0x7FFFFFFF
    if request.hash and request.hash == value:
        return types.payments.StarGiftsNotModified()
    return types.payments.StarGifts(value, [one.tl() for one in offered.values()], [], [])


@serves(functions.payments.CheckCanSendGiftRequest, who="both")
def check_can_send_gift(
    request: functions.payments.CheckCanSendGiftRequest, call: Call
) -> types.payments._TypeCheckCanSendGiftResult:
    """Whether a gift can be bought now."""
    if _offered(call, request.gift_id).left == 0:
        return types.payments.CheckCanSendGiftResultFail(types.TextWithEntities("This gift is sold out.", []))
    return types.payments.CheckCanSendGiftResultOk()


def several(
    call: Call, found: Iterable[SavedGift], count: int, following: str | None = None, told: bool | None = None
) -> types.payments.SavedStarGifts:
    """Gifts as the answer.

    Args:
        call: the request.
        found: which.
        count: how many there are in all.
        following: where the next page begins.
        told: whether the account is told of gifts to that channel.
    """
    chosen = list(found)
    shown: list[types.TypeSavedStarGift] = [call.world.gifts.shown(one, call.my_id) for one in chosen]
    peers = {one.owner for one in chosen}
    peers.update(one.giver for one in chosen if one.giver is not None and not one.name_hidden)
    users, chats = call.split(peers)
    return types.payments.SavedStarGifts(
        count, shown, chats, users, chat_notifications_enabled=told, next_offset=following
    )


def _wanted(request: functions.payments.GetSavedStarGiftsRequest, one: SavedGift) -> bool:
    limited, unique = one.gift.total is not None, one.unique is not None
    upgradable = not unique and bool(one.gift.upgrade)
    return not (
        (request.exclude_unsaved and one.hidden)
        or (request.exclude_saved and not one.hidden)
        or (request.exclude_unlimited and not limited and not unique)
        or (request.exclude_unique and unique)
        or (request.exclude_upgradable and upgradable)
        or (request.exclude_unupgradable and not upgradable and not unique)
    )


@serves(functions.payments.GetSavedStarGiftsRequest, who="both")
def get_saved_star_gifts(
    request: functions.payments.GetSavedStarGiftsRequest, call: Call
) -> types.payments.SavedStarGifts:
    """The gifts that somebody has; what is hidden only the owner sees."""
    owner, gifts = call.peer(request.peer), call.world.gifts
    mine = _manages(call, owner)
    found = [one for one in gifts.of(owner) if _wanted(request, one) and (mine or not one.hidden)]
    if request.collection_id is not None:
        collection = gifts.collections.get(owner, {}).get(request.collection_id)
        if collection is None:
            raise RpcFault(400, "COLLECTION_ID_INVALID")
        found = [one for one in collection.gifts if one in found]
    if request.sort_by_value:
        found.sort(key=lambda one: -one.gift.stars)
    page, following = page_from(found, request.offset, request.limit)
    told = call.my_id in gifts.announced.get(owner, ()) if mine and not is_user(owner) else None
    return several(call, page, len(found), following, told)


@serves(functions.payments.GetSavedStarGiftRequest, who="both")
def get_saved_star_gift(
    request: functions.payments.GetSavedStarGiftRequest, call: Call
) -> types.payments.SavedStarGifts:
    """Chosen ones."""
    found = [find_saved(call, given) for given in request.stargift]
    return several(call, found, len(found))


@serves(functions.payments.GetUniqueStarGiftRequest, who="both")
def get_unique_star_gift(
    request: functions.payments.GetUniqueStarGiftRequest, call: Call
) -> types.payments.UniqueStarGift:
    """The gift behind a link."""
    found = call.world.gifts.unique.get(request.slug)
    if found is None:
        raise RpcFault(400, "STARGIFT_SLUG_INVALID")
    users, chats = call.split([found.owner])
    return types.payments.UniqueStarGift(found.tl(), chats, users)


@serves(functions.payments.GetResaleStarGiftsRequest, who="both")
def get_resale_star_gifts(
    request: functions.payments.GetResaleStarGiftsRequest, call: Call
) -> types.payments.ResaleStarGifts:
    """Gifts that their owners would sell."""
    _offered(call, request.gift_id)
    found = [
        one for one in call.world.gifts.unique.values() if one.gift.id == request.gift_id and one.price is not None
    ]
    found.sort(key=lambda one: (one.price or 0) if request.sort_by_price else one.number)
    page, following = page_from(found, request.offset, request.limit)
    users, chats = call.split({one.owner for one in page})
    shown: list[types.TypeStarGift] = [one.tl() for one in page]
    return types.payments.ResaleStarGifts(len(found), shown, chats, users, next_offset=following)


@serves(functions.payments.GetStarGiftUpgradePreviewRequest, who="both")
def get_star_gift_upgrade_preview(
    request: functions.payments.GetStarGiftUpgradePreviewRequest, call: Call
) -> types.payments.StarGiftUpgradePreview:
    """What a gift might look like when it is the only one of its kind."""
    gift = _offered(call, request.gift_id)
    if not gift.upgrade:
        raise RpcFault(400, "STARGIFT_UPGRADE_UNAVAILABLE")
    samples = [one for number in range(1, 4) for one in gift.attributes(number)]
    price = types.StarGiftUpgradePrice(call.now, gift.upgrade)
    return types.payments.StarGiftUpgradePreview(samples, [price], [])


@serves(functions.payments.GetStarGiftUpgradeAttributesRequest, who="both")
def get_star_gift_upgrade_attributes(
    request: functions.payments.GetStarGiftUpgradeAttributesRequest, call: Call
) -> types.payments.StarGiftUpgradeAttributes:
    """All that it could look like."""
    gift = _offered(call, request.gift_id)
    if not gift.upgrade:
        raise RpcFault(400, "STARGIFT_UPGRADE_UNAVAILABLE")
    found: dict[str, types.TypeStarGiftAttribute] = {}
    for number in range(105):
        for one in gift.attributes(number):
            found.setdefault(getattr(one, "name", ""), one)
    return types.payments.StarGiftUpgradeAttributes(list(found.values()))


@serves(functions.payments.GetPremiumGiftCodeOptionsRequest, who="both")
def get_premium_gift_code_options(
    request: functions.payments.GetPremiumGiftCodeOptionsRequest, call: Call
) -> list[types.PremiumGiftCodeOption]:
    """What a premium account costs for somebody else."""
    if request.boost_peer is not None:
        call.room(call.peer(request.boost_peer))
    return [types.PremiumGiftCodeOption(1, months, "XTR", stars) for months, stars in PREMIUM_STARS.items()]
