"""account: who may see what of the account.

Source: https://core.telegram.org/api/privacy
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from telethon.testing._rpc import RpcFault
from telethon.testing.services._service import serves
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon.testing._call import Call

_SIMPLE: tuple[tuple[type, type], ...] = (
    (types.InputPrivacyValueAllowAll, types.PrivacyValueAllowAll),
    (types.InputPrivacyValueAllowContacts, types.PrivacyValueAllowContacts),
    (types.InputPrivacyValueAllowCloseFriends, types.PrivacyValueAllowCloseFriends),
    (types.InputPrivacyValueAllowPremium, types.PrivacyValueAllowPremium),
    (types.InputPrivacyValueAllowBots, types.PrivacyValueAllowBots),
    (types.InputPrivacyValueDisallowAll, types.PrivacyValueDisallowAll),
    (types.InputPrivacyValueDisallowContacts, types.PrivacyValueDisallowContacts),
    (types.InputPrivacyValueDisallowBots, types.PrivacyValueDisallowBots),
)
_MAX_USERS = 1000


def _rule(call: Call, given: types.TypeInputPrivacyRule) -> types.TypePrivacyRule:
    for asked, kept in _SIMPLE:
        if isinstance(given, asked):
            return cast("types.TypePrivacyRule", kept())
    if isinstance(given, (types.InputPrivacyValueAllowUsers, types.InputPrivacyValueDisallowUsers)):
        users = [call.user(user).id for user in given.users]
        if len(users) > _MAX_USERS:
            raise RpcFault(400, "PRIVACY_TOO_LONG")
        if isinstance(given, types.InputPrivacyValueAllowUsers):
            return types.PrivacyValueAllowUsers(users)
        return types.PrivacyValueDisallowUsers(users)
    if isinstance(given, types.InputPrivacyValueAllowChatParticipants):
        return types.PrivacyValueAllowChatParticipants(given.chats)
    if isinstance(given, types.InputPrivacyValueDisallowChatParticipants):
        return types.PrivacyValueDisallowChatParticipants(given.chats)
    raise RpcFault(400, "PRIVACY_VALUE_INVALID")


def _answer(call: Call, key: types.TypeInputPrivacyKey) -> types.account.PrivacyRules:
    rules: list[types.TypePrivacyRule] = call.me.settings.get(_name(key), [types.PrivacyValueAllowAll()])
    named = {user for rule in rules for user in getattr(rule, "users", ())}
    users, chats = call.split(named)
    return types.account.PrivacyRules(rules, chats, users)


def _name(key: types.TypeInputPrivacyKey) -> str:
    return f"privacy {type(key).__name__}"


@serves(functions.account.GetPrivacyRequest)
def get_privacy(request: functions.account.GetPrivacyRequest, call: Call) -> types.account.PrivacyRules:
    """Who may see something of the account."""
    return _answer(call, request.key)


@serves(functions.account.SetPrivacyRequest)
def set_privacy(request: functions.account.SetPrivacyRequest, call: Call) -> types.account.PrivacyRules:
    """Say who may."""
    if not request.rules:
        raise RpcFault(400, "PRIVACY_VALUE_INVALID")
    call.me.settings[_name(request.key)] = [_rule(call, rule) for rule in request.rules]
    return _answer(call, request.key)
