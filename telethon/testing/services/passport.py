"""account, users: documents that only their owner can read, and giving them to those who ask.

Source: https://core.telegram.org/passport
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.testing.services._service import serves
from telethon.testing.world import post
from telethon.testing.world.rights import moment
from telethon.tl import functions, types

if TYPE_CHECKING:
    from collections.abc import Iterable

    from telethon.testing._call import Call
    from telethon.testing.world.records import Account

_SCOPES: dict[str, type[types.TypeSecureValueType]] = {
    "personal_details": types.SecureValueTypePersonalDetails,
    "passport": types.SecureValueTypePassport,
    "driver_license": types.SecureValueTypeDriverLicense,
    "identity_card": types.SecureValueTypeIdentityCard,
    "internal_passport": types.SecureValueTypeInternalPassport,
    "address": types.SecureValueTypeAddress,
    "utility_bill": types.SecureValueTypeUtilityBill,
    "bank_statement": types.SecureValueTypeBankStatement,
    "rental_agreement": types.SecureValueTypeRentalAgreement,
    "passport_registration": types.SecureValueTypePassportRegistration,
    "temporary_registration": types.SecureValueTypeTemporaryRegistration,
    "phone_number": types.SecureValueTypePhone,
    "email": types.SecureValueTypeEmail,
}


def _values(account: Account) -> dict[type, types.SecureValue]:
    values: dict[type, types.SecureValue] = account.settings.setdefault("passport", {})
    return values


def _file(call: Call, given: types.TypeInputSecureFile) -> types.TypeSecureFile:
    kept: dict[int, types.SecureFile] = call.me.settings.setdefault("passport files", {})
    if isinstance(given, types.InputSecureFile):
        known = kept.get(given.id)
        if known is None or known.access_hash != given.access_hash:
            raise RpcFault(400, "FILE_ID_INVALID")
        return known
    name = types.InputFile(given.id, given.parts, "", given.md5_checksum)
    data = call.world.files.assemble(call.my_id, name)
    stored = call.world.files.add_document(data, call.dc_id, "application/octet-stream", [], None)
    made = kept[stored.id] = types.SecureFile(
        stored.id,
        stored.access_hash,
        len(data),
        stored.dc_id,
        moment(call.now),
        given.file_hash,
        given.secret,
    )
    return made


def _files(call: Call, given: Iterable[types.TypeInputSecureFile] | None) -> list[types.TypeSecureFile] | None:
    return [_file(call, one) for one in given] if given is not None else None


@serves(functions.account.SaveSecureValueRequest)
def save_secure_value(request: functions.account.SaveSecureValueRequest, call: Call) -> types.SecureValue:
    """Keep a document; a phone number or an address must have been proven before."""
    if call.me.password is None:
        raise RpcFault(400, "PASSWORD_REQUIRED")
    value = request.value
    plain = value.plain_data
    phones: set[str] = call.me.settings.get("verified phones", set())
    if isinstance(plain, types.SecurePlainPhone) and plain.phone.lstrip("+") not in {*phones, call.me.phone}:
        raise RpcFault(400, "PHONE_NUMBER_INVALID")
    if isinstance(plain, types.SecurePlainEmail) and plain.email != call.me.settings.get("verified_email"):
        raise RpcFault(400, "EMAIL_NOT_SETUP")
    made = types.SecureValue(
        value.type,
        hashlib.sha256(bytes(value)).digest(),
        data=value.data,
        front_side=_file(call, value.front_side) if value.front_side is not None else None,
        reverse_side=_file(call, value.reverse_side) if value.reverse_side is not None else None,
        selfie=_file(call, value.selfie) if value.selfie is not None else None,
        translation=_files(call, value.translation),
        files=_files(call, value.files),
        plain_data=plain,
    )
    _values(call.me)[type(value.type)] = made
    return made


@serves(functions.account.GetAllSecureValuesRequest)
def get_all_secure_values(request: functions.account.GetAllSecureValuesRequest, call: Call) -> list[types.SecureValue]:
    """All documents of the account."""
    return list(_values(call.me).values())


@serves(functions.account.GetSecureValueRequest)
def get_secure_value(request: functions.account.GetSecureValueRequest, call: Call) -> list[types.SecureValue]:
    """Those of some kinds."""
    values = _values(call.me)
    return [values[type(kind)] for kind in request.types if type(kind) in values]


@serves(functions.account.DeleteSecureValueRequest)
def delete_secure_value(request: functions.account.DeleteSecureValueRequest, call: Call) -> bool:
    """Throw them away."""
    for kind in request.types:
        _values(call.me).pop(type(kind), None)
    return True


# -- giving them to a bot --------------------------------------------------------------------------------------------


def _bot(call: Call, bot_id: int) -> Account:
    account = call.world.accounts.get(bot_id)
    if account is None or account.bot is None:
        raise RpcFault(400, "BOT_INVALID")
    return account


def _wanted(scope: str) -> list[types.TypeSecureValueType]:
    """The kinds of documents that a request asks for: names, or the names in a JSON object."""
    import re

    found = [_SCOPES[name]() for name in re.findall(r"[a-z_]+", scope) if name in _SCOPES]
    if not found:
        raise RpcFault(400, "DATA_INVALID")
    return found


@serves(functions.account.GetAuthorizationFormRequest)
def get_authorization_form(
    request: functions.account.GetAuthorizationFormRequest, call: Call
) -> types.account.AuthorizationForm:
    """What a bot asks for, and what the account has of it."""
    account = _bot(call, request.bot_id)
    if not request.public_key.strip():
        raise RpcFault(400, "PUBLIC_KEY_REQUIRED")
    kinds = _wanted(request.scope)
    values = _values(call.me)
    errors: list[types.TypeSecureValueError] = call.me.settings.get("passport errors", {}).get(account.id, [])
    users, _ = call.split([account.id])
    return types.account.AuthorizationForm(
        [types.SecureRequiredType(kind) for kind in kinds],
        [values[type(kind)] for kind in kinds if type(kind) in values],
        errors,
        users,
    )


@serves(functions.account.AcceptAuthorizationRequest)
def accept_authorization(request: functions.account.AcceptAuthorizationRequest, call: Call) -> bool:
    """Give it to the bot."""
    account = _bot(call, request.bot_id)
    values = _values(call.me)
    given: list[types.TypeSecureValue] = []
    for one in request.value_hashes:
        value = values.get(type(one.type))
        if value is None or value.hash != one.hash:
            raise RpcFault(400, "HASH_INVALID")
        given.append(value)
    kinds = _wanted(request.scope)
    if {type(kind) for kind in kinds} - {type(one.type) for one in given}:
        raise RpcFault(400, "SECURE_SECRET_REQUIRED")
    action = types.MessageActionSecureValuesSentMe(given, request.credentials)
    post.service(call.world, call.delivery, call.me, account.id, action)
    return True


@serves(functions.users.SetSecureValueErrorsRequest, who="bot")
def set_secure_value_errors(request: functions.users.SetSecureValueErrorsRequest, call: Call) -> bool:
    """Say what is wrong with what somebody gave."""
    user = call.user(request.id)
    if user.bot is not None:
        raise RpcFault(400, "USER_BOT_INVALID")
    user.settings.setdefault("passport errors", {})[call.my_id] = list(request.errors)
    return True
