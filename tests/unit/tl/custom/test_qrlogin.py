"""Logging in by QR code. What is expected was seen on Telethon 1.45, but where a test says otherwise."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from fakeclient import USER, FakeClient

from telethon import errors
from telethon.tl import types
from telethon.tl.custom.qrlogin import QRLogin

TOKEN = b"\xff\xfe\x01ab"
SUCCESS = types.auth.LoginTokenSuccess(types.auth.Authorization(USER))


def token(seconds: float = 30) -> types.auth.LoginToken:
    return types.auth.LoginToken(expires=datetime.now(timezone.utc) + timedelta(seconds=seconds), token=TOKEN)


async def begin(*answers: Any, **more: Any) -> tuple[QRLogin, FakeClient]:
    found = list(answers)

    def export(request: Any) -> Any:
        answer = found.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    client = FakeClient(ExportLoginToken=export, **more)
    qr_login = QRLogin(client, [7])
    assert client.calls == []
    await qr_login.recreate()
    return qr_login, client


async def wait_and_scan(qr_login: QRLogin, client: FakeClient, timeout: float | None = None) -> Any:
    waiting = asyncio.ensure_future(qr_login.wait(timeout))
    await asyncio.sleep(0)
    for handler in client.handlers:
        await handler(types.UpdateConfig())
    await asyncio.sleep(0)
    assert not waiting.done()
    for handler in client.handlers:
        await handler(types.UpdateLoginToken())
    return await waiting


async def test_code() -> None:
    first, second = token(), token(60)
    qr_login, client = await begin(first, second)
    request = client.calls[0][1]
    assert (request.api_id, request.api_hash, request.except_ids) == (1, "hash", [7])
    assert (qr_login.token, qr_login.expires) == (TOKEN, first.expires)
    assert qr_login.url == "tg://login?token=__4BYWI"
    assert qr_login._resp is first
    await qr_login.recreate()
    assert qr_login.expires == second.expires


async def test_scanned() -> None:
    qr_login, client = await begin(token(), SUCCESS)
    assert await wait_and_scan(qr_login, client) is USER
    assert client.names == ["ExportLoginToken", "ExportLoginToken", "_on_login"]
    assert client.calls[-1][1] == (USER,)
    assert client.handlers == []


async def test_account_in_another_data_centre() -> None:
    qr_login, client = await begin(token(), types.auth.LoginTokenMigrateTo(4, b"t"), ImportLoginToken=SUCCESS)
    assert await wait_and_scan(qr_login, client, 5) is USER
    assert client.names[2:] == ["_switch_dc", "ImportLoginToken", "_on_login"]
    assert client.calls[2][1] == (4,)
    assert client.calls[3][1].token == b"t"


async def test_account_with_password() -> None:
    qr_login, client = await begin(token(), errors.SessionPasswordNeededError(None))
    with pytest.raises(errors.SessionPasswordNeededError):
        await wait_and_scan(qr_login, client)
    assert client.handlers == []


@pytest.mark.parametrize("answer", [token(), types.auth.LoginTokenSuccess(types.auth.AuthorizationSignUpRequired())])
async def test_unexpected_answer_is_told_without_the_token(answer: Any) -> None:
    """Telethon shows the whole answer, with a token that logs in."""
    qr_login, client = await begin(token(), answer)
    with pytest.raises(TypeError, match=r"^Login token response was unexpected: LoginToken\w*$"):
        await wait_and_scan(qr_login, client)


@pytest.mark.parametrize(("expires", "timeout"), [(30, 0), (-1, None), (0, None)])
async def test_nobody_scans(expires: float, timeout: float | None) -> None:
    qr_login, client = await begin(token(expires))
    with pytest.raises(asyncio.TimeoutError):
        await qr_login.wait(timeout)
    assert client.names == ["ExportLoginToken"]
    assert client.handlers == []


async def test_a_code_that_is_scanned_before_anybody_waits_counts() -> None:
    """In Telethon it is waited for until the code expires."""
    qr_login, client = await begin(token(), SUCCESS)
    for handler in list(client.handlers):
        await handler(types.UpdateLoginToken())
    assert await qr_login.wait(0.01) is USER
    assert client.handlers == []


async def test_a_code_that_was_scanned_when_another_is_asked_for_logs_in() -> None:
    """In Telethon there is neither a code nor a login then."""
    qr_login, client = await begin(token(), SUCCESS)
    await qr_login.recreate()
    assert qr_login.token == TOKEN
    assert await qr_login.wait(0.01) is USER
    assert client.names == ["ExportLoginToken", "ExportLoginToken", "_on_login"]


async def test_another_code_has_to_be_scanned_itself() -> None:
    qr_login, client = await begin(token(), token(), SUCCESS)
    for handler in list(client.handlers):
        await handler(types.UpdateLoginToken())
    await qr_login.recreate()
    assert len(client.handlers) == 1
    with pytest.raises(asyncio.TimeoutError):
        await qr_login.wait(0.01)
    await qr_login.recreate()
    assert client.names == ["ExportLoginToken"] * 3
