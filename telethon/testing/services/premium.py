"""premium: boosts of channels.

Source: https://core.telegram.org/api/boost
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.testing.services._paging import page_from
from telethon.testing.services._service import serves
from telethon.testing.world.botnews import tell_boost
from telethon.testing.world.peerids import bare_id
from telethon.testing.world.records import Channel
from telethon.testing.world.rights import unix
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon.testing._call import Call

_MONTH = 30 * 24 * 3600
_SLOT = 1
_PAGE = 100


def _channel(call: Call, peer: types.TypeInputPeer) -> Channel:
    room = call.room(call.peer(peer))
    if not isinstance(room, Channel):
        raise RpcFault(400, "PEER_ID_INVALID")
    return room


def _led(call: Call, peer: types.TypeInputPeer) -> Channel:
    channel = _channel(call, peer)
    member = channel.members.get(call.my_id)
    if channel.creator != call.my_id and (member is None or not member.present or member.admin is None):
        raise RpcFault(400, "CHAT_ADMIN_REQUIRED")
    return channel


def _mine(call: Call) -> types.premium.MyBoosts:
    """The boosts that the account can give, and to whom it has given them: one, when it is a premium one."""
    boosts: list[types.TypeMyBoost] = []
    peers: list[int] = []
    for channel in call.world.channels.values():
        given = channel.boosts.get(call.my_id)
        if given is not None:
            peers.append(channel.peer)
            boosts.append(
                types.MyBoost(_SLOT, unix(given.date), unix(given.expires), types.PeerChannel(bare_id(channel.peer)))
            )
    if not boosts and call.me.premium:
        boosts.append(types.MyBoost(_SLOT, call.now, call.now + _MONTH))
    users, chats = call.split(peers)
    return types.premium.MyBoosts(boosts, chats, users)


@serves(functions.premium.ApplyBoostRequest, who="both")
def apply_boost(request: functions.premium.ApplyBoostRequest, call: Call) -> types.premium.MyBoosts:
    """Boost a channel; a boost that another one had goes over to it."""
    room = _channel(call, request.peer)
    if not call.me.premium:
        raise RpcFault(403, "PREMIUM_ACCOUNT_REQUIRED")
    if request.slots and any(slot != _SLOT for slot in request.slots):
        raise RpcFault(400, "SLOTS_EMPTY")
    if call.my_id in room.boosts:
        raise RpcFault(400, "BOOST_NOT_MODIFIED")
    for other in call.world.channels.values():
        old = other.boosts.pop(call.my_id, None)
        if old is not None:
            # A boost without an end is one that is gone.
            gone = types.Boost(old.id, unix(old.date), 0, user_id=call.my_id)  # pyright: ignore[reportArgumentType]
            tell_boost(call.world, call.delivery, other, gone)
    boost = types.Boost(f"{call.world.new_id():x}", call.now, call.now + _MONTH, user_id=call.my_id)
    room.boosts[call.my_id] = boost
    tell_boost(call.world, call.delivery, room, boost)
    return _mine(call)


@serves(functions.premium.GetMyBoostsRequest, who="both")
def get_my_boosts(request: functions.premium.GetMyBoostsRequest, call: Call) -> types.premium.MyBoosts:
    """The boosts of the account."""
    return _mine(call)


@serves(functions.premium.GetBoostsStatusRequest, who="both")
def get_boosts_status(request: functions.premium.GetBoostsStatusRequest, call: Call) -> types.premium.BoostsStatus:
    """How far the boosts have brought a channel: each is a level."""
    channel = _channel(call, request.peer)
    count = len(channel.boosts)
    mine = call.my_id in channel.boosts
    return types.premium.BoostsStatus(
        count,
        count,
        count,
        f"https://t.me/boost/{channel.username}" if channel.username else f"https://t.me/boost?c={channel.id}",
        my_boost=mine,
        next_level_boosts=count + 1,
        my_boost_slots=[_SLOT] if mine else None,
    )


def _page(found: list[types.Boost], offset: str, limit: int, call: Call) -> types.premium.BoostsList:
    page, following = page_from(found, offset, limit)
    users, _ = call.split({one.user_id for one in page if one.user_id is not None})
    return types.premium.BoostsList(len(found), [*page], users, following)


@serves(functions.premium.GetBoostsListRequest, who="both")
def get_boosts_list(request: functions.premium.GetBoostsListRequest, call: Call) -> types.premium.BoostsList:
    """Who boosts a channel."""
    channel = _led(call, request.peer)
    found = [one for one in channel.boosts.values() if not request.gifts or one.gift]
    return _page(found, request.offset, request.limit, call)


@serves(functions.premium.GetUserBoostsRequest, who="both")
def get_user_boosts(request: functions.premium.GetUserBoostsRequest, call: Call) -> types.premium.BoostsList:
    """Whether somebody does."""
    channel = _led(call, request.peer)
    boost = channel.boosts.get(call.user(request.user_id).id)
    return _page([boost] if boost is not None else [], "", _PAGE, call)
