"""payments: what one does with gifts one has - showing, pinning, changing them into stars, putting them together.

Source: https://core.telegram.org/api/gifts#collections
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.testing.services._service import serves
from telethon.testing.services.star_gifts import own_gift
from telethon.testing.world.gifts import Collection, SavedGift
from telethon.testing.world.peerids import is_user
from telethon.testing.world.rights import check_admin
from telethon.tl import functions, types

if TYPE_CHECKING:
    from collections.abc import Iterable

    from telethon.testing._call import Call

_MAX_PINNED = 6
_CONVERTIBLE = 90 * 86_400


def _own_peer(call: Call, given: types.TypeInputPeer) -> int:
    """The account itself, or a channel that it leads."""
    peer = call.peer(given)
    if is_user(peer):
        if peer != call.my_id:
            raise RpcFault(400, "PEER_ID_INVALID")
    else:
        check_admin(call.room(peer), call.my_id, "post_messages")
    return peer


@serves(functions.payments.SaveStarGiftRequest, who="both")
def save_star_gift(request: functions.payments.SaveStarGiftRequest, call: Call) -> bool:
    """Show a gift in the profile, or hide it."""
    own_gift(call, request.stargift).hidden = bool(request.unsave)
    return True


@serves(functions.payments.ConvertStarGiftRequest, who="both")
def convert_star_gift(request: functions.payments.ConvertStarGiftRequest, call: Call) -> bool:
    """Give a gift away for stars."""
    saved = own_gift(call, request.stargift)
    if saved.unique is not None:
        raise RpcFault(400, "STARGIFT_ALREADY_UPGRADED")
    if call.now - saved.date > _CONVERTIBLE:
        raise RpcFault(400, "STARGIFT_CONVERT_TOO_OLD")
    del call.world.gifts.saved[saved.number]
    for collection in call.world.gifts.collections.get(saved.owner, {}).values():
        if saved in collection.gifts:
            collection.gifts.remove(saved)
    call.world.ledger.give(saved.owner, saved.gift.convert)
    if is_user(saved.owner):
        balance = types.StarsAmount(call.world.ledger.balance(saved.owner), 0)
        call.delivery.note(saved.owner, types.UpdateStarsBalance(balance))
    return True


@serves(functions.payments.ToggleStarGiftsPinnedToTopRequest, who="both")
def toggle_star_gifts_pinned_to_top(request: functions.payments.ToggleStarGiftsPinnedToTopRequest, call: Call) -> bool:
    """Put gifts to the top of the profile, just those."""
    owner = _own_peer(call, request.peer)
    chosen = [own_gift(call, given) for given in request.stargift]
    if len(chosen) > _MAX_PINNED or any(one.owner != owner or one.unique is None for one in chosen):
        raise RpcFault(400, "STARGIFT_NOT_UNIQUE" if len(chosen) <= _MAX_PINNED else "LIMIT_INVALID")
    for one in call.world.gifts.of(owner):
        one.pinned = one in chosen
    return True


@serves(functions.payments.ToggleChatStarGiftNotificationsRequest, who="both")
def toggle_chat_star_gift_notifications(
    request: functions.payments.ToggleChatStarGiftNotificationsRequest, call: Call
) -> bool:
    """Whether the account is told of gifts to a channel."""
    owner = _own_peer(call, request.peer)
    told = call.world.gifts.announced.setdefault(owner, set())
    (told.add if request.enabled else told.discard)(call.my_id)
    return True


# -- collections -----------------------------------------------------------------------------------------------------


def _find(call: Call, owner: int, number: int) -> Collection:
    found = call.world.gifts.collections.get(owner, {}).get(number)
    if found is None:
        raise RpcFault(400, "COLLECTION_ID_INVALID")
    return found


def _check_title(title: str) -> str:
    if not 0 < len(title.strip()) <= 12:
        raise RpcFault(400, "TITLE_INVALID")
    return title.strip()


def _gifts(call: Call, owner: int, given: Iterable[types.TypeInputSavedStarGift]) -> list[SavedGift]:
    found = [own_gift(call, one) for one in given]
    if any(one.owner != owner for one in found):
        raise RpcFault(400, "STARGIFT_OWNER_INVALID")
    return found


@serves(functions.payments.CreateStarGiftCollectionRequest, who="both")
def create_star_gift_collection(
    request: functions.payments.CreateStarGiftCollectionRequest, call: Call
) -> types.StarGiftCollection:
    """Put gifts together."""
    owner = _own_peer(call, request.peer)
    collections = call.world.gifts.collections.setdefault(owner, {})
    number = max(collections, default=0) + 1
    gifts = _gifts(call, owner, request.stargift)
    made = collections[number] = Collection(number, _check_title(request.title), gifts)
    return made.tl()


@serves(functions.payments.UpdateStarGiftCollectionRequest, who="both")
def update_star_gift_collection(
    request: functions.payments.UpdateStarGiftCollectionRequest, call: Call
) -> types.StarGiftCollection:
    """Change a collection."""
    owner = _own_peer(call, request.peer)
    found = _find(call, owner, request.collection_id)
    if request.title is not None:
        found.title = _check_title(request.title)
    gone = _gifts(call, owner, request.delete_stargift or ())
    kept = [one for one in found.gifts if one not in gone]
    kept.extend(one for one in _gifts(call, owner, request.add_stargift or ()) if one not in kept)
    first = [one for one in _gifts(call, owner, request.order or ()) if one in kept]
    found.gifts = [*first, *(one for one in kept if one not in first)]
    return found.tl()


@serves(functions.payments.ReorderStarGiftCollectionsRequest, who="both")
def reorder_star_gift_collections(request: functions.payments.ReorderStarGiftCollectionsRequest, call: Call) -> bool:
    """Put the collections into another order."""
    owner = _own_peer(call, request.peer)
    known = call.world.gifts.collections.setdefault(owner, {})
    first = [_find(call, owner, number).id for number in request.order]
    ordered = [*first, *(number for number in known if number not in first)]
    call.world.gifts.collections[owner] = {number: known[number] for number in ordered}
    return True


@serves(functions.payments.DeleteStarGiftCollectionRequest, who="both")
def delete_star_gift_collection(request: functions.payments.DeleteStarGiftCollectionRequest, call: Call) -> bool:
    """Throw a collection away; its gifts stay."""
    owner = _own_peer(call, request.peer)
    del call.world.gifts.collections[owner][_find(call, owner, request.collection_id).id]
    return True


@serves(functions.payments.GetStarGiftCollectionsRequest, who="both")
def get_star_gift_collections(
    request: functions.payments.GetStarGiftCollectionsRequest, call: Call
) -> types.payments._TypeStarGiftCollections:
    """The collections of somebody."""
    shown = [one.tl() for one in call.world.gifts.collections.get(call.peer(request.peer), {}).values()]
    value = sum(one.hash for one in shown) & 0x7FFFFFFFFFFFFFFF
    if request.hash and request.hash == value:
        return types.payments.StarGiftCollectionsNotModified()
    return types.payments.StarGiftCollections([*shown])
