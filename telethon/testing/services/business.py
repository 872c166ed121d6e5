"""account: bots that are connected to the account of a user, whose chats they see.

Source: https://core.telegram.org/api/bots/connected-business-bots
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.testing.services._service import serves
from telethon.testing.world.botnews import tell_bot
from telethon.testing.world.business import Connection
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon.testing._call import Call


@serves(functions.account.UpdateConnectedBotRequest, who="both")
def update_connected_bot(request: functions.account.UpdateConnectedBotRequest, call: Call) -> types.TypeUpdates:
    """Connect a bot to the account, or end that."""
    bot = call.user(request.bot)
    if bot.bot is None:
        raise RpcFault(400, "BOT_INVALID")
    business = call.world.business
    known = business.of_user(call.my_id)
    if request.deleted:
        if known is None or known.bot != bot.id:
            raise RpcFault(400, "BOT_NOT_CONNECTED_YET")
        business.end(known)
        connection, disabled = known, True
    else:
        if known is not None:
            business.end(known)
        rights = request.rights or types.BusinessBotRights(reply=True, read_messages=True)
        connection = Connection(f"business{call.world.new_id():x}", call.my_id, bot.id, call.now, rights)
        business.begin(connection)
        disabled = False
    tell_bot(
        call.delivery,
        bot,
        lambda qts: types.UpdateBotBusinessConnect(connection.tl(call.me.dc_id, disabled), qts),
        (call.my_id,),
    )
    return call.updates()


@serves(functions.account.GetBotBusinessConnectionRequest, who="both")
def get_bot_business_connection(
    request: functions.account.GetBotBusinessConnectionRequest, call: Call
) -> types.TypeUpdates:
    """What a connection is."""
    connection = call.world.business.get(request.connection_id)
    if connection is None or connection.bot != call.my_id:
        raise RpcFault(400, "CONNECTION_ID_INVALID")
    user = call.world.accounts[connection.user]
    update = types.UpdateBotBusinessConnect(connection.tl(user.dc_id, False), call.me.mailbox.qts)
    return call.updates([update], [user.id])
