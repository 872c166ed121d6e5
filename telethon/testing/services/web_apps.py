"""messages: small web applications of bots.

Source: https://core.telegram.org/api/bots/webapps
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from telethon.testing._rpc import RpcFault
from telethon.testing.services._service import serves
from telethon.testing.services.messages import sent
from telethon.testing.world import post
from telethon.testing.world.letters import Draft
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon.testing._call import Call


def _address(call: Call, bot: types.TypeInputUser, url: str | None, start: str | None, platform: str) -> str:
    """The address to open, with what tells the page who opens it; the page itself is never fetched."""
    account = call.user(bot)
    if account.bot is None:
        raise RpcFault(400, "BOT_INVALID")
    if not url and start is None:
        raise RpcFault(400, "URL_INVALID")
    where = url or f"https://webapp.invalid/{account.username}?startapp={quote(start or '')}"
    if not where.startswith("https://"):
        raise RpcFault(400, "URL_INVALID")
    data = quote(f'user={{"id":{call.my_id}}}&auth_date={call.now}')
    return f"{where}#tgWebAppData={data}&tgWebAppVersion=9.0&tgWebAppPlatform={quote(platform)}"


@serves(functions.messages.RequestWebViewRequest)
def request_web_view(request: functions.messages.RequestWebViewRequest, call: Call) -> types.WebViewResultUrl:
    """Open a page of a bot in a chat."""
    call.peer(request.peer)
    address = _address(call, request.bot, request.url, request.start_param, request.platform)
    return types.WebViewResultUrl(address, query_id=call.world.new_id())


@serves(functions.messages.RequestSimpleWebViewRequest)
def request_simple_web_view(
    request: functions.messages.RequestSimpleWebViewRequest, call: Call
) -> types.WebViewResultUrl:
    """Open the page behind a key of a keyboard."""
    return types.WebViewResultUrl(_address(call, request.bot, request.url, request.start_param, request.platform))


@serves(functions.messages.SendWebViewDataRequest)
def send_web_view_data(request: functions.messages.SendWebViewDataRequest, call: Call) -> types.TypeUpdates:
    """Give a bot what its page wants it to have."""
    bot = call.user(request.bot)
    if bot.bot is None:
        raise RpcFault(400, "BOT_INVALID")
    action = types.MessageActionWebViewDataSentMe(request.button_text, request.data)
    draft = Draft(action=action, random_id=request.random_id)
    letter = post.send(call.world, call.delivery, call.me, bot.id, draft)
    return sent(call, [(letter, request.random_id)])
