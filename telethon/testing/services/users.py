"""users: what is known of people and bots."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.testing.services._service import serves
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
    )
    users, chats = call.split([account.id])
    return types.users.UserFull(full, chats, users)


def settings_for(call: Call, account: Account) -> types.PeerSettings:
    """What an app should offer at the top of the chat with somebody."""
    stranger = account.id not in call.me.contacts and account.id not in (call.my_id, TELEGRAM) and account.bot is None
    return types.PeerSettings(add_contact=stranger, block_contact=stranger)


@serves(functions.users.GetRequirementsToContactRequest, who="both")
def get_requirements(
    request: functions.users.GetRequirementsToContactRequest, call: Call
) -> list[types.TypeRequirementToContact]:
    """What has to be paid before somebody can be written to: nothing, here."""
    return [types.RequirementToContactEmpty() for user in request.id if call.user(user)]
