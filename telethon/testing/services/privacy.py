"""account: who may see what of the account.

Source: https://core.telegram.org/api/privacy
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from telethon.testing._rpc import RpcFault
from telethon.testing.services._service import serves
from telethon.tl import functions, types

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telethon.testing._call import Call
    from telethon.testing.world.records import Account

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


def kept_rule(call: Call, given: types.TypeInputPrivacyRule) -> types.TypePrivacyRule:
    """A rule as it is kept.

    Raises:
        RpcFault: PRIVACY_VALUE_INVALID or PRIVACY_TOO_LONG.
    """
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


def allows(owner: Account, key: type[types.TypeInputPrivacyKey], viewer: Account) -> bool:
    """Whether the rules of an account allow something to another one; the first rule that speaks of it decides.

    Args:
        owner: whose rules.
        key: what it is about.
        viewer: who wants it.
    """
    return rules_allow(owner.settings.get(f"privacy {key.__name__}", ()), owner, viewer)


def person_to_reach(call: Call, given: types.TypeInputUser) -> Account:
    """Somebody whom the account may call or ask for a secret chat.

    Raises:
        RpcFault: INPUT_USER_DEACTIVATED, USER_ID_INVALID or USER_IS_BLOCKED.
    """
    other = call.user(given)
    if other.deleted:
        raise RpcFault(400, "INPUT_USER_DEACTIVATED")
    if other.bot is not None or other.id == call.my_id:
        raise RpcFault(400, "USER_ID_INVALID")
    if call.my_id in other.blocked:
        raise RpcFault(403, "USER_IS_BLOCKED")
    return other


def rules_allow(rules: Sequence[types.TypePrivacyRule], owner: Account, viewer: Account) -> bool:
    """The same for given rules; where there are none, everything is allowed.

    Args:
        rules: the rules, in order.
        owner: whose rules they are.
        viewer: who wants it.
    """
    for rule in rules:
        if isinstance(rule, (types.PrivacyValueAllowUsers, types.PrivacyValueDisallowUsers)):
            spoken_of = viewer.id in rule.users
        elif isinstance(rule, (types.PrivacyValueAllowContacts, types.PrivacyValueDisallowContacts)):
            spoken_of = viewer.id in owner.contacts
        elif isinstance(rule, (types.PrivacyValueAllowBots, types.PrivacyValueDisallowBots)):
            spoken_of = viewer.bot is not None
        elif isinstance(rule, types.PrivacyValueAllowPremium):
            spoken_of = viewer.premium
        elif isinstance(rule, types.PrivacyValueAllowCloseFriends):
            spoken_of = viewer.id in owner.profile.close_friends
        else:
            spoken_of = isinstance(rule, (types.PrivacyValueAllowAll, types.PrivacyValueDisallowAll))
        if spoken_of:
            return "Disallow" not in type(rule).__name__
    return not rules


@serves(functions.account.GetPrivacyRequest)
def get_privacy(request: functions.account.GetPrivacyRequest, call: Call) -> types.account.PrivacyRules:
    """Who may see something of the account."""
    return _answer(call, request.key)


@serves(functions.account.SetPrivacyRequest)
def set_privacy(request: functions.account.SetPrivacyRequest, call: Call) -> types.account.PrivacyRules:
    """Say who may."""
    if not request.rules:
        raise RpcFault(400, "PRIVACY_VALUE_INVALID")
    call.me.settings[_name(request.key)] = [kept_rule(call, rule) for rule in request.rules]
    return _answer(call, request.key)
