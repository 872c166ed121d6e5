"""Logging in and out, passwords, takeouts, and the connection itself."""

from __future__ import annotations

import asyncio

import pytest
from reference import covers, fails

import telethon
from telethon import TelegramClient, errors, functions, types


@covers("client.send_code_request", "client.sign_in")
@fails("client.send_code_request", "client.sign_in")
async def test_signing_in(scene):
    user = scene.server.create_user("Carl", phone="+99966 2 5555", password="secret")
    client = await scene.clients()
    sent = await client.send_code_request(user.phone)
    assert isinstance(sent.type, (types.auth.SentCodeTypeApp, types.auth.SentCodeTypeSms))
    with pytest.raises(errors.PhoneCodeInvalidError):
        await client.sign_in(user.phone, "00000")
    with pytest.raises(errors.SessionPasswordNeededError):
        await client.sign_in(code=user.login_code())
    assert (await client.sign_in(password="secret")).id == user.id
    with pytest.raises(errors.PhoneNumberInvalidError):
        await (await scene.clients()).send_code_request("+1")


@covers("client.start")
@fails("client.start")
async def test_starting(scene):
    bot = scene.server.create_bot("Robot", "robot_1")
    client = await scene.clients(connect=False)
    assert await client.start(bot_token=bot.token) is client
    assert await client.start(bot_token=bot.token) is client
    other = await scene.clients(connect=False)
    with pytest.raises(errors.AccessTokenInvalidError):
        await other.start(bot_token="1:wrong")


@covers("client.qr_login")
@fails("client.qr_login")
async def test_codes_to_scan(scene):
    client = await scene.clients()
    shown = await client.qr_login()
    assert shown.url.startswith("tg://login?token=")
    first = shown.token
    assert shown.expires.timestamp() > scene.server.now()
    await shown.recreate()
    assert shown.token != first
    waiting = asyncio.ensure_future(shown.wait(5))
    await asyncio.sleep(0.05)
    await scene.bob.call(functions.auth.AcceptLoginTokenRequest(shown.token))
    assert (await waiting).id == scene.bob.id
    other = await scene.clients()
    with pytest.raises(asyncio.TimeoutError):
        await (await other.qr_login()).wait(0.05)
    wrong = await scene.clients(api_hash="0" * 32)
    with pytest.raises(errors.ApiIdInvalidError):
        await wrong.qr_login()


@covers("client.edit_2fa")
@fails("client.edit_2fa")
async def test_passwords(scene):
    lengths = []

    def code(length):
        lengths.append(length)
        return scene.server.email_code(scene.ann)

    assert await scene.client.edit_2fa(new_password="one", hint="a", email="ann@example.com", email_code_callback=code)
    assert lengths == [6]
    known = await scene.client(functions.account.GetPasswordRequest())
    assert (known.has_password, known.has_recovery, known.hint) == (True, True, "a")
    with pytest.raises(errors.PasswordHashInvalidError):
        await scene.client.edit_2fa("wrong", "two")
    assert await scene.client.edit_2fa("one")
    assert not await scene.client.edit_2fa()
    with pytest.raises(errors.CodeInvalidError):
        await scene.client.edit_2fa(new_password="x", email="ann@example.com", email_code_callback=lambda _: "0")
    pending = await scene.client(functions.account.GetPasswordRequest())
    assert (pending.has_password, pending.email_unconfirmed_pattern) == (False, "a***n@example.com")


@covers("client.log_out")
@fails("client.log_out")
async def test_logging_out(scene):
    assert await scene.client.log_out()
    assert scene.client.session is None
    with pytest.raises(ValueError, match="session"):
        await scene.client.connect()
    with pytest.raises((ConnectionError, ValueError)):
        await scene.client.log_out()


@covers("client.takeout", "client.end_takeout")
@fails("client.takeout", "client.end_takeout")
async def test_takeouts(scene):
    async with scene.client.takeout(users=True, chats=True) as takeout:
        assert (await takeout.get_me()).id == scene.ann.id
        left = await takeout(functions.channels.GetLeftChannelsRequest(0))
        assert left.chats == []
        takeout.success = True
    assert scene.client.session.takeout_id is None
    async with scene.client.takeout(finalize=False, contacts=True) as takeout:
        pass
    assert scene.client.session.takeout_id is not None
    assert await scene.client.end_takeout(success=False)
    scene.client.session.takeout_id = 5
    with pytest.raises(errors.TakeoutInvalidError):
        await scene.client.end_takeout(success=False)
    scene.client.session.takeout_id = None
    scene.server.world.options.takeout_delay = 3600
    with pytest.raises(errors.TakeoutInitDelayError) as raised:
        async with scene.client.takeout():
            pass
    assert raised.value.seconds == 3600


@covers("TelegramClient", "telethon.TelegramClient")
@covers("client.connect", "client.disconnect", "client.is_connected", "client.disconnected", "client.loop")
@fails("client.connect")
async def test_connecting(scene):
    session = scene.server.client_session(scene.bob)
    client = TelegramClient(session, scene.server.api_id, scene.server.api_hash)
    assert not client.is_connected()
    await client.connect()
    assert client.is_connected()
    assert client.loop is asyncio.get_running_loop()
    ended = client.disconnected
    assert not ended.done()
    await client.disconnect()
    await ended
    assert not client.is_connected()
    away = await scene.clients(connect=False, connection_retries=0)
    away.session.set_dc(2, "127.0.0.1", 1)
    with pytest.raises(ConnectionError):
        await away.connect()
    assert telethon.TelegramClient is TelegramClient


@covers("client.set_proxy")
@fails("client.set_proxy")
async def test_proxies(scene):
    client = await scene.clients(scene.bob, connect=False, connection_retries=0)
    client.set_proxy(("socks5", "127.0.0.1", 1))
    with pytest.raises(ConnectionError):
        await client.connect()
    client.set_proxy(None)
    await client.connect()
    with pytest.raises(ValueError, match="proxy"):
        client.set_proxy("carrier pigeon")


@covers("client.get_me", "client.is_bot", "client.is_user_authorized")
@fails("client.get_me", "client.is_bot", "client.is_user_authorized")
async def test_who_is_logged_in(scene):
    assert (await scene.client.get_me()).first_name == "Ann"
    assert (await scene.client.get_me(input_peer=True)).user_id == scene.ann.id
    assert not await scene.client.is_bot()
    assert await scene.client.is_user_authorized()
    nobody = await scene.clients()
    assert await nobody.get_me() is None
    assert not await nobody.is_user_authorized()
    away = await scene.clients(scene.bob, connect=False)
    for question in (away.get_me, away.is_bot, away.is_user_authorized):
        with pytest.raises(ConnectionError):
            await question()


@covers("client.get_entity", "client.get_input_entity", "client.get_peer_id")
@fails("client.get_entity", "client.get_input_entity", "client.get_peer_id")
async def test_entities(scene):
    bob = await scene.client.get_entity("bob_1")
    assert bob.id == scene.bob.id
    both = await scene.client.get_entity(["https://t.me/talk_group", bob, "me"])
    assert [one.id for one in both] == [scene.group.id, scene.bob.id, scene.ann.id]
    assert (await scene.client.get_entity(scene.group.peer)).title == "Talk"
    assert (await scene.client.get_input_entity("@bob_1")).user_id == scene.bob.id
    assert await scene.client.get_peer_id("talk_group") == scene.group.peer
    assert await scene.client.get_peer_id("talk_group", add_mark=False) == scene.group.id
    for question in (scene.client.get_entity, scene.client.get_input_entity, scene.client.get_peer_id):
        with pytest.raises(ValueError, match="nobody"):
            await question("nobody_here")
