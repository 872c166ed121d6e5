from __future__ import annotations

import asyncio
from struct import pack, unpack_from
from typing import Any

import pytest
from rawclient import NEAREST, RawClient

from telethon.mtproto import wire
from telethon.tl.functions.help import GetNearestDcRequest


def rules(server: Any) -> list[str]:
    return [violation.rule for violation in server.violations]


def states(message: Any) -> list[int]:
    return list(wire.read_bytes(message.body, 12, len(message.body))[0])


async def test_ping_is_answered(client: Any) -> None:
    msg_id = client.send(pack("<Iq", wire.PING, -5))
    await client.turn()
    (pong,) = client.messages
    assert (pong.constructor, *unpack_from("<qq", pong.body, 4)) == (wire.PONG, msg_id, -5)
    assert not pong.seq_no & 1


async def test_S13_ping_delay_disconnect_hangs_up_unless_repeated(client: Any, server: Any) -> None:
    client.send(pack("<Iqi", wire.PING_DELAY_DISCONNECT, 1, 75))
    await client.turn()
    server.clock.advance(74)
    client.send(pack("<Iqi", wire.PING_DELAY_DISCONNECT, 2, 75))
    await client.turn()
    assert len(client.of(wire.PONG)) == 2
    server.clock.advance(74)
    await client.turn()
    assert not client.ended
    server.clock.advance(2)
    await client.turn()
    assert client.ended


async def test_S12_destroy_session_forgets_another_session(client: Any, server: Any) -> None:
    old = client.session_id
    client.session_id += 1
    client.content_sent = 0
    client.send(client.init())
    ids = [old, old, client.session_id, 99]
    for session_id in ids:
        client.send(pack("<Iq", wire.DESTROY_SESSION, session_id))
    await client.turn()
    answers = [message for message in client.messages if message.constructor in _DESTROYED]
    assert [unpack_from("<q", message.body, 4)[0] for message in answers] == ids
    assert [message.constructor for message in answers] == [
        wire.DESTROY_SESSION_OK,
        wire.DESTROY_SESSION_NONE,
        wire.DESTROY_SESSION_NONE,
        wire.DESTROY_SESSION_NONE,
    ]
    assert [session.session_id for session in server.sessions()] == [client.session_id]


_DESTROYED = (wire.DESTROY_SESSION_OK, wire.DESTROY_SESSION_NONE)


async def test_destroy_auth_key_forgets_the_key(client: Any, server: Any) -> None:
    client.send(pack("<I", wire.DESTROY_AUTH_KEY))
    await client.turn()
    assert [message.constructor for message in client.messages] == [wire.DESTROY_AUTH_KEY_OK]
    assert server.auth_keys() == []
    client.send(GetNearestDcRequest())
    await client.turn()
    assert client.errors == [404]
    assert client.ended


async def test_S11_rpc_drop_answer_of_a_running_request(serve: Any) -> None:
    ready = asyncio.Event()

    async def handler(request: Any, context: Any) -> Any:
        await ready.wait()
        return NEAREST

    server = await serve(handler)
    client = RawClient(server)
    client.know_key()
    client.connect()
    request = client.send(client.init())
    drop = client.send(pack("<Iq", wire.RPC_DROP_ANSWER, request))
    again = client.send(pack("<Iq", wire.RPC_DROP_ANSWER, request))
    await client.turn()
    ready.set()
    await client.turn()
    assert client.results() == {
        drop: pack("<I", wire.RPC_ANSWER_DROPPED_RUNNING),
        again: pack("<I", wire.RPC_ANSWER_UNKNOWN),
    }


async def test_S11_rpc_drop_answer_of_an_answer_on_its_way(client: Any, server: Any) -> None:
    request = client.send(GetNearestDcRequest())
    await client.turn()
    (answer,) = client.take()
    drop = client.send(pack("<Iq", wire.RPC_DROP_ANSWER, request))
    await client.turn()
    expected = pack("<Iqii", wire.RPC_ANSWER_DROPPED, answer.msg_id, answer.seq_no, len(answer.body))
    assert client.results() == {drop: expected}
    client.ack_all()
    await client.turn()
    client.take()
    server.clock.advance(61)
    await client.turn()
    assert client.messages == []


async def test_S11_rpc_drop_answer_of_what_is_not_known(client: Any) -> None:
    request = client.send(GetNearestDcRequest())
    await client.turn()
    client.ack_all()
    ids = [client.send(pack("<Iq", wire.RPC_DROP_ANSWER, msg_id)) for msg_id in (request, 4)]
    await client.turn()
    assert [client.results()[msg_id] for msg_id in ids] == [pack("<I", wire.RPC_ANSWER_UNKNOWN)] * 2


async def test_S10_states_are_told(serve: Any) -> None:
    ready = asyncio.Event()

    async def wait() -> Any:
        await ready.wait()
        return NEAREST

    server = await serve(lambda request, context: NEAREST if server.stats.requests < 3 else wait())
    client = RawClient(server)
    await client.begin()
    skipped = client.new_msg_id()
    answered = client.send(GetNearestDcRequest())
    running = client.send(GetNearestDcRequest())
    ping = client.send(pack("<Iq", wire.PING, 1))
    ack = client.send(wire.long_vector(wire.MSGS_ACK, ()), content=False)
    later = client.new_msg_id() + 400
    msg_id = client.send(
        wire.long_vector(wire.MSGS_STATE_REQ, (4, skipped, answered, running, ping, ack, later)), content=False
    )
    await client.turn()
    (info,) = client.of(wire.MSGS_STATE_INFO)
    assert unpack_from("<q", info.body, 4)[0] == msg_id
    assert states(info) == [1, 2, 4 | 32 | 64, 4 | 32, 4, 4 | 16, 3]
    ready.set()
    await client.turn()


async def test_S9_messages_are_sent_again_on_request(client: Any, server: Any) -> None:
    requests = [client.send(GetNearestDcRequest()) for _ in range(3)]
    await client.turn()
    answers = client.take()
    client.ack(answers[2].msg_id)
    client.send(wire.long_vector(wire.MSG_RESEND_REQ, (answers[0].msg_id, answers[2].msg_id)), content=False)
    client.send(wire.long_vector(wire.MSG_RESEND_ANS_REQ, (requests[1], requests[2])), content=False)
    await client.turn()
    assert client.of(wire.RPC_RESULT) == answers[:2]
    infos = client.of(wire.MSGS_STATE_INFO)
    assert [states(info) for info in infos] == [[2], [4 | 32 | 64]]


async def test_the_client_can_be_asked_for_states_and_messages(client: Any, server: Any) -> None:
    session = server.sessions()[0]
    question = session.ask_states((1, 5))
    session.ask_resend((8,))
    await client.turn()
    assert [(message.constructor, message.msg_id & 3) for message in client.messages] == [
        (wire.MSGS_STATE_REQ, 3),
        (wire.MSG_RESEND_REQ, 3),
    ]
    client.send(pack("<Iq", wire.MSGS_STATE_INFO, question) + wire.write_bytes(b"\1\4"), content=False)
    await client.turn()
    assert session.infos == {question: b"\1\4"}


async def test_what_a_client_tells_of_its_own_accord_is_taken(client: Any, server: Any) -> None:
    client.send(wire.long_vector(wire.MSGS_ALL_INFO, (1,)) + wire.write_bytes(b"\4"), content=False)
    client.send(pack("<Iqqii", wire.MSG_DETAILED_INFO, 1, 1, 1, 0), content=False)
    client.send(pack("<Iqii", wire.MSG_NEW_DETAILED_INFO, 1, 1, 0), content=False)
    await client.turn()
    assert client.messages == []
    assert not server.violations


@pytest.mark.parametrize(
    "body",
    [
        pack("<Ii", wire.PING, 0),
        pack("<Iqi", wire.PING, 0, 0),
        pack("<Iq", wire.MSGS_STATE_INFO, 0),
        pack("<IIi", wire.MSGS_STATE_REQ, 0x1CB5C415, 1),
        pack("<IIi", wire.MSGS_STATE_REQ, 0x1CB5C416, 0),
    ],
)
async def test_a_service_message_that_does_not_fit_is_a_violation(client: Any, server: Any, body: bytes) -> None:
    client.send(body)
    await client.turn()
    assert rules(server) == ["service"]
    assert client.ended


async def test_http_wait_belongs_to_http(client: Any, server: Any) -> None:
    client.send(pack("<Iiii", 0x9299359F, 0, 0, 25000), content=False)
    await client.turn()
    assert rules(server) == ["service"]
