from __future__ import annotations

import asyncio
from struct import pack, unpack_from
from typing import Any

from rawclient import NEAREST, RawClient

from telethon._core.rand import system_random
from telethon.mtproto import wire
from telethon.testing._rpc import RpcContext
from telethon.tl import types
from telethon.tl.functions.help import GetNearestDcRequest

PING = pack("<Iq", wire.PING, 7)


def large_update() -> types.UpdateShort:
    return types.UpdateShort(
        types.UpdateServiceNotification("x", system_random(40_000).hex(), types.MessageMediaEmpty(), []), None
    )


async def test_a_large_update_is_only_announced_on_the_next_connection(client: Any, server: Any) -> None:
    session = server.sessions()[0]
    session.push(large_update())
    await client.turn()
    (update,) = client.take()
    client.close()
    await client.turn()
    client.connect()
    client.send(PING)
    await client.turn()
    (info,) = client.of(wire.MSG_NEW_DETAILED_INFO)
    assert unpack_from("<qii", info.body, 4) == (update.msg_id, len(update.body), 0)
    client.take()
    # As long as it is not asked for, it is announced again.
    server.clock.advance(61)
    await client.turn()
    assert [message.constructor for message in client.messages] == [wire.MSG_NEW_DETAILED_INFO]
    client.send(wire.long_vector(wire.MSG_RESEND_REQ, (update.msg_id,)), content=False)
    await client.turn()
    assert update in client.messages


async def test_large_answers_are_spread_over_several_packets(serve: Any) -> None:
    server = await serve(lambda request, context: system_random(300_000))
    client = RawClient(server)
    client.know_key()
    client.connect()
    client.send_container(*(client.pack(client.init()) for _ in range(4)))
    await client.turn()
    assert len(client.results()) == 4
    assert len(client.packets) == 4
    assert not server.violations


async def test_what_needs_no_answer_is_dropped_without_a_connection(client: Any, server: Any) -> None:
    session = server.sessions()[0]
    client.close()
    await client.turn()
    assert session.connection is None
    session.ask_states((1,))
    await client.turn()
    client.connect()
    client.send(PING)
    await client.turn()
    assert [message.constructor for message in client.messages] == [wire.PONG]


async def test_each_message_waits_its_own_time_for_an_acknowledgement(client: Any, server: Any) -> None:
    client.send(GetNearestDcRequest())
    await client.turn()
    server.clock.advance(30)
    client.ack_all()
    client.send(GetNearestDcRequest())
    await client.turn()
    (_, answer) = client.take()
    for seconds, expected in ((59, []), (2, [answer])):
        server.clock.advance(seconds)
        await client.turn()
        assert client.messages == expected


async def test_acknowledgements_may_come_in_any_order(serve: Any) -> None:
    server = await serve()
    client = RawClient(server)
    await client.begin()
    for _ in range(3):
        client.send(GetNearestDcRequest())
    await client.turn()
    ids = [message.msg_id for message in client.messages]
    client.ack(ids[2], ids[0])
    client.ack(ids[1])
    await client.turn()
    await server.stop()
    assert not server.violations


async def test_what_is_kept_back_is_no_debt_of_the_client(serve: Any) -> None:
    server = await serve()
    client = RawClient(server)
    await client.begin()
    server.faults.keep_back()
    client.send(GetNearestDcRequest())
    await client.turn()
    client.send(GetNearestDcRequest())
    await client.turn()
    client.ack(client.messages[-1].msg_id)
    await client.turn()
    await server.stop()
    assert not server.violations


async def test_the_context_tells_who_asks(serve: Any) -> None:
    seen: list[RpcContext] = []

    def handler(request: Any, context: RpcContext) -> Any:
        seen.append(context)
        return NEAREST

    server = await serve(handler)
    client = RawClient(server)
    await client.begin()
    assert seen[0].user_id is None
    server.auth_keys()[0].user_id = 7
    assert seen[0].user_id == 7
    assert seen[0].session.session_id == client.session_id
    assert seen[0].server is server


async def test_a_flush_comes_once_for_all_that_is_pushed(client: Any, server: Any) -> None:
    client.packets.clear()
    session = server.sessions()[0]
    for _ in range(50):
        session.push(types.UpdatesTooLong())
    await asyncio.sleep(0)
    await client.turn()
    assert len(client.packets) == 1
    assert len(client.messages) == 50
