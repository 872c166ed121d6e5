"""Limits, waits and refusals, end to end: what the program sees, and what the server does not."""

from __future__ import annotations

import asyncio
import random
import struct
from pathlib import Path
from typing import Any

import pytest

from telethon import errors, events
from telethon.sessions import SQLiteSession
from telethon.testing import RpcFault, TelegramTestServer, run_virtual
from telethon.testing._service import DROPPED
from telethon.testing.server import TelegramServerCore
from telethon.tl import functions, types

CONFIG = functions.help.GetConfigRequest
NEAREST = functions.help.GetNearestDcRequest
STATE = functions.updates.GetStateRequest
TTL = functions.account.GetAccountTTLRequest


def dropped(server: TelegramTestServer) -> int:
    """How many requests the server was told not to answer."""
    return sum(message.state == DROPPED for session in server.sessions() for message in session._received.values())


def never(server: TelegramTestServer, *requests: Any) -> None:
    """Let requests be answered by nobody."""

    async def wait(request: Any, call: Any) -> None:
        await asyncio.Event().wait()

    for request in requests:
        server.on(request)(wait)


# -- limits ------------------------------------------------------------------------------------------------------------


async def test_S11_request_that_takes_too_long_is_withdrawn_and_the_connection_goes_on(
    telegram_server, telegram_client, eventually
):
    never(telegram_server, NEAREST)
    await telegram_client(STATE())
    connections = telegram_server.stats.connections
    with pytest.raises(errors.RequestTimeoutError, match=r"GetNearestDcRequest was not answered within 0\.05 s"):
        await telegram_client(NEAREST(), timeout=0.05)
    await eventually(lambda: dropped(telegram_server) == 1)
    assert telegram_client._sender._send_queue == []
    assert isinstance(await telegram_client(CONFIG(), timeout=5), types.Config)
    assert telegram_server.stats.connections == connections


async def test_S11_limit_of_a_list_withdraws_what_is_not_answered(telegram_server, telegram_client, eventually):
    never(telegram_server, NEAREST)
    with pytest.raises(asyncio.TimeoutError, match=r"list of 3 requests \(GetConfigRequest, GetNearestDcRequest\)"):
        await telegram_client([CONFIG(), NEAREST(), NEAREST()], timeout=0.2)
    await eventually(lambda: dropped(telegram_server) == 2)
    assert telegram_client._sender._send_queue == []


async def test_S11_limit_over_a_borrowed_connection(telegram_server, telegram_client, eventually):
    never(telegram_server, NEAREST)
    sender = await telegram_client._borrow_exported_sender(4)
    with pytest.raises(TimeoutError if issubclass(TimeoutError, asyncio.TimeoutError) else asyncio.TimeoutError):
        await telegram_client._call(sender, NEAREST(), timeout=0.05)
    await eventually(lambda: dropped(telegram_server) == 1)
    assert isinstance(await telegram_client._call(sender, CONFIG()), types.Config)
    await telegram_client._return_exported_sender(sender)


def test_S11_limit_spans_flood_waits_repetitions_and_a_lost_connection():
    async def main() -> None:
        loop = asyncio.get_running_loop()
        async with TelegramTestServer() as server:
            client = server.client(server.create_user("Ann"), request_timeout=10, connection_retries=-1)
            await client.connect()
            server.faults.flood_wait(NEAREST, 30)
            began = loop.time()
            with pytest.raises(errors.RequestTimeoutError):
                await client(NEAREST())
            assert loop.time() - began == pytest.approx(10, abs=0.5)
            server.faults.rpc_error(CONFIG, 500, "RPC_CALL_FAIL", times=None)
            began = loop.time()
            with pytest.raises(errors.RequestTimeoutError):
                await client(CONFIG(), timeout=5)
            assert loop.time() - began == pytest.approx(5, abs=0.5)
            server.faults.clear()
            refused = server.faults.refuse_connections(times=None)
            server.faults.disconnect()
            began = loop.time()
            with pytest.raises(errors.RequestTimeoutError):
                await client([STATE(), TTL()])
            assert loop.time() - began == pytest.approx(10, abs=0.5)
            refused.stop()
            assert (await client(STATE(), timeout=60)).pts >= 0
            await client.disconnect()
            server.violations.check()

    run_virtual(main())


# -- flood waits -------------------------------------------------------------------------------------------------------


def test_E2_waits_are_exact_and_nothing_is_sent_within_them():
    async def main() -> None:
        loop = asyncio.get_running_loop()
        async with TelegramTestServer() as server:
            client = server.client(server.create_user("Ann"))
            await client.connect()
            waits: list[tuple[int, bool, bool]] = []
            client.on_flood_wait(lambda wait: waits.append((wait.seconds, wait.will_sleep, wait.is_known)))

            def count() -> int:
                return sum(entry.method == "help.getNearestDc" for entry in server.requests)

            for text, error in (
                ("FLOOD_WAIT_60", None),
                ("FLOOD_PREMIUM_WAIT_7", None),
                ("SLOWMODE_WAIT_10", None),
                ("2FA_CONFIRM_WAIT_5", None),
                ("TAKEOUT_INIT_DELAY_60", None),
                ("FLOOD_WAIT_61", errors.FloodWaitError),
            ):
                server.requests.clear()
                fault = server.faults.rpc_error(NEAREST, 420, text)
                began = loop.time()
                if error is None:
                    await client(NEAREST())
                    assert loop.time() - began == pytest.approx(int(text.rpartition("_")[2]), abs=0.2), text
                    assert (fault.hits, count()) == (1, 1)
                else:
                    with pytest.raises(error):
                        await client(NEAREST())
                    assert loop.time() - began < 1
            assert waits[-1] == (61, False, False)
            server.requests.clear()
            with pytest.raises(errors.FloodWaitError) as raised:
                await client(NEAREST(), flood_sleep_threshold=30)
            assert raised.value.seconds == 61
            await asyncio.sleep(31)
            began = loop.time()
            await asyncio.gather(*(client(NEAREST(), flood_sleep_threshold=30) for _ in range(3)))
            assert loop.time() - began == pytest.approx(30, abs=0.2)
            assert count() == 3
            assert all(is_known for _, _, is_known in waits[-3:])
            await client.disconnect()

    run_virtual(main())


def test_E2_one_flooded_message_of_many_waits_and_the_others_are_sent():
    async def main() -> None:
        loop = asyncio.get_running_loop()
        async with TelegramTestServer() as server:
            ann, bob = server.create_user("Ann"), server.create_user("Bob", username="bob_1")
            client = server.client(ann)
            await client.connect()
            peer = await client.get_input_entity("bob_1")
            server.faults.flood_wait("messages.SendMessage", 20)
            requests = [functions.messages.SendMessageRequest(peer, str(number)) for number in range(5)]
            began = loop.time()
            answers = await client(requests)
            assert loop.time() - began == pytest.approx(20, abs=0.2)
            assert len({answer.id for answer in answers}) == 5
            assert sorted(seen.text for seen in bob.chat(ann).messages()) == list("01234")
            # The results are those of the requests, in their order.
            texts = {seen.id: seen.text for seen in ann.chat(bob).messages()}
            assert [texts[answer.id] for answer in answers] == list("01234")
            # In order, those behind it wait for it.
            server.faults.flood_wait("messages.SendMessage", 20)
            requests = [functions.messages.SendMessageRequest(peer, str(number)) for number in range(5, 10)]
            began = loop.time()
            await client(requests, ordered=True)
            assert loop.time() - began == pytest.approx(20, abs=0.2)
            assert [seen.text for seen in bob.chat(ann).messages()][5:] == list("56789")
            await client.disconnect()
            server.violations.check()

    run_virtual(main())


def test_E2_wait_in_one_chat_does_not_hold_back_another():
    async def main() -> None:
        loop = asyncio.get_running_loop()
        async with TelegramTestServer() as server:
            ann = server.create_user("Ann")
            client = server.client(ann)
            await client.connect()
            chats = []
            for name in ("one_1", "two_2"):
                server.create_user(name, username=name)
                chats.append(await client.get_input_entity(name))
            slow = server.faults.rpc_error("messages.SendMessage", 420, "SLOWMODE_WAIT_300", times=None)
            with pytest.raises(errors.SlowModeWaitError):
                await client.send_message(chats[0], "a")
            slow.stop()
            began = loop.time()
            await client.send_message(chats[1], "b")
            assert loop.time() - began < 1
            with pytest.raises(errors.SlowModeWaitError):
                await client.send_message(chats[0], "a")
            await asyncio.sleep(301)
            await client.send_message(chats[0], "a")
            sent = [entry.request.message for entry in server.requests if entry.method == "messages.sendMessage"]
            assert (slow.hits, sent) == (1, ["b", "a"])
            await client.disconnect()

    run_virtual(main())


# -- errors inside Telegram, other data centres ------------------------------------------------------------------------


@pytest.mark.parametrize("failures", range(7))
@pytest.mark.parametrize(
    ("code", "text"), [(500, "RPC_CALL_FAIL"), (500, "UNHEARD_OF"), (-503, "Timeout"), (500, "INTERDC_4_CALL_ERROR")]
)
def test_E3_attempts_and_delays_are_exact(failures, code, text):
    async def main() -> None:
        loop = asyncio.get_running_loop()
        async with TelegramTestServer() as server:
            client = server.client(server.create_user("Ann"))
            await client.connect()
            fault = server.faults.rpc_error(NEAREST, code, text, times=failures or None)
            if not failures:
                fault.stop()
            began = loop.time()
            if failures <= 5:
                assert isinstance(await client(NEAREST()), types.NearestDc)
            else:
                with pytest.raises(ValueError, match=r"unsuccessful 6 time\(s\)"):
                    await client(NEAREST())
            assert loop.time() - began == pytest.approx(2 * min(failures, 5), abs=0.2)
            assert fault.hits == failures
            assert sum(entry.method == "help.getNearestDc" for entry in server.requests) == (failures <= 5)
            await client.disconnect()

    run_virtual(main())


async def test_E3_what_may_have_been_done_is_not_done_twice(telegram_server, telegram_client, telegram_user):
    bob = telegram_server.create_user("Bob", username="bob_1")
    made = []

    @telegram_server.on(functions.messages.CreateChatRequest)
    def done_but_not_answered(request, call):
        made.append(telegram_server.create_group(request.title, telegram_user, [bob]))
        raise RpcFault(500, "RPC_CALL_FAIL")

    with pytest.raises(errors.ServerError):
        await telegram_client(functions.messages.CreateChatRequest(["bob_1"], "One group"))
    assert len(made) == 1


@pytest.mark.parametrize("kinds", [("PHONE",), ("NETWORK",), ("USER",), ("PHONE", "NETWORK", "USER")])
async def test_E1_migrations_are_followed(telegram_server, telegram_clients, kinds):
    client = await telegram_clients()
    for dc_id, kind in zip((4, 5, 1), kinds, strict=False):
        came_from = {4: 2, 5: 4, 1: 5}[dc_id]
        telegram_server.faults.migrate(NEAREST, dc_id, kind=kind, dc_id=came_from)
    assert isinstance(await client(NEAREST()), types.NearestDc)
    assert client.session.dc_id == (4, 5, 1)[len(kinds) - 1]
    assert telegram_server.requests[-1].dc_id == client.session.dc_id


async def test_E1_migration_to_nowhere_asks_for_the_configuration_and_leaves_the_client_as_it_is(
    telegram_server, telegram_client
):
    await telegram_client(STATE())
    telegram_server.faults.migrate(NEAREST, 77)
    telegram_server.requests.clear()
    with pytest.raises(ValueError, match="DC 77"):
        await telegram_client(NEAREST())
    assert "help.getConfig" in [entry.method for entry in telegram_server.requests]
    assert telegram_client.session.dc_id == 2
    assert isinstance(await telegram_client(NEAREST()), types.NearestDc)


@pytest.mark.parametrize(("kind", "error"), [("FILE", errors.FileMigrateError), ("STATS", errors.StatsMigrateError)])
async def test_E1_files_and_statistics_do_not_move_the_account(telegram_server, telegram_client, kind, error):
    telegram_server.faults.migrate(NEAREST, 4, kind=kind)
    with pytest.raises(error) as raised:
        await telegram_client(NEAREST())
    assert str(raised.value.code) == "303"
    assert telegram_client.session.dc_id == 2


async def test_E1_many_requests_that_are_told_at_once_move_once(telegram_server, telegram_client, telegram_user):
    await telegram_client(STATE())
    connections = telegram_server.stats.connections
    telegram_server.faults.migrate(NEAREST, 4, kind="USER", times=5)
    answers = await telegram_client([NEAREST() for _ in range(5)])
    assert len(answers) == 5
    assert telegram_client.session.dc_id == 4
    assert telegram_server.stats.connections == connections + 1


# -- the end of a login ------------------------------------------------------------------------------------------------

ENDS = [
    (401, "AUTH_KEY_UNREGISTERED", errors.AuthKeyUnregisteredError),
    (401, "SESSION_REVOKED", errors.SessionRevokedError),
    (401, "USER_DEACTIVATED", errors.UserDeactivatedError),
]


def stored(server: TelegramTestServer, user: Any, folder: Path) -> tuple[Any, Path]:
    """A client whose session is in a file, and that file."""
    made = server.client_session(user)
    session = SQLiteSession(str(folder / "kept"))
    session.set_dc(made.dc_id, made.server_address, made.port)
    session.auth_key = made.auth_key
    session.save()
    return server.client(session=session), folder / "kept.session"


def key_in(file: Path) -> bytes:
    session = SQLiteSession(str(file))
    try:
        return session.auth_key.key
    finally:
        session.close()


@pytest.mark.parametrize(("code", "text", "kind"), ENDS)
def test_E4_end_of_a_login_is_told_once_to_who_asks(code, text, kind, tmp_path):
    async def main() -> None:
        async with TelegramTestServer() as server:
            client, file = stored(server, server.create_user("Ann"), tmp_path)
            await client.connect()
            await client(STATE())
            key = client.session.auth_key.key
            fault = server.faults.rpc_error(NEAREST, code, text, times=None)
            with pytest.raises(kind):
                await client(NEAREST())
            await asyncio.sleep(100)
            assert fault.hits == 1
            assert server.stats.connections == 1
            await client.disconnect()
            assert key_in(file) == key

    run_virtual(main())


@pytest.mark.parametrize(("code", "text", "kind"), ENDS)
@pytest.mark.parametrize("when", ["asking for updates", "reconnecting"])
def test_E4_end_of_a_login_stops_the_updates_and_is_raised_once(code, text, kind, when, tmp_path):
    async def main() -> None:
        async with TelegramTestServer() as server:
            client, file = stored(server, server.create_user("Ann"), tmp_path)
            await client.connect()
            await asyncio.sleep(5)
            key = client.session.auth_key.key
            running = asyncio.ensure_future(client.run_until_disconnected())
            await asyncio.sleep(5)
            fault = server.faults.rpc_error("updates.GetDifference", code, text, times=None)
            if when == "reconnecting":
                server.faults.disconnect()
            else:
                await client.catch_up()
            with pytest.raises(kind):
                await asyncio.wait_for(running, 60)
            assert fault.hits == 1
            connections = server.stats.connections
            await asyncio.sleep(3600)
            assert (fault.hits, server.stats.connections) == (1, connections)
            assert not client.is_connected()
            assert key_in(file) == key

    run_virtual(main())


def test_E4_password_that_is_asked_for_is_no_end_of_a_login(tmp_path):
    async def main() -> None:
        async with TelegramTestServer() as server:
            ann = server.create_user("Ann")
            client = server.client(ann)
            heard = []
            client.add_event_handler(lambda event: heard.append(event.raw_text), events.NewMessage)
            await client.connect()
            await asyncio.sleep(5)
            server.faults.rpc_error("updates.GetDifference", 401, "SESSION_PASSWORD_NEEDED")
            await client.catch_up()
            await asyncio.sleep(100)
            assert client.is_connected()
            await server.create_user("Bob").chat(ann).send("still here")
            await asyncio.sleep(5)
            assert heard == ["still here"]
            await client.disconnect()

    run_virtual(main())


@pytest.mark.parametrize("when", ["call", "reconnecting"])
def test_E5_I28_duplicated_key_ends_the_client_within_one_attempt(when, tmp_path):
    async def main() -> None:
        async with TelegramTestServer() as server:
            client, file = stored(server, server.create_user("Ann"), tmp_path)
            client._connection_retries = -1
            await client.connect()
            await asyncio.sleep(5)
            key = client.session.auth_key.key
            fault = server.faults.rpc_error(None, 406, "AUTH_KEY_DUPLICATED", times=None)
            connections = server.stats.connections
            if when == "call":
                with pytest.raises(errors.AuthKeyDuplicatedError):
                    await client(NEAREST())
            else:
                server.faults.disconnect()
                connections += 1
                await asyncio.sleep(5)
            await asyncio.sleep(3600)
            assert not client.is_connected()
            assert server.stats.connections == connections
            assert fault.hits <= 2
            with pytest.raises(ConnectionError):
                await client(NEAREST())
            await client.disconnect()
            assert key_in(file) == key

    run_virtual(main())


# -- what is mended inside ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["CONNECTION_NOT_INITED", "CONNECTION_LAYER_INVALID"])
@pytest.mark.parametrize("several", [False, True])
async def test_E6_client_that_is_not_known_introduces_itself(telegram_server, telegram_client, text, several):
    fault = telegram_server.faults.rpc_error(NEAREST, 400, text)
    answer = await telegram_client([NEAREST(), NEAREST()] if several else NEAREST())
    assert all(isinstance(one, types.NearestDc) for one in (answer if several else [answer]))
    assert fault.hits == 1


@pytest.mark.parametrize("text", ["MSG_WAIT_TIMEOUT", "MSG_WAIT_FAILED"])
async def test_E6_chain_that_waited_in_vain_goes_on(telegram_server, telegram_client, text):
    requests = [functions.contacts.SearchRequest(f"number {number}", 1) for number in range(10)]
    fault = telegram_server.faults.rpc_error(functions.contacts.SearchRequest, 400, text)
    fault._applies = lambda session, request: getattr(request, "q", None) == "number 4"
    answers = await telegram_client(requests, ordered=True)
    assert [type(answer) for answer in answers] == [types.contacts.Found] * 10
    assert fault.hits == 1


@pytest.mark.parametrize(("code", "text"), [(500, "RPC_CALL_FAIL"), (420, "FLOOD_WAIT_3")])
def test_E6_chain_goes_on_behind_the_request_that_could_be_tried_again(code, text):
    async def main() -> None:
        async with TelegramTestServer() as server:
            client = server.client(server.create_user("Ann"))
            await client.connect()
            requests = [functions.contacts.SearchRequest(f"number {number}", 1) for number in range(10)]
            fault = server.faults.rpc_error(functions.contacts.SearchRequest, code, text)
            fault._applies = lambda session, request: getattr(request, "q", None) == "number 2"
            answers = await client(requests, ordered=True)
            assert [type(answer) for answer in answers] == [types.contacts.Found] * 10
            asked = [entry.request.q for entry in server.requests if entry.method == "contacts.search"]
            assert asked == [f"number {number}" for number in range(10)], "each was done once, in order"
            await client.disconnect()
            server.violations.check()

    run_virtual(main())


async def test_E6_chain_ends_at_the_request_that_fails(telegram_server, telegram_client):
    requests = [functions.contacts.SearchRequest(f"number {number}", 1) for number in range(10)]
    fault = telegram_server.faults.rpc_error(functions.contacts.SearchRequest, 400, "QUERY_TOO_SHORT", times=None)
    fault._applies = lambda session, request: getattr(request, "q", None) == "number 2"
    with pytest.raises(errors.MultiError) as raised:
        await telegram_client(requests, ordered=True)
    kinds = [type(error) for error in raised.value.exceptions]
    assert kinds == [type(None)] * 2 + [errors.QueryTooShortError] + [errors.MsgWaitFailedError] * 7
    assert [type(result) for result in raised.value.results[:3]] == [types.contacts.Found] * 2 + [type(None)]
    asked = [entry.request.q for entry in telegram_server.requests if entry.method == "contacts.search"]
    assert asked == ["number 0", "number 1"]


ALIEN = struct.pack("<I", 0x1A2B3C4D) + b"private words..."
"""Something of a layer that nobody here speaks."""


async def test_E7_I8_answer_in_another_layer_is_told_once_and_the_connection_is_introduced_again(
    telegram_server, telegram_client, monkeypatch
):
    await telegram_client(STATE())
    strange = True

    @telegram_server.on(NEAREST)
    def answer(request, call):
        return ALIEN if strange else NotImplemented

    introduced = []
    original = telegram_client._invoker._init_connection

    def introduce(request: Any) -> Any:
        introduced.append(type(request))
        return original(request)

    monkeypatch.setattr(telegram_client._invoker, "_init_connection", introduce)
    connections = telegram_server.stats.connections
    with pytest.raises(errors.TypeNotFoundError, match="1a2b3c4d") as raised:
        await telegram_client(NEAREST())
    assert "private" not in str(raised.value)
    strange = False
    assert isinstance(await telegram_client(NEAREST()), types.NearestDc)
    assert isinstance(await telegram_client(NEAREST()), types.NearestDc)
    assert len(introduced) == 1, "by whatever is asked next, and once is enough"
    assert telegram_server.stats.connections == connections


# -- nobody waits for ever ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("incoming", [True, False], ids=["request", "answer"])
def test_S14_what_is_lost_on_a_living_connection_is_found_out(incoming):
    async def main() -> None:
        loop = asyncio.get_running_loop()
        made = []
        async with TelegramTestServer() as server:
            client = server.client(server.create_user("Ann"))
            await client.connect()
            await asyncio.sleep(120)

            @server.on(NEAREST)
            def answer(request, call):
                made.append(1)
                return NotImplemented

            # The number of a lost message is missing in the row, which the server takes for a fault of the client.
            server.violations.tolerate("seq_no")
            connections = server.stats.connections
            began = loop.time()
            asked = asyncio.ensure_future(client(NEAREST()))
            server.faults.swallow(incoming=incoming)
            assert isinstance(await asked, types.NearestDc)
            assert loop.time() - began <= 65
            assert len(made) == 1
            assert server.stats.connections == connections
            await client.disconnect()
            server.violations.check()

    run_virtual(main())


@pytest.mark.parametrize("how", ["refused", "forgotten"])
def test_S8_E3_what_must_not_be_done_twice_is_done_once_when_the_session_ends(how):
    async def main() -> None:
        made: list[str] = []
        async with TelegramTestServer() as server:
            client = server.client(server.create_user("Ann"))
            await client.connect()
            await asyncio.sleep(5)

            @server.on(functions.messages.CreateChatRequest)
            async def create(request: Any, call: Any) -> Any:
                made.append(request.title)
                await asyncio.sleep(5)
                return NotImplemented

            @server.on(NEAREST)
            async def slow(request: Any, call: Any) -> Any:
                made.append("nearest")
                await asyncio.sleep(5)
                return NotImplemented

            create_chat = functions.messages.CreateChatRequest([], "A group")
            calls = [asyncio.ensure_future(client(request)) for request in (create_chat, NEAREST())]
            await asyncio.sleep(1)
            if how == "refused":
                server.faults.bad_message(33)
            else:
                server.faults.forget_sessions()
            assert (await client(STATE())).pts >= 0
            outcome = await asyncio.gather(*calls, return_exceptions=True)
            assert isinstance(outcome[0], errors.RequestUncertainError)
            assert "CreateChatRequest may have been carried out or not" in str(outcome[0])
            assert outcome[0].request is create_chat
            assert isinstance(outcome[1], types.NearestDc)
            assert made.count("A group") == 1
            await client.disconnect()

    run_virtual(main())


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("how", ["disconnected", "lost for good"])
async def test_S15_R8_I6_thousand_calls_around_the_end_of_a_connection_all_end(telegram_server, seed, how):
    rand = random.Random(seed)
    client: Any = telegram_server.client(telegram_server.create_user("Ann"), connection_retries=1, retry_delay=0.02)
    await client.connect()
    never(telegram_server, TTL)
    telegram_server.faults.flood_wait(CONFIG, 30, times=None)
    # What waits for something else than an answer ends as well.
    kinds = [NEAREST, NEAREST, STATE, TTL, CONFIG]
    calls: list[asyncio.Future[Any]] = []

    async def ask() -> None:
        while len(calls) < 1000:
            for _ in range(rand.randrange(1, 40)):
                kind = rand.choice(kinds)
                request = kind() if rand.random() < 0.8 else [kind(), NEAREST()]
                calls.append(asyncio.ensure_future(client(request)))
            await asyncio.sleep(rand.random() * 0.004)

    asking = asyncio.ensure_future(ask())
    await asyncio.sleep(0.01 + rand.random() * 0.03)
    if how == "lost for good":
        telegram_server.faults.refuse_connections(times=None)
        telegram_server.faults.disconnect()
        await asyncio.wait_for(asyncio.gather(client.disconnected, return_exceptions=True), 5)
    else:
        if rand.random() < 0.5:
            telegram_server.faults.disconnect()
            await asyncio.sleep(rand.random() * 0.01)
        await client.disconnect()
    await asking
    done, pending = await asyncio.wait(calls, timeout=1)
    assert len(pending) == 0
    outcomes = [call.exception() or call.result() for call in done]
    kinds_of_end = {type(one).__name__ for one in outcomes if isinstance(one, BaseException)}
    assert kinds_of_end == {"ConnectionError"}
    await client.disconnect()


async def test_S15_what_waits_before_it_is_sent_again_ends_with_the_client(telegram_server, telegram_clients):
    client = await telegram_clients(telegram_server.create_user("Ann"))
    telegram_server.faults.flood_wait(NEAREST, 30)
    waiting = asyncio.Event()
    client.on_flood_wait(lambda wait: waiting.set())
    asked = asyncio.ensure_future(client(NEAREST()))
    await waiting.wait()
    await asyncio.sleep(0)
    await client.disconnect()
    with pytest.raises(ConnectionError, match="disconnected while a request waited"):
        await asyncio.wait_for(asked, 1)


@pytest.mark.parametrize("sequential", [False, True])
async def test_I5_handler_that_disconnects_the_client_ends(
    telegram_server, telegram_clients, telegram_user, eventually, sequential
):
    client = await telegram_clients(telegram_user, sequential_updates=sequential)
    await client(STATE())
    before = asyncio.all_tasks()
    ended = []

    @client.on(events.NewMessage)
    async def leave(event: Any) -> None:
        await client.disconnect()
        ended.append(event.raw_text)

    await asyncio.sleep(0.2)
    await telegram_server.create_user("Bob").chat(telegram_user).send("leave")
    await asyncio.wait_for(client.run_until_disconnected(), 1)
    await eventually(lambda: ended == ["leave"], 1)
    assert not client.is_connected()
    await eventually(lambda: asyncio.all_tasks() <= before, 1)


def test_I28_there_are_never_two_main_connections_at_once(monkeypatch):
    """Whoever ends the connection, and however: the next one begins when the one before it has ended."""
    open_since: dict[Any, float] = {}
    overlaps: list[float] = []
    connected, disconnected = TelegramServerCore.connected, TelegramServerCore.disconnected

    def on_connected(server: Any, connection: Any) -> int:
        open_since[connection] = asyncio.get_running_loop().time()
        return connected(server, connection)

    def on_disconnected(server: Any, connection: Any) -> None:
        began = open_since.pop(connection, None)
        if began is not None and open_since:
            overlaps.append(asyncio.get_running_loop().time() - max(began, *open_since.values()))
        disconnected(server, connection)

    monkeypatch.setattr(TelegramServerCore, "connected", on_connected)
    monkeypatch.setattr(TelegramServerCore, "disconnected", on_disconnected)
    rand = random.Random(7)

    async def main() -> int:
        async with TelegramTestServer() as server:
            client = server.client(server.create_user("Ann"), connection_retries=-1, retry_delay=0.05)
            await client.connect()
            for _ in range(400):
                how = rand.randrange(5)
                if how == 0:
                    server.faults.disconnect()
                elif how == 1:
                    server.faults.black_hole(outgoing=rand.random() < 0.5)
                elif how == 2:
                    client._sender._on_lost(ConnectionError("made up"))
                elif how == 3:
                    server.faults.corrupt()
                else:
                    server.faults.transport_error(rand.choice([404, 429]))
                assert (await client(STATE())).pts >= 0
                if rand.random() < 0.5:
                    await asyncio.sleep(rand.random() * 3)
            await client.disconnect()
            return server.stats.connections

    assert run_virtual(main()) > 300
    assert [overlap for overlap in overlaps if overlap > 0] == []
