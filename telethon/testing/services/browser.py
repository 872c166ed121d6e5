"""account and messages: how apps open links, who may write for nothing, and offers that there are none of.

Source: https://core.telegram.org/api/paid-messages
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from telethon.testing._rpc import RpcFault
from telethon.testing.services._service import serves
from telethon.testing.services.contacts import list_hash
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon.testing._call import Call


def _settings(call: Call) -> dict[str, Any]:
    settings: dict[str, Any] = call.me.settings.setdefault("browser", {"external": {}, "inapp": {}})
    return settings


def _shown(call: Call) -> types.account.WebBrowserSettings:
    kept = _settings(call)
    external = [_domain(url) for url in kept["external"]]
    inapp = [_domain(url) for url in kept["inapp"]]
    value = list_hash([len(external), len(inapp), bool(kept.get("open")), bool(kept.get("close"))])
    return types.account.WebBrowserSettings(
        [*external], [*inapp], value, open_external_browser=kept.get("open"), display_close_button=kept.get("close")
    )


def _domain(url: str) -> types.WebDomainException:
    domain = urlsplit(url if "://" in url else f"https://{url}").netloc
    return types.WebDomainException(domain, url, domain)


@serves(functions.account.GetWebBrowserSettingsRequest, who="both")
def get_web_browser_settings(
    request: functions.account.GetWebBrowserSettingsRequest, call: Call
) -> types.account._TypeWebBrowserSettings:
    """Whether links are opened in the app."""
    shown = _shown(call)
    if request.hash and request.hash == shown.hash:
        return types.account.WebBrowserSettingsNotModified()
    return shown


@serves(functions.account.UpdateWebBrowserSettingsRequest, who="both")
def update_web_browser_settings(
    request: functions.account.UpdateWebBrowserSettingsRequest, call: Call
) -> types.account._TypeWebBrowserSettings:
    """Change that."""
    kept = _settings(call)
    kept["open"], kept["close"] = bool(request.open_external_browser), bool(request.display_close_button)
    update = types.UpdateWebBrowserSettings(open_external_browser=kept["open"], display_close_button=kept["close"])
    call.delivery.note(call.my_id, update)
    return _shown(call)


@serves(functions.account.ToggleWebBrowserSettingsExceptionRequest, who="both")
def toggle_web_browser_settings_exception(
    request: functions.account.ToggleWebBrowserSettingsExceptionRequest, call: Call
) -> types.TypeUpdates:
    """Open the links of a website in another way."""
    one = _domain(request.url)
    if "." not in one.domain:
        raise RpcFault(400, "URL_INVALID")
    kept = _settings(call)
    for known in (kept["external"], kept["inapp"]):
        known.pop(request.url, None)
    if not request.delete:
        kept["external" if request.open_external_browser else "inapp"][request.url] = True
    update = types.UpdateWebBrowserException(
        one, delete=request.delete, open_external_browser=request.open_external_browser
    )
    call.delivery.note(call.my_id, update)
    return call.updates()


@serves(functions.account.DeleteWebBrowserSettingsExceptionsRequest, who="both")
def delete_web_browser_settings_exceptions(
    request: functions.account.DeleteWebBrowserSettingsExceptionsRequest, call: Call
) -> types.account._TypeWebBrowserSettings:
    """Open all links alike."""
    _settings(call).update(external={}, inapp={})
    return _shown(call)


# -- who may write for nothing ---------------------------------------------------------------------------------------


@serves(functions.account.ToggleNoPaidMessagesExceptionRequest, who="both")
def toggle_no_paid_messages_exception(
    request: functions.account.ToggleNoPaidMessagesExceptionRequest, call: Call
) -> bool:
    """Let somebody write for nothing, or not."""
    if request.parent_peer is not None:
        raise RpcFault(400, "PARENT_PEER_INVALID")
    user = call.user(request.user_id)
    free: set[int] = call.me.settings.setdefault("free writers", set())
    (free.discard if request.require_payment else free.add)(user.id)
    return True


@serves(functions.account.GetPaidMessagesRevenueRequest, who="both")
def get_paid_messages_revenue(
    request: functions.account.GetPaidMessagesRevenueRequest, call: Call
) -> types.account.PaidMessagesRevenue:
    """How many stars somebody has paid for messages: they cost none here."""
    if request.parent_peer is not None:
        raise RpcFault(400, "PARENT_PEER_INVALID")
    call.user(request.user_id)
    return types.account.PaidMessagesRevenue(0)


# -- what there is none of -------------------------------------------------------------------------------------------


@serves(functions.account.GetUniqueGiftChatThemesRequest, who="both")
def get_unique_gift_chat_themes(
    request: functions.account.GetUniqueGiftChatThemesRequest, call: Call
) -> types.account._TypeChatThemes:
    """Gifts of the account that could be the theme of a chat: none can."""
    return types.account.ChatThemes(0, [], [], [])


@serves(functions.messages.GetAvailableEffectsRequest, who="both")
def get_available_effects(
    request: functions.messages.GetAvailableEffectsRequest, call: Call
) -> types.messages._TypeAvailableEffects:
    """Animations that can come with a message: there are none."""
    return types.messages.AvailableEffects(0, [], [])


@serves(functions.messages.GetEmojiGameInfoRequest, who="both")
def get_emoji_game_info(
    request: functions.messages.GetEmojiGameInfoRequest, call: Call
) -> types.messages._TypeEmojiGameInfo:
    """The game of dice for stars: it is not played here."""
    return types.messages.EmojiGameUnavailable()
