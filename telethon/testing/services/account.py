"""account: the own profile, devices, takeouts and settings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.testing.services._devices import clean_phone, describe, end_authorization
from telethon.testing.services._service import serves
from telethon.testing.services.passwords import who_has_password
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon.testing._call import Call

_USERNAME = re.compile(r"[A-Za-z](?:_?[A-Za-z0-9]){3,31}")


# -- profile ---------------------------------------------------------------------------------------------------------


def tell_acquaintances(call: Call, update: types.TypeUpdate) -> None:
    """Tell an update about the account to itself and everybody who talks with it or has it as a contact."""
    me = call.me
    known = {account_id for account_id in me.mailbox.dialogs if account_id > 0}
    known.update(account.id for account in call.world.accounts.values() if me.id in account.contacts)
    known.add(me.id)
    for account_id in known:
        if account_id in call.world.accounts:
            call.delivery.note(account_id, update, (me.id,))


def _tell_name(call: Call) -> None:
    me = call.me
    usernames = [types.Username(me.username, editable=True, active=True)] if me.username else []
    tell_acquaintances(call, types.UpdateUserName(me.id, me.first_name, me.last_name, usernames))


@serves(functions.account.UpdateProfileRequest)
def update_profile(request: functions.account.UpdateProfileRequest, call: Call) -> types.TypeUser:
    """Change the name or the text about oneself."""
    me = call.me
    if request.first_name is not None and not 0 < len(request.first_name.strip()) <= 64:
        raise RpcFault(400, "FIRSTNAME_INVALID")
    if request.about is not None and len(request.about) > (140 if me.premium else 70):
        raise RpcFault(400, "ABOUT_TOO_LONG")
    if request.first_name is not None:
        me.first_name = request.first_name.strip()
    if request.last_name is not None:
        me.last_name = request.last_name.strip()
    if request.about is not None:
        me.about = request.about
    if request.first_name is not None or request.last_name is not None:
        _tell_name(call)
    return call.world.views.user(me.id, me.id)


def check_name(username: str) -> None:
    """Raise USERNAME_INVALID for what cannot be a username."""
    if len(username) < 5 or not _USERNAME.fullmatch(username):
        raise RpcFault(400, "USERNAME_INVALID")


@serves(functions.account.CheckUsernameRequest)
def check_username(request: functions.account.CheckUsernameRequest, call: Call) -> bool:
    """Whether a username is free."""
    check_name(request.username)
    return request.username.lower() not in call.world.usernames


@serves(functions.account.UpdateUsernameRequest)
def update_username(request: functions.account.UpdateUsernameRequest, call: Call) -> types.TypeUser:
    """Take another username, or none."""
    me, world = call.me, call.world
    if request.username == (me.username or ""):
        raise RpcFault(400, "USERNAME_NOT_MODIFIED")
    if request.username:
        check_name(request.username)
        if world.usernames.get(request.username.lower(), me.id) != me.id:
            raise RpcFault(400, "USERNAME_OCCUPIED")
    world.drop_username(me.username)
    me.username = request.username or None
    if me.username is not None:
        world.take_username(me.username, me.id)
    _tell_name(call)
    return world.views.user(me.id, me.id)


@serves(functions.account.UpdateStatusRequest)
def update_status(request: functions.account.UpdateStatusRequest, call: Call) -> bool:
    """Say whether the person is there."""
    call.me.seen = call.now if request.offline else call.now + 300
    tell_acquaintances(call, types.UpdateUserStatus(call.my_id, call.world.views.status(call.me)))
    return True


# -- phone and end ---------------------------------------------------------------------------------------------------


@serves(functions.account.SendChangePhoneCodeRequest)
def send_change_phone_code(
    request: functions.account.SendChangePhoneCodeRequest, call: Call
) -> types.auth._TypeSentCode:
    """Send a code to the new number."""
    phone = clean_phone(request.phone_number)
    if call.world.by_phone(phone) is not None:
        raise RpcFault(400, "PHONE_NUMBER_OCCUPIED")
    sent = call.world.logins.send_code(phone)
    return types.auth.SentCode(types.auth.SentCodeTypeSms(len(sent.code)), sent.hash)


@serves(functions.account.ChangePhoneRequest)
def change_phone(request: functions.account.ChangePhoneRequest, call: Call) -> types.TypeUser:
    """Move the account to another number."""
    phone = clean_phone(request.phone_number)
    call.world.logins.check_code(phone, request.phone_code_hash, request.phone_code)
    me = call.me
    call.world.phones.pop(me.phone or "", None)
    me.phone = phone
    call.world.phones[phone] = me.id
    call.delivery.note(me.id, types.UpdateUserPhone(me.id, phone), (me.id,))
    return call.world.views.user(me.id, me.id)


@serves(functions.account.DeleteAccountRequest, login=False)
def delete_account(request: functions.account.DeleteAccountRequest, call: Call) -> bool:
    """Delete the account."""
    account = who_has_password(call)
    call.world.phones.pop(account.phone or "", None)
    call.world.drop_username(account.username)
    account.deleted = True
    account.username = account.phone = None
    for auth in list(call.world.authorizations_of(account.id)):
        call.world.logins.leave(auth)
    return True


# -- devices ---------------------------------------------------------------------------------------------------------


@serves(functions.account.GetAuthorizationsRequest)
def get_authorizations(request: functions.account.GetAuthorizationsRequest, call: Call) -> types.account.Authorizations:
    """The devices that are logged in."""
    known = call.world.authorizations_of(call.my_id)
    return types.account.Authorizations(
        call.me.settings.get("authorization ttl", 180), [describe(auth, call.now, auth is call.auth) for auth in known]
    )


@serves(functions.account.ResetAuthorizationRequest)
def reset_authorization(request: functions.account.ResetAuthorizationRequest, call: Call) -> bool:
    """Log a device out."""
    for auth in call.world.authorizations_of(call.my_id):
        if auth is not call.auth and auth.data.get("hash") == request.hash:
            end_authorization(call, auth)
            return True
    raise RpcFault(400, "HASH_INVALID")


@serves(functions.account.RegisterDeviceRequest)
def register_device(request: functions.account.RegisterDeviceRequest, call: Call) -> bool:
    """Push notifications are not sent; asking for them does no harm."""
    return True


@serves(functions.account.UnregisterDeviceRequest)
def unregister_device(request: functions.account.UnregisterDeviceRequest, call: Call) -> bool:
    """The end of push notifications."""
    return True


# -- takeout ---------------------------------------------------------------------------------------------------------


@serves(functions.account.InitTakeoutSessionRequest)
def init_takeout(request: functions.account.InitTakeoutSessionRequest, call: Call) -> types.account.Takeout:
    """Begin to take data out."""
    delay = call.world.options.takeout_delay
    if delay and not call.me.settings.get("takeout_allowed"):
        raise RpcFault(420, f"TAKEOUT_INIT_DELAY_{delay}")
    takeout_id = call.world.new_id()
    call.me.settings.setdefault("takeouts", set()).add(takeout_id)
    return types.account.Takeout(takeout_id)


@serves(functions.account.FinishTakeoutSessionRequest)
def finish_takeout(request: functions.account.FinishTakeoutSessionRequest, call: Call) -> bool:
    """End it."""
    takeouts: set[int] = call.me.settings.get("takeouts", set())
    if call.context.takeout_id is None:
        raise RpcFault(403, "TAKEOUT_REQUIRED")
    if call.context.takeout_id not in takeouts:
        raise RpcFault(400, "TAKEOUT_INVALID")
    takeouts.discard(call.context.takeout_id)
    return True


# -- settings --------------------------------------------------------------------------------------------------------


_KINDS: dict[type, str] = {
    types.InputNotifyUsers: "notify users",
    types.InputNotifyChats: "notify chats",
    types.InputNotifyBroadcasts: "notify broadcasts",
}
_TOLD: dict[type, type[types.NotifyUsers | types.NotifyChats | types.NotifyBroadcasts]] = {
    types.InputNotifyUsers: types.NotifyUsers,
    types.InputNotifyChats: types.NotifyChats,
    types.InputNotifyBroadcasts: types.NotifyBroadcasts,
}


def _notified_peer(call: Call, peer: types.TypeInputNotifyPeer) -> int | None:
    return call.peer(peer.peer) if isinstance(peer, types.InputNotifyPeer) else None


@serves(functions.account.GetNotifySettingsRequest)
def get_notify_settings(
    request: functions.account.GetNotifySettingsRequest, call: Call
) -> types.TypePeerNotifySettings:
    """How messages of a chat are announced."""
    peer = _notified_peer(call, request.peer)
    dialog = call.me.mailbox.dialogs.get(peer) if peer is not None else None
    if dialog is not None and dialog.notify is not None:
        return dialog.notify
    kept: types.PeerNotifySettings | None = call.me.settings.get(_KINDS.get(type(request.peer), ""))
    if kept is not None:
        return kept
    return types.PeerNotifySettings(show_previews=True, silent=False, mute_until=0)


@serves(functions.account.UpdateNotifySettingsRequest)
def update_notify_settings(request: functions.account.UpdateNotifySettingsRequest, call: Call) -> bool:
    """Change that."""
    new = request.settings
    settings = types.PeerNotifySettings(
        show_previews=new.show_previews, silent=new.silent, mute_until=new.mute_until, other_sound=new.sound
    )
    peer = _notified_peer(call, request.peer)
    if peer is not None:
        from telethon.testing.world.peerids import as_peer

        call.me.mailbox.dialog(peer).notify = settings
        update = types.UpdateNotifySettings(types.NotifyPeer(as_peer(peer)), settings)
        call.delivery.note(call.my_id, update, (peer,), lasting=True)
    elif type(request.peer) in _KINDS:
        call.me.settings[_KINDS[type(request.peer)]] = settings
        call.delivery.note(call.my_id, types.UpdateNotifySettings(_TOLD[type(request.peer)](), settings), lasting=True)
    return True


@serves(functions.account.GetAccountTTLRequest)
def get_account_ttl(request: functions.account.GetAccountTTLRequest, call: Call) -> types.AccountDaysTTL:
    """After how many days without log-in the account ends."""
    return types.AccountDaysTTL(call.me.settings.get("ttl", 365))


@serves(functions.account.SetAccountTTLRequest)
def set_account_ttl(request: functions.account.SetAccountTTLRequest, call: Call) -> bool:
    """Change that."""
    if not 0 < request.ttl.days <= 730:
        raise RpcFault(400, "TTL_DAYS_INVALID")
    call.me.settings["ttl"] = request.ttl.days
    return True


@serves(functions.account.GetContentSettingsRequest)
def get_content_settings(
    request: functions.account.GetContentSettingsRequest, call: Call
) -> types.account.ContentSettings:
    """Whether everything may be shown."""
    return types.account.ContentSettings(
        sensitive_enabled=bool(call.me.settings.get("sensitive")),
        sensitive_can_change=call.world.options.sensitive_can_change,
    )


@serves(functions.account.GetGlobalPrivacySettingsRequest)
def get_global_privacy(
    request: functions.account.GetGlobalPrivacySettingsRequest, call: Call
) -> types.GlobalPrivacySettings:
    """Some more settings about who may do what."""
    kept: types.GlobalPrivacySettings = call.me.settings.get("global privacy", types.GlobalPrivacySettings())
    return kept
