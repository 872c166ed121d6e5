"""bots: what bots say of themselves.

Source: https://core.telegram.org/api/bots/commands
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.testing.services._service import serves
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon.testing._call import Call
    from telethon.testing.world.records import Account, Bot

_COMMAND = re.compile(r"[a-z0-9_]{1,32}")


def _bot(account: Account) -> Bot:
    if account.bot is None:
        raise RpcFault(400, "BOT_INVALID")
    return account.bot


def _chosen(call: Call, bot: types.TypeInputUser | None) -> Account:
    return call.me if bot is None else call.user(bot)


@serves(functions.bots.SetBotCommandsRequest, who="bot")
def set_bot_commands(request: functions.bots.SetBotCommandsRequest, call: Call) -> bool:
    """Say which commands the bot knows."""
    if len(request.commands) > 100:
        raise RpcFault(400, "BOT_COMMANDS_TOO_MUCH")
    for command in request.commands:
        if not _COMMAND.fullmatch(command.command):
            raise RpcFault(400, "BOT_COMMAND_INVALID")
        if not 0 < len(command.description) <= 256:
            raise RpcFault(400, "BOT_COMMAND_DESCRIPTION_INVALID")
    _bot(call.me).commands[bytes(request.scope), request.lang_code] = list(request.commands)
    return True


@serves(functions.bots.GetBotCommandsRequest, who="bot")
def get_bot_commands(request: functions.bots.GetBotCommandsRequest, call: Call) -> list[types.BotCommand]:
    """The commands that were set."""
    return list(_bot(call.me).commands.get((bytes(request.scope), request.lang_code), []))


@serves(functions.bots.ResetBotCommandsRequest, who="both")
def reset_bot_commands(request: functions.bots.ResetBotCommandsRequest, call: Call) -> bool:
    """Forget them."""
    _bot(call.me).commands.pop((bytes(request.scope), request.lang_code), None)
    return True


@serves(functions.bots.SetBotMenuButtonRequest, who="both")
def set_bot_menu_button(request: functions.bots.SetBotMenuButtonRequest, call: Call) -> bool:
    """Choose the button beside the text field."""
    _bot(call.me).menu_button = request.button
    return True


@serves(functions.bots.GetBotMenuButtonRequest, who="bot")
def get_bot_menu_button(request: functions.bots.GetBotMenuButtonRequest, call: Call) -> types.TypeBotMenuButton:
    """The button that was chosen."""
    return _bot(call.me).menu_button or types.BotMenuButtonDefault()


@serves(functions.bots.SetBotInfoRequest, who="both")
def set_bot_info(request: functions.bots.SetBotInfoRequest, call: Call) -> bool:
    """Change name and texts of a bot."""
    account = _chosen(call, request.bot)
    bot = _bot(account)
    if request.name is not None:
        if not 0 < len(request.name) <= 64:
            raise RpcFault(400, "FIRSTNAME_INVALID")
        account.first_name = request.name
    if request.about is not None:
        bot.about = request.about
    if request.description is not None:
        bot.description = request.description
    return True


@serves(functions.bots.GetBotInfoRequest, who="both")
def get_bot_info(request: functions.bots.GetBotInfoRequest, call: Call) -> types.bots.BotInfo:
    """Name and texts of a bot."""
    account = _chosen(call, request.bot)
    bot = _bot(account)
    return types.bots.BotInfo(account.first_name, bot.about, bot.description)


@serves(functions.bots.CanSendMessageRequest, who="both")
def can_send_message(request: functions.bots.CanSendMessageRequest, call: Call) -> bool:
    """Whether a bot may write to the account first."""
    return call.my_id in call.user(request.bot).mailbox.dialogs


@serves(functions.bots.AllowSendMessageRequest, who="both")
def allow_send_message(request: functions.bots.AllowSendMessageRequest, call: Call) -> types.TypeUpdates:
    """Allow that."""
    from telethon.testing.world import post

    bot = call.user(request.bot)
    _bot(bot)
    if call.my_id not in bot.mailbox.dialogs:
        bot.mailbox.dialog(call.my_id)
        action = types.MessageActionBotAllowed(from_request=True)
        post.service(call.world, call.delivery, call.me, bot.id, action)
    return call.updates()


@serves(functions.bots.GetAdminedBotsRequest, who="both")
def get_admined_bots(request: functions.bots.GetAdminedBotsRequest, call: Call) -> list[types.TypeUser]:
    """Bots that belong to the account."""
    owned = [one.id for one in call.world.accounts.values() if one.bot is not None and one.bot.owner == call.my_id]
    users, _ = call.split(owned)
    return users
