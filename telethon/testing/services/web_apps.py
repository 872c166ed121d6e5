"""messages: opening small web applications of bots, and what their pages send.

Source: https://core.telegram.org/api/bots/webapps
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from telethon.testing._rpc import RpcFault
from telethon.testing.services._sent import sent
from telethon.testing.services._service import serves
from telethon.testing.world import post
from telethon.testing.world.letters import Draft
from telethon.testing.world.miniapps import init_data
from telethon.testing.world.queries import WebQuery
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon.testing._call import Call
    from telethon.testing.world.miniapps import MiniApp
    from telethon.testing.world.records import Account

_QUERY_LIFE = 60


def _bot(call: Call, given: types.TypeInputUser) -> Account:
    account = call.user(given)
    if account.bot is None:
        raise RpcFault(400, "BOT_INVALID")
    return account


def _address(call: Call, account: Account, url: str, platform: str, **more: str) -> str:
    """The address to open, with what tells the page who opens it; the page itself is never fetched."""
    if not url.startswith("https://"):
        raise RpcFault(400, "URL_INVALID")
    token = account.bot.token if account.bot is not None else ""
    data = quote(init_data(token, call.me, call.now, **more), safe="")
    mark = "&" if "#" in url else "#"
    return f"{url}{mark}tgWebAppData={data}&tgWebAppVersion=9.0&tgWebAppPlatform={quote(platform)}"


def _chosen(account: Account, url: str | None, start: str | None) -> tuple[str, dict[str, str]]:
    """The address of a page, and what it is opened with."""
    more = {"start_param": start} if start else {}
    if url:
        return url, more
    app = account.bot.main_app if account.bot is not None else None
    if app is not None:
        return _with_start(app, start), more
    if start is None:
        raise RpcFault(400, "URL_INVALID")
    return f"https://webapp.invalid/{account.username}?startapp={quote(start)}", more


def _with_start(app: MiniApp, start: str | None) -> str:
    if not start:
        return app.url
    return f"{app.url}{'&' if '?' in app.url else '?'}tgWebAppStartParam={quote(start)}"


def _allow(call: Call, account: Account, allowed: bool | None) -> None:
    """Let a bot write first, when the one who opens its page agrees to it."""
    if allowed and call.my_id not in account.mailbox.dialogs:
        account.mailbox.dialog(call.my_id)
        action = types.MessageActionBotAllowed(from_request=True)
        post.service(call.world, call.delivery, call.me, account.id, action)


@serves(functions.messages.RequestWebViewRequest)
def request_web_view(request: functions.messages.RequestWebViewRequest, call: Call) -> types.WebViewResultUrl:
    """Open a page of a bot in a chat."""
    peer = call.peer(request.peer)
    account = _bot(call, request.bot)
    url, more = _chosen(account, request.url, request.start_param)
    query = WebQuery(call.world.new_id(), account.id, call.my_id, peer, call.now + _QUERY_LIFE)
    call.world.queries.web[query.id] = query
    address = _address(call, account, url, request.platform, query_id=str(query.id), **more)
    return types.WebViewResultUrl(address, query_id=query.id, fullscreen=request.fullscreen)


@serves(functions.messages.RequestSimpleWebViewRequest)
def request_simple_web_view(
    request: functions.messages.RequestSimpleWebViewRequest, call: Call
) -> types.WebViewResultUrl:
    """Open the page behind a key of a keyboard."""
    account = _bot(call, request.bot)
    url, more = _chosen(account, request.url, request.start_param)
    return types.WebViewResultUrl(_address(call, account, url, request.platform, **more))


@serves(functions.messages.GetBotAppRequest, who="both")
def get_bot_app(request: functions.messages.GetBotAppRequest, call: Call) -> types.messages.BotApp:
    """An application that a link leads into."""
    _, app = _app(call, request.app)
    return types.messages.BotApp(app.tl(), request_write_access=True)


def _app(call: Call, given: types.TypeInputBotApp) -> tuple[Account, MiniApp]:
    if isinstance(given, types.InputBotAppShortName):
        account = _bot(call, given.bot_id)
        found = account.bot.apps.get(given.short_name) if account.bot is not None else None
        if found is not None:
            return account, found
    else:
        for account in call.world.accounts.values():
            for app in account.bot.apps.values() if account.bot is not None else ():
                if (app.id, app.access_hash) == (given.id, given.access_hash):
                    return account, app
    raise RpcFault(400, "BOT_APP_INVALID")


@serves(functions.messages.RequestAppWebViewRequest, who="both")
def request_app_web_view(request: functions.messages.RequestAppWebViewRequest, call: Call) -> types.WebViewResultUrl:
    """Open an application that a link leads into."""
    call.peer(request.peer)
    account, app = _app(call, request.app)
    _allow(call, account, request.write_allowed)
    more = {"start_param": request.start_param} if request.start_param else {}
    address = _address(call, account, _with_start(app, request.start_param), request.platform, **more)
    return types.WebViewResultUrl(address, fullscreen=request.fullscreen)


@serves(functions.messages.RequestMainWebViewRequest, who="both")
def request_main_web_view(request: functions.messages.RequestMainWebViewRequest, call: Call) -> types.WebViewResultUrl:
    """Open the main application of a bot."""
    call.peer(request.peer)
    account = _bot(call, request.bot)
    app = account.bot.main_app if account.bot is not None else None
    if app is None:
        raise RpcFault(400, "BOT_INVALID")
    more = {"start_param": request.start_param} if request.start_param else {}
    address = _address(call, account, _with_start(app, request.start_param), request.platform, **more)
    return types.WebViewResultUrl(address, fullscreen=request.fullscreen)


# -- what pages send -------------------------------------------------------------------------------------------------


@serves(functions.messages.SendWebViewDataRequest)
def send_web_view_data(request: functions.messages.SendWebViewDataRequest, call: Call) -> types.TypeUpdates:
    """Give a bot what its page wants it to have."""
    bot = _bot(call, request.bot)
    action = types.MessageActionWebViewDataSentMe(request.button_text, request.data)
    draft = Draft(action=action, random_id=request.random_id)
    letter = post.send(call.world, call.delivery, call.me, bot.id, draft)
    return sent(call, [(letter, request.random_id)])


@serves(functions.messages.ProlongWebViewRequest)
def prolong_web_view(request: functions.messages.ProlongWebViewRequest, call: Call) -> bool:
    """Say that a page is still open."""
    query = call.world.queries.web.get(request.query_id)
    if query is None or query.user != call.my_id or query.bot != _bot(call, request.bot).id:
        raise RpcFault(400, "QUERY_ID_INVALID")
    query.expires = call.now + _QUERY_LIFE
    return True


# -- the menu of attachments -----------------------------------------------------------------------------------------


def _menu_bot(call: Call, account: Account) -> types.AttachMenuBot:
    app = account.bot.attach_menu if account.bot is not None else None
    if app is None:
        raise RpcFault(400, "BOT_INVALID")
    enabled: set[int] = call.me.settings.get("attach menu", set())
    everywhere: list[types.TypeAttachMenuPeerType] = [
        types.AttachMenuPeerTypeSameBotPM(),
        types.AttachMenuPeerTypePM(),
        types.AttachMenuPeerTypeChat(),
    ]
    icon = call.world.files.add_document(app.photo.data(""), account.dc_id, "image/png", [], None)
    return types.AttachMenuBot(
        account.id,
        app.title,
        [types.AttachMenuBotIcon("default_static", icon.tl())],
        inactive=account.id not in enabled,
        show_in_attach_menu=True,
        peer_types=everywhere,
    )


@serves(functions.messages.GetAttachMenuBotsRequest)
def get_attach_menu_bots(request: functions.messages.GetAttachMenuBotsRequest, call: Call) -> types.TypeAttachMenuBots:
    """The bots that the account has put into the menu."""
    enabled: list[int] = sorted(call.me.settings.get("attach menu", ()))
    value = sum(enabled) & 0x7FFFFFFF
    if request.hash and request.hash == value:
        return types.AttachMenuBotsNotModified()
    bots: list[types.TypeAttachMenuBot] = [_menu_bot(call, call.world.accounts[one]) for one in enabled]
    users, _ = call.split(enabled)
    return types.AttachMenuBots(value, bots, users)


@serves(functions.messages.GetAttachMenuBotRequest)
def get_attach_menu_bot(request: functions.messages.GetAttachMenuBotRequest, call: Call) -> types.AttachMenuBotsBot:
    """A bot that can be put there."""
    account = _bot(call, request.bot)
    users, _ = call.split([account.id])
    return types.AttachMenuBotsBot(_menu_bot(call, account), users)


@serves(functions.messages.ToggleBotInAttachMenuRequest)
def toggle_bot_in_attach_menu(request: functions.messages.ToggleBotInAttachMenuRequest, call: Call) -> bool:
    """Put a bot into the menu, or take it out."""
    account = _bot(call, request.bot)
    _menu_bot(call, account)
    enabled: set[int] = call.me.settings.setdefault("attach menu", set())
    (enabled.add if request.enabled else enabled.discard)(account.id)
    _allow(call, account, request.write_allowed)
    call.delivery.note(call.my_id, types.UpdateAttachMenuBots())
    return True
