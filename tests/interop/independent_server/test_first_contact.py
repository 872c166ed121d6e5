"""Every transport, the making of a key, and a first request."""

from __future__ import annotations

import asyncio

import pytest
from independent.keys import KEYS
from independent.tl import dump

pytestmark = [pytest.mark.interop, pytest.mark.timeout(60)]

TRANSPORTS = {
    "ConnectionTcpAbridged": "abridged",
    "ConnectionTcpIntermediate": "intermediate",
    "ConnectionTcpFull": "full",
    "ConnectionTcpObfuscated": "obfuscated abridged",
}
UNSAFE = r"SecurityError|RemoteProtocolError|ConnectionError"
FIRST = """
    c = make(**{})
    await c.connect()
    return (await c(me))[0].id
"""


def first(**given: object) -> str:
    """Connect with these arguments, and ask who one is."""
    return FIRST.replace("{}", repr(given))


async def test_over_every_transport(server, player, transport):
    value = await player.run(
        f"c = make(connection=connection.{transport})\nawait c.connect()\nreturn (await c(me))[0].id"
    )
    assert value == 100
    assert {one.stream.name for one in server.connections} == {TRANSPORTS[transport]}


@pytest.fixture(params=TRANSPORTS)
def transport(request):
    return request.param


@pytest.mark.anchor_fails("ConnectionHttp of 1.45 takes every answer for a closed connection")
async def test_over_http(server, player):
    value = await player.run("""
        c = make(connection=connection.ConnectionHttp)
        await c.connect()
        first = (await c(me))[0].id
        got = []
        c.add_event_handler(lambda event: got.append(event.raw_text), events.NewMessage)
        many = await asyncio.gather(*(c(me) for _ in range(12)))
        return first, len(many)
    """)
    assert value == [100, 12]
    assert {one.stream.name for one in server.connections} == {"http"}
    await server.push(100, server.world.around(server.world.event(server.world.users[100], "over http", 200)))
    assert await player.run("await until(lambda: got)\nreturn got") == ["over http"]


@pytest.mark.parametrize("kind", ["Abridged", "Intermediate", "RandomizedIntermediate"])
async def test_through_a_proxy_of_mtproto(server, player, kind):
    server.proxy_secret = bytes(range(16))
    secret = ("dd" if kind.startswith("Random") else "") + bytes(range(16)).hex()
    if not player.is_ours and kind.startswith("Random"):
        pytest.skip("1.45 cannot decrypt what has more than 3 bytes of transport padding")
    value = await player.run(f"""
        c = make(connection=connection.ConnectionTcpMTProxy{kind}, proxy=("127.0.0.1", {server.port}, "{secret}"))
        await c.connect()
        return (await c(me))[0].id
    """)
    assert value == 100
    (one,) = server.connections
    assert one.stream.obfuscation.dc_id == 2
    names = {"Abridged": "abridged", "Intermediate": "intermediate", "RandomizedIntermediate": "padded"}
    assert one.stream.name == f"obfuscated {names[kind]}"


@pytest.mark.anchor_fails("1.45 cannot decrypt what has more than 3 bytes of transport padding")
async def test_every_padding_of_the_transport(server, player):
    server.proxy_secret = bytes(range(16))
    code = f"""
        c = make(connection=connection.ConnectionTcpMTProxyRandomizedIntermediate,
                 proxy=("127.0.0.1", {server.port}, "dd{bytes(range(16)).hex()}"))
        await c.connect()
        return (await c(me))[0].id
    """
    assert await player.run(code) == 100
    for count in range(16):
        server.connections[0].stream.codec.padding = count
        assert await player.run("return (await c(me))[0].id", 5) == 100
    assert server.accepted == 1


async def test_the_data_centre_and_the_padding_of_the_first_message(server, ours):
    server.quirks.exchange.accept_old_rsa = False
    assert await ours.run(first()) == 100
    assert [one.said_dc for one in server.exchanges] == [2]


@pytest.mark.parametrize("dc_id", [1, 3, 4, 5, 203])
async def test_the_numbers_of_data_centres(server, ours, dc_id):
    server.dc_id = dc_id
    assert await ours.run(f"c = make(dc={dc_id})\nawait c.connect()\nreturn (await c(me))[0].id") == 100
    assert [one.said_dc for one in server.exchanges] == [dc_id]


@pytest.mark.parametrize(
    "given", [lambda ours: [1, -2, *ours, 5], lambda ours: [*ours, *ours], lambda ours: ours[::-1]]
)
async def test_several_fingerprints(server, player, given):
    server.quirks.exchange.fingerprints = given
    assert await player.run(first()) == 100


async def test_a_key_the_client_does_not_know_beside_one_it_does(server, player):
    server.rsa_keys = [KEYS[1], KEYS[0], KEYS[2]]
    assert await player.run(first()) == 100


async def test_no_key_the_client_knows(server, player):
    server.quirks.exchange.fingerprints = lambda _ours: [123, 456]
    with pytest.raises(AssertionError, match=UNSAFE):
        await player.run(first(connection_retries=1))
    assert not server.keys


async def test_fingerprints_none_at_all(server, ours):
    server.quirks.exchange.fingerprints = lambda _ours: []
    with pytest.raises(AssertionError, match=UNSAFE):
        await ours.run(first(connection_retries=1))
    assert not server.keys


@pytest.mark.parametrize("times", [1, 2, 3])
async def test_dh_gen_retry(server, ours, times):
    server.quirks.exchange.retries = times
    assert await ours.run(first()) == 100
    assert len(server.exchanges) == 1


async def test_dh_gen_retry_for_telethon_1_45(server, anchor):
    # It gives up the exchange and begins another.
    server.quirks.exchange.retries = 1
    assert await anchor.run(first()) == 100


async def test_dh_gen_fail(server, player):
    server.quirks.exchange.fails = 1
    assert await player.run(first()) == 100
    # Telethon, rarely, gives up another one by itself.
    assert len(server.exchanges) == 2 if player.is_ours else len(server.exchanges) >= 2


async def test_server_dh_params_fail(server, player):
    server.quirks.exchange.params_fail = 1
    assert await player.run(first()) == 100
    assert len(server.exchanges) == 2


HOSTILE = {
    "resPQ with another nonce": ("resPQ", lambda made: {**made, "nonce": bytes(16)}),
    "pq of one prime": ("resPQ", lambda made: {**made, "pq": (2**61 - 1).to_bytes(8, "big")}),
    "pq of zero": ("resPQ", lambda made: {**made, "pq": b"\0"}),
    "an empty pq": ("resPQ", lambda made: {**made, "pq": b""}),
    "pq of 32 bytes": ("resPQ", lambda made: {**made, "pq": b"\x7f" * 32}),
    "a wrong hash": ("answer_hash", lambda made: made[:-1] + bytes([made[-1] ^ 1])),
    "params with another nonce": ("params", lambda made: {**made, "server_nonce": bytes(16)}),
    "an answer of no whole blocks": (
        "params",
        lambda made: {**made, "encrypted_answer": made["encrypted_answer"][:-4]},
    ),
    "an empty answer": ("params", lambda made: {**made, "encrypted_answer": b""}),
    "inner data with another nonce": ("inner", lambda made: {**made, "nonce": bytes(16)}),
    "g of 1": ("inner", lambda made: {**made, "g": 1}),
    "g_a of 1": ("inner", lambda made: {**made, "g_a": b"\1"}),
    "a prime that is none": ("inner", lambda made: {**made, "dh_prime": b"\xff" * 256}),
    "a small prime": ("inner", lambda made: {**made, "dh_prime": (2**61 - 1).to_bytes(8, "big")}),
    "a wrong hash in the end": ("done", lambda made: {**made, "new_nonce_hash1": bytes(16)}),
    "the end with another nonce": ("done", lambda made: {**made, "nonce": bytes(16)}),
}


@pytest.mark.parametrize("what", HOSTILE)
async def test_a_server_that_breaks_the_rules(server, ours, what):
    place, change = HOSTILE[what]
    server.quirks.exchange.change = lambda name, value: change(value) if name == place else value
    with pytest.raises(AssertionError, match=UNSAFE):
        await ours.run(first(connection_retries=1))
    assert not any(one.user_id and server.sessions for one in server.keys.values())
    assert not server.world.calls


@pytest.mark.parametrize("count", [16, 32, 160])
async def test_too_much_padding_behind_the_answer(server, ours, count):
    server.quirks.exchange.change = lambda _name, value: value
    server.quirks.exchange.answer_padding = count + 4
    with pytest.raises(AssertionError, match=UNSAFE):
        await ours.run(first(connection_retries=1))


async def test_server_dh_params_fail_with_a_wrong_hash(server, ours):
    server.quirks.exchange.params_fail = 100
    server.quirks.exchange.params_fail_right = False
    with pytest.raises(AssertionError, match=UNSAFE):
        await ours.run(first(connection_retries=1))


# The prime that servers use allows these.
@pytest.mark.parametrize("g", [3, 4, 7])
async def test_every_generator(server, player, g):
    server.quirks.exchange.g = g
    assert await player.run(first()) == 100


@pytest.mark.parametrize("pq", [(3, 5), (2147483647, 2147483629), (65537, 65539), (1000003, 1000033)])
async def test_small_and_large_factors(server, ours, pq):
    server.quirks.exchange.pq = pq
    assert await ours.run(first()) == 100


STEPS = ["req_pq_multi", "req_DH_params", "set_client_DH_params"]


@pytest.mark.parametrize("how", ["reset", "close", "-404", "silence"])
@pytest.mark.parametrize("step", STEPS)
async def test_trouble_while_the_key_is_made(server, ours, step, how):
    _trouble(server, step, how)
    assert await ours.run(first(timeout=1)) == 100


@pytest.mark.parametrize("step", STEPS)
async def test_a_reset_while_the_key_is_made_by_telethon_1_45(server, anchor, step):
    # It raises what happened otherwise, without a second attempt; when nothing comes it waits for ever.
    _trouble(server, step, "reset")
    assert await anchor.run(first(timeout=1)) == 100


async def test_too_many_connections_while_the_key_is_made(server, ours):
    _trouble(server, "req_DH_params", "-429")
    assert await ours.run(first(timeout=1), 40) == 100
    assert server.accepted == 2


def _trouble(server, step, how):
    left = [1]

    async def trouble(connection, request):
        if request["_"] != step or not left:
            return False
        left.pop()
        if how == "reset":
            connection.reset()
        elif how == "close":
            connection.close()
        elif how != "silence":
            await connection.error(int(how))
        return True

    server.on_plain = trouble


async def test_a_temporary_key(server, ours):
    """The permanent key vouches for it; a forgotten one is made anew, and the permanent one stays."""
    assert await ours.run(first(use_pfs=True)) == 100
    temporary = [key for key in server.keys.values() if key.is_temporary]
    assert [key.bound_to for key in temporary] == [key for key in server.keys.values() if not key.is_temporary]
    assert all(key.auth is temporary[0].auth for key in (session.key for session in server.live()))
    del server.keys[temporary[0].auth.id]
    assert await ours.run("return (await c(me))[0].id", 30) == 100
    assert len([key for key in server.keys.values() if not key.is_temporary]) == 1


async def test_a_wrong_data_centre_ends_at_once(server, ours):
    async def wrong(connection, _request):
        await connection.error(-444)
        return True

    server.on_plain = wrong
    with pytest.raises(AssertionError, match="444"):
        await ours.run(first())
    assert server.accepted <= 2


async def test_the_first_bytes_come_one_by_one(server, player):
    server.quirks.piece = 1
    server.quirks.pause = 0.0005
    assert await player.run(first(), 40) == 100


@pytest.mark.parametrize("hours", [-48, -6, -1, 1, 6, 48])
async def test_a_clock_that_is_hours_off(server, player, hours):
    server.quirks.clock = hours * 3600
    assert await player.run(first()) == 100


async def test_a_client_that_came_back_with_a_key_and_another_clock(server, player):
    """The key of an old session: nothing but the message layer tells the time."""
    await player.run(
        "c = make()\nawait c.connect()\nawait c(me)\ns = StringSession.save(c.session)\nawait c.disconnect()"
    )
    for hours in (-30, 30):
        server.quirks.clock = hours * 3600
        server.sessions.clear()
        code = (
            "d = make(StringSession(s))\nawait d.connect()\none = await d(me)\nawait d.disconnect()\nreturn one[0].id"
        )
        assert await player.run(code, 8) == 100


async def test_updates_before_the_key(server, ours):
    """They are not taken for what they are; the attempt fails, and the next one succeeds."""
    server.quirks.exchange.junk = [dump(server.world.around()), dump({"_": "updatesTooLong"})]

    async def only_once(connection, _request):
        if server.exchanges:
            server.quirks.exchange.junk = []
        return False

    server.on_plain = only_once
    assert await ours.run(first()) == 100


async def test_many_clients_at_once(server, player):
    value = await player.run(
        """
        async def one():
            c = make()
            await c.connect()
            found = (await c(me))[0].id
            await c.disconnect()
            return found
        return await asyncio.gather(*(one() for _ in range(12)))
    """,
        40,
    )
    assert value == [100] * 12
    await asyncio.sleep(0.1)
    assert not server.connections
