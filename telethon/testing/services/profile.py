"""account, users and contacts: what people see of an account beyond its name.

Source: https://core.telegram.org/api/profile
"""

from __future__ import annotations

from calendar import monthrange
from typing import TYPE_CHECKING, cast

from telethon.testing._rpc import RpcFault
from telethon.testing.services._service import serves
from telethon.testing.services.account import tell_acquaintances
from telethon.testing.services.contacts import list_hash
from telethon.testing.world import post
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon.testing._call import Call
    from telethon.testing.world.records import Account

_LEAP_YEAR = 2024
_DAYS_AROUND = 1


def check_birthday(birthday: types.TypeBirthday) -> None:
    """Raise BIRTHDAY_INVALID for what is no day of a year."""
    year = birthday.year if birthday.year is not None else _LEAP_YEAR
    if not 1 <= birthday.month <= 12 or not 1800 <= year <= 9999:
        raise RpcFault(400, "BIRTHDAY_INVALID")
    if not 1 <= birthday.day <= monthrange(year, birthday.month)[1]:
        raise RpcFault(400, "BIRTHDAY_INVALID")


@serves(functions.account.UpdateBirthdayRequest, who="both")
def update_birthday(request: functions.account.UpdateBirthdayRequest, call: Call) -> bool:
    """Say when one was born, or do not."""
    if request.birthday is not None:
        check_birthday(request.birthday)
    call.me.profile.birthday = request.birthday
    tell_acquaintances(call, types.UpdateUser(call.my_id))
    return True


@serves(functions.users.SuggestBirthdayRequest, who="both")
def suggest_birthday(request: functions.users.SuggestBirthdayRequest, call: Call) -> types.TypeUpdates:
    """Tell somebody when it was born."""
    other = call.user(request.id)
    if other.bot is not None or other.id == call.my_id:
        raise RpcFault(400, "USER_ID_INVALID")
    check_birthday(request.birthday)
    action = types.MessageActionSuggestBirthday(request.birthday)
    post.service(call.world, call.delivery, call.me, other.id, action)
    return call.updates()


@serves(functions.contacts.GetBirthdaysRequest, who="both")
def get_birthdays(request: functions.contacts.GetBirthdaysRequest, call: Call) -> types.contacts.ContactBirthdays:
    """Which contacts have their birthday around today."""
    from datetime import datetime, timedelta, timezone

    today = datetime.fromtimestamp(call.now, timezone.utc)
    days = [today + timedelta(days=step) for step in range(-_DAYS_AROUND, _DAYS_AROUND + 1)]
    near = {(day.day, day.month) for day in days}
    found: list[types.TypeContactBirthday] = []
    for user_id in call.me.contacts:
        birthday = call.world.accounts[user_id].profile.birthday
        if birthday is not None and (birthday.day, birthday.month) in near:
            found.append(types.ContactBirthday(user_id, birthday))
    users, _ = call.split(one.contact_id for one in found)
    return types.contacts.ContactBirthdays(found, users)


@serves(functions.account.UpdatePersonalChannelRequest, who="both")
def update_personal_channel(request: functions.account.UpdatePersonalChannelRequest, call: Call) -> bool:
    """Show a channel of one's own in the profile, or none."""
    if isinstance(request.channel, types.InputChannelEmpty):
        call.me.profile.personal_channel = None
    else:
        channel = call.channel(request.channel, member=True)
        if channel.creator != call.my_id or channel.username is None or channel.megagroup:
            raise RpcFault(400, "CHANNEL_INVALID")
        call.me.profile.personal_channel = channel.id
    tell_acquaintances(call, types.UpdateUser(call.my_id))
    return True


@serves(functions.messages.GetPersonalChannelHistoryRequest, who="both")
def get_personal_channel_history(
    request: functions.messages.GetPersonalChannelHistoryRequest, call: Call
) -> types.messages._TypeMessages:
    """The posts of the channel that somebody shows in the profile."""
    from telethon.testing.services.history import answer, limit_of, page_of

    chosen = call.user(request.user_id).profile.personal_channel
    channel = call.world.channels.get(chosen) if chosen is not None else None
    if channel is None or channel.username is None:
        raise RpcFault(400, "USER_ID_INVALID")
    ids = channel.box.ids
    page = page_of(ids, 0, 0, limit_of(request.limit), request.max_id, request.min_id)
    return answer(call, channel.peer, page, len(ids), whole=len(page) == len(ids))


@serves(functions.account.UpdateColorRequest, who="both")
def update_color(request: functions.account.UpdateColorRequest, call: Call) -> bool:
    """Choose the colour of the name or of the profile."""
    if not call.me.premium:
        raise RpcFault(403, "PREMIUM_ACCOUNT_REQUIRED")
    if isinstance(request.color, types.InputPeerColorCollectible):
        raise RpcFault(400, "COLLECTIBLE_INVALID")
    if request.for_profile:
        call.me.profile.profile_color = request.color
    else:
        call.me.profile.color = request.color
    tell_acquaintances(call, types.UpdateUser(call.my_id))
    return True


@serves(functions.account.SetMainProfileTabRequest, who="both")
def set_main_profile_tab(request: functions.account.SetMainProfileTabRequest, call: Call) -> bool:
    """Which tab of the profile is shown first."""
    call.me.profile.main_tab = request.tab
    return True


# -- emoji status ----------------------------------------------------------------------------------------------------


def set_status(call: Call, account: Account, status: types.TypeEmojiStatus) -> None:
    """Show something beside the name of an account, and tell those who know it.

    Raises:
        RpcFault: DOCUMENT_INVALID, when it is no custom emoji.
    """
    chosen: types.TypeEmojiStatus | None = status
    if isinstance(status, types.EmojiStatusEmpty):
        chosen = None
    elif not isinstance(status, types.EmojiStatus):
        raise RpcFault(400, "COLLECTIBLE_INVALID")
    elif not call.world.things.is_emoji(status.document_id):
        raise RpcFault(400, "DOCUMENT_INVALID")
    profile = account.profile
    profile.emoji_status = chosen
    if chosen is not None:
        kept = [one for one in profile.status_history if bytes(one) != bytes(chosen)]
        profile.status_history = [chosen, *kept][:50]
    told = {account.id, *(one for one in account.mailbox.dialogs if one in call.world.accounts)}
    for account_id in told:
        call.delivery.note(account_id, types.UpdateUserEmojiStatus(account.id, status), (account.id,))


@serves(functions.account.UpdateEmojiStatusRequest)
def update_emoji_status(request: functions.account.UpdateEmojiStatusRequest, call: Call) -> bool:
    """Show something beside one's name, or nothing."""
    if not call.me.premium:
        raise RpcFault(403, "PREMIUM_ACCOUNT_REQUIRED")
    set_status(call, call.me, request.emoji_status)
    return True


def _statuses(known: int, found: list[types.TypeEmojiStatus]) -> types.account._TypeEmojiStatuses:
    value = list_hash(getattr(one, "document_id", 0) for one in found)
    if known and known == value:
        return types.account.EmojiStatusesNotModified()
    return types.account.EmojiStatuses(value, found)


def _offered(call: Call) -> list[types.TypeEmojiStatus]:
    """The custom emojis of this world, in order."""
    return [
        types.EmojiStatus(document.id)
        for one in call.world.things.sets.values()
        if one.emojis
        for _, document in one.stickers
    ]


@serves(functions.account.GetRecentEmojiStatusesRequest)
def get_recent_emoji_statuses(
    request: functions.account.GetRecentEmojiStatusesRequest, call: Call
) -> types.account._TypeEmojiStatuses:
    """The statuses that the account had."""
    return _statuses(request.hash, list(call.me.profile.status_history))


@serves(functions.account.ClearRecentEmojiStatusesRequest)
def clear_recent_emoji_statuses(request: functions.account.ClearRecentEmojiStatusesRequest, call: Call) -> bool:
    """Forget them."""
    call.me.profile.status_history.clear()
    call.delivery.note(call.my_id, types.UpdateRecentEmojiStatuses())
    return True


@serves(functions.account.GetDefaultEmojiStatusesRequest)
def get_default_emoji_statuses(
    request: functions.account.GetDefaultEmojiStatusesRequest, call: Call
) -> types.account._TypeEmojiStatuses:
    """Statuses to choose from: all custom emojis there are."""
    return _statuses(request.hash, _offered(call))


@serves(functions.account.GetChannelDefaultEmojiStatusesRequest, who="both")
def get_channel_default_emoji_statuses(
    request: functions.account.GetChannelDefaultEmojiStatusesRequest, call: Call
) -> types.account._TypeEmojiStatuses:
    """The same for channels."""
    return _statuses(request.hash, _offered(call))


@serves(functions.account.GetCollectibleEmojiStatusesRequest, who="both")
def get_collectible_emoji_statuses(
    request: functions.account.GetCollectibleEmojiStatusesRequest, call: Call
) -> types.account._TypeEmojiStatuses:
    """Collectible gifts of the account that it could show as its status: there are none."""
    return _statuses(request.hash, [])


def _emojis(known: int, ids: list[int]) -> types.TypeEmojiList:
    value = list_hash(ids)
    return types.EmojiListNotModified() if known and known == value else types.EmojiList(value, ids)


@serves(functions.account.GetDefaultProfilePhotoEmojisRequest)
def get_default_profile_photo_emojis(
    request: functions.account.GetDefaultProfilePhotoEmojisRequest, call: Call
) -> types.TypeEmojiList:
    """Custom emojis to make a profile photo of."""
    return _emojis(request.hash, [cast("types.EmojiStatus", one).document_id for one in _offered(call)])


@serves(functions.account.GetDefaultGroupPhotoEmojisRequest)
def get_default_group_photo_emojis(
    request: functions.account.GetDefaultGroupPhotoEmojisRequest, call: Call
) -> types.TypeEmojiList:
    """The same for groups."""
    return _emojis(request.hash, [cast("types.EmojiStatus", one).document_id for one in _offered(call)])


@serves(functions.account.GetDefaultBackgroundEmojisRequest, who="both")
def get_default_background_emojis(
    request: functions.account.GetDefaultBackgroundEmojisRequest, call: Call
) -> types.TypeEmojiList:
    """Custom emojis to be behind a name."""
    return _emojis(request.hash, [cast("types.EmojiStatus", one).document_id for one in _offered(call)])


@serves(functions.account.GetChannelRestrictedStatusEmojisRequest, who="both")
def get_channel_restricted_status_emojis(
    request: functions.account.GetChannelRestrictedStatusEmojisRequest, call: Call
) -> types.TypeEmojiList:
    """Custom emojis that channels must not use: there are none."""
    return _emojis(request.hash, [])
