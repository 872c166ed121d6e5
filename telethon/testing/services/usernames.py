"""account, channels, bots, fragment: further usernames, which are bought elsewhere.

Source: https://core.telegram.org/api/fragment
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.testing.services._service import serves
from telethon.testing.services.account import tell_acquaintances
from telethon.testing.services.admin_log import note_change
from telethon.testing.services.channels import tell_changed
from telethon.testing.world.records import Account, Channel
from telethon.testing.world.rights import moment
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon.testing._call import Call

_MAX_ACTIVE = 10


def _active(holder: Account | Channel) -> list[str]:
    names = [holder.username] if holder.username is not None else []
    return [*names, *(name for name, active in holder.further.items() if active)]


def _toggle(holder: Account | Channel, username: str, active: bool) -> None:
    """Let a further username be good, or not.

    Raises:
        RpcFault: USERNAME_INVALID, USERNAME_NOT_MODIFIED or USERNAMES_ACTIVE_TOO_MUCH.
    """
    key = next((name for name in holder.further if name.lower() == username.lower()), None)
    if key is None:
        raise RpcFault(400, "USERNAME_INVALID")
    if holder.further[key] == active:
        raise RpcFault(400, "USERNAME_NOT_MODIFIED")
    if active and len(_active(holder)) >= _MAX_ACTIVE:
        raise RpcFault(400, "USERNAMES_ACTIVE_TOO_MUCH")
    holder.further[key] = active


def _reorder(holder: Account | Channel, order: list[str]) -> None:
    """Put the usernames that are good into another order.

    Raises:
        RpcFault: ORDER_INVALID, when it is not just those.
    """
    if sorted(name.lower() for name in order) != sorted(name.lower() for name in _active(holder)):
        raise RpcFault(400, "ORDER_INVALID")
    wanted = [name.lower() for name in order]
    further = sorted(
        holder.further.items(), key=lambda entry: wanted.index(entry[0].lower()) if entry[1] else len(wanted)
    )
    holder.further = dict(further)


def _in_force(call: Call, holder: Account | Channel) -> None:
    """Let people be found by the usernames that are good, and only by those."""
    for name, active in holder.further.items():
        if active:
            call.world.take_username(name, holder.peer)
        else:
            call.world.drop_username(name)


def _tell(call: Call, account: Account) -> bool:
    _in_force(call, account)
    update = types.UpdateUserName(
        account.id, account.first_name, account.last_name, call.world.views.usernames(account) or []
    )
    if account is call.me:
        tell_acquaintances(call, update)
    return True


@serves(functions.account.ToggleUsernameRequest)
def toggle_username(request: functions.account.ToggleUsernameRequest, call: Call) -> bool:
    """Let a username of the account be good, or not."""
    _toggle(call.me, request.username, request.active)
    return _tell(call, call.me)


@serves(functions.account.ReorderUsernamesRequest)
def reorder_usernames(request: functions.account.ReorderUsernamesRequest, call: Call) -> bool:
    """Put the usernames of the account into another order."""
    _reorder(call.me, request.order)
    return _tell(call, call.me)


def _bot(call: Call, given: types.TypeInputUser) -> Account:
    account = call.user(given)
    if account.bot is None or account.bot.owner != call.my_id:
        raise RpcFault(400, "BOT_INVALID")
    return account


@serves(functions.bots.ToggleUsernameRequest, who="both")
def toggle_bot_username(request: functions.bots.ToggleUsernameRequest, call: Call) -> bool:
    """The same for a bot."""
    account = _bot(call, request.bot)
    _toggle(account, request.username, request.active)
    return _tell(call, account)


@serves(functions.bots.ReorderUsernamesRequest, who="both")
def reorder_bot_usernames(request: functions.bots.ReorderUsernamesRequest, call: Call) -> bool:
    """The same for a bot."""
    account = _bot(call, request.bot)
    _reorder(account, request.order)
    return _tell(call, account)


def _channel(call: Call, given: types.TypeInputChannel) -> Channel:
    channel = call.channel(given, member=True)
    if channel.creator != call.my_id:
        raise RpcFault(400, "CHAT_ADMIN_REQUIRED")
    return channel


def _changed(call: Call, channel: Channel, before: list[str]) -> bool:
    _in_force(call, channel)
    note_change(call, channel, types.ChannelAdminLogEventActionChangeUsernames(before, _active(channel)))
    tell_changed(call, channel)
    return True


@serves(functions.channels.ToggleUsernameRequest, who="both")
def toggle_channel_username(request: functions.channels.ToggleUsernameRequest, call: Call) -> bool:
    """The same for a channel."""
    channel = _channel(call, request.channel)
    before = _active(channel)
    _toggle(channel, request.username, request.active)
    return _changed(call, channel, before)


@serves(functions.channels.ReorderUsernamesRequest, who="both")
def reorder_channel_usernames(request: functions.channels.ReorderUsernamesRequest, call: Call) -> bool:
    """The same for a channel."""
    channel = _channel(call, request.channel)
    before = _active(channel)
    _reorder(channel, request.order)
    return _changed(call, channel, before)


@serves(functions.channels.DeactivateAllUsernamesRequest, who="both")
def deactivate_all_usernames(request: functions.channels.DeactivateAllUsernamesRequest, call: Call) -> bool:
    """Let none of the further usernames of a channel be good."""
    channel = _channel(call, request.channel)
    before = _active(channel)
    channel.further = dict.fromkeys(channel.further, False)
    return _changed(call, channel, before)


@serves(functions.fragment.GetCollectibleInfoRequest, who="both")
def get_collectible_info(
    request: functions.fragment.GetCollectibleInfoRequest, call: Call
) -> types.fragment.CollectibleInfo:
    """When a further username was bought."""
    if not isinstance(request.collectible, types.InputCollectibleUsername):
        raise RpcFault(400, "COLLECTIBLE_NOT_FOUND")
    name = request.collectible.username
    holders: list[Account | Channel] = [*call.world.accounts.values(), *call.world.channels.values()]
    for holder in holders:
        for known in holder.further:
            if known.lower() == name.lower():
                return types.fragment.CollectibleInfo(
                    moment(call.now), "USD", 1000, "TON", 1_000_000_000, f"https://fragment.com/username/{known}"
                )
    raise RpcFault(400, "COLLECTIBLE_NOT_FOUND")
