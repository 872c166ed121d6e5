from __future__ import annotations

import asyncio

import pytest

from telethon import errors
from telethon.sessions import StringSession
from telethon.tl import functions


async def test_a_person_logs_in_by_code_and_password(telegram_server, telegram_clients):
    user = telegram_server.create_user("Ann", password="secret")
    client = await telegram_clients()
    assert not await client.is_user_authorized()
    await client.send_code_request(user.phone)
    with pytest.raises(errors.PhoneCodeInvalidError):
        await client.sign_in(user.phone, "00000")
    with pytest.raises(errors.SessionPasswordNeededError):
        await client.sign_in(user.phone, user.login_code())
    with pytest.raises(errors.PasswordHashInvalidError):
        await client.sign_in(password="wrong")
    me = await client.sign_in(password="secret")
    assert (me.id, me.is_self) == (user.id, True)
    assert await client.is_user_authorized()
    assert (await client.get_me()).first_name == "Ann"


async def test_start_asks_for_what_it_needs(telegram_server, telegram_clients):
    user = telegram_server.create_user("Ann", password="secret")
    client = await telegram_clients(connect=False)
    started = await client.start(
        phone=lambda: user.phone, password=lambda: "secret", code_callback=lambda: user.login_code()
    )
    assert started is client
    assert (await client.get_me()).id == user.id


async def test_a_bot_logs_in_by_token(telegram_server, telegram_clients):
    bot = telegram_server.create_bot("Robot", "robot_1")
    client = await telegram_clients(connect=False)
    await client.start(bot_token=bot.token)
    assert (await client.get_me()).username == "robot_1"
    assert await client.is_bot()


async def test_a_wrong_token_and_a_wrong_hash_are_said(telegram_server, telegram_clients):
    client = await telegram_clients()
    with pytest.raises(errors.AccessTokenInvalidError):
        await client.sign_in(bot_token="1:wrong")
    other = await telegram_clients(api_hash="0" * 32)
    with pytest.raises(errors.ApiIdInvalidError):
        await other.send_code_request("+9996620001")


async def test_E1_a_log_in_moves_to_the_data_centre_of_the_account(telegram_server, telegram_clients):
    user = telegram_server.create_user("Ann", dc_id=4)
    client = await telegram_clients()
    assert client.session.dc_id == 2
    await client.send_code_request(user.phone)
    assert client.session.dc_id == 4
    assert (await client.sign_in(user.phone, user.login_code())).id == user.id
    bot = telegram_server.create_bot(dc_id=5)
    other = await telegram_clients(connect=False)
    await other.start(bot_token=bot.token)
    assert other.session.dc_id == 5
    assert (await other.get_me()).id == bot.id


async def test_a_session_outlives_its_client(telegram_server, telegram_clients):
    user = telegram_server.create_user("Ann")
    client = await telegram_clients(user)
    saved = StringSession.save(client.session)
    await client.disconnect()
    again = await telegram_clients(session=StringSession(saved))
    assert (await again.get_me()).id == user.id
    # The key was not made again.
    assert telegram_server.stats.keys == 1


async def test_X9_logging_out_ends_the_session(telegram_server, telegram_clients):
    user = telegram_server.create_user("Ann")
    client = await telegram_clients(user)
    assert await client.log_out()
    assert telegram_server.world.authorizations_of(user.id) == []


async def test_X8_a_qr_code_logs_in(telegram_server, telegram_clients):
    user = telegram_server.create_user("Ann")
    client = await telegram_clients()
    shown = await client.qr_login()
    waiting = asyncio.ensure_future(shown.wait(5))
    await asyncio.sleep(0.05)
    await user.call(functions.auth.AcceptLoginTokenRequest(shown.token))
    assert (await waiting).id == user.id


async def test_a_password_is_set_and_removed(telegram_server, telegram_client):
    assert await telegram_client.edit_2fa(new_password="first", hint="a hint")
    assert (await telegram_client(functions.account.GetPasswordRequest())).hint == "a hint"
    with pytest.raises(errors.PasswordHashInvalidError):
        await telegram_client.edit_2fa("wrong", "second")
    assert await telegram_client.edit_2fa("first", None)
    assert not (await telegram_client(functions.account.GetPasswordRequest())).has_password


async def test_an_unreachable_address_is_an_error_in_time(telegram_server, telegram_clients):
    client = await telegram_clients(connect=False, connection_retries=1, retry_delay=0)
    client.session.set_dc(2, "127.0.0.1", 1)
    with pytest.raises(ConnectionError):
        await asyncio.wait_for(client.connect(), 10)
