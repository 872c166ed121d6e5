"""Limits, waits and refusals, end to end: what the program sees, and what the server does not."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from telethon import errors
from telethon.testing import RpcFault, TelegramTestServer, run_virtual
from telethon.testing._service import DROPPED
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
