from __future__ import annotations

import asyncio
from struct import pack, unpack_from
from typing import Any

import pytest
from rawclient import NEAREST, SALT, RawClient

from telethon._core.rand import system_random
from telethon.mtproto import wire
from telethon.mtproto.packed import pack_body
from telethon.testing._rpc import RpcFault
from telethon.tl import functions, types
from telethon.tl.functions.help import GetNearestDcRequest

PING = pack("<Iq", wire.PING, 7)
SECOND = 1 << 32


def rules(server: Any) -> list[str]:
    return [violation.rule for violation in server.violations]


# -- beginning -------------------------------------------------------------------------------------------------------


async def test_first_message_of_a_session_is_announced(server: Any) -> None:
    client = RawClient(server)
    client.know_key()
    client.connect()
    first = client.pack(wire.long_vector(wire.MSGS_ACK, ()), content=False)
    request = client.pack(client.init())
    client.send_container(first, request)
    await client.turn()
    (created,) = client.of(wire.NEW_SESSION_CREATED)
    first_msg_id, unique_id, salt = unpack_from("<qqq", created.body, 4)
    assert first_msg_id == unpack_from("<q", first)[0]
    assert salt == SALT
    assert unique_id
    assert created.seq_no & 1
    assert client.results() == {unpack_from("<q", request)[0]: bytes(NEAREST)}
    assert not server.violations


async def test_numbers_of_the_server_follow_the_rules(client: Any) -> None:
    for _ in range(5):
        client.send(GetNearestDcRequest())
        client.send(PING)
        await client.turn()
    ids = [message.msg_id for message in client.messages]
    assert ids == sorted(set(ids))
    assert {msg_id & 3 for msg_id in ids} == {1}
    content = 2  # new_session_created and the first answer went before
    for message in client.messages:
        assert message.seq_no == content * 2 + (message.constructor == wire.RPC_RESULT)
        content += message.seq_no & 1


async def test_answers_to_one_container_come_in_one_packet(client: Any) -> None:
    client.packets.clear()
    client.send_container(*(client.pack(GetNearestDcRequest()) for _ in range(10)))
    await client.turn()
    assert len(client.packets) == 1
    assert len(client.results()) == 10


async def test_session_id_zero_is_refused(server: Any) -> None:
    client = RawClient(server)
    client.know_key()
    client.session_id = 0
    client.connect()
    client.send(client.init())
    await client.turn()
    assert client.errors == [404]
    assert rules(server) == ["session_id"]


# -- salt ------------------------------------------------------------------------------------------------------------


async def test_wrong_salt_is_told_and_nothing_is_executed(client: Any, server: Any) -> None:
    executed = server.stats.requests
    msg_id = client.send(GetNearestDcRequest(), salt=1)
    await client.turn()
    (message,) = client.messages
    bad_id, bad_seq_no, code, salt = unpack_from("<qiiq", message.body, 4)
    assert (message.constructor, bad_id, bad_seq_no, code, salt) == (wire.BAD_SERVER_SALT, msg_id, 3, 48, SALT)
    assert server.stats.requests == executed
    assert server.stats.bad_messages == {48: 1}
    assert not server.violations


async def test_S6_future_salts_are_the_ones_that_become_valid(client: Any, server: Any) -> None:
    msg_id = client.send(pack("<Ii", wire.GET_FUTURE_SALTS, 4))
    await client.turn()
    (message,) = client.of(wire.FUTURE_SALTS)
    req_msg_id, now, count = unpack_from("<qii", message.body, 4)
    assert (req_msg_id, now, count) == (msg_id, int(server.now()), 4)
    salts = [unpack_from("<iiq", message.body, 20 + 16 * number) for number in range(4)]
    assert salts[0][2] == SALT
    for since, until, _ in salts:
        assert since % 1800 == 0
        assert until - since == 3600
    client.salt = salts[1][2]
    client.messages.clear()
    client.send(PING)
    await client.turn()
    assert client.bad() == [(client.last_msg_id, 48)]
    server.clock.advance(salts[1][0] - server.now())
    for salt in (salts[0][2], salts[1][2]):
        client.messages.clear()
        client.send(PING, salt=salt)
        await client.turn()
        assert [message.constructor for message in client.messages] == [wire.PONG]
    server.clock.advance(1800)
    client.messages.clear()
    client.send(PING, salt=salts[0][2])
    await client.turn()
    assert client.bad() == [(client.last_msg_id, 48)]
    assert not server.violations


@pytest.mark.parametrize("count", [0, -1, 65])
async def test_count_of_future_salts_has_bounds(client: Any, server: Any, count: int) -> None:
    client.send(pack("<Ii", wire.GET_FUTURE_SALTS, count))
    await client.turn()
    assert rules(server) == ["service"]
    assert len(client.of(wire.FUTURE_SALTS)) == 1


# -- msg_id ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("low", [1, 2, 3])
async def test_M6_msg_id_not_divisible_by_4_is_refused(client: Any, server: Any, low: int) -> None:
    msg_id = client.send(PING, msg_id=client.new_msg_id() + low)
    await client.turn()
    assert client.bad() == [(msg_id, 18)]
    assert rules(server) == ["msg_id_parity"]


@pytest.mark.parametrize("low", [1, 2, 3])
async def test_M6_msg_id_in_a_container_is_divisible_by_4(client: Any, server: Any, low: int) -> None:
    inner = client.new_msg_id() + low
    client.send_container(client.pack(PING, msg_id=inner), msg_id=client.new_msg_id() + 4)
    await client.turn()
    assert client.bad() == [(inner, 18)]
    assert rules(server) == ["msg_id_parity"]


@pytest.mark.parametrize(("offset", "code"), [(-301, 16), (31, 17), (-299, 0), (29, 0)])
async def test_M9_msg_id_is_the_time_of_the_server(client: Any, server: Any, offset: int, code: int) -> None:
    server.clock.advance(400)
    msg_id = client.send(PING, msg_id=client.new_msg_id() + offset * SECOND)
    await client.turn()
    if code:
        assert client.bad() == [(msg_id, code)]
    else:
        assert len(client.of(wire.PONG)) == 1
    assert not server.violations


async def test_M9_a_clock_that_stays_wrong_is_a_violation(client: Any, server: Any) -> None:
    for step, expected in enumerate(([], [], ["msg_id_time"])):
        client.send(PING, msg_id=client.new_msg_id() + 100 * SECOND)
        await client.turn()
        assert rules(server) == expected, step
        server.clock.advance(6)


async def test_M9_an_old_message_in_a_new_container_is_taken(client: Any, server: Any) -> None:
    old = client.pack(GetNearestDcRequest())
    server.clock.advance(1000)
    client.send_container(old)
    await client.turn()
    assert len(client.results()) == 1
    assert not server.violations


async def test_M6_msg_id_has_to_grow(client: Any, server: Any) -> None:
    late = client.pack(GetNearestDcRequest())
    client.send(PING, seq_no=5)
    client.send_container(late)
    await client.turn()
    assert "msg_id_order" in rules(server)
    assert len(client.results()) == 1


async def test_M6_container_is_younger_than_what_it_holds(client: Any, server: Any) -> None:
    outer = client.new_msg_id()
    client.send_container(client.pack(PING), msg_id=outer)
    await client.turn()
    assert "msg_id_order" in rules(server)


# -- seq_no ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "seq_no", "code"),
    [
        (bytes(GetNearestDcRequest()), 2, 35),
        (wire.long_vector(wire.MSGS_ACK, (1,)), 3, 34),
        (bytes(GetNearestDcRequest()), 1, 32),
    ],
)
async def test_M10_seq_no_that_does_not_fit_is_refused(
    client: Any, server: Any, body: bytes, seq_no: int, code: int
) -> None:
    executed = server.stats.requests
    msg_id = client.send(body, seq_no=seq_no)
    await client.turn()
    assert client.bad() == [(msg_id, code)]
    assert rules(server) == ["seq_no"]
    assert server.stats.requests == executed


async def test_M10_seq_no_may_not_skip_numbers(client: Any, server: Any) -> None:
    msg_id = client.send(GetNearestDcRequest(), seq_no=7)
    await client.turn()
    assert msg_id in client.results()
    assert rules(server) == ["seq_no"]


async def test_M10_seq_no_may_skip_what_was_refused(client: Any, server: Any) -> None:
    client.send(GetNearestDcRequest(), salt=1)
    client.send(GetNearestDcRequest())
    await client.turn()
    assert len(client.results()) == 1
    assert not server.violations


async def test_M10_seq_no_of_a_container_is_even(client: Any, server: Any) -> None:
    msg_id = client.send_container(client.pack(PING), seq_no=5)
    await client.turn()
    assert client.bad() == [(msg_id, 34)]
    assert rules(server) == ["seq_no"]


async def test_M10_packed_requests_count_as_what_they_hold(client: Any, server: Any) -> None:
    body = pack_body(bytes(functions.InvokeWithoutUpdatesRequest(GetNearestDcRequest())) * 1, server.limits)
    packed = pack("<I", wire.GZIP_PACKED) + wire.write_bytes(_gzip(body))
    msg_id = client.send(packed)
    await client.turn()
    assert client.results() == {msg_id: bytes(NEAREST)}
    assert not server.violations


def _gzip(data: bytes) -> bytes:
    import gzip

    return gzip.compress(data)


# -- containers ------------------------------------------------------------------------------------------------------


async def test_M11_container_of_1021_messages_is_a_violation(client: Any, server: Any) -> None:
    client.send_container(*(client.pack(PING) for _ in range(1021)))
    await client.turn()
    assert set(rules(server)) == {"container"}
    assert len(client.of(wire.PONG)) == 1021


async def test_M11_container_of_1025_messages_is_refused(client: Any, server: Any) -> None:
    msg_id = client.send_container(*(client.pack(PING) for _ in range(1025)))
    await client.turn()
    assert client.bad() == [(msg_id, 64)]
    assert rules(server) == ["container"]


@pytest.mark.parametrize(("first", "violations"), [(32752, []), (32756, ["container"])])
async def test_M11_container_grows_to_32_KiB_and_one_message(
    client: Any, server: Any, first: int, violations: list[str]
) -> None:
    # What is not read as a request is answered with an error, which is all that is needed here.
    blob = pack("<I", 0x12345678) + bytes(first - 4)
    client.send_container(client.pack(blob), client.pack(pack("<I", 0x12345678) + bytes(60000)))
    await client.turn()
    assert rules(server) == violations


async def test_M12_container_in_a_container_is_refused(client: Any, server: Any) -> None:
    inner = pack("<Ii", wire.MSG_CONTAINER, 0)
    msg_id = client.send_container(client.pack(inner, content=False))
    await client.turn()
    assert client.bad() == [(msg_id, 64)]
    assert rules(server) == ["container"]


@pytest.mark.parametrize("count", [-1, 2, 3, 1 << 30])
async def test_M12_count_has_to_fit(client: Any, server: Any, count: int) -> None:
    msg_id = client.send_container(client.pack(PING), count=count)
    await client.turn()
    assert client.bad() == [(msg_id, 64)]
    assert rules(server) == ["container"]


@pytest.mark.parametrize("length", [-4, 0, 3, 8, 16, 1 << 20])
async def test_M12_lengths_have_to_fit(client: Any, server: Any, length: int) -> None:
    message = client.pack(PING)
    msg_id = client.send_container(message[:12] + pack("<i", length) + message[16:])
    await client.turn()
    assert client.bad() == [(msg_id, 64)]
    assert rules(server) == ["container"]


async def test_repeated_container_is_refused(client: Any, server: Any) -> None:
    msg_id = client.send_container(client.pack(PING))
    client.send_container(client.pack(PING), msg_id=msg_id)
    await client.turn()
    assert client.bad() == [(msg_id, 19)]
    assert rules(server) == ["msg_id_repeated"]


async def test_M11_more_than_8192_ids_are_a_violation(client: Any, server: Any) -> None:
    client.send(wire.long_vector(wire.MSGS_STATE_REQ, range(4, 4 * 8193 + 4, 4)), content=False)
    await client.turn()
    assert rules(server) == ["ids"]


# -- gzip ------------------------------------------------------------------------------------------------------------


def _packed(data: bytes) -> bytes:
    return pack("<I", wire.GZIP_PACKED) + wire.write_bytes(_gzip(data))


@pytest.mark.parametrize(
    "content", [_packed(PING), pack("<Ii", wire.MSG_CONTAINER, 0), b"", b"\0\0"], ids=["gzip", "container", "0", "2"]
)
async def test_M13_gzip_holds_one_plain_message(client: Any, server: Any, content: bytes) -> None:
    client.send(_packed(content))
    await client.turn()
    assert "gzip" in rules(server)
    assert client.ended


@pytest.mark.parametrize("size", [0, 1000], ids=["short", "long"])
async def test_a_zlib_stream_is_taken_but_not_overlooked(client: Any, server: Any, size: int) -> None:
    import os
    import zlib

    request = functions.InvokeWithGooglePlayIntegrityRequest("", os.urandom(size).hex(), GetNearestDcRequest())
    stream = wire.write_bytes(zlib.compress(bytes(request)))
    assert (stream[0] == 254) == bool(size)
    msg_id = client.send(pack("<I", wire.GZIP_PACKED) + stream)
    await client.turn()
    assert client.results() == {msg_id: bytes(NEAREST)}
    assert rules(server) == ["gzip"]


async def test_M13_a_bomb_is_not_unpacked(client: Any, server: Any) -> None:
    client.send(_packed(bytes(64 << 20)))
    await client.turn()
    assert rules(server) == ["service"]
    assert client.ended


async def test_S6_a_salt_that_stays_wrong_is_a_violation(client: Any, server: Any) -> None:
    for seconds, expected in ((0, []), (9, []), (2, ["salt"])):
        server.clock.advance(seconds)
        client.send(GetNearestDcRequest(), salt=99)
        await client.turn()
        assert rules(server) == expected
    client.connect()
    client.send(GetNearestDcRequest(), salt=99)
    await client.turn()
    assert rules(server) == ["salt"], "on a new connection it has to be told again"


@pytest.mark.parametrize("packed", [False, True], ids=["alone", "container"])
@pytest.mark.parametrize("why", ["salt", "time"])
async def test_S1_S2_a_refused_message_comes_again_under_another_number(
    client: Any, server: Any, why: str, packed: bool
) -> None:
    # By the clock of the server this comes from the future; two seconds later it does not any more.
    msg_id = client.new_msg_id() + (0 if why == "salt" else 31 << 32)

    def send(outer: int, **kwargs: Any) -> None:
        if packed:
            inner = client.pack(GetNearestDcRequest(), msg_id=msg_id, seq_no=3)
            client.send_container(inner, msg_id=outer, seq_no=4, **kwargs)
        else:
            client.send(GetNearestDcRequest(), msg_id=msg_id, seq_no=3, **kwargs)

    send(msg_id + 4, **({"salt": 99} if why == "salt" else {}))
    await client.turn()
    assert [code for _, code in client.bad()] == [48 if why == "salt" else 17]
    assert rules(server) == []
    server.clock.advance(2)
    send(msg_id + 8)
    await client.turn()
    assert rules(server) == ["msg_id_repeated"]


# -- once and only once ----------------------------------------------------------------------------------------------


async def test_a_repeated_request_is_executed_once_and_answered_again(client: Any, server: Any) -> None:
    executed = server.stats.requests
    msg_id = client.send(GetNearestDcRequest())
    await client.turn()
    (answer,) = client.take()
    client.send(GetNearestDcRequest(), msg_id=msg_id, seq_no=3)
    await client.turn()
    assert [message[:] for message in client.take()] == [answer]
    assert server.stats.requests == executed + 1
    assert server.stats.repeated == 1
    assert rules(server) == ["msg_id_repeated"]


async def test_S8_a_msg_id_with_other_content_is_a_violation_and_is_not_executed(client: Any, server: Any) -> None:
    executed = server.stats.requests
    msg_id = client.send(GetNearestDcRequest())
    await client.turn()
    client.send(functions.help.GetConfigRequest(), msg_id=msg_id, seq_no=3)
    await client.turn()
    assert client.results() == {msg_id: bytes(NEAREST)}
    assert server.stats.requests == executed + 1
    assert rules(server) == ["msg_id_repeated"]


async def test_a_repeated_request_with_a_confirmed_answer_gets_its_state(client: Any, server: Any) -> None:
    msg_id = client.send(GetNearestDcRequest())
    await client.turn()
    client.ack_all()
    client.take()
    client.send(GetNearestDcRequest(), msg_id=msg_id, seq_no=3)
    await client.turn()
    (info,) = client.of(wire.MSGS_STATE_INFO)
    assert wire.read_bytes(info.body, 12, len(info.body))[0] == bytes((4 | 32 | 64,))
    assert not client.of(wire.RPC_RESULT)


async def test_a_repeated_request_with_a_large_answer_is_told_about_it(serve: Any) -> None:
    def handler(request: Any, context: Any) -> Any:
        return system_random(1 << 16) if isinstance(request, GetNearestDcRequest) else NEAREST

    server = await serve(handler)
    client = RawClient(server)
    await client.begin()
    msg_id = client.send(GetNearestDcRequest())
    await client.turn()
    (answer,) = client.take()
    client.send(GetNearestDcRequest(), msg_id=msg_id, seq_no=3)
    await client.turn()
    (info,) = client.of(wire.MSG_DETAILED_INFO)
    assert unpack_from("<qqii", info.body, 4) == (msg_id, answer.msg_id, len(answer.body), 0)
    client.send(wire.long_vector(wire.MSG_RESEND_REQ, (answer.msg_id,)), content=False)
    await client.turn()
    assert client.of(wire.RPC_RESULT) == [answer]


async def test_what_is_older_than_the_memory_is_refused(client: Any, server: Any) -> None:
    old = client.new_msg_id()
    for _ in range(5):
        client.send_container(*(client.pack(wire.long_vector(wire.MSGS_ACK, ()), content=False) for _ in range(1000)))
    client.send_container(client.pack(PING, msg_id=old))
    await client.turn()
    assert client.bad() == [(old, 20)]


# -- acknowledgements ------------------------------------------------------------------------------------------------


async def test_requests_that_take_time_are_acknowledged(serve: Any) -> None:
    ready = asyncio.Event()

    async def handler(request: Any, context: Any) -> Any:
        await ready.wait()
        return NEAREST

    server = await serve(handler)
    client = RawClient(server)
    client.know_key()
    client.connect()
    msg_id = client.send(client.init())
    await client.turn()
    (ack,) = client.of(wire.MSGS_ACK)
    assert wire.read_long_vector(ack.body, 4, len(ack.body))[0] == (msg_id,)
    ready.set()
    await client.turn()
    assert client.results() == {msg_id: bytes(NEAREST)}


async def test_M16_unacknowledged_messages_come_again_with_the_same_id(client: Any, server: Any) -> None:
    client.send(GetNearestDcRequest())
    await client.turn()
    (answer,) = client.take()
    server.clock.advance(59)
    await client.turn()
    assert client.messages == []
    server.clock.advance(2)
    await client.turn()
    assert client.messages == [answer]
    assert rules(server) == ["ack"]
    client.ack(answer.msg_id)
    await client.turn()
    client.take()
    server.clock.advance(600)
    await client.turn()
    assert client.messages == []
    assert rules(server) == ["ack"]


async def test_M16_missing_acks_are_reported_at_the_end(serve: Any) -> None:
    server = await serve()
    client = RawClient(server)
    await client.begin()
    for _ in range(70):
        client.send(GetNearestDcRequest())
        await client.turn()
    await server.stop()
    # The youngest ones might still have been on their way.
    assert rules(server) == ["ack"] * 6


async def test_M16_a_message_that_is_left_out_is_reported_at_the_end(serve: Any) -> None:
    server = await serve()
    client = RawClient(server)
    await client.begin()
    for _ in range(3):
        client.send(GetNearestDcRequest())
        await client.turn()
    client.ack(client.messages[0].msg_id, client.messages[2].msg_id)
    await client.turn()
    await server.stop()
    assert rules(server) == ["ack"]


async def test_M16_a_client_may_leave_before_it_acknowledges(serve: Any) -> None:
    server = await serve()
    client = RawClient(server)
    await client.begin()
    for _ in range(16):
        client.send(GetNearestDcRequest())
    await client.turn()
    await server.stop()
    assert not server.violations


@pytest.mark.parametrize("shift", [1, 4 * SECOND])
async def test_M16_acknowledging_what_never_came_is_a_violation(client: Any, server: Any, shift: int) -> None:
    client.send(GetNearestDcRequest())
    await client.turn()
    client.ack(client.messages[0].msg_id + shift)
    await client.turn()
    assert rules(server) == ["ack"]


# -- another connection ----------------------------------------------------------------------------------------------


async def test_S8_unacknowledged_messages_come_again_over_the_next_connection(client: Any, server: Any) -> None:
    client.send(GetNearestDcRequest())
    await client.turn()
    (answer,) = client.take()
    client.close()
    await client.turn()
    client.connect()
    await client.turn()
    assert client.messages == []
    client.send(PING)
    await client.turn()
    assert [message.constructor for message in client.messages] == [wire.PONG, wire.RPC_RESULT]
    assert client.messages[1] == answer
    assert not server.violations


async def test_S8_what_is_acknowledged_first_does_not_come_again(client: Any, server: Any) -> None:
    client.send(GetNearestDcRequest())
    await client.turn()
    (answer,) = client.take()
    client.close()
    await client.turn()
    client.connect()
    client.ack(answer.msg_id)
    await client.turn()
    assert client.messages == []


async def test_S8_a_request_that_outlives_its_connection_is_answered_over_the_next(serve: Any) -> None:
    ready = asyncio.Event()

    async def slowly() -> Any:
        await ready.wait()
        return NEAREST

    def handler(request: Any, context: Any) -> Any:
        return NEAREST if server.stats.requests == 1 else slowly()

    server = await serve(handler)
    client = RawClient(server)
    await client.begin()
    msg_id = client.send(GetNearestDcRequest())
    await client.turn()
    client.close()
    await client.turn()
    ready.set()
    await client.turn()
    client.take()
    client.connect()
    client.send(PING)
    await client.turn()
    assert client.results() == {msg_id: bytes(NEAREST)}
    assert server.stats.requests == 2


async def test_S9_a_large_answer_is_only_announced_on_the_next_connection(serve: Any) -> None:
    content = system_random(1 << 16)

    def handler(request: Any, context: Any) -> Any:
        return NEAREST if server.stats.requests == 1 else content

    server = await serve(handler)
    client = RawClient(server)
    await client.begin()
    msg_id = client.send(GetNearestDcRequest())
    await client.turn()
    (answer,) = client.take()
    client.close()
    await client.turn()
    client.connect()
    client.send(PING)
    await client.turn()
    (info,) = client.of(wire.MSG_DETAILED_INFO)
    assert unpack_from("<qqi", info.body, 4) == (msg_id, answer.msg_id, len(answer.body))
    client.ack(answer.msg_id)
    await client.turn()
    assert rules(server) == ["ack"]
    client.take()
    client.send(wire.long_vector(wire.MSG_RESEND_ANS_REQ, (msg_id,)), content=False)
    await client.turn()
    assert client.results() == {msg_id: content}


# -- updates ---------------------------------------------------------------------------------------------------------


async def test_pushed_updates_reach_the_session(client: Any, server: Any) -> None:
    session = server.sessions()[0]
    session.push(types.UpdatesTooLong())
    session.push(types.UpdateShort(types.UpdateConfig(), None))
    await client.turn()
    assert [message.body for message in client.messages] == [
        bytes(types.UpdatesTooLong()),
        bytes(types.UpdateShort(types.UpdateConfig(), None)),
    ]
    assert all(message.msg_id & 3 == 3 and message.seq_no & 1 for message in client.messages)


async def test_pushed_updates_wait_for_a_connection(client: Any, server: Any) -> None:
    session = server.sessions()[0]
    client.close()
    await client.turn()
    assert not session.is_connected
    session.push(types.UpdatesTooLong())
    await client.turn()
    client.connect()
    client.send(PING)
    await client.turn()
    assert [message.body for message in client.messages][1:] == [bytes(types.UpdatesTooLong())]


async def test_too_many_waiting_updates_become_updates_too_long(serve: Any) -> None:
    server = await serve(max_waiting=3)
    client = RawClient(server)
    await client.begin()
    session = server.sessions()[0]
    client.close()
    await client.turn()
    for _ in range(10):
        session.push(types.UpdateShort(types.UpdateConfig(), None))
    client.connect()
    client.send(PING)
    await client.turn()
    bodies = [message.body for message in client.messages[1:]]
    assert bodies == [bytes(types.UpdateShort(types.UpdateConfig(), None))] * 3 + [bytes(types.UpdatesTooLong())]


async def test_large_updates_are_compressed(client: Any, server: Any) -> None:
    session = server.sessions()[0]
    users = [types.UserEmpty(number) for number in range(1000)]
    session.push(types.Updates([], users, [], None, 0))
    await client.turn()
    (message,) = client.of(wire.GZIP_PACKED)
    assert len(message.body) < 6000


async def test_close_ends_session_and_connection(client: Any, server: Any) -> None:
    server.sessions()[0].close()
    await client.turn()
    assert client.ended
    assert server.sessions() == []
    client.connect()
    client.send(client.init())
    await client.turn()
    assert len(client.of(wire.NEW_SESSION_CREATED)) == 1


# -- leniency --------------------------------------------------------------------------------------------------------


async def test_a_lenient_server_does_what_it_can_understand(serve: Any) -> None:
    server = await serve(strict=False)
    client = RawClient(server)
    client.know_key()
    client.connect()
    ids = [
        client.send(GetNearestDcRequest()),
        client.send(GetNearestDcRequest(), msg_id=client.new_msg_id() + 1),
        client.send(GetNearestDcRequest(), seq_no=2),
        client.send(GetNearestDcRequest(), msg_id=client.new_msg_id() + 1000 * SECOND),
    ]
    await client.turn()
    assert sorted(client.results()) == sorted(ids)
    assert not server.violations
    assert {violation.rule for violation in server.violations.tolerated} == {
        "init",
        "msg_id_parity",
        "seq_no",
    }


async def test_a_fault_of_the_handler_is_a_violation_even_then(serve: Any) -> None:
    def handler(request: Any, context: Any) -> Any:
        raise ZeroDivisionError("oh")

    server = await serve(handler, strict=False)
    client = RawClient(server)
    client.know_key()
    client.connect()
    msg_id = client.send(client.init())
    await client.turn()
    assert client.error(msg_id) == (500, "INTERNAL_SERVER_ERROR_help.GetNearestDc")
    (violation,) = server.violations
    assert violation.rule == "handler"
    assert "ZeroDivisionError: oh" in violation.traceback


async def test_errors_of_the_handler_are_rpc_errors(serve: Any) -> None:
    def handler(request: Any, context: Any) -> Any:
        raise RpcFault(420, "FLOOD_WAIT_5")

    server = await serve(handler)
    client = RawClient(server)
    client.know_key()
    client.connect()
    msg_id = client.send(client.init())
    await client.turn()
    assert client.error(msg_id) == (420, "FLOOD_WAIT_5")
    assert not server.violations
