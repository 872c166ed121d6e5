"""account and auth: the password for logging in, and the address by which it is recovered.

Source: https://core.telegram.org/api/srp
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from telethon.testing._rpc import RpcFault
from telethon.testing.services._service import serves
from telethon.testing.world.passwords import G, P, Password
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon.testing._call import Call
    from telethon.testing.world.records import Account

_CODE_LENGTH = 6
_WAITING = "unconfirmed_email"
_RECOVERY = "recovery_code"


def who_has_password(call: Call) -> Account:
    """The account that asks, or the one that is about to log in and was asked for its password."""
    user_id = call.auth.data.get("password_user", call.auth.user_id)
    account = call.world.accounts.get(user_id) if user_id is not None else None
    return call.me if account is None else account


@serves(functions.account.GetPasswordRequest, login=False)
def get_password(request: functions.account.GetPasswordRequest, call: Call) -> types.account.Password:
    """Whether there is a password, and how to prove that one knows it."""
    account, world = who_has_password(call), call.world
    new = types.PasswordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow(world.rand(8), world.rand(16), G, P)
    secure = types.SecurePasswordKdfAlgoPBKDF2HMACSHA512iter100000(world.rand(8))
    password = account.password
    waiting = account.settings.get(_WAITING)
    pattern = pattern_of(waiting.email) if waiting is not None else None
    if password is None:
        return types.account.Password(
            new_algo=new,
            new_secure_algo=secure,
            secure_random=world.rand(256),
            has_password=False,
            email_unconfirmed_pattern=pattern,
        )
    srp_id = world.new_id()
    return types.account.Password(
        pending_reset_date=account.settings.get("password_reset"),
        new_algo=new,
        new_secure_algo=secure,
        secure_random=world.rand(256),
        has_password=True,
        has_recovery=password.email is not None,
        current_algo=password.algorithm(),
        srp_B=password.challenge(srp_id, world.rand(256)),
        srp_id=srp_id,
        hint=password.hint,
        email_unconfirmed_pattern=pattern,
    )


def prove(call: Call, answer: types.TypeInputCheckPasswordSRP | None) -> None:
    """Raise unless the answer proves the password of the account, or it has none.

    Raises:
        RpcFault: PASSWORD_HASH_INVALID, SRP_ID_INVALID or PASSWORD_MISSING.
    """
    password = call.me.password
    if password is None:
        return
    if not isinstance(answer, types.InputCheckPasswordSRP):
        raise RpcFault(400, "PASSWORD_HASH_INVALID")
    error = password.check(answer)
    if error is not None:
        raise RpcFault(400, error)


@serves(functions.account.GetPasswordSettingsRequest)
def get_password_settings(
    request: functions.account.GetPasswordSettingsRequest, call: Call
) -> types.account.PasswordSettings:
    """What is kept behind the password."""
    prove(call, request.password)
    return types.account.PasswordSettings(email=call.me.password.email if call.me.password is not None else None)


@serves(functions.account.UpdatePasswordSettingsRequest)
def update_password_settings(request: functions.account.UpdatePasswordSettingsRequest, call: Call) -> bool:
    """Set, change or remove the password."""
    prove(call, request.password)
    new = request.new_settings
    if new.new_algo is None and new.email is None and new.new_secure_settings is None:
        raise RpcFault(400, "NEW_SETTINGS_EMPTY")
    if new.new_algo is None:
        if call.me.password is None:
            raise RpcFault(400, "NEW_SETTINGS_INVALID")
        if new.email:
            _send_code(call, new.email, call.me.password)
        call.me.password.email = None
        return True
    if isinstance(new.new_algo, types.PasswordKdfAlgoUnknown) or not new.new_password_hash:
        call.me.password = None
        return True
    if len(new.new_algo.salt1) < 40:
        raise RpcFault(400, "NEW_SALT_INVALID")
    if new.new_algo.g != G or new.new_algo.p != P:
        raise RpcFault(400, "NEW_SETTINGS_INVALID")
    password = Password(
        new.new_algo.salt1,
        new.new_algo.salt2,
        int.from_bytes(new.new_password_hash, "big"),
        hint=new.hint,
    )
    if new.email:
        # The address has to be confirmed first; until then the password is not in force.
        _send_code(call, new.email, password)
    call.me.password = password
    return True


# -- the address for recovery ----------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Unconfirmed:
    """An address to which a code was sent.

    Attributes:
        email: the address.
        code: the code.
        password: the password that is in force once the address is confirmed.
    """

    email: str
    code: str
    password: Password


def _send_code(call: Call, email: str, password: Password) -> NoReturn:
    if "@" not in email:
        raise RpcFault(400, "EMAIL_INVALID")
    call.me.settings[_WAITING] = _Unconfirmed(email, _new_code(call), password)
    raise RpcFault(400, f"EMAIL_UNCONFIRMED_{_CODE_LENGTH}")


def _new_code(call: Call) -> str:
    return f"{int.from_bytes(call.world.rand(4), 'little') % 10**_CODE_LENGTH:0{_CODE_LENGTH}}"


def sent_code(account: Account) -> str | None:
    """The code that was last sent to the address of an account, if one is waited for."""
    waiting = account.settings.get(_WAITING)
    mailed: tuple[str, str] | None = account.settings.get("mailed_code")
    code: str | None = waiting.code if waiting is not None else account.settings.get(_RECOVERY)
    return code if code is not None or mailed is None else mailed[1]


def mail_code(call: Call, email: str) -> str:
    """Send a code to an address that is to be proven; it is kept with the account."""
    code = _new_code(call)
    call.me.settings["mailed_code"] = (email, code)
    return code


def _waiting(call: Call) -> _Unconfirmed:
    waiting: _Unconfirmed | None = call.me.settings.get(_WAITING)
    if waiting is None:
        raise RpcFault(400, "EMAIL_HASH_EXPIRED")
    return waiting


@serves(functions.account.ConfirmPasswordEmailRequest)
def confirm_password_email(request: functions.account.ConfirmPasswordEmailRequest, call: Call) -> bool:
    """Confirm the recovery address with the code that was sent there."""
    waiting = _waiting(call)
    if request.code != waiting.code:
        raise RpcFault(400, "CODE_INVALID")
    del call.me.settings[_WAITING]
    waiting.password.email = waiting.email
    call.me.password = waiting.password
    return True


@serves(functions.account.ResendPasswordEmailRequest)
def resend_password_email(request: functions.account.ResendPasswordEmailRequest, call: Call) -> bool:
    """Send another code."""
    _waiting(call).code = _new_code(call)
    return True


@serves(functions.account.CancelPasswordEmailRequest)
def cancel_password_email(request: functions.account.CancelPasswordEmailRequest, call: Call) -> bool:
    """Forget the address that was not confirmed, and the password that came with it."""
    _waiting(call)
    del call.me.settings[_WAITING]
    return True


@serves(functions.auth.RequestPasswordRecoveryRequest, login=False)
def request_password_recovery(
    request: functions.auth.RequestPasswordRecoveryRequest, call: Call
) -> types.auth.PasswordRecovery:
    """Send a code to the address, for somebody who has forgotten the password."""
    account = who_has_password(call)
    if account.password is None:
        raise RpcFault(400, "PASSWORD_EMPTY")
    if account.password.email is None:
        raise RpcFault(400, "PASSWORD_RECOVERY_NA")
    account.settings[_RECOVERY] = _new_code(call)
    return types.auth.PasswordRecovery(pattern_of(account.password.email))


@serves(functions.auth.CheckRecoveryPasswordRequest, login=False)
def check_recovery_password(request: functions.auth.CheckRecoveryPasswordRequest, call: Call) -> bool:
    """Whether the code is the one that was sent."""
    known = who_has_password(call).settings.get(_RECOVERY)
    if known is None:
        raise RpcFault(400, "PASSWORD_RECOVERY_EXPIRED")
    if request.code != known:
        raise RpcFault(400, "CODE_INVALID")
    return True


@serves(functions.auth.RecoverPasswordRequest, login=False)
def recover_password(request: functions.auth.RecoverPasswordRequest, call: Call) -> types.auth._TypeAuthorization:
    """Log in with that code; the old password is gone, and may be replaced by another."""
    from telethon.testing.services.auth import log_in

    account = who_has_password(call)
    check_recovery_password(functions.auth.CheckRecoveryPasswordRequest(request.code), call)
    new = request.new_settings
    password: Password | None = None
    if new is not None and new.new_password_hash:
        if not isinstance(new.new_algo, types.PasswordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow):
            raise RpcFault(400, "NEW_SETTINGS_INVALID")
        known = int.from_bytes(new.new_password_hash, "big")
        password = Password(new.new_algo.salt1, new.new_algo.salt2, known, hint=new.hint)
    del account.settings[_RECOVERY]
    account.password = password
    return log_in(call, account)


def pattern_of(email: str) -> str:
    """An address of which only the ends are shown."""
    name, _, domain = email.partition("@")
    return f"{name[:1]}***{name[-1:]}@{domain}"
