"""Calling the client, and the questions about the own account."""

from __future__ import annotations

import asyncio
import math
from typing import Any

import pytest

from telethon import errors
from telethon.tl import functions, types

CONFIG = functions.help.GetConfigRequest


def own(**fields: Any) -> types.User:
    return types.User(id=1, access_hash=10, is_self=True, **fields)


async def test_one_request_and_several(scripted):
    client = scripted({"GetConfig": [1, 2, 3, 4]})
    assert await client(CONFIG()) == 1
    assert await client([CONFIG(), CONFIG()], ordered=True) == [2, 3]
    assert await client._call(client._sender, CONFIG()) == 4


async def test_what_a_program_puts_in_between_is_asked(scripted, monkeypatch):
    client = scripted({})
    seen = []

    async def own(sender, request, ordered=False, flood_sleep_threshold=None):
        seen.append((request, ordered, flood_sleep_threshold))
        return "own"

    monkeypatch.setattr(client, "_call", own)
    request = CONFIG()
    assert await client(request, True, 5) == "own"
    assert seen == [(request, True, 5)]
    client.request_timeout = 8
    assert await client(request) == "own", "what knows nothing of limits is not told of one"
    with pytest.raises(TypeError, match="timeout"):
        await client(request, timeout=5)

    class Own(type(client)):
        async def _call(self, *args, **options):
            return "subclass"

    monkeypatch.undo()
    client.__class__ = Own
    assert await client(request) == "subclass"


async def test_threshold_of_the_client_and_of_the_call(scripted):
    wait = errors.FloodWaitError(None, capture=10)
    client = scripted({"GetConfig": [wait, 1], "GetNearestDc": [wait, 2]}, flood_sleep_threshold=10)
    assert await client(CONFIG()) == 1
    with pytest.raises(errors.FloodWaitError):
        await client(functions.help.GetNearestDcRequest(), flood_sleep_threshold=9)
    assert client.pauses == [10]
    assert list(client._flood_waited_requests) == [functions.help.GetNearestDcRequest.CONSTRUCTOR_ID]


async def test_E2_flood_waits_can_be_watched(scripted):
    client = scripted({"GetConfig": [errors.FloodWaitError(None, capture=10), 1]})
    waits = []

    @client.on_flood_wait
    def keep(wait):
        waits.append((wait.seconds, wait.will_sleep, wait.is_known, list(client.pauses)))

    assert callable(keep)
    request = CONFIG()
    assert await client(request) == 1
    assert waits == [(10, True, False, [])], "told before the wait begins"


@pytest.mark.parametrize("several", [False, True])
async def test_S11_call_has_a_limit_of_its_own_or_that_of_the_client(scripted, several):
    never = asyncio.get_running_loop().create_future()
    client = scripted({"GetConfig": lambda request: never}, request_timeout=0.02)
    assert client.request_timeout == 0.02
    request = [CONFIG(), CONFIG()] if several else CONFIG()
    client._sender.send = lambda request, ordered=False: [never, never] if isinstance(request, list) else never
    with pytest.raises(errors.RequestTimeoutError, match="GetConfigRequest") as raised:
        await client(request)
    assert (raised.value.request, raised.value.seconds) == (request, 0.02)
    assert never.cancelled()
    never = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().call_later(0.05, lambda: never.set_result(5))
    assert await client(CONFIG(), timeout=math.inf) == 5
    client.request_timeout = None
    never = asyncio.get_running_loop().create_future()
    with pytest.raises(asyncio.TimeoutError):
        await client._call(client._sender, CONFIG(), timeout=0.01)


@pytest.mark.parametrize(
    ("timeout", "error"), [("5", TypeError), (True, TypeError), (math.nan, ValueError), ([1], TypeError)]
)
async def test_limit_is_a_number_of_seconds(scripted, timeout, error):
    client = scripted({"GetConfig": 1})
    with pytest.raises(error, match="A timeout is a number of seconds"):
        await client(CONFIG(), timeout=timeout)
    with pytest.raises(error, match="A timeout is a number of seconds"):
        client.request_timeout = timeout


async def test_S11_limit_of_what_is_no_list_of_requests(scripted):
    client = scripted({"GetConfig": 1})
    with pytest.raises(TypeError, match="You can only invoke requests"):
        await client("x", timeout=5)
    assert await client(iter([CONFIG(), CONFIG()]), timeout=5) == [1, 1]


async def test_another_loop_is_refused(scripted):
    client = scripted({"GetConfig": 1})
    other = asyncio.new_event_loop()
    client._loop = other
    with pytest.raises(RuntimeError, match="event loop must not change after connection"):
        await client(CONFIG())
    other.close()


async def test_answers_teach_the_session(scripted):
    client = scripted({"GetUsers": [[types.User(id=5, access_hash=50, first_name="F", username="five")]]})
    await client(functions.users.GetUsersRequest([types.InputUser(5, 50)]))
    assert await client.get_input_entity("five") == types.InputPeerUser(5, 50)
    assert await client.get_input_entity(5) == types.InputPeerUser(5, 50)
    assert len(client._sender.sent) == 1


async def test_get_me(scripted):
    client = scripted({"GetUsers": [[own(bot=True)]]})
    assert client._self_id is None
    assert await client.get_me() == own(bot=True)
    assert client._self_id == 1
    assert await client.get_me(input_peer=True) == types.InputPeerUser(1, 10)
    assert await client.is_bot() is True
    assert len(client._sender.sent) == 1


async def test_get_me_when_nobody_is(scripted):
    client = scripted({"GetUsers": errors.AuthKeyUnregisteredError})
    assert await client.get_me() is None
    assert await client.get_me(input_peer=True) is None
    assert await client.is_bot() is False


@pytest.mark.parametrize(("answer", "known"), [(errors.AuthKeyUnregisteredError, False), (1, True)])
async def test_is_user_authorized_asks_once(scripted, answer, known):
    client = scripted({"GetState": answer})
    for _ in range(2):
        assert await client.is_user_authorized() is known
    assert len(client._sender.sent) == 1


async def test_is_user_authorized_takes_no_flood_wait_for_an_answer(scripted):
    client = scripted({"GetState": [errors.FloodWaitError(None, capture=500), 1]})
    with pytest.raises(errors.FloodWaitError):
        await client.is_user_authorized()
    client._invoker.flood.known.clear()
    assert await client.is_user_authorized() is True


UNKNOWN_METHOD = errors.BadRequestError(None, "INPUT_METHOD_INVALID_3990128682", 400)


@pytest.mark.parametrize(
    ("users", "known"), [([[types.User(1)]], True), ([[]], False), (errors.AuthKeyUnregisteredError, False)]
)
async def test_is_user_authorized_where_the_server_does_not_know_the_question(scripted, users, known):
    client = scripted({"GetState": UNKNOWN_METHOD, "GetUsers": users})
    for _ in range(2):
        assert await client.is_user_authorized() is known
    assert len(client._sender.sent) == 2


@pytest.mark.parametrize(
    ("failure", "known_self", "moves"),
    [
        (UNKNOWN_METHOD, 1, False),
        (errors.AuthKeyUnregisteredError, 1, True),
        (ConnectionError("lost"), 1, False),
        (errors.FloodWaitError(None, capture=500), 1, False),
        # Who has no account has none to lose.
        (ConnectionError("lost"), None, True),
    ],
)
async def test_E1_an_account_is_not_given_up_because_it_could_not_be_asked(scripted, failure, known_self, moves):
    """Moving to another data centre drops the key, and with it the log-in."""
    client = scripted({"GetState": [failure, 1]})
    client._mb_entity_cache.set_self_user(known_self, False, 10)
    assert await client._is_authorized_here() is not moves
    if not moves:
        client._invoker.flood.known.clear()
        assert await client.is_user_authorized() is True, "it is asked again"


async def test_entities_one_and_many(scripted):
    client = scripted({"GetUsers": lambda request: [types.User(id=one.user_id) for one in request.id]})
    assert (await client.get_entity(types.InputPeerUser(5, 6))).id == 5
    for many in ([types.InputPeerUser(5, 6)], (types.InputPeerUser(5, 6),)):
        assert [entity.id for entity in await client.get_entity(many)] == [5]


async def test_ids_and_peers(scripted):
    client = scripted({})
    assert await client.get_peer_id(types.PeerChannel(5)) == -1000000000005
    assert await client.get_peer_id(types.PeerChannel(5), add_mark=False) == 5
    assert await client._get_peer(-5) == types.PeerChat(5)
    assert await client._get_input_dialog(types.PeerChat(5)) == types.InputDialogPeer(types.InputPeerChat(5))
    assert await client._get_input_notify(types.PeerChat(5)) == types.InputNotifyPeer(types.InputPeerChat(5))


async def test_requests_use_what_subclasses_know(scripted):
    client = scripted({"SetTyping": True})

    async def get_input_entity(peer: Any) -> Any:
        return types.InputPeerChat(99)

    client.get_input_entity = get_input_entity
    await client(functions.messages.SetTypingRequest("x", types.SendMessageTypingAction()))
    assert client._sender.sent[0].peer == types.InputPeerChat(99)
