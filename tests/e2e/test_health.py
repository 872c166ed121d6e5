"""What a client tells of its connection and of the way of its updates, against the test server."""

from __future__ import annotations


async def test_the_life_of_a_connection(telegram_server, eventually):
    server = telegram_server
    ann, bob = server.create_user("Ann"), server.create_user("Bob")
    client = server.client(bob, retry_delay=0)
    told = []

    @client.on_connection_change
    async def changed(change):
        told.append((change.state, type(change.error).__name__))

    assert client.health().connection == "disconnected"
    await client.connect()
    await eventually(lambda: told == [("connected", "NoneType")])
    await eventually(lambda: not client._engine.box.is_empty)
    await ann.chat(bob).send("hello")
    await eventually(lambda: client.health().received > 0)
    health = client.health()
    assert health.is_well, health.problems
    assert health.delay is not None
    assert health.delay < 2
    server.faults.disconnect()
    await eventually(lambda: len(told) == 3)
    assert [state for state, _ in told[1:]] == ["lost", "reconnected"]
    assert told[1][1] != "NoneType"
    assert client.health().reconnections == 1
    await client.disconnect()
    await eventually(lambda: len(told) == 4)
    assert told[3] == ("disconnected", "NoneType")
    assert client.health().problems == ("the client is not connected; call connect() or start()",)


async def test_a_connection_over_which_nothing_comes_is_made_anew(telegram_server, eventually):
    server = telegram_server
    bob = server.create_user("Bob")
    client = server.client(bob, retry_delay=0)
    await client.connect()
    client._begin_new_connection()
    await eventually(lambda: client.health().reconnections == 1)
    assert await client.get_me()
    await client.disconnect()
