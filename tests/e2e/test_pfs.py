"""Clients with temporary keys against the test server, which checks each binding."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter

import pytest

from telethon import errors, events
from telethon.sessions import SQLiteSession
from telethon.testing import TelegramTestServer, run_virtual
from telethon.tl import functions, types

GetNearestDc = functions.help.GetNearestDcRequest
GetTtl = functions.account.GetAccountTTLRequest
GetState = functions.updates.GetStateRequest


@pytest.fixture
async def pfs_client(telegram_server, telegram_user):
    client = telegram_server.client(telegram_user, use_pfs=True)
    await client.connect()
    yield client
    await client.disconnect()


def temporary(server):
    return [auth for auth in server.auth_keys() if auth.is_temporary and auth.expires_at > server.now()]


async def test_H17_requests_are_made_with_a_bound_temporary_key(telegram_server, telegram_user, pfs_client):
    me = await pfs_client.get_me()
    assert me.id == telegram_user.id
    (key,) = temporary(telegram_server)
    assert key.permanent.auth_key == pfs_client.session.auth_key.key
    assert 86400 - 5 <= key.expires_at - telegram_server.now() <= 86400
    # The permanent one was used for nothing but to vouch for it.
    assert [session.key.record for session in telegram_server.sessions()] == [key]


async def test_H17_a_log_in_from_nothing(telegram_server, telegram_user):
    client = telegram_server.client(use_pfs=True)
    phone = telegram_user.account.phone
    await client.connect()
    await client.send_code_request(phone)
    await client.sign_in(phone, telegram_server.login_code(phone))
    permanent = [auth for auth in telegram_server.auth_keys() if not auth.is_temporary]
    assert [auth.user_id for auth in permanent] == [telegram_user.id]
    assert [auth.permanent for auth in temporary(telegram_server)] == permanent
    assert client.session.auth_key.key == permanent[0].auth_key
    await client.disconnect()


async def test_H17_T7_a_forgotten_temporary_key_is_replaced_and_nothing_is_lost(
    telegram_server, telegram_user, pfs_client, eventually
):
    await pfs_client.get_me()
    permanent = pfs_client.session.auth_key.key
    slow = telegram_server.faults.slow("help.GetNearestDc", 0.2, times=None)
    waiting = [asyncio.ensure_future(pfs_client(GetNearestDc())) for _ in range(64)]
    await eventually(lambda: slow.hits == 64)
    slow.stop()
    assert telegram_server.faults.forget_temporary_keys() == 1
    began = time.monotonic()
    assert (await pfs_client(GetState())).pts >= 0
    assert time.monotonic() - began < 1
    assert len(await asyncio.gather(*waiting)) == 64
    assert pfs_client.session.auth_key.key == permanent
    (key,) = temporary(telegram_server)
    assert key.permanent.auth_key == permanent
    assert not [auth for auth in telegram_server.auth_keys() if not auth.is_temporary][1:]


async def test_H17_E6_a_key_that_is_not_bound_any_more_is_replaced(telegram_server, pfs_client):
    await pfs_client.get_me()
    assert telegram_server.faults.unbind_temporary_keys() == 1
    answers = await asyncio.gather(*(pfs_client(GetState()) for _ in range(10)))
    assert len(answers) == 10
    assert [key for key in temporary(telegram_server) if key.permanent is not None]


async def test_E6_a_key_that_never_stays_bound_is_told(telegram_server, pfs_client):
    await pfs_client.get_me()
    telegram_server.faults.rpc_error("updates.GetState", 401, "AUTH_KEY_PERM_EMPTY", times=None)
    with pytest.raises(errors.UnauthorizedError):
        await pfs_client(GetState())
    assert len(telegram_server.auth_keys()) <= 6


@pytest.mark.parametrize("message", ["ENCRYPTED_MESSAGE_INVALID", "TEMP_AUTH_KEY_EMPTY", "EXPIRES_AT_INVALID"])
async def test_H17_E6_a_refused_binding_is_tried_with_another_key(telegram_server, telegram_user, message):
    telegram_server.faults.rpc_error("auth.BindTempAuthKey", 400, message, times=2)
    async with telegram_server.client(telegram_user, use_pfs=True) as client:
        assert (await client.get_me()).id == telegram_user.id
    assert len(temporary(telegram_server)) == 3


async def test_E6_a_binding_that_is_refused_for_another_reason_is_tried_again(telegram_server, telegram_user):
    telegram_server.faults.rpc_error("auth.BindTempAuthKey", 500, "INTERNAL", times=2)
    async with telegram_server.client(telegram_user, use_pfs=True) as client:
        assert (await client.get_me()).id == telegram_user.id
    assert len(temporary(telegram_server)) == 1


async def test_H17_reconnecting_keeps_the_temporary_key_and_its_session(telegram_server, telegram_user, pfs_client):
    for number in range(5):
        telegram_server.faults.disconnect_after(1, when="executed", method="messages.SendMessage")
        await pfs_client.send_message("me", f"number {number}")
    texts = [seen.text for seen in telegram_user.chat(telegram_user).messages()]
    assert texts == [f"number {number}" for number in range(5)]
    assert len(temporary(telegram_server)) == 1
    assert len(telegram_server.sessions()) == 1
    await pfs_client.disconnect()
    await pfs_client.connect()
    assert await pfs_client.is_user_authorized()
    assert len(temporary(telegram_server)) == 1
    # The session before was of no use any more.
    assert len(telegram_server.sessions()) == 1


async def test_H17_each_connection_to_a_data_centre_has_a_key_of_its_own(telegram_server, pfs_client):
    for dc_id in (4, telegram_server.default_dc):
        sender = await pfs_client._borrow_exported_sender(dc_id)
        assert (await sender.send(GetNearestDc())).this_dc == dc_id
        await pfs_client._return_exported_sender(sender)
    keys = temporary(telegram_server)
    assert sorted(key.dc_id for key in keys) == [2, 2, 4]
    assert len({key.permanent.auth_key_id for key in keys}) == 2


async def test_H17_updates_arrive_over_a_change_of_the_key(
    telegram_server, telegram_user, pfs_client, eventually, settled
):
    other = telegram_server.create_user("Bob", username="bob_1")
    heard = []

    async def hear(event):
        heard.append(event.raw_text)

    pfs_client.add_event_handler(hear, events.NewMessage(incoming=True))
    await settled(telegram_server, pfs_client)
    await other.chat(telegram_user).send("before")
    await eventually(lambda: heard == ["before"])
    telegram_server.faults.forget_temporary_keys()
    await other.chat(telegram_user).send("between")
    await pfs_client(GetState())
    await eventually(lambda: heard == ["before", "between"])
    await other.chat(telegram_user).send("after")
    await eventually(lambda: heard == ["before", "between", "after"])


async def test_H17_a_session_file_opens_with_and_without_the_option(telegram_server, telegram_user, tmp_path):
    key = telegram_server.client_session(telegram_user)
    path = str(tmp_path / "name")
    session = SQLiteSession(path)
    session.set_dc(key.dc_id, key.server_address, key.port)
    session.auth_key = key.auth_key
    session.close()
    before = key.auth_key.key
    for use_pfs in (True, False, True):
        client = telegram_server.client(session=path, use_pfs=use_pfs)
        async with client:
            assert (await client.get_me()).id == telegram_user.id
            assert client._sender.auth_key.key == before
    again = SQLiteSession(path)
    assert again.auth_key.key == before
    assert again.tmp_auth_key is None
    again.close()


def test_H17_a_key_is_renewed_before_it_ends_while_requests_go_on():
    """Three changes in virtual time; some requests take long, so that the change has to wait for them."""

    async def main():
        async with TelegramTestServer(strict_handshake=True, init_per_session=True) as server:
            client = server.client(server.create_user("Ann"), use_pfs=True)
            client._sender.temporary_key_lifetime = 7200
            await client.connect()
            loop = asyncio.get_running_loop()
            until = loop.time() + 19800
            made: list[int] = []
            alive: list[int] = []

            @server.on(GetTtl)
            async def answer(request, call):
                made.append(call.context.msg_id)
                await asyncio.sleep(8 if len(made) % 10 == 0 else 0.05)
                return types.AccountDaysTTL(len(made))

            async def work() -> int:
                done = 0
                while loop.time() < until:
                    await client(GetTtl())
                    done += 1
                    await asyncio.sleep(40)
                return done

            async def watch() -> None:
                while loop.time() < until:
                    alive.append(len(temporary(server)))
                    assert len(server.connections) <= 1
                    await asyncio.sleep(60)

            *done, _ = await asyncio.gather(*(work() for _ in range(4)), watch())
            await client.disconnect()
        return server, sum(done), len(made), alive

    server, done, executed, alive = run_virtual(main())
    server.violations.check()
    assert done == executed > 1000
    # The permanent key, and a temporary one for each hour and a half begun.
    assert server.stats.keys == 1 + 4
    assert server.stats.connections == 4
    assert set(alive) == {1, 2}
    assert server.stats.transport_errors == {}
    assert server.stats.bad_messages == {}


def test_H17_a_request_that_never_ends_does_not_keep_an_old_key():
    async def main():
        async with TelegramTestServer() as server:
            client = server.client(server.create_user("Ann"), use_pfs=True)
            client._sender.temporary_key_lifetime = 7200
            await client.connect()
            ended = asyncio.Event()
            made: list[int] = []

            @server.on(GetTtl)
            async def answer(request, call):
                made.append(call.session.session_id)
                await ended.wait()
                return types.AccountDaysTTL(7)

            waiting = asyncio.ensure_future(client(GetTtl()))
            await asyncio.sleep(6900)
            assert len(made) == 1
            # Others went on meanwhile.
            assert (await client(GetState())).pts >= 0
            await asyncio.sleep(600)
            assert len(set(made)) == len(made) == 2
            ended.set()
            assert (await waiting).days == 7
            assert server.stats.transport_errors == {}
            await client.disconnect()

    run_virtual(main())


async def test_X5_no_key_is_in_the_log(telegram_server, telegram_user, caplog):
    with caplog.at_level(logging.DEBUG):
        client = telegram_server.client(telegram_user, use_pfs=True)
        await client.connect()
        await client.get_me()
        keys = [key.auth_key for key in telegram_server.all_keys()]
        telegram_server.faults.rpc_error("auth.BindTempAuthKey", 400, "ENCRYPTED_MESSAGE_INVALID")
        telegram_server.faults.forget_temporary_keys()
        await client(GetState())
        keys += [key.auth_key for key in telegram_server.all_keys()]
        states = [client._sender.key_state, client._sender._temporary, client._sender._made]
        await client.disconnect()
    text = caplog.text + repr(states)
    assert len(keys) > 3
    assert "The server does not know the temporary key any more; connecting again" in text
    assert "connection was lost" not in text
    for key in keys:
        assert key.hex()[:16] not in text
        assert repr(key)[2:20] not in text


def test_H17_a_key_that_ends_while_the_machine_sleeps_is_replaced():
    async def main():
        loop = asyncio.get_running_loop()
        async with TelegramTestServer() as server:
            client = server.client(server.create_user("Ann"), use_pfs=True)
            await client.connect()
            await client(GetState())
            key = client.session.auth_key.key
            # No timer fires meanwhile.
            loop.skip(2 * 86400)
            assert (await client(GetState())).pts >= 0
            assert client.session.auth_key.key == key
            assert [auth.is_temporary for auth in server.auth_keys()].count(True) == 1
            await client.disconnect()

    run_virtual(main())


def test_H17_a_renewal_that_fails_is_tried_again():
    async def main():
        async with TelegramTestServer() as server:
            client = server.client(server.create_user("Ann"), use_pfs=True)
            await client.connect()
            fault = server.faults.handshake("res_pq", lambda answer: None, times=3)
            await asyncio.sleep(23 * 3600 + 600)
            assert fault.hits == 3
            assert (await client(GetState())).pts >= 0
            assert server.stats.keys == 3
            assert server.stats.transport_errors == {}
            await client.disconnect()

    run_virtual(main())


def test_S6_salts_outlive_a_restart(tmp_path):
    path = str(tmp_path / "name")

    async def main():
        async with TelegramTestServer() as server:
            user = server.create_user("Ann")
            key = server.client_session(user)
            session = SQLiteSession(path)
            session.set_dc(key.dc_id, key.server_address, key.port)
            session.auth_key = key.auth_key
            session.close()
            client = server.client(session=path)
            await client.connect()
            await asyncio.sleep(600)
            await client.disconnect()
            # Nothing could be known of the salt at first.
            assert server.stats.bad_messages == {48: 1}
            for hours in (0.1, 1, 5, 20):
                await asyncio.sleep(hours * 3600)
                client = server.client(session=path)
                await client.connect()
                assert (await client(GetState())).pts >= 0
                await client.disconnect()
            assert server.stats.bad_messages == {48: 1}
            server.violations.check()

    run_virtual(main())


def test_S6_a_day_of_a_client_needs_no_correction_after_the_first_hour():
    async def main():
        async with TelegramTestServer(salt_period=1800) as server:
            client = server.client(server.create_user("Ann"))
            await client.connect()
            loop = asyncio.get_running_loop()
            until = loop.time() + 86400
            await asyncio.sleep(3600)
            before = dict(server.stats.bad_messages)
            while loop.time() < until:
                await client(GetState())
                await asyncio.sleep(250)
            assert server.stats.bad_messages == before
            await client.disconnect()
            server.violations.check()

    run_virtual(main())


def test_H17_T7_a_permanent_key_that_is_gone_is_believed_after_a_while(tmp_path):
    path = str(tmp_path / "name")

    async def main():
        async with TelegramTestServer() as server:
            key = server.client_session(server.create_user("Ann"))
            session = SQLiteSession(path)
            session.set_dc(key.dc_id, key.server_address, key.port)
            session.auth_key = key.auth_key
            session.close()
            client = server.client(session=path, use_pfs=True)
            await client.connect()
            server.faults.forget_keys()
            loop = asyncio.get_running_loop()
            began = loop.time()
            with pytest.raises(errors.AuthKeyNotFound):
                await client(GetState())
            assert 60 <= loop.time() - began < 200
            await client.disconnect()
            # What the server does not know is still what the user has.
            again = SQLiteSession(path)
            assert again.auth_key == key.auth_key
            again.close()

    run_virtual(main())


@pytest.mark.parametrize(
    "transport",
    [
        "ConnectionTcpAbridged",
        "ConnectionTcpFull",
        "ConnectionTcpIntermediate",
        "ConnectionTcpObfuscated",
        "ConnectionHttp",
    ],
)
async def test_H17_over_each_transport(telegram_server, telegram_user, transport):
    from telethon import network

    client = telegram_server.client(telegram_user, use_pfs=True, connection=getattr(network, transport))
    await client.connect()
    assert (await client.get_me()).id == telegram_user.id
    telegram_server.faults.forget_temporary_keys()
    assert (await client.get_me()).id == telegram_user.id
    sender = client._sender
    # As the timer does it.
    await sender._renew()
    assert (await client(GetState())).pts >= 0
    # A permanent one, and temporary ones: the first, one instead of it, one as the timer makes it.
    assert telegram_server.stats.keys == 4
    await client.disconnect()


@pytest.mark.parametrize(
    ("how", "most"),
    [
        # What was not answered when the server forgot its key may be done again: once for each time.
        ("forgotten", 1 + 3),
        ("unbound", 1),
        ("renewed", 1),
    ],
)
async def test_H17_S8_E6_changes_of_the_key_lose_nothing(telegram_server, pfs_client, how, most):
    made: Counter[int] = Counter()

    @telegram_server.on(functions.contacts.GetContactIDsRequest)
    async def answer(request, call):
        made[request.hash] += 1
        await asyncio.sleep(0.02 if request.hash % 3 else 0.0)
        return [request.hash]

    async def work(number: int) -> list[int]:
        await asyncio.sleep(number % 40 * 0.02)
        return await pfs_client(functions.contacts.GetContactIDsRequest(number))

    async def change() -> None:
        for number in range(3):
            await asyncio.sleep(0.1)
            if how == "forgotten":
                telegram_server.faults.forget_temporary_keys()
            elif how == "unbound":
                telegram_server.faults.unbind_temporary_keys()
            else:
                await pfs_client._sender._renew()
            # Whether requests are still going on or not, it is noticed now.
            await pfs_client(GetState())
            assert telegram_server.stats.keys == 1 + 1 + number + 1

    *answers, _ = await asyncio.wait_for(asyncio.gather(*(work(number) for number in range(400)), change()), 30)
    assert answers == [[number] for number in range(400)]
    assert set(made) == set(range(400))
    assert max(made.values()) <= most
    assert telegram_server.stats.repeated == 0


async def test_H17_two_data_centres_change_their_keys_by_themselves(telegram_server, pfs_client):
    sender = await pfs_client._borrow_exported_sender(4)
    home = pfs_client._sender._temporary.auth_key
    for key in telegram_server.all_keys():
        if key.record.is_temporary and key.record.dc_id == 4:
            telegram_server.forget_key(key)
    assert (await sender.send(GetNearestDc())).this_dc == 4
    assert (await pfs_client(GetState())).pts >= 0
    assert pfs_client._sender._temporary.auth_key == home
    assert sorted(key.dc_id for key in temporary(telegram_server)) == [2, 4]
    # The account is still logged in there.
    assert next(key for key in temporary(telegram_server) if key.dc_id == 4).permanent.user_id is not None
    await pfs_client._return_exported_sender(sender)


async def test_H17_without_updates(telegram_server, telegram_user):
    client = telegram_server.client(telegram_user, use_pfs=True, receive_updates=False)
    await client.connect()
    telegram_server.faults.forget_temporary_keys()
    assert (await client.get_me()).id == telegram_user.id
    assert not any(session.receives_updates for session in telegram_server.sessions())
    await client.disconnect()
