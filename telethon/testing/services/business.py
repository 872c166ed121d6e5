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


def _recipients(call: Call, given: types.TypeInputBusinessBotRecipients) -> types.BusinessBotRecipients:
    return types.BusinessBotRecipients(
        existing_chats=given.existing_chats,
        new_chats=given.new_chats,
        contacts=given.contacts,
        non_contacts=given.non_contacts,
        exclude_selected=given.exclude_selected,
        users=[call.user(user).id for user in given.users or ()] or None,
        exclude_users=[call.user(user).id for user in given.exclude_users or ()] or None,
    )


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
        connection.recipients = _recipients(call, request.recipients)
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


@serves(functions.account.GetConnectedBotsRequest, who="both")
def get_connected_bots(request: functions.account.GetConnectedBotsRequest, call: Call) -> types.account.ConnectedBots:
    """The bot that is connected to the account, if there is one."""
    connection = call.world.business.of_user(call.my_id)
    if connection is None:
        return types.account.ConnectedBots([], [])
    users, _ = call.split([connection.bot])
    recipients = connection.recipients or types.BusinessBotRecipients(existing_chats=True, new_chats=True)
    shown = types.ConnectedBot(connection.bot, recipients, connection.rights, date=connection.date)
    return types.account.ConnectedBots([shown], users)


def _connected(call: Call, peer: types.TypeInputPeer) -> tuple[Connection, int]:
    chat = call.peer(peer)
    connection = call.world.business.of_user(call.my_id)
    if connection is None:
        raise RpcFault(400, "BOT_NOT_CONNECTED_YET")
    if chat not in call.world.accounts or chat == connection.bot:
        raise RpcFault(400, "BUSINESS_PEER_INVALID")
    return connection, chat


@serves(functions.account.ToggleConnectedBotPausedRequest, who="both")
def toggle_connected_bot_paused(request: functions.account.ToggleConnectedBotPausedRequest, call: Call) -> bool:
    """Keep the bot out of a chat for a while, or let it go on."""
    connection, chat = _connected(call, request.peer)
    (connection.paused.add if request.paused else connection.paused.discard)(chat)
    return True


@serves(functions.account.DisablePeerConnectedBotRequest, who="both")
def disable_peer_connected_bot(request: functions.account.DisablePeerConnectedBotRequest, call: Call) -> bool:
    """Keep the bot out of a chat for good."""
    connection, chat = _connected(call, request.peer)
    connection.excluded.add(chat)
    return True
