"""Logging in by QR code, with whatever may come between."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from telethon import errors, events, functions


async def scan(user: Any, shown: Any) -> None:
    await user.call(functions.auth.AcceptLoginTokenRequest(shown.token))


async def test_X8_a_code_that_is_scanned_before_anybody_waits(telegram_server, telegram_clients):
    user = telegram_server.create_user("Ann")
    client = await telegram_clients()
    shown = await client.qr_login()
    await scan(user, shown)
    await asyncio.sleep(0.1)
    assert (await shown.wait(2)).id == user.id
    assert client.list_event_handlers() == []
    assert await client.is_user_authorized()


async def test_X8_an_account_in_another_data_centre_and_with_a_password(telegram_server, telegram_clients, eventually):
    user = telegram_server.create_user("Ann", dc_id=4, password="secret")
    client = await telegram_clients()
    shown = await client.qr_login()
    waiting = asyncio.ensure_future(shown.wait(5))
    await asyncio.sleep(0.05)
    await scan(user, shown)
    with pytest.raises(errors.SessionPasswordNeededError):
        await waiting
    me = await client.sign_in(password="secret")
    assert (me.id, client.session.dc_id) == (user.id, 4)
    heard: list[str] = []

    async def note(event: Any) -> None:
        heard.append(event.raw_text)

    client.add_event_handler(note, events.NewMessage)
    await asyncio.sleep(0.3)
    await telegram_server.create_user("Bob").chat(user).send("hello")
    await eventually(lambda: heard == ["hello"])


async def test_X8_a_code_that_nobody_scans_is_made_again(telegram_server, telegram_clients):
    user = telegram_server.create_user("Ann")
    client = await telegram_clients()
    shown = await client.qr_login()
    first = shown.url
    with pytest.raises(asyncio.TimeoutError):
        await shown.wait(0.05)
    await shown.recreate()
    assert shown.url != first
    assert shown.url.startswith("tg://login?token=")
    waiting = asyncio.ensure_future(shown.wait())
    await asyncio.sleep(0.05)
    await scan(user, shown)
    assert (await waiting).id == user.id


async def test_X8_a_code_that_is_scanned_while_another_is_made(telegram_server, telegram_clients):
    user = telegram_server.create_user("Ann")
    client = await telegram_clients()
    shown = await client.qr_login()
    await scan(user, shown)
    await shown.recreate()
    assert (await shown.wait(1)).id == user.id
