"""Phone numbers and devices: what `auth` and `account` share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.tl import types

if TYPE_CHECKING:
    from telethon.testing._call import Call
    from telethon.testing._rpc import AuthKeyRecord


def clean_phone(phone: str) -> str:
    """The digits of a phone number.

    Raises:
        RpcFault: PHONE_NUMBER_INVALID.
    """
    digits = "".join(character for character in phone if character.isdigit())
    rest = {character for character in phone if not character.isdigit()}
    if not 5 <= len(digits) <= 15 or rest - set("+ -()"):
        raise RpcFault(400, "PHONE_NUMBER_INVALID")
    return digits


def describe(auth: AuthKeyRecord, now: int, current: bool) -> types.Authorization:
    """A line of the list of devices."""
    return types.Authorization(
        hash=0 if current else auth.data.get("hash", 0),
        device_model=auth.device_model or "Unknown",
        platform="Python",
        system_version=auth.system_version,
        api_id=auth.api_id,
        app_name="Test",
        app_version=auth.app_version,
        date_created=auth.data.get("created", now),
        date_active=now,
        ip="127.0.0.1",
        country="Loopback",
        region="",
        current=current,
    )


def end_authorization(call: Call, auth: object) -> None:
    """Log another device out and close its connections."""
    for session in list(call.world.sessions_of(call.my_id)):
        if session.auth is auth:
            session.close()
    for known in list(call.world.authorizations_of(call.my_id)):
        if known is auth:
            call.world.logins.leave(known)
