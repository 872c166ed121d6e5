"""help: the addresses of the data centres, limits, and texts of the service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.testing.services._service import serves
from telethon.testing.world.world import TELEGRAM
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon.testing._call import Call


@serves(functions.help.GetConfigRequest, who="both", login=False, anywhere=True)
def get_config(request: functions.help.GetConfigRequest, call: Call) -> types.Config:
    """Where the data centres are, and the most important limits."""
    options = [
        types.DcOption(
            id=dc_id,
            ip_address=host,
            port=port,
            static=True,
            this_port_only=True,
            cdn=dc_id in call.world.cdn.dc_ids,
        )
        for dc_id, (host, port) in sorted(call.world.addresses().items())
    ]
    return types.Config(
        date=call.now,
        expires=call.now + 3600,
        test_mode=False,
        this_dc=call.dc_id,
        dc_options=options,
        dc_txt_domain_name="localhost",
        chat_size_max=200,
        megagroup_size_max=200_000,
        forwarded_count_max=100,
        online_update_period_ms=210_000,
        offline_blur_timeout_ms=5_000,
        offline_idle_timeout_ms=30_000,
        online_cloud_timeout_ms=300_000,
        notify_cloud_delay_ms=30_000,
        notify_default_delay_ms=1_500,
        push_chat_period_ms=60_000,
        push_chat_limit=2,
        edit_time_limit=172_800,
        revoke_time_limit=0x7FFFFFFF,
        revoke_pm_time_limit=0x7FFFFFFF,
        rating_e_decay=2_419_200,
        stickers_recent_limit=200,
        channels_read_media_period=604_800,
        call_receive_timeout_ms=20_000,
        call_ring_timeout_ms=90_000,
        call_connect_timeout_ms=30_000,
        call_packet_timeout_ms=10_000,
        me_url_prefix="https://t.me/",
        caption_length_max=1024,
        message_length_max=4096,
        webfile_dc_id=call.world.dc_ids[-1],
        revoke_pm_inbox=True,
    )


@serves(functions.help.GetNearestDcRequest, login=False, anywhere=True)
def get_nearest_dc(request: functions.help.GetNearestDcRequest, call: Call) -> types.NearestDc:
    """The data centre that is best for a new account: the one that was asked."""
    return types.NearestDc("ZZ", call.dc_id, call.dc_id)


@serves(functions.help.GetAppConfigRequest, login=False, anywhere=True)
def get_app_config(request: functions.help.GetAppConfigRequest, call: Call) -> types.help._TypeAppConfig:
    """Further limits, as JSON."""
    if request.hash == 1:
        return types.help.AppConfigNotModified()
    limits = {
        "upload_max_fileparts_default": 4000.0,
        "upload_max_fileparts_premium": 8000.0,
        "dialogs_pinned_limit_default": 5.0,
        "caption_length_limit_default": 1024.0,
        "channels_limit_default": 500.0,
    }
    values: list[types.TypeJSONObjectValue] = [
        types.JsonObjectValue(name, types.JsonNumber(value)) for name, value in limits.items()
    ]
    return types.help.AppConfig(1, types.JsonObject(values))


@serves(functions.help.GetCdnConfigRequest, who="both", login=False, anywhere=True)
def get_cdn_config(request: functions.help.GetCdnConfigRequest, call: Call) -> types.CdnConfig:
    """The keys of the CDNs."""
    return types.CdnConfig([types.CdnPublicKey(dc_id, pem) for dc_id, pem in call.world.cdn.public_keys.items()])


@serves(functions.help.GetTermsOfServiceUpdateRequest, anywhere=True)
def get_terms(
    request: functions.help.GetTermsOfServiceUpdateRequest, call: Call
) -> types.help._TypeTermsOfServiceUpdate:
    """New terms to agree to: none."""
    return types.help.TermsOfServiceUpdateEmpty(call.now + 86_400)


@serves(functions.help.AcceptTermsOfServiceRequest, anywhere=True)
def accept_terms(request: functions.help.AcceptTermsOfServiceRequest, call: Call) -> bool:
    """Agree to the terms."""
    return True


@serves(functions.help.GetAppUpdateRequest, login=False, anywhere=True)
def get_app_update(request: functions.help.GetAppUpdateRequest, call: Call) -> types.help._TypeAppUpdate:
    """A newer version of the app: none."""
    return types.help.NoAppUpdate()


@serves(functions.help.GetInviteTextRequest, anywhere=True)
def get_invite_text(request: functions.help.GetInviteTextRequest, call: Call) -> types.help.InviteText:
    """A text to invite people with."""
    return types.help.InviteText("Let us talk on the test server.")


@serves(functions.help.GetSupportRequest, anywhere=True)
def get_support(request: functions.help.GetSupportRequest, call: Call) -> types.help.Support:
    """Who helps."""
    return types.help.Support("+42777", call.world.views.user(TELEGRAM, call.my_id))


@serves(functions.help.SetBotUpdatesStatusRequest, who="both", anywhere=True)
def set_bot_updates_status(request: functions.help.SetBotUpdatesStatusRequest, call: Call) -> bool:
    """A bot tells how far behind it is."""
    return True


@serves(functions.help.GetCountriesListRequest, login=False, anywhere=True)
def get_countries(request: functions.help.GetCountriesListRequest, call: Call) -> types.help._TypeCountriesList:
    """The countries phone numbers can be from: the place tests live in."""
    code = types.help.CountryCode("999", prefixes=["66"])
    return types.help.CountriesList([types.help.Country("ZZ", "Testland", [code])], 1)


@serves(functions.help.GetPeerColorsRequest, who="both", login=False, anywhere=True)
def get_peer_colors(request: functions.help.GetPeerColorsRequest, call: Call) -> types.help._TypePeerColors:
    """Colours for names: the built-in ones."""
    return types.help.PeerColors(1, [])


@serves(functions.help.GetPromoDataRequest, anywhere=True)
def get_promo_data(request: functions.help.GetPromoDataRequest, call: Call) -> types.help._TypePromoData:
    """A promoted chat: none."""
    return types.help.PromoDataEmpty(call.now + 86_400)
