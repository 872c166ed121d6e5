"""messages: what bots let people send from their web applications.

Source: https://core.telegram.org/api/bots/inline
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.testing.services._service import serves
from telethon.testing.services.inline import content, inline_number, shown_message, shown_result
from telethon.testing.world import post
from telethon.testing.world.letters import Draft
from telethon.testing.world.peerids import is_group, is_user
from telethon.testing.world.queries import InlineMessage, Prepared, Query
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon.testing._call import Call
    from telethon.testing.world.letters import Letter

_LIFE = 600


@serves(functions.messages.SendWebViewResultMessageRequest, who="both")
def send_web_view_result_message(
    request: functions.messages.SendWebViewResultMessageRequest, call: Call
) -> types.WebViewMessageSent:
    """Let the one who has a page open send something, into the chat where it was opened."""
    world = call.world
    number = int(request.bot_query_id) if request.bot_query_id.isdecimal() else 0
    query = world.queries.web.get(number)
    if query is None or query.bot != call.my_id or query.expires < call.now:
        raise RpcFault(400, "QUERY_ID_INVALID")
    message = shown_message(call, request.result.send_message)
    media, text, entities = content(call, request.result, message, call.my_id)
    inline = world.new_id() if message.reply_markup is not None else None
    draft = Draft(text, entities, media, message.reply_markup, via_bot=call.my_id, inline_id=inline)
    user = world.accounts[query.user]
    letter = post.send(world, call.delivery, user, query.peer, draft)
    del world.queries.web[number]
    call.delivery.note(user.id, types.UpdateWebViewResultSent(query.id))
    if inline is None:
        return types.WebViewMessageSent()
    known = InlineMessage(inline, world.new_id(), user.dc_id, call.my_id, letter)
    world.queries.inline_messages[inline] = known
    return types.WebViewMessageSent(inline_number(known))


@serves(functions.messages.SavePreparedInlineMessageRequest, who="both")
def save_prepared_inline_message(
    request: functions.messages.SavePreparedInlineMessageRequest, call: Call
) -> types.messages.BotPreparedInlineMessage:
    """Prepare something for somebody to send, into a chat of its choice."""
    if call.me.bot is None:
        raise RpcFault(400, "USER_BOT_REQUIRED")
    user = call.user(request.user_id)
    if not 0 < len(request.result.id.encode()) <= 64:
        raise RpcFault(400, "RESULT_ID_INVALID")
    message = shown_message(call, request.result.send_message)
    shown = shown_result(call, request.result, message)
    code = call.world.rand(12).hex()
    made = Prepared(
        call.my_id, user.id, request.result, message, shown, list(request.peer_types or ()), call.now + _LIFE
    )
    call.world.queries.prepared[code] = made
    return types.messages.BotPreparedInlineMessage(code, made.expires)


@serves(functions.messages.GetPreparedInlineMessageRequest, who="both")
def get_prepared_inline_message(
    request: functions.messages.GetPreparedInlineMessageRequest, call: Call
) -> types.messages.PreparedInlineMessage:
    """What a bot has prepared; it is sent like any result of an inline query."""
    bot = call.user(request.bot)
    found = call.world.queries.prepared.get(request.id)
    if found is None or (found.bot, found.user) != (bot.id, call.my_id) or found.expires < call.now:
        raise RpcFault(400, "ID_INVALID")
    queries = call.world.queries
    query = Query(call.world.new_id(), bot.id, call.my_id, queries.answered())
    queries.results[query.id] = (query, None, {found.result.id: (found.result, found.message)})
    users, _ = call.split([bot.id])
    return types.messages.PreparedInlineMessage(query.id, found.shown, found.peer_types, 0, users)


# -- buttons that ask for chats --------------------------------------------------------------------------------------


def _asked(letter: Letter, button_id: int) -> bool:
    markup = letter.markup
    for row in markup.rows if isinstance(markup, types.ReplyKeyboardMarkup) else ():
        for button in row.buttons:
            if getattr(button.type, "button_id", None) == button_id:
                return True
    return False


@serves(functions.messages.SendBotRequestedPeerRequest, who="both")
def send_bot_requested_peer(request: functions.messages.SendBotRequestedPeerRequest, call: Call) -> types.TypeUpdates:
    """Give a bot the people or chats that a key of its keyboard asks for."""
    peer = call.peer(request.peer)
    if not is_user(peer) or call.world.accounts[peer].bot is None:
        raise RpcFault(400, "BOT_INVALID")
    if request.msg_id is not None and not _asked(call.letter(peer, request.msg_id), request.button_id):
        raise RpcFault(400, "BUTTON_INVALID")
    chosen = [call.peer(one) for one in request.requested_peers]
    if not chosen:
        raise RpcFault(400, "PEER_ID_INVALID")
    shown: list[types.TypeRequestedPeer] = [_requested(call, one) for one in chosen]
    action = types.MessageActionRequestedPeerSentMe(request.button_id, shown)
    post.service(call.world, call.delivery, call.me, peer, action)
    return call.updates()


def _requested(call: Call, peer: int) -> types.TypeRequestedPeer:
    if is_user(peer):
        account = call.world.accounts[peer]
        return types.RequestedPeerUser(peer, account.first_name, account.last_name, account.username)
    room = call.room(peer)
    if is_group(peer):
        return types.RequestedPeerChat(room.id, room.title)
    return types.RequestedPeerChannel(room.id, room.title, getattr(room, "username", None))


@serves(functions.bots.RequestWebViewButtonRequest, who="both")
def request_web_view_button(
    request: functions.bots.RequestWebViewButtonRequest, call: Call
) -> types.bots.RequestedButton:
    """Prepare such a key, for a page of the bot."""
    if call.me.bot is None:
        raise RpcFault(400, "USER_BOT_REQUIRED")
    code = call.world.rand(12).hex()
    call.world.queries.buttons[code] = (call.my_id, call.user(request.user_id).id, request.button)
    return types.bots.RequestedButton(code)


@serves(functions.bots.GetRequestedWebViewButtonRequest, who="both")
def get_requested_web_view_button(
    request: functions.bots.GetRequestedWebViewButtonRequest, call: Call
) -> types.TypeKeyboardButton:
    """The key that was prepared."""
    found = call.world.queries.buttons.get(request.webapp_req_id)
    if found is None or found[:2] != (call.user(request.bot).id, call.my_id):
        raise RpcFault(400, "ID_INVALID")
    button: types.TypeKeyboardButton = found[2]
    return button
