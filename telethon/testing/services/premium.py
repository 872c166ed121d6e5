"""premium: boosts of channels.

Source: https://core.telegram.org/api/boost
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.testing.services._service import serves
from telethon.testing.world.botnews import tell_boost
from telethon.testing.world.records import Channel
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon.testing._call import Call

_MONTH = 30 * 24 * 3600


@serves(functions.premium.ApplyBoostRequest, who="both")
def apply_boost(request: functions.premium.ApplyBoostRequest, call: Call) -> types.premium.MyBoosts:
    """Boost a channel."""
    room = call.room(call.peer(request.peer))
    if not isinstance(room, Channel):
        raise RpcFault(400, "PEER_ID_INVALID")
    if not call.me.premium:
        raise RpcFault(403, "PREMIUM_ACCOUNT_REQUIRED")
    if call.my_id in room.boosts:
        raise RpcFault(400, "BOOST_NOT_MODIFIED")
    boost = types.Boost(f"{call.world.new_id():x}", call.now, call.now + _MONTH, user_id=call.my_id)
    room.boosts[call.my_id] = boost
    tell_boost(call.world, call.delivery, room, boost)
    users, chats = call.split([room.peer])
    slot = types.MyBoost(1, call.now, call.now + _MONTH, peer=types.PeerChannel(room.id))
    return types.premium.MyBoosts([slot], chats, users)
