"""help: what the service offers besides its limits - premium, colours, time zones, and notes of those who help.

Source: https://core.telegram.org/api/config
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.testing.services._service import serves
from telethon.testing.services._text import MAX_TEXT, clean_text
from telethon.testing.world.rights import moment
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon.testing._call import Call

_ZONES = (
    ("Etc/UTC", "UTC", 0),
    ("Europe/London", "London", 0),
    ("Europe/Berlin", "Berlin", 3600),
    ("Europe/Moscow", "Moscow", 10_800),
    ("Asia/Dubai", "Dubai", 14_400),
    ("Asia/Kolkata", "Kolkata", 19_800),
    ("Asia/Tokyo", "Tokyo", 32_400),
    ("America/New_York", "New York", -18_000),
    ("America/Los_Angeles", "Los Angeles", -28_800),
)
_PALETTE = (0xCC5049, 0xD67722, 0x955CDB, 0x40A920, 0x309EBA, 0x368AD1, 0xC7508B)


@serves(functions.help.GetPeerProfileColorsRequest, who="both", login=False, anywhere=True)
def get_peer_profile_colors(
    request: functions.help.GetPeerProfileColorsRequest, call: Call
) -> types.help._TypePeerColors:
    """Colours for profiles."""
    if request.hash == 1:
        return types.help.PeerColorsNotModified()
    colors: list[types.help._TypePeerColorOption] = [
        types.help.PeerColorOption(
            number, colors=types.help.PeerColorProfileSet([colour], [colour], [colour, colour ^ 0x101010])
        )
        for number, colour in enumerate(_PALETTE)
    ]
    return types.help.PeerColors(1, colors)


@serves(functions.help.GetTimezonesListRequest, who="both", login=False, anywhere=True)
def get_timezones_list(request: functions.help.GetTimezonesListRequest, call: Call) -> types.help._TypeTimezonesList:
    """Time zones for the hours of businesses."""
    if request.hash == 1:
        return types.help.TimezonesListNotModified()
    return types.help.TimezonesList([types.Timezone(*zone) for zone in _ZONES], 1)


@serves(functions.help.GetPremiumPromoRequest, anywhere=True)
def get_premium_promo(request: functions.help.GetPremiumPromoRequest, call: Call) -> types.help.PremiumPromo:
    """What premium accounts have, and what they cost; nobody can buy one here."""
    users, _ = call.split([call.my_id])
    options = [
        types.PremiumSubscriptionOption(months, "USD", months * 399, "https://t.me/PremiumBot", current=call.me.premium)
        for months in (1, 6, 12)
    ]
    text = "This account is a premium one." if call.me.premium else "This account is no premium one."
    return types.help.PremiumPromo(text, [], [], [], [*options], users)


@serves(functions.help.GetRecentMeUrlsRequest, anywhere=True)
def get_recent_me_urls(request: functions.help.GetRecentMeUrlsRequest, call: Call) -> types.help.RecentMeUrls:
    """Links that were opened on the website: it has no visitors here."""
    return types.help.RecentMeUrls([], [], [])


@serves(functions.help.GetDeepLinkInfoRequest, anywhere=True)
def get_deep_link_info(request: functions.help.GetDeepLinkInfoRequest, call: Call) -> types.help._TypeDeepLinkInfo:
    """What a link means that an app does not know: the server knows no more of it."""
    return types.help.DeepLinkInfoEmpty()


@serves(functions.help.SaveAppLogRequest, login=False, anywhere=True)
def save_app_log(request: functions.help.SaveAppLogRequest, call: Call) -> bool:
    """What happened in an app."""
    call.auth.data.setdefault("app_log", []).extend(request.events)
    return True


@serves(functions.help.GetPassportConfigRequest, anywhere=True)
def get_passport_config(request: functions.help.GetPassportConfigRequest, call: Call) -> types.help._TypePassportConfig:
    """Which language is spoken where."""
    if request.hash == 1:
        return types.help.PassportConfigNotModified()
    return types.help.PassportConfig(1, types.DataJSON('{"ZZ":"en"}'))


@serves(functions.help.HidePromoDataRequest, anywhere=True)
def hide_promo_data(request: functions.help.HidePromoDataRequest, call: Call) -> bool:
    """Do not want to see a promoted chat."""
    call.me.settings.setdefault("promo hidden", set()).add(call.peer(request.peer))
    return True


@serves(functions.help.DismissSuggestionRequest, anywhere=True)
def dismiss_suggestion(request: functions.help.DismissSuggestionRequest, call: Call) -> bool:
    """Do not want to be advised of something."""
    if not request.suggestion:
        raise RpcFault(400, "DATA_INVALID")
    call.me.settings.setdefault("suggestions dismissed", set()).add(request.suggestion)
    return True


# -- for those who help ----------------------------------------------------------------------------------------------


def _helper(call: Call) -> None:
    if not call.me.support:
        raise RpcFault(403, "USER_INVALID")


@serves(functions.help.GetSupportNameRequest, anywhere=True)
def get_support_name(request: functions.help.GetSupportNameRequest, call: Call) -> types.help.SupportName:
    """Under which name one helps."""
    _helper(call)
    return types.help.SupportName(call.me.name)


@serves(functions.help.GetUserInfoRequest, anywhere=True)
def get_user_info(request: functions.help.GetUserInfoRequest, call: Call) -> types.help._TypeUserInfo:
    """What helpers noted of somebody."""
    _helper(call)
    kept: types.help._TypeUserInfo = call.user(request.user_id).settings.get("support", types.help.UserInfoEmpty())
    return kept


@serves(functions.help.EditUserInfoRequest, anywhere=True)
def edit_user_info(request: functions.help.EditUserInfoRequest, call: Call) -> types.help._TypeUserInfo:
    """Note something."""
    _helper(call)
    text, entities = clean_text(call, request.message, request.entities, MAX_TEXT, "MESSAGE_TOO_LONG")
    made = types.help.UserInfo(text, entities or [], call.me.name, moment(call.now))
    call.user(request.user_id).settings["support"] = made
    return made
