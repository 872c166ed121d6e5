"""Connections that break, stall or are refused while requests are on their way."""

from __future__ import annotations

import asyncio

import pytest
from independent.api import SILENCE
from steps import ASK, CONNECT, LISTEN, MANY, NEAREST, event, nearest, settle

pytestmark = [pytest.mark.interop, pytest.mark.timeout(90)]


@pytest.mark.parametrize("how", ["close", "reset"])
async def test_the_server_hangs_up_now_and_then(server, player, how):
    await player.run(CONNECT)
    await player.run(LISTEN)
    for at in range(4):
        for connection in list(server.connections):
            getattr(connection, how)()
        assert await player.run(MANY, 12) == [100] * 30
        await server.push(100, event(server, str(at)))
    got = await player.run("await until(lambda: len(got) >= 4)\nawait asyncio.sleep(0.2)\nreturn got")
    assert got == ["0", "1", "2", "3"]


async def test_messages_are_sent_once_when_the_server_hangs_up(server, ours):
    """After it has done what was asked, and before it answers."""
    await ours.run(CONNECT)
    send = server.api.handlers["messages.sendMessage"]
    left = [6]

    def hang_up(call):
        result = send(call)
        if left[0] and len(server.world.messages) % 3 == 0:
            left[0] -= 1
            for connection in list(server.connections):
                connection.reset()
        return result

    server.api.on("messages.sendMessage", hang_up)
    code = """
        sent = []
        for n in range(18):
            sent.append((await c.send_message("me", str(n))).id)
        return len(set(sent))
    """
    assert await ours.run(code, 40) == 18
    assert [one["message"] for one in server.world.messages] == [str(n) for n in range(18)]


@pytest.mark.parametrize("code", [-404, -429, -444, -500])
async def test_a_transport_error_in_the_middle(server, player, code):
    if not player.is_ours:
        pytest.skip("1.45 ends the session, or does not come back")
    await player.run(CONNECT)
    (connection,) = server.connections
    await connection.error(code)
    if code == -444:
        with pytest.raises(AssertionError, match=r"ConnectionError|444"):
            await player.run(ASK, 30)
        return
    assert await player.run(ASK, 40) == 100
    assert server.accepted == 2


async def test_a_key_that_was_forgotten(server, ours):
    """An answer nobody signed is believed when it comes again and again for a minute; requests end with an error."""
    await ours.run("c = make(connection_retries=2)\nawait c.connect()\nawait c(me)")
    server.keys.clear()
    with pytest.raises(AssertionError, match=r"ConnectionError|AuthKeyNotFound"):
        await ours.run(ASK, 80)


async def test_a_server_that_only_reads(server, ours):
    """Half open: requests go out, and nothing comes back."""
    await ours.run(CONNECT)
    for connection in server.connections:
        connection.is_mute = True
    assert await ours.run(ASK, 60) == 100
    assert server.accepted == 2


async def test_a_server_that_only_speaks(server, ours):
    """Half open the other way: updates come, requests are read by nobody."""
    await ours.run(CONNECT)
    await ours.run(LISTEN)
    (connection,) = server.connections
    connection.is_deaf = True
    await server.push(100, event(server, "still speaking"))
    assert await ours.run("await until(lambda: got)\nreturn got") == ["still speaking"]
    assert await ours.run(ASK, 60) == 100
    assert server.accepted == 2


async def test_a_server_that_refuses_connections_for_a_while(server, player):
    await player.run(CONNECT)
    left = [4]

    async def refuse(_connection):
        left[0] -= 1
        return left[0] < 0

    server.on_connect = refuse
    for connection in list(server.connections):
        connection.reset()
    assert await player.run("await asyncio.sleep(0.3)\n" + ASK, 20) == 100
    assert server.accepted == 6 or not player.is_ours


@pytest.mark.parametrize("cut", [1, 3, 4, 8, 20, 60])
async def test_a_packet_that_breaks_off(server, player, cut):
    """A part of an answer, then the end of the connection."""
    await player.run(CONNECT)

    def half(call):
        server.api.on("help.getNearestDc", nearest)
        server.spawn(break_off(call))
        return SILENCE

    async def break_off(call):
        session, connection = call.session, call.session.connection
        one = session.answer(call.msg_id, nearest())
        session.outbox.clear()
        one.times = 1
        data = connection.stream.frame(session.sealed(one))
        await connection.raw(data[:cut])
        connection.close()

    server.api.on("help.getNearestDc", half)
    assert await player.run(NEAREST, 12) == 2
    assert await player.run(MANY, 8) == [100] * 30


@pytest.mark.parametrize("knows", [True, False])
async def test_an_answer_the_server_does_not_send_again_by_itself(server, ours, knows):
    """It says that it has answered. Asked for the answer it sends it, or does not know that question."""
    server.quirks.resend_unacked = False
    server.quirks.knows_resend_ans_req = knows
    await ours.run(CONNECT)

    def lose(call):
        server.api.on("help.getNearestDc", nearest)
        call.session.change = lambda one: None if one.answers == call.msg_id else one
        server.spawn(cut(call.session))
        return nearest()

    async def cut(session):
        await asyncio.sleep(0.1)
        session.change = lambda one: one
        for connection in list(server.connections):
            connection.reset()

    server.api.on("help.getNearestDc", lose)
    assert await ours.run(NEAREST, 30) == 2
    assert await ours.run(MANY, 8) == [100] * 30


async def test_noise_instead_of_a_packet(server, player):
    await player.run(CONNECT)
    for _ in range(3):
        (connection,) = server.connections
        await connection.raw(connection.stream.out(b"\x10\x00\x00\x00noise and more"))
        assert await player.run(ASK, 12) == 100


async def test_a_packet_that_was_changed(server, ours):
    await ours.run(CONNECT)
    (session,) = server.live()
    data = session.sealed(session.put({"_": "updatesTooLong"}))
    session.outbox.clear()
    await session.connection.write(data[:40] + bytes([data[40] ^ 1]) + data[41:])
    assert await ours.run(ASK, 12) == 100


async def test_a_packet_of_another_session(server, ours):
    """It is not for this one: ignored, and not acknowledged."""
    await ours.run(CONNECT)
    await ours.run(LISTEN)
    (session,) = server.live()
    one = session.put(event(server, "for somebody else"))
    session.outbox.clear()
    own, session.id = session.id, session.id ^ 1
    data = session.sealed(one)
    session.id = own
    await session.connection.write(data)
    assert await ours.run(ASK, 5) == 100
    assert await ours.run("return got") == []


async def test_a_packet_repeated_byte_for_byte(server, player):
    await player.run(CONNECT)
    await player.run(LISTEN)
    (session,) = server.live()
    data = session.sealed(session.put(event(server, "once")))
    session.outbox.clear()
    for _ in range(5):
        await session.connection.write(data)
    assert await player.run("await until(lambda: got)\nawait asyncio.sleep(0.2)\nreturn got") == ["once"]
    assert await player.run(ASK, 5) == 100


async def test_disconnecting_while_requests_wait(server, ours):
    await ours.run(CONNECT)
    server.api.on("help.getNearestDc", lambda _call: SILENCE)
    code = """
        asked = [asyncio.ensure_future(c(functions.help.GetNearestDcRequest())) for _ in range(20)]
        await asyncio.sleep(0.2)
        await c.disconnect()
        done = await asyncio.gather(*asked, return_exceptions=True)
        return sorted({type(one).__name__ for one in done})
    """
    assert await ours.run(code, 6) == ["ConnectionError"]
    await settle(lambda: not server.connections)
    await asyncio.sleep(0.1)
    assert server.accepted == 1
