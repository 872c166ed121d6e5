"""auth: logging in by phone, bot token, password or QR code; logging out; moving between data centres.

Source: https://core.telegram.org/api/auth
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.testing.services._devices import clean_phone, describe, end_authorization
from telethon.testing.services._service import serves
from telethon.testing.world import TELEGRAM, post
from telethon.testing.world.letters import Draft
from telethon.testing.world.logins import LoginToken, SentCode
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon.testing._call import Call
    from telethon.testing.world.records import Account

TOKEN_LIFETIME = 30
"""Seconds a QR code is good for."""


def check_api(call: Call, api_id: int, api_hash: str) -> None:
    """Raise API_ID_INVALID unless the program is the one the server knows."""
    world = call.world
    if world.api_id and (api_id != world.api_id or api_hash != world.api_hash):
        raise RpcFault(400, "API_ID_INVALID")


def log_in(call: Call, account: Account) -> types.auth.Authorization:
    """Log an account in with the key of the request, and tell its other devices."""
    world = call.world
    others = len(world.authorizations_of(account.id))
    fresh = world.logins.enter(call.auth, account)
    if fresh and others and account.bot is None:
        update = types.UpdateNewAuthorization(
            call.auth.data["hash"],
            date=world.now(),
            device=call.auth.device_model or "Unknown",
            location="Loopback",
            unconfirmed=True,
        )
        call.delivery.note(account.id, update)
        call.delivery.answered()
    return types.auth.Authorization(world.views.user(account.id, account.id))


def _finish(call: Call, account: Account) -> types.auth.Authorization:
    """The last step: done, or first the password."""
    if account.password is not None:
        call.auth.data["password_user"] = account.id
        raise RpcFault(401, "SESSION_PASSWORD_NEEDED")
    return log_in(call, account)


# -- phone -----------------------------------------------------------------------------------------------------------


def _sent_code(call: Call, sent: SentCode) -> types.auth.SentCode:
    account = call.world.by_phone(sent.phone)
    in_app = account is not None and bool(call.world.authorizations_of(account.id)) and not sent.resent
    kind: types.auth._TypeSentCodeType
    kind = types.auth.SentCodeTypeApp(len(sent.code)) if in_app else types.auth.SentCodeTypeSms(len(sent.code))
    return types.auth.SentCode(
        type=kind, phone_code_hash=sent.hash, next_type=types.auth.CodeTypeSms() if in_app else None, timeout=60
    )


def _tell_code(call: Call, sent: SentCode) -> None:
    """Send the code to the account's other devices, as a message of Telegram's own account."""
    world = call.world
    account = world.by_phone(sent.phone)
    if account is None or not world.authorizations_of(account.id):
        return
    text = f"Login code: {sent.code}. Nobody but you should see it; it lets the reader into your account."
    bold = types.MessageEntityBold(0, len("Login code:"))
    post.send(world, call.delivery, world.accounts[TELEGRAM], account.id, Draft(text, [bold]))


@serves(functions.auth.SendCodeRequest, login=False)
def send_code(request: functions.auth.SendCodeRequest, call: Call) -> types.auth._TypeSentCode:
    """Send a code to a phone number."""
    check_api(call, request.api_id, request.api_hash)
    phone = clean_phone(request.phone_number)
    account = call.world.by_phone(phone)
    if account is not None and account.deleted:
        raise RpcFault(400, "PHONE_NUMBER_BANNED")
    if account is not None and account.dc_id != call.dc_id:
        raise RpcFault(303, f"PHONE_MIGRATE_{account.dc_id}")
    sent = call.world.logins.send_code(phone)
    _tell_code(call, sent)
    return _sent_code(call, sent)


@serves(functions.auth.ResendCodeRequest, login=False)
def resend_code(request: functions.auth.ResendCodeRequest, call: Call) -> types.auth._TypeSentCode:
    """Send the code once more, another way."""
    phone = clean_phone(request.phone_number)
    sent = call.world.logins.codes.get(phone)
    if not request.phone_code_hash:
        raise RpcFault(400, "PHONE_CODE_HASH_EMPTY")
    if sent is None or sent.hash != request.phone_code_hash:
        raise RpcFault(400, "PHONE_CODE_EXPIRED")
    if sent.resent:
        raise RpcFault(406, "SEND_CODE_UNAVAILABLE")
    sent.resent += 1
    return _sent_code(call, sent)


@serves(functions.auth.CancelCodeRequest, login=False)
def cancel_code(request: functions.auth.CancelCodeRequest, call: Call) -> bool:
    """Make a code worthless."""
    phone = clean_phone(request.phone_number)
    sent = call.world.logins.codes.get(phone)
    if sent is None or sent.hash != request.phone_code_hash:
        raise RpcFault(400, "PHONE_CODE_EXPIRED")
    del call.world.logins.codes[phone]
    return True


@serves(functions.auth.SignInRequest, login=False)
def sign_in(request: functions.auth.SignInRequest, call: Call) -> types.auth._TypeAuthorization:
    """Log in with a code."""
    phone = clean_phone(request.phone_number)
    call.world.logins.check_code(phone, request.phone_code_hash, request.phone_code or "")
    account = call.world.by_phone(phone)
    if account is None:
        return types.auth.AuthorizationSignUpRequired()
    del call.world.logins.codes[phone]
    return _finish(call, account)


@serves(functions.auth.SignUpRequest, login=False)
def sign_up(request: functions.auth.SignUpRequest, call: Call) -> types.auth._TypeAuthorization:
    """Make an account for a number whose code was entered."""
    phone = clean_phone(request.phone_number)
    sent = call.world.logins.codes.get(phone)
    if sent is None or sent.hash != request.phone_code_hash:
        raise RpcFault(400, "PHONE_CODE_EXPIRED")
    if call.world.by_phone(phone) is not None:
        raise RpcFault(400, "PHONE_NUMBER_OCCUPIED")
    if not request.first_name.strip():
        raise RpcFault(400, "FIRSTNAME_INVALID")
    del call.world.logins.codes[phone]
    account = call.world.create_user(request.first_name, request.last_name, phone=phone, dc_id=call.dc_id)
    return log_in(call, account)


@serves(functions.auth.CheckPasswordRequest, login=False)
def check_password(request: functions.auth.CheckPasswordRequest, call: Call) -> types.auth._TypeAuthorization:
    """Log in with the password, after the code."""
    user_id = call.auth.data.get("password_user")
    account = call.world.accounts.get(user_id) if user_id is not None else None
    if account is None:
        raise RpcFault(401, "AUTH_KEY_UNREGISTERED")
    if account.password is None or not isinstance(request.password, types.InputCheckPasswordSRP):
        raise RpcFault(400, "PASSWORD_HASH_INVALID")
    error = account.password.check(request.password)
    if error is not None:
        raise RpcFault(400, error)
    return log_in(call, account)


# -- bots ------------------------------------------------------------------------------------------------------------


@serves(functions.auth.ImportBotAuthorizationRequest, who="both", login=False)
def import_bot(request: functions.auth.ImportBotAuthorizationRequest, call: Call) -> types.auth._TypeAuthorization:
    """Log a bot in."""
    check_api(call, request.api_id, request.api_hash)
    user_id = call.world.tokens.get(request.bot_auth_token)
    if user_id is None:
        raise RpcFault(400, "ACCESS_TOKEN_INVALID")
    account = call.world.accounts[user_id]
    if account.dc_id != call.dc_id:
        raise RpcFault(303, f"USER_MIGRATE_{account.dc_id}")
    return log_in(call, account)


# -- leaving ---------------------------------------------------------------------------------------------------------


@serves(functions.auth.LogOutRequest, who="both", anywhere=True)
def log_out(request: functions.auth.LogOutRequest, call: Call) -> types.auth.LoggedOut:
    """Log out."""
    call.world.logins.leave(call.auth)
    return types.auth.LoggedOut()


@serves(functions.auth.ResetAuthorizationsRequest)
def reset_authorizations(request: functions.auth.ResetAuthorizationsRequest, call: Call) -> bool:
    """Log all other devices out."""
    for auth in list(call.world.authorizations_of(call.my_id)):
        if auth is not call.auth:
            end_authorization(call, auth)
    return True


# -- data centres ----------------------------------------------------------------------------------------------------


@serves(functions.auth.ExportAuthorizationRequest, who="both", anywhere=True)
def export_authorization(
    request: functions.auth.ExportAuthorizationRequest, call: Call
) -> types.auth.ExportedAuthorization:
    """Get bytes that log the account in at another data centre."""
    if request.dc_id not in call.world.dc_ids or request.dc_id == call.dc_id:
        raise RpcFault(400, "DC_ID_INVALID")
    return types.auth.ExportedAuthorization(*call.world.logins.export(call.my_id))


@serves(functions.auth.ImportAuthorizationRequest, who="both", login=False)
def import_authorization(
    request: functions.auth.ImportAuthorizationRequest, call: Call
) -> types.auth._TypeAuthorization:
    """Log in with such bytes."""
    account = call.world.logins.redeem(request.id, request.bytes)
    call.world.logins.enter(call.auth, account)
    return types.auth.Authorization(call.world.views.user(account.id, account.id))


# -- QR codes --------------------------------------------------------------------------------------------------------


@serves(functions.auth.ExportLoginTokenRequest, login=False)
def export_login_token(request: functions.auth.ExportLoginTokenRequest, call: Call) -> types.auth._TypeLoginToken:
    """Get a token to show as a QR code, or the log-in when it was accepted."""
    check_api(call, request.api_id, request.api_hash)
    logins = call.world.logins
    for known in list(logins.tokens.values()):
        if known.session.auth is not call.auth:
            continue
        if known.user_id is not None:
            account = call.world.accounts[known.user_id]
            if account.dc_id != call.dc_id:
                return types.auth.LoginTokenMigrateTo(account.dc_id, known.token)
            del logins.tokens[known.token]
            return types.auth.LoginTokenSuccess(_finish(call, account))
        if known.expires <= call.now:
            del logins.tokens[known.token]
    token = LoginToken(call.world.rand(32), call.now + TOKEN_LIFETIME, call.session)
    logins.tokens[token.token] = token
    return types.auth.LoginToken(token.expires, token.token)


@serves(functions.auth.ImportLoginTokenRequest, login=False)
def import_login_token(request: functions.auth.ImportLoginTokenRequest, call: Call) -> types.auth._TypeLoginToken:
    """Log in with an accepted token at the data centre of the account."""
    token = call.world.logins.tokens.get(request.token)
    if token is None:
        raise RpcFault(400, "AUTH_TOKEN_INVALID")
    if token.user_id is None:
        raise RpcFault(400, "AUTH_TOKEN_EXPIRED" if token.expires <= call.now else "AUTH_TOKEN_INVALID")
    account = call.world.accounts[token.user_id]
    if account.dc_id != call.dc_id:
        return types.auth.LoginTokenMigrateTo(account.dc_id, token.token)
    del call.world.logins.tokens[request.token]
    return types.auth.LoginTokenSuccess(_finish(call, account))


@serves(functions.auth.AcceptLoginTokenRequest)
def accept_login_token(request: functions.auth.AcceptLoginTokenRequest, call: Call) -> types.Authorization:
    """Let the device that shows the token in."""
    token = call.world.logins.tokens.get(request.token)
    if token is None:
        raise RpcFault(400, "AUTH_TOKEN_INVALIDX")
    if token.user_id is not None:
        raise RpcFault(400, "AUTH_TOKEN_ALREADY_ACCEPTED")
    if token.expires <= call.now:
        raise RpcFault(400, "AUTH_TOKEN_EXPIRED")
    token.user_id = call.my_id
    token.session.push(types.UpdateShort(types.UpdateLoginToken(), call.now))
    return describe(token.session.auth, call.now, current=False)


@serves(functions.auth.DropTempAuthKeysRequest, who="both", login=False)
def drop_temp_auth_keys(request: functions.auth.DropTempAuthKeysRequest, call: Call) -> bool:
    """Temporary keys of a permanent one end by themselves here."""
    return True
