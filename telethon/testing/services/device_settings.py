"""account and messages: what the apps of an account keep in common - notifications, downloads, devices, privacy.

Source: https://core.telegram.org/api/account
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from telethon.testing._rpc import RpcFault
from telethon.testing.services._service import serves
from telethon.testing.world.peerids import as_peer
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon.testing._call import Call

_YEAR = 366 * 86_400
_MB = 1024 * 1024


# -- notifications ---------------------------------------------------------------------------------------------------


@serves(functions.account.ResetNotifySettingsRequest)
def reset_notify_settings(request: functions.account.ResetNotifySettingsRequest, call: Call) -> bool:
    """Announce all chats in the usual way."""
    for dialog in call.me.mailbox.dialogs.values():
        if dialog.notify is not None:
            dialog.notify = None
            update = types.UpdateNotifySettings(types.NotifyPeer(as_peer(dialog.peer)), types.PeerNotifySettings())
            call.delivery.note(call.my_id, update, (dialog.peer,), lasting=True)
    for kind in ("notify users", "notify chats", "notify broadcasts"):
        call.me.settings.pop(kind, None)
    return True


@serves(functions.account.GetNotifyExceptionsRequest)
def get_notify_exceptions(request: functions.account.GetNotifyExceptionsRequest, call: Call) -> types.TypeUpdates:
    """The chats that are announced in a way of their own."""
    changed = [dialog for dialog in call.me.mailbox.dialogs.values() if dialog.notify is not None]
    if isinstance(request.peer, types.InputNotifyPeer):
        only = call.peer(request.peer.peer)
        changed = [dialog for dialog in changed if dialog.peer == only]
    updates: list[types.TypeUpdate] = [
        types.UpdateNotifySettings(types.NotifyPeer(as_peer(dialog.peer)), dialog.notify)
        for dialog in changed
        if dialog.notify is not None
    ]
    return call.updates(updates, [dialog.peer for dialog in changed])


@serves(functions.account.GetContactSignUpNotificationRequest)
def get_contact_sign_up_notification(
    request: functions.account.GetContactSignUpNotificationRequest, call: Call
) -> bool:
    """Whether the account is not told of contacts that are new here."""
    return bool(call.me.settings.get("sign_up_silent", False))


@serves(functions.account.SetContactSignUpNotificationRequest)
def set_contact_sign_up_notification(
    request: functions.account.SetContactSignUpNotificationRequest, call: Call
) -> bool:
    """Change that."""
    call.me.settings["sign_up_silent"] = request.silent
    return True


@serves(functions.account.GetReactionsNotifySettingsRequest, who="both")
def get_reactions_notify_settings(
    request: functions.account.GetReactionsNotifySettingsRequest, call: Call
) -> types.ReactionsNotifySettings:
    """Which reactions are announced."""
    everybody = types.ReactionNotificationsFromAll()
    usual = types.ReactionsNotifySettings(types.NotificationSoundDefault(), True, everybody, everybody, everybody)
    kept: types.ReactionsNotifySettings = call.me.settings.get("notify reactions", usual)
    return kept


@serves(functions.account.SetReactionsNotifySettingsRequest, who="both")
def set_reactions_notify_settings(
    request: functions.account.SetReactionsNotifySettingsRequest, call: Call
) -> types.TypeReactionsNotifySettings:
    """Change that."""
    call.me.settings["notify reactions"] = request.settings
    return request.settings


# -- downloads -------------------------------------------------------------------------------------------------------


def _downloads(call: Call) -> dict[str, types.TypeAutoDownloadSettings]:
    downloads: dict[str, types.TypeAutoDownloadSettings] = call.me.settings.setdefault("downloads", {})
    for name, (size, video) in {"low": (1, 0), "medium": (1, 10), "high": (1, 15)}.items():
        downloads.setdefault(
            name, types.AutoDownloadSettings(size * _MB, video * _MB, size * _MB, 100, 50, 20, disabled=False)
        )
    return downloads


@serves(functions.account.GetAutoDownloadSettingsRequest)
def get_auto_download_settings(
    request: functions.account.GetAutoDownloadSettingsRequest, call: Call
) -> types.account.AutoDownloadSettings:
    """What apps download by themselves, on slow, usual and fast lines."""
    return types.account.AutoDownloadSettings(**_downloads(call))


@serves(functions.account.SaveAutoDownloadSettingsRequest)
def save_auto_download_settings(request: functions.account.SaveAutoDownloadSettingsRequest, call: Call) -> bool:
    """Change that for one kind of line."""
    name = "low" if request.low else "high" if request.high else "medium"
    _downloads(call)[name] = request.settings
    return True


def _kind(request: functions.account.SaveAutoSaveSettingsRequest) -> str:
    return "users" if request.users else "chats" if request.chats else "broadcasts" if request.broadcasts else ""


@serves(functions.account.GetAutoSaveSettingsRequest)
def get_auto_save_settings(
    request: functions.account.GetAutoSaveSettingsRequest, call: Call
) -> types.account.AutoSaveSettings:
    """What apps put into the gallery by themselves."""
    kept: dict[Any, types.TypeAutoSaveSettings] = call.me.settings.get("autosave", {})
    usual = types.AutoSaveSettings(photos=False, videos=False)
    exceptions = {peer: settings for peer, settings in kept.items() if isinstance(peer, int)}
    users, chats = call.split(exceptions)
    return types.account.AutoSaveSettings(
        kept.get("users", usual),
        kept.get("chats", usual),
        kept.get("broadcasts", usual),
        [types.AutoSaveException(as_peer(peer), settings) for peer, settings in exceptions.items()],
        chats,
        users,
    )


@serves(functions.account.SaveAutoSaveSettingsRequest, who="both")
def save_auto_save_settings(request: functions.account.SaveAutoSaveSettingsRequest, call: Call) -> bool:
    """Change that, for a kind of chats or for one."""
    kind: int | str = call.peer(request.peer) if request.peer is not None else _kind(request)
    if not kind:
        raise RpcFault(400, "PEER_ID_INVALID")
    call.me.settings.setdefault("autosave", {})[kind] = request.settings
    call.delivery.note(call.my_id, types.UpdateAutoSaveSettings())
    return True


@serves(functions.account.DeleteAutoSaveExceptionsRequest)
def delete_auto_save_exceptions(request: functions.account.DeleteAutoSaveExceptionsRequest, call: Call) -> bool:
    """Treat all chats of a kind alike."""
    kept: dict[Any, Any] = call.me.settings.get("autosave", {})
    for peer in [one for one in kept if isinstance(one, int)]:
        del kept[peer]
    call.delivery.note(call.my_id, types.UpdateAutoSaveSettings())
    return True


# -- privacy and devices ---------------------------------------------------------------------------------------------


@serves(functions.account.SetContentSettingsRequest)
def set_content_settings(request: functions.account.SetContentSettingsRequest, call: Call) -> bool:
    """Whether everything may be shown."""
    if not call.world.options.sensitive_can_change:
        raise RpcFault(403, "SENSITIVE_CHANGE_FORBIDDEN")
    call.me.settings["sensitive"] = bool(request.sensitive_enabled)
    return True


@serves(functions.account.SetGlobalPrivacySettingsRequest)
def set_global_privacy_settings(
    request: functions.account.SetGlobalPrivacySettingsRequest, call: Call
) -> types.TypeGlobalPrivacySettings:
    """Some more settings about who may do what."""
    if request.settings.new_noncontact_peers_require_premium and not call.me.premium:
        raise RpcFault(403, "PREMIUM_ACCOUNT_REQUIRED")
    call.me.settings["global privacy"] = request.settings
    return request.settings


@serves(functions.account.SetAuthorizationTTLRequest)
def set_authorization_ttl(request: functions.account.SetAuthorizationTTLRequest, call: Call) -> bool:
    """After how many days unused devices are logged out."""
    if not 1 <= request.authorization_ttl_days <= 366:
        raise RpcFault(400, "TTL_DAYS_INVALID")
    call.me.settings["authorization ttl"] = request.authorization_ttl_days
    return True


@serves(functions.account.ChangeAuthorizationSettingsRequest)
def change_authorization_settings(request: functions.account.ChangeAuthorizationSettingsRequest, call: Call) -> bool:
    """Whether a device takes calls and secret chats; and that one knows it."""
    for auth in call.world.authorizations_of(call.my_id):
        if request.hash == (0 if auth is call.auth else auth.data.get("hash")):
            if request.encrypted_requests_disabled is not None:
                auth.data["no_secret_chats"] = request.encrypted_requests_disabled
            if request.call_requests_disabled is not None:
                auth.data["no_calls"] = request.call_requests_disabled
            return True
    raise RpcFault(400, "HASH_INVALID")


@serves(functions.account.UpdateDeviceLockedRequest)
def update_device_locked(request: functions.account.UpdateDeviceLockedRequest, call: Call) -> bool:
    """After how many seconds the device asks for its own password; 0 for never."""
    call.auth.data["locked_after"] = max(0, request.period)
    return True


@serves(functions.account.InvalidateSignInCodesRequest, who="both")
def invalidate_sign_in_codes(request: functions.account.InvalidateSignInCodesRequest, call: Call) -> bool:
    """Make log-in codes worthless that somebody else may have seen."""
    sent = call.world.logins.codes.get(call.me.phone or "")
    if sent is not None and sent.code in request.codes:
        del call.world.logins.codes[sent.phone]
    return True


@serves(functions.messages.GetDefaultHistoryTTLRequest, who="both")
def get_default_history_ttl(
    request: functions.messages.GetDefaultHistoryTTLRequest, call: Call
) -> types.DefaultHistoryTTL:
    """After how many seconds messages of new chats go away; 0 for never."""
    return types.DefaultHistoryTTL(call.me.settings.get("history ttl", 0))


@serves(functions.messages.SetDefaultHistoryTTLRequest, who="both")
def set_default_history_ttl(request: functions.messages.SetDefaultHistoryTTLRequest, call: Call) -> bool:
    """Change that."""
    if not 0 <= request.period <= _YEAR:
        raise RpcFault(400, "TTL_PERIOD_INVALID")
    call.me.settings["history ttl"] = request.period
    return True
