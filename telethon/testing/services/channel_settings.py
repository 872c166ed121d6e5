"""channels: further settings of channels and supergroups.

Source: https://core.telegram.org/api/channel
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.testing.services._service import serves
from telethon.testing.services.admin_log import note_change
from telethon.testing.services.channels import tell_changed
from telethon.testing.services.stickers import find_set, set_name
from telethon.testing.world.rights import check_admin
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon.testing._call import Call
    from telethon.testing.world.records import Channel

_MAX_PRICE = 10_000
_MAX_BOOSTS = 8


def _led(call: Call, given: types.TypeInputChannel, right: str = "change_info") -> Channel:
    channel = call.channel(given, member=True)
    check_admin(channel, call.my_id, right)
    return channel


def _change(call: Call, channel: Channel, field: str, value: object) -> object:
    """Set a trait, tell the members, and give what it was.

    Raises:
        RpcFault: CHAT_NOT_MODIFIED.
    """
    before: object = getattr(channel.traits, field)
    same = bytes(before) == bytes(value) if _objects(before, value) else before == value  # type: ignore[call-overload]
    if same:
        raise RpcFault(400, "CHAT_NOT_MODIFIED")
    setattr(channel.traits, field, value)
    tell_changed(call, channel)
    return before


def _objects(before: object, value: object) -> bool:
    return hasattr(before, "CONSTRUCTOR_ID") and hasattr(value, "CONSTRUCTOR_ID")


@serves(functions.channels.ToggleAntiSpamRequest, who="both")
def toggle_anti_spam(request: functions.channels.ToggleAntiSpamRequest, call: Call) -> types.TypeUpdates:
    """Whether the server looks for spam."""
    channel = _led(call, request.channel, "ban_users")
    if not channel.megagroup:
        raise RpcFault(400, "CHANNEL_INVALID")
    _change(call, channel, "antispam", request.enabled)
    note_change(call, channel, types.ChannelAdminLogEventActionToggleAntiSpam(request.enabled))
    return call.updates(peers=[channel.peer])


@serves(functions.channels.ReportAntiSpamFalsePositiveRequest, who="both")
def report_anti_spam_false_positive(request: functions.channels.ReportAntiSpamFalsePositiveRequest, call: Call) -> bool:
    """Say that something was no spam; nothing is ever taken for it here."""
    channel = _led(call, request.channel, "ban_users")
    if request.msg_id not in channel.box.letters:
        raise RpcFault(400, "MESSAGE_ID_INVALID")
    return True


@serves(functions.channels.ToggleAutotranslationRequest, who="both")
def toggle_autotranslation(request: functions.channels.ToggleAutotranslationRequest, call: Call) -> types.TypeUpdates:
    """Whether posts are translated by themselves."""
    channel = _led(call, request.channel)
    _change(call, channel, "autotranslation", request.enabled)
    note_change(call, channel, types.ChannelAdminLogEventActionToggleAutotranslation(request.enabled))
    return call.updates(peers=[channel.peer])


@serves(functions.channels.UpdateColorRequest, who="both")
def update_color(request: functions.channels.UpdateColorRequest, call: Call) -> types.TypeUpdates:
    """Choose the colour of the name or of the profile."""
    channel = _led(call, request.channel)
    chosen = None
    if request.color is not None or request.background_emoji_id is not None:
        chosen = types.PeerColor(request.color, request.background_emoji_id)
    before = _change(call, channel, "profile_color" if request.for_profile else "color", chosen)
    kind = types.ChannelAdminLogEventActionChangePeerColor
    action: types.TypeChannelAdminLogEventAction
    old = before if isinstance(before, types.PeerColor) else types.PeerColor()
    new = chosen if chosen is not None else types.PeerColor()
    action = types.ChannelAdminLogEventActionChangeProfilePeerColor(old, new) if request.for_profile else kind(old, new)
    note_change(call, channel, action)
    return call.updates(peers=[channel.peer])


@serves(functions.channels.UpdateEmojiStatusRequest, who="both")
def update_emoji_status(request: functions.channels.UpdateEmojiStatusRequest, call: Call) -> types.TypeUpdates:
    """Choose what is shown beside the title."""
    channel = _led(call, request.channel)
    empty = types.EmojiStatusEmpty()
    chosen = None if isinstance(request.emoji_status, types.EmojiStatusEmpty) else request.emoji_status
    before = channel.traits.emoji_status
    _change(call, channel, "emoji_status", chosen)
    note_change(call, channel, types.ChannelAdminLogEventActionChangeEmojiStatus(before or empty, chosen or empty))
    return call.updates(peers=[channel.peer])


@serves(functions.channels.SetEmojiStickersRequest, who="both")
def set_emoji_stickers(request: functions.channels.SetEmojiStickersRequest, call: Call) -> bool:
    """Give a supergroup custom emojis that all its members may use, or take them away."""
    channel = _led(call, request.channel)
    before = channel.emoji_stickers
    empty = isinstance(request.stickerset, types.InputStickerSetEmpty)
    channel.emoji_stickers = None if empty else find_set(call, request.stickerset)
    old, new = set_name(before), set_name(channel.emoji_stickers)
    note_change(call, channel, types.ChannelAdminLogEventActionChangeEmojiStickerSet(old, new))
    return True


@serves(functions.channels.EditLocationRequest)
def edit_location(request: functions.channels.EditLocationRequest, call: Call) -> bool:
    """Say where a supergroup meets."""
    channel = call.channel(request.channel, member=True)
    if channel.creator != call.my_id:
        raise RpcFault(400, "CHAT_ADMIN_REQUIRED")
    if not channel.megagroup:
        raise RpcFault(400, "MEGAGROUP_REQUIRED")
    place: types.ChannelLocation | None = None
    if isinstance(request.geo_point, types.InputGeoPoint):
        point = types.GeoPoint(request.geo_point.long, request.geo_point.lat, 0)
        place = types.ChannelLocation(point, request.address)
    before = channel.traits.location
    _change(call, channel, "location", place)
    nowhere = types.ChannelLocationEmpty()
    note_change(call, channel, types.ChannelAdminLogEventActionChangeLocation(before or nowhere, place or nowhere))
    return True


@serves(functions.channels.ConvertToGigagroupRequest)
def convert_to_gigagroup(request: functions.channels.ConvertToGigagroupRequest, call: Call) -> types.TypeUpdates:
    """Make a supergroup one without bounds, in which only administrators write."""
    channel = call.channel(request.channel, member=True)
    if channel.creator != call.my_id:
        raise RpcFault(400, "CHAT_ADMIN_REQUIRED")
    if not channel.megagroup:
        raise RpcFault(400, "CHANNEL_INVALID")
    if len(channel.present()) < call.world.options.gigagroup_from:
        raise RpcFault(400, "PARTICIPANTS_TOO_FEW")
    _change(call, channel, "gigagroup", True)
    channel.default_banned = types.ChatBannedRights(until_date=0, send_messages=True)
    return call.updates(peers=[channel.peer])


@serves(functions.channels.RestrictSponsoredMessagesRequest, who="both")
def restrict_sponsored_messages(
    request: functions.channels.RestrictSponsoredMessagesRequest, call: Call
) -> types.TypeUpdates:
    """Whether no advertisements are shown."""
    channel = _led(call, request.channel)
    _change(call, channel, "sponsored_restricted", request.restricted)
    return call.updates(peers=[channel.peer])


@serves(functions.channels.SetBoostsToUnblockRestrictionsRequest, who="both")
def set_boosts_to_unblock_restrictions(
    request: functions.channels.SetBoostsToUnblockRestrictionsRequest, call: Call
) -> types.TypeUpdates:
    """How many boosts free a member of restrictions."""
    channel = _led(call, request.channel, "ban_users")
    if not 0 <= request.boosts <= _MAX_BOOSTS:
        raise RpcFault(400, "LIMIT_INVALID")
    _change(call, channel, "boosts_unrestrict", request.boosts)
    return call.updates(peers=[channel.peer])


@serves(functions.channels.UpdatePaidMessagesPriceRequest, who="both")
def update_paid_messages_price(
    request: functions.channels.UpdatePaidMessagesPriceRequest, call: Call
) -> types.TypeUpdates:
    """How many stars a message costs, and whether people may write to the channel itself."""
    channel = _led(call, request.channel)
    if not 0 <= request.send_paid_messages_stars <= _MAX_PRICE:
        raise RpcFault(400, "STARS_AMOUNT_INVALID")
    allowed = bool(request.broadcast_messages_allowed)
    traits = channel.traits
    if (traits.paid_price, traits.broadcast_messages) == (request.send_paid_messages_stars, allowed):
        raise RpcFault(400, "CHAT_NOT_MODIFIED")
    traits.paid_price, traits.broadcast_messages = request.send_paid_messages_stars, allowed
    tell_changed(call, channel)
    return call.updates(peers=[channel.peer])


@serves(functions.channels.SetMainProfileTabRequest, who="both")
def set_main_profile_tab(request: functions.channels.SetMainProfileTabRequest, call: Call) -> bool:
    """Which tab of the profile is shown first."""
    channel = _led(call, request.channel)
    channel.traits.main_tab = request.tab
    tell_changed(call, channel)
    return True


@serves(functions.channels.ToggleViewForumAsMessagesRequest, who="both")
def toggle_view_forum_as_messages(
    request: functions.channels.ToggleViewForumAsMessagesRequest, call: Call
) -> types.TypeUpdates:
    """Whether the account wants to see a forum as one chat."""
    channel = call.channel(request.channel, member=True)
    shown: set[int] = call.me.settings.setdefault("forums_as_messages", set())
    if (channel.peer in shown) == request.enabled:
        raise RpcFault(400, "CHAT_NOT_MODIFIED")
    (shown.add if request.enabled else shown.discard)(channel.peer)
    update = types.UpdateChannelViewForumAsMessages(channel.id, request.enabled)
    call.delivery.note(call.my_id, update, (channel.peer,), lasting=True)
    return call.updates()
