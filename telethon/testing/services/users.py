"""users: what is known of people and bots."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from telethon.testing._rpc import RpcFault
from telethon.testing.services._service import serves
from telethon.testing.services.privacy import allows
from telethon.testing.services.stories import may_see
from telethon.testing.world.peerids import channel_peer
from telethon.testing.world.world import TELEGRAM
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon.testing._call import Call
    from telethon.testing.world.records import Account, Channel, Group


@serves(functions.users.GetUsersRequest, who="both")
def get_users(request: functions.users.GetUsersRequest, call: Call) -> list[types.TypeUser]:
    """Several accounts at once; those that cannot be found are empty."""
    found: list[types.TypeUser] = []
    for user in request.id:
        try:
            account = call.user(user)
        except RpcFault:
            if isinstance(user, types.InputUser):
                found.append(types.UserEmpty(user.user_id))
            continue
        found.append(call.world.views.user(account.id, call.my_id))
    return found


def bot_info(account: Account) -> types.BotInfo | None:
    """What a bot says of itself."""
    bot = account.bot
    if bot is None:
        return None
    default = bot.commands.get((bytes(types.BotCommandScopeDefault()), ""), [])
    return types.BotInfo(
        user_id=account.id,
        description=bot.description,
        commands=list(default),
        menu_button=bot.menu_button or types.BotMenuButtonDefault(),
    )


def _profile(call: Call, account: Account) -> dict[str, Any]:
    """What an account says of itself beyond its name, as far as it lets the one who asks see it."""
    profile, me, world = account.profile, call.me, call.world
    mine = account is me
    channel = world.channels.get(profile.personal_channel or 0)
    picture = me.profile.pictures_of.get(account.id)
    gifts = [one for one in world.gifts.of(account.id) if mine or not one.hidden]
    pinned = any(may_see(call, account, number) for number in account.book.pinned())
    seen = mine or allows(account, types.InputPrivacyKeyBirthday, me)
    return {
        "personal_photo": picture.tl() if picture is not None else None,
        "birthday": profile.birthday if seen else None,
        "personal_channel_id": profile.personal_channel,
        "personal_channel_message": channel.box.ids[-1] if channel is not None and channel.box.ids else None,
        "note": me.profile.notes.get(account.id),
        "main_tab": profile.main_tab,
        "saved_music": profile.music[0].tl() if profile.music else None,
        "stories_pinned_available": pinned,
        "stargifts_count": len(gifts) or None,
        "business_work_hours": profile.work_hours,
        "business_location": profile.location,
        "business_greeting_message": profile.greeting if mine else None,
        "business_away_message": profile.away if mine else None,
        "business_intro": profile.intro,
        "bot_manager_id": account.bot.manager if account.bot is not None else None,
    }


@serves(functions.users.GetFullUserRequest, who="both")
def get_full_user(request: functions.users.GetFullUserRequest, call: Call) -> types.users.UserFull:
    """Everything about an account."""
    account, me, world = call.user(request.id), call.me, call.world
    dialog = me.mailbox.dialogs.get(account.id)
    rooms: list[Group | Channel] = [*world.groups.values(), *world.channels.values()]
    common = [room for room in rooms if account.id in room.present() and me.id in room.present()]
    pinned = [
        number for number in me.mailbox.by_peer.get(account.id, ()) if me.id in me.mailbox.letters[number].pinned_for
    ]
    full = types.UserFull(
        id=account.id,
        settings=settings_for(call, account),
        notify_settings=(dialog.notify if dialog is not None else None) or types.PeerNotifySettings(),
        common_chats_count=len(common) if account.id != me.id else 0,
        blocked=account.id in me.blocked,
        can_pin_message=True,
        phone_calls_available=account.bot is None and account.id != me.id,
        about=(account.bot.about if account.bot is not None else account.about) or None,
        profile_photo=account.photos[0].tl() if account.photos else None,
        bot_info=bot_info(account),
        pinned_msg_id=pinned[-1] if pinned else None,
        folder_id=(dialog.folder_id or None) if dialog is not None else None,
        ttl_period=dialog.ttl if dialog is not None else None,
        wallpaper=dialog.wallpaper if dialog is not None else None,
        theme=types.ChatTheme(dialog.theme) if dialog is not None and dialog.theme else None,
        translations_disabled=account.id in me.settings.get("translations off", ()),
        bot_group_admin_rights=account.bot.group_rights if account.bot is not None else None,
        bot_broadcast_admin_rights=account.bot.broadcast_rights if account.bot is not None else None,
        **_profile(call, account),
    )
    shown = account.profile.personal_channel
    users, chats = call.split([account.id, *([channel_peer(shown)] if shown is not None else [])])
    return types.users.UserFull(full, chats, users)


def settings_for(call: Call, account: Account) -> types.PeerSettings:
    """What an app should offer at the top of the chat with somebody."""
    stranger = account.id not in call.me.contacts and account.id not in (call.my_id, TELEGRAM) and account.bot is None
    if account.id in call.me.settings.get("bars hidden", ()):
        return types.PeerSettings()
    return types.PeerSettings(add_contact=stranger, block_contact=stranger)


@serves(functions.users.GetRequirementsToContactRequest, who="both")
def get_requirements(
    request: functions.users.GetRequirementsToContactRequest, call: Call
) -> list[types.TypeRequirementToContact]:
    """What has to be paid before somebody can be written to: nothing, here."""
    return [types.RequirementToContactEmpty() for user in request.id if call.user(user)]
