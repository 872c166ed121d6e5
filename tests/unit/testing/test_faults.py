from __future__ import annotations

import asyncio
from struct import unpack_from
from typing import Any

import pytest
from rawclient import NEAREST, RawClient

from telethon._core.clock import Instant
from telethon._core.rand import system_random
from telethon.crypto.rsa import ServerKey
from telethon.errors.common import RemoteProtocolError, SecurityError
from telethon.mtproto import wire
from telethon.mtproto.keyexchange import Finished, KeyExchange
from telethon.testing._rsakey import TEST_KEY
from telethon.tl import functions
from telethon.tl.functions.help import GetNearestDcRequest
from telethon.tl.functions.users import GetUsersRequest


def rules(server: Any) -> list[str]:
    return [violation.rule for violation in server.violations]


# -- requests --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "method", ["help.GetNearestDc", "help.getNearestDc", "help.GetNearestDcRequest", GetNearestDcRequest]
)
async def test_a_method_can_be_answered_with_an_error(client: Any, server: Any, method: Any) -> None:
    fault = server.faults.rpc_error(method, 400, "NO", times=2)
    ids = [client.send(GetNearestDcRequest()) for _ in range(3)]
    await client.turn()
    assert [client.error(msg_id) for msg_id in ids] == [(400, "NO"), (400, "NO"), None]
    assert (fault.hits, fault.left, fault.is_active) == (2, 0, False)
    assert repr(fault) == "Fault(hits=2, left=0)"


@pytest.mark.parametrize("method", ["help.Nothing", "nothing.GetUsers", "", 5, int])
async def test_a_method_has_to_exist(server: Any, method: Any) -> None:
    with pytest.raises(ValueError, match="method"):
        server.faults.rpc_error(method, 400, "NO")


async def test_only_the_method_is_concerned(serve: Any) -> None:
    server = await serve(lambda request, context: NEAREST if isinstance(request, GetNearestDcRequest) else [])
    client = RawClient(server)
    await client.begin()
    server.faults.rpc_error("users.GetUsers", 400, "NO", times=None)
    ids = [client.send(GetNearestDcRequest()), client.send(GetUsersRequest([]))]
    await client.turn()
    assert [client.error(msg_id) for msg_id in ids] == [None, (400, "NO")]
    every = server.faults.rpc_error(None, 500, "ALL")
    msg_id = client.send(GetNearestDcRequest())
    await client.turn()
    assert client.error(msg_id) == (500, "ALL")
    assert every.hits == 1


async def test_only_the_data_centre_is_concerned(client: Any, server: Any) -> None:
    elsewhere = server.faults.rpc_error(None, 400, "NO", dc_id=4)
    here = server.faults.rpc_error(None, 400, "YES", dc_id=2)
    msg_id = client.send(GetNearestDcRequest())
    await client.turn()
    assert client.error(msg_id) == (400, "YES")
    assert (elsewhere.hits, here.hits) == (0, 1)


async def test_flood_wait_and_migration(client: Any, server: Any) -> None:
    server.faults.flood_wait("help.GetNearestDc", 7)
    flooded = client.send(GetNearestDcRequest())
    await client.turn()
    server.faults.migrate("help.GetNearestDc", 4, kind="PHONE")
    migrated = client.send(GetNearestDcRequest())
    await client.turn()
    assert client.error(flooded) == (420, "FLOOD_WAIT_7")
    assert client.error(migrated) == (303, "PHONE_MIGRATE_4")


async def test_a_slow_answer_comes_when_it_is_time(client: Any, server: Any) -> None:
    server.faults.slow("help.GetNearestDc", 10)
    slow = client.send(GetNearestDcRequest())
    quick = client.send(GetNearestDcRequest())
    await client.turn()
    assert list(client.results()) == [quick]
    (ack,) = client.of(wire.MSGS_ACK)
    assert wire.read_long_vector(ack.body, 4, len(ack.body))[0] == (slow,)
    server.clock.advance(9.9)
    await client.turn()
    assert list(client.results()) == [quick]
    server.clock.advance(0.2)
    await client.turn()
    assert list(client.results()) == [quick, slow]


async def test_S9_an_answer_that_is_kept_back_has_to_be_asked_for(client: Any, server: Any) -> None:
    server.faults.keep_back()
    msg_id = client.send(GetNearestDcRequest())
    await client.turn()
    (info,) = client.of(wire.MSG_DETAILED_INFO)
    req_msg_id, answer_msg_id, size, status = unpack_from("<qqii", info.body, 4)
    assert (req_msg_id, size, status) == (msg_id, 12 + len(bytes(NEAREST)), 0)
    client.ack(answer_msg_id)
    await client.turn()
    assert rules(server) == ["ack"]
    assert not client.results()
    client.send(wire.long_vector(wire.MSG_RESEND_REQ, (answer_msg_id,)), content=False)
    await client.turn()
    assert client.results() == {msg_id: bytes(NEAREST)}
    client.ack(answer_msg_id)
    await client.turn()
    assert rules(server) == ["ack"]


@pytest.mark.parametrize("when", ["received", "executed", "answering", "answered"])
@pytest.mark.parametrize("waits", [False, True])
async def test_S8_the_connection_ends_at_a_certain_request(serve: Any, when: str, waits: bool) -> None:
    executed: list[int] = []

    async def slowly() -> Any:
        await asyncio.sleep(0)
        return NEAREST

    def handler(request: Any, context: Any) -> Any:
        executed.append(context.msg_id)
        return slowly() if waits else NEAREST

    server = await serve(handler)
    client = RawClient(server)
    await client.begin()
    executed.clear()
    fault = server.faults.disconnect_after(3, when=when)
    ids = []
    for _ in range(3):
        assert not client.ended
        ids.append(client.send(GetNearestDcRequest()))
        await client.turn()
    assert client.ended
    assert fault.hits == 1
    assert list(client.results()) == (ids if when == "answered" else ids[:2])
    assert executed == (ids[:2] if when == "received" else ids)
    client.connect()
    again = client.send(GetNearestDcRequest())
    await client.turn()
    assert again in client.results()
    if when in ("executed", "answering"):
        assert ids[2] in client.results()
    assert not server.violations


async def test_S8_nothing_behind_the_request_is_executed(client: Any, server: Any) -> None:
    executed = server.stats.requests
    server.faults.disconnect_after(2, when="received")
    client.send_container(*(client.pack(GetNearestDcRequest()) for _ in range(5)))
    await client.turn()
    assert server.stats.requests == executed + 1


async def test_disconnect_after_strikes_again(client: Any, server: Any) -> None:
    fault = server.faults.disconnect_after(2, times=None)
    for number in range(1, 7):
        client.send(GetNearestDcRequest())
        await client.turn()
        assert client.ended is (number % 2 == 0)
        assert fault.hits == number // 2
        if client.ended:
            client.connect()
    fault.stop()
    assert not fault.is_active


async def test_disconnect_after_counts_from_one(server: Any) -> None:
    with pytest.raises(ValueError, match="number 0"):
        server.faults.disconnect_after(0)
    with pytest.raises(ValueError, match="not 0 times"):
        server.faults.delay(1, times=0)
    with pytest.raises(ValueError, match="two packets"):
        server.faults.reorder(1)


# -- sessions --------------------------------------------------------------------------------------------------------


async def test_S1_bad_salt_makes_the_known_salts_invalid(client: Any, server: Any) -> None:
    old = client.salt
    fault = server.faults.bad_salt()
    msg_id = client.send(GetNearestDcRequest())
    await client.turn()
    assert client.bad() == [(msg_id, 48)]
    (client.salt,) = unpack_from("<q", client.messages[0].body, 20)
    assert client.salt != old
    client.send(GetNearestDcRequest())
    await client.turn()
    assert len(client.results()) == 1
    client.send(GetNearestDcRequest(), salt=old)
    await client.turn()
    assert len(client.bad()) == 2
    assert fault.hits == 1
    assert not server.violations


@pytest.mark.parametrize("code", [16, 17, 18, 19, 20, 32, 33, 34, 35, 64])
async def test_S2_any_bad_message_can_be_told(client: Any, server: Any, code: int) -> None:
    server.faults.bad_message(code)
    msg_id = client.send(GetNearestDcRequest())
    await client.turn()
    assert client.bad() == [(msg_id, code)]
    assert not client.results()
    assert server.stats.bad_messages == {code: 1}


async def test_S7_forgotten_sessions_are_announced_anew(client: Any, server: Any) -> None:
    server.auth_keys()[0].user_id = 5
    assert server.faults.forget_sessions(user_id=6) == 0
    assert server.faults.forget_sessions(user_id=5) == 1
    client.send(GetNearestDcRequest())
    await client.turn()
    (created,) = client.of(wire.NEW_SESSION_CREATED)
    assert unpack_from("<q", created.body, 4)[0] == client.last_msg_id
    # The key is still known to speak our layer, but a new session should say so again.
    assert len(client.results()) == 1
    assert rules(server) == ["init"]


async def test_forgotten_keys_are_unknown(client: Any, server: Any) -> None:
    assert server.faults.forget_keys(user_id=5) == 0
    assert server.faults.forget_keys() == 1
    client.send(GetNearestDcRequest())
    await client.turn()
    assert client.errors == [404]


async def test_M9_the_clock_of_the_server_can_be_wrong(client: Any, server: Any) -> None:
    server.faults.clock_skew(-400)
    msg_id = client.send(GetNearestDcRequest())
    await client.turn()
    assert client.bad() == [(msg_id, 17)]
    server.faults.clock_skew(0)
    client.send(GetNearestDcRequest())
    await client.turn()
    assert len(client.results()) == 1


# -- connections -----------------------------------------------------------------------------------------------------


async def test_all_connections_can_be_dropped(client: Any, server: Any) -> None:
    assert server.faults.disconnect(dc_id=4) == 0
    assert server.faults.disconnect() == 1
    await client.turn()
    assert client.ended
    assert not server.connections


async def test_new_connections_can_be_refused(client: Any, server: Any) -> None:
    fault = server.faults.refuse_connections(times=2)
    other = RawClient(server)
    for _ in range(2):
        other.connect()
        await other.turn()
        assert other.ended
    other.connect()
    await other.turn()
    assert not other.ended
    assert not client.ended
    assert fault.hits == 2


@pytest.mark.parametrize(("incoming", "outgoing"), [(True, True), (True, False), (False, True)])
async def test_S13_a_black_hole_swallows_everything(client: Any, server: Any, incoming: bool, outgoing: bool) -> None:
    executed = server.stats.requests
    assert server.faults.black_hole(incoming=incoming, outgoing=outgoing) is None
    client.send(GetNearestDcRequest())
    await client.turn()
    assert client.messages == []
    assert not client.ended
    assert server.stats.requests == executed + (not incoming)
    server.sessions()[0].push(NEAREST)
    await client.turn()
    assert len(client.messages) == (not outgoing)
    client.connect()
    client.send(GetNearestDcRequest())
    await client.turn()
    assert client.last_msg_id in client.results()
    assert not server.violations


async def test_new_connections_can_be_black_holes_too(client: Any, server: Any) -> None:
    fault = server.faults.black_hole(new=True)
    client.connect()
    client.send(GetNearestDcRequest())
    await client.turn()
    assert client.messages == []
    fault.stop()
    client.connect()
    client.send(GetNearestDcRequest())
    await client.turn()
    assert client.last_msg_id in client.results()


async def test_clear_heals(client: Any, server: Any) -> None:
    server.faults.black_hole(new=True)
    server.faults.rpc_error(None, 400, "NO")
    server.faults.delay(5)
    server.faults.clear()
    client.send(GetNearestDcRequest())
    await client.turn()
    assert len(client.results()) == 1


# -- packets ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [404, 429, 444])
async def test_T8_transport_errors(client: Any, server: Any, code: int) -> None:
    fault = server.faults.transport_error(code)
    client.send(GetNearestDcRequest())
    await client.turn()
    assert client.errors == [code]
    assert client.ended
    assert fault.hits == 1
    client.connect()
    client.send(GetNearestDcRequest())
    await client.turn()
    assert len(client.results()) == 1


@pytest.mark.parametrize("incoming", [True, False])
async def test_packets_can_vanish(client: Any, server: Any, incoming: bool) -> None:
    executed = server.stats.requests
    server.faults.swallow(incoming=incoming)
    lost = client.send(GetNearestDcRequest())
    await client.turn()
    kept = client.send(GetNearestDcRequest())
    await client.turn()
    assert list(client.results()) == [kept]
    assert server.stats.requests == executed + 2 - incoming
    client.ack_all()
    server.clock.advance(61)
    await client.turn()
    assert list(client.results()) == ([kept] if incoming else [kept, lost])


async def test_packets_of_the_server_can_come_twice(client: Any, server: Any) -> None:
    server.faults.duplicate()
    client.packets.clear()
    client.send(GetNearestDcRequest())
    await client.turn()
    assert len(client.packets) == 2
    assert client.packets[0] == client.packets[1]


async def test_packets_of_the_client_can_come_twice(client: Any, server: Any) -> None:
    executed = server.stats.requests
    server.faults.duplicate(incoming=True)
    client.send(GetNearestDcRequest())
    await client.turn()
    assert server.stats.requests == executed + 1
    assert server.stats.repeated == 1
    assert len(client.of(wire.RPC_RESULT)) == 2
    assert not server.violations


async def test_packets_can_be_late(client: Any, server: Any) -> None:
    fault = server.faults.delay(3)
    for _ in range(2):
        client.send(GetNearestDcRequest())
        await client.turn()
    server.clock.advance(2.9)
    await client.turn()
    assert client.messages == []
    server.clock.advance(0.2)
    await client.turn()
    assert len(client.results()) == 2
    fault.stop()
    client.send(GetNearestDcRequest())
    await client.turn()
    assert len(client.results()) == 3


async def test_packets_can_come_in_another_order(client: Any, server: Any) -> None:
    server.faults.reorder(3)
    ids = []
    for _ in range(3):
        assert client.messages == []
        ids.append(client.send(GetNearestDcRequest()))
        await client.turn()
    assert list(client.results()) == ids[::-1]
    ids.append(client.send(GetNearestDcRequest()))
    await client.turn()
    assert client.last_msg_id in client.results()


async def test_packets_that_wait_in_vain_leave_anyway(client: Any, server: Any) -> None:
    server.faults.reorder(2)
    client.send(GetNearestDcRequest())
    await client.turn()
    assert client.messages == []
    server.clock.advance(1)
    await client.turn()
    assert len(client.results()) == 1


async def test_packets_can_be_changed(client: Any, server: Any) -> None:
    fault = server.faults.corrupt()
    client.send(GetNearestDcRequest())
    errors: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: errors.append(context))
    await client.turn()
    assert [type(context["exception"]) for context in errors] == [RemoteProtocolError]
    assert client.messages == []
    assert fault.hits == 1


async def test_faults_of_another_data_centre_do_no_harm(client: Any, server: Any) -> None:
    faults = [
        server.faults.bad_salt(dc_id=4),
        server.faults.delay(5, dc_id=4),
        server.faults.transport_error(404, dc_id=4),
        server.faults.refuse_connections(dc_id=4),
    ]
    client.send(GetNearestDcRequest())
    await client.turn()
    assert len(client.results()) == 1
    client.connect()
    await client.turn()
    assert not client.ended
    assert [fault.hits for fault in faults] == [0, 0, 0, 0]
    other = RawClient(server, dc_id=4)
    other.connect()
    await other.turn()
    assert other.ended
    for fault in faults:
        fault.stop()
        fault.stop()
        assert not fault.is_active


async def test_a_connection_that_is_gone_cannot_be_cut(serve: Any) -> None:
    ready = asyncio.Event()

    async def slowly() -> Any:
        await ready.wait()
        return NEAREST

    server = await serve(lambda request, context: slowly() if server.stats.requests > 1 else NEAREST)
    client = RawClient(server)
    await client.begin()
    server.faults.disconnect_after(1, when="executed")
    msg_id = client.send(GetNearestDcRequest())
    await client.turn()
    client.close()
    await client.turn()
    ready.set()
    await client.turn()
    client.connect()
    client.send(GetNearestDcRequest())
    ready.clear()
    await client.turn()
    assert msg_id in client.results()
    ready.set()
    await client.turn()


async def test_T3_quick_acks_can_be_sent_unasked(client: Any, server: Any) -> None:
    server.faults.quick_ack()
    client.send(GetNearestDcRequest())
    await client.turn()
    assert len(client.codec.quick_acks) == 1
    assert len(client.results()) == 1


# -- key exchange ----------------------------------------------------------------------------------------------------


async def exchange(client: RawClient) -> Any:
    keys = {TEST_KEY.fingerprint: ServerKey(TEST_KEY.n, TEST_KEY.e)}
    machine = KeyExchange(dc_id=2, rand=system_random, keys=keys)
    step: Any = machine.start()
    while not isinstance(step, Finished):
        client.send_plain(step)
        await client.turn()
        step = machine.feed(client.plain.pop(), Instant(client.server.now(), 0))
    return step


async def test_the_key_exchange_can_be_changed(server: Any) -> None:
    client = RawClient(server)
    client.connect()

    def edit(answer: Any) -> Any:
        answer.pq = b"\x07"
        return answer

    fault = server.faults.handshake("res_pq", edit)
    other = server.faults.handshake("res_pq", edit, dc_id=3)
    with pytest.raises(SecurityError):
        await exchange(client)
    assert (fault.hits, other.hits) == (1, 0)
    assert await exchange(client)
    assert not server.violations


async def test_the_key_exchange_can_fall_silent(server: Any) -> None:
    client = RawClient(server)
    client.connect()
    server.faults.handshake("res_pq", lambda answer: None)
    client.send_plain(bytes(functions.ReqPqMultiRequest(1)))
    await client.turn()
    assert client.plain == []
    assert not client.ended


async def test_H13_keys_can_be_refused(server: Any) -> None:
    client = RawClient(server)
    client.connect()
    retry = server.faults.handshake_retry(times=2)
    finished = await exchange(client)
    assert retry.hits == 2
    fail = server.faults.handshake_fail()
    other = await exchange(client)
    assert fail.hits == 1
    assert {auth.auth_key for auth in server.auth_keys()} == {finished.auth_key, other.auth_key}


async def test_a_moment_to_hang_up_has_to_exist(server: Any) -> None:
    with pytest.raises(ValueError, match="when is one of 'received', 'executed', 'answering', 'answered', not 'done'"):
        server.faults.disconnect_after(1, when="done")
