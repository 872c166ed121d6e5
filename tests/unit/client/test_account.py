"""Takeout sessions."""

from __future__ import annotations

import pytest

from telethon.tl import functions, types

CONFIG = functions.help.GetConfigRequest


@pytest.fixture
def client(scripted):
    return scripted(
        {
            "InitTakeoutSession": types.account.Takeout(77),
            "InvokeWithTakeout": lambda request: type(request.query).__name__,
            "GetConfig": "plain",
        }
    )


async def test_requests_belong_to_the_takeout(client):
    async with client.takeout(contacts=True, files=True, max_file_size=5) as takeout:
        assert client.session.takeout_id == takeout.session.takeout_id == 77
        assert await takeout(CONFIG()) == "GetConfigRequest"
        assert await takeout([CONFIG(), functions.help.GetNearestDcRequest()]) == [
            "GetConfigRequest",
            "GetNearestDcRequest",
        ]
        assert await client(CONFIG()) == "plain"
    assert client.session.takeout_id is None
    begin, *_, end = client._sender.sent
    assert begin == functions.account.InitTakeoutSessionRequest(contacts=True, files=True, file_max_size=5)
    assert end == functions.InvokeWithTakeoutRequest(77, functions.account.FinishTakeoutSessionRequest(success=True))


async def test_methods_send_within_the_takeout(client):
    client._sender.answers["InvokeWithTakeout"] = [[types.User(id=1, access_hash=5, is_self=True)]]
    async with client.takeout() as takeout:
        assert (await takeout.get_me()).id == 1
        assert type(client._sender.sent[-1].query).__name__ == "GetUsersRequest"


async def test_names_are_resolved_before_wrapping(client):
    async with client.takeout() as takeout:
        await takeout(functions.messages.SetTypingRequest(types.PeerChat(5), types.SendMessageTypingAction()))
    assert client._sender.sent[1].query.peer == types.InputPeerChat(5)


async def test_assignments_are_the_clients(client):
    async with client.takeout() as takeout:
        takeout.flood_sleep_threshold = 7
        takeout.anything = 5
        assert takeout.is_connected()
    assert client.flood_sleep_threshold == 7
    assert client.anything == 5


async def test_end_with_an_exception_is_no_success(client):
    with pytest.raises(KeyError):
        async with client.takeout():
            raise KeyError("x")
    assert client._sender.sent[-1].query == functions.account.FinishTakeoutSessionRequest(success=False)


async def test_success_is_what_was_said(client):
    async with client.takeout() as takeout:
        takeout.success = False
        assert takeout.success is False
    assert not client._sender.sent[-1].query.success


async def test_takeout_that_goes_on(client):
    async with client.takeout(finalize=False, users=True):
        pass
    assert client.session.takeout_id == 77
    with pytest.raises(ValueError, match="another takeout"):
        async with client.takeout(users=True):
            pass
    async with client.takeout(finalize=False):
        pass
    assert await client.end_takeout(success=True) is True
    assert client.session.takeout_id is None
    assert await client.end_takeout(success=True) is False
    assert client._sender.names == ["InitTakeoutSession", "InvokeWithTakeout"]


async def test_outside_of_the_block(client):
    with pytest.raises(ValueError, match="outside of"):
        await client.takeout()(CONFIG())
    async with client.takeout() as takeout:
        with pytest.raises(TypeError, match="only invoke requests"):
            await takeout(5)


async def test_telegram_does_not_let_it_end(client):
    client._sender.answers["InvokeWithTakeout"] = [False]
    with pytest.raises(ValueError, match="Failed to finish"):
        async with client.takeout():
            pass


async def test_with_is_not_for_a_running_loop(client):
    with pytest.raises(RuntimeError, match="async with"):
        client.takeout().__enter__()
