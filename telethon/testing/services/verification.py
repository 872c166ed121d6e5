"""account: codes that prove a phone number or an address, and the end of a forgotten password.

Source: https://core.telegram.org/api/auth
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.testing.services._devices import clean_phone
from telethon.testing.services._service import serves
from telethon.testing.services.passwords import mail_code, pattern_of, prove
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon.testing._call import Call

_WEEK = 7 * 86_400
_RESET = "password_reset"
_EMAIL = "verified_email"


def _sent(call: Call, phone: str) -> types.auth.SentCode:
    sent = call.world.logins.send_code(phone)
    return types.auth.SentCode(types.auth.SentCodeTypeSms(len(sent.code)), sent.hash)


# -- phone numbers ---------------------------------------------------------------------------------------------------


@serves(functions.account.SendVerifyPhoneCodeRequest)
def send_verify_phone_code(
    request: functions.account.SendVerifyPhoneCodeRequest, call: Call
) -> types.auth._TypeSentCode:
    """Send a code to a phone number, to prove that it is one's own."""
    return _sent(call, clean_phone(request.phone_number))


@serves(functions.account.VerifyPhoneRequest)
def verify_phone(request: functions.account.VerifyPhoneRequest, call: Call) -> bool:
    """Prove it."""
    phone = clean_phone(request.phone_number)
    call.world.logins.check_code(phone, request.phone_code_hash, request.phone_code)
    call.me.settings.setdefault("verified phones", set()).add(phone)
    return True


# -- addresses -------------------------------------------------------------------------------------------------------


@serves(functions.account.SendVerifyEmailCodeRequest)
def send_verify_email_code(
    request: functions.account.SendVerifyEmailCodeRequest, call: Call
) -> types.account.SentEmailCode:
    """Send a code to an address, to prove that it is one's own."""
    if "@" not in request.email:
        raise RpcFault(400, "EMAIL_INVALID")
    if isinstance(request.purpose, types.EmailVerifyPurposeLoginSetup):
        raise RpcFault(400, "EMAIL_NOT_SETUP")
    code = mail_code(call, request.email)
    return types.account.SentEmailCode(pattern_of(request.email), len(code))


@serves(functions.account.VerifyEmailRequest)
def verify_email(request: functions.account.VerifyEmailRequest, call: Call) -> types.account._TypeEmailVerified:
    """Prove it."""
    known: tuple[str, str] | None = call.me.settings.get("mailed_code")
    if known is None:
        raise RpcFault(400, "EMAIL_VERIFY_EXPIRED")
    if not isinstance(request.verification, types.EmailVerificationCode):
        raise RpcFault(400, "EMAIL_NOT_ALLOWED")
    email, code = known
    if request.verification.code != code:
        raise RpcFault(400, "CODE_INVALID")
    del call.me.settings["mailed_code"]
    call.me.settings[_EMAIL] = email
    return types.account.EmailVerified(email)


# -- passwords -------------------------------------------------------------------------------------------------------


@serves(functions.account.GetTmpPasswordRequest)
def get_tmp_password(request: functions.account.GetTmpPasswordRequest, call: Call) -> types.account.TmpPassword:
    """A password that is good for payments, for a while."""
    if call.me.password is None:
        raise RpcFault(400, "TMP_PASSWORD_DISABLED")
    prove(call, request.password)
    period = max(60, min(request.period, 86_400))
    return types.account.TmpPassword(call.world.rand(32), call.now + period)


@serves(functions.account.ResetPasswordRequest)
def reset_password(
    request: functions.account.ResetPasswordRequest, call: Call
) -> types.account._TypeResetPasswordResult:
    """Ask for the end of a password that was forgotten; a week later it is gone."""
    me = call.me
    if me.password is None:
        raise RpcFault(400, "PASSWORD_EMPTY")
    until: int | None = me.settings.get(_RESET)
    if until is None:
        refused: int = me.settings.get("reset declined", 0)
        if refused > call.now - 86_400:
            return types.account.ResetPasswordFailedWait(refused + 86_400)
        until = me.settings[_RESET] = call.now + _WEEK
    if until > call.now:
        return types.account.ResetPasswordRequestedWait(until)
    del me.settings[_RESET]
    me.password = None
    return types.account.ResetPasswordOk()


@serves(functions.account.DeclinePasswordResetRequest)
def decline_password_reset(request: functions.account.DeclinePasswordResetRequest, call: Call) -> bool:
    """Keep the password after all."""
    if call.me.settings.pop(_RESET, None) is None:
        raise RpcFault(400, "RESET_REQUEST_MISSING")
    call.me.settings["reset declined"] = call.now
    return True


@serves(functions.auth.ReportMissingCodeRequest, who="both", login=False)
def report_missing_code(request: functions.auth.ReportMissingCodeRequest, call: Call) -> bool:
    """Say that no code has come."""
    phone = clean_phone(request.phone_number)
    sent = call.world.logins.codes.get(phone)
    if sent is None or sent.hash != request.phone_code_hash:
        raise RpcFault(400, "PHONE_CODE_EXPIRED")
    return True
