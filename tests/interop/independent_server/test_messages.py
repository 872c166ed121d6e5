"""Containers, packing, salts, ids, acknowledgements: the layer of messages, as a server may use it."""

from __future__ import annotations

import asyncio
import random
import struct
import time

import pytest
from independent.api import SILENCE, RpcError, after
from independent.session import RPC_RESULT, Sent, packed
from independent.tl import dump
from steps import ASK, CONNECT, LISTEN, MANY, NEAREST, event, large, nearest, settle

pytestmark = [pytest.mark.interop, pytest.mark.timeout(90)]

SHAPES = {
    "answers only in containers": {"always_container": True},
    "always gzip": {"always_gzip": True},
    "containers and gzip": {"always_container": True, "always_gzip": True},
    "much padding": {"padding": lambda: 12 + 4 * random.randrange(240)},
    "the most padding": {"padding": lambda: 1008},
    "the least padding": {"padding": lambda: 12},
    "ids that jump": {"id_step": lambda: 4 * random.randrange(1, 1 << 26)},
    "no new_session_created": {"new_session_created": False},
    "acks beside everything": {"container_with_acks": True},
    "the other order": {"answers_last": True},
    "everything twice": {"twice": True},
    "acks first": {"ack_first": True},
    "any salt will do": {"wrong_salt_first": False},
    "byte by byte": {"piece": 1, "pause": 0.0001},
    "three bytes at a time": {"piece": 3},
}


@pytest.mark.parametrize("shape", SHAPES)
async def test_a_server_of_another_shape(server, player, shape):
    for name, value in SHAPES[shape].items():
        setattr(server.quirks, name, value)
    assert await player.run(CONNECT, 30) == 100
    assert await player.run(MANY, 30) == [100] * 30
    await player.run(LISTEN)
    for at in range(5):
        await server.push(100, event(server, f"event {at}"))
    got = await player.run("await until(lambda: len(got) >= 5)\nawait asyncio.sleep(0.2)\nreturn got")
    assert sorted(got) == [f"event {at}" for at in range(5)]


async def test_gzip_inside_of_gzip(server, ours):
    server.quirks.gzip_twice = True
    with pytest.raises(AssertionError):
        await ours.run("c = make(request_retries=1)\nawait c.connect()\nreturn (await c(me))[0].id", 6)
    server.quirks.gzip_twice = False


async def test_the_whole_message_packed(server, player):
    """An rpc_result inside of gzip_packed, and an update."""
    await player.run(CONNECT)
    await player.run(LISTEN)
    (session,) = server.live()
    session.change = lambda one: Sent(one.msg_id, one.seq_no, packed(one.body), one.answers)
    assert await player.run(ASK, 5) == 100
    await server.push(100, event(server, "packed"))
    assert await player.run("await until(lambda: got)\nreturn got") == ["packed"]


async def test_a_packed_container(server, ours):
    """Not allowed; nothing may break for good."""
    await ours.run(CONNECT)
    (session,) = server.live()
    inner = session.container([session.put(event(server, "no"))])
    session.outbox.clear()
    await session.connection.write(session.sealed(Sent(session.next_id(3), inner.seq_no, packed(inner.body))))
    assert await ours.run(ASK, 8) == 100


async def test_a_container_in_a_container(server, ours):
    await ours.run(CONNECT)
    (session,) = server.live()
    inner = session.container([session.put(event(server, "no"))])
    session.outbox.clear()
    await session.connection.write(session.sealed(session.container([inner])))
    assert await ours.run(ASK, 8) == 100


async def test_an_empty_container(server, player):
    await player.run(CONNECT)
    (session,) = server.live()
    await session.connection.write(session.sealed(session.container([])))
    assert await player.run(ASK, 5) == 100
    assert server.accepted == 1


@pytest.mark.parametrize("count", [1020, 3000])
async def test_a_large_container(server, player, count):
    await player.run(CONNECT)
    await player.run(LISTEN)
    (session,) = server.live()
    for at in range(count):
        session.put(event(server, str(at)))
    await session.flush()
    got = await player.run(f"await until(lambda: len(got) >= {count})\nreturn got", 30)
    assert sorted(got, key=int) == [str(at) for at in range(count)]
    if player.is_ours:
        await settle(lambda: not session.unacked(), 10)


async def test_a_message_copy(server, ours):
    await ours.run(CONNECT)
    await ours.run(LISTEN)
    (session,) = server.live()
    inner = session.put(event(server, "copied"))
    session.outbox.clear()
    body = struct.pack("<Iqii", 0xE06046B2, inner.msg_id, inner.seq_no, len(inner.body)) + inner.body
    inner.times = 1
    await session.connection.write(session.sealed(Sent(session.next_id(3), session.content * 2, body)))
    assert await ours.run("await until(lambda: got)\nreturn got", 8) == ["copied"]
    assert await ours.run(ASK, 5) == 100


async def test_salts_that_change(server, player):
    await player.run(CONNECT)
    for _ in range(8):
        server.change_salt()
        assert await player.run(ASK, 5) == 100
        server.change_salt()
        assert await player.run(MANY, 5) == [100] * 30
    assert server.accepted == 1


async def test_every_request_is_executed_once_when_the_salt_changes(server, player):
    await player.run(CONNECT)
    server.change_salt()
    code = "return len(await asyncio.gather(*(c.send_message('me', str(n)) for n in range(20))))"
    assert await player.run(code, 10) == 20
    assert server.world.named().count("messages.sendMessage") == 20


@pytest.mark.parametrize("code", [16, 17, 18, 19, 20, 32, 33, 34, 35, 64])
async def test_bad_msg_notification(server, player, code):
    if not player.is_ours and code not in (16, 17, 32, 33):
        pytest.skip("1.45 raises what the server said")
    await player.run(CONNECT)
    left = [1]

    async def refuse(session, message):
        if not left or len(message.body) < 16:
            return False
        left.pop()
        body = {
            "_": "bad_msg_notification",
            "bad_msg_id": message.msg_id,
            "bad_msg_seqno": message.seq_no,
            "error_code": code,
        }
        session.put(body, content=False, answers=message.msg_id)
        await session.flush()
        return True

    server.intercept = refuse
    assert await player.run(ASK, 6) == 100
    assert await player.run(MANY, 6) == [100] * 30
    assert not left


@pytest.mark.blamed
@pytest.mark.parametrize("code", [16, 17, 32, 33, 48])
async def test_the_first_message_is_refused_twice(server, ours, code):
    """The second time the caller hears of it, or it works: it must not go round for ever."""
    await ours.run(CONNECT)
    left = [1, 1]

    async def refuse(session, message):
        if not left or len(message.body) < 16:
            return False
        left.pop()
        body = {"bad_msg_id": message.msg_id, "bad_msg_seqno": message.seq_no, "error_code": code}
        if code == 48:
            body = {"_": "bad_server_salt", **body, "new_server_salt": session.key.salts[0]}
        else:
            body = {"_": "bad_msg_notification", **body}
        session.put(body, content=False, answers=message.msg_id)
        await session.flush()
        return True

    server.intercept = refuse
    said = await ours.attempt(ASK, 6)
    assert said == 100 or "BadMessageError" in said
    assert await ours.run(MANY, 6) == [100] * 30


async def test_a_notification_about_something_never_sent(server, player):
    await player.run(CONNECT)
    (session,) = server.live()
    made = {"bad_msg_id": session.next_id(0), "bad_msg_seqno": 1, "error_code": 48, "new_server_salt": 1234}
    session.put({"_": "bad_server_salt", **made}, content=False, answers=4)
    await session.flush()
    assert await player.run(ASK, 5) == 100


async def test_everything_is_acknowledged(server, player):
    await player.run(CONNECT)
    await player.run(LISTEN)
    await player.run(MANY)
    for at in range(40):
        await server.push(100, event(server, str(at)))
    await player.run("await until(lambda: len(got) == 40)")
    await player.run(MANY)
    (session,) = server.live()
    await settle(lambda: len(session.unacked()) <= 31, 8)
    await player.run(ASK)
    await settle(lambda: not session.unacked() or not player.is_ours, 65)


async def test_what_was_not_acknowledged_comes_again(server, player):
    """Under the same msg_id: it must not be handled twice, and be acknowledged each time."""
    await player.run(CONNECT)
    await player.run(LISTEN)
    (session,) = server.live()
    for _ in range(3):
        await server.push(100, event(server, "once"))
    await player.run("await until(lambda: len(got) == 3)")
    await player.run(ASK)
    for one in list(session.sent.values()):
        if one.seq_no & 1:
            one.acked = False
            session.again(one.msg_id)
    await session.flush()
    assert await player.run(ASK, 5) == 100
    assert await player.run(MANY, 5) == [100] * 30
    assert await player.run("return got") == ["once"] * 3
    if player.is_ours:
        await settle(lambda: not session.unacked(), 65)


async def test_a_session_that_lives_on_after_the_connection(server, player):
    """The server sends what was not acknowledged over the next connection."""
    await player.run(CONNECT)
    await player.run(LISTEN)
    await server.push(100, event(server, "before"))
    await player.run("await until(lambda: got)")
    for connection in list(server.connections):
        connection.reset()
    assert await player.run("await until(lambda: not c.is_connected() or True)\n" + ASK, 8) == 100
    await server.push(100, event(server, "after"))
    assert await player.run("await until(lambda: len(got) >= 2)\nawait asyncio.sleep(0.2)\nreturn got") == [
        "before",
        "after",
    ]


async def test_an_answer_over_two_connections(server, player):
    """It was written, the connection broke, and it comes again over the next one."""
    await player.run(CONNECT)

    def slow(call):
        if len([one for one in server.api.calls if one.name == call.name]) == 1:
            for connection in list(server.connections):
                server.spawn(_reset_soon(connection))
        return nearest()

    server.api.on("help.getNearestDc", slow)
    value = await player.run(NEAREST, 8)
    assert value == 2
    assert await player.run(MANY, 8) == [100] * 30


async def _reset_soon(connection):
    await asyncio.sleep(0)
    connection.reset()


async def test_an_answer_that_comes_twice(server, player):
    await player.run(CONNECT)
    (session,) = server.live()

    def twice(call):
        result = nearest()
        call.session.answer(call.msg_id, result)
        call.session.answer(call.msg_id, result)
        return SILENCE

    server.api.on("help.getNearestDc", twice)
    code = "return [(await c(functions.help.GetNearestDcRequest())).nearest_dc for _ in range(5)]"
    assert await player.run(code, 8) == [2] * 5
    assert await player.run(ASK, 5) == 100
    assert server.accepted == 1
    if player.is_ours:
        await settle(lambda: not session.unacked(), 65)


async def test_an_answer_to_nothing(server, player):
    await player.run(CONNECT)
    (session,) = server.live()
    body = struct.pack("<Iq", RPC_RESULT, session.next_id(0)) + dump(event(server, "hello"))
    session.put(body)
    session.put(struct.pack("<Iq", RPC_RESULT, 12345678) + dump(True))
    await session.flush()
    assert await player.run(ASK, 5) == 100


async def test_updates_before_the_answer(server, player):
    await player.run(CONNECT)
    await player.run(LISTEN)

    def answer(call):
        call.session.put(event(server, "first"))
        call.session.put(event(server, "second"))
        return nearest()

    server.api.on("help.getNearestDc", answer)
    assert await player.run(NEAREST, 8) == 2
    got = await player.run("await until(lambda: len(got) >= 2)\nreturn got")
    assert got == ["first", "second"]


async def test_slow_answers_out_of_order(server, player):
    await player.run(CONNECT)

    async def wait(call):
        number = call.request["id"][0]["user_id"]
        await asyncio.sleep((20 - number) * 0.02)
        return [{**server.world.users[100].object(), "id": number}]

    server.api.on("users.getUsers", wait)
    code = """
        ask = lambda n: c(functions.users.GetUsersRequest([types.InputUser(n, 1)]))
        return [one[0].id for one in await asyncio.gather(*(ask(n) for n in range(1, 20)))]
    """
    assert await player.run(code, 8) == list(range(1, 20))


async def test_huge_packets(server, player):
    await player.run(CONNECT)
    assert await player.run(large(server, 1 << 20), 10) == 1 << 20
    data = random.Random(2).randbytes(6 << 20)
    server.api.on(
        "upload.getFile",
        lambda _call: {"_": "upload.file", "type": {"_": "storage.fileUnknown"}, "mtime": 0, "bytes": data},
    )
    assert await player.run(large(server, 1), 10) == 6 << 20


@pytest.mark.anchor_fails("1.45 acknowledges the answer it has not seen and waits for ever")
async def test_msg_detailed_info(server, player):
    """The answer is announced instead of sent."""
    await player.run(CONNECT)
    (session,) = server.live()

    def announce(one):
        if one.answers and len(one.body) > 4096 and not one.times:
            one.times = 1
            made = {
                "_": "msg_detailed_info",
                "msg_id": one.answers,
                "answer_msg_id": one.msg_id,
                "bytes": len(one.body),
                "status": 0,
            }
            return Sent(session.next_id(1), session.content * 2, dump(made))
        return one

    session.change = announce
    assert await player.run(large(server, 1 << 16), 8) == 1 << 16
    await settle(lambda: not session.unacked(), 65)


@pytest.mark.anchor_fails("1.45 acknowledges what it has not seen")
async def test_msg_new_detailed_info(server, player):
    await player.run(CONNECT)
    await player.run(LISTEN)
    (session,) = server.live()
    one = session.put(event(server, "announced"))
    session.outbox.clear()
    one.times = 1
    made = {"_": "msg_new_detailed_info", "answer_msg_id": one.msg_id, "bytes": len(one.body), "status": 0}
    session.put(made, content=False)
    await session.flush()
    assert await player.run("await until(lambda: got)\nreturn got", 10) == ["announced"]


async def test_msg_detailed_info_about_an_answer_that_came(server, ours):
    """It is acknowledged, and not asked for again."""
    await ours.run(CONNECT)
    (session,) = server.live()
    one = next(sent for sent in session.sent.values() if sent.answers and sent.seq_no & 1)
    made = {
        "_": "msg_detailed_info",
        "msg_id": one.answers,
        "answer_msg_id": one.msg_id,
        "bytes": len(one.body),
        "status": 0,
    }
    times = one.times
    one.acked = False
    session.put(made, content=False)
    await session.flush()
    assert await ours.run(ASK, 5) == 100
    await settle(lambda: one.acked, 65)
    assert one.times == times


async def test_msgs_state_req(server, player):
    """The client says what it knows of messages of the server."""
    await player.run(CONNECT)
    (session,) = server.live()
    known = next(sent.msg_id for sent in session.sent.values() if sent.seq_no & 1)
    future = session.next_id(3) + (1 << 40)
    session.put({"_": "msgs_state_req", "msg_ids": [known, known - (600 << 32), future]}, content=True)
    await session.flush()
    await settle(lambda: session.state_infos, 8)
    info = session.state_infos[0]["info"]
    info = info.encode("latin-1") if isinstance(info, str) else info
    assert len(info) == 3
    if player.is_ours:
        assert info[0] & 7 == 4
        assert info[1] & 7 in (1, 2)
        assert info[2] & 7 == 3


async def test_msg_resend_req(server, ours):
    """The client sends what the server did not get once more, or says what it knows of it."""
    await ours.run(CONNECT)
    (session,) = server.live()
    mine = max(session.received)
    session.put({"_": "msg_resend_req", "msg_ids": [mine, mine + 4000]}, content=True)
    await session.flush()
    assert await ours.run(ASK, 5) == 100


async def test_a_request_the_server_lost(server, ours):
    """The connection stays, the request is gone: the client asks for its state and sends it again."""
    await ours.run("c = make(request_timeout=None)\nawait c.connect()\nawait c(me)")
    left = [1]

    async def lose(session, message):
        if left and len(message.body) >= 16:
            left.pop()
            return True
        return False

    server.intercept = lose
    assert await ours.run(ASK, 80) == 100


async def test_msgs_all_info_and_other_service_messages(server, player):
    await player.run(CONNECT)
    (session,) = server.live()
    mine = max(session.received)
    for made in (
        {"_": "msgs_all_info", "msg_ids": [mine], "info": bytes([4])},
        {"_": "msgs_state_info", "req_msg_id": mine, "info": bytes([4])},
        {"_": "msgs_ack", "msg_ids": [mine, 5]},
        {"_": "pong", "msg_id": mine, "ping_id": 5},
        {"_": "future_salts", "req_msg_id": 5, "now": 1, "salts": []},
        {"_": "destroy_session_none", "session_id": 5},
        {"_": "http_wait", "max_delay": 0, "wait_after": 0, "max_wait": 1},
    ):
        session.put(made, content=False)
    await session.flush()
    assert await player.run(ASK, 5) == 100
    assert server.accepted == 1


async def test_a_ping_of_the_server(server, ours):
    """A ping can be initiated by either side."""
    await ours.run(CONNECT)
    (session,) = server.live()
    seen = []

    async def look(_session, message):
        if struct.pack("<I", 0x347773C5) in message.body:
            seen.append(message)
            return True
        return False

    server.intercept = look
    session.put({"_": "ping", "ping_id": 99}, content=False)
    await session.flush()
    assert await ours.run(ASK, 5) == 100


async def test_a_session_that_was_forgotten(server, player):
    await player.run(CONNECT)
    await player.run(LISTEN)
    server.sessions.clear()
    assert await player.run(ASK, 8) == 100
    await server.push(100, event(server, "still here"))
    assert await player.run("await until(lambda: got)\nreturn got") == ["still here"]


async def test_rpc_drop_answer(server, ours):
    """A call that was given up is dropped, whatever the server says to that."""
    await ours.run(CONNECT)
    for _ in range(3):
        server.api.on("help.getNearestDc", after(1, {"_": "nearestDc", "country": "", "this_dc": 2, "nearest_dc": 2}))
        await ours.run("""
            try:
                await asyncio.wait_for(c(functions.help.GetNearestDcRequest()), 0.2)
            except asyncio.TimeoutError:
                pass
            else:
                raise AssertionError
        """)
        await settle(lambda: server.world.counts["rpc_drop_answer"])
        assert await ours.run(ASK, 5) == 100
    await asyncio.sleep(1.2)
    assert await ours.run(MANY, 5) == [100] * 30
    assert server.accepted == 1


UNKNOWN = {
    "alone": lambda server: [struct.pack("<II", 0x12345678, 5)],
    "as an update": lambda server: [
        struct.pack("<I", 0x74AE4240)
        + struct.pack("<II", 0x1CB5C415, 1)
        + struct.pack("<II", 0x12345678, 9)
        + struct.pack("<II", 0x1CB5C415, 0) * 2
        + struct.pack("<ii", 1, 0)
    ],
}


@pytest.mark.parametrize("kind", UNKNOWN)
async def test_an_unknown_constructor(server, player, kind):
    await player.run(CONNECT)
    await player.run(LISTEN)
    (session,) = server.live()
    for body in UNKNOWN[kind](server):
        session.put(body)
    session.put(event(server, "beside it"))
    await session.flush()
    if not player.is_ours:
        # It loses what stands beside it.
        assert await player.run(ASK, 8) == 100
        return
    assert await player.run(ASK, 8) == 100
    assert await player.run("await until(lambda: got)\nreturn got", 12) == ["beside it"]


async def test_an_unknown_constructor_in_an_answer(server, player):
    await player.run(CONNECT)
    server.api.on("help.getNearestDc", lambda _call: struct.pack("<IIII", 0x12345678, 1, 2, 3))
    with pytest.raises(AssertionError, match="TypeNotFound"):
        await player.run("return str(await c(functions.help.GetNearestDcRequest()))", 8)
    assert await player.run(ASK, 8) == 100


async def test_a_wrong_object_in_an_answer(server, ours):
    """A type that does not belong there: the caller gets it, or an error, and the rest works."""
    await ours.run(CONNECT)
    server.api.on("help.getNearestDc", lambda _call: dump(True))
    said = await ours.attempt("return str(await c(functions.help.GetNearestDcRequest()))", 5)
    assert "nothing in" not in said
    assert await ours.run(ASK, 5) == 100


async def test_bytes_behind_an_object(server, player):
    """More than the object is there, as when a newer layer added a field at the end."""
    await player.run(CONNECT)
    near = dump(nearest())
    server.api.on("help.getNearestDc", lambda _call: near + bytes(8))
    said = await player.attempt(NEAREST, 5)
    assert said == 2 or "nothing in" not in said
    assert await player.run(ASK, 5) == 100


async def test_quick_acks(server, player):
    """The server sends them even if nobody asked."""
    await player.run(
        "c = make(connection=connection.ConnectionTcpIntermediate)\nawait c.connect()\nreturn (await c(me))[0].id"
    )
    if not player.is_ours:
        pytest.skip("1.45 takes the token for a length")
    (connection,) = server.connections
    for _ in range(3):
        await connection.raw(connection.stream.out(connection.stream.codec.quick_ack(b"\1\2\3\x84")))
        assert await player.run(ASK, 5) == 100
    assert server.accepted == 1


@pytest.mark.parametrize("kind", ["Abridged", "Obfuscated"])
async def test_quick_acks_of_other_transports(server, ours, kind):
    await ours.run(f"c = make(connection=connection.ConnectionTcp{kind})\nawait c.connect()\nreturn await c(me) and 1")
    (connection,) = server.connections
    for _ in range(3):
        await connection.raw(connection.stream.out(connection.stream.codec.quick_ack(b"\1\2\3\x84")))
        assert await ours.run(ASK, 5) == 100
    assert server.accepted == 1


@pytest.mark.parametrize("count", range(9))
async def test_quick_acks_with_padding(server, ours, count):
    server.proxy_secret = bytes(range(16))
    await ours.run(f"""
        c = make(connection=connection.ConnectionTcpMTProxyRandomizedIntermediate,
                 proxy=("127.0.0.1", {server.port}, "dd{bytes(range(16)).hex()}"))
        await c.connect()
        return (await c(me))[0].id
    """)
    (connection,) = server.connections
    packet = struct.pack("<I", 8 + count) + b"\xff" * 4 + b"\1\2\3\x84" + bytes(count)
    await connection.raw(connection.stream.out(packet))
    assert await ours.run(ASK, 5) == 100
    assert server.accepted == 1


async def test_errors_and_their_retries(server, player):
    await player.run(CONNECT)
    left = [3]

    def fail(call):
        if left[0]:
            left[0] -= 1
            raise RpcError(500, "INTERDC_2_CALL_ERROR" if left[0] % 2 else "RPC_CALL_FAIL")
        return nearest()

    server.api.on("help.getNearestDc", fail)
    assert await player.run(NEAREST, 15) == 2


async def test_negative_codes(server, player):
    """-503 Timeout, which servers answer when they wait for each other."""
    await player.run(CONNECT)
    left = [1]

    def fail(_call):
        if left:
            left.pop()
            raise RpcError(-503, "Timeout")
        return nearest()

    server.api.on("help.getNearestDc", fail)
    said = await player.attempt(NEAREST, 15)
    assert said == 2 or "Timed" in said


FLOODS = ["FLOOD_WAIT_1", "FLOOD_PREMIUM_WAIT_1", "SLOWMODE_WAIT_1", "FLOOD_TEST_PHONE_WAIT_1"]


@pytest.mark.parametrize("text", FLOODS)
async def test_waits(server, player, text):
    await player.run(CONNECT)
    left = [1]

    def fail(_call):
        if left:
            left.pop()
            raise RpcError(420, text)
        return nearest()

    server.api.on("help.getNearestDc", fail)
    began = time.monotonic()
    assert await player.run(NEAREST, 10) == 2
    assert time.monotonic() - began >= 1


async def test_a_long_wait(server, player):
    await player.run(CONNECT)

    def fail(_call):
        raise RpcError(420, "FLOOD_WAIT_300")

    server.api.on("help.getNearestDc", fail)
    code = """
        try:
            await c(functions.help.GetNearestDcRequest())
        except errors.FloodWaitError as error:
            return error.seconds
    """
    assert await player.run(code, 5) == 300
    assert await player.run(code, 5) == 300
