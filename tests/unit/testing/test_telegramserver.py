from __future__ import annotations

import asyncio
import json

import pytest

from telethon.crypto import rsa
from telethon.testing import ManualClock, Options, TelegramTestServer


async def test_what_a_client_must_know_is_told():
    async with TelegramTestServer(dcs=(1, 2)) as server:
        info = server.connection_info()
        assert set(info.addresses) == {1, 2}
        assert all(host == "127.0.0.1" for host, _ in info.addresses.values())
        assert info.default_dc == 2
        assert json.loads(json.dumps(info.as_dict()))["addresses"]["1"] == list(info.addresses[1])


async def test_the_key_is_trusted_only_while_a_server_runs():
    fingerprint = TelegramTestServer().rsa_key.fingerprint
    assert fingerprint not in rsa.current_keys()
    async with TelegramTestServer():
        async with TelegramTestServer():
            assert fingerprint in rsa.current_keys()
        assert fingerprint in rsa.current_keys()
    assert fingerprint not in rsa.current_keys()


async def test_it_listens_where_it_is_told():
    async with TelegramTestServer(dcs=(2,)) as first:
        port = first.address(2)[1]
    async with TelegramTestServer(dcs=(2,), ports={2: port}) as second:
        assert second.address(2) == ("127.0.0.1", port)


async def test_it_has_to_run_to_be_reached():
    server = TelegramTestServer()
    with pytest.raises(RuntimeError, match="not started"):
        server.connection_info()
    with pytest.raises(RuntimeError, match="not started; use it with `async with`"):
        server.client(server.create_user("Ann"))


async def test_clients_are_those_of_people_of_this_server():
    stranger = TelegramTestServer().create_user("Ann")
    async with TelegramTestServer() as server:
        with pytest.raises(ValueError, match=r"SimulatedUser\(id=\d+, 'Ann'\) is on another server"):
            server.client(stranger)
        with pytest.raises(TypeError, match="what create_user or create_bot gave, not str"):
            server.client("ann")  # type: ignore[arg-type]


def test_names_and_numbers_that_cannot_be():
    server = TelegramTestServer()
    with pytest.raises(ValueError, match="'abc' has none"):
        server.create_user("Ann", phone="abc")
    assert server.create_user("Ann", username="@ann").username == "ann"
    assert server.create_bot("Bot", "@good_bot").username == "good_bot"
    with pytest.raises(TypeError, match=r"options are given as Options\(...\), not dict"):
        TelegramTestServer(options={"bot_timeout": 2})  # type: ignore[arg-type]


def test_accounts_can_be_made_before_it_runs_and_must_differ():
    server = TelegramTestServer(clock=ManualClock(1_700_000_000), options=Options())
    user = server.create_user("Ann", phone="+999 66 2 1234", username="ann_1")
    assert (user.phone, user.id) == ("+9996621234", server.world.phones["9996621234"])
    assert server.world.now() == 1_700_000_000
    for wrong in ({"phone": "9996621234"}, {"username": "ANN_1"}, {"dc_id": 9}):
        with pytest.raises(ValueError, match=r"taken|no data centre"):
            server.create_user("Bob", **wrong)
    assert server.create_bot().token != server.create_bot().token
    assert server.actor(user.account) is user
    with pytest.raises(KeyError):
        server.actor(1)


def test_the_default_data_centre_exists():
    assert TelegramTestServer(dcs=(1, 3)).default_dc == 1
    assert TelegramTestServer(dcs=(1, 3)).create_user("Ann").account.dc_id == 1


async def test_nothing_is_left_when_it_has_stopped():
    before = len(asyncio.all_tasks())
    async with TelegramTestServer() as server:
        await asyncio.open_connection(*server.address(2))
    assert len(asyncio.all_tasks()) == before
